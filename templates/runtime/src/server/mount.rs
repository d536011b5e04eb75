//! Operations that are served under any path.

use std::sync::Arc;

use axum::extract::Request;
use axum::routing::MethodRouter;

use super::route::Captures;
use super::router;
use super::service::{Call, Service, handler};

/// The route of an operation, with which routes of other methods can be merged.
pub(super) fn anywhere<Api: Service, R: Call<Api>>(api: &Arc<Api>) -> MethodRouter {
    let (operation, handler) = handler::<Api, R>(api);
    let route = router::no_method();
    router::on(route, operation.method.as_str(), move |request: Request| {
        router::reply(operation, &handler, Captures::default(), request)
    })
}
