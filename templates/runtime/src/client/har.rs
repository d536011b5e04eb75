//! Exchanges as HAR 1.2, the format in which browsers save them: recorded from a real server, replayed in tests.
//!
//! ```text
//! let recorder = Recorder::new();
//! let layer = recorder.clone();
//! let client = Client::builder().token(token).layer(move |http| layer.record(http)).build()?;
//! code_under_test(&client).await;
//! std::fs::write("exchanges.har", recorder.har())?;
//!
//! let replay = Replay::new(&std::fs::read_to_string("exchanges.har")?)?;
//! code_under_test(&replay.client()).await;
//! replay.verify();
//! ```
//!
//! Not recorded are
//! - credentials and cookies,
//! - the values of headers and of parameters of URLs whose names look secret: they contain `auth`, `cookie`, `credential`,
//!   `key`, `password`, `secret`, `session`, `signature` or `token`, unless it is the cursor of a list; also in the URLs in
//!   headers (`Location`, `Link`), in JSON and in texts, which have no user and no password, either,
//! - the texts and numbers (0 is written for them) of JSON and form properties whose names say that they are secret: `token`,
//!   `clientSecret`, `passwords`, `api_key`, `sessionId`,
//! - bodies that cannot be searched for such names: all but forms, JSON, and lines and events of JSON,
//! - bodies that are compressed otherwise than by this client, or have more than 4 MiB.
//!
//! In place of such a body is a comment: replayed, it is empty in a response, and equal to every body in a request.
//!
//! [`Recorder::secret`] adds names. Read a recording before you share it all the same: any text may contain a secret.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use serde_json::{Value, json};
use tower_service::Service;
use url::form_urlencoded;

use super::mock::{REDACTED, Recorded, Unexpected, pairs, shown, sorted};
use super::observe::debug_fields;
use super::transport::{BoxError, Sending};
use super::{Client, ClientBuilder, form, platform};
use crate::header::content_type;
use crate::types::Base64;
use crate::types::media_type::essence;
use crate::types::source::locked;

/// The longest body that is recorded, in bytes.
const LONGEST: usize = 4 * 1024 * 1024;

/// Ends of names whose values are secret, in lower case, without `-`, `_` and the `s` of a plural.
const SECRETS: &str = "accesskey apikey authorization credential jwt passphrase passwd password privatekey secret \
                       secretkey sessionid token";

/// Parts of names of headers and of parameters of URLs whose values are secret, likewise.
const HINTS: &str = "auth cookie credential key password secret session signature token";

/// Records the exchanges of a client. Clones share the recording.
#[derive(Clone, Default)]
pub struct Recorder {
    secrets: Secrets,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    /// The URL below which all paths lie, of the first exchange.
    base_url: Option<String>,
    entries: Vec<Value>,
}

debug_fields!(Recorder, it => exchanges: locked(&it.log).entries.len());

impl Recorder {
    /// A recorder without exchanges.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a name of properties, headers and parameters whose values are secret, also where other names end with it. Letter
    /// case, `-` and `_` do not count.
    #[must_use]
    pub fn secret(mut self, name: &str) -> Self {
        self.secrets.0.push(plain(name));
        self
    }

    /// A service that records what goes through it, for [`ClientBuilder::layer`].
    pub fn record<S>(&self, service: S) -> Recording<S> {
        Recording { recorder: self.clone(), service }
    }

    /// The recording as HAR: each attempt of a call, after its response was read or dropped.
    pub fn har(&self) -> String {
        let log = locked(&self.log);
        let har = json!({"log": {
            "version": "1.2",
            "creator": {"name": env!("CARGO_PKG_NAME"), "version": env!("CARGO_PKG_VERSION")},
            "_baseUrl": log.base_url,
            "entries": log.entries,
        }});
        format!("{har:#}\n")
    }
}

/// A service that a [`Recorder`] watches.
#[derive(Debug, Clone)]
pub struct Recording<S> {
    recorder: Recorder,
    service: S,
}

