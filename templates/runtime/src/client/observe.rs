//! What users see of the attempts of their calls. Nothing of it has values of parameters, headers or bodies.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;

use super::error::{Error, TimeLimit};
use super::platform::Instant;
use crate::operation::Operation;

/// Implements `Debug` with these fields alone: others may be secret, or long.
macro_rules! debug_fields {
    ($name:ident $(<$parameter:ident>)?, $this:ident => $($field:ident: $value:expr),+) => {
        impl $(<$parameter>)? std::fmt::Debug for $name $(<$parameter>)? {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let $this = self;
                formatter.debug_struct(stringify!($name))$(.field(stringify!($field), &$value))+.finish_non_exhaustive()
            }
        }
    };
}

pub(super) use debug_fields;

/// A request that is sent once. The first attempt of a call, each repetition and each request after a redirect is one.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt {
    /// The operation: its id, method, and path with the names of parameters in place of values.
    pub operation: &'static Operation,
    /// How often the call has sent a request by now: 1 for the first one.
    pub number: u32,
}

impl fmt::Debug for Attempt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Attempt").field("operation", &self.operation.id).field("number", &self.number).finish()
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// The status, if there was a response. It may have broken off later.
    pub status: Option<StatusCode>,
    /// Why there was no complete response: `deadline`, `silence`, `connect`, `timeout`, `transport`, `too_large` or `other`.
    pub error: Option<&'static str>,
    /// The time from sending to the end of the body, or to its beginning where it is read as it arrives or where the status
    /// is not a success.
    pub duration: Duration,
}

pub(super) type Before = dyn Fn(&Attempt) + Send + Sync;

pub(super) type After = dyn Fn(&Attempt, &Outcome) + Send + Sync;

/// The functions of a client.
#[derive(Clone, Default)]
pub(super) struct Hooks {
    pub(super) before: Option<Arc<Before>>,
    pub(super) after: Option<Arc<After>>,
}

pub(super) struct Observed<'a> {
    hooks: &'a Hooks,
    attempt: Attempt,
    start: Option<Instant>,
}

impl<'a> Observed<'a> {
    pub(super) fn start(hooks: &'a Hooks, attempt: Attempt) -> Self {
        if let Some(before) = &hooks.before {
            guarded(|| before(&attempt));
        }
        Self { hooks, attempt, start: hooks.after.as_ref().map(|_| Instant::now()) }
    }

    pub(super) fn end(self, status: Option<StatusCode>, error: Option<&Error>) {
        if let (Some(after), Some(start)) = (&self.hooks.after, self.start) {
            let outcome = Outcome { status, error: error.map(kind), duration: start.elapsed() };
            guarded(|| after(&self.attempt, &outcome));
        }
    }
}

/// The kind of an error, of which there are few.
pub(super) fn kind(error: &Error) -> &'static str {
    match error {
        Error::Timeout(timeout) => match timeout.limit {
            TimeLimit::Deadline(_) => "deadline",
            TimeLimit::Silence(_) | TimeLimit::Line(_) => "silence",
            TimeLimit::Connect => "connect",
            TimeLimit::Connection => "timeout",
        },
        Error::Transport(error) if error.connecting => "connect",
        Error::Transport(_) | Error::Incomplete { .. } => "transport",
        Error::TooLarge { .. } => "too_large",
        _ => "other",
    }
}

/// Calls a function of the user. A panic ends there.
pub(super) fn guarded(call: impl FnOnce()) {
    drop(catch_unwind(AssertUnwindSafe(call)));
}

/// Spans in the names of OpenTelemetry's conventions for HTTP clients.
#[cfg(feature = "tracing")]
pub(super) mod trace {
    use std::time::Duration;

    use http::StatusCode;
    use tracing::field::Empty;
    use tracing::{Span, debug, info_span};
    use url::Url;

    use super::{Attempt, kind};
    use crate::client::error::Error;

    /// The span of an attempt.
    pub(in super::super) fn span(attempt: &Attempt, base_url: &Url) -> Span {
        let Attempt { operation, number } = *attempt;
        let resent = (number > 1).then(|| number - 1);
        info_span!(
            "request",
            otel.name = format_args!("{} {}", operation.method, operation.path),
            otel.kind = "client",
            operation.id = operation.id,
            http.request.method = operation.method.as_str(),
            http.request.resend_count = resent,
            http.response.status_code = Empty,
            url.template = operation.path,
            server.address = base_url.host_str(),
            server.port = base_url.port_or_known_default(),
            error.type = Empty,
        )
    }

    /// Records what became of an attempt.
    pub(in super::super) fn end(span: &Span, status: Option<StatusCode>, error: Option<&Error>) {
        if let Some(status) = status {
            span.record("http.response.status_code", status.as_u16());
            if status.is_client_error() || status.is_server_error() {
                span.record("error.type", status.as_str());
            }
        }
        if let Some(error) = error {
            span.record("error.type", kind(error));
        }
    }

    /// Tells that the request is sent again.
    pub(in super::super) fn again(operation: &'static str, delay: Duration) {
        debug!(
            operation.id = operation,
            delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX),
            "the request is sent again"
        );
    }
}
