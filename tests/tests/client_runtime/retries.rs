//! When a request is sent again.

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use http::HeaderMap;
use sentry_api::client::request::Request;
use sentry_api::client::retry::retry_after;
use sentry_api::client::{Client, RetryPolicy};

use super::server::{Server, reply};
use super::{CREATE, LIST};

/// A client that does not wait, and the pauses that it would have made.
fn client(server: &Server) -> (Client, Arc<Mutex<Vec<Duration>>>) {
    let pauses = Arc::new(Mutex::new(Vec::new()));
    let log = Arc::clone(&pauses);
    let builder = Client::builder()
        .base_url(server.origin())
        .sleep_with(move |pause| {
            log.lock().unwrap().push(pause);
            Box::pin(std::future::ready(()))
        });
    (builder.build().unwrap(), pauses)
}

#[tokio::test]
async fn after_429_any_method_waits_as_long_as_asked() {
    let refused = reply("429 Too Many Requests", "Retry-After: 2\n", "");
    let server = Server::start([refused, reply("201 Created", "", "5")]).await;
    let (client, pauses) = client(&server);
    let received = Request::new(&client, &CREATE)
        .json("application/json", &1)
        .execute()
        .await;
    assert_eq!(received.unwrap().json::<i64>().unwrap().value, 5);
    assert_eq!(*pauses.lock().unwrap(), [Duration::from_secs(2)]);
    assert!(
        server
            .requests()
            .iter()
            .all(|request| request.ends_with("\r\n\r\n1"))
    );
}

#[tokio::test]
async fn after_503_only_what_is_idempotent_is_repeated() {
    let unavailable = reply("503 Service Unavailable", "", "");
    let server = Server::start(vec![unavailable; 4]).await;
    let (client, pauses) = client(&server);
    let error = Request::new(&client, &CREATE).execute().await.unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), server.requests().len()),
        (503, 1)
    );
    let error = Request::new(&client, &LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), server.requests().len()),
        (503, 4)
    );
    assert_eq!(pauses.lock().unwrap().len(), 2);
}

#[tokio::test]
async fn a_wait_that_is_too_long_is_left_to_the_caller() {
    let server = Server::start([reply("429 Too Many Requests", "Retry-After: 3600\n", "")]).await;
    let (client, pauses) = client(&server);
    let error = Request::new(&client, &LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    assert_eq!(
        error.response().unwrap().retry_after,
        Some(Duration::from_secs(3600))
    );
    assert!(pauses.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_server_that_is_not_there_is_tried_again() {
    let server = Server::start::<String>([]).await;
    let (client, pauses) = client(&server);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = Request::new(&client, &LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    assert!(matches!(error, sentry_api::client::Error::Transport(_)));
    assert_eq!(pauses.lock().unwrap().len(), 2);
}

#[test]
fn pauses_double_within_bounds() {
    let policy = RetryPolicy {
        attempts: 9,
        ..RetryPolicy::default()
    };
    let pause = |attempts, entropy| {
        policy
            .delay(attempts, None, Duration::ZERO, entropy)
            .unwrap()
    };
    assert_eq!(pause(1, 0), Duration::from_millis(250));
    assert_eq!(pause(1, 1000), Duration::from_millis(500));
    assert_eq!(pause(2, 0), Duration::from_millis(500));
    assert_eq!(pause(8, 1000), Duration::from_secs(10));
    assert_eq!(policy.delay(9, None, Duration::ZERO, 0), None);
    assert_eq!(policy.delay(1, None, Duration::from_secs(60), 0), None);
    assert_eq!(
        policy.delay(1, Some(Duration::MAX), Duration::from_secs(1), 0),
        None
    );
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let read = |text: &str| {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, text.parse().unwrap())]);
        retry_after(&headers, now)
    };
    assert_eq!(read("120"), Some(Duration::from_secs(120)));
    assert_eq!(
        read("Sun, 06 Nov 1994 08:49:47 GMT"),
        Some(Duration::from_secs(10))
    );
    assert_eq!(read("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
    assert_eq!(read("soon"), None);
    assert_eq!(read("-1"), None);
}
