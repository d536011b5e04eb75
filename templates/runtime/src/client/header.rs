//! Headers of answers by name and type.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use http::HeaderMap;

/// A header that the description names, with the type of its value.
pub struct Header<T> {
    name: &'static str,
    value: PhantomData<fn() -> T>,
}

impl<T> Header<T> {
    /// A header of this name, in lower case.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self {
            name,
            value: PhantomData,
        }
    }

    /// Its name, in lower case.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }
}

impl<T: FromStr> Header<T> {
    /// The value among these headers; `None` where it is absent, or not of the type.
    #[must_use]
    pub fn read(&self, headers: &HeaderMap) -> Option<T> {
        let text = headers.get(self.name)?.to_str().ok()?;
        text.trim().parse().ok()
    }
}

impl<T> fmt::Debug for Header<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("Header").field(&self.name).finish()
    }
}
