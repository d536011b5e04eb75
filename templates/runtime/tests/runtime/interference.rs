//! What load balancers, proxies and name servers do between a client and its server.

use std::net::SocketAddr;
use std::time::Duration;

use runtime::client::request::Request;
use runtime::client::{Client, Error, RetryPolicy, TimeLimit};
use runtime::operation::{Method, Operation};
use runtime::types::Binary;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{sleep, timeout};

use super::ROOT;
use super::sockets::{OK, Sockets};

static CREATE: Operation = Operation { id: "create", method: Method::Post, ..Operation::EMPTY };

static READ: Operation = Operation { id: "read", ..Operation::EMPTY };

const SHORT: Duration = Duration::from_millis(300);
const LONG: Duration = Duration::from_secs(20);

async fn call(client: &Client, operation: &'static Operation) -> Result<i64, Error> {
    let call = Request::new(client, operation).execute();
    let received = timeout(LONG, call).await.expect("the call ends")?;
    Ok(received.json::<i64>()?.value)
}

/// A server that sends these bytes to each request and closes the connection.
async fn sending(bytes: String) -> Sockets {
    let bytes: &'static str = bytes.leak();
    Sockets::start(move |mut connection| async move {
        connection.head().await?;
        connection.send(bytes).await?;
        connection.stream.shutdown().await.ok()
    })
    .await
}

async fn outcome(bytes: String) -> Result<i64, Error> {
    let server = sending(bytes).await;
    let builder = Client::builder().base_url(&server.origin);
    call(&builder.retry(RetryPolicy::never()).build().unwrap(), &ROOT).await
}

#[tokio::test]
async fn a_408_for_a_connection_that_was_idle_costs_no_call_that_may_be_repeated() {
    for (operation, expected) in [(&ROOT, Ok(5)), (&READ, Ok(5)), (&CREATE, Err(408))] {
        let server = Sockets::start(|mut connection| async move {
            connection.head().await?;
            connection.send(OK).await?;
            connection.head().await?;
            if connection.index == 0 {
                let closed = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
                return connection.send(closed).await;
            }
            connection.send(OK).await
        })
        .await;
        let client = super::client(&server.origin);
        assert_eq!(call(&client, operation).await.unwrap(), 5);
        let second = call(&client, operation).await;
        let second = second.map_err(|error| error.response().unwrap().status.as_u16());
        assert_eq!(second, expected, "{}", operation.id);
    }
}

#[tokio::test]
async fn a_connection_that_is_to_be_closed_is_not_used_again_although_it_is_open() {
    for head in
        ["HTTP/1.1 200 OK\r\nconnection: close", "HTTP/1.1 200 OK\r\nConnection: keep-alive, Close", "HTTP/1.0 200 OK"]
    {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            let value = connection.index;
            connection.send(&format!("{head}\r\ncontent-length: 1\r\n\r\n{value}")).await?;
            sleep(LONG).await;
            Some(())
        })
        .await;
        let client = super::client(&server.origin);
        for expected in 0..3 {
            assert_eq!(call(&client, &CREATE).await.unwrap(), expected, "{head}");
        }
    }
}

#[tokio::test]
async fn a_frame_is_read_as_http_has_it_or_not_at_all() {
    const CHUNK: &str = "\r\n\r\n1\r\n5\r\n0\r\n\r\n";
    for head in [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 1",
        "HTTP/1.1 200 OK\r\ncontent-length: 3\r\ntransfer-encoding: Chunked",
        "\r\n\r\nHTTP/1.1 200 \r\ntransfer-encoding: chunked",
        "HTTP/1.1 200 \u{e9}t\u{e9}\r\ntransfer-encoding: chunked",
    ] {
        assert_eq!(outcome(head.to_owned() + CHUNK).await.unwrap(), 5, "{head:?}");
    }
    for response in [
        "HTTP/1.1 200 OK\r\ncontent-length: 1, 1\r\n\r\n5",
        "HTTP/1.1 200 OK\ncontent-length: 1\n\n5",
        "HTTP/1.1 203 Mine\r\n\r\n5",
    ] {
        assert_eq!(outcome(response.to_owned()).await.unwrap(), 5, "{response:?}");
    }
    for head in [
        "HTTP/1.0 200 OK\r\ntransfer-encoding: chunked",
        "HTTP/1.1 200 OK\r\ncontent-length: +1",
        "HTTP/1.1 200 OK\r\ncontent-length: 0x1",
        "HTTP/1.1 200 OK\r\ncontent-length: ",
        "HTTP/1.1 200 OK\r\ncontent-length : 1",
        "HTTP/1.1 200 OK\r\nx: a\r\n b",
        "HTTP/1.1  200 OK",
        "HTTP/1.2 200 OK",
        "HTTP/2 200",
        "ICY 200 OK",
        "http/1.1 200 OK",
        "HTTP/1.1 500 \u{1b}[31mred\u{7}",
    ] {
        let error = outcome(head.to_owned() + CHUNK).await.unwrap_err();
        assert!(matches!(error, Error::Transport(_)), "{head:?}: {error:?}");
        assert!(!error.to_string().contains('\u{1b}'));
    }
}

