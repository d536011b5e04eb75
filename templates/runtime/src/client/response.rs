//! What a call returns.

use std::str::FromStr;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{DecodeError, DecodeSource, Error};
use super::header::Header;
use super::link::{self, Link};
use super::operation::Operation;
use super::rate_limit::RateLimit;

/// A success: its value, and what came with it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ApiResponse<T> {
    /// The decoded body.
    pub value: T,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
}

impl<T> ApiResponse<T> {
    /// The value alone.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same response with a converted value.
    #[must_use]
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> ApiResponse<U> {
        ApiResponse {
            value: convert(self.value),
            status: self.status,
            headers: self.headers,
        }
    }

    /// The value of a header; `None` where it is absent, or not of the type.
    #[must_use]
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// What the response says of the caller's rate limit.
    #[must_use]
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// The links of its `Link` headers.
    #[must_use]
    pub fn links(&self) -> Vec<Link> {
        link::from_headers(&self.headers)
    }
}

/// A success with a body that is read but not yet decoded.
#[derive(Debug)]
#[non_exhaustive]
pub struct Received {
    /// The operation that was called.
    pub operation: &'static Operation,
    /// The URL that was asked.
    pub(super) url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Received {
    /// Decodes a JSON body.
    ///
    /// # Errors
    /// [`Error::Decode`].
    pub fn json<T: DeserializeOwned>(self) -> Result<ApiResponse<T>, Error> {
        match decode(&self.body) {
            Ok(value) => Ok(self.with(value)),
            Err(source) => Err(self.undecodable(DecodeSource::Json(source))),
        }
    }

    /// Takes the body as text.
    ///
    /// # Errors
    /// [`Error::Decode`] where it is not UTF-8.
    pub fn text(self) -> Result<ApiResponse<String>, Error> {
        match std::str::from_utf8(&self.body) {
            Ok(text) => {
                let text = text.to_owned();
                Ok(self.with(text))
            }
            Err(source) => Err(self.undecodable(DecodeSource::Text(source))),
        }
    }

    /// Takes the body as it is.
    ///
    /// # Errors
    /// None; the result is one so that all decoders are alike.
    pub fn octets(self) -> Result<ApiResponse<Bytes>, Error> {
        let body = self.body.clone();
        Ok(self.with(body))
    }

    /// Ignores the body.
    ///
    /// # Errors
    /// None; the result is one so that all decoders are alike.
    pub fn empty(self) -> Result<ApiResponse<()>, Error> {
        Ok(self.with(()))
    }

    fn with<T>(self, value: T) -> ApiResponse<T> {
        ApiResponse {
            value,
            status: self.status,
            headers: self.headers,
        }
    }

    fn undecodable(self, source: DecodeSource) -> Error {
        Error::Decode(Box::new(DecodeError {
            operation: self.operation.id,
            status: self.status,
            headers: self.headers,
            body: self.body,
            source,
        }))
    }
}

/// Decodes a JSON body: the one place where all of them pass. No body at all reads as `null`, which suits types that
/// have a value for it.
fn decode<T: DeserializeOwned>(body: &[u8]) -> Result<T, serde_json::Error> {
    match serde_json::from_slice(body) {
        Err(error) if body.is_empty() => serde_json::from_slice(b"null").map_err(|_| error),
        decoded => decoded,
    }
}
