//! Why a request fails, and the response that says so.

use std::collections::BTreeMap;
use std::io::{Write, stderr};

use axum::Json;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use sentry_api::server::{Problem, Reply};
use serde_json::json;

/// Why a request fails. `?` makes one of an error of the database.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The request cannot be done as it is: `{"detail": "..."}`.
    #[error("{0}")]
    BadRequest(String),
    /// A property of the body is not acceptable: `{"slug": ["..."]}`.
    #[error("{property}: {reason}")]
    Invalid {
        property: &'static str,
        reason: String,
    },
    #[error("Authentication credentials were not provided.")]
    Unauthorized,
    #[error("Invalid token")]
    InvalidToken,
    #[error("You do not have permission to perform this action.")]
    Forbidden,
    #[error("The requested resource does not exist")]
    NotFound,
    #[error("{0}")]
    Conflict(String),
    /// The real API has it, and this service does not.
    #[error("This service cannot do that.")]
    NotImplemented,
    /// The limit, in bytes.
    #[error("This may have at most {0} bytes.")]
    TooLarge(usize),
    /// The body is not as described.
    #[error(transparent)]
    Body(#[from] Problem),
    #[error("the database has a schema of a newer version of this program")]
    NewerDatabase,
    #[error("the database failed")]
    Database(rusqlite::Error),
    #[error("the work for a request was cancelled")]
    Cancelled(#[from] tokio::task::JoinError),
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl Error {
    /// A property of the body is not acceptable.
    pub(crate) fn invalid(property: &'static str, reason: impl Into<String>) -> Self {
        let reason = reason.into();
        Self::Invalid { property, reason }
    }

    /// Fails if a request has a parameter that this service does not have, so that nobody takes the response for more than it
    /// is.
    pub(crate) fn unless_absent<T>(parameter: &str, value: Option<&T>) -> Result<(), Self> {
        match value {
            None => Ok(()),
            Some(_) => Err(Self::BadRequest(format!(
                "This service does not have the parameter `{parameter}`."
            ))),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(_) | Self::Invalid { .. } => StatusCode::BAD_REQUEST,
            Self::Unauthorized | Self::InvalidToken => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::NotImplemented => StatusCode::NOT_IMPLEMENTED,
            Self::TooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Body(problem) => problem.status,
            Self::NewerDatabase | Self::Database(_) | Self::Cancelled(_) | Self::Io(_) => {
                StatusCode::INTERNAL_SERVER_ERROR
            }
        }
    }
}

impl From<rusqlite::Error> for Error {
    /// A row that is not there is 404, what a constraint forbids 400, and everything else a failure of the database.
    fn from(error: rusqlite::Error) -> Self {
        match error {
            rusqlite::Error::QueryReturnedNoRows => Self::NotFound,
            rusqlite::Error::SqliteFailure(failure, message)
                if failure.code == rusqlite::ErrorCode::ConstraintViolation =>
            {
                Self::BadRequest(message.unwrap_or_else(|| failure.to_string()))
            }
            other => Self::Database(other),
        }
    }
}

impl From<Error> for Reply {
    fn from(error: Error) -> Self {
        match &error {
            Error::Invalid { property, reason } => {
                Self::json(error.status(), &json!({ (*property): [reason] }))
            }
            Error::Body(problem) if problem.violations.iter().any(|one| one.location == "body") => {
                Self::json(error.status(), &messages(problem))
            }
            Error::Body(problem) if !problem.violations.is_empty() => {
                let body = json!({ "detail": problem.detail, "errors": messages(problem) });
                Self::json(error.status(), &body)
            }
            Error::NotImplemented => Self::detail(error.status(), &error.to_string()),
            Error::Body(problem) => problem.clone().into(),
            _ if error.status().is_server_error() => {
                // The log has the reason, and the client learns only that there is one. A log that is closed stops nothing.
                writeln!(stderr(), "{error:?}").ok();
                Self::detail(error.status(), &error.to_string())
            }
            _ => Self::detail(error.status(), &error.to_string()),
        }
    }
}

/// What was expected of each parameter and of each property of the body.
fn messages(problem: &Problem) -> BTreeMap<&str, Vec<&str>> {
    let mut messages: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for one in &problem.violations {
        let property = || one.pointer.split('/').nth(1);
        let name = one.name.as_deref().or_else(property);
        let name = name.unwrap_or("nonFieldErrors");
        messages.entry(name).or_default().push(&one.expected);
    }
    messages
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        Reply::from(self).into_response()
    }
}

/// An error of axum, such as 405 without a body or 400 with a text, as `{"detail": "..."}`. Other responses stay as they are.
/// The text is left out: it is in the words of Rust.
pub(crate) async fn as_json(response: Response) -> Response {
    let status = response.status();
    let is_error = status.is_client_error() || status.is_server_error();
    let media_type = response.headers().get(CONTENT_TYPE);
    let is_text = media_type.is_none_or(|media_type| media_type.as_bytes().starts_with(b"text/"));
    if !is_error || !is_text {
        return response;
    }
    let detail = status.canonical_reason().unwrap_or_default();
    // Such as `Allow`.
    let mut headers = response.headers().clone();
    headers.remove(CONTENT_TYPE);
    headers.remove(CONTENT_LENGTH);
    (status, headers, Json(json!({"detail": detail}))).into_response()
}
