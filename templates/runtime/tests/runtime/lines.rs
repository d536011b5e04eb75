use std::time::Duration;

use bytes::Bytes;
use futures_util::StreamExt;
use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, Limits, Lines, Strictness};

use super::ROOT;
use super::server::{Server, pieces, response};

const NDJSON: &str = "application/x-ndjson";

async fn lines(builder: ClientBuilder) -> Lines<u64> {
    let call = Request::new(&builder.build().unwrap(), &ROOT);
    call.lines().await.unwrap().value
}

/// The values of a response, and the errors as text.
async fn values(media_type: &str, body: &str) -> Vec<Result<u64, String>> {
    let server = Server::start([response(200, &[("content-type", media_type)], body)]).await;
    let lines = lines(Client::builder().base_url(&server.origin)).await;
    let lines = lines.map(|value| value.map_err(|error| error.to_string()));
    lines.collect().await
}

#[tokio::test]
async fn each_line_is_a_value_and_empty_lines_are_skipped() {
    let found = [Ok(1), Ok(2), Ok(3)].to_vec();
    for body in ["1\n2\n3\n", "1\r\n\r\n 2 \n\n3", "\n1\n2\n3\n\n  "] {
        assert_eq!(values(NDJSON, body).await, found, "{body:?}");
    }
    let sequence = "\u{1e}1\n\u{1e}\n2\n\u{1e}3\n";
    assert_eq!(values("application/json-seq", sequence).await, found);
    assert!(values(NDJSON, "").await.is_empty());
}

#[tokio::test]
async fn a_value_that_cannot_be_decoded_is_an_error_and_the_next_one_follows() {
    let found = values(NDJSON, "1\n{\n2\n").await;
    let error = "root: the body of the response (200 OK) cannot be decoded";
    assert_eq!(found, [Ok(1), Err(error.to_owned()), Ok(2)]);

    let server = Server::start([response(200, &[], "[1, \"2\"]\n")]).await;
    let builder = Client::builder().base_url(&server.origin);
    let strict = builder.strictness(Strictness::Strict).build().unwrap();
    let call = Request::new(&strict, &ROOT).lines::<Vec<u64>>();
    let line = call.await.unwrap().value.next_line().await.unwrap();
    assert!(matches!(line, Err(Error::Decode(_))), "{line:?}");
}

#[tokio::test]
async fn values_arrive_before_the_response_ends_however_the_bytes_are_cut() {
    let head = "HTTP/1.1 200 OK\r\n\r\n";
    let body = Bytes::from("10\n20\n30\n");
    let bytes = (0..body.len()).map(move |at| body.slice(at..=at));
    let endless = std::iter::repeat(Bytes::from("\n"));
    let all = std::iter::once(Bytes::from(head)).chain(bytes).chain(endless);
    let origin = pieces(all, Duration::from_millis(2)).await;
    let mut lines = lines(Client::builder().base_url(origin)).await;
    for expected in [10, 20, 30] {
        assert_eq!(lines.next_line().await.unwrap().unwrap(), expected);
    }
}

#[tokio::test]
async fn lines_are_limited_in_size_and_silence() {
    let limits = Limits { response_size: 100, ..Limits::default() };
    for body in ["1\n".to_owned() + &" ".repeat(200), "1\n".to_owned() + &"1".repeat(200) + "\n2\n"] {
        let server = Server::start([response(200, &[], &body)]).await;
        let builder = Client::builder().base_url(&server.origin).limits(limits);
        let mut lines = lines(builder).await;
        assert_eq!(lines.next_line().await.unwrap().unwrap(), 1);
        let error = lines.next_line().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 100, .. }), "{error}");
        assert!(lines.next_line().await.is_none());
    }
    let trickle = std::iter::once("HTTP/1.1 200 OK\r\n\r\n").chain(std::iter::repeat("1"));
    let origin = pieces(trickle.map(Bytes::from), Duration::from_millis(20)).await;
    let builder = Client::builder().base_url(origin);
    let mut lines = lines(builder.read_timeout(Duration::from_millis(200))).await;
    let error = lines.next_line().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error}");
    assert!(lines.next_line().await.is_none());
}

#[tokio::test]
async fn a_response_that_ends_early_is_an_error_after_its_values() {
    let cut = "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n1\n2";
    let origin = pieces([Bytes::from(cut)], Duration::ZERO).await;
    let mut lines = lines(Client::builder().base_url(origin)).await;
    assert_eq!(lines.next_line().await.unwrap().unwrap(), 1);
    assert!(lines.next_line().await.unwrap().is_err());
    assert!(lines.next_line().await.is_none());
}
