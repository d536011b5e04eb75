//! A client for tests: answers that are set in advance, without a socket.
//!
//! [`Mock::on`] expects a request of an operation, its setters say which one, and its last method says what is answered. What
//! the operation does not have is a panic right there: a parameter, a body, a status.
//!
//! ```text
//! let mock = Mock::new();
//! mock.on(&operations::SOME_LIST).query("state", "open").reply_pages([&first_page, &second_page]);
//! mock.on(&operations::SOME_ITEM).times(1).fail(ErrorKind::ConnectionReset);
//! mock.on(&operations::SOME_ITEM).path("id", &7).reply(&item);
//!
//! let found = code_under_test(mock.client()).await;
//! mock.verify();
//! assert_eq!(mock.requests().len(), 4);
//! ```
//!
//! A request is answered by the first expectation that it meets and that is not used up by [`times`](Expectation::times). One
//! that meets none is [`Error::Unexpected`](super::Error::Unexpected), which tells why, and is not sent again. Everything else
//! is as it is with a server: attempts, redirects, limits, hooks.

use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{CONTENT_TYPE, LINK};
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::Full;
use percent_encoding::percent_decode_str;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tower_service::Service;
use url::form_urlencoded;

use super::observe::debug_fields;
use super::transport::{BoxError, Sending};
use super::{Client, ClientBuilder, form, parameter, platform};
use crate::operation::{Location, Operation, PathPart, Style, is_without_body};
use crate::security::{Carrier, SECURITY_SCHEMES};
use crate::types::media_type;
use crate::types::source::locked;

/// What stands in place of a credential.
pub(super) const REDACTED: &str = "<redacted>";

/// The query parameter for the number of a page, where the operation has none for a cursor.
const PAGE: &str = "mock-page";

/// Decoded pairs of names and values.
type Pairs = Vec<(String, String)>;

/// Expected requests, their answers, and the requests that were sent. Clones share all of it.
#[derive(Clone, Default)]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    rules: Vec<Rule>,
    requests: Vec<Recorded>,
    unexpected: Vec<Unexpected>,
}

impl Mock {
    /// A mock that expects nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Expects a request of an operation: by default any one, once or more.
    pub fn on(&self, operation: &'static Operation) -> Expectation {
        let rule = Rule {
            operation,
            matchers: Vec::new(),
            times: None,
            calls: 0,
            used: false,
            headers: HeaderMap::new(),
            answer: Answer::Failure(ErrorKind::Other),
        };
        Expectation { mock: self.clone(), rule }
    }

    /// A client that has a token, and does not wait between attempts.
    pub fn client(&self) -> Client {
        let client = self.builder().build();
        client.unwrap_or_else(|error| panic!("the client of the mock: {error}"))
    }

    /// The settings of [`client`](Self::client), for further ones. Leave the base URL as it is.
    pub fn builder(&self) -> ClientBuilder {
        Client::builder().in_process("mock").service(self.clone())
    }

    /// The requests that were sent, each attempt of a call, in order.
    pub fn requests(&self) -> Vec<Recorded> {
        locked(&self.state).requests.clone()
    }

    /// Checks that each expectation was met as often as it says, and that there was no other request.
    ///
    /// # Panics
    /// With those of which that is not so.
    #[track_caller]
    pub fn verify(&self) {
        let state = locked(&self.state);
        let mut faults: Vec<_> = state.unexpected.iter().map(Unexpected::to_string).collect();
        let unmet = state.rules.iter().filter(|rule| !rule.is_met());
        faults.extend(unmet.map(|rule| format!("not called as expected: {rule}")));
        drop(state);
        assert!(faults.is_empty(), "{}", faults.join("\n"));
    }

    fn answer(&self, request: &Recorded) -> Result<http::Response<Full<Bytes>>, BoxError> {
        let mut state = locked(&self.state);
        let State { rules, requests, unexpected } = &mut *state;
        requests.push(request.clone());
        let mut mismatches = Vec::new();
        for rule in rules {
            match rule.page_of(request) {
                Ok(page) => return rule.answer(request, page),
                Err(reason) => mismatches.push((&*rule, reason)),
            }
        }
        let error = Unexpected::new(request, &mismatches);
        unexpected.push(error.clone());
        Err(error.into())
    }
}

impl fmt::Debug for Mock {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(locked(&self.state).rules.iter().map(Rule::to_string)).finish()
    }
}

impl Service<http::Request<reqwest::Body>> for Mock {
    type Response = http::Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = Sending<Self::Response, BoxError>;

