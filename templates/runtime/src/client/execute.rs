//! Sending requests: attempts, redirects, limits.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode, header};
use url::Url;

use super::Client;
use super::clock::Clock;
use super::error::{Error, ErrorResponse, TimeLimit, Timeout, TransportError};
use super::incoming::Incoming;
use super::request::{Prepared, Request};
use super::retry::{entropy, is_retryable, retry_after};
use super::transport::BoxError;

/// A successful response. The body is whole, or what follows in `incoming`.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) incoming: Incoming,
}

/// Sends a request, again where it has to be, and reads the whole response.
pub(super) async fn whole(request: &Request) -> Result<Reply, Error> {
    execute(request, true).await
}

/// Sends a request, again where it has to be, up to the beginning of the response's body. No deadline holds from there on.
pub(super) async fn opened(request: &Request) -> Result<Reply, Error> {
    execute(request, false).await
}

/// Why an attempt failed.
struct Failure {
    error: Error,
    stage: Stage,
}

/// How far a failed attempt had come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The server has received nothing.
    Connecting,
    /// The server may have received the request.
    Sent,
    /// The response has come, or the time is over: to send the request again does not help.
    Over,
}

async fn execute(request: &Request, whole: bool) -> Result<Reply, Error> {
    let settings = &request.client.inner.settings;
    let operation = request.operation.id;
    let mut clock = Clock::start(operation, settings.deadline, settings.silence)?;
    let mut target = None;
    let (mut attempts, mut redirects) = (1, 0);
    let mut waited = Duration::ZERO;
    loop {
        let mut prepared = request.prepare()?;
        if let Some(target) = &target {
            prepared.url = Url::clone(target);
        }
        let method = prepared.method.clone();
        let outcome = attempt(&request.client, operation, prepared, &mut clock).await;
        let (again, pause) = match &outcome {
            Ok(response) => match redirect_target(&request.client, &method, response) {
                Some(next) if redirects < settings.limits.redirects => {
                    redirects += 1;
                    target = Some(next);
                    continue;
                }
                _ => (
                    is_retryable(&method, response.status()),
                    retry_after(response.headers(), SystemTime::now()),
                ),
            },
            Err(failure) => (failure.allows_retry(&method), None),
        };
        let outcome = match outcome {
            Ok(response) if response.status().is_success() => {
                let mut reply = Reply::new(operation, response, clock);
                if !whole {
                    reply.incoming.without_deadline();
                    return Ok(reply);
                }
                reply.read(settings.limits.response_size).await?;
                return Ok(reply);
            }
            other => other,
        };
        let delay = settings.retry.delay(attempts, pause, waited, entropy());
        match delay.filter(|delay| again && *delay < clock.left()) {
            Some(delay) => {
                (settings.sleep.0)(delay).await;
                waited += delay;
                attempts += 1;
            }
            None => {
                let response = outcome.map_err(|failure| failure.error)?;
                return Err(refused(request, response, clock).await);
            }
        }
    }
}

impl Failure {
    fn allows_retry(&self, method: &Method) -> bool {
        match self.stage {
            Stage::Connecting => true,
            Stage::Sent => method.is_idempotent(),
            Stage::Over => false,
        }
    }
}

impl From<Timeout> for Failure {
    fn from(timeout: Timeout) -> Self {
        let stage = match timeout.limit {
            TimeLimit::Deadline(_) => Stage::Over,
            TimeLimit::Silence(_) => Stage::Sent,
            TimeLimit::Connect => Stage::Connecting,
        };
        let error = Error::Timeout(timeout);
        Self { error, stage }
    }
}

/// Sends a request once.
async fn attempt(
    client: &Client,
    operation: &'static str,
    prepared: Prepared,
    clock: &mut Clock,
) -> Result<reqwest::Response, Failure> {
    let mut request = reqwest::Request::new(prepared.method, prepared.url);
    *request.headers_mut() = prepared.headers;
    if let Some(body) = prepared.body {
        request = body
            .attach(&client.inner.transport.http, request)
            .map_err(|error| failure(operation, error.into()))?;
    }
    clock.watch(&mut request);
    let sent = clock.limit(client.inner.transport.send(request)).await;
    clock.responded();
    sent?.map_err(|error| failure(operation, error))
}

