//! Request bodies.

#![allow(dead_code, reason = "an API uses what it needs")]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::error::Error;

use axum::RequestExt;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::Multipart as Reader;
use axum::extract::{DefaultBodyLimit, FromRequest, Request};
use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_json::error::Category;

use super::fields::{self, Field};
use super::upload::{self, Multipart, Upload};
use super::{Problem, RequestContext, Validation, percent, style, validation};
use crate::header::content_type;
use crate::operation::{Content, Operation, ValueType};
use crate::types::media_type::{essence, is_json, matches};

/// The body of a request: as a whole, unless it is one of bytes or of parts.
#[derive(Debug, Default)]
pub struct Payload {
    /// The content of the media type, with its position; `None` without a media type.
    content: Option<(usize, &'static Content)>,
    format: Format,
    bytes: Bytes,
    /// What the method reads.
    arriving: RefCell<Option<Arriving>>,
    /// The body as JSON, where it is checked against a schema; the method reads it.
    pub(super) value: RefCell<Option<Value>>,
}

/// A body that has not been read.
#[derive(Debug)]
enum Arriving {
    Bytes(Upload),
    Form(upload::Arriving),
}

/// What a body is parsed as, before it is read as its type.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Format {
    Json,
    Form,
    Multipart,
    #[default]
    Other,
}

impl Format {
    fn of(media_type: &str) -> Self {
        if is_json(media_type) {
            Self::Json
        } else if is(media_type, "application/x-www-form-urlencoded") {
            Self::Form
        } else if is(media_type, "multipart/form-data") {
            Self::Multipart
        } else {
            Self::Other
        }
    }
}