    fn poll_ready(&mut self, _context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<reqwest::Body>) -> Self::Future {
        let mock = self.clone();
        Box::pin(async move { mock.answer(&Recorded::read(request).await?) })
    }
}

/// A request that is expected. Its last method sets the answer: one of those that return the [`Mock`] again.
#[must_use = "nothing is expected until there is an answer"]
pub struct Expectation {
    mock: Mock,
    rule: Rule,
}

impl fmt::Debug for Expectation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.rule, formatter)
    }
}

impl Expectation {
    /// Expects the value of a path parameter.
    ///
    /// # Panics
    /// Here and below: the operation has no such parameter, or the value cannot be sent.
    #[track_caller]
    pub fn path<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.parameter(Location::Path, name, &written(value))
    }

    /// Expects the value of a query parameter; that it is absent, where the value is `None` or an empty list.
    #[track_caller]
    pub fn query<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.parameter(Location::Query, name, &written(value))
    }

    /// Expects the value of a header that is a parameter of the operation; that it is absent, where the value is `None`.
    #[track_caller]
    pub fn header<T: Serialize + ?Sized>(self, name: &str, value: &T) -> Self {
        self.parameter(Location::Header, name, &written(value))
    }

    #[track_caller]
    fn parameter(self, location: Location, name: &str, value: &Value) -> Self {
        let operation = self.rule.operation;
        let id = operation.id;
        let Some(parameter) = operation.parameter(location, name) else {
            let here = operation.all_parameters().filter(|parameter| parameter.location == location);
            let known: Vec<_> = here.map(|parameter| parameter.name).collect();
            panic!("{id}: the operation has no {location} `{name}`, only {known:?}");
        };
        let name = parameter.name;
        let expected = match location {
            Location::Path => {
                let mut text = String::new();
                if let Err(reason) = parameter::path(&parameter, value, &mut text) {
                    panic!("{id}: the {location} `{name}` {reason}");
                }
                pair(name, Some(decoded(&text)))
            }
            Location::Header => pair(name, parameter::header(&parameter, value)),
            Location::Query | Location::Cookie => pairs(&parameter::query(&parameter, value).join("&")),
        };
        let text = format!("{location} {}", shown(name, &expected));
        self.expects(text, move |request| {
            let found = request.given(location, name, &expected);
            (found != expected).then(|| format!("its {location} is {}", shown(name, &found)))
        })
    }

    fn expects(mut self, text: String, mismatch: impl Fn(&Recorded) -> Option<String> + Send + Sync + 'static) -> Self {
        self.rule.matchers.push(Matcher { text, mismatch: Box::new(mismatch) });
        self
    }

    /// Expects a JSON or form body that is equal to that of this value.
    ///
    /// # Panics
    /// The operation has no body.
    #[track_caller]
    pub fn body<T: Serialize + ?Sized>(self, body: &T) -> Self {
        let operation = self.rule.operation;
        assert!(!operation.body.is_empty(), "{}: the operation has no body", operation.id);
        let expected = written(body);
        self.expects(format!("body {expected}"), move |request| {
            let text = String::from_utf8_lossy(&request.body);
            let equals = match request.form_styles() {
                Some(styles) => sorted(pairs(&text)) == sorted(pairs(&form::encode(&expected, styles))),
                None => request.json::<Value>().is_ok_and(|found| found == expected),
            };
            (!equals).then(|| format!("its body is {text}"))
        })
    }

    /// Expects anything else of the request.
    pub fn when(self, suits: impl Fn(&Recorded) -> bool + Send + Sync + 'static) -> Self {
        let text = "a function of `when`";
        self.expects(text.to_owned(), move |request| (!suits(request)).then(|| format!("{text} says no")))
    }

    /// Expects the request exactly this number of times; further ones go to the next expectation. Of a list in pages, the
    /// requests of the first page count.
    pub fn times(mut self, times: usize) -> Self {
        self.rule.times = Some(times);
        self
    }

    /// Adds a header to the answer.
    ///
    /// # Panics
    /// The name or the value contains characters that HTTP does not allow.
    #[track_caller]
    pub fn reply_header(mut self, name: &str, value: &str) -> Self {
        let (Ok(known), Ok(text)) = (name.parse::<HeaderName>(), value.parse()) else {
            panic!("the header {name:?} of the answer contains forbidden characters");
        };
        self.rule.headers.append(known, text);
        self
    }

    /// Answers with the first success that the operation documents, in its media type: JSON, or the text of a string.
    ///
    /// # Panics
    /// That success has no body; `&()` is the value for none.
    #[track_caller]
    pub fn reply<T: Serialize + ?Sized>(self, value: &T) -> Mock {
        let status = self.success();
        self.reply_with(status, value)
    }

    /// Answers with this status, in the media type that the operation documents for it: JSON, or the text of a string.
    ///
    /// # Panics
    /// The operation does not document the status, and it is not one that any server may send: 429, or one of 500 to 599.
    #[track_caller]
    pub fn reply_with<T: Serialize + ?Sized>(self, status: u16, value: &T) -> Mock {
        let (id, value) = (self.rule.operation.id, written(value));
        let has_body = !is_without_body(status);
        assert!(has_body || value.is_null(), "{id}: a response with {status} has no body; `reply(&())` is one without");
        let media_type = self.media_type(status);
        let body = if has_body { media_type::written(media_type, &value).into() } else { Bytes::new() };
        self.answer(status, media_type, vec![body])
    }

    /// Answers with a text, and the first success that the operation documents.
    #[track_caller]
    pub fn reply_text(self, text: impl Into<String>) -> Mock {
        self.reply_bytes("text/plain; charset=utf-8", text.into())
    }

    /// Answers with bytes of a media type, and the first success that the operation documents.
    ///
    /// # Panics
    /// The media type contains characters that HTTP does not allow.
    #[track_caller]
    pub fn reply_bytes(self, media_type: &str, bytes: impl Into<Bytes>) -> Mock {
        let status = self.success();
        self.answer(status, media_type, vec![bytes.into()])
    }

    /// Answers with any status and any body: what a proxy says, or what cannot be decoded. The content type may be empty.
    ///
    /// # Panics
    /// The status is not one of 100 to 999, or the content type contains characters that HTTP does not allow.
    #[track_caller]
    pub fn reply_raw(self, status: u16, content_type: &str, bytes: impl Into<Bytes>) -> Mock {
        self.answer_any(status, content_type, vec![bytes.into()])
    }

    /// Answers with pages of JSON, each with a link to the next one.
    ///
    /// # Panics
    /// There are no pages.
    #[track_caller]
    pub fn reply_pages<T: Serialize>(self, pages: impl IntoIterator<Item = T>) -> Mock {
        let pages: Vec<Bytes> = pages.into_iter().map(|page| written(&page).to_string().into()).collect();
        assert!(!pages.is_empty(), "{}: a list has at least one page", self.rule.operation.id);
        let status = self.success();
        let media_type = self.media_type(status);
        self.answer(status, media_type, pages)
    }

    /// Answers with no response, but a failure of the transport: with `ConnectionRefused` no connection could be made, with
    /// `ConnectionReset` the server ended it, and `TimedOut` is a timeout.
    pub fn fail(mut self, kind: ErrorKind) -> Mock {
        self.rule.answer = Answer::Failure(kind);
        self.register()
    }

    /// The first success that the operation documents.
    fn success(&self) -> u16 {
        let mut documented = self.rule.operation.responses.iter().map(|response| response.first);
        documented.find(|status| (200..300).contains(status)).unwrap_or(200)
    }

    /// The media type that the operation documents for a status.
    fn media_type(&self, status: u16) -> &'static str {
        self.rule.operation.response(status).map_or("application/json", |response| response.media_type)
    }

    #[track_caller]
    fn answer(self, status: u16, media_type: &str, bodies: Vec<Bytes>) -> Mock {
        let Operation { id, responses, .. } = self.rule.operation;
        let is_known = responses.is_empty() || self.rule.operation.response(status).is_some();
        assert!(
            is_known || matches!(status, 429 | 500..=599),
            "{id}: the operation documents no response with {status}; `reply_raw` answers with any"
        );
        self.answer_any(status, media_type, bodies)
    }

    #[track_caller]
    fn answer_any(mut self, status: u16, media_type: &str, bodies: Vec<Bytes>) -> Mock {
        let Ok(status) = StatusCode::from_u16(status) else {
            panic!("{}: {status} is not a status", self.rule.operation.id);
        };
        if !media_type.is_empty() && bodies.iter().any(|body| !body.is_empty()) {
            self = self.reply_header(CONTENT_TYPE.as_str(), media_type);
        }
        self.rule.answer = Answer::Response(status, bodies);
        self.register()
    }

    fn register(self) -> Mock {
        let Self { mock, rule } = self;
        locked(&mock.state).rules.push(rule);
        mock
    }
}

