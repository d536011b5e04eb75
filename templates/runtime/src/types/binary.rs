//! Raw octets: a file to upload or a downloaded body.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// Raw octets, with a file name and a media type when they are known: a file part of a multipart body, or a whole body
/// that is not text.
///
/// JSON cannot hold octets, and an API that puts them there says how (see [`Base64`](super::Base64)). Where a
/// description calls for octets in JSON all the same, they are written as a string if they are UTF-8 and refused
/// otherwise: an encoding made up here would be decoded by nobody. File name and media type do not appear in JSON.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Binary {
    octets: Bytes,
    file_name: Option<String>,
    content_type: Option<String>,
}

impl Binary {
    /// Wraps octets.
    #[must_use]
    pub fn new(octets: impl Into<Bytes>) -> Self {
        Self {
            octets: octets.into(),
            file_name: None,
            content_type: None,
        }
    }

    /// Names the file.
    #[must_use]
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// States the media type, such as `image/png`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The octets. Cloning them is cheap.
    #[must_use]
    pub fn octets(&self) -> &Bytes {
        &self.octets
    }

    /// The octets alone.
    #[must_use]
    pub fn into_octets(self) -> Bytes {
        self.octets
    }

    /// The file name, exactly as the other side states it: it may hold path separators. Never use it as a path.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The media type.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }
}

impl fmt::Debug for Binary {
    /// Shows the number of octets in place of them.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Binary")
            .field("octets", &self.octets.len())
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

impl AsRef<[u8]> for Binary {
    fn as_ref(&self) -> &[u8] {
        &self.octets
    }
}

impl From<Bytes> for Binary {
    fn from(octets: Bytes) -> Self {
        Self::new(octets)
    }
}

impl From<Vec<u8>> for Binary {
    fn from(octets: Vec<u8>) -> Self {
        Self::new(octets)
    }
}

impl From<String> for Binary {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&'static str> for Binary {
    fn from(text: &'static str) -> Self {
        Self::new(text)
    }
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&self.octets);
        }
        match std::str::from_utf8(&self.octets) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Err(ser::Error::custom(
                "octets that are not UTF-8 cannot be written as text",
            )),
        }
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_byte_buf(OctetsVisitor)
    }
}

/// Takes octets or text, owned where the format has them so.
struct OctetsVisitor;

impl de::Visitor<'_> for OctetsVisitor {
    type Value = Binary;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("octets or a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Binary, E> {
        Ok(Binary::new(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Binary, E> {
        Ok(Binary::new(text))
    }

    fn visit_bytes<E: de::Error>(self, octets: &[u8]) -> Result<Binary, E> {
        Ok(Binary::new(octets.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, octets: Vec<u8>) -> Result<Binary, E> {
        Ok(Binary::new(octets))
    }
}
