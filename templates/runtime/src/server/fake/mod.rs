//! A server without an implementation: it responds to every operation from the examples and schemas of the description.
//!
//! The same seed gives the same responses. A collection, such as `/teams/`, begins with a few items. What is created in it
//! stays: a POST adds an item, the list has it, and GET, PUT, PATCH and DELETE of `/teams/{id}/` find it. The paths tell what
//! belongs together: `/organizations/{org}/teams/` has the items of `/teams/{org}/{team}/`. Any other id exists until it is
//! deleted. Once requests have made it remember more than 8 MiB, as JSON, it forgets all of it and begins anew. Requests
//! are checked as those of any server, and need a credential where the description says so; any will do. Texts do not match
//! patterns.
//!
//! A request can ask for a response by its header `Prefer`, with one of these or several, separated by commas:
//!
//! - `code=404` for the response of this status, 200 to 599, with `{"detail": "..."}` where the description has none,
//! - `delay=500` for one after as many milliseconds,
//! - `fault=reset` or `fault=cut` for one that breaks off: see [`Fault`].
//!
//! `Accept` chooses the media type. [`FakeApi::fail`] sets a fault from outside, which goes first.
//!
//! ```text
//! let fake = FakeApi::new(1);
//! let team = fake.client().create_team("acme", &team).send().await?;
//! fake.fail(&operations::LIST_TEAMS, Fault::Status(503));
//! serve(listener, fake.router(), Limits::default(), shutdown).await;
//! ```

mod store;
mod values;

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, LINK, RETRY_AFTER};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use futures_util::future::ready;
use futures_util::stream::{StreamExt, once};
use serde_json::{Map, Value};
use tokio::time::sleep;

use self::store::{Collections, Place};
use self::values::{DOCUMENT, mix, resolved, value};
use super::router::{Handler, Routes};
use super::schema::SCHEMAS;
use super::{Payload, Problem, Reply, RequestContext, Validation, operations, status, validation};
use crate::operation::{Method, Operation};
use crate::security::SECURITY_SCHEMES;
use crate::types::media_type::{is_json, written};

/// A response that a server should not send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// This status, with `Retry-After: 1` if it is 429 or 503.
    Status(u16),
    /// The response comes after this time.
    Slow(Duration),
    /// The connection ends before anything of a body.
    Reset,
    /// The connection ends in the middle of the body.
    Cut,
}

