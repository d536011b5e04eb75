//! Bytes as base64 text.

use std::fmt;

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use super::text_type::text_type;

/// The standard alphabet. Padding is written, and optional when decoded.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

text_type! {
    /// Bytes as base64 text, which is kept exactly as it was received. Equality, order and hash are those of the text.
    #[derive(PartialOrd, Ord)]
    Base64, Base64Error
}

impl Base64 {
    /// Encodes bytes in the standard alphabet, padded.
    pub fn encode(bytes: impl AsRef<[u8]>) -> Self {
        Self(ENGINE.encode(bytes))
    }

    /// The bytes. The alphabet may be the standard or the URL-safe one, with or without padding; white space is skipped.
    ///
    /// # Errors
    /// The text is not base64.
    pub fn decode(&self) -> Result<Vec<u8>, Base64Error> {
        let mut standard = self.0.replace('-', "+").replace('_', "/");
        standard.retain(|character| !character.is_ascii_whitespace());
        ENGINE.decode(standard).map_err(Base64Error)
    }

    fn check(&self) -> Result<(), Base64Error> {
        self.decode().map(drop)
    }
}

impl fmt::Debug for Base64 {
    /// Shows only the length.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Base64({} characters)", self.0.len())
    }
}

/// A text is not base64. The message does not contain the text, which may be secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the text is not base64: {0}")]
pub struct Base64Error(base64::DecodeError);
