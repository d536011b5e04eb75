//! Request bodies that arrive while a method reads them: bytes, and the parts of a multipart body.

#![allow(dead_code, reason = "an API uses what it needs")]

use std::collections::BTreeMap;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::multipart::{Field as Incoming, Multipart as Reader};
use axum::http::StatusCode;
use bytes::BytesMut;
use serde::de::DeserializeOwned;

use super::fields::{self, Field};
use super::payload::{plain, unexpected, unread, whole};
use super::schema::SCHEMAS;
use super::{Problem, Validation, validation};
use crate::operation::{Content, Operation, ValueType};
use crate::types::Binary;
use crate::types::media_type::is_json;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Locks two different values, always in the same order, so that two threads that compare them do not wait for each other.
fn lock_both<'m, T>(one: &'m Arc<Mutex<T>>, other: &'m Arc<Mutex<T>>) -> (MutexGuard<'m, T>, MutexGuard<'m, T>) {
    if Arc::as_ptr(one) < Arc::as_ptr(other) {
        (lock(one), lock(other))
    } else {
        let other = lock(other);
        (lock(one), other)
    }
}

/// A body of bytes, which arrives no faster than the method reads it: its length costs no memory.
///
/// It has at most the bytes of [`Validation::body_limit`](super::Validation::body_limit). A clone is the same body: what one
/// of them has read, the other one does not get.
#[derive(Clone)]
pub struct Upload {
    content_type: Option<String>,
    source: Arc<Mutex<Source>>,
}

enum Source {
    There(Bytes),
    Arriving(Body),
}

impl Upload {
    /// A body that is there already, to test a method of yours with.
    pub fn new(bytes: impl Into<Bytes>) -> Self {
        Self { content_type: None, source: Arc::new(Mutex::new(Source::There(bytes.into()))) }
    }

    pub(super) fn arriving(content_type: &str, body: Body) -> Self {
        Self { content_type: Some(content_type.to_owned()), source: Arc::new(Mutex::new(Source::Arriving(body))) }
    }

    fn take(&self) -> Source {
        std::mem::replace(&mut *lock(&self.source), Source::There(Bytes::new()))
    }

    /// The `Content-Type` of the request.
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The next piece of the body; `None` at its end.
    ///
    /// # Errors
    /// 413 where the body is longer than allowed, 408 where it is too slow, 400 where it breaks off.
    pub async fn chunk(&self) -> Result<Option<Bytes>, Problem> {
        let chunk = poll_fn(|context| match &mut *lock(&self.source) {
            Source::There(bytes) => {
                let bytes = std::mem::take(bytes);
                Poll::Ready((!bytes.is_empty()).then_some(Ok(bytes)))
            }
            Source::Arriving(body) => loop {
                match ready!(Pin::new(&mut *body).poll_frame(context)) {
                    None => return Poll::Ready(None),
                    Some(Err(error)) => return Poll::Ready(Some(Err(unread(&error)))),
                    // What is no data is a trailer.
                    Some(Ok(frame)) => {
                        if let Ok(data) = frame.into_data() {
                            return Poll::Ready(Some(Ok(data)));
                        }
                    }
                }
            },
        });
        chunk.await.transpose()
    }

    /// The rest of the body, in memory.
    ///
    /// # Errors
    /// As those of [`chunk`](Self::chunk).
    pub async fn read(&self) -> Result<Bytes, Problem> {
        match self.take() {
            Source::There(bytes) => Ok(bytes),
            Source::Arriving(body) => whole(body).await,
        }
    }

    /// The rest of the body as one of axum, whose `into_data_stream` is a stream.
    pub fn into_body(self) -> Body {
        match self.take() {
            Source::There(bytes) => Body::from(bytes),
            Source::Arriving(body) => body,
        }
    }
}

impl fmt::Debug for Upload {
    /// Shows the number of bytes, not the bytes.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Upload");
        shown.field("content_type", &self.content_type);
        match &*lock(&self.source) {
            Source::There(bytes) => shown.field("bytes", &bytes.len()).finish(),
            Source::Arriving(_) => shown.finish_non_exhaustive(),
        }
    }
}

impl PartialEq for Upload {
    /// Whether they are the same body, or have the same bytes, which are there already.
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.source, &other.source) {
            return true;
        }
        let (one, other) = lock_both(&self.source, &other.source);
        match (&*one, &*other) {
            (Source::There(one), Source::There(other)) => one == other,
            _ => false,
        }
    }
}

