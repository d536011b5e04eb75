//! When a request is sent again.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sentry_api::client::Client;

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
async fn after_429_any_method_waits_at_least_as_long_as_asked() {
    let refused = reply("429 Too Many Requests", "Retry-After: 2\n", "");
    let server = Server::start([refused, reply("201 Created", "", "5")]).await;
    let (client, pauses) = client(&server);
    let received = client
        .request(&CREATE)
        .json("application/json", &1)
        .execute()
        .await;
    assert_eq!(received.unwrap().json::<i64>().unwrap().value, 5);
    let pauses = pauses.lock().unwrap();
    let asked = Duration::from_secs(2);
    assert!(
        matches!(pauses[..], [pause] if asked <= pause && pause <= asked * 5 / 4),
        "{pauses:?}"
    );
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
    let error = client.request(&CREATE).execute().await.unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), server.requests().len()),
        (503, 1)
    );
    let error = client
        .request(&LIST)
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
    let error = client
        .request(&LIST)
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
    let error = client
        .request(&LIST)
        .path("team", "x")
        .execute()
        .await
        .unwrap_err();
    assert!(matches!(error, sentry_api::client::Error::Transport(_)));
    assert_eq!(pauses.lock().unwrap().len(), 2);
}
