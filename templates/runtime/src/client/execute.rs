//! Sending requests: attempts, redirects, limits.

use std::io::{self, ErrorKind};
use std::pin::pin;
use std::time::Duration;

use bytes::Bytes;
use http::{Method, StatusCode, header};
use tokio::sync::OwnedSemaphorePermit;
use url::Url;

use super::Client;
use super::clock::Clock;
use super::error::{Error, ErrorResponse, TimeLimit, Timeout, TransportError};
use super::incoming::Incoming;
#[cfg(feature = "tracing")]
use super::observe::trace;
use super::observe::{Attempt, Observed};
use super::platform::{self, Response, timeout};
use super::request::{LONGEST_URL, Prepared, Request};
use super::response::Received;
use super::retry::{RetryPolicy, entropy, is_retryable, retry_after};
use super::transport::BoxError;

/// Sends a request, again where it has to be, and reads the whole response.
pub(super) async fn whole(request: &Request) -> Result<Received, Error> {
    let mut sending = Sending::new(request)?;
    let (mut response, body) = sending.run(true).await?;
    Ok(sending.received(&mut response, body))
}

/// Sends a request, again where it has to be, up to the beginning of the response's body. From there on, only a deadline of
/// the call itself holds.
pub(super) async fn opened(request: &Request) -> Result<(Received, Incoming), Error> {
    let mut sending = Sending::new(request)?;
    let (mut response, body) = sending.run(false).await?;
    let received = sending.received(&mut response, body);
    let Sending { mut clock, permit, .. } = sending;
    if request.options.as_deref().is_none_or(|options| options.deadline.is_none()) {
        clock.without_deadline();
    }
    Ok((received, Incoming::new(request.operation.id, response, clock, permit)))
}

struct Sending<'a> {
    request: &'a Request,
    clock: Clock,
    policy: RetryPolicy,
    /// Where a redirect has led.
    target: Option<Url>,
    redirects: usize,
    attempts: u32,
    waited: Duration,
    /// How many requests were sent, after redirects, too.
    sends: u32,
    /// The status of the last one.
    status: Option<StatusCode>,
    /// Allows one request in flight.
    permit: Option<OwnedSemaphorePermit>,
}

pub(super) struct Failure {
    pub(super) error: Error,
    stage: Stage,
}

/// How far a failed attempt had come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The server has received nothing.
    Connecting,
    /// The server says that it has not processed the request.
    Refused,
    /// The connection ended before the response began. The server may have closed one that was kept open for long.
    Closed,
    /// The server may have received the request.
    Sent,
    /// To send the request again does not help.
    Over,
}

impl<'a> Sending<'a> {
    fn new(request: &'a Request) -> Result<Self, Error> {
        let settings = &request.client.inner.settings;
        let operation = request.operation.id;
        let options = request.options.as_deref();
        let deadline = options.and_then(|options| options.deadline).unwrap_or(settings.deadline);
        Ok(Self {
            request,
            clock: Clock::start(operation, deadline, settings.silence)?,
            policy: options.and_then(|options| options.retry).unwrap_or(settings.retry),
            target: None,
            redirects: 0,
            attempts: 1,
            waited: Duration::ZERO,
            sends: 0,
            status: None,
            permit: None,
        })
    }

