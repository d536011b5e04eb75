//! What can go wrong.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::header::Header;

/// Why a call failed. Neither `Display` nor `Debug` shows a credential or a URL's query.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The client could not be configured.
    Build(BuildError),
    /// The value of a path parameter cannot stand in a path. Nothing was sent.
    InvalidPathValue {
        /// Id of the operation.
        operation: &'static str,
        /// Name of the parameter.
        parameter: &'static str,
        /// What is wrong with the value.
        reason: &'static str,
    },
    /// The value of a header or cookie holds characters that HTTP forbids there. Nothing was sent.
    InvalidHeader {
        /// Id of the operation.
        operation: &'static str,
        /// Name of the header.
        name: &'static str,
    },
    /// A parameter or the body could not be written. Nothing was sent.
    Encode {
        /// Id of the operation.
        operation: &'static str,
        /// The reason.
        source: serde_json::Error,
    },
    /// The URL of a request could not be formed. Nothing was sent.
    InvalidUrl {
        /// Id of the operation.
        operation: &'static str,
        /// The reason.
        source: url::ParseError,
    },
    /// No answer came in time.
    Timeout(reqwest::Error),
    /// The connection failed, or broke.
    Transport(reqwest::Error),
    /// The server answered with a status that is not a success.
    Status(Box<ErrorResponse>),
    /// The server answered with a redirect that is not followed: it leaves the configured origin, would turn the
    /// request into another one, names no usable target, or comes after too many others.
    Redirect(Box<ErrorResponse>),
    /// The server answered with success, but not with what the description promises.
    Decode(Box<DecodeError>),
    /// The answer is larger than [`Limits::response_size`](super::Limits::response_size).
    TooLarge {
        /// Id of the operation.
        operation: &'static str,
        /// The limit, in bytes.
        limit: usize,
    },
    /// The server's links do not lead through the list.
    Pagination {
        /// Id of the operation.
        operation: &'static str,
        /// What is wrong.
        reason: &'static str,
    },
}

/// Why a client could not be configured.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// No base URL is given, and the description names none that is absolute.
    NoBaseUrl,
    /// The base URL is none.
    InvalidBaseUrl(url::ParseError),
    /// The base URL has a query, a fragment, a user, a password, or another scheme than HTTP.
    UnusableBaseUrl(&'static str),
    /// The base URL is plain HTTP, the host is not this machine, and
    /// [`allow_insecure`](super::ClientBuilder::allow_insecure) was not called.
    Insecure,
    /// The base URL is HTTPS, and the crate was built without its features `client` and `client-native-tls`.
    NoTls,
    /// The credential holds characters that HTTP forbids in a header.
    InvalidCredential,
    /// The scheme needs another kind of credential.
    WrongCredential,
    /// The API has no such security scheme.
    UnknownScheme(String),
    /// The user agent holds characters that HTTP forbids in a header.
    InvalidUserAgent,
    /// The HTTP client could not be set up.
    Http(reqwest::Error),
}

/// An answer that is not a success.
#[non_exhaustive]
pub struct ErrorResponse {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, as far as it was read.
    pub body: Bytes,
    /// Whether the body was longer than what was read.
    pub truncated: bool,
    /// Id of the operation.
    pub operation: &'static str,
    /// What the description says of this status, if it knows it.
    pub documented: Option<&'static str>,
    /// How long the server asks to wait before the next attempt.
    pub retry_after: Option<Duration>,
}

/// An answer that could not be decoded.
#[non_exhaustive]
pub struct DecodeError {
    /// Id of the operation.
    pub operation: &'static str,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The whole body.
    pub body: Bytes,
    /// The reason, with line and column in the body.
    pub source: DecodeSource,
}

/// Why a body could not be decoded.
#[derive(Debug)]
#[non_exhaustive]
pub enum DecodeSource {
    /// It is not the JSON that is expected.
    Json(serde_json::Error),
    /// It is not UTF-8.
    Text(std::str::Utf8Error),
}

/// What the body of an error decodes into: every type that JSON decodes into, and the enums of operations whose errors
/// have another type with another status.
pub trait ErrorBody: Sized {
    /// Decodes the body of an answer.
    ///
    /// # Errors
    /// It is not JSON, or not of the type that the status promises.
    fn read(response: &ErrorResponse) -> Result<Self, serde_json::Error>;
}

impl<T: DeserializeOwned> ErrorBody for T {
    fn read(response: &ErrorResponse) -> Result<Self, serde_json::Error> {
        response.json()
    }
}

impl ErrorResponse {
    /// The message in the body, if the body is JSON with a text, or an object with a text, under `detail`, `message`,
    /// `error`, `title` or `error_description`.
    #[must_use]
    pub fn detail(&self) -> Option<String> {
        let body: Value = serde_json::from_slice(&self.body).ok()?;
        message(&body, 3)
    }

    /// Decodes the body: into any type that JSON decodes into, or into the type that an operation's module has for
    /// its errors.
    ///
    /// # Errors
    /// It is not JSON, or not of this type.
    pub fn decode<T: ErrorBody>(&self) -> Result<T, serde_json::Error> {
        T::read(self)
    }

