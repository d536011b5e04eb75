//! Networks and servers that fail, and how often a request is sent then.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, RetryPolicy, TimeLimit};
use runtime::operation::{Method, Operation};
use tokio::io::AsyncReadExt;
use tokio::time::sleep;

use super::sockets::{OK, Sockets};
use super::{ROOT, client};

static CREATE: Operation = Operation { id: "create", method: Method::Post, ..Operation::EMPTY };

const SHORT: Duration = Duration::from_millis(300);

/// The silence that ends an upload. The system watches for it, too, and a busy machine may read late.
const SILENCE: Duration = Duration::from_secs(1);

async fn get(client: &Client, operation: &'static Operation) -> Result<i64, Error> {
    let received = Request::new(client, operation).execute().await?;
    Ok(received.json::<i64>()?.value)
}

fn build(server: &Sockets, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder().base_url(&server.origin);
    configure(builder).build().unwrap()
}

#[tokio::test]
async fn a_connection_that_the_server_closes_between_requests_costs_no_call() {
    for reset in [false, true] {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            connection.send(OK).await?;
            if reset {
                connection.stream.set_zero_linger().ok()?;
            }
            Some(())
        })
        .await;
        let client = build(&server, |builder| builder);
        for call in 0..300 {
            let outcome = get(&client, &ROOT).await;
            assert!(outcome.is_ok(), "call {call}: {outcome:?}");
            if call % 3 == 0 {
                tokio::task::yield_now().await;
            }
        }
    }
}

#[tokio::test]
async fn many_connections_that_the_server_closes_cost_no_call() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        connection.send(OK).await?;
        if connection.index % 2 == 0 {
            connection.stream.set_zero_linger().ok()?;
        }
        Some(())
    })
    .await;
    let client = client(&server.origin);
    let calls: Vec<_> = (0..20)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move {
                for _ in 0..50 {
                    get(&client, &ROOT).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
}

#[tokio::test]
async fn a_response_that_breaks_off_is_requested_again_where_that_does_no_harm() {
    for (operation, sends) in [(&ROOT, 2), (&CREATE, 1)] {
        let server = Sockets::start(|mut connection| async move {
            connection.head().await?;
            if connection.index == 0 {
                connection.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n5").await
            } else {
                connection.send(OK).await
            }
        })
        .await;
        let outcome = get(&client(&server.origin), operation).await;
        assert_eq!(outcome.is_ok(), sends == 2, "{outcome:?}");
        assert_eq!(server.requests(), sends);
    }
}

#[tokio::test]
async fn a_request_that_was_received_is_not_sent_twice_unless_that_does_no_harm() {
    for (operation, sends) in [(&ROOT, 3), (&CREATE, 1)] {
        let server = Sockets::start(|mut connection| async move {
            connection.head().await?;
            None
        })
        .await;
        let error = get(&client(&server.origin), operation).await.unwrap_err();
        assert!(matches!(error, Error::Transport(ref it) if !it.connecting), "{error:?}");
        assert_eq!(server.requests(), sends);
    }
}

#[tokio::test]
async fn a_refused_connection_is_tried_again_for_any_method() {
    let pauses = Arc::new(Mutex::new(0));
    let log = Arc::clone(&pauses);
    let builder = Client::builder().base_url("http://127.0.0.1:1");
    let builder = builder.sleep_with(move |_| {
        *log.lock().unwrap() += 1;
        Box::pin(std::future::ready(()))
    });
    let client = builder.build().unwrap();
    let error = get(&client, &CREATE).await.unwrap_err();
    assert!(matches!(error, Error::Transport(ref it) if it.connecting), "{error:?}");
    assert_eq!(error.to_string(), "create: no connection could be made");
    assert_eq!(*pauses.lock().unwrap(), 2);
}

#[tokio::test]
async fn many_callers_do_not_multiply_the_requests_to_a_server_that_is_down() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send("HTTP/1.1 503 Down\r\ncontent-length: 0\r\n\r\n").await?;
        }
    })
    .await;
    let client = client(&server.origin);
    let calls: Vec<_> = (0..1000)
        .map(|_| {
            let client = client.clone();
            tokio::spawn(async move { get(&client, &ROOT).await })
        })
        .collect();
    for call in calls {
        let error = call.await.unwrap().unwrap_err();
        assert_eq!(error.status().unwrap(), 503);
    }
    assert!((1001..=1200).contains(&server.requests()));
}

