//! Bodies in `multipart/form-data` (RFC 7578).

use std::hash::{BuildHasher, RandomState};

use serde::Serialize;
use serde_json::Value;

use super::parameter;
use crate::types::Binary;

/// The parts of a multipart body. It is held in memory as a whole, so that it can be sent again.
#[derive(Debug, Default)]
#[must_use]
pub struct Form {
    parts: Vec<Part>,
    failure: Option<serde_json::Error>,
}

/// A part: its header and its octets.
#[derive(Debug)]
struct Part {
    head: String,
    octets: Vec<u8>,
}

impl Form {
    /// A form without parts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a property: a text part for a scalar, one part an item for a list, a JSON part for an object, nothing for
    /// `null`. A media type makes it one part of that type.
    pub fn value<T: Serialize + ?Sized>(
        mut self,
        name: &str,
        content_type: Option<&str>,
        value: &T,
    ) -> Self {
        match serde_json::to_value(value) {
            Ok(value) => self.add(name, content_type, &value),
            Err(error) => self.failure = self.failure.take().or(Some(error)),
        }
        self
    }

    /// Adds a file. Its own media type goes before the described one; `application/octet-stream` where there is none.
    pub fn file(mut self, name: &str, content_type: Option<&str>, file: &Binary) -> Self {
        let content_type = file.content_type().or(content_type);
        let content_type = content_type.unwrap_or("application/octet-stream");
        // A part without a file name is a text field to most servers.
        let file_name = Some(file.file_name().unwrap_or(name));
        let head = head(name, file_name, Some(content_type));
        self.parts.push(Part {
            head,
            octets: file.octets().to_vec(),
        });
        self
    }

    /// Adds several files under one name.
    pub fn files<'a>(
        mut self,
        name: &str,
        content_type: Option<&str>,
        files: impl IntoIterator<Item = &'a Binary>,
    ) -> Self {
        for file in files {
            self = self.file(name, content_type, file);
        }
        self
    }

    /// Adds all properties of an object.
    pub fn object<T: Serialize + ?Sized>(mut self, value: &T) -> Self {
        match serde_json::to_value(value) {
            Ok(Value::Object(properties)) => {
                for (name, value) in &properties {
                    self.add(name, None, value);
                }
            }
            Ok(_) => {}
            Err(error) => self.failure = self.failure.take().or(Some(error)),
        }
        self
    }

    fn add(&mut self, name: &str, content_type: Option<&str>, value: &Value) {
        match value {
            Value::Null => {}
            Value::Array(items) if content_type.is_none() => {
                for item in items {
                    self.add(name, None, item);
                }
            }
            Value::Array(_) | Value::Object(_) => {
                let head = head(name, None, content_type.or(Some("application/json")));
                self.parts.push(Part {
                    head,
                    octets: value.to_string().into_bytes(),
                });
            }
            scalar => {
                let head = head(name, None, content_type);
                self.parts.push(Part {
                    head,
                    octets: parameter::text(scalar).into_bytes(),
                });
            }
        }
    }

    /// The media type with its boundary, and the body.
    ///
    /// # Errors
    /// A property could not be written.
    pub fn encode(self) -> Result<(String, Vec<u8>), serde_json::Error> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let boundary = self.boundary();
        let mut body = Vec::new();
        for part in &self.parts {
            body.extend_from_slice(format!("--{boundary}\r\n{}\r\n", part.head).as_bytes());
            body.extend_from_slice(&part.octets);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Ok((format!("multipart/form-data; boundary={boundary}"), body))
    }

    /// A text that nobody who chose the parts' contents could know.
    fn boundary(&self) -> String {
        let random = RandomState::new();
        format!(
            "{:016x}{:016x}",
            random.hash_one(0_u8),
            random.hash_one(1_u8)
        )
    }
}

/// The header of a part.
fn head(name: &str, file_name: Option<&str>, content_type: Option<&str>) -> String {
    let mut head = format!("Content-Disposition: form-data; name=\"{}\"", quoted(name));
    if let Some(file_name) = file_name {
        head.push_str(&format!("; filename=\"{}\"", quoted(file_name)));
    }
    head.push_str("\r\n");
    if let Some(content_type) = content_type {
        let clean: String = content_type.chars().filter(|c| !c.is_control()).collect();
        head.push_str(&format!("Content-Type: {clean}\r\n"));
    }
    head
}

/// What would end the quotes or the line, encoded as browsers do.
fn quoted(text: &str) -> String {
    text.replace('"', "%22")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}
