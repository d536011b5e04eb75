use std::io::{Read, Write};

use axum::body::Body;
use axum::http::Response;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, Limits, RetryPolicy};
use runtime::types::Binary;

use super::ROOT;
use super::server::{Server, response};

const MEBIBYTE: usize = 1 << 20;

fn compressed(status: u16, content: &[u8]) -> Response<Body> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let body = Body::from(encoder.finish().unwrap());
    let builder = Response::builder().status(status);
    builder
        .header("content-encoding", "gzip")
        .body(body)
        .unwrap()
}

fn limited(server: &Server) -> ClientBuilder {
    Client::builder().base_url(&server.origin).limits(Limits {
        response_size: MEBIBYTE,
        error_size: 1000,
        ..Limits::default()
    })
}

#[tokio::test]
async fn a_compressed_response_is_asked_for_and_decompressed() {
    let server = Server::start([compressed(200, b"content"), compressed(200, b"content")]).await;
    let client = limited(&server).build().unwrap();
    let received = Request::new(&client, &ROOT).execute().await.unwrap();
    assert_eq!(received.body, "content");
    let download = Request::new(&client, &ROOT).send_streaming().await.unwrap();
    assert_eq!(download.content_length(), None);
    assert_eq!(download.bytes().await.unwrap(), "content");
    let accepted = server.requests()[0].0["accept-encoding"].clone();
    assert!(accepted.to_str().unwrap().contains("gzip"), "{accepted:?}");
}

#[tokio::test]
async fn limits_count_the_bytes_after_decompression() {
    let bomb = |status| compressed(status, &vec![0; 10 * MEBIBYTE]);
    let server = Server::start([bomb(200), bomb(200), bomb(200), bomb(200), bomb(400)]).await;
    let client = limited(&server).build().unwrap();
    let call = || Request::new(&client, &ROOT);
    let too_large = |error: Error| {
        assert!(
            matches!(
                error,
                Error::TooLarge {
                    limit: MEBIBYTE,
                    ..
                }
            ),
            "{error}"
        );
    };
    too_large(call().execute().await.unwrap_err());
    let mut events = call().events().await.unwrap().value;
    too_large(events.next_event().await.unwrap().unwrap_err());
    let mut lines = call().lines::<i64>().await.unwrap().value;
    too_large(lines.next_line().await.unwrap().unwrap_err());
    let download = call().send_streaming().await.unwrap();
    too_large(download.bytes().await.unwrap_err());
    let error = call().execute().await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!((response.body.len(), response.truncated), (1000, true));
}

#[tokio::test]
async fn a_damaged_compressed_response_is_an_error() {
    let damaged = || response(200, &[("content-encoding", "gzip")], "not gzip");
    let server = Server::start([damaged()]).await;
    let builder = limited(&server).retry(RetryPolicy::never());
    let call = Request::new(&builder.build().unwrap(), &ROOT);
    assert!(matches!(call.execute().await, Err(Error::Transport(_))));
}

#[tokio::test]
async fn long_bodies_of_requests_are_compressed_if_that_is_wanted_and_helps() {
    let long = "content ".repeat(1000);
    let mut state = 1_u32;
    let random: Vec<u8> = (0..5000)
        .map(|_| {
            // The generator `xorshift` of Marsaglia.
            state ^= state << 13;
            state ^= state >> 17;
            state ^= state << 5;
            (state >> 24) as u8
        })
        .collect();
    let server = Server::start([response(503, &[], "")]).await;
    let builder = limited(&server).sleep_with(|_| Box::pin(std::future::ready(())));
    let client = builder.compress_requests(1000).build().unwrap();
    let call = || Request::new(&client, &ROOT);
    call()
        .json("application/json", &long)
        .execute()
        .await
        .unwrap();
    call().text("text/plain", "short").execute().await.unwrap();
    let bytes = call().bytes("image/png", random.clone());
    bytes.execute().await.unwrap();
    let streamed = Binary::reader(std::io::Cursor::new(long.clone()));
    let streamed = call().bytes("text/plain", streamed);
    streamed.execute().await.unwrap();
    let plain = limited(&server).build().unwrap();
    let plain = Request::new(&plain, &ROOT).text("text/plain", long.as_str());
    plain.execute().await.unwrap();

    let requests = server.requests();
    // The first one was sent twice.
    for (headers, body) in &requests[..2] {
        assert_eq!(headers["content-encoding"], "gzip");
        assert_eq!(headers["content-type"], "application/json");
        assert_eq!(headers["content-length"], body.len().to_string());
        let mut text = String::new();
        GzDecoder::new(&body[..]).read_to_string(&mut text).unwrap();
        assert_eq!(text, format!("\"{long}\""));
    }
    let bodies = [b"short", &random[..], long.as_bytes(), long.as_bytes()];
    for ((headers, body), expected) in requests[2..].iter().zip(bodies) {
        assert_eq!(headers.get("content-encoding"), None);
        assert_eq!(body, expected);
    }
    assert_eq!(requests.len(), 6);
}
