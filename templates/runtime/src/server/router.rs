//! The [`axum::Router`] of operations.
//!
//! Every path is a route of axum. All routes have the same service, so that large APIs compile fast; it finds the operation
//! among those whose paths are the same for axum.

#![allow(dead_code, reason = "an API may have no operations")]

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::pin::Pin;
use std::sync::{Arc, LazyLock};
use std::task::{Context, Poll, ready};

use axum::body::Body;
use axum::extract::{OriginalUri, Request, State};
use axum::handler::Handler as _;
use axum::http::{Method, StatusCode};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any_service};
use tower_service::Service;

use super::operations::GROUPS;
use super::route::{self, Template};
use super::{Problem, Reply, RequestContext, authentication, not_found};
use crate::operation::Operation;

/// The future of a reply.
pub(crate) type ReplyFuture = Pin<Box<dyn Future<Output = Result<Reply, Reply>> + Send>>;

/// Authenticates and reads a request, calls the method of its operation, and writes the reply.
pub(crate) type Handler = Arc<dyn Fn(RequestContext, Body) -> ReplyFuture + Send + Sync>;

/// The operations of one or more groups, from which a router is made.
#[derive(Default)]
pub struct Routes {
    candidates: Vec<Candidate>,
    layers: Vec<Layer>,
}

/// What is put around each route.
type Layer = Box<dyn Fn(MethodRouter) -> MethodRouter + Send + Sync>;

/// An operation that a request may be for.
#[derive(Clone)]
struct Candidate {
    operation: &'static Operation,
    template: Arc<Template>,
    handler: Handler,
}

/// The candidates of a route by method, in the order in which they are tried.
type Methods = BTreeMap<&'static str, Vec<Candidate>>;

/// An operation of the API, and its path.
type Known = (&'static Operation, Template);

/// All operations of the API, also those that are not mounted.
static KNOWN: LazyLock<Vec<Known>> = LazyLock::new(|| {
    let operations = GROUPS.iter().copied().flatten().copied();
    operations.map(|one| (one, Template::new(one))).collect()
});

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
        Self { candidates: candidates.collect(), layers: Vec::new() }
    }

    /// Adds the operations of another group.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.candidates.extend(other.candidates);
        self.layers.extend(other.layers);
        self
    }

    /// Adds a layer that has the operation as an extension of the request, of the type `&'static Operation`:
    /// `routes.layer(|route| route.layer(TraceLayer::new_for_http()))`. Layers around the router have it as one of the
    /// response. `MatchedPath` needs the feature `matched-path` of axum; [`Operation::path`] does not.
    #[must_use]
    pub fn layer(mut self, layer: impl Fn(MethodRouter) -> MethodRouter + Send + Sync + 'static) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// A router that responds with 501 to operations of groups that are not mounted, with 405 to unknown methods, and with
    /// 404 to unknown paths unless an outer or merged router has a fallback. Routers of several groups can be merged; where
    /// their paths differ only in the literal text of a segment with a parameter (`/files/{name}.json`,
    /// `/files/{name}.xml`), or where letters of paths may be percent-encoded, use [`and`](Self::and); `serve` decodes these
    /// letters, also in the path of an outer router.
    pub fn into_router(self) -> axum::Router {
        let routes = self.into_routes();
        let again = again(&routes);
        // A layer around the default fallback leaves it the default, so that routers can be merged.
        let unmatched = from_fn(move |request: Request, _: Next| unmatched(again.clone(), request));
        routes.merge(axum::Router::new().layer(unmatched))
    }

    /// [`into_router`](Self::into_router) with a fallback: it also responds with 404 as JSON where it is nested. It cannot
    /// be merged with another router that has a fallback.
    pub fn into_router_with_fallback(self) -> axum::Router {
        let routes = self.into_routes();
        let again = again(&routes);
        routes.fallback(move |request: Request| unmatched(again.clone(), request))
    }

    /// The router without a fallback.
    fn into_routes(self) -> axum::Router {
        let mut router = axum::Router::new();
        let (routes, layers) = self.by_path();
        for (path, methods) in routes {
            let mut route = no_method(pattern(methods.values().flatten()));
            for (method, candidates) in &methods {
                let candidates: Arc<[Candidate]> = candidates.as_slice().into();
                route = on(route, method, move |request| respond(&candidates, request));
            }
            if !layers.is_empty() {
                route = layers.iter().fold(route, |route, layer| layer(route));
                route = route.layer(from_fn_with_state(Arc::new(methods), matched));
            }
            router = router.route(&path, route);
        }
        router
    }

    /// The routes by their paths, which are those of the API for each pattern, so that routers of several groups have the
    /// same: of operations that differ in names alone those of the first, of others the shortest.
    fn by_path(mut self) -> (BTreeMap<String, Methods>, Vec<Layer>) {
        let mut documented: BTreeMap<String, String> = BTreeMap::new();
        let own = self.candidates.iter().map(|one| &*one.template);
        for template in KNOWN.iter().map(|(_, template)| template).chain(own) {
            let path = template.documented();
            let known = documented.entry(template.pattern()).or_default();
            if known.is_empty() || path.len() < known.len() {
                *known = path;
            }
        }
        self.candidates.sort_by_cached_key(|candidate| candidate.template.rank());
        let mut routes: BTreeMap<String, Methods> = BTreeMap::new();
        for candidate in self.candidates {
            let path = documented.get(&candidate.template.pattern());
            let methods = routes.entry(path.cloned().unwrap_or_default()).or_default();
            let method = candidate.operation.method.as_str();
            methods.entry(method).or_default().push(candidate);
        }
        (routes, self.layers)
    }
}

