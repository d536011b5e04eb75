//! Operations that are served under any path.

use std::sync::Arc;

use axum::extract::Request;
use axum::routing::MethodRouter;

use super::router::{self, Responding};
use super::service::{Method, OperationRequest, Service, handler};
use crate::operation::Operation;

/// The route of an operation, with which routes of other methods can be merged.
pub(super) fn anywhere<Api: Service, R: OperationRequest, M>(
    operation: &'static Operation,
    api: &Arc<Api>,
    method: M,
) -> MethodRouter
where
    M: for<'a> Method<'a, Api, R>,
{
    let (operation, handler) = handler(operation, api, method);
    let route = router::no_method(String::new());
    router::on(route, operation.method.as_str(), move |request: Request| {
        Responding::of(operation, &handler, None, request)
    })
}