impl<S, B> Service<http::Request<reqwest::Body>> for Recording<S>
where
    S: Service<http::Request<reqwest::Body>, Response = http::Response<B>>,
    S::Error: Into<BoxError>,
    S::Future: Send + 'static,
    B: Body + 'static,
    B::Data: Into<Bytes>,
{
    type Response = http::Response<Copied<B>>;
    type Error = BoxError;
    type Future = Sending<Self::Response, BoxError>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.service.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: http::Request<reqwest::Body>) -> Self::Future {
        let (parts, body) = request.into_parts();
        let sent = Copy::default();
        let exchange = Exchange::start(self.recorder.clone(), &parts, sent.clone());
        let body = platform::copied(body, sent);
        let call = self.service.call(http::Request::from_parts(parts, body));
        Box::pin(async move {
            let mut exchange = exchange?;
            match call.await {
                Ok(response) => {
                    exchange.response = Ok((response.status(), response.headers().clone()));
                    Ok(response.map(|body| Copied::new(body, move |chunk| exchange.received.push(chunk))))
                }
                Err(error) => {
                    let error = error.into();
                    exchange.response = Err(error.to_string());
                    Err(error)
                }
            }
        })
    }
}

/// What was read of a body, and how long it is.
#[derive(Clone, Default)]
pub(super) struct Copy(Arc<Mutex<(Vec<u8>, usize)>>);

impl Copy {
    pub(super) fn push(&self, chunk: &[u8]) {
        let mut copy = locked(&self.0);
        copy.1 = copy.1.saturating_add(chunk.len());
        if copy.1 <= LONGEST {
            copy.0.extend_from_slice(chunk);
        }
    }

    fn take(&self) -> (Vec<u8>, usize) {
        std::mem::take(&mut locked(&self.0))
    }
}

/// A body that is copied while it is read.
pub struct Copied<B> {
    body: Pin<Box<B>>,
    copy: Box<OnChunk>,
}

type OnChunk = dyn Fn(&[u8]) + Send + Sync;

impl<B> Copied<B> {
    pub(super) fn new(body: B, copy: impl Fn(&[u8]) + Send + Sync + 'static) -> Self {
        Self { body: Box::pin(body), copy: Box::new(copy) }
    }
}