/// A route without handlers, which responds with 405, or with 501 to an operation of this pattern that is not mounted.
pub(super) fn no_method(pattern: String) -> MethodRouter {
    let not_allowed = from_fn(move |request: Request, _: Next| {
        let problem = unmounted(&request, Some(&pattern)).unwrap_or_else(Problem::method_not_allowed);
        ready(problem)
    });
    MethodRouter::new().layer(not_allowed)
}

/// The routes for a second attempt.
fn again(routes: &axum::Router) -> MethodRouter {
    any_service(routes.clone().fallback(not_found))
}

/// The response where no route has the path. axum compares paths as they are sent: where letters are percent-encoded that
/// need not be, the request has a second attempt without.
async fn unmatched(again: MethodRouter, mut request: Request) -> Response {
    match route::plain(request.uri()) {
        Some(plain) => {
            *request.uri_mut() = plain;
            again.call(request, ()).await
        }
        None => unmounted(&request, None).unwrap_or_else(Problem::not_found).into_response(),
    }
}

/// 501 for an operation of the API that is not mounted. One of another pattern than that of the route may be mounted.
fn unmounted(request: &Request, pattern: Option<&str>) -> Option<Problem> {
    if follows_a_slash(request) {
        return None;
    }
    let is_method = |one: &&Known| one.0.method.as_str() == request.method().as_str();
    let is_pattern = |template: &Template| pattern.is_none_or(|pattern| template.pattern() == pattern);
    let mut known = KNOWN.iter().filter(is_method);
    let found = known.find(|(_, template)| template.matches(request.uri()) && is_pattern(template));
    found.map(|(operation, _)| Problem::not_implemented(operation))
}

/// Whether the path that a nested router sees begins with the second of two slashes, as that of `/api/0//teams/` does:
/// axum has no route for it, and the path looks like one of an operation.
fn follows_a_slash(request: &Request) -> bool {
    let sent = request.extensions().get().map(|OriginalUri(uri)| uri.path());
    let outer = sent.and_then(|path| path.strip_suffix(request.uri().path()));
    outer.is_some_and(|outer| outer.ends_with('/'))
}

/// The pattern that candidates of a route have in common.
fn pattern<'c>(candidates: impl IntoIterator<Item = &'c Candidate>) -> String {
    let first = candidates.into_iter().next();
    first.map_or_else(String::new, |one| one.template.pattern())
}

/// Adds the service of a method to a route.
pub(super) fn on<F>(route: MethodRouter, method: &str, respond: F) -> MethodRouter
where
    F: Fn(Request) -> Responding + Clone + Send + Sync + 'static,
{
    let method = Method::from_bytes(method.as_bytes()).ok();
    match method.and_then(|method| MethodFilter::try_from(method).ok()) {
        Some(filter) => route.on_service(filter, Responder(respond)),
        None => route,
    }
}

/// A function as a service. As a handler of axum, it would box its future once more.
#[derive(Clone)]
struct Responder<F>(F);

impl<F: Fn(Request) -> Responding> Service<Request> for Responder<F> {
    type Response = Response;
    type Error = Infallible;
    type Future = Responding;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Responding {
        (self.0)(request)
    }
}

/// The future of a response: of an operation, or where no operation has the path.
pub(super) struct Responding(Result<(&'static Operation, ReplyFuture), Problem>);

impl Responding {
    /// Runs an operation.
    pub(super) fn of(
        operation: &'static Operation,
        handler: &Handler,
        path: Option<Arc<Template>>,
        request: Request,
    ) -> Self {
        let (parts, body) = request.into_parts();
        let context = RequestContext::received(parts, operation, path);
        Self(Ok((operation, handler(context, body))))
    }
}

impl Future for Responding {
    type Output = Result<Response, Infallible>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let (operation, reply) = match &mut self.0 {
            Ok((operation, reply)) => (*operation, reply),
            Err(problem) => return Poll::Ready(Ok(problem.clone().into_response())),
        };
        let mut reply = ready!(reply.as_mut().poll(context)).unwrap_or_else(|reply| reply);
        if reply.status() == StatusCode::UNAUTHORIZED {
            authentication::challenge(operation, &mut reply);
        }
        let mut response = reply.into_response();
        response.extensions_mut().insert(operation);
        Poll::Ready(Ok(response))
    }
}

/// The operation of a request, among those of its method: an error where none has its path.
fn find<'c>(candidates: &'c [Candidate], request: &Request) -> Result<&'c Candidate, Problem> {
    let found = candidates.iter().find(|one| one.template.matches_on_route(request.uri()));
    found.ok_or_else(|| unmounted(request, Some(&pattern(candidates))).unwrap_or_else(Problem::not_found))
}

/// Finds the operation, which the layers below have as an extension of the request, and those above of the response.
async fn matched(State(methods): State<Arc<Methods>>, mut request: Request, next: Next) -> Response {
    let method = match request.method() {
        &Method::HEAD if !methods.contains_key("HEAD") => "GET",
        method => method.as_str(),
    };
    let Some(candidates) = methods.get(method) else {
        return next.run(request).await;
    };
    let operation = match find(candidates, &request) {
        Err(problem) => return problem.into_response(),
        Ok(candidate) => candidate.operation,
    };
    request.extensions_mut().insert(operation);
    let mut response = next.run(request).await;
    response.extensions_mut().insert(operation);
    response
}

/// Runs the operation of a request.
fn respond(candidates: &[Candidate], request: Request) -> Responding {
    match find(candidates, &request) {
        Ok(one) => Responding::of(one.operation, &one.handler, Some(Arc::clone(&one.template)), request),
        Err(problem) => Responding(Err(problem)),
    }
}
