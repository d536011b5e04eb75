//! The server: a trait for each group of operations, and routers.
//!
//! Implement [`Service`] and the traits of [`operations`] for a type of your own, and pass it to the `router` function of
//! that module, or of the module of one group. The result is an [`axum::Router`]: nest it below the base path of the API,
//! merge it with routes of your own, and add layers. The methods of the traits can be `async fn`. Their default responds
//! with 501.
//!
//! [`Service::authenticate`] runs before anything of a request's parameters and body is read, and the methods get the
//! [`Principal`](Service::Principal) that it returns. A response with 401 has a challenge for each scheme of the operation.
//!
//! The router's own responses are JSON, `{"detail": "..."}`: 400 for a path, query, header or body that is not as described,
//! 404 for an unknown path, 405 (with `Allow`) for an unknown method, 413 for a body above the limit
//! ([`axum::extract::DefaultBodyLimit`], two megabytes by default), and 415 for a media type that the operation does not have.

mod authentication;
mod context;
pub(crate) mod endpoint;
mod fields;
pub mod operations;
pub(crate) mod parameter;
mod payload;
mod percent;
mod problem;
mod reply;
mod route;
pub(crate) mod router;
pub(crate) mod service;
mod style;
mod value_type;

pub use context::RequestContext;
#[allow(unused_imports, reason = "an API may have no operations")]
pub(crate) use endpoint::{endpoint, routes};
pub use payload::Payload;
pub use problem::{Problem, not_found};
pub use reply::{IntoReply, Reply, status};
pub use router::Routes;
#[allow(unused_imports, reason = "an API may have no operations")]
pub(crate) use service::not_implemented;
pub use service::{Outcome, Service};