/// A body of `multipart/form-data`: [`read`](Self::read) has it in memory, as a value, and [`part`](Self::part) has its parts
/// one after another, each of which arrives no faster than the method reads it and is compared with nothing.
///
/// It has at most the bytes of [`Validation::body_limit`](super::Validation::body_limit) and the parts of
/// [`Validation::part_count`](super::Validation::part_count), and each part at most the bytes of
/// [`Validation::part_limit`](super::Validation::part_limit). A clone is the same body; the first one that is read has it.
pub struct Multipart<T> {
    form: Arc<Mutex<Option<Form<T>>>>,
    /// What this clone reads.
    own: Option<Form<T>>,
}

enum Form<T> {
    There(T),
    Arriving(Arriving),
}

impl<T> Multipart<T> {
    /// A body that is there already, to test a method of yours with. It has no parts.
    pub fn new(value: T) -> Self {
        Self::of(Form::There(value))
    }

    pub(super) fn arriving(form: Arriving) -> Self {
        Self::of(Form::Arriving(form))
    }

    fn of(form: Form<T>) -> Self {
        Self { form: Arc::new(Mutex::new(Some(form))), own: None }
    }

    fn own(&mut self) -> Result<&mut Form<T>, Problem> {
        if self.own.is_none() {
            self.own = lock(&self.form).take();
        }
        let detail = "the request body was read by a clone";
        let read = || Problem::new(StatusCode::INTERNAL_SERVER_ERROR, detail);
        self.own.as_mut().ok_or_else(read)
    }

    /// The next part; `None` after the last one. What has not been read of the part before is skipped. Nothing is compared
    /// with the description: neither names and types, nor whether a required part is missing.
    ///
    /// # Errors
    /// 413 where the body is longer than allowed or has more parts, 408 where it is too slow, 400 where it breaks off or is no
    /// form, 500 where a clone has read it.
    pub async fn part(&mut self) -> Result<Option<Part<'_>>, Problem> {
        match self.own()? {
            Form::There(_) => Ok(None),
            Form::Arriving(form) => form.part().await,
        }
    }
}

impl<T: DeserializeOwned> Multipart<T> {
    /// The whole body, in memory, with all parts compared with the schema of the body, but for the content of files.
    ///
    /// # Errors
    /// As those of [`part`](Self::part), and those of a JSON body that is not as described: 400, or 422 where the API has it,
    /// with the [violation](Problem::violations) of each part that is missing, of another type or, with
    /// [`Validation::schema`](super::Validation::schema), out of bounds.
    pub async fn read(mut self) -> Result<T, Problem> {
        self.own()?;
        match self.own {
            Some(Form::There(value)) => Ok(value),
            Some(Form::Arriving(form)) => form.read().await,
            None => Err(Problem::missing_body()),
        }
    }
}

impl<T> Clone for Multipart<T> {
    fn clone(&self) -> Self {
        Self { form: Arc::clone(&self.form), own: None }
    }
}

impl<T: fmt::Debug> fmt::Debug for Multipart<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*lock(&self.form) {
            Some(Form::There(value)) => formatter.debug_tuple("Multipart").field(value).finish(),
            _ => formatter.debug_struct("Multipart").finish_non_exhaustive(),
        }
    }
}

impl<T: PartialEq> PartialEq for Multipart<T> {
    /// Whether they are the same body, or have the same value, which is there already.
    fn eq(&self, other: &Self) -> bool {
        if Arc::ptr_eq(&self.form, &other.form) {
            return true;
        }
        let (one, other) = lock_both(&self.form, &other.form);
        match (&*one, &*other) {
            (Some(Form::There(one)), Some(Form::There(other))) => one == other,
            _ => false,
        }
    }
}

/// A part of a multipart body.
#[derive(Debug)]
pub struct Part<'form> {
    incoming: Incoming<'form>,
    length: usize,
    limit: Option<usize>,
}

