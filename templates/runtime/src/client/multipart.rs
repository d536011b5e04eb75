//! Bodies of `multipart/form-data` (RFC 7578).

use serde::Serialize;
use serde_json::Value;

use super::body::{Body, Piece};
use super::parameter;
use super::retry::entropy;
use crate::types::Binary;
use crate::types::media_type::essence;

/// The parts of a multipart body.
#[derive(Debug, Default)]
#[must_use]
pub struct Form {
    parts: Vec<(String, Binary)>,
    pub(super) failure: Option<serde_json::Error>,
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a property: a scalar as a text part, a list as one part per item, an object as a JSON part, and `null` not at
    /// all. With a media type, the value is one part.
    pub fn value<T: Serialize + ?Sized>(mut self, name: &str, content_type: Option<&str>, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.add(name, content_type, &value),
            Err(error) => self.failure = self.failure.or(Some(error)),
        }
        self
    }

    /// Adds a file. Its media type is that of the file, else `content_type`, else `application/octet-stream`.
    pub fn file(mut self, name: &str, content_type: Option<&str>, file: &Binary) -> Self {
        // Most servers read a part without a file name as text.
        let file_name = file.file_name().unwrap_or(name);
        let content_type = file.content_type().or(content_type).unwrap_or("application/octet-stream");
        let part = file.clone().with_file_name(quoted(file_name));
        self.parts.push((quoted(name), part.with_content_type(content_type)));
        self
    }

    /// Adds several files under one name.
    pub fn files<'a>(
        self,
        name: &str,
        content_type: Option<&str>,
        files: impl IntoIterator<Item = &'a Binary>,
    ) -> Self {
        files.into_iter().fold(self, |form, file| form.file(name, content_type, file))
    }

    /// Adds all properties of an object.
    pub fn object<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => {
                for (name, value) in value.as_object().into_iter().flatten() {
                    self.add(name, None, value);
                }
            }
            Err(error) => self.failure = self.failure.or(Some(error)),
        }
        self
    }

    fn add(&mut self, name: &str, content_type: Option<&str>, value: &Value) {
        let (default, text) = match value {
            Value::Null => return,
            Value::Array(items) if content_type.is_none() => {
                return items.iter().for_each(|item| self.add(name, None, item));
            }
            Value::Array(_) | Value::Object(_) => (Some("application/json"), value.to_string()),
            scalar => (None, parameter::text(scalar).into_owned()),
        };
        let mut part = Binary::new(text);
        if let Some(content_type) = content_type.or(default) {
            part = part.with_content_type(content_type);
        }
        self.parts.push((quoted(name), part));
    }

    /// Writes it as a body.
    pub(super) fn into_body(self) -> Body {
        let boundary = format!("{:016x}{:016x}", entropy(), entropy());
        let mut pieces = Vec::with_capacity(2 * self.parts.len() + 1);
        let mut text = String::new();
        for (name, part) in &self.parts {
            text += &format!("--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"");
            if let Some(file_name) = part.file_name() {
                text += &format!("; filename=\"{file_name}\"");
            }
            // An invalid media type is left out.
            if let Some(media_type) = part.content_type().filter(|text| is_valid(text)) {
                text += &format!("\r\nContent-Type: {media_type}");
            }
            text += "\r\n\r\n";
            pieces.push(Piece::Bytes(std::mem::take(&mut text).into()));
            pieces.push(part.into());
            text.push_str("\r\n");
        }
        text += &format!("--{boundary}--\r\n");
        pieces.push(Piece::Bytes(text.into()));
        Body::new(format!("multipart/form-data; boundary={boundary}"), pieces)
    }
}

/// Whether a text can be the value of `Content-Type`.
fn is_valid(media_type: &str) -> bool {
    let is_token = |text: &str| {
        let is_part = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$&-^_.+*".contains(&byte);
        !text.is_empty() && text.bytes().all(is_part)
    };
    essence(media_type).split_once('/').is_some_and(|(ty, subtype)| is_token(ty) && is_token(subtype))
        && media_type.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// Encodes the characters that would end the quotes or the line, in the way of browsers.
fn quoted(text: &str) -> String {
    text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}
