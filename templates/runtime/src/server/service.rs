//! Implementations of the API, and the way from a request to a reply.

#![allow(dead_code, reason = "an API may have no operations")]

use std::any::Any;
use std::future::{Ready, ready};
use std::sync::Arc;

use axum::body::Body;
use axum::http::StatusCode;

use super::router::{Handler, ReplyFuture};
use super::schema::{RequestSchema, SCHEMAS};
use super::{IntoReply, Payload, Problem, Reply, RequestContext, Validation, validation};
use crate::operation::Operation;

/// An implementation of the API, or of a part of it: the supertrait of every group's trait.
pub trait Service: Send + Sync + 'static {
    /// The error of the methods: [`Reply`], or an error type of your own with `impl From<YourError> for Reply`.
    type Error: Into<Reply> + Send;

    /// The sender of a request, which methods get as [`RequestContext::principal`]; `()` without authentication.
    type Principal: Send + Sync + 'static;

    /// Finds the sender of a request, before its parameters and its body are read. It may be an `async fn`.
    ///
    /// It is called for every operation, also for [public](Operation::is_public) ones. [`RequestContext::credential`] has
    /// the credential, [`Operation::permits`] compares its scopes; refuse a request with [`Problem::unauthorized`] or
    /// [`Problem::forbidden`]. The default is for the principal `()`; for any other it refuses all requests with 501.
    fn authenticate(&self, context: &RequestContext) -> impl Outcome<Self::Principal, Reply> {
        let nobody: Box<dyn Any> = Box::new(());
        let refused = |_| {
            let detail = format!("`{}` is not authenticated", context.operation().id);
            Reply::detail(StatusCode::NOT_IMPLEMENTED, &detail)
        };
        ready(nobody.downcast().map(|nobody| *nobody).map_err(refused))
    }

    /// What is checked of the requests and responses of an operation, and how long bodies may be.
    fn validation(&self, _: &'static Operation) -> Validation {
        Validation::default()
    }

    /// The response to a request that never gets to its method. The default is JSON, `{"detail": "..."}`; return the error
    /// body of the API in its place.
    fn reject(&self, _: &'static Operation, problem: Problem) -> Reply {
        problem.into()
    }
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
    fn read(context: &RequestContext, payload: &Payload) -> Result<Self, Problem>;
}

/// The call of an operation's method of `Api`. It is not `async`: one future around all calls compiles faster.
pub(crate) trait Call<Api: Service>: OperationRequest {
    /// Calls the method.
    fn call(
        self,
        api: &Api,
        context: &RequestContext<Api::Principal>,
    ) -> impl Outcome<Self::Response, Api::Error>;
}

/// An operation and its handler.
pub(crate) fn handler<Api: Service, Request: Call<Api>>(
    api: &Arc<Api>,
) -> (&'static Operation, Handler) {
    let api = Arc::clone(api);
    let schema = SCHEMAS.of(Request::OPERATION);
    let run = run::<Api, Request>;
    let handler = move |context, body| run(Arc::clone(&api), context, body, schema);
    (Request::OPERATION, Arc::new(handler))
}

fn run<Api: Service, Request: Call<Api>>(
    api: Arc<Api>,
    mut context: RequestContext,
    body: Body,
    schema: Option<&'static RequestSchema>,
) -> ReplyFuture {
    Box::pin(async move {
        let principal = api.authenticate(&context).await?;
        let validation = api.validation(Request::OPERATION);
        let payload = if Request::OPERATION.body.is_empty() {
            Ok(Payload::default())
        } else {
            // A future of its own, since it is larger than all else here.
            Box::pin(Payload::read(&mut context, body, validation)).await
        };
        let request = payload
            .and_then(|payload| read(&context, payload, validation, schema, Request::read))
            .map_err(|problem| api.reject(Request::OPERATION, problem))?;
        let context = context.with_principal(principal);
        let reply = match request.call(&api, &context).await {
            Ok(response) => response.into_reply(),
            Err(error) => error.into(),
        };
        let reply = reply.with_room(context.extensions);
        Ok(if validation.response {
            reply.checked(Request::OPERATION)
        } else {
            reply
        })
    })
}

/// Checks and reads a request.
fn read<Request>(
    context: &RequestContext,
    mut payload: Payload,
    validation: Validation,
    schema: Option<&RequestSchema>,
    read: fn(&RequestContext, &Payload) -> Result<Request, Problem>,
) -> Result<Request, Problem> {
    validation::check(context, &mut payload, validation, schema)?;
    read(context, &payload)
        .map_err(|problem| validation::explain(context, &mut payload, schema, problem))
}

/// The default of every method: 501.
pub(crate) fn not_implemented<Principal, Request, Response: From<Reply>, Error>(
    context: &RequestContext<Principal>,
    _: Request,
) -> Ready<Result<Response, Error>> {
    let reply = Reply::not_implemented(context.operation().id);
    ready(Ok(reply.into()))
}
