//! An asynchronous client. It needs a runtime of Tokio with timers, such as that of `#[tokio::main]`.
//!
//! [`Client::builder`] configures a [`Client`]. Every operation is a method of it: required arguments are positional,
//! optional ones are setters of the request that the method returns, and `send` sends it. Lists that the API sends in
//! pages also have `pages` and `items`. [The crate](crate) has examples.
//!
//! Files are neither read nor written in one piece: [`Binary::path`](crate::types::Binary::path) sends one in place of
//! bytes, and `send_streaming` reads a response of any operation as it arrives, [into a file](Download::save) or chunk by
//! chunk. A list [goes on](Items::resume) where its [`cursor`](Items::cursor) was.
//!
//! The client never sends a credential to another origin than the configured one, never follows a redirect there, uses
//! plain HTTP only for this machine or with [`ClientBuilder::allow_insecure`], and never panics on a response.
//!
//! It also runs in a browser (`wasm32-unknown-unknown`). There, the browser makes the connections and follows redirects, a
//! body is read before it is sent, and there are no files.
//!
//! # What can be set
//!
//! | of the client | by |
//! | --- | --- |
//! | base URL, credentials, user agent | [`base_url`](ClientBuilder::base_url), [`token`](ClientBuilder::token), [`credential`](ClientBuilder::credential), [`user_agent`](ClientBuilder::user_agent) |
//! | time: of a call, of silence, to connect | [`deadline`](ClientBuilder::deadline), [`read_timeout`](ClientBuilder::read_timeout), [`connect_timeout`](ClientBuilder::connect_timeout) |
//! | repetitions: when, how often, how many together | [`retry`](ClientBuilder::retry), [`retry_budget`](ClientBuilder::retry_budget) |
//! | load: requests at once, pauses before the rate limit | [`max_in_flight`](ClientBuilder::max_in_flight), [`pace_by_rate_limit`](ClientBuilder::pace_by_rate_limit) |
//! | memory, redirects, pages | [`limits`](ClientBuilder::limits) |
//! | proxy, certificates, HTTP/2, host names | [`configure_http`](ClientBuilder::configure_http), [`http_client`](ClientBuilder::http_client) |
//! | layers of `tower`, tests without a network | [`layer`](ClientBuilder::layer), [`service`](ClientBuilder::service), the features `mock` and `har` |
//! | compression | the features `gzip`, `brotli`, `deflate`, `zstd` for responses; `compress_requests` with `gzip` |
//! | what is told of each attempt | [`before_attempt`](ClientBuilder::before_attempt), [`after_attempt`](ClientBuilder::after_attempt), the feature `tracing` |
//! | values of another type than described | [`strictness`](ClientBuilder::strictness) |
//!
//! Each request has `timeout`, `retry`, `header` and `extra_query` for itself alone, and `raw` to get the body as it was
//! received; a setter of a parameter with such a name ends in an underscore.
//!
//! ```text
//! let client = Client::builder()
//!     .token(token)
//!     .deadline(Duration::from_secs(30))
//!     .configure_http(|http| http.proxy(proxy.clone()))
//!     .after_attempt(|attempt, outcome| println!("{attempt:?}: {outcome:?}"))
//!     .build()?;
//! ```

mod admission;
mod api;
#[cfg(all(feature = "blocking", not(target_arch = "wasm32")))]
#[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
pub mod blocking;
mod body;
mod builder;
pub mod call;
mod clock;
mod credential;
#[cfg(feature = "deviations")]
#[cfg_attr(docsrs, doc(cfg(feature = "deviations")))]
pub mod deviation;
pub mod download;
pub mod error;
pub mod event_stream;
mod execute;
mod field_error;
pub mod form;
#[cfg(all(feature = "gzip", not(target_arch = "wasm32")))]
mod gunzip;
mod handle;
#[cfg(feature = "har")]
#[cfg_attr(docsrs, doc(cfg(feature = "har")))]
pub mod har;
mod incoming;
pub mod lines;
pub mod link;
#[cfg(feature = "mock")]
#[cfg_attr(docsrs, doc(cfg(feature = "mock")))]
pub mod mock;
pub mod multipart;
pub mod observe;
pub mod operations;
pub mod pagination;
pub mod parameter;
pub mod path;
#[cfg_attr(target_arch = "wasm32", path = "browser.rs")]
#[cfg_attr(not(target_arch = "wasm32"), path = "native.rs")]
mod platform;
pub mod rate_limit;
pub mod request;
pub mod response;
pub mod retry;
pub mod servers;
pub mod transport;

// Shown here, too, where users take them from.
#[doc(inline)]
pub use self::{
    builder::{ClientBuilder, Limits, Strictness},
    call::{Call, Paged, ResponseFuture},
    download::Download,
    error::{DecodeError, Error, ErrorBody, ErrorResponse, TimeLimit, Timeout, TransportError},
    event_stream::{Event, EventStream},
    field_error::FieldError,
    handle::Client,
    lines::Lines,
    observe::{Attempt, Outcome},
    pagination::{Items, Pages},
    rate_limit::RateLimit,
    response::{ApiResponse, Received},
    retry::RetryPolicy,
    transport::HttpService,
};

pub use crate::security::Credential;
pub use crate::{header, headers};
