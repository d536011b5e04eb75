use std::collections::BTreeMap;
use std::error::Error as _;

use runtime::client::request::Request;
use runtime::client::{Client, Error};
use serde_json::Value;

use super::server::{Server, response};
use super::{PUT, ROOT, client};

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
        // What a server writes that cuts strings, and numbers beyond those of 64 bits.
        (r#"{"detail": "a\ud83d", "size": 1e999}"#, Some("a\u{fffd}")),
        ("\u{feff}{\"detail\": \"a\"}", Some("a")),
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
            format!("root: the server responded with 422 Unprocessable Entity{}", suffix.unwrap_or_default())
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
    assert_eq!(error.to_string(), "root: the body of the response (200 OK) cannot be decoded");
    assert_eq!(error.status().unwrap(), 200);
    let Error::Decode(error) = error else { panic!("{error}") };
    assert_eq!(serde_json::from_slice::<Value>(&error.body).unwrap()[0], "hunter2");
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
    assert_eq!(error.source().unwrap().to_string(), "relative URL without a base");
}

#[tokio::test]
async fn what_a_server_says_neither_fills_nor_changes_a_log() {
    let evil = format!("a\nb\u{1b}[31m\u{202e}c\u{2066}\u{200b}{}", "x".repeat(2000));
    let error = refused(&serde_json::json!({ "detail": evil }).to_string()).await;
    assert_eq!(error.response().unwrap().detail(), Some(evil));
    for shown in [error.to_string(), format!("{error:?}")] {
        assert!(shown.contains("a b [31m c"), "{shown}");
        assert!(shown.contains("xxx..."), "{shown}");
        assert!(shown.len() < 800, "{}", shown.len());
        assert!(shown.is_ascii(), "{shown}");
    }
}

#[tokio::test]
async fn errors_of_fields_are_read_from_the_forms_of_common_frameworks() {
    for (body, expected) in [
        // Django REST framework.
        (
            r#"{"name": ["Too long.", "Not so."], "owner": {"emails": [{}, {"at": ["Missing."]}]}}"#,
            "name: Too long. Not so.; owner.emails.1.at: Missing.",
        ),
        // Ruby on Rails, Laravel, ASP.NET.
        (
            r#"{"message": "Invalid.", "errors": {"age": "Odd.", "name": ["Taken."], "title": "Long."}}"#,
            "Invalid.; age: Odd.; name: Taken.; title: Long.",
        ),
        // GitHub.
        (
            r#"{"message": "Failed", "errors": [{"resource": "Issue", "field": "title", "code": "missing"}]}"#,
            "Failed; title: missing",
        ),
        // JSON:API.
        (r#"{"errors": [{"detail": "Odd.", "source": {"pointer": "/data/name"}}]}"#, "data.name: Odd."),
        // FastAPI.
        (
            r#"{"detail": [{"loc": ["body", "tags", 0], "msg": "Required.", "type": "missing"}]}"#,
            "body.tags.0: Required.",
        ),
        (r#"{"errors": ["Odd."]}"#, "errors: Odd."),
        (r#"{"detail": "a", "hint": "b", "ids": [1, 2]}"#, "a"),
    ] {
        let error = refused(body).await;
        let shown = error.to_string();
        let (_, shown) = shown.split_once(": the server responded with 422 Unprocessable Entity: ").unwrap();
        assert_eq!(shown, expected, "{body}");
    }
    let error = refused(r#"{"a": {"b": ["c", "d"]}}"#).await;
    let [field] = &error.response().unwrap().field_errors()[..] else { panic!("{error}") };
    assert_eq!((field.path.as_str(), &field.messages[..]), ("a.b", &["c".to_owned(), "d".to_owned()][..]));
    let deep = "{\"a\":".repeat(100) + "[\"x\"]" + &"}".repeat(100);
    assert!(refused(&deep).await.response().unwrap().field_errors().is_empty());
    let many = serde_json::json!({ "list": vec![serde_json::json!({"name": ["x"]}); 1000] });
    let error = refused(&many.to_string()).await;
    assert_eq!(error.response().unwrap().field_errors().len(), 100);
}

#[tokio::test]
async fn no_text_of_a_body_is_in_the_reason_that_it_does_not_decode() {
    let server = Server::start([response(200, &[], r#""hunter2, \", expected""#)]).await;
    let call = Request::new(&client(&server.origin), &ROOT);
    let error = call.execute().await.unwrap().json::<BTreeMap<String, i64>>().unwrap_err();
    let source = error.source().unwrap().to_string();
    assert!(source.starts_with("invalid type: string, expected"), "{source}");
    assert!(source.contains("line 1 column"), "{source}");
    assert!(!format!("{error:?}").contains("hunter2"), "{error:?}");
}

#[tokio::test]
async fn a_parameter_that_the_operation_does_not_have_is_an_error() {
    let server = Server::start([]).await;
    let client = client(&server.origin);
    let call = || Request::new(&client, &PUT).path("team", "a").path("kind", "b");
    for (call, message) in [
        (call().path("other", "c"), "put: the operation has no path parameter `other`"),
        (call().query("team", "c"), "put: the operation has no query parameter `team`"),
        (call().header("X-A", "c"), "put: the operation has no header `X-A`"),
        (call().cookie("a", "c"), "put: the operation has no cookie `a`"),
    ] {
        let error = call.execute().await.unwrap_err();
        assert!(matches!(error, Error::UnknownParameter { .. }));
        assert_eq!(error.to_string(), message);
    }
    assert!(server.requests().is_empty());
}

#[tokio::test]
async fn a_url_that_is_too_long_says_so() {
    let server = Server::start([]).await;
    let call = |length: usize| {
        let call = Request::new(&client(&server.origin), &PUT).path("kind", "b");
        call.path("team", &"a".repeat(length)).execute()
    };
    let error = call(65_600).await.unwrap_err();
    assert!(matches!(error, Error::UrlTooLong { limit: 65_534, .. }));
    assert!(error.to_string().contains("more than 65534"), "{error}");
    assert!(server.requests().is_empty());
    let longest = 65_534 - server.origin.len() - "/teams//b".len();
    assert!(call(longest).await.is_ok());
    assert!(matches!(call(longest + 1).await, Err(Error::UrlTooLong { .. })));
}

#[tokio::test]
async fn an_error_of_a_redirect_says_where_it_leads_without_secrets() {
    for (location, shown) in [
        ("https://u:hush@other.invalid/a/@b?token=hush#hush", "https://other.invalid/a/@b"),
        ("//other.invalid", "//other.invalid"),
        ("ftp:a", "ftp:a"),
    ] {
        let server = Server::start([response(307, &[("location", location)], "")]).await;
        let request = Request::new(&client(&server.origin), &ROOT);
        let error = request.execute().await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("root: a redirect (307 Temporary Redirect) to `{shown}` was not followed")
        );
    }
}
