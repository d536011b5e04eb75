//! What paths need that are not operations of the API: who calls, with which rights, and the JSON of the body. For an
//! operation, the emitted router and [`App::run`] do that.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::Method;
use axum::http::request::Parts;
use sentry_api::operation::Operation;
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use crate::app::{App, Session};
use crate::authentication::{User, bearer_token};
use crate::error::Error;

/// The user and the method of a request, and the service.
pub(crate) struct Caller {
    app: App,
    pub(crate) user: User,
    method: Method,
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let user = app.user(bearer_token(&parts.headers)).await?;
        Ok(Self {
            app: app.clone(),
            user,
            method: parts.method.clone(),
        })
    }
}

impl Caller {
    /// The origin of the service's URLs.
    pub(crate) fn origin(&self) -> Arc<str> {
        Arc::clone(&self.app.origin)
    }

    /// Runs `work` in one transaction, as [`App::run`] does, if the token is enough for a described operation that does the
    /// same.
    pub(crate) async fn run<T: Send + 'static>(
        self,
        operation: &Operation,
        work: impl FnOnce(&Session) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        if !self.user.may_call(operation) {
            return Err(Error::Forbidden);
        }
        self.app.transact(self.user, &self.method, work).await
    }
}

/// The JSON of a body, without a look at its media type.
pub(crate) fn parse<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(body).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        Error::BadRequest(match error.classify() {
            // What serde says of a value is in the words of Rust.
            Category::Data => {
                format!("The JSON is not as expected at line {line} column {column}.")
            }
            _ => format!("Invalid JSON at line {line} column {column}."),
        })
    })
}