/// An expectation and its answer.
struct Rule {
    operation: &'static Operation,
    matchers: Vec<Matcher>,
    times: Option<usize>,
    calls: usize,
    /// Whether anything of it was requested: a further page is not counted as a call.
    used: bool,
    headers: HeaderMap,
    answer: Answer,
}

enum Answer {
    /// A status, and the bodies of the pages; mostly one.
    Response(StatusCode, Vec<Bytes>),
    Failure(ErrorKind),
}

impl Rule {
    fn is_for(&self, other: &Operation) -> bool {
        let Operation { id, method, path, .. } = self.operation;
        (*id, *method, *path) == (other.id, other.method, other.path)
    }

    fn is_met(&self) -> bool {
        self.times.map_or(self.used, |times| self.calls == times)
    }

    /// The page that a request asks for, from 0, or why it is not expected here.
    fn page_of(&self, request: &Recorded) -> Result<usize, String> {
        if !self.is_for(request.operation) {
            return Err("it is of another operation".to_owned());
        }
        if let Some(reason) = self.matchers.iter().find_map(|it| (it.mismatch)(request)) {
            return Err(reason);
        }
        let page = match &self.answer {
            Answer::Response(_, pages) if pages.len() > 1 => {
                let cursor = request.query_value(self.operation.cursor.unwrap_or(PAGE)).unwrap_or("0");
                let page = cursor.parse().ok().filter(|page| *page < pages.len());
                page.ok_or_else(|| format!("there is no page {cursor:?}"))?
            }
            _ => 0,
        };
        match self.times {
            Some(times) if page == 0 && self.calls >= times => Err("it was called as often as expected".to_owned()),
            _ => Ok(page),
        }
    }

