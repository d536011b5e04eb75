//! Checked Rust identifiers.

use std::fmt;

use serde::{Serialize, Serializer};

/// An ASCII identifier that `syn` accepts, raw (`r#type`) where it has to be.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// The text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a Rust identifier")]
pub struct NameError(String);

impl Name {
    /// Checks an identifier. A keyword is made raw where Rust allows that.
    ///
    /// # Errors
    /// The text is not ASCII, or is no identifier even when raw (`self`, `Self`, `super`, `crate`, `_`, digits first, …).
    pub fn new(text: &str) -> Result<Self, NameError> {
        let plain = text.strip_prefix("r#").unwrap_or(text);
        if !plain.is_ascii() || plain == "_" {
            return Err(NameError(text.to_owned()));
        }
        // `syn` does not know the keyword that edition 2024 reserved.
        if plain != "gen" && syn::parse_str::<syn::Ident>(plain).is_ok() {
            return Ok(Self(plain.to_owned()));
        }
        let raw = format!("r#{plain}");
        match syn::parse_str::<syn::Ident>(&raw) {
            Ok(_) => Ok(Self(raw)),
            Err(_) => Err(NameError(text.to_owned())),
        }
    }

    /// A name for what has none.
    #[must_use]
    pub fn placeholder() -> Self {
        Self("unnamed".to_owned())
    }

    /// The identifier as it stands in Rust source, `r#` included.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier without `r#`: for file names and for building longer names.
    #[must_use]
    pub fn plain(&self) -> &str {
        self.0.strip_prefix("r#").unwrap_or(&self.0)
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Name;

    #[test]
    fn keywords_become_raw_and_what_cannot_be_raw_is_refused() {
        assert_eq!(Name::new("type").unwrap().as_str(), "r#type");
        assert_eq!(Name::new("gen").unwrap().as_str(), "r#gen");
        assert_eq!(Name::new("issue_id").unwrap().as_str(), "issue_id");
        for refused in [
            "self", "Self", "crate", "super", "_", "", "1st", "a-b", "naïve", "a b",
        ] {
            assert!(Name::new(refused).is_err(), "{refused}");
        }
    }
}
