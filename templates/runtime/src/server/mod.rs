//! The server side: traits to implement, one a group of operations, and routers that serve them.
//!
//! Implement [`Service`] and the traits of [`operations`] for a type of yours, then hand it to
//! [`operations::router`] for the whole API, or to the `router` function of a group's module for a part of it. What
//! comes back is a plain [`axum::Router`]: nest it below the base path of the API, merge it with routes of your own,
//! and put layers around it.
//!
//! Every method of the traits has a default that answers 501, so that a server may start with a single one.
//!
//! What the router answers by itself is always JSON of the form `{"detail": "..."}`: 400 for a path, query, header or
//! body that is not as described, 404 for an unknown path, 405 (with `Allow`) for an unknown method, 413 for a body
//! beyond the limit ([`axum::extract::DefaultBodyLimit`], two megabytes unless a layer says otherwise), and 415 for a
//! media type that the operation does not take.

mod context;
mod fields;
pub mod operations;
mod parameter;
mod payload;
mod percent;
mod problem;
mod reply;
mod route;
mod router;
mod service;
mod shape;
mod style;

pub use context::RequestContext;
pub use parameter::{Location, Parameter};
pub use payload::Payload;
pub use problem::{Problem, not_found};
pub use reply::{IntoReply, Reply, status};
pub use route::{Part, Route};
pub use router::{Dispatch, ReplyFuture, Routes};
pub use service::Service;
#[allow(unused_imports, reason = "an API may have no operations")]
pub(crate) use service::{AnsweredBy, OperationRequest, answer, not_implemented};
pub use shape::Shape;
pub use style::Style;