/// The faults that are still to come.
type Faults = Vec<(&'static Operation, Fault)>;

/// A server without an implementation. Clones have the same items.
#[derive(Debug, Clone, Default)]
pub struct FakeApi {
    seed: u64,
    validation: Validation,
    collections: Arc<Mutex<Collections>>,
    faults: Arc<Mutex<Faults>>,
}

impl FakeApi {
    /// A server whose values follow from a seed.
    pub fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Sets what is checked of requests: with [`Validation::OFF`], nothing, not even for a credential.
    #[must_use]
    pub fn validation(mut self, validation: Validation) -> Self {
        self.validation = validation;
        self
    }

    /// Lets the next request of an operation fail; a second call, the one after it.
    pub fn fail(&self, operation: &'static Operation, fault: Fault) {
        lock(&self.faults).push((operation, fault));
    }

    /// A router of all operations.
    pub fn router(&self) -> Router {
        let all = operations::GROUPS.iter().copied().flatten().copied();
        let handlers = all.map(|operation| {
            let fake = self.clone();
            let handler: Handler = Arc::new(move |context, body| {
                let fake = fake.clone();
                Box::pin(async move { fake.reply(context, body).await })
            });
            (operation, handler)
        });
        Routes::new(handlers).into_router_with_fallback()
    }

    /// A client of this server, without a socket. It does not wait between attempts.
    ///
    /// # Panics
    /// Never on its own settings.
    #[cfg(feature = "client-without-tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "client-without-tls")))]
    pub fn client(&self) -> crate::client::Client {
        let client = self.builder().build();
        client.unwrap_or_else(|error| panic!("the client of the fake: {error}"))
    }

    /// The settings of [`client`](Self::client), for further ones. Leave the base URL as it is.
    #[cfg(feature = "client-without-tls")]
    #[cfg_attr(docsrs, doc(cfg(feature = "client-without-tls")))]
    pub fn builder(&self) -> crate::client::ClientBuilder {
        let builder = crate::client::Client::builder();
        builder.in_process("fake").service(self.router())
    }

    async fn reply(&self, mut context: RequestContext, body: Body) -> Result<Reply, Reply> {
        context.unambiguous()?;
        let preferred = Preferred::of(&context.headers);
        let fault = self.fault(context.operation()).or(preferred.fault);
        let delay = match fault {
            Some(Fault::Slow(time)) => Some(time),
            _ => preferred.delay,
        };
        if let Some(time) = delay {
            sleep(time).await;
        }
        let (operation, is_checked) = (context.operation(), self.validation.schema);
        let mut schemes = SECURITY_SCHEMES.iter();
        let has_credential = schemes.any(|scheme| context.credential(scheme.name).is_some());
        if is_checked && !operation.is_public() && !has_credential {
            return Err(Problem::unauthorized("the request has no credential").into());
        }
        let mut payload = Payload::read(&mut context, body, self.validation).await?;
        payload.skip().await?;
        let read = validation::complete(&context, &mut payload, SCHEMAS.of(operation));
        if is_checked {
            read?;
        }
        let code = match fault {
            Some(Fault::Status(code)) => Some(code),
            _ => None,
        };
        let found = Response::of(operation, code, &context.headers);
        let reply = self.respond(&context, &found, payload.value.take().unwrap_or_default());
        Ok(match fault {
            Some(Fault::Reset) => broken(reply, 0),
            Some(Fault::Cut) => broken(reply, 2),
            _ => reply,
        })
    }

    fn fault(&self, operation: &Operation) -> Option<Fault> {
        let mut faults = lock(&self.faults);
        let found = faults.iter().position(|(one, _)| one.id == operation.id)?;
        Some(faults.remove(found).1)
    }

    fn respond(&self, context: &RequestContext, response: &Response, sent: Value) -> Reply {
        let operation = context.operation();
        let mut links = HeaderMap::new();
        let mut body = None;
        let place = Place::of(operation, context);
        if let Some(place) = place.filter(|_| response.status.is_success()) {
            let seed = mix(self.seed, &place.collection);
            let mut collections = lock(&self.collections);
            let items = collections.of(&place, seed);
            let sent = match sent {
                Value::Object(sent) => sent,
                _ => Map::new(),
            };
            let schema = response.schema();
            body = match (operation.method, &place.id) {
                (Method::Get, None) => items.list(schema).map(|all| page(context, all, &mut links)),
                (Method::Post, None) => items.create(schema, sent, place.unique()),
                (Method::Get | Method::Put | Method::Patch, Some(id)) => {
                    let changed = operation.method != Method::Get;
                    match items.item(id, &place.names, schema, changed.then_some(sent)) {
                        Some(item) => Some(item),
                        None => return self.missing(context),
                    }
                }
                (Method::Delete, Some(id)) if !items.delete(id, &place.names) => {
                    return self.missing(context);
                }
                _ => None,
            };
        }
        let key = mix(mix(self.seed, operation.id), context.uri.path());
        let mut reply = response.reply(operation, key, body);
        reply.headers_mut().extend(links);
        reply
    }

    /// 404 for an item that was deleted.
    fn missing(&self, context: &RequestContext) -> Reply {
        let operation = context.operation();
        Response::of(operation, Some(404), &context.headers).reply(operation, self.seed, None)
    }
}

/// A page of a list, with a link to the next one.
fn page(context: &RequestContext, mut all: Value, links: &mut HeaderMap) -> Value {
    let number = |names: &[&str]| {
        let mut pairs = context.query.iter();
        pairs.find(|pair| names.contains(&&*pair.key))?.raw.parse().ok()
    };
    if let (Some(cursor), Some(items)) = (context.operation().cursor, all.as_array_mut()) {
        let first = number(&[cursor]).unwrap_or(0).min(items.len());
        let size = number(&["per_page", "limit", "page_size"]).unwrap_or(100).max(1);
        items.drain(..first);
        if items.len() > size {
            items.truncate(size);
            let next = context.page_link("next", &(first + size).to_string());
            links.append(LINK, next);
        }
    }
    all
}

/// What a request asks for (RFC 7240).
#[derive(Default)]
struct Preferred {
    fault: Option<Fault>,
    delay: Option<Duration>,
}

impl Preferred {
    fn of(headers: &HeaderMap) -> Self {
        let mut preferred = Self::default();
        let texts = headers.get_all("prefer").iter();
        let texts = texts.filter_map(|value| value.to_str().ok());
        for one in texts.flat_map(|text| text.split([',', ';'])) {
            match one.trim().split_once('=') {
                Some(("code", code)) => {
                    let code = code.parse().ok().filter(|code| (200..600).contains(code));
                    preferred.fault = code.map(Fault::Status);
                }
                Some(("fault", "reset")) => preferred.fault = Some(Fault::Reset),
                Some(("fault", "cut")) => preferred.fault = Some(Fault::Cut),
                Some(("delay", time)) => {
                    preferred.delay = time.parse().ok().map(Duration::from_millis);
                }
                _ => {}
            }
        }
        preferred
    }
}

/// A response of the description.
struct Response {
    status: StatusCode,
    described: &'static Value,
    /// Its media type, and what the description has of it.
    content: Option<(&'static str, &'static Value)>,
}

impl Response {
    /// The response with this status, or the first success, in the media type that a request accepts, or else in JSON.
    fn of(operation: &Operation, code: Option<u16>, headers: &HeaderMap) -> Self {
        let mut documented = operation.responses.iter().map(|one| one.first);
        let success = documented.find(|code| (200..300).contains(code));
        let code = code.or(success).unwrap_or(200);
        let method = operation.method.as_str().to_ascii_lowercase();
        let responses = &DOCUMENT["paths"][operation.path][method]["responses"];
        let (exact, range) = (code.to_string(), format!("{}XX", code / 100));
        let mut keys = [&*exact, &range, "default"].into_iter();
        let described = keys.find_map(|key| responses.get(key)).map(resolved);
        let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok());
        let rank = |(media_type, _): &(&String, &Value)| {
            let position = accept.and_then(|accept| accept.find(media_type.as_str()));
            (position.unwrap_or(usize::MAX), !is_json(media_type))
        };
        let contents = described.and_then(|described| described["content"].as_object());
        let content = contents.and_then(|contents| contents.iter().min_by_key(rank));
        Self {
            status: status(code),
            described: described.unwrap_or(&Value::Null),
            content: content.map(|(media_type, content)| (media_type.as_str(), content)),
        }
    }

    fn schema(&self) -> &'static Value {
        self.content.map_or(&Value::Null, |(_, content)| &content["schema"])
    }

    fn reply(&self, operation: &Operation, key: u64, body: Option<Value>) -> Reply {
        let mut reply = match self.content {
            Some((media_type, content)) => {
                let body = body.unwrap_or_else(|| self.body(operation, content, key));
                self.written(media_type, &body)
            }
            None if self.status.is_success() => Reply::empty(self.status),
            None => Reply::detail(self.status, self.status.canonical_reason().unwrap_or("fault")),
        };
        let headers = self.described["headers"].as_object();
        for (name, header) in headers.into_iter().flatten() {
            let value = text(&value(&resolved(header)["schema"], name, mix(key, name), 0));
            if let (Ok(name), Ok(value)) = (name.parse::<HeaderName>(), HeaderValue::try_from(value))
                && ![CONTENT_TYPE, CONTENT_LENGTH, LINK].contains(&name)
            {
                reply.headers_mut().insert(name, value);
            }
        }
        if matches!(self.status.as_u16(), 429 | 503) {
            reply.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        reply
    }

    /// The example of the description, if it is as described, or a value of the schema.
    fn body(&self, operation: &Operation, content: &'static Value, key: u64) -> Value {
        let examples = content["examples"].as_object().into_iter().flat_map(Map::values);
        let mut examples = content.get("example").into_iter().chain(examples.map(|one| &resolved(one)["value"]));
        let media_type = self.content.map_or("", |(media_type, _)| media_type);
        let is_right = |example: &&Value| {
            let found = Reply::json_as(self.status, media_type, *example).deviations(operation);
            !example.is_null() && found.is_empty()
        };
        let example = examples.find(is_right).cloned();
        example.unwrap_or_else(|| value(&content["schema"], "", key, 0))
    }

    fn written(&self, media_type: &str, body: &Value) -> Reply {
        // A range is not a media type to send.
        let media_type = if media_type.contains('*') { "application/json" } else { media_type };
        let body = written(media_type, body);
        Reply::bytes(self.status, media_type, body.into())
    }
}

/// A value as the text of a header.
fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The reply without the end of its body: `1/parts` of it is sent, or nothing.
fn broken(mut reply: Reply, parts: usize) -> Reply {
    let body = reply.body().cloned().unwrap_or_default();
    let length = body.len().max(1);
    let sent = body.slice(..body.len().checked_div(parts).unwrap_or(0));
    let rest = async {
        // What is before has to be sent first.
        sleep(Duration::from_millis(10)).await;
        Err(io::Error::from(ErrorKind::ConnectionReset))
    };
    reply.headers_mut().insert(CONTENT_LENGTH, length.into());
    let sent =
        once(ready(Ok::<Bytes, io::Error>(sent))).filter(|sent| ready(!matches!(sent, Ok(sent) if sent.is_empty())));
    reply.with_body(Body::from_stream(sent.chain(once(rest))))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
