//! Requests under construction. They are not generic, so that they are compiled once.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::body::{Body, Piece};
#[cfg(feature = "deviations")]
use super::deviation;
use super::download::Download;
use super::error::Error;
use super::event_stream::EventStream;
use super::execute;
use super::incoming::Incoming;
use super::lines::Lines;
use super::multipart::Form;
use super::observe::debug_fields;
use super::response::{ApiResponse, Received};
use super::retry::RetryPolicy;
use super::{Client, ResponseFuture, credential, form, parameter, path, platform};
use crate::operation::{Location, Operation, Parameter};
use crate::types::{Binary, Decode};

/// A request under construction. One for an [`Operation`] of your own calls an operation that the description does not
/// have.
#[must_use]
pub struct Request {
    pub(super) client: Client,
    pub(super) operation: &'static Operation,
    values: Vec<(Location, &'static str, Value)>,
    /// The encoded query of a link, in place of the query parameters.
    pub(super) query: Option<String>,
    body: Option<Body>,
    accept: Cow<'static, str>,
    failure: Option<Error>,
    /// The settings of this call; most calls have none.
    pub(super) options: Option<Box<Options>>,
}

/// The settings of a single call.
#[derive(Default)]
pub(super) struct Options {
    headers: HeaderMap,
    /// Encoded pairs.
    query: String,
    pub(super) deadline: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
}

/// The longest URL that the crate `http` can hold, in bytes.
pub(super) const LONGEST_URL: usize = 65_534;

/// Adds encoded pairs to a query.
pub(super) fn push_pairs(query: &mut String, pairs: &str) {
    if !query.is_empty() && !pairs.is_empty() {
        query.push('&');
    }
    query.push_str(pairs);
}

/// Whether a header belongs to the connection, or frames the body.
fn is_reserved(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection"
            | "content-length"
            | "keep-alive"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// A value that was written as JSON.
type Written<T> = Result<T, serde_json::Error>;

pub(super) struct Prepared {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<Body>,
}

debug_fields!(Request, it => operation: it.operation.id);

impl Request {
    /// A request without values.
    pub fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            values: Vec::new(),
            query: None,
            body: None,
            accept: operation.accept.into(),
            failure: None,
            options: None,
        }
    }

