//! An asynchronous client.
//!
//! [`Client::builder`] makes a [`Client`]. Every operation is a method of it: required arguments are positional,
//! optional ones are setters of the request that the method returns, and `send` performs it. A request that is not
//! sent does nothing. Lists that the API pages also have `pages` and `items`.
//!
//! ```text
//! let client = Client::builder().token(token).build()?;
//! let response = client.some_operation(required).optional(value).send().await?;
//! println!("{:?} of {:?}", response.value, response.rate_limit());
//!
//! let mut items = client.some_list(required).items();
//! while let Some(item) = items.next_item().await {
//!     println!("{:?}", item?);
//! }
//! ```
//!
//! What the client never does: send a credential to another origin than the configured one, follow a redirect there,
//! send anything over plain HTTP unless the host is this machine or it is told to, or panic on what a server answers.

mod api;
mod builder;
pub mod credential;
#[cfg(feature = "deviations")]
#[cfg_attr(docsrs, doc(cfg(feature = "deviations")))]
pub mod deviation;
pub mod error;
pub mod event_stream;
mod execute;
pub mod form;
pub mod header;
pub mod headers;
pub mod link;
pub mod multipart;
pub mod operation;
pub mod operations;
pub mod pagination;
pub mod parameter;
pub mod path;
pub mod rate_limit;
pub mod request;
pub mod response;
pub mod retry;
pub mod servers;

use std::fmt;
use std::sync::Arc;

use url::Url;

pub use builder::{ClientBuilder, Limits};
pub use credential::Credential;
pub use error::{DecodeError, Error, ErrorBody, ErrorResponse};
pub use event_stream::{Event, EventStream};
pub use pagination::{Items, Pages};
pub use rate_limit::RateLimit;
pub use response::ApiResponse;
pub use retry::RetryPolicy;

/// A client of the API. Cloning it is cheap; all clones share one pool of connections.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

/// What all clones of a client share.
struct Inner {
    http: reqwest::Client,
    base_url: Url,
    credentials: credential::Credentials,
    limits: Limits,
    retry: RetryPolicy,
    sleep: retry::Sleep,
    #[cfg(feature = "deviations")]
    on_deviation: deviation::Handler,
}

impl Client {
    /// Starts to configure a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// The URL below which all paths lie.
    #[must_use]
    pub fn base_url(&self) -> &Url {
        &self.inner.base_url
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Client")
            .field("base_url", &self.inner.base_url.as_str())
            .field("credentials", &self.inner.credentials)
            .field("limits", &self.inner.limits)
            .field("retry", &self.inner.retry)
            .finish_non_exhaustive()
    }
}
