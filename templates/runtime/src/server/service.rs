//! Implementations of the API, and the way from a request to a reply.

#![allow(dead_code, reason = "an API may have no operations")]

use std::any::Any;
use std::future::ready;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

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
    /// [`Problem::forbidden`], which [`reject`](Self::reject) writes if it is called here. The default is for the principal
    /// `()`; for any other it refuses all requests with 501.
    fn authenticate(&self, context: &RequestContext) -> impl Outcome<Self::Principal, Reply> {
        let nobody: Box<dyn Any> = Box::new(());
        let refused = |_| {
            let detail = format!("`{}` is not authenticated", context.operation().id);
            self.reject(context.operation(), Problem::new(StatusCode::NOT_IMPLEMENTED, detail))
        };
        ready(nobody.downcast().map(|nobody| *nobody).map_err(refused))
    }

    /// What is checked of the requests and responses of an operation, and how long bodies may be.
    fn validation(&self, _: &'static Operation) -> Validation {
        Validation::default()
    }

    /// Writes each refusal of a request for an operation of this service, the 501 of a method that is not implemented, and
    /// the 500 in the place of a response that lacks what the description promises, or cannot be serialized. The default is
    /// JSON, `{"detail": "..."}`; return the error body of the API in its place.
    ///
    /// Whatever else [`authenticate`](Self::authenticate) and the methods return is sent as it is, also a [`Problem`] of a
    /// body that a method reads itself. A request without an operation has no service: where the router responds with 404, 405 or
    /// 501, and `serve` with 400, 404, 408 or 500, the [`Problem`] is an extension of the response, from which a layer can write
    /// another one. A layer of the router does not see the responses of `serve`, so use time limits and a layer for panics
    /// of your own there.
    fn reject(&self, _: &'static Operation, problem: Problem) -> Reply {
        problem.into()
    }
}

/// The future of an `async fn` that returns `Result<Response, Error>`.
pub trait Outcome<Response, Error>: Future<Output = Result<Response, Error>> + Send {}

impl<F: Future<Output = Result<Response, Error>> + Send, Response, Error> Outcome<Response, Error> for F {}

/// The request of an operation.
pub(crate) trait OperationRequest: Sized + Send + 'static {
    /// Reads the request.
    fn read(context: &RequestContext, payload: &Payload) -> Result<Self, Problem>;
}

/// A method of a group's trait, such as `<Api as Teams>::list_teams`. Its future borrows the implementation and the context
/// for `'a`. A trait of functions needs no type for the future of each operation, which takes a compiler time and memory.
pub(crate) trait Method<'a, Api: Service, Request>: Copy + Send + Sync + 'static {
    /// The response of the operation.
    type Response: IntoReply;
    /// The future of a call. Rust 1.88 cannot tell that an `impl Outcome` in its place is `Send`.
    type Called: Outcome<Self::Response, Api::Error> + 'a;

    /// Calls the method.
    fn call(self, api: &'a Api, context: &'a RequestContext<Api::Principal>, request: Request) -> Self::Called;
}

impl<'a, Api, Request, F, Called, Response> Method<'a, Api, Request> for F
where
    Api: Service,
    F: Fn(&'a Api, &'a RequestContext<Api::Principal>, Request) -> Called + Copy + Send + Sync + 'static,
    Called: Future<Output = Result<Response, Api::Error>> + Send + 'a,
    Response: IntoReply,
{
    type Response = Response;
    type Called = Called;

    fn call(self, api: &'a Api, context: &'a RequestContext<Api::Principal>, request: Request) -> Called {
        self(api, context, request)
    }
}

/// An operation and its handler.
pub(crate) fn handler<Api: Service, Request: OperationRequest, M>(
    operation: &'static Operation,
    api: &Arc<Api>,
    method: M,
) -> (&'static Operation, Handler)
where
    M: for<'a> Method<'a, Api, Request>,
{
    let api = Arc::clone(api);
    let schema = SCHEMAS.of(operation);
    let run = run::<Api, Request, M>;
    let handler = move |context, body| run(Arc::clone(&api), context, body, schema, method);
    (operation, Arc::new(handler))
}

fn run<Api: Service, Request: OperationRequest, M>(
    api: Arc<Api>,
    mut context: RequestContext,
    body: Body,
    schema: Option<&'static RequestSchema>,
    method: M,
) -> ReplyFuture
where
    M: for<'a> Method<'a, Api, Request>,
{
    Box::pin(async move {
        let operation = context.operation();
        let reject = |problem| api.reject(operation, problem);
        context.unambiguous().map_err(reject)?;
        let principal = match api.authenticate(&context).await {
            Ok(principal) => principal,
            Err(mut refusal) => return Err(refusal.problem().map_or(refusal, reject)),
        };
        let validation = api.validation(operation);
        let payload = if operation.body.is_empty() {
            Ok(Payload::default())
        } else {
            // A future of its own, since it is larger than all else here.
            Box::pin(Payload::read(&mut context, body, validation)).await
        };
        let request =
            payload.and_then(|payload| read(&context, payload, validation, schema, Request::read)).map_err(reject)?;
        let context = context.with_principal(principal);
        let mut reply = match method.call(&api, &context, request).await {
            Ok(response) => response.into_reply(),
            Err(error) => error.into(),
        };
        if let Some(problem) = reply.problem() {
            return Err(reject(problem));
        }
        let reply = reply.with_room(context.extensions);
        if validation.response { reply.checked(operation).map_err(reject) } else { Ok(reply) }
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
    read(context, &payload).map_err(|problem| validation::explain(context, &mut payload, schema, problem))
}

/// The default of every method: 501.
pub(crate) fn not_implemented<Api: Service + ?Sized, Request, Response: From<Reply>>(
    api: &Api,
    context: &RequestContext<Api::Principal>,
    _: Request,
) -> NotImplemented<Response, Api::Error> {
    let operation = context.operation();
    NotImplemented(Some(api.reject(operation, Problem::not_implemented(operation))), PhantomData)
}

/// The future of a method that is not implemented. It holds no response, so that a compiler need not prove of each that
/// threads can exchange it.
pub(crate) struct NotImplemented<Response, Error>(Option<Reply>, PhantomData<fn() -> (Response, Error)>);

impl<Response: From<Reply>, Error> Future for NotImplemented<Response, Error> {
    type Output = Result<Response, Error>;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Self::Output> {
        let reply = self.0.take();
        reply.map_or(Poll::Pending, |reply| Poll::Ready(Ok(reply.into())))
    }
}
