//! Servers of HTTP/2 that refuse requests, go away or hang.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, RetryPolicy};
use runtime::operation::{Method, Operation};
use runtime::types::Binary;

use super::ROOT;
use super::server::Temporary;
use super::sockets::{DATA, END_HEADERS, END_STREAM, GOAWAY, HEADERS, RST_STREAM, SETTINGS, STATUS_200, Sockets};

static CREATE: Operation = Operation { id: "create", method: Method::Post, ..Operation::EMPTY };

/// Codes of errors.
const REFUSED_STREAM: [u8; 4] = [0, 0, 0, 7];
const CANCEL: [u8; 4] = [0, 0, 0, 8];

fn builder(server: &Sockets) -> ClientBuilder {
    let builder = Client::builder().base_url(&server.origin);
    let builder = builder.configure_http(reqwest::ClientBuilder::http2_prior_knowledge);
    builder.sleep_with(|_| Box::pin(std::future::ready(())))
}

/// A server that resets the first requests with a code, and answers the further ones.
async fn resetting(first: usize, code: [u8; 4]) -> Sockets {
    let resets = Arc::new(AtomicUsize::new(0));
    Sockets::start(move |mut connection| {
        let resets = Arc::clone(&resets);
        async move {
            connection.http2().await?;
            loop {
                let stream = connection.request().await?;
                if resets.fetch_add(1, Ordering::SeqCst) < first {
                    connection.frame(RST_STREAM, 0, stream, &code).await?;
                } else {
                    connection.answer(stream).await?;
                }
            }
        }
    })
    .await
}

/// A server whose first connection goes away without having processed its request.
async fn going_away() -> Sockets {
    Sockets::start(|mut connection| async move {
        connection.http2().await?;
        if connection.index == 0 {
            connection.request().await?;
            connection.frame(GOAWAY, 0, 0, &[0; 8]).await?;
        }
        loop {
            let stream = connection.request().await?;
            connection.answer(stream).await?;
        }
    })
    .await
}

#[tokio::test]
async fn a_refused_request_is_sent_as_often_as_the_policy_says() {
    for operation in [&ROOT, &CREATE] {
        for (policy, sends) in [(RetryPolicy::never(), 1), (RetryPolicy::default(), 3)] {
            let server = resetting(usize::MAX, REFUSED_STREAM).await;
            let attempts = Arc::new(AtomicUsize::new(0));
            let seen = Arc::clone(&attempts);
            let builder = builder(&server).retry(policy).before_attempt(move |_| {
                seen.fetch_add(1, Ordering::SeqCst);
            });
            let request = Request::new(&builder.build().unwrap(), operation);
            let error = request.text("text/plain", "a").execute().await.unwrap_err();
            assert!(matches!(error, Error::Transport(ref it) if !it.connecting), "{error:?}");
            assert_eq!(server.requests(), sends);
            assert_eq!(attempts.load(Ordering::SeqCst), sends);
        }
    }
}

#[tokio::test]
async fn what_the_server_has_not_processed_is_sent_again_whatever_its_method_and_size() {
    let file = Temporary::with("http2", vec![b'a'; 50_000]);
    for away in [false, true] {
        let bodies: [Binary; 3] = [b"a".to_vec().into(), vec![b'a'; 50_000].into(), Binary::path(&file.0)];
        for body in bodies {
            let server = if away { going_away().await } else { resetting(1, REFUSED_STREAM).await };
            let client = builder(&server).build().unwrap();
            let request = Request::new(&client, &CREATE).bytes("text/plain", body);
            let received = request.execute().await.unwrap();
            assert_eq!(received.body, "5");
            assert_eq!(server.requests(), 2);
        }
    }
    let server = resetting(1, REFUSED_STREAM).await;
    let client = builder(&server).build().unwrap();
    let reader = Binary::reader(std::io::Cursor::new(vec![b'a'; 50_000]));
    let request = Request::new(&client, &CREATE).bytes("text/plain", reader);
    let error = request.execute().await.unwrap_err();
    let Error::NotRepeatable { source, .. } = error else { panic!("{error:?}") };
    assert!(matches!(*source.unwrap(), Error::Transport(_)));
}