#[tokio::test]
async fn successes_fill_the_budget_again() {
    // Each first attempt fails, and each second one succeeds.
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send("HTTP/1.1 503 Down\r\ncontent-length: 0\r\n\r\n").await?;
            connection.head().await?;
            connection.send(OK).await?;
        }
    })
    .await;
    let client = client(&server.origin);
    for _ in 0..200 {
        assert_eq!(get(&client, &ROOT).await.unwrap(), 5);
    }
    let without = build(&server, |builder| builder.retry_budget(0));
    assert_eq!(get(&without, &ROOT).await.unwrap_err().status().unwrap(), 503);
}

#[tokio::test]
async fn redirects_and_attempts_are_counted_together() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            for status in [
                "HTTP/1.1 307 Elsewhere\r\nlocation: /elsewhere\r\ncontent-length: 0\r\n\r\n",
                "HTTP/1.1 429 Slow Down\r\ncontent-length: 0\r\n\r\n",
            ] {
                connection.head().await?;
                connection.send(status).await?;
            }
        }
    })
    .await;
    let error = get(&client(&server.origin), &CREATE).await.unwrap_err();
    // Three attempts, each after a redirect.
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(server.requests(), 6);
    let around = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send("HTTP/1.1 307 Around\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await?;
        }
    })
    .await;
    let error = get(&client(&around.origin), &CREATE).await.unwrap_err();
    assert!(matches!(error, Error::Redirect(_)), "{error:?}");
    assert_eq!(around.requests(), 6);
}

#[tokio::test]
async fn a_deadline_ends_a_body_that_never_does() {
    for status in ["200 OK", "500 Oops"] {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            connection.send(&format!("HTTP/1.1 {status}\r\ncontent-length: 1000\r\n\r\n")).await?;
            loop {
                connection.send(" ").await?;
                sleep(Duration::from_millis(50)).await;
            }
        })
        .await;
        let client = build(&server, |builder| builder.deadline(SHORT));
        let start = Instant::now();
        let error = get(&client, &ROOT).await.unwrap_err();
        assert!(start.elapsed() >= SHORT && start.elapsed() < 10 * SHORT);
        match error {
            Error::Timeout(timeout) => {
                assert_eq!(timeout.limit, TimeLimit::Deadline(SHORT));
                assert_eq!(timeout.to_string(), "root: the call took longer than 300ms");
            }
            Error::Status(response) => assert!(response.truncated && !response.body.is_empty()),
            other => panic!("{other}"),
        }
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn a_deadline_covers_attempts_pauses_and_redirects() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            sleep(Duration::from_millis(50)).await;
            connection.send("HTTP/1.1 307 Around\r\nlocation: /\r\ncontent-length: 0\r\n\r\n").await?;
        }
    })
    .await;
    let limits = runtime::client::Limits { redirects: 1000, ..Default::default() };
    let client = build(&server, |builder| builder.deadline(SHORT).limits(limits));
    let start = Instant::now();
    let error = get(&client, &ROOT).await.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    assert!(start.elapsed() >= SHORT && start.elapsed() < 10 * SHORT);
    assert!(server.requests() > 3);
}

#[tokio::test]
async fn a_pause_beyond_the_deadline_returns_the_response_at_once() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        connection.send("HTTP/1.1 429 Slow Down\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n").await
    })
    .await;
    let client = build(&server, |builder| builder.deadline(Duration::from_secs(1)));
    let start = Instant::now();
    let error = get(&client, &ROOT).await.unwrap_err();
    let response = error.response().unwrap();
    assert_eq!(response.retry_after, Some(Duration::from_secs(2)));
    assert!(start.elapsed() < 3 * SHORT);
}

