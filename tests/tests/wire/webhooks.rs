//! Webhooks and callbacks: what a server of the API's user is called with, and where it has them.

use std::sync::Arc;

use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use generator::description::diagnostic::Diagnostics;
use generator::pipeline;
use generator::project::Project;
use serde_json::{Value, json};
use tower::ServiceExt;
use wire_api::server::webhooks::{
    self, AdoptedRequest, AdoptedResponse, PetCreatedRequest, PetCreatedResponse, Webhooks,
};
use wire_api::server::{Reply, RequestContext, Service};

use crate::workspace;

/// Leaves everything to the defaults.
struct Nothing;

impl Service for Nothing {
    type Error = Reply;
    type Principal = ();
}

impl Webhooks for Nothing {}

/// Takes a pet of the name Rex, and tells what it understood of anything else.
struct Shelter;

impl Service for Shelter {
    type Error = Reply;
    type Principal = ();
}

impl Webhooks for Shelter {
    async fn pet_created(
        &self,
        _: &RequestContext,
        request: PetCreatedRequest,
    ) -> Result<PetCreatedResponse, Reply> {
        match request.body.name.as_deref() {
            Some("Rex") => Ok(PetCreatedResponse::Accepted),
            other => Err(Reply::json(StatusCode::OK, &json!({ "name": other }))),
        }
    }

    async fn adopted(
        &self,
        context: &RequestContext,
        request: AdoptedRequest,
    ) -> Result<AdoptedResponse, Reply> {
        let by = request.body.and_then(|body| body.by);
        let told = json!([request.x_signature, by, context.uri.path()]);
        Err(Reply::json(StatusCode::OK, &told))
    }
}

async fn post(router: axum::Router, path: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::post(path)
        .header("content-type", "application/json")
        .header("x-signature", "s")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&body).unwrap_or(Value::Null))
}

#[tokio::test]
async fn what_is_not_implemented_is_answered_with_501() {
    for path in ["/pet_created", "/adopted"] {
        let (status, _) = post(webhooks::router(Nothing), path, &json!({})).await;
        assert_eq!(status, StatusCode::NOT_IMPLEMENTED, "{path}");
    }
}

#[tokio::test]
async fn the_body_of_a_webhook_is_read_as_leniently_as_a_response() {
    let rex = json!({"name": "Rex", "new": true});
    let (status, _) = post(webhooks::router(Shelter), "/pet_created", &rex).await;
    assert_eq!(status, StatusCode::ACCEPTED);
    let (status, body) = post(webhooks::router(Shelter), "/pet_created", &json!({})).await;
    assert_eq!((status, body), (StatusCode::OK, json!({ "name": null })));
}

#[tokio::test]
async fn a_callback_can_be_mounted_at_any_path_for_its_method() {
    let handler = webhooks::adopted(&Arc::new(Shelter));
    let router = axum::Router::new().route("/pets/{id}/adopted", handler);
    let (status, body) = post(router.clone(), "/pets/7/adopted", &json!({"by": "Ann"})).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(body, json!(["s", "Ann", "/pets/7/adopted"]));
    let get = Request::get("/pets/7/adopted").body(Body::empty()).unwrap();
    let refused = router.oneshot(get).await.unwrap().status();
    assert_eq!(refused, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn a_call_that_lacks_what_is_demanded_is_refused() {
    let request = Request::post("/adopted").body(Body::empty()).unwrap();
    let response = webhooks::router(Shelter).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
}

/// How many webhooks these documents have, how many are emitted, the effective description, and the index of the server.
fn generated(documents: &[&str]) -> (usize, usize, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let named = documents.iter().enumerate();
    let paths: Vec<_> = named
        .map(|(index, text)| {
            let path = folder.path().join(format!("source-{index}.yaml"));
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let mut diagnostics = Diagnostics::default();
    let out = folder.path().join("out");
    let project = Project::of_files(&paths, &out, "hooks", &mut diagnostics);
    let outcome = pipeline::run(&project);
    let files = outcome.files.expect("there were no errors");
    let text = |path: &str| String::from_utf8(files[path].clone()).unwrap();
    let counted = outcome.report.webhooks;
    (
        counted.found,
        counted.emitted,
        text("openapi.yaml"),
        text("src/server/mod.rs"),
    )
}

#[test]
fn webhooks_of_two_documents_are_united_and_3_0_has_them_as_an_extension() {
    let new = r#"{openapi: 3.1.0, info: {title: T, version: "1"}, webhooks: {
        a: {post: {responses: {"200": {description: OK.}}}}}}"#;
    let old = r#"{openapi: 3.0.3, info: {title: T, version: "1"}, paths: {}, x-webhooks: {
        a: {post: {responses: {"200": {description: OK.}}}}, b/c: {get: {responses: {}}}, d: {put: 3}}}"#;
    let (found, emitted, description, server) = generated(&[new, old]);
    assert_eq!((found, emitted), (3, 2));
    assert!(description.contains("\nwebhooks:\n"), "{description}");
    assert!(server.contains("pub mod webhooks;"));
}

#[test]
fn callbacks_stay_below_their_operation() {
    let path = workspace::path("tests/wire/generated/openapi.yaml");
    let written: Value = serde_yaml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let called = &written["paths"]["/pets/"]["post"]["callbacks"]["adopted"];
    let called = &called["{$request.query.notify}"]["post"];
    assert_eq!(called["x-rust-operation"], "adopted");
    let webhook = &written["webhooks"]["petCreated"]["post"];
    assert_eq!(webhook["operationId"], "petCreated");
}

#[test]
fn a_document_without_webhooks_has_nothing_of_them() {
    let document = r#"{openapi: 3.1.0, info: {title: T, version: "1"}, paths: {
        /a: {get: {responses: {"204": {description: OK.}}}}}}"#;
    let (found, emitted, description, server) = generated(&[document]);
    assert_eq!((found, emitted), (0, 0));
    assert!(!description.contains("webhooks"));
    assert!(!server.contains("webhooks"));
}