/// The error of a transport.
pub(super) fn transport(operation: &'static str, error: BoxError) -> Error {
    failure(operation, error).error
}

/// What an error of the transport means, without the URL, which may contain a key.
fn failure(operation: &'static str, error: BoxError) -> Failure {
    let error = match error.downcast::<reqwest::Error>() {
        Ok(error) => *error,
        Err(source) => {
            let error = Error::Transport(TransportError {
                operation,
                connecting: false,
                source,
            });
            let stage = Stage::Sent;
            return Failure { error, stage };
        }
    };
    let (connecting, timeout) = (error.is_connect(), error.is_timeout());
    let stage = if connecting {
        Stage::Connecting
    } else {
        Stage::Sent
    };
    let error = if connecting && timeout {
        Error::Timeout(Timeout::new(operation, TimeLimit::Connect))
    } else {
        Error::Transport(TransportError {
            operation,
            connecting,
            source: error.without_url().into(),
        })
    };
    Failure { error, stage }
}

/// The error of a response that is not a success.
async fn refused(request: &Request, response: reqwest::Response, clock: Clock) -> Error {
    let mut reply = Reply::new(request.operation.id, response, clock);
    let limit = request.client.inner.settings.limits.error_size;
    // A body that cannot be read to its end does not hide the error.
    let truncated = !reply.read_up_to(limit).await.unwrap_or(false);
    let (status, headers) = (reply.status, reply.headers);
    let redirect = is_redirect(status) && headers.contains_key(header::LOCATION);
    let error = Box::new(ErrorResponse {
        status,
        operation: request.operation.id,
        documented: request.operation.meaning(status.as_u16()),
        retry_after: retry_after(&headers, SystemTime::now()),
        headers,
        body: reply.body,
        truncated,
    });
    if redirect {
        Error::Redirect(error)
    } else {
        Error::Status(error)
    }
}

impl Reply {
    fn new(operation: &'static str, mut response: reqwest::Response, clock: Clock) -> Self {
        Self {
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: Bytes::new(),
            incoming: Incoming::new(operation, response, clock),
        }
    }

    /// Reads the whole body.
    async fn read(&mut self, limit: usize) -> Result<(), Error> {
        if self.read_up_to(limit).await? {
            return Ok(());
        }
        Err(self.incoming.too_large(limit))
    }

    /// Reads the body up to a limit. Returns whether that is the whole body.
    async fn read_up_to(&mut self, limit: usize) -> Result<bool, Error> {
        let mut body = Vec::new();
        let mut complete = Ok(true);
        loop {
            match self.incoming.chunk().await {
                Ok(None) => break,
                Ok(Some(chunk)) => {
                    let room = limit.saturating_sub(body.len());
                    body.extend_from_slice(chunk.get(..room).unwrap_or(&chunk));
                    if chunk.len() > room {
                        complete = Ok(false);
                        break;
                    }
                }
                Err(error) => {
                    complete = Err(error);
                    break;
                }
            }
        }
        self.body = body.into();
        complete
    }
}

/// The target of a redirect, if it may be followed.
fn redirect_target(client: &Client, method: &Method, response: &reqwest::Response) -> Option<Url> {
    let status = response.status();
    let keeps_request = match status.as_u16() {
        307 | 308 => true,
        _ => is_redirect(status) && matches!(*method, Method::GET | Method::HEAD),
    };
    if !keeps_request {
        return None;
    }
    let location = response.headers().get(header::LOCATION)?.to_str().ok()?;
    let target = response.url().join(location).ok()?;
    is_ours(client, &target).then_some(target)
}

/// Whether the client may send credentials to a URL.
pub(super) fn is_ours(client: &Client, url: &Url) -> bool {
    url.origin() == client.inner.base_url.origin()
        && url.username().is_empty()
        && url.password().is_none()
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}
