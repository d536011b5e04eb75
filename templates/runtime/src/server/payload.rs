//! Request bodies.

#![allow(dead_code, reason = "an API uses what it needs")]

use std::collections::BTreeMap;
use std::error::Error;

use axum::body::{Body, Bytes};
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use bytes::BytesMut;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::fields::Field;
use super::{Problem, RequestContext, Validation, percent, style};
use crate::operation::{Content, ValueType};
use crate::types::Binary;
use crate::types::media_type::{essence, is_json};

/// The whole body of a request.
#[derive(Debug, Default)]
pub struct Payload {
    media_type: Option<String>,
    bytes: Bytes,
    parts: Vec<FormPart>,
    /// The body as JSON, where it is checked against a schema.
    pub(super) value: Option<Value>,
}

/// A part of a multipart body.
#[derive(Debug)]
struct FormPart {
    name: String,
    file: Binary,
}

impl FormPart {
    fn is_json(&self) -> bool {
        self.file.content_type().is_some_and(is_json)
    }
}

impl Payload {
    /// Reads a body, if the operation has one, up to the limit of [`axum::extract::DefaultBodyLimit`].
    pub(crate) async fn read(
        context: &RequestContext,
        body: Body,
        limits: Validation,
    ) -> Result<Self, Problem> {
        let mut payload = Self::default();
        let contents = context.operation().body;
        if contents.is_empty() {
            return Ok(payload);
        }
        let encoding = context.headers.get(CONTENT_ENCODING);
        if encoding.is_some_and(|encoding| encoding != "identity") {
            let detail = "a `Content-Encoding` of the request body is not supported";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let mut request = Request::new(body);
        // The limit is an extension.
        request.extensions_mut().clone_from(&context.extensions);
        if let Some(limit) = limits.body_limit {
            DefaultBodyLimit::max(limit).apply(&mut request);
        }
        if let Some(value) = context.headers.get(CONTENT_TYPE) {
            payload.media_type = value.to_str().ok().map(essence);
            request.headers_mut().insert(CONTENT_TYPE, value.clone());
        }
        // Before anything is read.
        if let Some(found) = payload.media_type.as_deref() {
            offered(contents, found)?;
        }
        if payload.media_type.as_deref() == Some("multipart/form-data") {
            payload.parts = form_parts(request, limits.part_limit).await?;
        } else {
            payload.bytes = Bytes::from_request(request, &())
                .await
                .map_err(|error| unread(error.status(), error.body_text(), &error))?;
        }
        Ok(payload)
    }

    /// The content that the body is, with its position; `None` without a body.
    ///
    /// # Errors
    /// 415 where the operation does not have its media type.
    pub(crate) fn choose(
        &self,
        contents: &'static [Content],
    ) -> Result<Option<(usize, &'static Content)>, Problem> {
        let found = self.media_type.as_deref();
        if found.is_none() && self.bytes.is_empty() {
            return Ok(None);
        }
        let found = found.ok_or_else(|| Problem::unsupported_media_type(None, contents))?;
        let chosen = offered(contents, found)?;
        Ok((!self.bytes.is_empty() || !is_json(found)).then_some(chosen))
    }

    /// Parses a body of JSON or of a form, to check it.
    ///
    /// # Errors
    /// 400 where it is not JSON or not a form, 415 where the operation does not have its media type.
    pub(super) fn parse(&mut self, contents: &'static [Content]) -> Result<(), Problem> {
        let media_type = self.media_type.as_deref().unwrap_or_default();
        let Some((_, content)) = self.choose(contents)? else {
            return Ok(());
        };
        if is_json(media_type) {
            self.value = Some(serde_json::from_slice(&self.bytes).map_err(unexpected)?);
        } else if media_type == "application/x-www-form-urlencoded" {
            self.value = Some(self.form(content)?);
        }
        Ok(())
    }

    /// A JSON body.
    ///
    /// # Errors
    /// 400, with line and column, where it is not JSON or not of this type.
    pub(crate) fn json<T: DeserializeOwned>(&self, _: &Content) -> Result<T, Problem> {
        match &self.value {
            Some(value) => T::deserialize(value).map_err(unexpected),
            None => serde_json::from_slice(&self.bytes).map_err(unexpected),
        }
    }

    /// A body of text.
    ///
    /// # Errors
    /// 400 where it is not UTF-8 or not of this type.
    pub(crate) fn text<T: DeserializeOwned>(&self, content: &Content) -> Result<T, Problem> {
        let value = plain(&content.value, &self.bytes)
            .map_err(|expected| Problem::bad_request(format!("request body: expected {expected}")));
        serde_json::from_value(value?).map_err(unexpected)
    }

    /// A body of bytes.
    ///
    /// # Errors
    /// 400 where the type cannot be read from bytes.
    pub(crate) fn bytes<T: DeserializeOwned>(&self, _: &Content) -> Result<T, Problem> {
        T::deserialize(Field::File(Binary::new(self.bytes.clone()))).map_err(unexpected)
    }

    /// A body of `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// 400 where a field is missing or of another type.
    pub(crate) fn form<T: DeserializeOwned>(&self, content: &Content) -> Result<T, Problem> {
        let text = std::str::from_utf8(&self.bytes)
            .map_err(|_| Problem::bad_request("request body: expected UTF-8"))?;
        let type_of = |name| content.value.property(name).unwrap_or(ValueType::Any);
        let mut pairs = percent::pairs(text);
        let mut properties = Vec::new();
        for &(name, style, explode) in content.styles {
            let value = style::property(name, style, explode, type_of(name), &mut pairs)
                .map_err(|expected| unexpected_field(name, &expected))?;
            properties.extend(value.map(|value| (name.to_owned(), Field::Value(value))));
        }
        let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in &pairs {
            fields.entry(&pair.key).or_default().push(&pair.raw);
        }
        for (name, values) in fields {
            let value = style::values_of(&type_of(name), &values)
                .map_err(|expected| unexpected_field(name, &expected))?;
            properties.push((name.to_owned(), Field::Value(value)));
        }
        T::deserialize(Field::Object(properties)).map_err(unexpected)
    }

    /// A body of `multipart/form-data`.
    ///
    /// # Errors
    /// 400 where a part is missing or of another type.
    pub(crate) fn multipart<T: DeserializeOwned>(&self, content: &Content) -> Result<T, Problem> {
        let mut fields: BTreeMap<&str, Vec<&FormPart>> = BTreeMap::new();
        for part in &self.parts {
            fields.entry(&part.name).or_default().push(part);
        }
        let mut properties = Vec::with_capacity(fields.len());
        for (name, parts) in fields {
            let ty = content.value.property(name).unwrap_or(ValueType::Any);
            let field =
                part_values(&ty, &parts).map_err(|expected| unexpected_field(name, &expected))?;
            properties.push((name.to_owned(), field));
        }
        T::deserialize(Field::Object(properties)).map_err(unexpected)
    }
}

/// The content of a media type, with its position.
fn offered(
    contents: &'static [Content],
    found: &str,
) -> Result<(usize, &'static Content), Problem> {
    let mut numbered = contents.iter().enumerate();
    let content = numbered.find(|(_, content)| matches(content.media_type, found));
    content.ok_or_else(|| Problem::unsupported_media_type(Some(found), contents))
}

/// A body that cannot be read to its end: it is too long, breaks off, or is too slow.
fn unread(status: StatusCode, detail: String, error: &(dyn Error + 'static)) -> Problem {
    #[cfg(feature = "serve")]
    if std::iter::successors(Some(error), |&error| error.source())
        .any(|error| error.is::<tower_http::timeout::TimeoutError>())
    {
        return Problem::too_slow("the request body took too long");
    }
    let _ = error;
    Problem::new(status, detail)
}

/// The parts of one name.
fn part_values(ty: &ValueType, parts: &[&FormPart]) -> Result<Field, String> {
    let item = ty.list_item();
    match (parts, item) {
        // A list may also be one part of JSON.
        ([part], _) if part.is_json() && !ty.is_bytes() => part_value(ty, part),
        (parts, Some(item)) if ty.is_list() || parts.len() > 1 => parts
            .iter()
            .map(|part| part_value(&item, part))
            .collect::<Result<_, _>>()
            .map(Field::List),
        ([part], _) => part_value(ty, part),
        _ => Err(format!("one value, found {}", parts.len())),
    }
}

fn part_value(ty: &ValueType, part: &FormPart) -> Result<Field, String> {
    if ty.is_bytes() {
        return Ok(Field::File(part.file.clone()));
    }
    let value = if part.is_json() {
        serde_json::from_slice(part.file.bytes()).map_err(|error| format!("JSON: {error}"))
    } else {
        plain(ty, part.file.bytes())
    };
    value.map(Field::Value)
}

/// Text without any encoding.
fn plain(ty: &ValueType, bytes: &Bytes) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "UTF-8".to_owned())?;
    ty.value(text)
}

