//! Implementations of the API, and the way from a request to a reply.

#![allow(dead_code, reason = "an API may have no operations")]

use std::future::{Ready, ready};
use std::sync::Arc;

use super::router::{Handler, ReplyFuture};
use super::{IntoReply, Payload, Problem, Reply, RequestContext};
use crate::operation::Operation;

/// An implementation of the API, or of a part of it: the supertrait of every group's trait.
pub trait Service: Send + Sync + 'static {
    /// The error of the methods: [`Reply`], or an error type of your own with `impl From<YourError> for Reply`.
    type Error: Into<Reply> + Send;
}

/// The future of an `async fn` that returns `Result<Response, Error>`.
pub trait Outcome<Response, Error>: Future<Output = Result<Response, Error>> + Send {}

impl<F: Future<Output = Result<Response, Error>> + Send, Response, Error> Outcome<Response, Error>
    for F
{
}

/// The request of an operation.
pub(crate) trait OperationRequest: Sized + Send + 'static {
    /// The operation.
    const OPERATION: &'static Operation;

    /// The response of the operation.
    type Response: IntoReply;

    /// Reads the request.
    fn read(context: &RequestContext, payload: Payload) -> Result<Self, Problem>;
}

/// The call of an operation's method of `Api`. It is not `async`: one future around all calls compiles faster.
pub(crate) trait Call<Api: Service>: OperationRequest {
    /// Calls the method.
    fn call(self, api: &Api, context: &RequestContext) -> impl Outcome<Self::Response, Api::Error>;
}

/// An operation and its handler.
pub(crate) fn handler<Api: Service, Request: Call<Api>>(
    api: &Arc<Api>,
) -> (&'static Operation, Handler) {
    let api = Arc::clone(api);
    let run = run::<Api, Request>;
    let handler = move |context, payload| run(Arc::clone(&api), context, payload);
    (Request::OPERATION, Arc::new(handler))
}

fn run<Api: Service, Request: Call<Api>>(
    api: Arc<Api>,
    context: RequestContext,
    payload: Payload,
) -> ReplyFuture {
    Box::pin(async move {
        let request = Request::read(&context, payload)?;
        Ok(match request.call(&api, &context).await {
            Ok(response) => response.into_reply(),
            Err(error) => error.into(),
        })
    })
}

/// The default of every method: 501.
pub(crate) fn not_implemented<Request, Response: From<Reply>, Error>(
    context: &RequestContext,
    _: Request,
) -> Ready<Result<Response, Error>> {
    let reply = Reply::not_implemented(context.operation().id);
    ready(Ok(reply.into()))
}
