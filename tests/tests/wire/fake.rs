//! The fake, as an API whose operations are all implemented.

use axum::body::{Body, to_bytes};
use http::Request;
use tower::ServiceExt;
use wire_api::server::Validation;
use wire_api::server::fake::FakeApi;

#[tokio::test]
async fn no_operation_that_is_implemented_is_responded_to_with_501() {
    let router = FakeApi::new(1).validation(Validation::OFF).router();
    for (method, target, status) in [
        ("GET", "/pets/1", 200),
        ("GET", "/p%65ts/1", 200),
        ("GET", "/pets/1/", 404),
        ("GET", "/pets//", 404),
        ("GET", "//pets/1", 404),
        ("POST", "/%70ets/", 201),
        // `DELETE /pets/{petId}` is another operation.
        ("DELETE", "/pets/export", 405),
        ("PUT", "/p%65ts/1", 405),
    ] {
        let request = Request::builder().method(method).uri(target);
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{method} {target}");
        assert!(response.headers().contains_key("content-type"), "{target}");
    }
}

#[tokio::test]
async fn the_fake_sends_the_example_of_each_media_type() {
    let router = FakeApi::new(1).validation(Validation::OFF).router();
    let request = Request::get("/pets/1").header("prefer", "code=404");
    let request = request.header("accept", "application/problem+json");
    let response = router.oneshot(request.body(Body::empty()).unwrap()).await;
    let body = to_bytes(response.unwrap().into_body(), 1_000)
        .await
        .unwrap();
    assert_eq!(body, r#"{"title":"No such pet"}"#);
}

#[tokio::test]
async fn the_fake_sends_final_statuses_alone() {
    let router = FakeApi::new(1).validation(Validation::OFF).router();
    for (code, status) in [("101", 200), ("99", 200), ("600", 200), ("599", 599)] {
        let request = Request::get("/pets/1").header("prefer", format!("code={code}"));
        let request = request.body(Body::empty()).unwrap();
        let response = router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), status, "{code}");
    }
}
