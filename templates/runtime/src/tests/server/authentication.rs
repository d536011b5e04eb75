//! Authentication: before the body is read, and for every operation.

use std::sync::atomic::{AtomicUsize, Ordering};

use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

use super::send;
use crate::operation::{Method, Operation, ValueType, body, path};
use crate::security::{Credential, scheme};
use crate::server::{Problem, Reply, RequestContext, Service, group};

static UPDATE: Operation = Operation {
    id: "update",
    tag: "Notes",
    method: Method::Put,
    path: "/notes/{id}",
    parameters: &[path("id").of(ValueType::Integer)],
    body: &[body("application/json")],
    security: Some(&[&[scheme("token", &["note:write note:read", "note:admin"])]]),
    ..Operation::EMPTY
};

group! {
    pub trait Notes;

    fn update = UPDATE;
    pub struct UpdateRequest {
        pub id: i64 = path,
        pub body: Value = body json,
    }
    pub enum UpdateResponse {
        Ok(Value) = 200 json,
    }
}

#[derive(Debug)]
struct User(&'static str);

struct Api;

impl Service for Api {
    type Error = Reply;
    type Principal = User;

    async fn authenticate(&self, context: &RequestContext) -> Result<User, Reply> {
        let token = context.bearer_token();
        let token = token.ok_or_else(|| Problem::unauthorized("a token is needed"))?;
        let (user, scopes): (_, &[&str]) = match token {
            "ann" => ("Ann", &["note:read", "note:admin"]),
            "bob" => ("Bob", &["note:read"]),
            _ => return Err(Problem::unauthorized("the token is unknown").into()),
        };
        if !context.operation().permits("token", scopes) {
            return Err(Problem::forbidden("the token lacks a scope").into());
        }
        Ok(User(user))
    }
}

impl Notes for Api {
    async fn update(&self, context: &RequestContext<User>, request: UpdateRequest) -> Result<UpdateResponse, Reply> {
        let User(name) = context.principal;
        Ok(UpdateResponse::Ok(json!([name, request.id, request.body])))
    }
}

/// A service with principals that says nothing of how they are found.
struct Forgetful;

impl Service for Forgetful {
    type Error = Reply;
    type Principal = User;

    fn reject(&self, operation: &'static Operation, problem: Problem) -> Reply {
        Reply::json(problem.status, &json!({ operation.id: problem.detail }))
    }
}

impl Notes for Forgetful {}

/// How many pieces of the body were read.
static READ: AtomicUsize = AtomicUsize::new(0);

fn put(target: &str, tokens: &[&str]) -> Request<Body> {
    let mut builder = Request::put(target).header("content-type", "application/json");
    for token in tokens {
        builder = builder.header("authorization", format!("Bearer {token}"));
    }
    let body = futures_util::stream::once(async {
        READ.fetch_add(1, Ordering::SeqCst);
        Ok::<_, std::io::Error>(Bytes::from_static(b"[1]"))
    });
    builder.body(Body::from_stream(body)).unwrap()
}

#[tokio::test]
async fn who_is_refused_costs_no_body_and_is_not_told_of_parameters() {
    for (tokens, status, detail) in [
        (&[][..], 401, "a token is needed"),
        (&["eve"], 401, "the token is unknown"),
        (&["bob"], 403, "the token lacks a scope"),
        (&["ann", "eve"], 400, "more than one `Authorization` header"),
    ] {
        let (response, body) = send(router(Api), put("/notes/x", tokens)).await;
        assert_eq!(response.status(), status);
        assert_eq!(body, json!({ "detail": detail }));
        let challenge = response.headers().get("www-authenticate");
        assert_eq!(challenge.is_some(), status == 401);
    }
    assert_eq!(READ.load(Ordering::SeqCst), 0);
    let (_, body) = send(router(Api), put("/notes/7", &["ann"])).await;
    assert_eq!(body, json!(["Ann", 7, [1]]));
    assert_eq!(READ.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_body_has_one_media_type() {
    let mut request = put("/notes/7", &["ann"]);
    for media_type in ["application/json", "text/plain"] {
        request.headers_mut().append("content-type", media_type.parse().unwrap());
    }
    let (response, body) = send(router(Api), request).await;
    assert_eq!(response.status(), 400);
    assert_eq!(body, json!({ "detail": "more than one `Content-Type` header" }));
}

#[tokio::test]
async fn a_service_that_forgets_to_authenticate_serves_nobody() {
    for (tokens, status, detail) in [
        (&["ann"][..], StatusCode::NOT_IMPLEMENTED, "`update` is not authenticated"),
        (&["ann", "eve"], StatusCode::BAD_REQUEST, "more than one `Authorization` header"),
    ] {
        let (response, body) = send(router(Forgetful), put("/notes/7", tokens)).await;
        assert_eq!(response.status(), status);
        assert_eq!(body, json!({ "update": detail }));
    }
}

#[test]
fn scopes_are_compared_with_each_alternative() {
    const OPEN: Operation = Operation { security: Some(&[&[scheme("token", &[])], &[]]), ..Operation::EMPTY };
    const BOTH: Operation =
        Operation { security: Some(&[&[scheme("token", &[]), scheme("key", &[])]]), ..Operation::EMPTY };
    assert!(UPDATE.permits("token", &["note:read", "note:write"]) && !UPDATE.is_public());
    assert!(UPDATE.permits("token", &["note:admin"]) && !UPDATE.permits("token", &["note:write"]));
    assert!(!UPDATE.permits("token", &["note:read"]) && !UPDATE.permits("key", &["note:write"]));
    assert!(OPEN.is_public() && OPEN.permits("key", &[""; 0]));
    assert!(!BOTH.permits("token", &[""; 0]));
}

#[test]
fn no_credential_is_shown() {
    assert_eq!(format!("{:?}", Credential::from("t")), "Credential([redacted])");
}

#[tokio::test]
async fn a_method_can_be_called_without_a_router() {
    let context = RequestContext::new(&UPDATE).with_principal(User("Ann"));
    assert_eq!((context.method.as_str(), context.uri.path()), ("PUT", "/notes/{id}"));
    let request = UpdateRequest { id: 7, body: json!(null) };
    let response = Api.update(&context, request).await;
    assert!(matches!(response, Ok(UpdateResponse::Ok(body)) if body == json!(["Ann", 7, null])));
}