    /// Sets a path parameter. Here and below, a name that the operation does not have is an error when the request is sent.
    pub fn path<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Path, name, serde_json::to_value(value))
    }

    /// Sets a query parameter.
    pub fn query<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Query, name, serde_json::to_value(value))
    }

    /// Sets a header.
    pub fn header<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Header, name, serde_json::to_value(value))
    }

    /// Sets a cookie.
    pub fn cookie<T: Serialize + ?Sized>(self, name: &'static str, value: &T) -> Self {
        self.value(Location::Cookie, name, serde_json::to_value(value))
    }

    fn value(mut self, location: Location, name: &'static str, value: Written<Value>) -> Self {
        if self.operation.parameter(location, name).is_none() {
            self.fail(|operation| Error::UnknownParameter { operation, location, name });
        } else if let Some(value) = self.checked(value) {
            self.set(location, name, value);
        }
        self
    }

    /// Keeps the first failure, which is returned when the request is sent.
    fn fail(&mut self, error: impl FnOnce(&'static str) -> Error) {
        self.failure.get_or_insert_with(|| error(self.operation.id));
    }

    /// Sets a parameter, in place of an earlier value.
    pub(super) fn set(&mut self, location: Location, name: &'static str, value: Value) {
        self.values.retain(|(l, n, _)| (*l, *n) != (location, name));
        self.values.push((location, name, value));
    }

    fn options(&mut self) -> &mut Options {
        self.options.get_or_insert_default()
    }

    /// Sets a header of this call alone, which the operation need not have, in place of an earlier one of this name. It goes
    /// before what the client would send, credentials included. Those that say where the body ends or what becomes of the
    /// connection are an error: `Content-Length`, `Transfer-Encoding`, `Connection`, `TE`, `Trailer`, `Upgrade`, `Keep-Alive`.
    pub fn extra_header(mut self, name: impl AsRef<str>, value: impl TryInto<HeaderValue>) -> Self {
        let name = name.as_ref();
        match (HeaderName::from_bytes(name.as_bytes()), value.try_into()) {
            (Ok(name), Ok(_)) if is_reserved(&name) => {
                self.fail(|operation| Error::ReservedHeader { operation, name });
            }
            (Ok(name), Ok(mut value)) => {
                let is_secret = [header::AUTHORIZATION, header::COOKIE].contains(&name);
                value.set_sensitive(value.is_sensitive() || is_secret);
                self.options().headers.insert(name, value);
            }
            _ => self.fail(|operation| Error::InvalidExtraHeader { operation, name: name.to_owned() }),
        }
        self
    }

    /// Adds a pair to the query of this call alone, which the operation need not have.
    pub fn extra_query(mut self, name: impl AsRef<str>, value: impl fmt::Display) -> Self {
        let name = path::encode_query(name.as_ref(), false);
        let value = path::encode_query(&value.to_string(), false);
        push_pairs(&mut self.options().query, &format!("{name}={value}"));
        self
    }

    /// Sets the longest time of this call, in place of [`ClientBuilder::deadline`](super::ClientBuilder::deadline). It also
    /// holds for a body that is read as it arrives.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.options().deadline = Some(timeout);
        self
    }

    /// Sets when this request is sent again, in place of [`ClientBuilder::retry`](super::ClientBuilder::retry).
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.options().retry = Some(policy);
        self
    }

    /// Sets the media types to accept, in place of the operation's first ones.
    pub fn accept(mut self, media_types: impl Into<Cow<'static, str>>) -> Self {
        self.accept = media_types.into();
        self
    }

    /// Sets a JSON body.
    pub fn json<T: Serialize + ?Sized>(self, media_type: &str, body: &T) -> Self {
        self.written(media_type, serde_json::to_vec(body))
    }

    /// Sets a form body: a list as one pair per item, and an object as JSON, unless the operation has another style.
    pub fn form<T: Serialize + ?Sized>(self, body: &T) -> Self {
        let body = serde_json::to_value(body);
        let body = body.map(|body| form::encode(&body, form::styles(self.operation)).into());
        self.written(form::MEDIA_TYPE, body)
    }

    fn written(mut self, media_type: &str, body: Written<Vec<u8>>) -> Self {
        match self.checked(body) {
            Some(body) => self.bytes(media_type, body),
            None => self,
        }
    }

    /// Sets a body of text.
    pub fn text(self, media_type: &str, text: impl Into<String>) -> Self {
        self.bytes(media_type, text.into())
    }

    /// Sets a body of bytes. Their own media type is sent in place of this one.
    pub fn bytes(mut self, media_type: &str, bytes: impl Into<Binary>) -> Self {
        let file = bytes.into();
        let media_type = file.content_type().unwrap_or(media_type).to_owned();
        let body = Body::new(media_type, [Piece::from(&file)]);
        #[cfg(feature = "gzip")]
        let body = body.compressed(self.client.inner.settings.least_compressed);
        self.body = Some(body);
        self
    }

    /// Sets a multipart body.
    pub fn multipart(mut self, mut form: Form) -> Self {
        if let Some(source) = form.failure.take() {
            self.fail(|operation| Error::Encode { operation, source });
        }
        self.body = Some(form.into_body());
        self
    }

    /// The value, if it could be written.
    fn checked<T>(&mut self, written: Written<T>) -> Option<T> {
        written.map_err(|source| self.fail(|operation| Error::Encode { operation, source })).ok()
    }

    /// Sends the request and reads the whole response.
    ///
    /// # Errors
    /// Here and below, see [`Error`]; every status other than a success is one.
    pub async fn execute(mut self) -> Result<Received, Error> {
        self.fetch().await
    }

    /// As [`execute`](Self::execute). The future is boxed here, and not at each of the many callers: at every such place the
    /// compiler finds out anew that it is `Send`.
    pub(super) fn raw(self) -> ResponseFuture<Received> {
        Box::pin(self.execute())
    }

    /// Sends the request, and reads the response event by event.
    pub async fn events(mut self) -> Result<ApiResponse<EventStream>, Error> {
        self.streamed(|_, incoming, limit| EventStream::new(incoming, limit)).await
    }

    /// Sends the request, and reads the response value by value, one a line.
    pub async fn lines<T: Decode>(mut self) -> Result<ApiResponse<Lines<T>>, Error> {
        self.streamed(Lines::new).await
    }

    /// Sends the request, and hands on the body of the response before it is read, with the limit of what is held of it.
    async fn streamed<T>(
        &mut self,
        read: impl FnOnce(&Received, Incoming, usize) -> T,
    ) -> Result<ApiResponse<T>, Error> {
        self.check()?;
        let (mut received, incoming) = execute::opened(self).await?;
        received.check()?;
        let value = read(&received, incoming, self.client.inner.settings.limits.response_size);
        received.with(value)
    }

    /// Sends the request, and reads the response as it arrives. It may have any media type, unless [`accept`](Self::accept)
    /// has set some.
    pub fn send_streaming(mut self) -> ResponseFuture<Download> {
        self.accept = match &*self.accept {
            "" => "*/*".into(),
            documented if documented == self.operation.accept => format!("{documented}, */*;q=0.1").into(),
            _ => self.accept,
        };
        Box::pin(async move {
            self.check()?;
            let (received, incoming) = execute::opened(&self).await?;
            Ok(Download::new(received, incoming, self.client.inner.settings.limits.response_size))
        })
    }

    /// Why the body of a success is not what was asked for: a part of the whole, or encoded.
    pub(super) fn unexpected(&self, headers: &HeaderMap, status: StatusCode) -> Option<Box<Error>> {
        let error = |reason| Box::new(Error::UnexpectedBody { operation: self.operation.id, status, reason });
        let asked = |name| self.prepare().is_ok_and(|prepared| prepared.headers.contains_key(name));
        if status == StatusCode::PARTIAL_CONTENT
            && !self.operation.responses.iter().any(|it| it.first == 206)
            && !asked(header::RANGE)
        {
            let range = headers.get(header::CONTENT_RANGE).map(|range| format!(" ({range:?})")).unwrap_or_default();
            return Some(error(format!("is a part of the whole{range}, which was not asked for")));
        }
        let encodings = [(header::CONTENT_ENCODING, header::ACCEPT_ENCODING), (header::TRANSFER_ENCODING, header::TE)];
        encodings.into_iter().find_map(|(name, asks)| {
            let values = headers.get_all(name).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
            let mut encodings = values.map(|encoding| String::from_utf8_lossy(encoding.trim_ascii()));
            let foreign = encodings.find(|encoding| {
                !["", "identity", "chunked"].iter().any(|known| encoding.eq_ignore_ascii_case(known))
            })?;
            let is_foreign = platform::TELLS_ENCODING && !asked(asks);
            is_foreign.then(|| error(format!("is encoded with {foreign:?}, which this client has not asked for")))
        })
    }

    /// Whether the body cannot be sent again.
    pub(super) fn is_spent(&self) -> bool {
        self.body.as_ref().is_some_and(Body::is_spent)
    }

    /// Sends the request, which can be sent again.
    pub(super) async fn fetch(&mut self) -> Result<Received, Error> {
        self.check()?;
        let received = execute::whole(self).await?;
        #[cfg(feature = "deviations")]
        if let Some(report) = &self.client.inner.settings.on_deviation {
            deviation::compare(&**report, &received);
        }
        Ok(received)
    }

    /// Returns the first failure to write a value.
    pub(super) fn check(&mut self) -> Result<(), Error> {
        self.failure.take().map_or(Ok(()), Err)
    }

    /// Writes method, URL, headers and body, for each attempt anew: most calls need one.
    pub(super) fn prepare(&self) -> Result<Prepared, Error> {
        let mut headers = self.headers()?;
        let mut query = self.query.clone().unwrap_or_else(|| {
            let given = self.given(Location::Query);
            let pairs: Vec<_> = given.flat_map(|(parameter, value)| parameter::query(parameter, value)).collect();
            pairs.join("&")
        });
        self.client.inner.credentials.apply(self.operation, &mut headers, &mut query);
        if let Some(options) = &self.options {
            // The link to another page has the whole query.
            if self.query.is_none() {
                push_pairs(&mut query, &options.query);
            }
            headers.extend(options.headers.clone());
        }
        Ok(Prepared {
            // HTTP has all methods of OpenAPI.
            method: Method::from_bytes(self.operation.method.as_str().as_bytes()).unwrap_or_default(),
            url: self.url(&query)?,
            headers,
            body: self.body.clone(),
        })
    }

    /// The parameters of the query, of headers or of cookies that have a value.
    fn given(&self, location: Location) -> impl Iterator<Item = (&'static Parameter, &Value)> {
        let here = self.operation.parameters.iter().filter(move |parameter| parameter.location == location);
        here.filter_map(move |parameter| Some((parameter, self.given_as(location, parameter.name)?)))
    }

    fn given_as(&self, location: Location, name: &str) -> Option<&Value> {
        self.values.iter().find(|(l, n, _)| (*l, *n) == (location, name)).map(|(_, _, value)| value)
    }

    /// The URL, with an encoded query.
    pub(super) fn url(&self, query: &str) -> Result<Url, Error> {
        let operation = self.operation.id;
        // Concatenated: `Url::join` would drop the last segment of the base URL, and editing segments rewrites literals.
        let base = &self.client.inner.base_url;
        let mut path = String::with_capacity(128);
        path.push_str(base.path().trim_end_matches('/'));
        if !self.operation.path.starts_with('/') {
            path.push('/');
        }
        path::expand(self.operation, &mut path, |name, path| {
            let added = match self.given_as(Location::Path, name) {
                Some(value) => parameter::path(&self.operation.parameter_of_path(name), value, path),
                None => Err("is not given"),
            };
            added.map_err(|reason| Error::InvalidPathValue { operation, parameter: name, reason })
        })?;
        // A fragment is never sent, and the path of a description may have a query. Values have neither: they are encoded.
        let path = path.split_once('#').map_or(&*path, |(path, _)| path);
        let (path, literal) = path.split_once('?').unwrap_or((path, ""));
        // To parse scheme and host again takes longer than all the rest.
        let mut url = base.clone();
        url.set_path(path);
        match (literal, query) {
            ("", "") => {}
            ("", query) | (query, "") => url.set_query(Some(query)),
            (literal, query) => url.set_query(Some(&format!("{literal}&{query}"))),
        }
        match url.as_str().len() {
            length if length > LONGEST_URL => Err(Error::UrlTooLong { operation, length, limit: LONGEST_URL }),
            _ => Ok(url),
        }
    }

    fn headers(&self) -> Result<HeaderMap, Error> {
        let invalid = |name| Error::InvalidHeader { operation: self.operation.id, name };
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, self.client.inner.user_agent.clone());
        for (parameter, value) in self.given(Location::Header) {
            if let Some(text) = parameter::header(parameter, value) {
                let name = HeaderName::from_bytes(parameter.name.as_bytes());
                let value = HeaderValue::from_bytes(text.as_bytes());
                let (Ok(name), Ok(value)) = (name, value) else {
                    return Err(invalid(parameter.name));
                };
                headers.insert(name, value);
            }
        }
        for (parameter, value) in self.given(Location::Cookie) {
            for pair in parameter::query(parameter, value) {
                credential::add_cookie(&mut headers, &pair, false);
            }
        }
        if !self.accept.is_empty() {
            let accept = match self.accept {
                Cow::Borrowed(text) => HeaderValue::from_maybe_shared(Bytes::from_static(text.as_bytes())),
                Cow::Owned(ref text) => HeaderValue::from_str(text),
            };
            headers.insert(header::ACCEPT, accept.map_err(|_| invalid("Accept"))?);
        }
        if let Some(body) = &self.body {
            let media_type = HeaderValue::from_str(&body.media_type).map_err(|_| invalid("Content-Type"))?;
            headers.insert(header::CONTENT_TYPE, media_type);
            if let Some(encoding) = body.encoding {
                headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
            }
        }
        Ok(headers)
    }
}