impl Part<'_> {
    /// The name of the property.
    pub fn name(&self) -> &str {
        self.incoming.name().unwrap_or_default()
    }

    /// The file name. Never use it as a path: it may contain path separators.
    pub fn file_name(&self) -> Option<&str> {
        self.incoming.file_name()
    }

    /// The media type.
    pub fn content_type(&self) -> Option<&str> {
        self.incoming.content_type()
    }

    /// The part with another limit than [`Validation::part_limit`](super::Validation::part_limit), in bytes.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = Some(limit);
        self
    }

    /// The next piece of the part; `None` at its end.
    ///
    /// # Errors
    /// 413 where the part or the body is longer than allowed, 408 where it is too slow, 400 where it breaks off.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Problem> {
        let chunk = self.incoming.chunk().await;
        let chunk = chunk.map_err(|error| unread(&error))?;
        self.length += chunk.as_ref().map_or(0, Bytes::len);
        if self.limit.is_some_and(|limit| self.length > limit) {
            let name = self.name();
            let detail = format!("request body: field `{name}`: longer than allowed");
            return Err(Problem::too_large(detail));
        }
        Ok(chunk)
    }

    /// The rest of the part, in memory.
    ///
    /// # Errors
    /// As those of [`chunk`](Self::chunk).
    pub async fn read(&mut self) -> Result<Bytes, Problem> {
        let mut bytes = BytesMut::new();
        while let Some(chunk) = self.chunk().await? {
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes.freeze())
    }
}

impl Drop for Part<'_> {
    /// Lets the compiler refuse to read the next part while this one is still there, which would fail.
    fn drop(&mut self) {}
}

/// A form whose parts have not been read.
#[derive(Debug)]
pub(super) struct Arriving {
    pub(super) reader: Reader,
    pub(super) operation: &'static Operation,
    pub(super) content: &'static Content,
    pub(super) limits: Validation,
    /// How many parts have begun.
    pub(super) parts: usize,
}

impl Arriving {
    pub(super) async fn part(&mut self) -> Result<Option<Part<'_>>, Problem> {
        let incoming = self.reader.next_field().await;
        let incoming = incoming.map_err(|error| unread(&error))?;
        self.parts += usize::from(incoming.is_some());
        if let Some(most) = self.limits.part_count.filter(|most| self.parts > *most) {
            let detail = format!("the request body has more than {most} parts");
            return Err(Problem::too_large(detail));
        }
        Ok(incoming.map(|incoming| Part { incoming, length: 0, limit: self.limits.part_limit }))
    }

    async fn read<T: DeserializeOwned>(mut self) -> Result<T, Problem> {
        let mut fields: BTreeMap<String, Vec<Binary>> = BTreeMap::new();
        while let Some(mut part) = self.part().await? {
            let name = part.name().to_owned();
            let mut file = Binary::default();
            if let Some(file_name) = part.file_name() {
                file = file.with_file_name(file_name);
            }
            if let Some(content_type) = part.content_type() {
                file = file.with_content_type(content_type);
            }
            let file = file.with_bytes(part.read().await?);
            fields.entry(name).or_default().push(file);
        }
        let fields = fields.into_iter().map(|(name, parts)| {
            let ty = self.content.value.property(&name);
            let field = part_values(&ty.unwrap_or(ValueType::Any), parts);
            (name, field)
        });
        let schema = SCHEMAS.of(self.operation).and_then(|schema| schema.bodies.get(self.content.media_type));
        let (form, violations) = fields::object(fields, schema);
        let is_refused = self.limits.schema || violations.iter().any(|one| one.rule == "type");
        let described = validation::refused(self.operation, violations);
        if is_refused {
            described.clone()?;
        }
        T::deserialize(form).map_err(|error| described.err().unwrap_or_else(|| unexpected(error)))
    }
}

/// The parts of one name.
fn part_values(ty: &ValueType, mut parts: Vec<Binary>) -> Result<Field, String> {
    let item = ty.list_item();
    // A list may also be one part of JSON.
    let is_one = |part: &Binary| !ty.is_list() || is_json_part(part) && !ty.is_bytes();
    match (parts.as_slice(), item) {
        ([part], _) if is_one(part) => part_value(ty, parts.swap_remove(0)),
        (_, Some(item)) => {
            let values = parts.into_iter().map(|part| part_value(&item, part));
            values.collect::<Result<_, _>>().map(Field::List)
        }
        (parts, None) => Err(format!("one value, found {}", parts.len())),
    }
}

fn is_json_part(part: &Binary) -> bool {
    part.content_type().is_some_and(is_json)
}

fn part_value(ty: &ValueType, part: Binary) -> Result<Field, String> {
    if ty.is_bytes() {
        return Ok(Field::File(part));
    }
    let value = if is_json_part(&part) {
        serde_json::from_slice(part.bytes()).map_err(|error| format!("JSON: {error}"))
    } else {
        plain(ty, part.bytes())
    };
    value.map(Field::Value)
}
