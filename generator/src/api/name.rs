//! Checked Rust identifiers.

use std::fmt;

use serde::{Serialize, Serializer};

/// An ASCII identifier that Rust accepts. A keyword is a raw identifier: `r#type`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(String);

/// The text is not an identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a Rust identifier")]
pub struct NameError(String);

/// Words that cannot be identifiers, not even raw ones.
const NEVER: [&str; 5] = ["_", "self", "Self", "super", "crate"];

/// The keywords of Rust in edition 2024, including reserved ones, sorted.
const KEYWORDS: [&str; 48] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];

impl Name {
    /// Checks an identifier. A keyword becomes a raw identifier.
    ///
    /// # Errors
    /// If the text is not ASCII, or not an identifier even when raw: `self`, `Self`, `super`, `crate`, `_`, a digit first.
    pub fn new(text: &str) -> Result<Self, NameError> {
        let plain = text.strip_prefix("r#").unwrap_or(text);
        let is_word = plain
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
        let begins = plain.starts_with(|first: char| !first.is_ascii_digit());
        if !is_word || !begins || NEVER.contains(&plain) {
            return Err(NameError(text.to_owned()));
        }
        if KEYWORDS.binary_search(&plain).is_ok() {
            Ok(Self(format!("r#{plain}")))
        } else {
            Ok(Self(plain.to_owned()))
        }
    }

    /// The name of an item whose name is not yet decided, or that needs none.
    #[must_use]
    pub fn placeholder() -> Self {
        Self("unnamed".to_owned())
    }

    /// The identifier as Rust source has it, with `r#`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier without `r#`, for file names and for longer names.
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
#[allow(clippy::disallowed_methods, reason = "the tests compare with `syn`")]
mod tests {
    use super::{KEYWORDS, NEVER, Name};

    #[test]
    fn keywords_become_raw_and_other_texts_are_refused() {
        assert_eq!(Name::new("type").unwrap().as_str(), "r#type");
        assert_eq!(Name::new("gen").unwrap().as_str(), "r#gen");
        assert_eq!(Name::new("issue_id").unwrap().as_str(), "issue_id");
        for refused in [
            "self", "Self", "crate", "super", "_", "", "1st", "a-b", "naïve", "a b",
        ] {
            assert!(Name::new(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn syn_agrees_on_identifiers() {
        let is_identifier = |text: &str| syn::parse_str::<syn::Ident>(text).is_ok();
        for never in NEVER {
            assert!(!is_identifier(never) && !is_identifier(&format!("r#{never}")));
        }
        assert!(KEYWORDS.is_sorted());
        for keyword in KEYWORDS {
            // It does not know the keyword that edition 2024 reserved.
            assert!(keyword == "gen" || !is_identifier(keyword), "{keyword}");
            assert!(is_identifier(Name::new(keyword).unwrap().as_str()));
        }
        for contextual in [
            "auto", "default", "dyn_", "raw", "safe", "union", "a1", "_a",
        ] {
            assert_eq!(Name::new(contextual).unwrap().as_str(), contextual);
            assert!(is_identifier(contextual), "{contextual}");
        }
    }
}
