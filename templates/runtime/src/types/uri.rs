//! A URI.

use super::Change;
use super::text_type::text_type;

text_type! {
    /// A URI, kept exactly as it was received: services also send relative references, empty texts and templates.
    ///
    /// Parse it with a URL library before you fetch it. Equality, order and hash are those of the text.
    #[derive(Debug, PartialOrd, Ord)]
    Uri, UriError
}

impl Uri {
    /// The scheme without its colon; `None` for a relative reference.
    pub fn scheme(&self) -> Option<&str> {
        let (scheme, _) = self.0.split_once(':')?;
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
        let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(fits);
        is_scheme.then_some(scheme)
    }

    /// Checks that the text is a scheme and something after it, without white space and control characters.
    ///
    /// # Errors
    /// The text is not an absolute URI.
    pub fn check(&self) -> Result<(), UriError> {
        let scheme = self.scheme();
        let is_absolute = scheme.is_some_and(|scheme| self.0.len() > scheme.len() + 1);
        let is_forbidden = |c: char| c.is_whitespace() || c.is_control();
        if is_absolute && !self.0.contains(is_forbidden) { Ok(()) } else { Err(UriError(self.0.clone())) }
    }
}

// Any text is one, unlike a date or a time, so that a literal needs no ceremony.
impl<T: Into<String>> From<T> for Uri {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl From<&str> for Change<Uri> {
    fn from(text: &str) -> Self {
        Self::Set(text.into())
    }
}

/// A text is not an absolute URI.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an absolute URI")]
pub struct UriError(String);
