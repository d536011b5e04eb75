//! The server side: which operation a request is for, what is read from it, how it is refused.

mod authentication;
mod bodies;
mod endpoints;
mod parameters;
mod replies;
mod routes;
mod schemas;
#[cfg(feature = "serve")]
mod serving;

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, Response};
use serde_json::Value;
use tower::ServiceExt;

use crate::operation::Operation;
use crate::server::router::{Handler, ReplyFuture};
use crate::server::{Payload, Problem, Reply, RequestContext, Routes, Validation, status};

async fn send(router: axum::Router, request: Request<Body>) -> (Response<()>, Value) {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let bytes = to_bytes(body, usize::MAX).await.unwrap();
    let body =
        serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    (Response::from_parts(parts, ()), body)
}

fn request(method: &str, target: &str) -> Request<Body> {
    let builder = Request::builder().method(method).uri(target);
    builder.body(Body::empty()).unwrap()
}

/// A router of one operation that responds with what is read from the request.
fn reading(
    operation: Operation,
    read: impl Fn(&RequestContext, &Payload) -> Result<Value, Problem> + Send + Sync + 'static,
) -> axum::Router {
    let operation: &'static Operation = Box::leak(Box::new(operation));
    let read = Arc::new(read);
    let handler: Handler = Arc::new(move |mut context, body| -> ReplyFuture {
        let read = Arc::clone(&read);
        Box::pin(async move {
            let payload = Payload::read(&mut context, body, Validation::OFF).await?;
            Ok(Reply::json(status(200), &read(&context, &payload)?))
        })
    });
    Routes::new([(operation, handler)]).into_router()
}
