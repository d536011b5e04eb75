//! Webhooks and callbacks: operations that the API calls on its user's server.

use super::Operation;
use crate::http::HttpMethod;

/// An operation that the API calls on its user's server.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// The owner of the webhook.
    pub owner: WebhookOwner,
    /// The operation. Its path is the name of the webhook, or the expression for the URL of the callback.
    pub operation: Operation,
}

/// The owner of a webhook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookOwner {
    /// The API as a whole.
    Api,
    /// An operation that has the webhook as a callback.
    Operation {
        /// The operation's method.
        method: HttpMethod,
        /// The operation's path.
        path: String,
        /// The name of the callback in the operation.
        name: String,
    },
}

impl Webhook {
    /// The identity of the webhook: `webhook POST petCreated` or `callback onPet of POST /pets: POST
    /// {$request.body#/url}`. Equal identities in two sources are the same webhook.
    #[must_use]
    pub fn item(&self) -> String {
        self.owner.item(self.operation.method, &self.operation.path)
    }

    /// The name among the webhooks, or among the callbacks of the operation.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.owner {
            WebhookOwner::Api => &self.operation.path,
            WebhookOwner::Operation { name, .. } => name,
        }
    }
}

impl WebhookOwner {
    /// The identity of a webhook with this owner. `called` is its method, `at` its name or URL.
    pub(crate) fn item(&self, called: HttpMethod, at: &str) -> String {
        match self {
            Self::Api => format!("webhook {called} {at}"),
            Self::Operation { method, path, name } => {
                let path = crate::path_template::path_shape(path);
                format!("callback {name} of {method} {path}: {called} {at}")
            }
        }
    }
}