    fn answer(&mut self, request: &Recorded, page: usize) -> Result<http::Response<Full<Bytes>>, BoxError> {
        self.used = true;
        self.calls += usize::from(page == 0);
        match &self.answer {
            Answer::Failure(kind) => Err(io::Error::from(*kind).into()),
            Answer::Response(status, pages) => {
                let body = pages.get(page).cloned().unwrap_or_default();
                let mut response = http::Response::new(body.into());
                *response.status_mut() = *status;
                *response.headers_mut() = self.headers.clone();
                if page + 1 < pages.len() {
                    response.headers_mut().append(LINK, request.link_to(page + 1).parse()?);
                }
                Ok(response)
            }
        }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Operation { id, method, path, .. } = self.operation;
        write!(formatter, "{id} ({method} {path})")?;
        for (index, matcher) in self.matchers.iter().enumerate() {
            let before = if index == 0 { " with " } else { ", " };
            write!(formatter, "{before}{}", matcher.text)?;
        }
        match self.times {
            None => write!(formatter, ", once or more")?,
            Some(times) => write!(formatter, ", {times} times")?,
        }
        write!(formatter, "; called {} times", self.calls)
    }
}

/// What is expected of a request.
struct Matcher {
    text: String,
    mismatch: Box<Mismatch>,
}

/// Why a request does not suit, if it does not.
type Mismatch = dyn Fn(&Recorded) -> Option<String> + Send + Sync;

/// Pairs as a reader knows them.
pub(super) fn shown(name: &str, pairs: &[(String, String)]) -> String {
    if pairs.is_empty() {
        return format!("`{name}` absent");
    }
    let pairs: Vec<_> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("`{}`", pairs.join("&"))
}

/// A request that was sent. Credentials are redacted.
#[derive(Clone)]
#[non_exhaustive]
pub struct Recorded {
    /// The operation.
    pub operation: &'static Operation,
    /// The method.
    pub method: Method,
    /// The path, encoded.
    pub path: String,
    /// The pairs of the query, decoded.
    pub query: Vec<(String, String)>,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

debug_fields!(
    Recorded, it => operation: it.operation.id, method: it.method, path: it.path, query: it.query, headers: it.headers,
    body: it.body
);

impl Recorded {
    /// Reads a request with its whole body.
    pub(super) async fn read(request: http::Request<reqwest::Body>) -> Result<Self, BoxError> {
        let (parts, body) = request.into_parts();
        Self::new(parts, platform::whole(body).await?)
    }

