//! Octets that travel as base64 text.

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde::{Deserialize, Serialize};

/// The standard alphabet; padding is written, and optional when read.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Octets that travel as base64 text, which is kept exactly as it was written.
///
/// Reading one never fails on a malformed text; [`decode`](Self::decode) does. Equality, order and hash are those of
/// the text.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Base64(String);

impl Base64 {
    /// Encodes octets in the standard alphabet, padded.
    #[must_use]
    pub fn encode(octets: impl AsRef<[u8]>) -> Self {
        Self(ENGINE.encode(octets))
    }

    /// Keeps a text, whether or not it is base64. `text.parse()` is the strict way.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The octets. The standard and the URL-safe alphabet are understood, with or without padding; white space
    /// (line breaks of MIME) is skipped.
    ///
    /// # Errors
    /// The text is not base64.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        let standard: String = self
            .0
            .chars()
            .filter(|character| !character.is_ascii_whitespace())
            .map(|character| match character {
                '-' => '+',
                '_' => '/',
                other => other,
            })
            .collect();
        ENGINE
            .decode(standard)
            .map_err(|error| Base64Error(error.to_string()))
    }

    /// The text as it was received, or as it will be sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Base64 {
    /// Shows the length only: such texts are long and say nothing to a reader.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Base64({} characters)", self.0.len())
    }
}

impl From<Vec<u8>> for Base64 {
    fn from(octets: Vec<u8>) -> Self {
        Self::encode(octets)
    }
}

impl From<&[u8]> for Base64 {
    fn from(octets: &[u8]) -> Self {
        Self::encode(octets)
    }
}

impl FromStr for Base64 {
    type Err = Base64Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let base64 = Self::from_text(text);
        base64.decode().map(|_| base64)
    }
}

impl fmt::Display for Base64 {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text is not base64. It does not repeat the text, which may be long or secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base64Error(String);

impl fmt::Display for Base64Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "the text is not base64: {}", self.0)
    }
}

impl std::error::Error for Base64Error {}
