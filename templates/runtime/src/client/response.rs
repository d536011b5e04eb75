//! Responses.

use std::str::FromStr;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use url::Url;

use super::error::{DecodeError, DecodeSource, Error};
use super::header::Header;
use super::link::{self, Link};
use super::rate_limit::RateLimit;
use crate::operation::Operation;

/// A successful response.
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
    /// The decoded body alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The same response with a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> ApiResponse<U> {
        ApiResponse {
            value: convert(self.value),
            status: self.status,
            headers: self.headers,
        }
    }

    /// The value of a header; `None` where it is absent or of another type.
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// The rate limit in the headers.
    pub fn rate_limit(&self) -> Option<RateLimit> {
        RateLimit::from_headers(&self.headers)
    }

    /// The links of the `Link` headers.
    pub fn links(&self) -> Vec<Link> {
        link::from_headers(&self.headers)
    }
}

/// A successful response whose body is not decoded yet.
#[derive(Debug)]
#[non_exhaustive]
pub struct Received {
    /// The operation.
    pub operation: &'static Operation,
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
        let value = match serde_json::from_slice(&self.body) {
            // An empty body reads as `null`, for types that have a value for it.
            Err(error) if self.body.is_empty() => {
                serde_json::from_slice(b"null").map_err(|_| error)
            }
            decoded => decoded,
        };
        self.with(value.map_err(DecodeSource::Json))
    }

    /// Returns the body as text.
    ///
    /// # Errors
    /// [`Error::Decode`] where it is not UTF-8.
    pub fn text(self) -> Result<ApiResponse<String>, Error> {
        let text = std::str::from_utf8(&self.body).map(str::to_owned);
        self.with(text.map_err(DecodeSource::Text))
    }

    /// Returns the body.
    ///
    /// # Errors
    /// None: it is a `Result` like those of the other decoders.
    pub fn bytes(self) -> Result<ApiResponse<Bytes>, Error> {
        let body = self.body.clone();
        self.with(Ok(body))
    }

    /// Ignores the body.
    ///
    /// # Errors
    /// None: it is a `Result` like those of the other decoders.
    pub fn empty(self) -> Result<ApiResponse<()>, Error> {
        self.with(Ok(()))
    }

    fn with<T>(self, value: Result<T, DecodeSource>) -> Result<ApiResponse<T>, Error> {
        let (status, headers) = (self.status, self.headers);
        match value {
            Ok(value) => Ok(ApiResponse {
                value,
                status,
                headers,
            }),
            Err(source) => Err(Error::Decode(Box::new(DecodeError {
                operation: self.operation.id,
                status,
                headers,
                body: self.body,
                source,
            }))),
        }
    }
}
