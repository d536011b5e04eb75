//! The body of a request.

use std::collections::BTreeMap;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequest, Multipart, Request};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::fields::Field;
use super::{Problem, Shape, Style, percent, style};
use crate::types::Binary;

/// The body of a request, read to its end.
#[derive(Debug, Default)]
pub struct Payload {
    media_type: Option<String>,
    bytes: Bytes,
    parts: Vec<FormPart>,
}

/// A part of a multipart body.
#[derive(Debug)]
struct FormPart {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    is_json: bool,
    bytes: Bytes,
}

impl Payload {
    /// Reads a body to its end, or to the limit that [`axum::extract::DefaultBodyLimit`] sets.
    pub(super) async fn read(parts: &Parts, body: Body) -> Result<Self, Problem> {
        let media_type = parts
            .headers
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .map(essence);
        let request = Request::from_parts(parts.clone(), body);
        let mut payload = Self {
            media_type,
            ..Self::default()
        };
        if payload.media_type.as_deref() == Some("multipart/form-data") {
            payload.parts = form_parts(request).await?;
        } else {
            payload.bytes = Bytes::from_request(request, &())
                .await
                .map_err(|error| Problem::new(error.status(), error.body_text()))?;
        }
        Ok(payload)
    }

    /// Which of the operation's media types the body has, by position; `None` when there is no body.
    ///
    /// # Errors
    /// 415 when it is none of them.
    pub fn choose(&self, media_types: &[&str]) -> Result<Option<usize>, Problem> {
        let Some(found) = self.media_type.as_deref() else {
            return match self.bytes.is_empty() {
                true => Ok(None),
                false => Err(Problem::unsupported_media_type(None, media_types)),
            };
        };
        let position = media_types
            .iter()
            .position(|expected| matches(expected, found))
            .ok_or_else(|| Problem::unsupported_media_type(Some(found), media_types))?;
        if self.bytes.is_empty() && is_json(found) {
            return Ok(None);
        }
        Ok(Some(position))
    }

    /// A JSON body.
    ///
    /// # Errors
    /// 400, with line and column, when it is no JSON or not the JSON that was expected.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        serde_json::from_slice(&self.bytes).map_err(unexpected)
    }

    /// A body of text.
    ///
    /// # Errors
    /// 400 when it is no UTF-8 or not the text that was expected.
    pub fn text<T: DeserializeOwned>(&self, shape: &Shape) -> Result<T, Problem> {
        let value = plain(shape, &self.bytes).map_err(|expected| {
            Problem::bad_request(format!("request body: expected {expected}"))
        })?;
        serde_json::from_value(value).map_err(unexpected)
    }

    /// A body of octets.
    ///
    /// # Errors
    /// 400 when the operation cannot take octets.
    pub fn octets<T: DeserializeOwned>(&self) -> Result<T, Problem> {
        T::deserialize(Field::Octets(self.bytes.clone())).map_err(unexpected)
    }

    /// A body of `application/x-www-form-urlencoded`. `styles` says of the properties that are not written like all
    /// others in which style they are, and whether lists and objects are one pair an item.
    ///
    /// # Errors
    /// 400 when a field is not what was expected, or one is missing.
    pub fn form<T: DeserializeOwned>(
        &self,
        shape: &Shape,
        styles: &[(&'static str, Style, bool)],
    ) -> Result<T, Problem> {
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| Problem::bad_request("request body: expected UTF-8"))?;
        let mut pairs = percent::pairs(text);
        let mut properties = Vec::new();
        for &(name, style, explode) in styles {
            let shape = shape.property(name).unwrap_or(Shape::Any);
            let value = style::property(name, style, explode, shape, &mut pairs)
                .map_err(|expected| unexpected_field(name, &expected))?;
            properties.extend(value.map(|value| (name.to_owned(), Field::Value(value))));
        }
        let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in &pairs {
            fields.entry(&pair.key).or_default().push(&pair.raw);
        }
        for (name, values) in fields {
            let shape = shape.property(name).unwrap_or(Shape::Any);
            let value = style::field(&shape, &values)
                .map_err(|expected| unexpected_field(name, &expected))?;
            properties.push((name.to_owned(), Field::Value(value)));
        }
        T::deserialize(Field::Object(properties)).map_err(unexpected)
    }

    /// A body of `multipart/form-data`.
    ///
    /// # Errors
    /// 400 when a part is not what was expected, or one is missing.
    pub fn multipart<T: DeserializeOwned>(&self, shape: &Shape) -> Result<T, Problem> {
        let mut fields: BTreeMap<&str, Vec<&FormPart>> = BTreeMap::new();
        for part in &self.parts {
            fields.entry(&part.name).or_default().push(part);
        }
        let mut properties = Vec::with_capacity(fields.len());
        for (name, parts) in fields {
            let shape = shape.property(name).unwrap_or(Shape::Any);
            let field = part_values(&shape, &parts)
                .map_err(|expected| unexpected_field(name, &expected))?;
            properties.push((name.to_owned(), field));
        }
        T::deserialize(Field::Object(properties)).map_err(unexpected)
    }

    /// Adds file names and media types, which no model can read by itself, to the files of a part's name.
    pub fn describe_files<'a>(&self, name: &str, files: impl IntoIterator<Item = &'a mut Binary>) {
        let parts = self.parts.iter().filter(|part| part.name == name);
        for (part, file) in parts.zip(files) {
            part.describe(file);
        }
    }
}