    /// Sends the request until there is a response that holds, and reads the body of a success, or nothing of it.
    async fn run(&mut self, whole: bool) -> Result<(Response, Bytes), Error> {
        let inner = &self.request.client.inner;
        loop {
            let mut prepared = Box::new(self.request.prepare()?);
            if let Some(target) = &self.target {
                prepared.url = target.clone();
            }
            let method = prepared.method.clone();
            let outcome = self.attempt(prepared, whole).await;
            let spent = self.request.is_spent();
            let mut redirected = false;
            let (again, asked) = match &outcome {
                Ok((response, _)) => match self.redirect_target(&method, response) {
                    Some(_) if spent => {
                        redirected = true;
                        (false, None)
                    }
                    Some(target) if self.redirects < inner.settings.limits.redirects => {
                        self.redirects += 1;
                        self.target = Some(target);
                        continue;
                    }
                    _ if is_retryable(&method, response.status()) => {
                        (true, retry_after(response.headers(), platform::now()))
                    }
                    _ => (false, None),
                },
                Err(failure) => (failure.allows_retry(&method), None),
            };
            if !again && outcome.is_ok() {
                inner.budget.succeeded(self.attempts > 1);
            }
            let stage = outcome.as_ref().err().map(|failure| failure.stage);
            let pause = (again && !spent).then(|| self.pause(asked, stage)).flatten();
            if let Some(pause) = pause {
                // The connection is free meanwhile, and another call may be in flight.
                drop(outcome);
                self.wait(pause).await;
                continue;
            }
            let error = match outcome {
                Ok((response, body)) if response.status().is_success() => return Ok((response, body)),
                Ok((response, _)) => self.refused(response).await,
                Err(failure) => failure.error,
            };
            if spent && (redirected || again && self.attempts < self.policy.attempts) {
                let operation = self.request.operation.id;
                return Err(Error::NotRepeatable { operation, source: Some(Box::new(error)) });
            }
            return Err(error);
        }
    }

    /// The pause before the next attempt, if there is one.
    fn pause(&self, asked: Option<Duration>, stage: Option<Stage>) -> Option<Duration> {
        let delay = self.policy.delay(self.attempts, asked, self.waited, entropy())?;
        // A connection that the server has closed meanwhile says nothing of its load.
        let is_stale = stage == Some(Stage::Closed) && self.attempts == 1;
        let delay = if is_stale { Duration::ZERO } else { delay };
        (delay < self.clock.left() && self.request.client.inner.budget.take()).then_some(delay)
    }

    async fn wait(&mut self, pause: Duration) {
        self.permit = None;
        #[cfg(feature = "tracing")]
        trace::again(self.request.operation.id, pause);
        if !pause.is_zero() {
            (self.request.client.inner.settings.sleep)(pause).await;
        }
        self.waited += pause;
        self.attempts += 1;
    }

    /// Sends the request once, as soon as it may be, and tells those who want to know.
    async fn attempt(&mut self, prepared: Box<Prepared>, whole: bool) -> Result<(Response, Bytes), Failure> {
        let inner = &self.request.client.inner;
        let settings = &inner.settings;
        self.permit = None;
        self.permit = inner.admission.admit(&self.clock, &*settings.sleep).await?;
        self.sends += 1;
        self.status = None;
        let attempt = Attempt { operation: self.request.operation, number: self.sends };
        let observed = Observed::start(&settings.hooks, attempt);
        #[cfg(feature = "tracing")]
        let span = trace::span(&attempt, &inner.base_url);
        let sending = self.send(prepared, whole);
        #[cfg(feature = "tracing")]
        let sending = tracing::Instrument::instrument(sending, span.clone());
        let outcome = sending.await;
        let error = outcome.as_ref().err().map(|failure| &failure.error);
        #[cfg(feature = "tracing")]
        trace::end(&span, self.status, error);
        observed.end(self.status, error);
        outcome
    }

