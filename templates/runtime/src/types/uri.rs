//! A URI.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A URI, kept exactly as it was written.
///
/// Nothing is normalised, and reading one never fails on a malformed text: services send relative references, empty
/// texts and templates where they promise a URI. [`check`](Self::check) tells, on demand, whether it is absolute;
/// whatever goes on to fetch it should parse it with a library made for that. Equality, order and hash are those of
/// the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Uri(String);

impl Uri {
    /// Keeps a text, whether or not it is a URI. `text.parse()` is the strict way.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The scheme, as written and without its colon; `None` when the text has none (a relative reference).
    #[must_use]
    pub fn scheme(&self) -> Option<&str> {
        let (scheme, _) = self.0.split_once(':')?;
        let mut characters = scheme.chars();
        let first_is_letter = characters.next()?.is_ascii_alphabetic();
        let rest_fits =
            characters.all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'));
        (first_is_letter && rest_fits).then_some(scheme)
    }

    /// Checks that the text starts with a scheme, says something after it, and holds neither blanks nor control
    /// characters. The parts after the scheme are not taken apart.
    ///
    /// # Errors
    /// One of the three is not so.
    pub fn check(&self) -> Result<(), UriError> {
        let says_something = self
            .scheme()
            .is_some_and(|scheme| self.0.len() > scheme.len() + 1);
        if says_something
            && !self
                .0
                .contains(|c: char| c.is_whitespace() || c.is_control())
        {
            Ok(())
        } else {
            Err(UriError(self.0.clone()))
        }
    }

    /// The text as it was received, or as it will be sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Uri {
    type Err = UriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let uri = Self::from_text(text);
        uri.check().map(|()| uri)
    }
}

impl fmt::Display for Uri {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text is no absolute URI.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UriError(String);

impl fmt::Display for UriError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not an absolute URI", self.0)
    }
}

impl std::error::Error for UriError {}