impl<B: Body> Body for Copied<B>
where
    B::Data: Into<Bytes>,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(self.body.as_mut().poll_frame(context));
        let frame = frame.map(|frame| frame.map(|frame| frame.map_data(Into::into)));
        if let Some(Ok(frame)) = &frame
            && let Some(chunk) = frame.data_ref()
        {
            (self.copy)(chunk);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// A request and its response, which are recorded when they are dropped.
struct Exchange {
    recorder: Recorder,
    request: Recorded,
    url: String,
    sent: Copy,
    received: Copy,
    start: platform::Instant,
    /// Status and headers, or why there is no response.
    response: Result<(StatusCode, HeaderMap), String>,
}

impl Exchange {
    fn start(recorder: Recorder, parts: &http::request::Parts, sent: Copy) -> Result<Self, BoxError> {
        let mut request = Recorded::new(parts.clone(), Bytes::new())?;
        request.query = recorder.secrets.query(&request.query, request.operation.cursor);
        let scheme = parts.uri.scheme_str().unwrap_or_default();
        let host = parts.uri.authority().map_or("", |it| it.as_str());
        let origin = format!("{scheme}://{host}");
        let base = base_path(&request);
        locked(&recorder.log).base_url.get_or_insert_with(|| format!("{origin}{base}"));
        let query = encoded(&request.query);
        let mark = if query.is_empty() { "" } else { "?" };
        Ok(Self {
            url: format!("{origin}{}{mark}{query}", request.path),
            recorder,
            request,
            sent,
            received: Copy::default(),
            start: platform::Instant::now(),
            response: Err("the call was dropped".to_owned()),
        })
    }

    fn entry(&self) -> Value {
        let Recorded { method, headers, query, .. } = &self.request;
        let secrets = &self.recorder.secrets;
        let cursor = self.request.operation.cursor;
        let time = self.start.elapsed();
        let begin = jiff::Timestamp::try_from(platform::now()).unwrap_or_default() - time;
        let query = query.iter().map(|(name, value)| json!({"name": name, "value": value}));
        let (sent, size) = self.sent.take();
        let mut request = json!({
            "method": method.as_str(), "url": self.url, "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": secrets.headers(headers, cursor), "queryString": query.collect::<Value>(),
            "headersSize": -1, "bodySize": size,
        });
        if size > 0 {
            request["postData"] = secrets.body(headers, sent, size);
        }
        let (status, headers) = match &self.response {
            Ok((status, headers)) => (Some(status), headers),
            Err(_) => (None, &HeaderMap::new()),
        };
        let (received, size) = self.received.take();
        let mut content = secrets.body(headers, received, size);
        content["size"] = size.into();
        let mut response = json!({
            "status": status.map_or(0, |it| it.as_u16()),
            "statusText": status.and_then(|it| it.canonical_reason()).unwrap_or_default(),
            "httpVersion": "HTTP/1.1", "cookies": [], "headers": secrets.headers(headers, cursor), "content": content,
            "redirectURL": "", "headersSize": -1, "bodySize": size,
        });
        if let Err(error) = &self.response {
            response["_error"] = error.as_str().into();
        }
        let time = time.as_secs_f64() * 1000.0;
        json!({
            "startedDateTime": begin.to_string(), "time": time, "request": request, "response": response,
            "cache": {}, "timings": {"send": 0, "wait": time, "receive": 0},
            "_operation": self.request.operation.id,
        })
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        let entry = self.entry();
        locked(&self.recorder.log).entries.push(entry);
    }
}

/// The part of the path before that of the operation.
fn base_path(request: &Recorded) -> &str {
    let slashes = request.operation.path.split(['?', '#']).next().unwrap_or_default().matches('/').count();
    let path = &request.path;
    let end = path.rmatch_indices('/').map(|(at, _)| at).nth(slashes.saturating_sub(1));
    end.and_then(|end| path.get(..end)).unwrap_or_default()
}

fn encoded(pairs: &[(String, String)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// Names in the form in which they are compared.
fn plain(name: &str) -> String {
    name.replace(['-', '_'], "").to_ascii_lowercase()
}

/// Further ends of names whose values are secret.
#[derive(Debug, Clone, Default)]
struct Secrets(Vec<String>);

impl Secrets {
    fn has(&self, name: &str) -> bool {
        let name = plain(name);
        let one = name.strip_suffix('s').unwrap_or(&name);
        SECRETS.split(' ').chain(self.0.iter().map(String::as_str)).any(|it| name.ends_with(it) || one.ends_with(it))
    }

    /// Whether the name of a header or of a URL's parameter looks like that of a secret.
    fn has_hint(&self, name: &str) -> bool {
        let plain = plain(name);
        HINTS.split(' ').any(|hint| plain.contains(hint)) || self.has(name)
    }

    /// Headers as HAR has them.
    fn headers(&self, headers: &HeaderMap, cursor: Option<&str>) -> Value {
        let pairs = headers.iter().map(|(name, value)| {
            let text = String::from_utf8_lossy(value.as_bytes());
            let is_secret = value.is_sensitive() || self.has_hint(name.as_str());
            let text = if is_secret { REDACTED.to_owned() } else { self.in_text(&text, cursor) };
            json!({"name": name.as_str(), "value": text})
        });
        pairs.collect()
    }

    /// The decoded pairs of a query, of which the position in a list is no secret.
    fn query(&self, pairs: &[(String, String)], cursor: Option<&str>) -> Vec<(String, String)> {
        let pairs = pairs.iter().map(|(name, value)| {
            let is_secret = cursor != Some(name) && self.has_hint(name);
            let value = if is_secret { REDACTED.to_owned() } else { self.in_text(value, None) };
            (name.clone(), value)
        });
        pairs.collect()
    }

    /// A text in whose URLs there are no users, and no values of parameters that look secret.
    fn in_text(&self, text: &str, cursor: Option<&str>) -> String {
        let hidden: String = form_urlencoded::byte_serialize(REDACTED.as_bytes()).collect();
        let is_end = |it: char| it.is_whitespace() || "?#&/\"'<>\\".contains(it);
        let mut clean = String::with_capacity(text.len());
        let (mut after_scheme, mut in_query) = (false, false);
        for piece in text.split_inclusive(is_end) {
            let content = piece.strip_suffix(is_end).unwrap_or(piece);
            match (content.rsplit_once('@'), content.split_once('=')) {
                (Some((_, host)), _) if after_scheme => clean.push_str(&format!("{hidden}@{host}")),
                (_, Some((name, value)))
                    if in_query && !value.is_empty() && cursor != Some(name) && self.has_hint(name) =>
                {
                    clean.push_str(&format!("{name}={hidden}"));
                }
                _ => clean.push_str(content),
            }
            let end = piece.strip_prefix(content).unwrap_or_default();
            clean.push_str(end);
            // After `https:/` comes the `/` before the host.
            after_scheme = end == "/" && content.is_empty() && clean.ends_with("://");
            in_query = matches!(end, "?" | "#") || in_query && matches!(end, "&" | "/");
        }
        clean
    }

    /// A body as HAR has it, if its media type can be searched for secrets.
    fn body(&self, headers: &HeaderMap, body: Vec<u8>, size: usize) -> Value {
        let media_type = content_type(headers).unwrap_or_default();
        let mut shown = json!({ "mimeType": media_type });
        let body = match headers.get(CONTENT_ENCODING) {
            _ if size > LONGEST => None,
            None => Some(body),
            #[cfg(feature = "gzip")]
            Some(_) if super::body::is_gzip(headers) => super::body::gunzip(&body, LONGEST),
            Some(_) => None,
        };
        let text = body.and_then(|body| String::from_utf8(body).ok());
        match text.and_then(|text| self.redacted(media_type, &text)) {
            Some(text) => shown["text"] = text.into(),
            None => shown["comment"] = "the body was not recorded".into(),
        }
        shown
    }

    /// A form, JSON, or lines of JSON without secrets; `None` for all else, which cannot be searched for them.
    fn redacted(&self, media_type: &str, text: &str) -> Option<String> {
        let media_type = essence(media_type);
        if media_type.eq_ignore_ascii_case(form::MEDIA_TYPE) {
            let mut pairs = pairs(text);
            for (_, value) in pairs.iter_mut().filter(|(name, _)| self.has(name)) {
                REDACTED.clone_into(value);
            }
            return Some(encoded(&pairs));
        }
        let has_events = media_type.eq_ignore_ascii_case("text/event-stream");
        self.json(text).or_else(|| text.split_inclusive(['\n', '\r']).map(|line| self.line(line, has_events)).collect())
    }

    /// A line of JSON, or of an event whose data are JSON, with its end.
    fn line(&self, line: &str, has_events: bool) -> Option<String> {
        let content = line.trim_end_matches(['\n', '\r']);
        let end = line.strip_prefix(content).unwrap_or_default();
        let is_field = |name| content.starts_with(name);
        if content.trim().is_empty() || has_events && [":", "event:", "id:", "retry:"].into_iter().any(is_field) {
            return Some(self.in_text(line, None));
        }
        let before = if has_events { "data:" } else { "\u{1e}" };
        let (before, content) = content.strip_prefix(before).map_or(("", content), |content| (before, content));
        Some(format!("{before}{}{end}", self.json(content)?))
    }

    /// JSON without secrets. What has none stays as it was sent.
    fn json(&self, text: &str) -> Option<String> {
        let mut value = serde_json::from_str(text).ok()?;
        Some(if self.redact(&mut value, false) { value.to_string() } else { text.to_owned() })
    }

    /// Replaces the texts and numbers of secret properties, each by one of its type, and tells whether there were any.
    fn redact(&self, value: &mut Value, is_secret: bool) -> bool {
        match value {
            Value::String(text) => {
                let clean = if is_secret { REDACTED.to_owned() } else { self.in_text(text, None) };
                let is_changed = clean != *text;
                *text = clean;
                is_changed
            }
            Value::Number(_) if is_secret => {
                *value = 0.into();
                true
            }
            Value::Array(items) => items.iter_mut().fold(false, |found, item| self.redact(item, is_secret) | found),
            Value::Object(members) => members
                .iter_mut()
                .fold(false, |found, (name, member)| self.redact(member, is_secret || self.has(name)) | found),
            _ => false,
        }
    }
}

/// Answers from a recording: each exchange once, to the first request with its method, path, query and body.
#[derive(Clone)]
pub struct Replay {
    base_url: Option<String>,
    secrets: Secrets,
    entries: Arc<Mutex<Vec<Entry>>>,
}

#[derive(Debug)]
struct Entry {
    request: Request,
    response: Option<(StatusCode, HeaderMap, Bytes)>,
}

/// What has to be equal. The pairs of a query are sorted.
#[derive(Debug)]
struct Request {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    /// `None` where it was not recorded.
    body: Option<Value>,
}

impl Request {
    /// Whether this is the request that is sent now, without the secrets of its query, which another program may have recorded.
    fn is_met_by(&self, sent: &Self, clean: impl Fn(&[(String, String)]) -> Vec<(String, String)>) -> bool {
        (&self.method, &self.path) == (&sent.method, &sent.path)
            && clean(&self.query) == sent.query
            && (self.body.is_none() || self.body == sent.body)
    }
}

impl fmt::Display for Request {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.method, self.path)?;
        if !self.query.is_empty() {
            write!(formatter, " with query parameters {}", shown("", &self.query))?;
        }
        match &self.body {
            None | Some(Value::Null) => Ok(()),
            Some(body) => write!(formatter, " with body {body}"),
        }
    }
}

/// A text is not a recording.
#[derive(Debug, thiserror::Error)]
#[error("the text is not HAR: {0}")]
pub struct HarError(String);

impl fmt::Debug for Replay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.rest()).finish()
    }
}