    /// Sends the request, and reads the body of a success.
    async fn send(&mut self, mut prepared: Box<Prepared>, whole: bool) -> Result<(Response, Bytes), Failure> {
        let operation = self.request.operation.id;
        let inner = &self.request.client.inner;
        let (mut body, mut source) = (None, None);
        if let Some(unopened) = prepared.body.take() {
            let opened = timeout(self.clock.left(), unopened.open(operation)).await;
            let (opened, failed) = opened.map_err(|_| self.clock.too_late())?.map_err(Failure::over)?;
            (body, source) = (Some(opened), failed);
        }
        let sending = pin!(self.start(*prepared, body));
        let sent = self.clock.limit(sending).await;
        self.clock.responded();
        // Whatever became of it, what was sent is not the request.
        if let Some(source) = source.and_then(|source| source.take()) {
            return Err(Failure::over(Error::File { operation, source }));
        }
        let mut response = sent?.map_err(|error| failure(operation, error))?;
        self.status = Some(response.status());
        inner.admission.note(response.headers());
        if !whole || !response.status().is_success() {
            return Ok((response, Bytes::new()));
        }
        let limit = inner.settings.limits.response_size;
        // What is said to be too long is not read.
        if response.content_length().is_none_or(|stated| stated <= limit as u64) {
            let (body, complete) = self.read(&mut response, limit).await;
            if complete? {
                return Ok((response, body));
            }
        }
        Err(Failure::over(Error::TooLarge { operation, limit }))
    }

    /// Starts to send the request. Its future does not hold it: a call is one future, which should be small.
    fn start(
        &mut self,
        prepared: Prepared,
        body: Option<reqwest::Body>,
    ) -> impl Future<Output = Result<Response, BoxError>> + use<> {
        let mut request = reqwest::Request::new(prepared.method, prepared.url);
        *request.headers_mut() = prepared.headers;
        *request.body_mut() = body;
        self.clock.watch(&mut request);
        self.request.client.inner.transport.send(self.request.operation, request)
    }

    /// Reads a body up to a limit, and tells whether that is the whole body. A body of one chunk is not copied.
    async fn read(&mut self, response: &mut Response, limit: usize) -> (Bytes, Result<bool, Failure>) {
        let operation = self.request.operation.id;
        let stated = response.content_length();
        let mut first = Bytes::new();
        let mut joined = Vec::new();
        let complete = loop {
            let chunk = match self.clock.limit(pin!(platform::chunk(response))).await {
                Ok(Ok(Some(chunk))) => chunk,
                Ok(Ok(None)) => break Ok(true),
                Ok(Err(error)) => {
                    break Err(broken_off(operation, error, (first.len() + joined.len()) as u64, stated));
                }
                Err(timeout) => break Err(timeout.into()),
            };
            let room = limit.saturating_sub(first.len() + joined.len());
            let fits = chunk.get(..room).unwrap_or(&chunk);
            if first.is_empty() && joined.is_empty() {
                first = chunk.slice_ref(fits);
            } else {
                joined.extend_from_slice(&std::mem::take(&mut first));
                joined.extend_from_slice(fits);
            }
            if chunk.len() > room {
                break Ok(false);
            }
        };
        let body = if joined.is_empty() { first } else { joined.into() };
        (body, complete)
    }

    fn received(&self, response: &mut Response, body: Bytes) -> Received {
        let status = response.status();
        Received {
            operation: self.request.operation,
            unexpected: self.request.unexpected(response.headers(), status),
            status,
            headers: std::mem::take(response.headers_mut()),
            body,
            decoding: self.request.client.inner.settings.decoding(),
        }
    }

    /// The error of a response that is not a success.
    async fn refused(&mut self, mut response: Response) -> Error {
        let operation = self.request.operation;
        let limit = self.request.client.inner.settings.limits.error_size;
        // A body that cannot be read to its end does not hide the error.
        let (body, complete) = self.read(&mut response, limit).await;
        let received = self.received(&mut response, body);
        let (status, headers) = (received.status, received.headers);
        let redirect = is_redirect(status) && headers.contains_key(header::LOCATION);
        let error = Box::new(ErrorResponse {
            status,
            operation: operation.id,
            documented: operation.meaning(status.as_u16()),
            retry_after: retry_after(&headers, platform::now()),
            headers,
            body: received.body,
            truncated: !matches!(complete, Ok(true)),
        });
        if redirect { Error::Redirect(error) } else { Error::Status(error) }
    }