#[tokio::test]
async fn a_hundred_headers_of_half_a_megabyte_are_read() {
    let many = "x-proxy: y\r\n".repeat(100);
    let long = format!("x: {}\r\n", "y".repeat(500_000));
    for headers in [many, long] {
        let response = format!("HTTP/1.1 200 OK\r\n{headers}\r\n5");
        assert_eq!(outcome(response).await.unwrap(), 5);
    }
    // More are read where the caller wants that.
    let headers = "x-proxy: y\r\n".repeat(500);
    let server = sending(format!("HTTP/1.1 200 OK\r\n{headers}\r\n5")).await;
    for (most, is_read) in [(100, false), (1000, true)] {
        let builder = Client::builder().base_url(&server.origin);
        let builder = builder.configure_http(move |http| http.http1_max_headers(most));
        let client = builder.retry(RetryPolicy::never()).build().unwrap();
        assert_eq!(call(&client, &ROOT).await.is_ok(), is_read);
    }
}

#[tokio::test]
async fn cookies_are_not_sent_back() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            let head = connection.head().await?;
            let seen = i32::from(head.to_lowercase().contains("cookie"));
            let text = format!("HTTP/1.1 200 OK\r\nset-cookie: sticky=1; path=/\r\ncontent-length: 1\r\n\r\n{seen}");
            connection.send(&text).await?;
        }
    })
    .await;
    let client = super::client(&server.origin);
    for _ in 0..3 {
        assert_eq!(call(&client, &READ).await.unwrap(), 0);
    }
}

#[tokio::test]
async fn a_redirect_within_the_origin_is_followed_however_it_is_written() {
    for (location, target) in [
        ("/a", "/a"),
        ("a", "/base/a"),
        ("?x=1", "/base/?x=1"),
        ("/a b", "/a%20b"),
        ("/\u{e9}", "/%C3%A9"),
        ("//{host}/a", "/a"),
        ("HTTP://{host}/a", "/a"),
        ("http://{host}", "/"),
        ("../../a", "/a"),
        ("%2e%2e/a", "/a"),
        ("/a#/b", "/a"),
    ] {
        let server = Sockets::start(move |mut connection| async move {
            let head = connection.head().await?;
            let host = head.lines().find_map(|line| line.strip_prefix("host: "))?;
            let location = location.replace("{host}", host);
            let redirect = "HTTP/1.1 307 X\r\ncontent-length: 0\r\nlocation: ";
            connection.send(&format!("{redirect}{location}\r\n\r\n")).await?;
            let head = connection.head().await?;
            let reached = head.starts_with(&format!("GET {target} HTTP"));
            connection.send(if reached { OK } else { "HTTP/1.1 404 X\r\n\r\n" }).await
        })
        .await;
        let client = super::client(&format!("{}/base", server.origin));
        assert_eq!(call(&client, &READ).await.unwrap(), 5, "{location:?}");
    }
}

#[tokio::test]
async fn an_address_that_does_not_accept_does_not_hide_the_next_one() {
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent_address = silent.local_addr().unwrap();
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = timeout(SHORT, tokio::net::TcpStream::connect(silent_address)).await {
        queue.push(stream);
    }
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send(OK).await?;
        }
    })
    .await;
    let good: SocketAddr = server.origin.strip_prefix("http://").unwrap().parse().unwrap();
    let builder = Client::builder().base_url("http://api.localhost");
    let builder = builder.configure_http(move |http| http.resolve_to_addrs("api.localhost", &[silent_address, good]));
    let builder = builder.connect_timeout(2 * SHORT);
    assert_eq!(call(&builder.build().unwrap(), &CREATE).await.unwrap(), 5);
}

