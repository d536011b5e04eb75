//! How many requests are in flight, and how fast they are sent.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runtime::client::request::Request;
use runtime::client::{Client, Error, TimeLimit};

use super::ROOT;
use super::server::{Server, response};
use super::sockets::{OK, Sockets};

#[tokio::test]
async fn no_more_requests_than_allowed_are_in_flight() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let peak = Arc::clone(&most);
    let server = Sockets::start(move |mut connection| {
        let (now, most) = (Arc::clone(&now), Arc::clone(&most));
        async move {
            loop {
                connection.head().await?;
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(5)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                connection.send(OK).await?;
            }
        }
    })
    .await;
    let builder = Client::builder().base_url(&server.origin);
    let client = builder.max_in_flight(3).build().unwrap();
    let calls: Vec<_> = (0..30).map(|_| tokio::spawn(Request::new(&client, &ROOT).execute())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert_eq!(peak.load(Ordering::SeqCst), 3);
    assert_eq!(server.requests(), 30);
}

#[tokio::test]
async fn a_response_that_is_read_as_it_arrives_is_in_flight_until_it_is_dropped() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        connection.send("HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n").await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        None
    })
    .await;
    let deadline = Duration::from_millis(200);
    let builder = Client::builder().base_url(&server.origin).deadline(deadline);
    let client = builder.max_in_flight(1).build().unwrap();
    let events = Request::new(&client, &ROOT).events().await.unwrap();
    let start = Instant::now();
    let Err(Error::Timeout(error)) = Request::new(&client, &ROOT).events().await else {
        panic!("there is one request in flight")
    };
    assert_eq!(error.limit, TimeLimit::Deadline(deadline));
    assert!(start.elapsed() >= deadline);
    assert_eq!(server.requests(), 1);
    drop(events);
    Request::new(&client, &ROOT).events().await.unwrap();
}

#[tokio::test]
async fn a_paced_client_waits_for_the_end_of_the_window() {
    for header in [("x-ratelimit-reset", "30"), ("retry-after", "30")] {
        let exhausted = [("x-ratelimit-remaining", "0"), header];
        let server = Server::start([response(200, &exhausted, "")]).await;
        let pauses = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&pauses);
        let builder = Client::builder().base_url(&server.origin);
        let builder = builder.sleep_with(move |pause| {
            log.lock().unwrap().push(pause);
            Box::pin(std::future::ready(()))
        });
        let free = builder.clone().build().unwrap();
        let paced = builder.pace_by_rate_limit().build().unwrap();
        for client in [&paced, &paced.clone(), &free] {
            Request::new(client, &ROOT).execute().await.unwrap();
        }
        let pauses = pauses.lock().unwrap();
        let [pause] = pauses[..] else { panic!("{pauses:?}") };
        assert!((29..=33).contains(&pause.as_secs()), "{pause:?}");
    }
}

#[tokio::test]
async fn a_window_that_ends_after_the_deadline_is_an_error_at_once() {
    let exhausted = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "3000")];
    let server = Server::start([response(200, &exhausted, "")]).await;
    let builder = Client::builder().base_url(&server.origin);
    let client = builder.pace_by_rate_limit().build().unwrap();
    Request::new(&client, &ROOT).execute().await.unwrap();
    let error = Request::new(&client, &ROOT).execute().await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn calls_at_the_same_time_share_what_a_window_has_left() {
    let served = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&served);
    let router = axum::Router::new().fallback(move || {
        let remaining = 4_usize.saturating_sub(counter.fetch_add(1, Ordering::Relaxed));
        std::future::ready([("x-ratelimit-remaining", remaining.to_string()), ("x-ratelimit-reset", "60".to_owned())])
    });
    let builder = Client::builder().base_url("http://localhost").service(router.into_service::<reqwest::Body>());
    let client = builder.deadline(Duration::from_secs(20)).pace_by_rate_limit().build().unwrap();
    Request::new(&client, &ROOT).execute().await.unwrap();
    let calls = (0..50).map(|_| Request::new(&client, &ROOT));
    let calls = calls.map(|call| async move { call.execute().await.is_ok() });
    let fits = futures_util::future::join_all(calls).await;
    assert_eq!(fits.into_iter().filter(|fits| *fits).count(), 4);
    assert_eq!(served.load(Ordering::Relaxed), 5);
}
