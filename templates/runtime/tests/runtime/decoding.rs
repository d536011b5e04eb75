//! What a client makes of a response whose values have other types than described.

use std::collections::BTreeMap;
use std::error::Error as _;

use runtime::client::request::Request;
use runtime::client::{ApiResponse, Client, Error, ErrorResponse, Limits, Strictness};

use super::ROOT;
use super::server::{Server, response};

type Counts = BTreeMap<String, i64>;

async fn counts(
    body: &str,
    configure: impl FnOnce(runtime::client::ClientBuilder) -> runtime::client::ClientBuilder,
) -> Result<ApiResponse<Counts>, Error> {
    let server = Server::start([response(200, &[("set-cookie", "hunter2")], body)]).await;
    let builder = configure(Client::builder().base_url(&server.origin));
    let request = Request::new(&builder.build().unwrap(), &ROOT);
    request.execute().await.unwrap().json()
}

#[tokio::test]
async fn a_response_tells_what_was_left_out_and_keeps_its_body() {
    let body = r#"{"a": 1, "b": "hunter2", "c": 2.0}"#;
    let response = counts(body, |builder| builder).await.unwrap();
    let expected = [("a".to_owned(), 1), ("c".to_owned(), 2)];
    assert_eq!(response.value, BTreeMap::from(expected));
    let deviations: Vec<_> = response.deviations.iter().map(ToString::to_string).collect();
    assert_eq!(
        deviations,
        ["/b: expected an integer, found a string", "/c: expected an integer, found the number 2.0",]
    );
    assert_eq!(response.body, body);
    assert!(!format!("{response:?}").contains("hunter2"), "{response:?}");
    assert_eq!(response.map(|counts| counts.len()).deviations.total(), 2);
}

#[tokio::test]
async fn a_strict_client_fails_at_the_first_deviation() {
    let strict = |builder: runtime::client::ClientBuilder| builder.strictness(Strictness::Strict);
    let error = counts(r#"{"a": 1, "b": "x", "c": 2.0}"#, strict).await.unwrap_err();
    let source = error.source().unwrap().to_string();
    assert_eq!(source, "/b: expected an integer, found a string");
    assert!(counts(r#"{"a": 1}"#, strict).await.is_ok());
}

#[tokio::test]
async fn a_body_that_takes_too_much_memory_is_refused() {
    let limits = Limits { decoded_size: 400, ..Limits::default() };
    let limited = |builder: runtime::client::ClientBuilder| builder.limits(limits);
    assert!(counts(r#"{"a": 1}"#, limited).await.is_ok());
    let error = counts(r#"{"a": 1, "b": 2, "c": 3, "d": 4}"#, limited).await;
    assert!(matches!(error, Err(Error::TooLarge { limit: 400, .. })), "{error:?}");
}

#[tokio::test]
async fn what_is_no_value_of_json_is_an_error_and_what_is_doubtful_has_one_meaning() {
    let counts = |body: &str| {
        let body = body.to_owned();
        async move { counts(&body, |builder| builder).await }
    };
    // UTF-16 is no JSON any more (RFC 8259), and too many levels are no stack overflow.
    let utf16 = ["\u{feff}{\0\"\0a\0\"\0}\0", "{\0}\0"];
    let deep =
        |open: &str, close: &str| format!("{{\"a\": 1, \"b\": {}{}}}", open.repeat(10_000), close.repeat(10_000));
    let deep = [deep("[", "]"), deep("{\"c\": ", "}"), deep("[", "")];
    for body in utf16.into_iter().chain(deep.iter().map(String::as_str)) {
        let error = counts(body).await.unwrap_err();
        assert!(matches!(error, Error::Decode(_)), "{error:?}");
    }
    for body in [r#"{"a": 1, "a": 2, "b": 1, "\u0062": 3}"#, r#"{"a": "x", "a": 2, "b": 3, "c": 4, "c": "x"}"#] {
        let last = counts(body).await.unwrap();
        assert_eq!(last.value, Counts::from([("a".to_owned(), 2), ("b".to_owned(), 3)]));
    }
}

#[tokio::test]
async fn an_error_body_is_read_as_leniently() {
    let body = r#"{"a": 1, "b": "x"}"#;
    let server = Server::start([response(400, &[], body)]).await;
    let request = Request::new(&super::client(&server.origin), &ROOT);
    let error = request.execute().await.unwrap_err();
    let decode = ErrorResponse::decode::<Counts>;
    let read = decode(error.response().unwrap()).unwrap();
    assert_eq!(read, BTreeMap::from([("a".to_owned(), 1)]));
}
