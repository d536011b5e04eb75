//! What the router answers when a request is not as described.

use std::fmt;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Reply;

/// A request that is refused, with the reason: answered as JSON of the form `{"detail": "..."}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// What is wrong with the request and what was expected.
    pub detail: String,
}

impl Problem {
    /// A problem with any status.
    pub fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Self {
            status,
            detail: detail.into(),
        }
    }

    /// 400: something in the request is not as described.
    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    /// 400: the operation needs a body and none was sent.
    #[must_use]
    pub fn missing_body() -> Self {
        Self::bad_request("the request body is missing")
    }

    /// 404: nothing is served under this path.
    #[must_use]
    pub fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "no operation has this path")
    }

    /// 405: the path is served, but not with this method.
    #[must_use]
    pub fn method_not_allowed() -> Self {
        Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            "no operation of this path has this method",
        )
    }

    /// 415: the operation does not take this media type.
    #[must_use]
    pub fn unsupported_media_type(found: Option<&str>, expected: &[&str]) -> Self {
        let expected: Vec<_> = expected.iter().map(|name| format!("`{name}`")).collect();
        let expected = expected.join(" or ");
        let detail = match found {
            Some(found) => {
                format!("the media type `{found}` is not supported: expected {expected}")
            }
            None => format!("the request body has no `Content-Type`: expected {expected}"),
        };
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.detail)
    }
}

impl std::error::Error for Problem {}

impl From<Problem> for Reply {
    fn from(problem: Problem) -> Self {
        Self::detail(problem.status, &problem.detail)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        Reply::from(self).into_response()
    }
}

/// Answers 404 as JSON: a fallback for routers that are put together by hand.
pub async fn not_found() -> Problem {
    Problem::not_found()
}
