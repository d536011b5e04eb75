//! Operations that the API calls at its user's: webhooks and callbacks.

use super::Operation;
use crate::ir::HttpMethod;

/// An operation that the API calls at its user's.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// What it belongs to.
    pub origin: WebhookOrigin,
    /// What is called. Its path is the name of the webhook, or the expression that gives the URL of the callback.
    pub operation: Operation,
}

/// What a webhook belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WebhookOrigin {
    /// The API as a whole.
    Api,
    /// An operation, on which it calls back.
    Operation {
        /// The operation's method.
        method: HttpMethod,
        /// The operation's path.
        path: String,
        /// What the operation calls the callback.
        name: String,
    },
}

impl Webhook {
    /// What it goes by: `webhook POST petCreated`, `callback onPet of POST /pets: POST {$request.body#/url}`. Two sources
    /// describe the same one when this is equal.
    #[must_use]
    pub fn item(&self) -> String {
        self.origin
            .item(self.operation.method, &self.operation.path)
    }

    /// Its name among the webhooks, or among the callbacks of its operation.
    #[must_use]
    pub fn name(&self) -> &str {
        match &self.origin {
            WebhookOrigin::Api => &self.operation.path,
            WebhookOrigin::Operation { name, .. } => name,
        }
    }
}

impl WebhookOrigin {
    /// What a webhook of this origin goes by.
    pub(crate) fn item(&self, called: HttpMethod, at: &str) -> String {
        match self {
            Self::Api => format!("webhook {called} {at}"),
            Self::Operation { method, path, name } => {
                let path = crate::merge::shape(path);
                format!("callback {name} of {method} {path}: {called} {at}")
            }
        }
    }
}
