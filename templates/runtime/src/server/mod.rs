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
//! Requests are checked against the schemas of the description: [`Service::validation`]. Patterns that look around or refer
//! back are not checked: they take more than linear time. [`Service::reject`] writes the refusals of requests, such as in the
//! error body of the API.
//!
//! The models of responses are those of the client, which is lenient, so that each property is an `Option`. The server is
//! not: where a model, at any depth of a response, lacks a property that is `promised` in its source, a 500 that names all of
//! them goes through `reject` and is sent instead. What is promised `or_null` is sent as null; any other property without a
//! value is left out. JSON that comes from no model, as [`Reply::bytes`] or a `serde_json::Value`, promises nothing, so that
//! `body["nickname"] = Value::Null` sends null where the description does not promise it.
//!
//! A boolean of a parameter or form may also be `1`, `0`, `True` or `False`, which clients send; in JSON it may not.
//!
//! The router's own responses are JSON, `{"detail": "..."}`: 400 for a path, query, header or body that is not as described,
//! 404 for an unknown path, 405 (with `Allow`) for an unknown method, 413 for a body above the limit
//! ([`axum::extract::DefaultBodyLimit`], two megabytes by default), 415 for a media type that the operation does not have, or
//! a `Content-Encoding`, and 501 for an operation that is not implemented or not mounted.
//!
//! To implement some groups, mount the `routes` of their modules alone, joined by [`Routes::and`]: there is no need to
//! implement the other traits.
//!
//! The traits are not dyn-compatible, since their methods can be `async fn`. In place of a `Box` of a trait, keep what is
//! made of an implementation: [`Routes`] and [`axum::Router`] are one type for all of them, so choose where they are made,
//! or exchange the router while it is served. In a test, the `service` of a `ClientBuilder` calls a router with the methods
//! of the client, without a socket:
//!
//! ```text
//! let teams = if is_demo { teams::routes(&Arc::new(Demo)) } else { teams::routes(&Arc::new(Live)) };
//! let client = Client::builder().service(teams.into_router()).build()?;
//! ```
//!
//! With the feature `document`, `document()` serves the description, and a page that shows it: merge it with the router.
//! With `fake`, `fake::FakeApi` responds to every operation from it, for tests and demonstrations.
//!
//! # What serves the router
//!
//! With the feature `serve`, `serve` limits the time of a request and the number of connections, isolates panics, and shuts
//! down gracefully. `axum::serve(listener, router.into_make_service())` does none of that: hyper waits without end for a
//! request, a body and a reader of the response, and a panic closes the connection. Do not pass the router itself to
//! `axum::serve`, which copies all its routes for each connection.
//!
//! # Large bodies
//!
//! A body of bytes is an [`Upload`], and one of `multipart/form-data` a [`Multipart`]: both arrive no faster than the method
//! reads them, with the limits of [`Validation`]. A response may be a stream, too: [`Reply::stream`].
//!
//! Compressed request bodies are refused unless a layer decodes them: `tower_http::decompression::RequestDecompressionLayer`
//! with `tower_http::map_request_body::MapRequestBodyLayer::new(axum::body::Body::new)` below it. The limit of the body
//! counts what is decoded.

mod authentication;
mod context;
#[cfg(feature = "document")]
#[cfg_attr(docsrs, doc(cfg(feature = "document")))]
mod document;
pub(crate) mod endpoint;
#[cfg(feature = "fake")]
#[cfg_attr(docsrs, doc(cfg(feature = "fake")))]
pub mod fake;
pub(crate) mod fields;
pub mod operations;
pub(crate) mod parameter;
mod pattern;
mod payload;
mod percent;
mod problem;
mod reply;
mod route;
pub(crate) mod router;
pub(crate) mod schema;
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub(crate) mod serve;
pub(crate) mod service;
#[cfg(feature = "serve")]
mod socket;
mod style;
mod upload;
mod validation;
mod value_type;

pub use context::RequestContext;
#[cfg(feature = "document")]
#[cfg_attr(docsrs, doc(cfg(feature = "document")))]
pub use document::{OPENAPI, document};
#[allow(unused_imports, reason = "an API may have no operations")]
pub(crate) use endpoint::group;
pub use payload::Payload;
pub use problem::{Problem, not_found};
pub use reply::{IntoReply, Reply, status};
pub use router::Routes;
pub use schema::Violation;
#[cfg(feature = "serve")]
#[cfg_attr(docsrs, doc(cfg(feature = "serve")))]
pub use serve::{Limits, serve};
pub use service::{Outcome, Service};
pub use upload::{Multipart, Part, Upload};
pub use validation::Validation;