    /// Decodes a body of JSON, whatever the status.
    ///
    /// # Errors
    /// It is not JSON, or not of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// The value of a header; `None` where it is absent, or not of the type.
    #[must_use]
    pub fn header<H: FromStr>(&self, header: &Header<H>) -> Option<H> {
        header.read(&self.headers)
    }

    /// The `Location` header of a redirect.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        self.headers.get(header::LOCATION)?.to_str().ok()
    }
}

/// The message in a JSON value, looked for at most so many levels deep.
fn message(value: &Value, levels: usize) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Object(object) if levels > 0 => {
            ["detail", "message", "error", "title", "error_description"]
                .iter()
                .filter_map(|key| object.get(*key))
                .find_map(|inner| message(inner, levels - 1))
        }
        _ => None,
    }
}

impl fmt::Debug for ErrorResponse {
    /// Shows neither headers nor body: they may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ErrorResponse")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("documented", &self.documented)
            .field("detail", &self.detail())
            .field("retry_after", &self.retry_after)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ErrorResponse {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: the server answered {}",
            self.operation, self.status
        )?;
        match (self.detail(), self.documented) {
            (Some(detail), _) => write!(formatter, ": {detail}"),
            (None, Some(documented)) if !documented.is_empty() => {
                write!(formatter, " ({documented})")
            }
            _ => Ok(()),
        }
    }
}

impl Error {
    /// The answer, where the server gave one that is not a success.
    #[must_use]
    pub fn response(&self) -> Option<&ErrorResponse> {
        match self {
            Self::Status(response) | Self::Redirect(response) => Some(response),
            _ => None,
        }
    }

    /// The status, where the server answered.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Decode(error) => Some(error.status),
            _ => self.response().map(|response| response.status),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Build(error) => write!(formatter, "the client cannot be configured: {error}"),
            Self::InvalidPathValue {
                operation,
                parameter,
                reason,
            } => {
                write!(
                    formatter,
                    "{operation}: the path parameter `{parameter}` {reason}"
                )
            }
            Self::InvalidHeader { operation, name } => write!(
                formatter,
                "{operation}: the value of the header `{name}` holds forbidden characters"
            ),
            Self::Encode { operation, .. } => {
                write!(formatter, "{operation}: the request cannot be written")
            }
            Self::InvalidUrl { operation, .. } => {
                write!(formatter, "{operation}: the URL cannot be formed")
            }
            Self::Timeout(_) => formatter.write_str("no answer came in time"),
            Self::Transport(_) => formatter.write_str("the connection failed"),
            Self::Status(response) => response.fmt(formatter),
            Self::Redirect(response) => {
                write!(
                    formatter,
                    "{}: a redirect ({}) was not followed",
                    response.operation, response.status
                )
            }
            Self::Decode(error) => error.fmt(formatter),
            Self::TooLarge { operation, limit } => {
                write!(
                    formatter,
                    "{operation}: the answer is larger than {limit} bytes"
                )
            }
            Self::Pagination { operation, reason } => write!(formatter, "{operation}: {reason}"),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Build(error) => std::error::Error::source(error),
            Self::Encode { source, .. } => Some(source),
            Self::InvalidUrl { source, .. } => Some(source),
            Self::Timeout(source) | Self::Transport(source) => Some(source),
            Self::Decode(error) => std::error::Error::source(error.as_ref()),
            _ => None,
        }
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoBaseUrl => formatter.write_str("no base URL is given"),
            Self::InvalidBaseUrl(_) => formatter.write_str("the base URL is no URL"),
            Self::UnusableBaseUrl(reason) => write!(formatter, "the base URL {reason}"),
            Self::Insecure => formatter.write_str(
                "the base URL is plain HTTP to another machine; `allow_insecure` permits that",
            ),
            Self::NoTls => formatter.write_str(
                "the base URL is HTTPS, which needs the feature `client` or `client-native-tls` of this crate",
            ),
            Self::InvalidCredential => {
                formatter.write_str("a credential holds characters that are forbidden in a header")
            }
            Self::WrongCredential => {
                formatter.write_str("the security scheme needs another kind of credential")
            }
            Self::UnknownScheme(name) => {
                write!(formatter, "the API has no security scheme `{name}` that can be sent")
            }
            Self::InvalidUserAgent => {
                formatter.write_str("the user agent holds characters that are forbidden in a header")
            }
            Self::Http(_) => formatter.write_str("the HTTP client cannot be set up"),
        }
    }
}

impl std::error::Error for BuildError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::InvalidBaseUrl(source) => Some(source),
            Self::Http(source) => Some(source),
            _ => None,
        }
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        Self::Build(error)
    }
}

impl fmt::Debug for DecodeError {
    /// Shows neither headers nor body: they may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DecodeError")
            .field("operation", &self.operation)
            .field("status", &self.status)
            .field("source", &self.source)
            .finish_non_exhaustive()
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}: the body of the answer ({}) is not what is expected",
            self.operation, self.status
        )
    }
}

impl std::error::Error for DecodeError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            DecodeSource::Json(source) => Some(source),
            DecodeSource::Text(source) => Some(source),
        }
    }
}