impl Replay {
    /// Reads a recording: one of a [`Recorder`], or of another program that writes HAR.
    ///
    /// # Errors
    /// The text is not HAR.
    pub fn new(har: &str) -> Result<Self, HarError> {
        let har: Value = serde_json::from_str(har).map_err(|error| HarError(error.to_string()))?;
        let entries = har["log"]["entries"].as_array();
        let entries = entries.ok_or_else(|| HarError("it has no `log.entries`".to_owned()))?;
        let entries = entries
            .iter()
            .enumerate()
            .map(|(index, entry)| Entry::read(entry).map_err(|fault| HarError(format!("entry {index}: {fault}"))));
        Ok(Self {
            base_url: har["log"]["_baseUrl"].as_str().map(str::to_owned),
            secrets: Secrets::default(),
            entries: Arc::new(Mutex::new(entries.collect::<Result<_, _>>()?)),
        })
    }

    /// Adds a name of properties, headers and parameters whose values are secret, as [`Recorder::secret`] did.
    #[must_use]
    pub fn secret(mut self, name: &str) -> Self {
        self.secrets.0.push(plain(name));
        self
    }

    /// A client that has a token, and does not wait between attempts.
    ///
    /// # Panics
    /// The recording is not of this API: its base URL cannot be used.
    pub fn client(&self) -> Client {
        let client = self.builder().build();
        client.unwrap_or_else(|error| panic!("the client of the recording: {error}"))
    }

