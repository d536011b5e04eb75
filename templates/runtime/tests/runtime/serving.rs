//! A server that faces clients that are slow, many, or gone.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use runtime::server::{Limits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const SHORT: Duration = Duration::from_millis(200);
const LONG: Duration = Duration::from_secs(20);

fn limits() -> Limits {
    Limits { head: LONG, read: LONG, total: LONG, write: LONG, shutdown: LONG, ..Limits::default() }
}

struct Running {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(limits: Limits) -> Running {
    let panics = async || -> String { panic!("a defect") };
    let slow = async || {
        sleep(3 * SHORT).await;
        "done"
    };
    let peer = async |ConnectInfo(peer): ConnectInfo<SocketAddr>| peer.ip().to_string();
    let router = Router::new()
        .route("/peer", get(peer))
        .route("/panic", get(panics))
        .route("/slow", get(slow))
        .route("/large", get(async || vec![b' '; 32 << 20]))
        .route("/body", post(async |body: Bytes| body.len().to_string()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve(listener, router, limits, async {
        let _ = stopped.await;
    }));
    Running { address, stop, task }
}

impl Running {
    async fn connect(&self, sent: &str) -> TcpStream {
        let mut socket = TcpStream::connect(self.address).await.unwrap();
        socket.write_all(sent.as_bytes()).await.unwrap();
        socket
    }
}

/// Everything until the server closes the connection.
async fn rest(mut socket: TcpStream) -> String {
    let mut text = String::new();
    let read = socket.read_to_string(&mut text);
    let _ = timeout(LONG, read).await.expect("the connection is closed");
    text
}

/// What comes next.
async fn next(socket: &mut TcpStream) -> String {
    let mut bytes = vec![0; 4096];
    let length = timeout(LONG, socket.read(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes[..length]).into_owned()
}

const PEER: &str = "GET /peer HTTP/1.1\r\nHost: a\r\n\r\n";

#[tokio::test]
async fn a_head_that_does_not_end_and_an_idle_connection_are_closed() {
    let server = start(Limits { head: SHORT, ..limits() }).await;
    for sent in ["", "GET /peer HT", PEER] {
        let began = Instant::now();
        let text = rest(server.connect(sent).await).await;
        assert_eq!(text.contains("127.0.0.1"), sent == PEER, "{text}");
        assert!(began.elapsed() < LONG / 2);
    }
}

#[tokio::test]
async fn a_panic_is_a_500_and_the_connection_goes_on() {
    let server = start(limits()).await;
    let mut socket = server.connect("GET /panic HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let response = next(&mut socket).await;
    assert!(response.starts_with("HTTP/1.1 500 "), "{response}");
    assert!(response.ends_with(r#"{"detail":"internal server error"}"#), "{response}");
    socket.write_all(PEER.as_bytes()).await.unwrap();
    assert!(next(&mut socket).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_request_that_takes_too_long_is_a_408() {
    let server = start(Limits { total: SHORT, ..limits() }).await;
    let body = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nslow";
    for sent in ["GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", body] {
        let response = next(&mut server.connect(sent).await).await;
        assert!(response.starts_with("HTTP/1.1 408 "), "{response}");
        assert!(response.contains("application/json"), "{response}");
    }
}

#[tokio::test]
async fn a_path_that_no_route_has_is_a_404_as_json() {
    let server = start(limits()).await;
    for method in ["GET", "HEAD"] {
        let request = format!("{method} /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let response = rest(server.connect(&request).await).await;
        let body = r#"{"detail":"no operation has this path"}"#;
        assert!(response.starts_with("HTTP/1.1 404 "), "{response}");
        assert!(response.contains(&format!("content-length: {}\r\n", body.len())), "{response}");
        assert!(response.ends_with(if method == "GET" { body } else { "\r\n\r\n" }), "{response}");
    }
}

#[tokio::test]
async fn connections_above_the_limit_wait() {
    let server = start(Limits { connections: 1, ..limits() }).await;
    // Also one that has sent nothing is a connection.
    let mut before = server.connect("").await;
    for _ in 0..2 {
        let mut waiting = server.connect(PEER).await;
        let early = timeout(SHORT, waiting.read_u8()).await;
        assert!(early.is_err(), "{early:?}");
        drop(before);
        assert!(next(&mut waiting).await.starts_with("HTTP/1.1 200 "));
        before = waiting;
    }
}

#[tokio::test]
async fn a_shutdown_ends_what_has_begun_and_closes_what_is_idle() {
    let server = start(limits()).await;
    let unused = server.connect("").await;
    let mut idle = server.connect(PEER).await;
    next(&mut idle).await;
    let mut slow = server.connect("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(SHORT / 2).await;
    server.stop.send(()).unwrap();
    assert!(next(&mut slow).await.ends_with("done"));
    for mut idle in [unused, idle] {
        assert_eq!(next(&mut idle).await, "");
    }
    timeout(LONG, server.task).await.unwrap().unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}

#[tokio::test]
async fn a_client_that_does_not_read_its_response_holds_no_connection() {
    let server = start(Limits { connections: 1, write: SHORT, ..limits() }).await;
    let idle = server.connect("GET /large HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let began = Instant::now();
    let mut waiting = server.connect(PEER).await;
    assert!(next(&mut waiting).await.starts_with("HTTP/1.1 200 "));
    assert!(began.elapsed() < LONG / 2);
    drop(idle);
}

#[tokio::test]
async fn a_client_that_reads_slowly_has_the_whole_response() {
    let server = start(Limits { write: SHORT, ..limits() }).await;
    let request = "GET /large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let mut socket = server.connect(request).await;
    let (mut length, began) = (0, Instant::now());
    let mut piece = vec![0; 4 << 20];
    loop {
        match timeout(LONG, socket.read(&mut piece)).await.unwrap().unwrap() {
            0 => break,
            read => length += read,
        }
        if began.elapsed() < 3 * SHORT {
            sleep(SHORT / 4).await;
        }
    }
    assert!(began.elapsed() > 2 * SHORT && length > 32 << 20, "{length}");
}

#[tokio::test]
async fn a_client_that_has_closed_its_side_has_the_response() {
    let server = start(limits()).await;
    let body = "POST /body HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nfour";
    for (sent, end) in [("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n", "done"), (body, "4")] {
        let mut socket = server.connect(sent).await;
        socket.shutdown().await.unwrap();
        let response = rest(socket).await;
        assert!(response.starts_with("HTTP/1.1 200 ") && response.ends_with(end), "{response}");
    }
    // What ends too early is no request.
    let mut socket = server.connect(&body[..body.len() - 1]).await;
    socket.shutdown().await.unwrap();
    let response = rest(socket).await;
    assert!(response.starts_with("HTTP/1.1 400 "), "{response}");
}

#[tokio::test]
async fn what_is_no_request_is_refused_without_a_body() {
    let server = start(limits()).await;
    let long = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(65_534));
    let many = format!("GET / HTTP/1.1\r\n{}\r\n", "a: b\r\n".repeat(101));
    let large = format!("GET / HTTP/1.1\r\nHost: a\r\na: {}", "b".repeat(417_792));
    for (sent, status) in [("GET\r\n\r\n", "400"), (&*long, "414"), (&*many, "431"), (&*large, "431")] {
        let response = rest(server.connect(sent).await).await;
        assert!(response.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {response}");
        assert!(response.ends_with("\r\n\r\n"), "{response}");
    }
}

#[tokio::test]
async fn a_transfer_coding_that_is_not_decoded_is_refused() {
    let server = start(limits()).await;
    for (coding, status) in
        [("Chunked", "200"), ("gzip, chunked", "501"), ("gzip\r\nTransfer-Encoding: chunked", "501")]
    {
        let head =
            format!("POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: {coding}\r\nConnection: close\r\n\r\n");
        let response = rest(server.connect(&format!("{head}1\r\na\r\n0\r\n\r\n")).await).await;
        assert_eq!(&response[9..12], status, "{coding}: {response}");
    }
}

#[tokio::test]
async fn a_request_has_one_host() {
    let server = start(limits()).await;
    for (head, status) in [
        ("HTTP/1.1\r\n", "400"),
        ("HTTP/1.1\r\nHost: a\r\nHost: a\r\n", "400"),
        ("HTTP/1.0\r\nHost: a\r\nHost: b\r\n", "400"),
        ("HTTP/1.0\r\n", "200"),
        ("HTTP/1.1\r\nHost: \r\n", "200"),
        ("HTTP/1.1\r\nHost: [::1]:8080\r\n", "200"),
        ("HTTP/1.1\r\nHost: a_b.example:80\r\n", "200"),
        ("HTTP/1.1\r\nHost: a b\r\n", "400"),
        ("HTTP/1.1\r\nHost: a/b\r\n", "400"),
        ("HTTP/1.1\r\nHost: user@a\r\n", "400"),
    ] {
        let response = rest(server.connect(&format!("GET /peer {head}Connection: close\r\n\r\n")).await).await;
        assert_eq!(&response[9..12], status, "{head}: {response}");
    }
}