impl Payload {
    /// Reads a body, if the operation has one, up to the limit of [`axum::extract::DefaultBodyLimit`].
    pub(crate) async fn read(context: &mut RequestContext, body: Body, limits: Validation) -> Result<Self, Problem> {
        let mut payload = Self::default();
        let contents = context.operation().body;
        if contents.is_empty() {
            return Ok(payload);
        }
        let mut encodings = context.headers.get_all(CONTENT_ENCODING).iter();
        if encodings.any(|encoding| !encoding.is_empty() && !encoding.as_bytes().eq_ignore_ascii_case(b"identity")) {
            let detail = "a `Content-Encoding` of the request body is not supported";
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, detail));
        }
        let body = limited(context, body, limits.body_limit)?;
        let Some(found) = content_type(&context.headers) else {
            payload.bytes = whole(body).await?;
            return Ok(payload);
        };
        // Before anything is read.
        let (index, content) = offered(contents, found)?;
        payload.content = Some((index, content));
        match Format::of(found) {
            _ if content.is_stream => {
                let upload = Upload::arriving(found, body);
                payload.arriving = Some(Arriving::Bytes(upload)).into();
            }
            Format::Multipart => {
                let form = upload::Arriving {
                    reader: reader(found, body).await?,
                    operation: context.operation(),
                    content,
                    limits,
                    parts: 0,
                };
                payload.arriving = Some(Arriving::Form(form)).into();
            }
            format => {
                payload.format = format;
                payload.bytes = whole(body).await?;
            }
        }
        Ok(payload)
    }

    /// Reads what a method would read, within its limits.
    ///
    /// # Errors
    /// 413 where it is longer than allowed, 408 where it is too slow, 400 where it breaks off or is no form.
    #[cfg(feature = "fake")]
    pub(super) async fn skip(&mut self) -> Result<(), Problem> {
        match self.arriving.get_mut().take() {
            Some(Arriving::Bytes(upload)) => while upload.chunk().await?.is_some() {},
            Some(Arriving::Form(mut form)) => {
                while let Some(mut part) = form.part().await? {
                    while part.chunk().await?.is_some() {}
                }
            }
            None => {}
        }
        Ok(())
    }

    /// The content that the body is, with its position; `None` without a body.
    ///
    /// # Errors
    /// 415 where the operation does not have its media type.
    pub(crate) fn choose(&self, contents: &'static [Content]) -> Result<Option<(usize, &'static Content)>, Problem> {
        match self.content {
            None if self.bytes.is_empty() => Ok(None),
            None => Err(Problem::unsupported_media_type(None, contents)),
            Some(chosen) => {
                let is_there = !self.bytes.is_empty() || self.format != Format::Json;
                Ok(is_there.then_some(chosen))
            }
        }
    }

    /// Parses a body of JSON or of a form, to check it.
    ///
    /// # Errors
    /// 400 where it is not JSON or not a form, 415 where the operation does not have its media type.
    pub(super) fn parse(&mut self, contents: &'static [Content]) -> Result<(), Problem> {
        let Some((_, content)) = self.choose(contents)? else {
            return Ok(());
        };
        match self.format {
            Format::Json => {
                let value = serde_json::from_slice(&self.bytes).map_err(unexpected)?;
                self.value = Some(value).into();
            }
            Format::Form => self.value = Some(self.form(content)?).into(),
            Format::Multipart | Format::Other => {}
        }
        Ok(())
    }

    /// A JSON body.
    ///
    /// # Errors
    /// 400, with line and column, where it is not JSON or not of this type.
    pub(crate) fn json<T: DeserializeOwned>(&self, _: &Content) -> Result<T, Problem> {
        match self.value.take() {
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
    /// 400 where there is none.
    pub(crate) fn bytes(&self, _: &Content) -> Result<Upload, Problem> {
        match self.arriving.take() {
            Some(Arriving::Bytes(upload)) => Ok(upload),
            _ => Err(Problem::missing_body()),
        }
    }

    /// A body of `application/x-www-form-urlencoded`.
    ///
    /// # Errors
    /// 400 where a field is missing or of another type.
    pub(crate) fn form<T: DeserializeOwned>(&self, content: &Content) -> Result<T, Problem> {
        let text =
            std::str::from_utf8(&self.bytes).map_err(|_| Problem::bad_request("request body: expected UTF-8"))?;
        let type_of = |name| content.value.property(name).unwrap_or(ValueType::Any);
        let mut pairs = percent::pairs(text);
        let mut properties = Vec::new();
        for &(name, style, explode) in content.styles {
            let value = style::property(name, style, explode, type_of(name), &mut pairs).transpose();
            properties.extend(value.map(|value| (name.to_owned(), value.map(Field::Value))));
        }
        let mut fields: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for pair in &pairs {
            fields.entry(&pair.key).or_default().push(&pair.raw);
        }
        for (name, values) in fields {
            let value = style::values_of(&type_of(name), &values);
            properties.push((name.to_owned(), value.map(Field::Value)));
        }
        let (form, violations) = fields::object(properties, None);
        validation::refused(&Operation::EMPTY, violations)?;
        T::deserialize(form).map_err(unexpected)
    }

    /// A body of `multipart/form-data`.
    ///
    /// # Errors
    /// 400 where there is none.
    pub(crate) fn multipart<T>(&self, _: &Content) -> Result<Multipart<T>, Problem> {
        match self.arriving.take() {
            Some(Arriving::Form(form)) => Ok(Multipart::arriving(form)),
            _ => Err(Problem::missing_body()),
        }
    }
}

/// The content of a media type, with its position.
fn offered(contents: &'static [Content], found: &str) -> Result<(usize, &'static Content), Problem> {
    let mut numbered = contents.iter().enumerate();
    let content = numbered.find(|(_, content)| matches(content.media_type, found));
    content.ok_or_else(|| {
        let found = essence(found).to_ascii_lowercase();
        Problem::unsupported_media_type(Some(&found), contents)
    })
}

/// A body up to the limit of the operation, or else of [`DefaultBodyLimit`], which is an extension.
///
/// # Errors
/// 413 where its length is declared: before the client is told to continue, and without a byte of it.
fn limited(context: &mut RequestContext, body: Body, limit: Option<usize>) -> Result<Body, Problem> {
    let length = |value: &HeaderValue| value.to_str().ok()?.parse::<u64>().ok();
    let declared = match body.size_hint().lower() {
        // A layer may hide what the body knows.
        0 => context.headers.get(CONTENT_LENGTH).and_then(length).unwrap_or_default(),
        known => known,
    };
    let body = match limit {
        Some(limit) => Body::new(Limited::new(body, limit)),
        None => {
            let mut request = Request::new(body);
            *request.extensions_mut() = std::mem::take(&mut context.extensions);
            let (parts, body) = request.with_limited_body().into_parts();
            context.extensions = parts.extensions;
            body
        }
    };
    match body.size_hint().upper() {
        Some(most) if declared > most => Err(too_long()),
        _ => Ok(body),
    }
}

fn too_long() -> Problem {
    Problem::too_large("the request body is longer than allowed")
}

/// A body that cannot be read to its end: it is too long, is too slow, or breaks off.
pub(super) fn unread(error: &(dyn Error + 'static)) -> Problem {
    let causes = std::iter::successors(Some(error), |&error| error.source());
    if causes.clone().any(|error| error.is::<LengthLimitError>()) {
        return too_long();
    }
    #[cfg(feature = "serve")]
    if causes.clone().any(|error| error.is::<tower_http::timeout::TimeoutError>()) {
        return Problem::too_slow("the request body took too long");
    }
    let last = causes.last().map(ToString::to_string).unwrap_or_default();
    Problem::bad_request(format!("the request body cannot be read: {last}"))
}

/// The whole of a body.
pub(super) async fn whole(body: Body) -> Result<Bytes, Problem> {
    let collected = body.collect().await;
    Ok(collected.map_err(|error| unread(&error))?.to_bytes())
}

/// Text without any encoding.
pub(super) fn plain(ty: &ValueType, bytes: &Bytes) -> Result<Value, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "UTF-8".to_owned())?;
    ty.value(text)
}

/// A reader of the parts of a body.
async fn reader(content_type: &str, body: Body) -> Result<Reader, Problem> {
    let mut request = Request::new(body);
    let content_type = HeaderValue::from_str(content_type).ok();
    let content_type = content_type.map(|value| (CONTENT_TYPE, value));
    request.headers_mut().extend(content_type);
    // It is limited already.
    DefaultBodyLimit::disable().apply(&mut request);
    let reader = Reader::from_request(request, &()).await;
    reader.map_err(|error| Problem::new(error.status(), error.body_text()))
}

/// Whether a media type is this one.
fn is(media_type: &str, known: &str) -> bool {
    essence(media_type).eq_ignore_ascii_case(known)
}

/// A body that cannot be read. What serde says of a value is in the words of Rust.
pub(super) fn unexpected(error: serde_json::Error) -> Problem {
    Problem::bad_request(match error.classify() {
        Category::Data if error.line() == 0 => "request body: not as described".to_owned(),
        Category::Data => format!("request body: not as described at line {} column {}", error.line(), error.column()),
        _ => format!("request body: {error}"),
    })
}
