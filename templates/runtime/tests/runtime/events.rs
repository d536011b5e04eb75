use std::time::Duration;

use runtime::client::event_stream::Decoder;
use runtime::client::request::Request;
use runtime::client::{Client, Error, Limits};

use super::ROOT;
use super::server::{Server, response};

#[test]
fn events_are_read_however_the_bytes_are_cut() {
    let text =
        "\u{feff}data: a\r\ndata\r\n\r\nevent:b\rdata:\u{e4}\r\rretry: 5\nid: 1\ndata: c\n\n";
    for size in [1, 2, 3, 1000] {
        let mut decoder = Decoder::default();
        for chunk in text.as_bytes().chunks(size) {
            decoder.push(chunk);
        }
        let data: Vec<_> = decoder
            .events
            .iter()
            .map(|event| event.data.as_str())
            .collect();
        assert_eq!(data, ["a\n", "\u{e4}", "c"], "{size}");
        assert_eq!(decoder.events[1].event, "b");
        assert_eq!(decoder.events[2].retry, Some(Duration::from_millis(5)));
    }
}

#[tokio::test]
async fn an_event_beyond_the_limit_ends_the_stream_with_an_error() {
    let body = format!("data: a\n\ndata: {}", "x".repeat(200));
    let server = Server::start([response(200, &[], &body)]).await;
    let limits = Limits {
        response_size: 100,
        ..Limits::default()
    };
    let builder = Client::builder().base_url(&server.origin).limits(limits);
    let call = Request::new(&builder.build().unwrap(), &ROOT);
    let mut events = call.events().await.unwrap().value;
    let error = events.next_event().await.unwrap().unwrap_err();
    assert!(
        matches!(error, Error::TooLarge { limit: 100, .. }),
        "{error}"
    );
    assert!(events.next_event().await.is_none());
}

#[tokio::test]
async fn the_last_id_is_kept_and_what_is_not_complete_is_left_out() {
    let body =
        "id: 1\ndata: a\n\n: comment\nretry: x\ndata: b\n\nid: \0\ndata: c\n\nevent: d\n\ndata: e";
    let server = Server::start([response(200, &[], body)]).await;
    let client = Client::builder().base_url(&server.origin).build().unwrap();
    let mut events = Request::new(&client, &ROOT).events().await.unwrap().value;
    let mut found = Vec::new();
    while let Some(event) = events.next_event().await {
        let event = event.unwrap();
        found.push((event.data, event.id, event.retry));
    }
    let expected = ["a", "b", "c"].map(|data| (data.to_owned(), Some("1".to_owned()), None));
    assert_eq!(found, expected);
}