#[tokio::test]
async fn a_response_that_comes_a_byte_at_a_time_is_read() {
    const RESPONSE: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n5\r\n0\r\n\r\n";
    let server = Sockets::start(|mut connection| async move {
        connection.stream.set_nodelay(true).ok()?;
        connection.head().await?;
        for byte in RESPONSE.split_inclusive(|_: char| true) {
            connection.send(byte).await?;
            sleep(Duration::from_millis(2)).await;
        }
        Some(())
    })
    .await;
    let builder = Client::builder().base_url(&server.origin).read_timeout(LONG);
    assert_eq!(call(&builder.build().unwrap(), &CREATE).await.unwrap(), 5);
}

#[tokio::test]
async fn more_calls_than_connections_wait_for_one() {
    // A server that serves one connection at a time, as small ones do; the others wait in the queue.
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut chunk = [0; 4096];
            let idle = Duration::from_millis(20);
            while let Ok(Ok(1..)) = timeout(idle, stream.read(&mut chunk)).await {
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    });
    let client = super::client(&origin);
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        calls.spawn(async move { call(&client, &READ).await });
    }
    for outcome in calls.join_all().await {
        assert_eq!(outcome.unwrap(), 5);
    }
}

#[tokio::test]
async fn a_storm_of_hints_is_only_slow() {
    let hints = "HTTP/1.1 103 Early Hints\r\nlink: </style.css>; rel=preload\r\n\r\n".repeat(10_000);
    assert_eq!(outcome(hints + OK).await.unwrap(), 5);
}

#[tokio::test]
async fn a_response_without_a_body_is_complete_whatever_length_it_states() {
    static HEAD: Operation = Operation { id: "head", method: Method::Head, ..Operation::EMPTY };
    for headers in [
        "content-length: 1000",
        "content-length: 1000\r\ncontent-encoding: gzip",
        "transfer-encoding: chunked",
        "content-length: 99999999999",
    ] {
        let server = Sockets::start(move |mut connection| async move {
            loop {
                let head = connection.head().await?;
                let status = if head.starts_with("HEAD") { "200 OK" } else { "304 Not Modified" };
                connection.send(&format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n")).await?;
            }
        })
        .await;
        let client = super::client(&server.origin);
        for _ in 0..3 {
            let received = timeout(LONG, Request::new(&client, &HEAD).execute()).await.unwrap();
            assert_eq!(received.unwrap().bytes().unwrap().value, "", "{headers}");
            let download = timeout(LONG, Request::new(&client, &HEAD).send_streaming()).await.unwrap();
            assert_eq!(download.unwrap().bytes().await.unwrap(), "", "{headers}");
            let error = call(&client, &READ).await.unwrap_err();
            assert_eq!(error.status().unwrap(), 304, "{headers}");
        }
    }
}

#[tokio::test]
async fn a_refusal_whose_body_never_ends_delays_no_further_attempt() {
    let server = Sockets::start(|mut connection| async move {
        connection.head().await?;
        if connection.index > 1 {
            return connection.send(OK).await;
        }
        connection.send("HTTP/1.1 429 Slow Down\r\ntransfer-encoding: chunked\r\n\r\n").await?;
        while connection.send("10\r\n                \r\n").await.is_some() {}
        Some(())
    })
    .await;
    assert_eq!(call(&super::client(&server.origin), &CREATE).await.unwrap(), 5);
    assert_eq!(server.requests(), 3);
}

#[tokio::test]
async fn a_call_without_time_sends_nothing_and_one_without_end_is_sent() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send(OK).await?;
        }
    })
    .await;
    let client = super::client(&server.origin);
    let error = Request::new(&client, &READ).timeout(Duration::ZERO).execute().await.unwrap_err();
    assert!(
        matches!(error, Error::Timeout(timeout) if timeout.limit == TimeLimit::Deadline(Duration::ZERO)),
        "{error:?}"
    );
    let received = Request::new(&client, &READ).timeout(Duration::MAX).execute().await.unwrap();
    assert_eq!(received.body, "5");
    assert_eq!(server.requests(), 1);
}

#[tokio::test]
async fn a_success_before_the_upload_ends_is_the_response_and_costs_the_connection_alone() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            connection.head().await?;
            connection.send(OK).await?;
        }
    })
    .await;
    let client = super::client(&server.origin);
    for _ in 0..5 {
        let endless = futures_util::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 1 << 16]));
        let upload = Request::new(&client, &CREATE).bytes("text/plain", Binary::stream(endless));
        let received = timeout(LONG, upload.execute()).await.expect("the call ends").unwrap();
        assert_eq!(received.body, "5");
        assert_eq!(call(&client, &CREATE).await.unwrap(), 5);
    }
    assert_eq!(server.requests(), 10);
}