    /// The settings of [`client`](Self::client), for further ones. The base URL is the one that was recorded.
    pub fn builder(&self) -> ClientBuilder {
        let builder = Client::builder().in_process("replay").allow_insecure().service(self.clone());
        match &self.base_url {
            Some(base_url) => builder.base_url(base_url.as_str()),
            None => builder,
        }
    }

    /// Checks that all that was recorded was requested.
    ///
    /// # Panics
    /// With the requests that were not sent.
    #[track_caller]
    pub fn verify(&self) {
        let rest = self.rest();
        assert!(rest.is_empty(), "not requested:\n{}", rest.join("\n"));
    }

    /// What was not requested yet.
    fn rest(&self) -> Vec<String> {
        locked(&self.entries).iter().map(|entry| entry.request.to_string()).collect()
    }

    fn answer(&self, sent: &Recorded) -> Result<http::Response<Full<Bytes>>, BoxError> {
        let media_type = content_type(&sent.headers).unwrap_or_default();
        let body = self.secrets.body(&sent.headers, sent.body.to_vec(), sent.body.len());
        let clean = |query: &[_]| sorted(self.secrets.query(query, sent.operation.cursor));
        let request = Request {
            method: sent.method.to_string(),
            path: sent.path.clone(),
            query: clean(&sent.query),
            body: comparable(media_type, &body),
        };
        let mut entries = locked(&self.entries);
        let Some(found) = entries.iter().position(|entry| entry.request.is_met_by(&request, clean)) else {
            let mut text = format!("{}: {request} was not recorded, or not so often", sent.operation.id);
            text.extend(entries.iter().map(|entry| format!("\n- {}", entry.request)));
            return Err(Unexpected(text).into());
        };
        let response = entries.remove(found).response;
        let (status, headers, body) = response.ok_or_else(|| io::Error::from(io::ErrorKind::ConnectionAborted))?;
        let mut response = http::Response::new(body.into());
        *response.status_mut() = status;
        *response.headers_mut() = headers;
        Ok(response)
    }
}

