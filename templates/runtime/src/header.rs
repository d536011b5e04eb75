//! Typed headers of responses.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};

/// The `Content-Type`, with its parameters; `None` where it is absent or no text.
pub(crate) fn content_type(headers: &HeaderMap) -> Option<&str> {
    headers.get(CONTENT_TYPE)?.to_str().ok()
}

/// A header of the description, with the type of its value.
pub struct Header<T>(&'static str, PhantomData<fn() -> T>);

impl<T> Header<T> {
    /// A header with this name, in lower case.
    pub const fn new(name: &'static str) -> Self {
        Self(name, PhantomData)
    }

    /// The name in lower case.
    pub const fn name(&self) -> &'static str {
        self.0
    }
}

impl<T: FromStr> Header<T> {
    /// The value in these headers; `None` where it is absent or of another type.
    pub fn read(&self, headers: &HeaderMap) -> Option<T> {
        headers.get(self.0)?.to_str().ok()?.trim().parse().ok()
    }
}

impl<T: ToString> Header<T> {
    /// The header with a value; `None` where the name or the text of the value cannot be one.
    pub fn write(&self, value: &T) -> Option<(HeaderName, HeaderValue)> {
        let name = HeaderName::from_bytes(self.0.as_bytes()).ok()?;
        Some((name, HeaderValue::from_str(&value.to_string()).ok()?))
    }
}

impl<T> fmt::Debug for Header<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Header").field(&self.0).finish()
    }
}
