use std::time::{Duration, Instant};

use bytes::Bytes;
use runtime::client::event_stream::Decoder;
use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, EventStream, Limits};

use super::ROOT;
use super::server::{Server, pieces, response};

/// The head of an endless response whose body ends with the connection.
const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n";

fn limited(origin: &str, response_size: usize) -> ClientBuilder {
    Client::builder().base_url(origin).limits(Limits { response_size, ..Limits::default() })
}

async fn events(builder: ClientBuilder) -> EventStream {
    let call = Request::new(&builder.build().unwrap(), &ROOT);
    call.events().await.unwrap().value
}

/// The head, then this text, one byte a piece.
fn bytewise(text: impl AsRef<str>) -> impl Iterator<Item = Bytes> + Send + 'static {
    let text = Bytes::from(text.as_ref().to_owned());
    let bytes = (0..text.len()).map(move |at| text.slice(at..=at));
    std::iter::once(Bytes::from(HEAD)).chain(bytes)
}

/// The head, then a piece again and again.
fn repeated(piece: &'static str) -> impl Iterator<Item = Bytes> + Send {
    std::iter::once(HEAD).chain(std::iter::repeat(piece)).map(Bytes::from)
}

#[test]
fn events_are_read_however_the_bytes_are_cut() {
    let text = "\u{feff}data: a\r\ndata\r\n\r\nevent:b\rdata:\u{e4}\r\rretry: 5\nid: 1\ndata: c\n\n";
    for size in [1, 2, 3, 1000] {
        let mut decoder = Decoder::new(100);
        let mut events = Vec::new();
        for chunk in text.as_bytes().chunks(size) {
            let mut chunk = Bytes::copy_from_slice(chunk);
            while let Some(event) = decoder.next(&mut chunk).unwrap() {
                events.push(event);
            }
        }
        let data: Vec<_> = events.iter().map(|event| event.data.as_str()).collect();
        assert_eq!(data, ["a\n", "\u{e4}", "c"], "{size}");
        assert_eq!(events[1].event, "b");
        assert_eq!(events[2].retry, Some(Duration::from_millis(5)));
    }
}

#[tokio::test]
async fn an_event_beyond_the_limit_ends_the_stream_with_an_error() {
    for body in [
        format!("data: a\n\ndata: {}", "x".repeat(200)),
        format!("data: a\n\ndata: {}\n\n", "x".repeat(200)),
        format!("data: a\n\n{}", "data: x\n".repeat(60)),
        format!("data: a\n\n{}", "data:\n".repeat(200)),
        format!("data: a\n\nevent: {}\n", "x".repeat(200)),
        format!("data: a\n\nid: {0}\nevent: {0}\n", "x".repeat(60)),
        format!("data: a\n\n:{}", "x".repeat(200)),
    ] {
        let server = Server::start([response(200, &[], &body)]).await;
        let mut events = events(limited(&server.origin, 100)).await;
        assert_eq!(events.next_event().await.unwrap().unwrap().data, "a");
        let error = events.next_event().await.unwrap().unwrap_err();
        assert!(matches!(error, Error::TooLarge { limit: 100, .. }), "{error}");
        assert!(events.next_event().await.is_none());
    }
}

#[tokio::test]
async fn a_megabyte_of_empty_data_is_bounded_and_read_in_linear_time() {
    let body = "data:\n".repeat(1 << 20) + "\n";
    for (limit, data) in [(1 << 20, Some((1 << 20) - 1)), (1 << 19, None)] {
        let server = Server::start([response(200, &[], &body)]).await;
        let mut events = events(limited(&server.origin, limit)).await;
        // Time that grew with the square of the lines would be hours.
        let event = events.next_event().await.unwrap();
        assert_eq!(event.ok().map(|event| event.data.len()), data);
    }
}

#[tokio::test]
async fn one_byte_a_chunk_is_read_whole() {
    let text = "data:\n".repeat(4000) + "\n" + &"data: x\n\n".repeat(200);
    let origin = pieces(bytewise(text), Duration::ZERO).await;
    let mut events = events(limited(&origin, 1 << 20)).await;
    let first = events.next_event().await.unwrap().unwrap();
    assert_eq!(first.data, "\n".repeat(3999));
    let mut count = 0;
    while let Some(event) = events.next_event().await {
        assert_eq!(event.unwrap().data, "x");
        count += 1;
    }
    assert_eq!(count, 200);
}

#[tokio::test]
async fn comments_without_end_take_no_memory_and_an_endless_line_is_an_error() {
    let comments = HEAD.to_owned() + &":\n".repeat(1 << 20) + "data: a\n\n";
    let origin = pieces([Bytes::from(comments)], Duration::ZERO).await;
    let mut small = events(limited(&origin, 100)).await;
    assert_eq!(small.next_event().await.unwrap().unwrap().data, "a");

    let origin = pieces(repeated("xxxxxxxxxx"), Duration::ZERO).await;
    let mut endless = events(limited(&origin, 100_000)).await;
    let error = endless.next_event().await.unwrap().unwrap_err();
    assert!(matches!(error, Error::TooLarge { .. }), "{error}");
}

#[tokio::test]
async fn bytes_that_end_no_line_do_not_keep_a_stream_open_but_comments_do() {
    let pause = Duration::from_millis(20);
    let silence = Duration::from_millis(300);
    let origin = pieces(repeated("x"), pause).await;
    let mut trickle = events(limited(&origin, 1 << 20).read_timeout(silence)).await;
    let error = trickle.next_event().await.unwrap().unwrap_err();
    assert_eq!(error.to_string(), "root: no line of the stream ended for 300ms");
    assert!(trickle.next_event().await.is_none());

    let beats = repeated(":\n").take(40);
    let beats = beats.chain([Bytes::from("data: a\n\n")]);
    let origin = pieces(beats, pause).await;
    let started = Instant::now();
    let mut alive = events(limited(&origin, 1 << 20).read_timeout(silence)).await;
    assert_eq!(alive.next_event().await.unwrap().unwrap().data, "a");
    assert!(started.elapsed() > silence);
}

#[tokio::test]
async fn the_last_id_is_kept_and_what_is_not_complete_is_left_out() {
    let body = "id: 1\ndata: a\n\n: comment\nretry: x\ndata: b\n\nid: \0\ndata: c\n\nevent: d\n\ndata: e";
    let server = Server::start([response(200, &[], body)]).await;
    let mut events = events(Client::builder().base_url(&server.origin)).await;
    let mut found = Vec::new();
    while let Some(event) = events.next_event().await {
        let event = event.unwrap();
        found.push((event.data, event.id, event.retry));
    }
    let expected = ["a", "b", "c"].map(|data| (data.to_owned(), Some("1".to_owned()), None));
    assert_eq!(found, expected);
}

#[test]
fn the_pause_that_the_server_asked_for_last_is_kept() {
    // Most servers send it by itself, before the first event.
    let text =
        "retry: 3000\n\ndata: a\n\nretry: +5\nretry: 99999999999999999999\nretry:\ndata: b\n\nretry: 7\ndata: c\n\n";
    let mut bytes = Bytes::from(text);
    let mut decoder = Decoder::new(100);
    for (data, pause) in [("a", 3000), ("b", 3000), ("c", 7)] {
        let event = decoder.next(&mut bytes).unwrap().unwrap();
        assert_eq!((event.data.as_str(), event.retry), (data, Some(Duration::from_millis(pause))));
    }
}
