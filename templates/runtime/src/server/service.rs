//! What every implementation of the API has in common, and how an operation gets from a request to a reply.

#![allow(dead_code, reason = "an API may have no operations")]

use std::future::{Ready, ready};
use std::sync::Arc;

use super::{IntoReply, Payload, Problem, Reply, ReplyFuture, RequestContext, Route};

/// An implementation of the API, or of a part of it: the supertrait of every group's trait.
pub trait Service: Send + Sync + 'static {
    /// What a method returns when it fails with something that the operation does not describe. [`Reply`] itself will
    /// do; an error type of your own says how it is answered by `impl From<YourError> for Reply`.
    type Error: Into<Reply> + Send;
}

/// What an operation is asked.
pub(crate) trait OperationRequest: Sized + Send + 'static {
    /// Where the operation is found.
    const ROUTE: Route;

    /// What the operation may answer.
    type Response: IntoReply;

    /// Reads it from a request.
    fn read(context: &RequestContext, payload: Payload) -> Result<Self, Problem>;
}

/// What the method of a trait is that answers a request. It is not async by itself, and the future around it is written
/// once: the compiler has to look into a future for each place that makes one.
pub(crate) trait AnsweredBy<Api: Service>: OperationRequest {
    /// Calls the method.
    fn answer(
        self,
        api: &Api,
        context: &RequestContext,
    ) -> impl Future<Output = Result<Self::Response, Api::Error>> + Send;
}

/// Reads the request and has it answered.
pub(crate) fn answer<Api: Service, Request: AnsweredBy<Api>>(
    api: Arc<Api>,
    context: RequestContext,
    payload: Payload,
) -> ReplyFuture {
    Box::pin(async move {
        let request = Request::read(&context, payload)?;
        Ok(match request.answer(&api, &context).await {
            Ok(response) => response.into_reply(),
            Err(error) => error.into(),
        })
    })
}

/// What a method answers by default: 501, naming the operation.
pub(crate) fn not_implemented<Request, Response: From<Reply>, Error>(
    context: &RequestContext,
    _: Request,
) -> Ready<Result<Response, Error>> {
    let reply = Reply::not_implemented(context.operation_id());
    ready(Ok(reply.into()))
}
