//! From the operations of one or more groups to an [`axum::Router`].
//!
//! Every path becomes one route of axum with one handler a method, and the handler is the same small function
//! throughout: which operation was meant is found in a table, so that an API of a thousand operations compiles as fast
//! as its own code allows. Paths that axum cannot tell apart share a route and are told apart in here.

use std::collections::BTreeMap;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{Method, Uri};
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter};

use super::problem::not_found;
use super::route::{Captures, Route, Template};
use super::{Payload, Problem, Reply, RequestContext};

/// A reply in the making.
pub type ReplyFuture = Pin<Box<dyn Future<Output = Result<Reply, Problem>> + Send>>;

/// Runs the operation of this index in the group's table.
pub type Dispatch = Arc<dyn Fn(usize, RequestContext, Payload) -> ReplyFuture + Send + Sync>;

/// The operations of one or more groups, on their way to a router.
#[derive(Default)]
pub struct Routes {
    candidates: Vec<Candidate>,
}

/// An operation, and how it is run.
#[derive(Clone)]
struct Candidate {
    route: &'static Route,
    template: Arc<Template>,
    index: usize,
    dispatch: Dispatch,
}

impl fmt::Debug for Routes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let routes = self.candidates.iter().map(|candidate| candidate.route);
        formatter.debug_list().entries(routes).finish()
    }
}

impl Routes {
    /// The operations of a group.
    #[must_use]
    pub fn new(routes: &'static [Route], dispatch: Dispatch) -> Self {
        let candidates = routes.iter().enumerate().map(|(index, route)| Candidate {
            route,
            template: Arc::new(Template::new(route.parts)),
            index,
            dispatch: Arc::clone(&dispatch),
        });
        Self {
            candidates: candidates.collect(),
        }
    }

    /// These operations and those of another group.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.candidates.extend(other.candidates);
        self
    }

    /// A router that answers unknown methods of its paths with 405, and unknown paths with 404 unless the router that
    /// it is nested in or merged with has a fallback. Routers of several groups can be merged, unless two operations of
    /// different groups have the same method and differ only in the literal text of one segment with a parameter
    /// (`/files/{name}.json`, `/files/{name}.xml`): join such groups by [`and`](Self::and).
    pub fn into_router(self) -> axum::Router {
        // Layers go around what stands already: the default fallbacks, which stay defaults and so can be merged.
        let answer_404 = map_response(|_: Response| async { Problem::not_found() });
        let answer_405 = map_response(|_: Response| async { Problem::method_not_allowed() });

        let mut router = axum::Router::new().layer(answer_404);
        for (pattern, methods) in self.by_pattern() {
            let mut handlers = MethodRouter::new().layer(answer_405.clone());
            for (filter, candidates) in methods {
                let candidates: Arc<[Candidate]> = candidates.into();
                handlers = handlers.on(filter, move |request: Request| {
                    handle(Arc::clone(&candidates), request)
                });
            }
            router = router.route(&pattern, handlers);
        }
        router
    }

    /// Like [`into_router`](Self::into_router), with a fallback of its own: unknown paths are answered as JSON also
    /// when the router is nested. It cannot be merged with another router that has a fallback.
    pub fn into_router_with_fallback(self) -> axum::Router {
        self.into_router().fallback(not_found)
    }

    /// The candidates by pattern and method, those to try first in front.
    fn by_pattern(self) -> BTreeMap<String, Vec<(MethodFilter, Vec<Candidate>)>> {
        let mut patterns: BTreeMap<String, BTreeMap<&str, Vec<Candidate>>> = BTreeMap::new();
        for candidate in self.candidates {
            patterns
                .entry(candidate.template.pattern())
                .or_default()
                .entry(candidate.route.method)
                .or_default()
                .push(candidate);
        }
        let filtered = |methods: BTreeMap<&str, Vec<Candidate>>| {
            methods
                .into_iter()
                .filter_map(|(method, mut candidates)| {
                    candidates.sort_by_cached_key(|candidate| candidate.template.rank());
                    let method = Method::from_bytes(method.as_bytes()).ok()?;
                    Some((MethodFilter::try_from(method).ok()?, candidates))
                })
                .collect()
        };
        patterns
            .into_iter()
            .map(|(pattern, methods)| (pattern, filtered(methods)))
            .collect()
    }
}

/// Finds the operation, reads the body, runs the operation.
async fn handle(candidates: Arc<[Candidate]>, request: Request) -> Response {
    match run(&candidates, request).await {
        Ok(reply) => reply.into_response(),
        Err(problem) => problem.into_response(),
    }
}

async fn run(candidates: &[Candidate], request: Request) -> Result<Reply, Problem> {
    let (candidate, captures) = find(candidates, request.uri()).ok_or_else(Problem::not_found)?;
    let (parts, body) = request.into_parts();
    let payload = if candidate.route.reads_body {
        Payload::read(&parts, body).await?
    } else {
        Payload::default()
    };
    let context = RequestContext::new(parts, candidate.route, captures);
    (candidate.dispatch)(candidate.index, context, payload).await
}

fn find<'a>(candidates: &'a [Candidate], uri: &Uri) -> Option<(&'a Candidate, Captures)> {
    let (path, query) = (uri.path(), uri.query().unwrap_or_default());
    candidates
        .iter()
        .find_map(|candidate| Some((candidate, candidate.template.captures(path, query)?)))
}
