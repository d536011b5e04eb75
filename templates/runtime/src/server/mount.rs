//! An operation as a handler for any path, whatever its own one.

use axum::extract::Request;
use axum::http::Method;
use axum::middleware::map_response;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter};

use super::route::{Captures, Route};
use super::{Dispatch, Payload, Problem, Reply, RequestContext};

/// The handler of the operation at this place of a table. It answers other methods with 405; handlers of other methods
/// can be merged with it.
pub(super) fn anywhere(routes: &'static [Route], index: usize, dispatch: Dispatch) -> MethodRouter {
    // A layer goes around what stands already: the default fallback, which stays the default and so can be merged.
    let answer_405 = map_response(|_: Response| async { Problem::method_not_allowed() });
    let handlers = MethodRouter::new().layer(answer_405);
    let Some(route) = routes.get(index) else {
        return handlers;
    };
    let method = Method::from_bytes(route.method.as_bytes()).ok();
    let Some(filter) = method.and_then(|method| MethodFilter::try_from(method).ok()) else {
        return handlers;
    };
    handlers.on(filter, move |request: Request| {
        let dispatch = dispatch.clone();
        async move {
            match run(route, index, dispatch, request).await {
                Ok(reply) => reply.into_response(),
                Err(problem) => problem.into_response(),
            }
        }
    })
}

async fn run(
    route: &'static Route,
    index: usize,
    dispatch: Dispatch,
    request: Request,
) -> Result<Reply, Problem> {
    let (parts, body) = request.into_parts();
    let payload = if route.reads_body {
        Payload::read(&parts, body).await?
    } else {
        Payload::default()
    };
    let context = RequestContext::new(parts, route, Captures::new());
    dispatch(index, context, payload).await
}
