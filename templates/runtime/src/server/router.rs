//! The [`axum::Router`] of operations.
//!
//! Every path is a route of axum. All routes have the same handler, so that large APIs compile fast; it finds the operation
//! among those whose paths are the same for axum.

#![allow(dead_code, reason = "an API may have no operations")]

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{Method, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter};

use super::problem::not_found;
use super::route::{Captures, Template};
use super::{Problem, Reply, RequestContext, authentication};
use crate::operation::Operation;

/// The future of a reply.
pub(crate) type ReplyFuture = Pin<Box<dyn Future<Output = Result<Reply, Reply>> + Send>>;

/// Authenticates and reads a request, calls the method of its operation, and writes the reply.
pub(crate) type Handler = Arc<dyn Fn(RequestContext, Body) -> ReplyFuture + Send + Sync>;

/// The operations of one or more groups, from which a router is made.
#[derive(Default)]
pub struct Routes {
    candidates: Vec<Candidate>,
}

/// An operation that a request may be for.
#[derive(Clone)]
struct Candidate {
    operation: &'static Operation,
    template: Arc<Template>,
    handler: Handler,
}

impl fmt::Debug for Routes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.candidates.iter().map(|one| one.operation.id);
        formatter.debug_list().entries(ids).finish()
    }
}

impl Routes {
    /// The operations of a group.
    pub(crate) fn new(handlers: impl IntoIterator<Item = (&'static Operation, Handler)>) -> Self {
        let candidates = handlers.into_iter().map(|(operation, handler)| Candidate {
            operation,
            template: Arc::new(Template::new(operation)),
            handler,
        });
        let candidates = candidates.collect();
        Self { candidates }
    }

    /// Adds the operations of another group.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.candidates.extend(other.candidates);
        self
    }

    /// A router that responds with 405 to unknown methods, and with 404 to unknown paths unless an outer or merged router
    /// has a fallback. Routers of several groups can be merged; where their paths differ only in the literal text of a
    /// segment with a parameter (`/files/{name}.json`, `/files/{name}.xml`), use [`and`](Self::and).
    pub fn into_router(self) -> axum::Router {
        // A layer around the default fallback leaves it the default, so that routers can be merged.
        let not_found = map_response(|_: Response| async { Problem::not_found() });
        let mut router = axum::Router::new().layer(not_found);
        for (pattern, methods) in self.by_pattern() {
            let mut handlers = no_method();
            for (method, candidates) in methods {
                let candidates: Arc<[Candidate]> = candidates.into();
                handlers = on(handlers, method, move |request| {
                    handle(Arc::clone(&candidates), request)
                });
            }
            router = router.route(&pattern, handlers);
        }
        router
    }

    /// [`into_router`](Self::into_router) with a fallback: it also responds with 404 as JSON where it is nested. It cannot
    /// be merged with another router that has a fallback.
    pub fn into_router_with_fallback(self) -> axum::Router {
        self.into_router().fallback(not_found)
    }

    /// The candidates by pattern and method, in the order in which they are tried.
    fn by_pattern(mut self) -> BTreeMap<String, BTreeMap<&'static str, Vec<Candidate>>> {
        self.candidates
            .sort_by_cached_key(|candidate| candidate.template.rank());
        let mut patterns: BTreeMap<_, BTreeMap<_, Vec<_>>> = BTreeMap::new();
        for candidate in self.candidates {
            let methods = patterns.entry(candidate.template.pattern()).or_default();
            let method = candidate.operation.method.as_str();
            methods.entry(method).or_default().push(candidate);
        }
        patterns
    }
}

/// A route without handlers, which responds with 405.
pub(super) fn no_method() -> MethodRouter {
    let not_allowed = map_response(|_: Response| async { Problem::method_not_allowed() });
    MethodRouter::new().layer(not_allowed)
}

/// Adds the handler of a method to a route.
pub(super) fn on<F: Future<Output = Reply> + Send + 'static>(
    route: MethodRouter,
    method: &str,
    handler: impl Fn(Request) -> F + Clone + Send + Sync + 'static,
) -> MethodRouter {
    let method = Method::from_bytes(method.as_bytes()).ok();
    match method.and_then(|method| MethodFilter::try_from(method).ok()) {
        Some(filter) => route.on(filter, handler),
        None => route,
    }
}

/// Finds the operation and runs it.
async fn handle(candidates: Arc<[Candidate]>, request: Request) -> Reply {
    let (path, query) = (request.uri().path(), request.uri().query());
    let captures = |one: &Candidate| one.template.captures(path, query.unwrap_or_default());
    let mut found = candidates
        .iter()
        .filter_map(|one| Some((one, captures(one)?)));
    match found.next() {
        Some((one, captures)) => reply(one.operation, &one.handler, captures, request).await,
        None => Problem::not_found().into(),
    }
}

/// Runs the operation.
pub(super) async fn reply(
    operation: &'static Operation,
    handler: &Handler,
    captures: Captures,
    request: Request,
) -> Reply {
    let (parts, body) = request.into_parts();
    let context = RequestContext::new(parts, operation, captures);
    let mut reply = match context.one_authorization() {
        Ok(()) => handler(context, body).await.unwrap_or_else(|reply| reply),
        Err(problem) => problem.into(),
    };
    if reply.status() == StatusCode::UNAUTHORIZED {
        authentication::challenge(operation, &mut reply);
    }
    reply
}