#[tokio::test]
async fn what_the_server_may_have_processed_is_not_sent_again() {
    let server = resetting(1, CANCEL).await;
    let request = Request::new(&builder(&server).build().unwrap(), &CREATE);
    let error = request.execute().await.unwrap_err();
    assert!(matches!(error, Error::Transport(_)), "{error:?}");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_connection_whose_server_does_not_answer_is_given_up() {
    for (operation, attempts) in [(&ROOT, 2), (&CREATE, 1)] {
        let server = Sockets::start(|mut connection| async move {
            connection.http2().await?;
            loop {
                let stream = connection.request().await?;
                if connection.index > 0 {
                    connection.answer(stream).await?;
                }
            }
        })
        .await;
        let read_timeout = Duration::from_secs(30);
        let client = builder(&server).read_timeout(read_timeout).configure_http(|http| {
            let http = http.http2_prior_knowledge();
            let interval = Duration::from_millis(200);
            http.http2_keep_alive_interval(interval).http2_keep_alive_timeout(interval)
        });
        let client = client.build().unwrap();
        let start = Instant::now();
        let outcome = Request::new(&client, operation).execute().await;
        assert!(start.elapsed() < read_timeout / 3);
        match outcome {
            Ok(received) => assert_eq!((received.body.as_ref(), attempts), (&b"5"[..], 2)),
            Err(error) => {
                assert!(matches!(error, Error::Timeout(_)), "{error:?}");
                assert_eq!(attempts, 1);
                Request::new(&client, operation).execute().await.unwrap();
            }
        }
        assert_eq!(server.requests(), 2);
    }
}

#[tokio::test]
async fn a_server_is_asked_whether_it_is_there_before_the_read_timeout() {
    let server = Sockets::start(|mut connection| async move {
        connection.http2().await?;
        loop {
            let stream = connection.request().await?;
            if connection.index > 0 {
                connection.answer(stream).await?;
            }
        }
    })
    .await;
    let read_timeout = Duration::from_secs(8);
    let client = builder(&server).read_timeout(read_timeout).build().unwrap();
    let start = Instant::now();
    let received = Request::new(&client, &ROOT).execute().await.unwrap();
    assert_eq!(received.body, "5");
    assert!(start.elapsed() < read_timeout);
    assert_eq!(server.requests(), 2);
}

/// A header block with the status 200 and a length.
fn stating(length: &str) -> Vec<u8> {
    let mut block = STATUS_200.to_vec();
    block.extend([0x0f, 0x0d, u8::try_from(length.len()).unwrap()]);
    block.extend(length.as_bytes());
    block
}

#[tokio::test]
async fn a_body_that_is_not_whole_is_requested_again_or_an_error() {
    const INTERNAL_ERROR: [u8; 4] = [0, 0, 0, 2];
    for case in ["too short", "too long", "reset", "closed", "going away"] {
        for (operation, sends) in [(&ROOT, 2), (&CREATE, 1)] {
            let sent = Arc::new(AtomicUsize::new(0));
            let server = Sockets::start(move |mut connection| {
                let sent = Arc::clone(&sent);
                async move {
                    connection.http2().await?;
                    loop {
                        let stream = connection.request().await?;
                        if sent.fetch_add(1, Ordering::SeqCst) > 0 {
                            connection.answer(stream).await?;
                            continue;
                        }
                        connection.frame(HEADERS, END_HEADERS, stream, &stating("2")).await?;
                        match case {
                            "too short" => connection.frame(DATA, END_STREAM, stream, b"6").await?,
                            "too long" => connection.frame(DATA, END_STREAM, stream, b"666").await?,
                            "reset" => {
                                connection.frame(DATA, 0, stream, b"6").await?;
                                connection.frame(RST_STREAM, 0, stream, &INTERNAL_ERROR).await?;
                            }
                            "closed" => return connection.frame(DATA, 0, stream, b"6").await,
                            _ => {
                                let last = [[0; 4], INTERNAL_ERROR].concat();
                                connection.frame(GOAWAY, 0, 0, &last).await?;
                                return None;
                            }
                        }
                    }
                }
            })
            .await;
            let client = builder(&server).build().unwrap();
            match Request::new(&client, operation).execute().await {
                Ok(received) => assert_eq!((received.body.as_ref(), sends), (&b"5"[..], 2), "{case}"),
                Err(error) => {
                    assert!(matches!(error, Error::Transport(_) | Error::Incomplete { .. }), "{case}: {error:?}");
                    assert_eq!(sends, 1, "{case}: {error:?}");
                }
            }
            assert_eq!(server.requests(), sends, "{case}");
            let next = Request::new(&client, &CREATE).execute().await.unwrap();
            assert_eq!(next.body, "5", "{case}");
        }
    }
}

#[tokio::test]
async fn a_server_that_takes_no_request_is_silent_and_one_that_sends_hints_is_not() {
    let server = Sockets::start(|mut connection| async move {
        connection.http2().await?;
        // No streams at once.
        connection.frame(SETTINGS, 0, 0, &[0, 3, 0, 0, 0, 0]).await?;
        connection.request().await.map(drop)
    })
    .await;
    let client = builder(&server).read_timeout(Duration::from_millis(300)).retry(RetryPolicy::never());
    let client = client.build().unwrap();
    let start = Instant::now();
    // The first request may be under way before the client knows.
    for _ in 0..2 {
        let error = Request::new(&client, &CREATE).execute().await.unwrap_err();
        assert!(matches!(error, Error::Timeout(_) | Error::Transport(_)), "{error:?}");
    }
    assert!(start.elapsed() < Duration::from_secs(20));

    let server = Sockets::start(|mut connection| async move {
        connection.http2().await?;
        let stream = connection.request().await?;
        for _ in 0..1000 {
            connection.frame(HEADERS, END_HEADERS, stream, &[0x08, 3, b'1', b'0', b'3']).await?;
        }
        connection.answer(stream).await?;
        connection.request().await.map(drop)
    })
    .await;
    let received = Request::new(&builder(&server).build().unwrap(), &CREATE).execute().await.unwrap();
    assert_eq!(received.body, "5");
}