    /// The target of a redirect, if it may be followed.
    fn redirect_target(&self, method: &Method, response: &Response) -> Option<Url> {
        let status = response.status();
        let keeps_request = match status.as_u16() {
            307 | 308 => true,
            _ => is_redirect(status) && matches!(*method, Method::GET | Method::HEAD),
        };
        if !keeps_request {
            return None;
        }
        // Some servers do not encode what is not ASCII; as part of a URL, it is encoded.
        let location = response.headers().get(header::LOCATION)?;
        let location = std::str::from_utf8(location.as_bytes()).ok()?;
        let target = response.url().join(location).ok()?;
        let can_be_sent = target.as_str().len() <= LONGEST_URL;
        (can_be_sent && is_ours(&self.request.client, &target)).then_some(target)
    }
}

impl Failure {
    fn over(error: Error) -> Self {
        Self { error, stage: Stage::Over }
    }

    fn allows_retry(&self, method: &Method) -> bool {
        match self.stage {
            Stage::Connecting | Stage::Refused => true,
            Stage::Closed | Stage::Sent => method.is_idempotent(),
            Stage::Over => false,
        }
    }
}

impl From<Timeout> for Failure {
    fn from(timeout: Timeout) -> Self {
        let stage = match timeout.limit {
            TimeLimit::Connect => Stage::Connecting,
            TimeLimit::Silence(_) | TimeLimit::Line(_) | TimeLimit::Connection => Stage::Sent,
            TimeLimit::Deadline(_) => Stage::Over,
        };
        Self { error: timeout.into(), stage }
    }
}

/// What an error means that ends a body after so many bytes.
pub(super) fn broken_off(operation: &'static str, error: BoxError, received: u64, stated: Option<u64>) -> Failure {
    let first: &(dyn std::error::Error + 'static) = &*error;
    let mut causes = std::iter::successors(Some(first), |error| error.source());
    let is_end = |error: &io::Error| error.kind() == ErrorKind::UnexpectedEof;
    if causes.any(|error| error.downcast_ref().is_some_and(is_end)) {
        return Failure { error: Error::Incomplete { operation, received, stated }, stage: Stage::Sent };
    }
    failure(operation, error)
}

/// What an error of the transport means, without the URL, which may contain a key.
fn failure(operation: &'static str, error: BoxError) -> Failure {
    #[cfg(feature = "mock")]
    let error = match error.downcast() {
        Ok(unexpected) => return Failure::over(Error::Unexpected(*unexpected)),
        Err(error) => error,
    };
    let (stage, source) = match error.downcast::<reqwest::Error>() {
        Ok(error) => {
            let stage = match (platform::is_connect(&error), error.is_timeout()) {
                (true, true) => return Timeout::new(operation, TimeLimit::Connect).into(),
                (false, true) => return Timeout::new(operation, TimeLimit::Connection).into(),
                (true, false) => Stage::Connecting,
                (false, false) if !error.is_request() => Stage::Sent,
                (false, false) if platform::is_refused(&error) => Stage::Refused,
                (false, false) => Stage::Closed,
            };
            (stage, error.without_url().into())
        }
        // A service in place of the network.
        Err(source) => match source.downcast_ref().map(io::Error::kind) {
            Some(ErrorKind::ConnectionRefused) => (Stage::Connecting, source),
            Some(ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof) => (Stage::Closed, source),
            Some(ErrorKind::TimedOut) => return Timeout::new(operation, TimeLimit::Connection).into(),
            _ => (Stage::Sent, source),
        },
    };
    let error = Error::Transport(TransportError { operation, connecting: stage == Stage::Connecting, source });
    Failure { error, stage }
}

/// Whether the client may send credentials to a URL.
pub(super) fn is_ours(client: &Client, url: &Url) -> bool {
    url.origin() == client.inner.base_url.origin() && url.username().is_empty() && url.password().is_none()
}

fn is_redirect(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}