async fn form_parts(request: Request, limit: Option<usize>) -> Result<Vec<FormPart>, Problem> {
    let mut multipart = Multipart::from_request(request, &())
        .await
        .map_err(|error| unread(error.status(), error.body_text(), &error))?;
    let mut parts = Vec::new();
    let refused = |error: MultipartError| unread(error.status(), error.body_text(), &error);
    while let Some(mut field) = multipart.next_field().await.map_err(refused)? {
        let name = field.name().unwrap_or_default().to_owned();
        let mut file = Binary::default();
        if let Some(file_name) = field.file_name() {
            file = file.with_file_name(file_name);
        }
        if let Some(content_type) = field.content_type() {
            file = file.with_content_type(content_type);
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = field.chunk().await.map_err(refused)? {
            bytes.extend_from_slice(&chunk);
            if limit.is_some_and(|limit| bytes.len() > limit) {
                let detail = format!("request body: field `{name}`: longer than allowed");
                return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, detail));
            }
        }
        let file = file.with_bytes(bytes.freeze());
        parts.push(FormPart { name, file });
    }
    Ok(parts)
}

/// Whether a media type is the expected one, or in the expected range, such as `image/*`.
fn matches(expected: &str, found: &str) -> bool {
    let expected = essence(expected);
    match expected.strip_suffix('*') {
        Some("*/") => true,
        Some(prefix) => found.starts_with(prefix),
        None => expected == found,
    }
}

/// A body that cannot be read. What serde says of a value is in the words of Rust.
fn unexpected(error: serde_json::Error) -> Problem {
    Problem::bad_request(match error.classify() {
        Category::Data if error.line() == 0 => "request body: not as described".to_owned(),
        Category::Data => format!(
            "request body: not as described at line {} column {}",
            error.line(),
            error.column()
        ),
        _ => format!("request body: {error}"),
    })
}

fn unexpected_field(name: &str, expected: &str) -> Problem {
    Problem::bad_request(format!("request body: field `{name}`: expected {expected}"))
}
