//! The client as its users hold it. In a module before `operations`, since rustdoc shows the methods of `Client` in the order
//! of modules: `builder` first.

use std::sync::Arc;

use http::HeaderValue;
use url::Url;

use super::admission::Admission;
use super::builder::{ClientBuilder, Settings};
use super::credential::Credentials;
use super::observe::debug_fields;
use super::request::Request;
use super::retry::Budget;
use super::transport::HttpService;
use crate::operation::Operation;

/// A client of the API, made by [`Client::builder`]. Its operations stand below by tag. Cloning it is cheap; all clones share one
/// pool of connections.
#[derive(Clone)]
pub struct Client {
    pub(super) inner: Arc<Inner>,
}

/// The data that all clones of a client share.
pub(super) struct Inner {
    pub(super) transport: HttpService,
    pub(super) user_agent: HeaderValue,
    pub(super) base_url: Url,
    pub(super) credentials: Credentials,
    pub(super) settings: Settings,
    pub(super) budget: Budget,
    pub(super) admission: Admission,
}

impl Client {
    /// Configures a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// The URL below which all paths lie.
    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }

    /// Starts a request for one of the [`operations`](crate::operations), or for one that the description does not have.
    pub fn request(&self, operation: &'static Operation) -> Request {
        Request::new(self, operation)
    }
}

debug_fields!(
    Client, it => base_url: it.inner.base_url.as_str(), credentials: it.inner.credentials, settings: it.inner.settings
);
