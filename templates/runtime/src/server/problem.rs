//! Responses to requests that are not as described.

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use serde_json::json;

use super::Reply;
use super::schema::Violation;
use crate::operation::{Content, Operation};

/// The reason why a request is rejected. The response is JSON: `{"detail": "..."}`, with `"errors"` where there are
/// [violations](Self::violations).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Problem {
    /// The status of the response.
    pub status: StatusCode,
    /// The error, and what was expected.
    pub detail: String,
    /// All that is not as described.
    pub violations: Vec<Violation>,
}

impl Problem {
    /// A problem with any status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self { status, detail: detail.into(), violations: Vec::new() }
    }

    /// 400: the request is not as described.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 400: the required body is missing.
    pub fn missing_body() -> Self {
        Self::bad_request("the request body is missing")
    }

    /// 401: the request has no credential, or one that is not valid. The router adds `WWW-Authenticate`.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, detail)
    }

    /// 403: the credential does not permit the request.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    /// 404: no operation has this path.
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no operation has this path")
    }

    /// 405: no operation of the path has this method.
    pub fn method_not_allowed() -> Self {
        let detail = "no operation of this path has this method";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, detail)
    }

    /// 501: the operation has no service, or a method that is not implemented.
    pub(super) fn not_implemented(operation: &Operation) -> Self {
        let detail = format!("the operation `{}` is not implemented", operation.id);
        Self::new(StatusCode::NOT_IMPLEMENTED, detail)
    }

    /// 408: the client was too slow.
    #[cfg(feature = "serve")]
    pub(super) fn too_slow(detail: &str) -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, detail)
    }

    /// 500: a defect of the server.
    #[cfg(feature = "serve")]
    pub(super) fn internal() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "internal server error")
    }

    /// 413: the body, or a part of it, is longer than allowed.
    pub(super) fn too_large(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, detail)
    }

    /// 415: the operation does not have this media type.
    pub(crate) fn unsupported_media_type(found: Option<&str>, expected: &[Content]) -> Self {
        let expected = expected.iter().map(|content| content.media_type);
        let expected = expected.collect::<Vec<_>>().join("` or `");
        let error = match found {
            Some(found) => format!("the media type `{found}` is not supported"),
            None => "the request body has no `Content-Type`".to_owned(),
        };
        let detail = format!("{error}: expected `{expected}`");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }
}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        if problem.violations.is_empty() {
            return Self::detail(problem.status, &problem.detail);
        }
        let body = json!({ "detail": problem.detail, "errors": problem.violations });
        Self::json(problem.status, &body)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = Reply::from(self.clone()).into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// A fallback for your own routers: responds with 404 as JSON.
pub async fn not_found() -> Problem {
    Problem::not_found()
}