#[tokio::test]
async fn silence_is_an_error_before_and_within_a_response() {
    for head in ["", "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n5"] {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            connection.send(head).await?;
            sleep(Duration::from_secs(60)).await;
            None
        })
        .await;
        let client = build(&server, |builder| builder.read_timeout(SHORT).retry(RetryPolicy::never()));
        let start = Instant::now();
        let error = get(&client, &ROOT).await.unwrap_err();
        let Error::Timeout(timeout) = error else { panic!("{error:?}") };
        assert_eq!(timeout.limit, TimeLimit::Silence(SHORT));
        assert!(start.elapsed() >= SHORT && start.elapsed() < 10 * SHORT);
    }
}

/// Uploads bytes to a server that reads some of them and then rests, so many times.
async fn upload(bytes: usize, read: usize, rest: Duration) -> (Result<(), Error>, Duration) {
    let server = Sockets::start(move |mut connection| async move {
        let head = connection.head().await?;
        assert!(head.contains(&format!("content-length: {bytes}\r\n")), "{head}");
        let mut chunk = vec![0; read];
        let mut left = bytes;
        while left > 0 {
            sleep(rest).await;
            let length = left.min(read);
            connection.stream.read_exact(&mut chunk[..length]).await.ok()?;
            left -= length;
        }
        connection.send(OK).await
    })
    .await;
    let client = build(&server, |builder| builder.read_timeout(SILENCE).retry(RetryPolicy::never()));
    let start = Instant::now();
    let call = Request::new(&client, &CREATE).bytes("text/plain", vec![b' '; bytes]);
    let outcome = call.execute().await.map(|_| ());
    (outcome, start.elapsed())
}

#[tokio::test]
async fn an_upload_lasts_as_long_as_the_server_reads() {
    let (outcome, elapsed) = upload(8 << 20, 256 << 10, Duration::from_millis(50)).await;
    assert!(outcome.is_ok(), "{outcome:?}");
    assert!(elapsed > SILENCE, "{elapsed:?}");
}

#[tokio::test]
async fn an_upload_to_a_server_that_does_not_read_ends() {
    let (outcome, elapsed) = upload(32 << 20, 1, Duration::from_secs(60)).await;
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::Timeout(_)), "{error:?}");
    // Where the system has no limit on what is not acknowledged, the client assumes a server that reads slowly.
    if cfg!(target_os = "linux") {
        assert!(elapsed < Duration::from_secs(10), "{elapsed:?}");
    }
}

#[test]
fn a_call_in_a_runtime_without_timers_says_so() {
    let client = client("http://localhost:1");
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let error = runtime.unwrap().block_on(get(&client, &ROOT)).unwrap_err();
    assert!(matches!(error, Error::NoRuntime { .. }), "{error:?}");
}

#[test]
fn a_call_outside_of_a_runtime_says_so() {
    let client = client("http://localhost:1");
    let mut call = std::pin::pin!(Request::new(&client, &ROOT).execute());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(Err(error)) = call.as_mut().poll(&mut context) else { panic!("there is no runtime") };
    assert!(matches!(error, Error::NoRuntime { operation: "root" }));
    assert_eq!(error.to_string(), "root: no runtime of Tokio with timers is running here");
}

#[tokio::test]
async fn a_redirect_to_a_url_that_cannot_be_sent_is_not_followed() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        let long = "x".repeat(70_000);
        let head = format!("HTTP/1.1 307 Far\r\nlocation: /{long}\r\ncontent-length: 0\r\n\r\n");
        connection.send(&head).await
    })
    .await;
    let error = get(&client(&server.origin), &ROOT).await.unwrap_err();
    assert!(matches!(error, Error::Redirect(_)), "{error:?}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_response_that_is_said_to_be_too_long_is_not_read() {
    for stated in [u64::MAX - 2, 1_000_000_000] {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {stated}\r\n\r\n");
            connection.send(&head).await?;
            sleep(Duration::from_secs(60)).await;
            None
        })
        .await;
        let start = Instant::now();
        let error = get(&client(&server.origin), &ROOT).await.unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error:?}");
        assert!(start.elapsed() < Duration::from_secs(10));
        assert_eq!(server.requests(), 1);
    }
}
