//! Responses.

use std::str::FromStr;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::Error as _;

use super::builder::Strictness;
use super::error::{DecodeError, DecodeSource, Error};
use super::header::Header;
use super::link::{self, Link};
use super::observe::debug_fields;
use super::pagination;
use super::rate_limit::RateLimit;
use crate::operation::Operation;
use crate::types::decode::{Failure, decode_into};
use crate::types::{Decode, Deviations};

/// A successful response. `Debug` shows neither headers nor body: print `value` to see what was decoded.
#[derive(Clone)]
#[non_exhaustive]
pub struct ApiResponse<T> {
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body as it was received, with what the type of `value` does not know; empty for a stream.
    pub body: Bytes,
    /// Where a value of the body has another type than described, and was converted or left out.
    pub deviations: Deviations,
    pub(super) operation: &'static Operation,
}

debug_fields!(ApiResponse<T>, it => status: it.status, bytes: it.body.len(), deviations: it.deviations.total());

impl<T> ApiResponse<T> {
    /// The decoded body alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same response with a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> ApiResponse<U> {
        let Self { value, status, headers, body, deviations, operation } = self;
        ApiResponse { value: convert(value), status, headers, body, deviations, operation }
    }

    /// The value of a header; `None` where it is absent or of another type.
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// The rate limit in the headers.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// The position of the next page of a list, for [`Pages::resume`](super::Pages::resume); `None` on the last page.
    pub fn next_cursor(&self) -> Option<String> {
        pagination::next_cursor(&self.headers, self.operation)
    }

    /// The links of the `Link` headers.
    pub fn links(&self) -> Vec<Link> {
        link::from_headers(&self.headers)
    }
}

/// How a body is decoded.
#[derive(Debug, Clone, Copy)]
pub(super) struct Decoding {
    pub(super) memory: usize,
    pub(super) strictness: Strictness,
}

/// A successful response whose body is not decoded yet. `Debug` shows neither headers nor body.
#[non_exhaustive]
pub struct Received {
    /// The operation.
    pub operation: &'static Operation,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
    pub(super) decoding: Decoding,
    /// Why the body is not what was asked for.
    pub(super) unexpected: Option<Box<Error>>,
}

debug_fields!(Received, it => operation: it.operation.id, status: it.status);

impl Received {
    /// Decodes a JSON body, as [`decode`](crate::decode) does.
    ///
    /// # Errors
    /// [`Error::Decode`] where it is not JSON or not of the outermost kind of the type, and with [`Strictness::Strict`]
    /// where a value has another type than described. [`Error::TooLarge`]. [`Error::UnexpectedBody`] where the body is a part
    /// of the whole or encoded, and the request has not asked for that.
    pub fn json<T: Decode>(mut self) -> Result<ApiResponse<T>, Error> {
        self.check()?;
        let memory = self.decoding.memory;
        let mut place = None;
        let decoded = match decode_into(&mut place, &self.body, memory) {
            // An empty body reads as `null`, for types that have a value for it.
            Err(failure) if self.body.is_empty() => decode_into(&mut place, b"null", memory).map_err(|_| failure),
            decoded => decoded,
        };
        let source = match decoded {
            Ok(deviations) => match deviations.first() {
                Some(first) if self.decoding.strictness == Strictness::Strict => DecodeSource::Deviation(first.clone()),
                _ => match place {
                    Some(value) => return Ok(self.response(value, deviations)),
                    None => DecodeSource::Json(serde_json::Error::custom("nothing was read")),
                },
            },
            Err(Failure::Json(error)) => DecodeSource::Json(without_value(error)),
            Err(Failure::Memory) => return Err(Error::TooLarge { operation: self.operation.id, limit: memory }),
        };
        Err(self.failed(source))
    }

    fn response<T>(self, value: T, deviations: Deviations) -> ApiResponse<T> {
        let Self { operation, status, headers, body, .. } = self;
        ApiResponse { value, status, headers, body, deviations, operation }
    }

    /// Returns the body as text.
    ///
    /// # Errors
    /// [`Error::Decode`] where it is not UTF-8. [`Error::UnexpectedBody`].
    pub fn text(mut self) -> Result<ApiResponse<String>, Error> {
        self.check()?;
        match std::str::from_utf8(&self.body).map(str::to_owned) {
            Ok(text) => self.with(text),
            Err(error) => Err(self.failed(DecodeSource::Text(error))),
        }
    }

    /// Returns the body.
    ///
    /// # Errors
    /// [`Error::UnexpectedBody`], like that of the other decoders.
    pub fn bytes(mut self) -> Result<ApiResponse<Bytes>, Error> {
        self.check()?;
        let body = self.body.clone();
        self.with(body)
    }

    /// Ignores the body.
    ///
    /// # Errors
    /// None: it is a `Result` like those of the other decoders.
    pub fn empty(self) -> Result<ApiResponse<()>, Error> {
        self.with(())
    }

    /// Returns why the body is not what was asked for.
    pub(super) fn check(&mut self) -> Result<(), Error> {
        self.unexpected.take().map_or(Ok(()), |error| Err(*error))
    }

    pub(super) fn with<T>(self, value: T) -> Result<ApiResponse<T>, Error> {
        Ok(self.response(value, Deviations::default()))
    }

    fn failed(self, source: DecodeSource) -> Error {
        let Self { operation, status, headers, body, .. } = self;
        Error::Decode(Box::new(DecodeError { operation: operation.id, status, headers, body, source }))
    }
}

/// The error without a text of the body: `invalid type: string "...", expected a map` becomes `invalid type: string,
/// expected a map`.
fn without_value(error: serde_json::Error) -> serde_json::Error {
    let text = error.to_string();
    match (text.find(" \""), text.rfind("\", expected")) {
        (Some(start), Some(end)) if error.is_data() && start < end => {
            let (before, after) = (text.get(..start), text.get(end + 1..));
            // Line and column are read from the text.
            serde_json::Error::custom(before.unwrap_or_default().to_owned() + after.unwrap_or_default())
        }
        _ => error,
    }
}
