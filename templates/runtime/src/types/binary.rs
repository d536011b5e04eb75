//! Raw bytes: a file to upload or a downloaded body.

use std::fmt;

use bytes::Bytes;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};

/// Raw bytes with an optional file name and media type: a file of a multipart body, or a whole body that is not text. What
/// is sent can also be a path, a reader or a stream, which is read while it is sent.
///
/// In JSON, they are a string, without file name and media type; bytes that are not UTF-8 cannot be written.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Binary {
    bytes: Bytes,
    pub(crate) file_name: Option<String>,
    content_type: Option<String>,
    /// What is sent in place of the bytes.
    #[cfg(feature = "client-without-tls")]
    pub(crate) source: Option<super::source::Source>,
}

impl Binary {
    /// Wraps bytes.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { bytes: bytes.into(), ..Self::default() }
    }

    /// Replaces the bytes.
    pub(crate) fn with_bytes(mut self, bytes: Bytes) -> Self {
        self.bytes = bytes;
        self
    }

    /// Sets the file name.
    #[must_use]
    pub fn with_file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Sets the media type, such as `image/png`.
    #[must_use]
    pub fn with_content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The bytes; empty where they are read when they are sent. Cloning them is cheap.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The bytes, without file name and media type; empty where they are read when they are sent.
    pub fn into_bytes(self) -> Bytes {
        self.bytes
    }

    /// The file name. Never use one that you received as a path: it may contain path separators.
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The media type.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// What the bytes are read from when they are sent.
    fn read_later(&self) -> Option<&dyn fmt::Debug> {
        #[cfg(feature = "client-without-tls")]
        return self.source.as_ref().map(|source| source as &dyn fmt::Debug);
        #[cfg(not(feature = "client-without-tls"))]
        None
    }
}

impl fmt::Debug for Binary {
    /// Shows the number of bytes, not the bytes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Binary");
        match self.read_later() {
            Some(source) => shown.field("source", source),
            None => shown.field("bytes", &self.bytes.len()),
        };
        shown.field("file_name", &self.file_name).field("content_type", &self.content_type).finish()
    }
}

impl AsRef<[u8]> for Binary {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl<T: Into<Bytes>> From<T> for Binary {
    fn from(bytes: T) -> Self {
        Self::new(bytes)
    }
}

impl Serialize for Binary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.read_later().is_some() {
            return Err(ser::Error::custom("a file that is read when it is sent has no bytes yet"));
        }
        if !serializer.is_human_readable() {
            return serializer.serialize_bytes(&self.bytes);
        }
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => serializer.serialize_str(text),
            Err(_) => Err(ser::Error::custom("bytes that are not UTF-8 are not JSON")),
        }
    }
}

impl<'de> Deserialize<'de> for Binary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_newtype_struct(FILE, FileVisitor)
    }
}

/// The name of the newtype that a [`Binary`] is deserialized as: from bytes, or from a sequence of bytes, file name and
/// media type.
pub(crate) const FILE: &str = "Binary";

struct FileVisitor;

impl<'de> de::Visitor<'de> for FileVisitor {
    type Value = Binary;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a file")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, bytes: D) -> Result<Binary, D::Error> {
        bytes.deserialize_byte_buf(BytesVisitor)
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, mut parts: A) -> Result<Binary, A::Error> {
        let mut file: Binary = parts.next_element()?.unwrap_or_default();
        file.file_name = parts.next_element()?.unwrap_or_default();
        file.content_type = parts.next_element()?.unwrap_or_default();
        Ok(file)
    }
}

/// Reads bytes or text, without a copy of owned bytes.
struct BytesVisitor;

impl de::Visitor<'_> for BytesVisitor {
    type Value = Binary;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("bytes or a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Binary, E> {
        Ok(Binary::new(text.to_owned()))
    }

    fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Binary, E> {
        Ok(Binary::new(bytes.to_vec()))
    }

    fn visit_byte_buf<E: de::Error>(self, bytes: Vec<u8>) -> Result<Binary, E> {
        Ok(Binary::new(bytes))
    }
}