    pub(super) fn new(parts: http::request::Parts, body: Bytes) -> Result<Self, BoxError> {
        let operation = parts.extensions.get::<&'static Operation>();
        let operation = *operation.ok_or("a layer has removed the extensions of the request")?;
        let mut headers = parts.headers;
        for value in headers.values_mut().filter(|it| it.is_sensitive()) {
            *value = HeaderValue::from_static(REDACTED);
        }
        let mut query = pairs(parts.uri.query().unwrap_or_default());
        for (name, value) in &mut query {
            let is_key = |carrier| matches!(carrier, Carrier::Key(Location::Query, key) if key == name);
            if SECURITY_SCHEMES.iter().any(|scheme| is_key(scheme.carrier)) {
                REDACTED.clone_into(value);
            }
        }
        Ok(Self { operation, method: parts.method, path: parts.uri.path().to_owned(), query, headers, body })
    }

    /// The value of a path parameter, decoded.
    pub fn path_value(&self, name: &str) -> Option<String> {
        let mut rest = self.path.as_str();
        let mut parts = self.operation.path_parts().peekable();
        while let Some(part) = parts.next() {
            match part {
                PathPart::Literal(literal) => rest = rest.strip_prefix(literal)?,
                PathPart::Parameter(known) => {
                    let end = match parts.peek() {
                        // The path of a description may have a query.
                        Some(PathPart::Literal(next)) if !next.starts_with(['?', '#']) => {
                            let next = next.split(['?', '#']).next().unwrap_or_default();
                            rest.find(next)?
                        }
                        _ => rest.len(),
                    };
                    let (value, after) = rest.split_at(end);
                    if known == name {
                        return Some(decoded(value));
                    }
                    rest = after;
                }
            }
        }
        None
    }

    /// The first value of a query parameter.
    pub fn query_value(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Reads a JSON body.
    ///
    /// # Errors
    /// It is not JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// What was sent for a parameter: the pairs of its name, or of the names that are expected.
    fn given(&self, location: Location, name: &str, expected: &Pairs) -> Pairs {
        match location {
            Location::Path => pair(name, self.path_value(name)),
            Location::Header => {
                pair(name, self.headers.get(name).map(|it| String::from_utf8_lossy(it.as_bytes()).into_owned()))
            }
            Location::Query | Location::Cookie => {
                let is_asked = |it: &str| it == name || expected.iter().any(|(known, _)| known == it);
                self.query.iter().filter(|(known, _)| is_asked(known)).cloned().collect()
            }
        }
    }

    fn form_styles(&self) -> Option<&'static [(&'static str, Style, bool)]> {
        (self.headers.get(CONTENT_TYPE)? == form::MEDIA_TYPE).then(|| form::styles(self.operation))
    }

    /// The `Link` header with another page of this list.
    fn link_to(&self, page: usize) -> String {
        let name = self.operation.cursor.unwrap_or(PAGE);
        let kept = self.query.iter().filter(|(known, value)| known != name && value != REDACTED);
        let mut query = form_urlencoded::Serializer::new(String::new());
        let query = query.extend_pairs(kept).append_pair(name, &page.to_string()).finish();
        format!("<{}?{query}>; rel=\"next\"; results=\"true\"; cursor=\"{page}\"", self.path)
    }
}

/// A request that a [`Mock`] does not expect. Its text says why.
#[derive(Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unexpected(pub(super) String);

impl Unexpected {
    fn new(request: &Recorded, mismatches: &[(&Rule, String)]) -> Self {
        let Recorded { operation, method, path, query, .. } = request;
        let mut text = format!("{}: {method} {path}", operation.id);
        if !query.is_empty() {
            text += &format!(" with query parameters {}", shown("", query));
        }
        text += " is not expected";
        let related: Vec<_> = mismatches.iter().filter(|(rule, _)| rule.is_for(operation)).collect();
        text.extend(related.iter().map(|(rule, reason)| format!("\n- {rule}, but {reason}")));
        if related.is_empty() {
            text += ", nor anything of this operation";
            text.extend(mismatches.iter().map(|(rule, _)| format!("\n- {rule}")));
        }
        Self(text)
    }
}

impl fmt::Debug for Unexpected {
    /// As it is displayed: a test that fails shows this.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[track_caller]
fn written<T: Serialize + ?Sized>(value: &T) -> Value {
    match serde_json::to_value(value) {
        Ok(value) => value,
        Err(error) => panic!("the value cannot be written as JSON: {error}"),
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// The pair of a name and a value, if there is one.
fn pair(name: &str, value: Option<String>) -> Pairs {
    value.map(|value| (name.to_owned(), value)).into_iter().collect()
}

pub(super) fn pairs(query: &str) -> Pairs {
    form_urlencoded::parse(query.as_bytes()).into_owned().collect()
}

/// Pairs in one order, since theirs means nothing.
pub(super) fn sorted(mut pairs: Pairs) -> Pairs {
    pairs.sort();
    pairs
}
