//! What is sent back: status, headers and body.

use std::fmt;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use crate::types::Binary;

/// A status by its number; 500 for what is no status.
#[must_use]
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// A response that is ready to be sent.
#[derive(Debug)]
pub struct Reply(Box<Content>);

struct Content {
    status: StatusCode,
    headers: HeaderMap,
    body: ReplyBody,
}

enum ReplyBody {
    Bytes(Bytes),
    Stream(Body),
}

impl fmt::Debug for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let body = match &self.body {
            ReplyBody::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            ReplyBody::Stream(_) => "<stream>".to_owned(),
        };
        formatter
            .debug_struct("Content")
            .field("status", &self.status)
            .field("headers", &self.headers)
            .field("body", &body)
            .finish()
    }
}

/// What a response of an operation becomes.
pub trait IntoReply: Sized {
    /// Writes status, headers and body.
    fn into_reply(self) -> Reply;

    /// The reply with a header added: the way to send a header, such as `Link`, along with a described response.
    /// The result converts back into the operation's response by `into()`.
    fn with_header(self, name: HeaderName, value: HeaderValue) -> Reply {
        let mut reply = self.into_reply();
        reply.headers_mut().append(name, value);
        reply
    }
}

impl IntoReply for Reply {
    fn into_reply(self) -> Reply {
        self
    }
}

impl Reply {
    fn new(status: StatusCode, content_type: Option<&str>, body: ReplyBody) -> Self {
        let mut headers = HeaderMap::new();
        if let Some(value) = content_type.and_then(|text| HeaderValue::from_str(text).ok()) {
            headers.insert(CONTENT_TYPE, value);
        }
        Self(Box::new(Content {
            status,
            headers,
            body,
        }))
    }

    /// A response without a body.
    #[must_use]
    pub fn empty(status: StatusCode) -> Self {
        Self::new(status, None, ReplyBody::Bytes(Bytes::new()))
    }

    /// A JSON body as `application/json`. A value that cannot be written as JSON is answered by a 500.
    pub fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Self {
        Self::json_as(status, "application/json", value)
    }

    /// A JSON body under another media type, such as `application/problem+json`.
    pub fn json_as<T: Serialize + ?Sized>(
        status: StatusCode,
        content_type: &str,
        value: &T,
    ) -> Self {
        match serde_json::to_vec(value) {
            Ok(bytes) => Self::bytes(status, content_type, bytes.into()),
            Err(_) => Self::detail(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the response could not be written as JSON",
            ),
        }
    }

    /// `{"detail": "..."}`, which is how the router itself reports what is wrong.
    #[must_use]
    pub fn detail(status: StatusCode, detail: &str) -> Self {
        let body = serde_json::json!({ "detail": detail }).to_string();
        Self::bytes(status, "application/json", body.into())
    }

    /// 501, naming the operation: what the default of every method answers.
    #[must_use]
    pub fn not_implemented(operation_id: &str) -> Self {
        Self::detail(
            StatusCode::NOT_IMPLEMENTED,
            &format!("the operation `{operation_id}` is not implemented"),
        )
    }

    /// A body of text: that of a value which JSON writes as a string, and the JSON of any other.
    pub fn text<T: Serialize + ?Sized>(status: StatusCode, content_type: &str, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::String(text)) => Self::bytes(status, content_type, text.into()),
            Ok(other) => Self::bytes(status, content_type, other.to_string().into()),
            Err(_) => Self::detail(
                StatusCode::INTERNAL_SERVER_ERROR,
                "the response could not be written as text",
            ),
        }
    }

    /// A file. Its own media type goes before the described one, which may be a range such as `image/*`.
    #[must_use]
    pub fn binary(status: StatusCode, content_type: &str, file: Binary) -> Self {
        let described = match content_type.contains('*') {
            true => "application/octet-stream",
            false => content_type,
        };
        let content_type = file.content_type().unwrap_or(described).to_owned();
        Self::bytes(status, &content_type, file.into_octets())
    }

    /// A body of octets.
    #[must_use]
    pub fn bytes(status: StatusCode, content_type: &str, bytes: Bytes) -> Self {
        Self::new(status, Some(content_type), ReplyBody::Bytes(bytes))
    }

    /// A body that is sent as it is produced, such as server-sent events.
    #[must_use]
    pub fn stream(status: StatusCode, content_type: &str, body: Body) -> Self {
        Self::new(status, Some(content_type), ReplyBody::Stream(body))
    }

    /// The status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The headers, to change them.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        &mut self.0.headers
    }

    /// The octets of the body; `None` where it is produced while it is sent.
    #[must_use]
    pub fn body(&self) -> Option<&Bytes> {
        match &self.0.body {
            ReplyBody::Bytes(bytes) => Some(bytes),
            ReplyBody::Stream(_) => None,
        }
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let Content {
            status,
            mut headers,
            body,
        } = *self.0;
        // HTTP gives these statuses no body, whatever a description says of one.
        let bodiless = status.is_informational()
            || status == StatusCode::NO_CONTENT
            || status == StatusCode::NOT_MODIFIED;
        let body = match body {
            _ if bodiless => {
                headers.remove(CONTENT_TYPE);
                Body::empty()
            }
            ReplyBody::Bytes(bytes) => Body::from(bytes),
            ReplyBody::Stream(stream) => stream,
        };
        let mut response = Response::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        response
    }
}
