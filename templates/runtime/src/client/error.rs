//! Errors. `operation` is the id of the operation in all of them.

#![allow(missing_docs, reason = "the names of the other fields are their documentation")]

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::field_error::{self, FieldError, MESSAGES};
use super::header::{Header, content_type};
use super::observe::debug_fields;
use super::transport::BoxError;
use crate::operation::Location;
use crate::types::{Decode, Deviation, decode, media_type};

/// Why a call failed. Neither `Display` nor `Debug` shows a credential or a URL's query.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be configured.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The value of a path parameter is absent or not allowed in a path. Nothing was sent.
    #[error("{operation}: the path parameter `{parameter}` {reason}")]
    InvalidPathValue { operation: &'static str, parameter: &'static str, reason: &'static str },
    /// The value of a header contains characters that HTTP does not allow. Nothing was sent.
    #[error("{operation}: the value of the header `{name}` contains forbidden characters")]
    InvalidHeader { operation: &'static str, name: &'static str },
    /// The name or the value of a header of this call alone contains characters that HTTP does not allow. Nothing was sent.
    #[error("{operation}: the additional header {name:?} contains forbidden characters")]
    InvalidExtraHeader { operation: &'static str, name: String },
    /// A header of this call alone says where the body ends or what becomes of the connection, which the client says. Nothing
    /// was sent.
    #[error("{operation}: the header `{name}` is set by the client itself, from the body and the connection")]
    ReservedHeader { operation: &'static str, name: HeaderName },
    /// The operation has no parameter with this name in this location. Nothing was sent.
    #[error("{operation}: the operation has no {location} `{name}`")]
    UnknownParameter { operation: &'static str, location: Location, name: &'static str },
    /// The URL is longer than HTTP clients can send. Nothing was sent.
    #[error("{operation}: the URL has {length} bytes, more than {limit}")]
    UrlTooLong { operation: &'static str, length: usize, limit: usize },
    /// A parameter or the body could not be serialized. Nothing was sent.
    #[error("{operation}: the request cannot be written")]
    Encode { operation: &'static str, source: serde_json::Error },
    /// The call took too long.
    #[error(transparent)]
    Timeout(#[from] Timeout),
    /// A file, a reader or a stream to send cannot be opened or read, or has not the stated length, or a file cannot be written.
    /// The server may have received a part of the request.
    #[error("{operation}: a file, a reader or a stream cannot be read or written")]
    File { operation: &'static str, source: std::io::Error },
    /// The request was to be sent again, but its body was read from a reader or a stream, which cannot be read again. A
    /// [`Binary::path`](crate::types::Binary::path) and
    /// [`Binary::open_with`](crate::types::Binary::open_with) can.
    #[error("{operation}: a reader or a stream of the request cannot be sent again")]
    NotRepeatable {
        operation: &'static str,
        /// Why it was to be sent again, if it was sent.
        source: Option<Box<Error>>,
    },
    /// The connection failed.
    #[error(transparent)]
    Transport(TransportError),
    /// The call was made outside of a runtime of Tokio, or in one without timers. Nothing was sent.
    #[error("{operation}: no runtime of Tokio with timers is running here")]
    NoRuntime { operation: &'static str },
    /// A [mock](super::mock) or a recording expects no such request.
    #[cfg(feature = "mock")]
    #[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
    #[error(transparent)]
    Unexpected(super::mock::Unexpected),
    /// The status of the response is not a success.
    #[error("{0}")]
    Status(Box<ErrorResponse>),
    /// The response is a redirect that is not followed: to another origin, to an invalid or too long URL, after too many
    /// others, or with another request.
    #[error("{}: a redirect ({}) to `{}` was not followed", .0.operation, .0.status, .0.target())]
    Redirect(Box<ErrorResponse>),
    /// The response is a success, but its body cannot be decoded.
    #[error(transparent)]
    Decode(Box<DecodeError>),
    /// The response is a success, but its body is only a part of the whole, or encoded otherwise than the client asked for.
    #[error("{operation}: the body of the response ({status}) {reason}")]
    UnexpectedBody { operation: &'static str, status: StatusCode, reason: String },
    /// The response is larger than [`Limits::response_size`](super::Limits::response_size), or takes more memory than
    /// [`Limits::decoded_size`](super::Limits::decoded_size) when it is decoded.
    #[error("{operation}: the response, as received or decoded, is larger than {limit} bytes")]
    TooLarge { operation: &'static str, limit: usize },
    /// The body of the response ended before its stated length, or before its last chunk.
    #[error(
        "{operation}: the response ended early, after {received}{} bytes",
        .stated.map_or_else(String::new, |stated| format!(" of {stated}"))
    )]
    Incomplete {
        operation: &'static str,
        /// The number of bytes that were received, decompressed.
        received: u64,
        /// The length that the server stated, if it did.
        stated: Option<u64>,
    },
    /// The links of the server do not lead through the list.
    #[error("{operation}: {reason}")]
    Pagination { operation: &'static str, reason: &'static str },
}

/// A call that took too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{operation}: {limit}")]
#[non_exhaustive]
pub struct Timeout {
    pub operation: &'static str,
    /// The limit that passed.
    pub limit: TimeLimit,
}

impl Timeout {
    pub(super) fn new(operation: &'static str, limit: TimeLimit) -> Self {
        Self { operation, limit }
    }
}

/// A limit on the time of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeLimit {
    /// That of [`ClientBuilder::deadline`](super::ClientBuilder::deadline).
    #[error("the call took longer than {0:?}")]
    Deadline(Duration),
    /// That of [`ClientBuilder::read_timeout`](super::ClientBuilder::read_timeout).
    #[error("the server neither read nor sent anything for {0:?}")]
    Silence(Duration),
    /// The same limit: the server ended no line of a stream, even if it sent bytes.
    #[error("no line of the stream ended for {0:?}")]
    Line(Duration),
    /// That of [`ClientBuilder::connect_timeout`](super::ClientBuilder::connect_timeout), or of the operating system.
    #[error("no connection was made in time")]
    Connect,
    /// One of the operating system for an open connection, or one of a [given
    /// client](super::ClientBuilder::http_client) of `reqwest`.
    #[error("the connection timed out")]
    Connection,
}

/// A connection that failed, or a service below the client.
#[derive(Debug, thiserror::Error)]
#[error("{operation}: {}", if *.connecting { "no connection could be made" } else { "the connection failed" })]
#[non_exhaustive]
pub struct TransportError {
    pub operation: &'static str,
    /// Whether there was no connection yet, so that the server has received nothing.
    pub connecting: bool,
    pub source: BoxError,
}

/// Why a client could not be configured.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No base URL is given, and the description has none that is absolute.
    #[error("no base URL is given")]
    NoBaseUrl,
    /// The base URL is not a URL.
    #[error("the base URL is not a URL")]
    InvalidBaseUrl(#[source] url::ParseError),
    /// The base URL has a query, a fragment, a user, a password, or another scheme than HTTP.
    #[error("the base URL {0}")]
    UnusableBaseUrl(&'static str),
    /// The base URL is plain HTTP to another machine, without
    /// [`allow_insecure`](super::ClientBuilder::allow_insecure).
    #[error("the base URL is plain HTTP to another machine; `allow_insecure` allows that")]
    Insecure,
    /// The base URL is HTTPS, but the crate was built without `client` and `client-native-tls`.
    #[error("HTTPS needs the feature `client` or `client-native-tls` of this crate")]
    NoTls,
    /// The credential contains characters that HTTP does not allow in a header.
    #[error("a credential contains characters that are forbidden in a header")]
    InvalidCredential,
    /// The credential is empty or blank.
    #[error("a credential is empty")]
    EmptyCredential,
    /// A token begins with the name of its scheme, such as `Bearer `, which the client adds.
    #[error("a token begins with `{0} `, which the client adds: set the token alone")]
    SchemeInToken(&'static str),
    /// The scheme needs another kind of credential.
    #[error("the security scheme needs another kind of credential")]
    WrongCredential,
    /// The API has no security scheme with this name.
    #[error("the API has no security scheme `{0}` that can be sent")]
    UnknownScheme(String),
    /// The user agent contains characters that HTTP does not allow in a header.
    #[error("the user agent contains characters that are forbidden in a header")]
    InvalidUserAgent,
    /// The HTTP client could not be set up.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

/// A response whose status is not a success. `Debug` and `Display` show no headers, which may be secret, and of the body
/// only the message and the field errors, shortened and without control characters.
#[non_exhaustive]
pub struct ErrorResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The body, up to [`Limits::error_size`](super::Limits::error_size).
    pub body: Bytes,
    /// Whether the body is not complete.
    pub truncated: bool,
    pub operation: &'static str,
    /// The description of this status.
    pub documented: Option<&'static str>,
    /// The pause of the `Retry-After` header.
    pub retry_after: Option<Duration>,
}

/// A response that could not be decoded. `Debug` shows neither headers nor body, which may be secret.
#[derive(thiserror::Error)]
#[error("{operation}: the body of the response ({status}) cannot be decoded")]
#[non_exhaustive]
pub struct DecodeError {
    pub operation: &'static str,
    pub status: StatusCode,
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The reason, with line and column in the body.
    pub source: DecodeSource,
}

/// Why a body could not be decoded.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
#[non_exhaustive]
pub enum DecodeSource {
    /// It is not JSON, or not JSON of the type.
    Json(serde_json::Error),
    /// It is not UTF-8.
    Text(std::str::Utf8Error),
    /// A value has another type than described, which [`Strictness::Strict`](super::Strictness::Strict) does not allow.
    Deviation(Deviation),
}

/// A type that the body of an error decodes into: from JSON, or by status and media type for the enums of operations with
/// several types of errors.
pub trait ErrorBody: Sized {
    /// Decodes the body of a response.
    ///
    /// # Errors
    /// It is not JSON of the type for the status.
    fn read(response: &ErrorResponse) -> Result<Self, serde_json::Error>;
}

impl<T: Decode> ErrorBody for T {
    fn read(response: &ErrorResponse) -> Result<Self, serde_json::Error> {
        decode(&response.body).map(|decoded| decoded.value)
    }
}

impl ErrorResponse {
    /// The message of a JSON body: the body itself if it is a string, or else its `detail`, `message`, `error`, `title` or
    /// `error_description`, at most three objects deep.
    pub fn detail(&self) -> Option<String> {
        message(&self.value(), 3)
    }

    /// What a JSON body says of single fields of the request: lists of texts by field, such as `{"name": ["Too long."]}`,
    /// nested or below `errors`, and lists of objects that name their field. Empty where there are none.
    pub fn field_errors(&self) -> Vec<FieldError> {
        field_error::field_errors(&self.value())
    }

    /// The body as JSON; null where it is none.
    fn value(&self) -> Value {
        decode(&self.body).map(|decoded| decoded.value).unwrap_or_default()
    }

    /// Message and field errors in one line, for people.
    fn summary(&self) -> String {
        let body = self.value();
        let mut parts = Vec::from_iter(message(&body, 3));
        if self.status.is_client_error() {
            let fields = field_error::field_errors(&body);
            parts.extend(fields.iter().map(|field| format!("{}: {}", field.path, field.messages.join(" "))));
        }
        printable(&parts.join("; "))
    }

    /// Decodes the body into a type of [`models`](crate::models), or into the error type of the operation. A value of
    /// another type than described is left out.
    ///
    /// # Errors
    /// It is not JSON, or not of the outermost kind of the type.
    pub fn decode<T: ErrorBody>(&self) -> Result<T, serde_json::Error> {
        T::read(self)
    }

    /// Decodes a JSON body into a type of your own, whatever the status.
    ///
    /// # Errors
    /// It is not JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The value of a header; `None` where it is absent or of another type.
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// Whether the `Content-Type` is this media type, or in this range, such as `image/*`.
    pub fn is_of(&self, media_type: &str) -> bool {
        content_type(&self.headers).is_some_and(|found| media_type::matches(media_type, found))
    }

    /// Where a redirect leads, without what may be secret: a user, a query, a fragment.
    fn target(&self) -> String {
        let location = self.location().unwrap_or_default().split(['?', '#']).next().unwrap_or_default();
        let Some((scheme, rest)) = location.split_once("//") else {
            return printable(location);
        };
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let host = authority.rsplit('@').next().unwrap_or_default();
        printable(&format!("{scheme}//{host}{path}"))
    }

    /// The `Location` header of a redirect.
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }
}

/// The message in a JSON value, at most this number of objects deep.
fn message(value: &Value, levels: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) if levels > 0 => {
            let mut inner = MESSAGES.iter().filter_map(|key| object.get(*key));
            inner.find_map(|inner| message(inner, levels - 1))
        }
        _ => None,
    }
}

/// The most characters of a server that `Display` shows.
const MOST_SHOWN: usize = 500;

/// A text of a server that neither fills a log nor changes how a terminal shows it.
fn printable(text: &str) -> String {
    let mut characters = text.chars();
    let shown: String = characters.by_ref().take(MOST_SHOWN).collect();
    let end = if characters.next().is_some() { "..." } else { "" };
    shown.replace(is_invisible, " ") + end
}

/// Whether a character moves the cursor, ends the line, or changes the direction of the text.
fn is_invisible(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

debug_fields!(
    ErrorResponse, it => operation: it.operation, status: it.status, documented: it.documented, detail: it.summary(),
    retry_after: it.retry_after
);

impl fmt::Display for ErrorResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: the server responded with {}", self.operation, self.status)?;
        match (&*self.summary(), self.documented.unwrap_or_default()) {
            ("", "") => Ok(()),
            ("", documented) => write!(formatter, " ({documented})"),
            (summary, _) => write!(formatter, ": {summary}"),
        }
    }
}

impl Error {
    /// The response whose status is not a success.
    pub fn response(&self) -> Option<&ErrorResponse> {
        match self {
            Self::Status(response) | Self::Redirect(response) => Some(response),
            Self::NotRepeatable { source, .. } => source.as_ref()?.response(),
            _ => None,
        }
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Decode(error) => Some(error.status),
            Self::UnexpectedBody { status, .. } => Some(*status),
            _ => self.response().map(|response| response.status),
        }
    }
}

debug_fields!(DecodeError, it => operation: it.operation, status: it.status, source: it.source);
