//! Bodies of `multipart/form-data` (RFC 7578).

use http::header::CONTENT_TYPE;
use reqwest::{RequestBuilder, multipart};
use serde::Serialize;
use serde_json::Value;

use super::parameter;
use crate::types::Binary;

/// The parts of a multipart body. They are in memory, so that the body can be sent again.
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
    pub fn value<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        content_type: Option<&str>,
        value: &T,
    ) -> Self {
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
        let content_type = file.content_type().or(content_type);
        let content_type = content_type.unwrap_or("application/octet-stream");
        let file = Binary::new(file.bytes().clone()).with_file_name(quoted(file_name));
        self.parts
            .push((quoted(name), file.with_content_type(content_type)));
        self
    }

    /// Adds several files under one name.
    pub fn files<'a>(
        self,
        name: &str,
        content_type: Option<&str>,
        files: impl IntoIterator<Item = &'a Binary>,
    ) -> Self {
        let files = files.into_iter();
        files.fold(self, |form, file| form.file(name, content_type, file))
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

    /// Sets it as the body of a request.
    pub(super) fn attach(&self, request: RequestBuilder) -> RequestBuilder {
        // The names are already encoded, in the way of browsers.
        let mut form = multipart::Form::new().percent_encode_noop();
        if self.parts.is_empty() {
            // `reqwest` leaves out the last boundary, without which servers read the body as incomplete.
            let boundary = form.boundary();
            let media_type = format!("multipart/form-data; boundary={boundary}");
            let request = request.header(CONTENT_TYPE, media_type);
            return request.body(format!("--{boundary}--\r\n"));
        }
        for (name, part) in &self.parts {
            form = form.part(name.clone(), to_reqwest(part));
        }
        request.multipart(form)
    }
}

/// A part; an invalid media type is left out.
fn to_reqwest(part: &Binary) -> multipart::Part {
    let untyped = || {
        let bytes = multipart::Part::stream(part.bytes().clone());
        match part.file_name() {
            Some(file_name) => bytes.file_name(file_name.to_owned()),
            None => bytes,
        }
    };
    let typed = part
        .content_type()
        .map(|media_type| untyped().mime_str(media_type));
    typed.and_then(Result::ok).unwrap_or_else(untyped)
}

/// Encodes the characters that would end the quotes or the line, in the way of browsers.
fn quoted(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
