//! What `serve` puts around a router, without sockets; time passes only where all wait for it.

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, Request, StatusCode};
use axum::middleware::map_response;
use axum::response::Response;
use axum::routing::{get, post};
use futures_util::stream;
use tokio::time::{Instant, sleep};

use super::{reading, request, send};
use crate::operation::Operation;
use crate::server::serve::limited;
use crate::server::{Limits, Problem};

const SECOND: Duration = Duration::from_secs(1);

/// The status of an upload of pieces that arrive every second, whose method takes so long afterwards, and the seconds.
async fn upload(pieces: usize, piece: usize, rate: u64, after: Duration) -> (u16, u64) {
    let router = axum::Router::new().route(
        "/",
        post(async move |body: Body| {
            let body = axum::body::to_bytes(body, usize::MAX).await;
            sleep(after).await;
            body.map_or_else(|error| error.to_string(), |bytes| bytes.len().to_string())
        }),
    );
    let pieces = stream::unfold(pieces, move |left| async move {
        sleep(SECOND).await;
        let next = left.checked_sub(1)?;
        Some((Ok::<_, std::io::Error>(Bytes::from(vec![0; piece])), next))
    });
    let limits = Limits { rate, ..Limits::default() };
    let request = Request::post("/").header("host", "a").body(Body::from_stream(pieces)).unwrap();
    let begun = Instant::now();
    let (response, _) = send(limited(router, limits), request).await;
    (response.status().as_u16(), begun.elapsed().as_secs())
}

#[tokio::test(start_paused = true)]
async fn a_steady_upload_takes_its_time() {
    let none = Duration::ZERO;
    assert_eq!(upload(600, 10_000, 10_000, none).await, (200, 601));
    assert_eq!(upload(600, 1, 0, none).await, (200, 601));
    // A slower one has a second more for so many bytes.
    assert_eq!(upload(600, 5_000, 10_000, none).await, (408, 119));
    assert_eq!(upload(600, 10_000, u64::MAX, none).await, (408, 60));
    // What the method does after the last piece counts from there.
    assert_eq!(upload(600, 10_000, 10_000, 50 * SECOND).await, (200, 651));
    assert_eq!(upload(600, 10_000, 10_000, 100 * SECOND).await, (408, 660));
}

#[tokio::test]
async fn every_path_is_found_as_if_nothing_were_encoded_and_every_404_is_json() {
    let group = |path| reading(Operation { path, ..Operation::EMPTY }, |_, _| Ok("found".into()));
    let groups = group("/teams/").merge(group("/projects/"));
    let layer = map_response(async |mut response: Response| {
        response.headers_mut().insert("x-layer", HeaderValue::from_static("kept"));
        response
    });
    let own = get(async || (StatusCode::NOT_FOUND, "own"));
    let router = axum::Router::new().nest("/api/0", groups).route("/own", own).layer(layer);
    let router = limited(router, Limits::default());
    for (target, code, expected) in [
        ("/api/0/te%61ms/", 200, "found"),
        ("/api/0/pr%6Fjects/", 200, "found"),
        ("/%61pi/0/teams/", 200, "found"),
        ("/api%2F0/teams/", 404, ""),
        ("/nowhere", 404, ""),
        ("/api/0/nowhere", 404, ""),
        ("/%61pi/0/nowhere", 404, ""),
        ("/own", 404, "own"),
    ] {
        let mut request = request("GET", target);
        request.headers_mut().insert("host", HeaderValue::from_static("a"));
        let (response, body) = send(router.clone(), request).await;
        assert_eq!(response.status(), code, "{target}");
        assert_eq!(response.headers()["x-layer"], "kept");
        if expected.is_empty() {
            assert_eq!(body["detail"], Problem::not_found().detail, "{target}");
            assert!(response.extensions().get::<Problem>().is_some());
        } else {
            assert_eq!(body, expected, "{target}");
        }
    }
}

#[tokio::test]
async fn a_404_of_an_operation_stays_as_it_is() {
    let operation = reading(Operation::EMPTY, |_, _| Err(Problem::not_found()));
    let empty = map_response(async |response: Response| response.map(|_| Body::empty()));
    let bare = async |mut response: Response| {
        response.headers_mut().clear();
        response
    };
    let router = limited(operation.layer(empty).layer(map_response(bare)), Limits::default());
    let mut request = request("GET", "/");
    request.headers_mut().insert("host", HeaderValue::from_static("a"));
    let (response, body) = send(router, request).await;
    assert_eq!((response.status().as_u16(), body), (404, "".into()));
}