impl Service<http::Request<reqwest::Body>> for Replay {
    type Response = http::Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Sending<Self::Response, BoxError>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<reqwest::Body>) -> Self::Future {
        let replay = self.clone();
        Box::pin(async move { replay.answer(&Recorded::read(request).await?) })
    }
}

impl Entry {
    fn read(entry: &Value) -> Result<Self, String> {
        let request = &entry["request"];
        let method = request["method"].as_str().ok_or("it has no method")?;
        let url = request["url"].as_str().ok_or("it has no URL")?;
        let url = url::Url::parse(url).map_err(|error| error.to_string())?;
        let sent = &request["postData"];
        let media_type = sent["mimeType"].as_str().unwrap_or_default();
        let request = Request {
            method: method.to_owned(),
            path: url.path().to_owned(),
            query: sorted(url.query_pairs().into_owned().collect()),
            body: comparable(media_type, sent),
        };
        Ok(Self { request, response: Self::response(&entry["response"])? })
    }

    /// `None` where no response was received.
    fn response(response: &Value) -> Result<Option<(StatusCode, HeaderMap, Bytes)>, String> {
        let status = response["status"].as_u64().and_then(|it| u16::try_from(it).ok());
        let Some(status @ 1..) = status else {
            return Ok(None);
        };
        let status = StatusCode::from_u16(status).map_err(|error| error.to_string())?;
        let mut headers = HeaderMap::new();
        for header in response["headers"].as_array().into_iter().flatten() {
            let text = |key: &str| header[key].as_str().unwrap_or_default();
            let name = HeaderName::from_bytes(text("name").as_bytes());
            let pair = (name, HeaderValue::from_bytes(text("value").as_bytes()));
            // A browser also lists the pseudo-headers of HTTP/2.
            if let (Ok(name), Ok(value)) = pair
                && ![CONTENT_ENCODING, CONTENT_LENGTH, TRANSFER_ENCODING].contains(&name)
            {
                headers.append(name, value);
            }
        }
        let content = &response["content"];
        let text = content["text"].as_str().unwrap_or_default();
        let body = match content["encoding"].as_str() {
            Some("base64") => text.parse::<Base64>().and_then(|it| it.decode()),
            _ => Ok(text.into()),
        };
        Ok(Some((status, headers, body.map_err(|error| error.to_string())?.into())))
    }
}

/// A body as it is compared: the order of members and of the pairs of a form means nothing. `None` where it was not recorded.
fn comparable(media_type: &str, body: &Value) -> Option<Value> {
    if body["comment"].is_string() {
        return None;
    }
    let text = body["text"].as_str().unwrap_or_default();
    if text.is_empty() {
        return Some(Value::Null);
    }
    if essence(media_type).eq_ignore_ascii_case(form::MEDIA_TYPE) {
        return Some(json!(sorted(pairs(text))));
    }
    // Another program may have recorded what this one would not.
    let text_of_lines = || Secrets::default().redacted(media_type, text).map(Value::from);
    serde_json::from_str(text).ok().or_else(text_of_lines)
}
