//! Replies: status, headers and body.

use std::fmt;

use axum::body::{Body, Bytes};
use axum::http::header::{CONTENT_TYPE, Entry, HeaderName, HeaderValue, SET_COOKIE};
use axum::http::{Extensions, HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;

use super::Problem;
use crate::header::Header;
#[cfg(feature = "deviations")]
use crate::header::content_type;
use crate::operation::{Operation, is_without_body};
use crate::types::Binary;
use crate::types::promises::Promises;
#[cfg(feature = "deviations")]
use crate::types::{Deviation, DeviationKind, Deviations, contracts, media_type};

/// A status by its number; 500 for an invalid one.
pub fn status(code: u16) -> StatusCode {
    StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The media type of most bodies.
const JSON: &str = "application/json";

static JSON_VALUE: HeaderValue = HeaderValue::from_static(JSON);

/// A response that is ready to be sent. `Debug` shows neither the body nor cookies.
pub struct Reply(Box<Response<ReplyBody>>);

enum ReplyBody {
    Bytes(Bytes),
    Stream(Body),
}

/// A response of an operation.
pub trait IntoReply: Sized {
    /// Writes status, headers and body.
    fn into_reply(self) -> Reply;

    /// The reply with a header of the description, one of [`headers`](crate::headers); without it, if the text of the value
    /// cannot be in a header.
    fn with<T: ToString>(self, header: &Header<T>, value: &T) -> Reply {
        match header.write(value) {
            Some((name, value)) => self.with_header(name, value),
            None => self.into_reply(),
        }
    }

    /// The reply with another header, such as `Link`; `into()` converts it back into the operation's response.
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
        let mut response = Response::new(body);
        *response.status_mut() = status;
        let content_type = content_type.map(|text| match text {
            JSON => Ok(JSON_VALUE.clone()),
            other => HeaderValue::from_str(other),
        });
        if let Some(Ok(value)) = content_type {
            response.headers_mut().insert(CONTENT_TYPE, value);
        }
        Self(Box::new(response))
    }

    /// A response without a body.
    pub fn empty(status: StatusCode) -> Self {
        Self::new(status, None, ReplyBody::Bytes(Bytes::new()))
    }

    /// A body of `application/json`. A model without a value that the description promises, and what cannot be serialized,
    /// is a 500 that says so, which [`Service::reject`](super::Service::reject) writes where a method returns it. The value is
    /// not copied: it may be behind an `Arc`. JSON that is there already is [`bytes`](Self::bytes), which promise nothing.
    pub fn json<T: Serialize + ?Sized>(status: StatusCode, value: &T) -> Self {
        Self::json_as(status, JSON, value)
    }

    /// A JSON body of another media type, such as `application/problem+json`.
    pub fn json_as<T: Serialize + ?Sized>(status: StatusCode, content_type: &str, value: &T) -> Self {
        let promises = Promises::of_response();
        match promises.kept(serde_json::to_vec(value)) {
            Ok(bytes) => Self::bytes(status, content_type, bytes.into()),
            Err(detail) => Self::broken(detail),
        }
    }

    /// A 500 in the place of a response that cannot be sent, with its [`problem`](Self::problem).
    fn broken(detail: String) -> Self {
        let problem = Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
        let mut reply = Self::from(problem.clone());
        reply.0.extensions_mut().insert(problem);
        reply
    }

    /// Takes the reason why a response could not be sent.
    pub(super) fn problem(&mut self) -> Option<Problem> {
        self.0.extensions_mut().remove()
    }

    /// `{"detail": "..."}`, the body of the router's own responses.
    pub fn detail(status: StatusCode, detail: &str) -> Self {
        let body = serde_json::json!({ "detail": detail }).to_string();
        Self::bytes(status, JSON, body.into())
    }

    /// A body of text: the text of a value that is a string in JSON, or else its JSON.
    pub fn text<T: Serialize + ?Sized>(status: StatusCode, content_type: &str, value: &T) -> Self {
        let promises = Promises::of_response();
        match promises.kept(serde_json::to_value(value)) {
            Ok(Value::String(text)) => Self::bytes(status, content_type, text.into()),
            Ok(other) => Self::bytes(status, content_type, other.to_string().into()),
            Err(detail) => Self::broken(detail),
        }
    }

    /// A file: in memory, or with the feature `client-without-tls` a path, a reader or a stream, which is read while it is
    /// sent. Its media type is that of the file, else `content_type`, unless that is a range such as `image/*`.
    pub fn binary(status: StatusCode, content_type: &str, file: Binary) -> Self {
        let default = Some(content_type).filter(|media_type| !media_type.contains('*'));
        let content_type = file.content_type().or(default);
        let content_type = content_type.unwrap_or("application/octet-stream");
        #[cfg(feature = "client-without-tls")]
        if let Some(source) = file.source.clone() {
            let opening = async move { source.open().await.map(|(chunks, _)| chunks) };
            let chunks = futures_util::stream::once(opening);
            let chunks = futures_util::TryStreamExt::try_flatten(chunks);
            return Self::stream(status, content_type, Body::from_stream(chunks));
        }
        Self::bytes(status, content_type, file.bytes().clone())
    }

    /// A body of bytes.
    pub fn bytes(status: StatusCode, content_type: &str, bytes: Bytes) -> Self {
        Self::new(status, Some(content_type), ReplyBody::Bytes(bytes))
    }

    /// A body that is produced while it is sent, such as server-sent events.
    pub fn stream(status: StatusCode, content_type: &str, body: Body) -> Self {
        Self::new(status, Some(content_type), ReplyBody::Stream(body))
    }

    /// Uses the room of the extensions of the request again, since a response has one, too.
    pub(super) fn with_room(mut self, mut extensions: Extensions) -> Self {
        extensions.clear();
        *self.0.extensions_mut() = extensions;
        self
    }

    /// The reply with another body.
    #[cfg(feature = "fake")]
    pub(super) fn with_body(mut self, body: Body) -> Self {
        *self.0.body_mut() = ReplyBody::Stream(body);
        self
    }

    /// The reply, unless its JSON lacks what the description promises, or has another type. What models promise is known
    /// already; this is for values that come from no model.
    ///
    /// # Errors
    /// 500 that names what is lacking.
    #[cfg(feature = "deviations")]
    pub(super) fn checked(self, operation: &Operation) -> Result<Self, Problem> {
        let is_broken =
            |one: &Deviation| matches!(one.kind, DeviationKind::Absent | DeviationKind::Null | DeviationKind::Type);
        let found = self.deviations(operation).into_iter().filter(is_broken);
        let broken: Vec<_> = found.map(|one| one.to_string()).collect();
        if broken.is_empty() {
            return Ok(self);
        }
        let detail = format!("the response is not as described: {}", broken.join("; "));
        Err(Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail))
    }

    /// How the body differs from the description, which is known of the preferred media type alone.
    #[cfg(feature = "deviations")]
    pub(super) fn deviations(&self, operation: &Operation) -> Deviations {
        let code = self.status().as_u16();
        let response = operation.response(code);
        let is_promised = |found: &str| {
            media_type::is_json(found) && response.is_none_or(|one| media_type::matches(one.media_type, found))
        };
        let body = self.body().filter(|_| content_type(self.headers()).is_some_and(is_promised));
        body.map(|body| contracts::compare(operation.id, code, body)).unwrap_or_default()
    }

    /// Nothing is known of what is promised.
    #[cfg(not(feature = "deviations"))]
    pub(super) fn checked(self, _: &Operation) -> Result<Self, Problem> {
        Ok(self)
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.0.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.0.headers()
    }

    /// The headers, mutably.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.0.headers_mut()
    }

    /// The bytes of the body; `None` where it is produced while it is sent.
    pub fn body(&self) -> Option<&Bytes> {
        match self.0.body() {
            ReplyBody::Bytes(bytes) => Some(bytes),
            ReplyBody::Stream(_) => None,
        }
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut headers = self.headers().clone();
        if let Entry::Occupied(mut cookies) = headers.entry(SET_COOKIE) {
            cookies.iter_mut().for_each(|cookie| cookie.set_sensitive(true));
        }
        formatter
            .debug_struct("Reply")
            .field("status", &self.status())
            .field("headers", &headers)
            .finish_non_exhaustive()
    }
}

impl IntoResponse for Reply {
    fn into_response(self) -> Response {
        let (mut parts, body) = self.0.into_parts();
        let status = parts.status;
        let body = match body {
            _ if is_without_body(status.as_u16()) => {
                parts.headers.remove(CONTENT_TYPE);
                Body::empty()
            }
            ReplyBody::Bytes(bytes) if bytes.is_empty() => Body::empty(),
            ReplyBody::Bytes(bytes) => Body::from(bytes),
            ReplyBody::Stream(stream) => stream,
        };
        Response::from_parts(parts, body)
    }
}
