use std::collections::BTreeMap;
use std::error::Error as _;

use runtime::client::request::Request;
use runtime::client::{Client, Error};
use serde_json::Value;

use super::server::{Server, response};
use super::{ROOT, client};

async fn refused(body: &str) -> Error {
    let server = Server::start([response(422, &[("x-secret", "hunter2")], body)]).await;
    let call = Request::new(&client(&server.origin), &ROOT);
    call.execute().await.unwrap_err()
}

#[tokio::test]
async fn the_detail_is_found_where_apis_put_it() {
    for (body, detail) in [
        (r#""text""#, Some("text")),
        (r#"{"detail": "a", "message": "b"}"#, Some("a")),
        (r#"{"detail": {"code": 1, "message": "b"}}"#, Some("b")),
        (r#"{"error": "c", "error_description": "d"}"#, Some("c")),
        (r#"{"error": {"error": {"title": "deep"}}}"#, Some("deep")),
        (r#"{"error": {"error": {"error": {"title": "x"}}}}"#, None),
        (r#"{"title": 5, "error_description": "d"}"#, Some("d")),
        (r#"["a"]"#, None),
        (r#"{"other": "a"}"#, None),
        ("null", None),
        ("not JSON", None),
        ("", None),
    ] {
        let error = refused(body).await;
        let response = error.response().unwrap();
        assert_eq!(response.detail().as_deref(), detail, "{body}");
        let suffix = detail.map(|detail| format!(": {detail}"));
        assert_eq!(
            error.to_string(),
            format!(
                "root: the server responded with 422 Unprocessable Entity{}",
                suffix.unwrap_or_default()
            )
        );
    }
}

#[tokio::test]
async fn debug_output_shows_neither_headers_nor_body() {
    let error = refused(r#"{"detail": "a", "token": "hunter2"}"#).await;
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
    assert_eq!(error.response().unwrap().headers["x-secret"], "hunter2");
    assert!(error.source().is_none());
}

#[tokio::test]
async fn a_body_that_does_not_decode_keeps_the_reason_and_shows_no_body() {
    let server = Server::start([response(200, &[], r#"["hunter2"]"#)]).await;
    let call = Request::new(&client(&server.origin), &ROOT);
    let received = call.execute().await.unwrap();
    let error = received.json::<BTreeMap<String, i64>>().unwrap_err();
    let source = error.source().unwrap().to_string();
    assert!(source.contains("line 1 column 0"), "{source}");
    assert_eq!(
        error.to_string(),
        "root: the body of the response (200 OK) cannot be decoded"
    );
    assert_eq!(error.status().unwrap(), 200);
    let Error::Decode(error) = error else {
        panic!("{error}")
    };
    assert_eq!(
        serde_json::from_slice::<Value>(&error.body).unwrap()[0],
        "hunter2"
    );
}

#[test]
fn a_base_url_that_cannot_be_used_says_why() {
    for (url, message) in [
        ("x", "the base URL is not a URL"),
        ("ftp://a", "the base URL is neither HTTP nor HTTPS"),
        ("http://a?b", "the base URL has a query or a fragment"),
        ("http://u@a", "the base URL contains a user or a password"),
    ] {
        let error = Client::builder().base_url(url).build().unwrap_err();
        assert_eq!(error.to_string(), message, "{url}");
    }
    let error = Client::builder().base_url("x").build().unwrap_err();
    assert_eq!(
        error.source().unwrap().to_string(),
        "relative URL without a base"
    );
}
