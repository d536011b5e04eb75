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
use super::server::{Server, Temporary, response};

const MEBIBYTE: usize = 1 << 20;

fn compressed(status: u16, content: &[u8]) -> Response<Body> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    let body = Body::from(encoder.finish().unwrap());
    let builder = Response::builder().status(status);
    builder.header("content-encoding", "gzip").body(body).unwrap()
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
        assert!(matches!(error, Error::TooLarge { limit: MEBIBYTE, .. }), "{error}");
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
    call().json("application/json", &long).execute().await.unwrap();
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

/// A response of these bytes, with one further header.
fn sent(status: u16, header: (&str, &str), content: impl Into<Body>) -> Response<Body> {
    let builder = Response::builder().status(status);
    let builder = builder.header(header.0, header.1);
    builder.body(content.into()).unwrap()
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn all_members_are_decompressed_whatever_the_case_of_the_name() {
    let members = || [gzip(&[b' '; 100_000]), gzip(b""), gzip(b"5")].concat();
    for name in ["gzip", "GZIP", "x-gzip"] {
        let header = ("content-encoding", name);
        let server = Server::start([sent(200, header, members()), sent(200, header, members())]);
        let server = server.await;
        let client = limited(&server).build().unwrap();
        let received = Request::new(&client, &ROOT).execute().await.unwrap();
        assert!(!received.headers.contains_key("content-encoding"));
        assert_eq!(received.json::<i64>().unwrap().value, 5);
        let file = Temporary::new("members");
        let download = Request::new(&client, &ROOT).send_streaming().await.unwrap();
        assert_eq!(download.save(&file.0).await.unwrap(), 100_001);
    }
    // Two headers are two encodings: what the first one gave is not read as if there were no second.
    let mut twice = sent(200, ("content-encoding", "gzip"), members());
    twice.headers_mut().append("content-encoding", "br".parse().unwrap());
    let server = Server::start([twice]).await;
    let received = Request::new(&limited(&server).build().unwrap(), &ROOT).execute().await.unwrap();
    assert!(matches!(received.bytes(), Err(Error::UnexpectedBody { .. })));
    let mut trailing = members();
    trailing.extend(b"more");
    let server = Server::start([sent(200, ("content-encoding", "gzip"), trailing)]).await;
    let client = limited(&server).build().unwrap();
    let download = Request::new(&client, &ROOT).send_streaming().await.unwrap();
    let file = Temporary::new("trailing");
    let error = download.save(&file.0).await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert!(!file.0.exists());
}

#[tokio::test]
async fn a_part_or_an_encoding_that_nobody_asked_for_is_no_success() {
    let range = ("content-range", "bytes 0-9/1000");
    for (status, header, own, reason) in [
        (206, range, ("range", "bytes=0-9"), "is a part of the whole (\"bytes 0-9/1000\"), which was"),
        (200, ("content-encoding", "br"), ("accept-encoding", "br"), "is encoded with \"br\", which this client has"),
        (
            200,
            ("content-encoding", "gzip, br"),
            ("accept-encoding", "br"),
            "is encoded with \"gzip\", which this client has",
        ),
    ] {
        let server = Server::start((0..6).map(|_| sent(status, header, "5"))).await;
        let client = limited(&server).build().unwrap();
        let call = || Request::new(&client, &ROOT);
        let expected = format!(
            "root: the body of the response ({}) {reason} not asked for",
            if status == 206 { "206 Partial Content" } else { "200 OK" }
        );
        let error = call().execute().await.unwrap().json::<i64>().unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(error.status().unwrap(), status);
        let error = call().events().await.unwrap_err();
        assert_eq!(error.to_string(), expected);
        let file = Temporary::new("unexpected");
        let error = call().send_streaming().await.unwrap().save(&file.0).await;
        assert_eq!(error.unwrap_err().to_string(), expected);
        assert!(!file.0.exists());
        // As it was received, it is there.
        assert_eq!(call().execute().await.unwrap().body, "5");
        let asked = || call().extra_header(own.0, own.1);
        let received = asked().execute().await.unwrap();
        assert_eq!(received.json::<i64>().unwrap().value, 5);
        let download = asked().send_streaming().await.unwrap();
        assert_eq!(download.bytes().await.unwrap(), "5");
    }
}

#[tokio::test]
async fn a_transfer_encoding_that_nobody_asked_for_is_no_success() {
    let head = "HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n1\r\n5\r\n0\r\n\r\n";
    let origin = super::server::pieces([head.into()], std::time::Duration::ZERO).await;
    let received = Request::new(&super::client(&origin), &ROOT).execute().await;
    let error = received.unwrap().json::<i64>().unwrap_err();
    assert!(error.to_string().contains("\"gzip\""), "{error}");
}

#[tokio::test]
async fn a_part_is_asked_for_without_compression() {
    let server = Server::start([]).await;
    let client = limited(&server).build().unwrap();
    let call = Request::new(&client, &ROOT).extra_header("range", "bytes=0-9");
    call.execute().await.unwrap();
    assert!(!server.requests()[0].0.contains_key("accept-encoding"));
}