impl FormPart {
    fn describe(&self, file: &mut Binary) {
        let mut described = std::mem::take(file);
        if let Some(file_name) = &self.file_name {
            described = described.with_file_name(file_name);
        }
        if let Some(content_type) = &self.content_type {
            described = described.with_content_type(content_type);
        }
        *file = described;
    }
}

/// The parts of one name.
fn part_values(shape: &Shape, parts: &[&FormPart]) -> Result<Field, String> {
    let item = shape.list_item();
    match (parts, item) {
        // A whole list may also be one part of JSON.
        ([part], _) if part.is_json && !shape.is_octets() => part_value(shape, part),
        (parts, Some(item)) if shape.is_list() || parts.len() > 1 => parts
            .iter()
            .map(|part| part_value(&item, part))
            .collect::<Result<_, _>>()
            .map(Field::List),
        ([part], _) => part_value(shape, part),
        _ => Err(format!("one value, found {}", parts.len())),
    }
}

fn part_value(shape: &Shape, part: &FormPart) -> Result<Field, String> {
    if shape.is_octets() {
        return Ok(Field::Octets(part.bytes.clone()));
    }
    if part.is_json {
        return serde_json::from_slice(&part.bytes)
            .map(Field::Value)
            .map_err(|error| format!("JSON: {error}"));
    }
    plain(shape, &part.bytes).map(Field::Value)
}

/// Text that is not encoded any further.
fn plain(shape: &Shape, bytes: &Bytes) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "UTF-8".to_owned())?;
    shape.value(text)
}

async fn form_parts(request: Request) -> Result<Vec<FormPart>, Problem> {
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|error| Problem::new(error.status(), error.body_text()))?;
    let mut parts = Vec::new();
    loop {
        let next = multipart.next_field().await;
        let field = match next {
            Ok(Some(field)) => field,
            Ok(None) => return Ok(parts),
            Err(error) => return Err(Problem::new(error.status(), error.body_text())),
        };
        let name = field.name().unwrap_or_default().to_owned();
        let file_name = field.file_name().map(str::to_owned);
        let content_type = field.content_type().map(str::to_owned);
        let is_json = content_type
            .as_deref()
            .is_some_and(|value| is_json(&essence(value)));
        let bytes = field
            .bytes()
            .await
            .map_err(|error| Problem::new(error.status(), error.body_text()))?;
        parts.push(FormPart {
            name,
            file_name,
            content_type,
            is_json,
            bytes,
        });
    }
}

/// A media type without its parameters, in lower case.
fn essence(content_type: &str) -> String {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// JSON itself and every `+json`.
fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence.ends_with("+json")
}

/// Whether a media type is the expected one, which may be a range such as `image/*`.
fn matches(expected: &str, found: &str) -> bool {
    let expected = essence(expected);
    match expected.strip_suffix('*') {
        Some("*/") => true,
        Some(prefix) => found.starts_with(prefix),
        None => expected == found,
    }
}

fn unexpected(error: serde_json::Error) -> Problem {
    Problem::bad_request(format!("request body: {error}"))
}

fn unexpected_field(name: &str, expected: &str) -> Problem {
    Problem::bad_request(format!("request body: field `{name}`: expected {expected}"))
}
