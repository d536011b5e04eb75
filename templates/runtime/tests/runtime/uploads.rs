use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as Received;
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream;
use http::{HeaderMap, StatusCode};
use runtime::client::multipart::Form;
use runtime::client::request::Request;
use runtime::client::{Client, Error, TimeLimit};
use runtime::types::Binary;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::server::{Server, Temporary, response};
use super::sockets::Sockets;
use super::{ROOT, client};

const SIZE: u64 = 64 * 1024 * 1024;

/// A server that counts the bytes of bodies as it reads them.
struct Counter {
    origin: String,
    bytes: Arc<AtomicU64>,
}

impl Counter {
    async fn start(pause: Duration) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let bytes = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&bytes);
        let router = Router::new().fallback(move |request: Received| count(request, seen, pause));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, bytes }
    }
}

/// Responds with the stated length of the body and the number of its bytes.
async fn count(request: Received, seen: Arc<AtomicU64>, pause: Duration) -> String {
    let (parts, body) = request.into_parts();
    let stated = parts.headers.get("content-length").cloned();
    let mut chunks = body.into_data_stream();
    let mut total = 0;
    while let Some(chunk) = chunks.next().await {
        let length = chunk.unwrap().len() as u64;
        total += length;
        seen.fetch_add(length, Ordering::Relaxed);
        if !pause.is_zero() {
            tokio::time::sleep(pause).await;
        }
    }
    format!("{stated:?} {total}")
}

/// A reader of zeros that tells how far it has been read ahead of what the server has.
struct Zeros {
    left: u64,
    read: u64,
    received: Arc<AtomicU64>,
    ahead: Arc<AtomicU64>,
}

impl AsyncRead for Zeros {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let length = self.left.min(buffer.remaining() as u64);
        buffer.put_slice(&vec![0; length as usize]);
        self.left -= length;
        self.read += length;
        let ahead = self.read - self.received.load(Ordering::Relaxed).min(self.read);
        self.ahead.fetch_max(ahead, Ordering::Relaxed);
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_large_file_is_read_only_as_fast_as_the_server_reads_it() {
    let server = Counter::start(Duration::from_micros(100)).await;
    let ahead = Arc::new(AtomicU64::new(0));
    let reader = Zeros { left: SIZE, read: 0, received: Arc::clone(&server.bytes), ahead: Arc::clone(&ahead) };
    let file = Binary::reader(reader).with_length(SIZE);
    let form = Form::new().file("file", None, &file.with_file_name("zeros"));
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    let text = call.execute().await.unwrap().text().unwrap().value;
    let total = server.bytes.load(Ordering::Relaxed);
    assert_eq!(text, format!("Some(\"{total}\") {total}"));
    assert!((SIZE + 100..SIZE + 400).contains(&total), "{total}");
    // What the operating system buffers, not the client.
    let ahead = ahead.load(Ordering::Relaxed);
    assert!(ahead < 16 * 1024 * 1024, "{ahead}");
}

#[tokio::test]
async fn a_path_is_sent_with_its_length_and_its_name() {
    let file = Temporary::new("large.bin");
    let sparse = std::fs::File::create(&file.0).unwrap();
    sparse.set_len(SIZE).unwrap();
    let server = Counter::start(Duration::ZERO).await;
    let call = Request::new(&client(&server.origin), &ROOT);
    let call = call.bytes("application/octet-stream", Binary::path(&file.0));
    let text = call.execute().await.unwrap().text().unwrap().value;
    assert_eq!(text, format!("Some(\"{SIZE}\") {SIZE}"));

    let small = Temporary::with("a\"b.txt", "content");
    let server = Server::start([]).await;
    let form = Form::new().file("file", Some("text/plain"), &Binary::path(&small.0));
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    call.execute().await.unwrap();
    let (headers, body) = &server.requests()[0];
    assert_eq!(headers["content-length"], body.len().to_string());
    let body = String::from_utf8(body.to_vec()).unwrap();
    let name = small.0.file_name().unwrap().to_string_lossy();
    let name = name.replace('"', "%22");
    assert!(body.contains(&format!("filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n--")), "{body}");
}

/// The bodies and the headers of all attempts to send a file, and the outcome.
async fn attempts(first: u16, file: Binary) -> (Vec<(HeaderMap, Bytes)>, Result<(), Error>) {
    let first = response(first, &[("location", "/again")], "");
    let server = Server::start([first]).await;
    let form = Form::new().file("file", None, &file);
    let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
    let outcome = call.execute().await.map(drop);
    (server.requests(), outcome)
}

#[tokio::test]
async fn what_can_be_opened_again_is_sent_again() {
    let file = Temporary::with("again", "content");
    let path = file.0.clone();
    let opened = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&opened);
    let open = move || {
        count.fetch_add(1, Ordering::Relaxed);
        tokio::fs::File::open(path.clone())
    };
    for status in [429, 503, 307] {
        for file in [Binary::path(&file.0), Binary::open_with(open.clone()), Binary::new("content")] {
            let (requests, outcome) = attempts(status, file).await;
            outcome.unwrap();
            assert_eq!(requests.len(), 2);
            assert_eq!(requests[0].1, requests[1].1);
            let body = String::from_utf8_lossy(&requests[1].1).into_owned();
            assert!(body.contains("\r\n\r\ncontent\r\n"), "{body}");
        }
    }
    assert_eq!(opened.load(Ordering::Relaxed), 6);
}

#[tokio::test]
async fn what_has_been_read_once_is_not_sent_again_and_the_error_says_so() {
    let streamed = || Binary::stream(stream::iter([Ok::<_, io::Error>("content")]));
    for file in [Binary::reader(&b"content"[..]), streamed()] {
        let (requests, outcome) = attempts(429, file).await;
        let error = outcome.unwrap_err();
        assert_eq!(requests.len(), 1);
        assert!(matches!(error, Error::NotRepeatable { .. }), "{error:?}");
        assert_eq!(error.status(), Some(StatusCode::TOO_MANY_REQUESTS));
        assert_eq!(error.to_string(), "root: a reader or a stream of the request cannot be sent again");
    }
    let (requests, outcome) = attempts(307, streamed()).await;
    assert_eq!(requests.len(), 1);
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::NotRepeatable { .. }), "{error:?}");
    assert_eq!(error.status(), Some(StatusCode::TEMPORARY_REDIRECT));

    // The caller sends it again.
    let file = streamed();
    attempts(200, file.clone()).await.1.unwrap();
    let (requests, outcome) = attempts(200, file).await;
    assert!(requests.is_empty());
    let error = outcome.unwrap_err();
    assert!(matches!(error, Error::NotRepeatable { source: None, .. }), "{error:?}");
}

#[tokio::test]
async fn a_refused_connection_reads_nothing_so_that_a_stream_is_sent_after_it() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let builder = Client::builder().base_url(format!("http://{address}"));
    let builder = builder.sleep_with(move |_| {
        Box::pin(async move {
            let listener = tokio::net::TcpListener::bind(address).await.unwrap();
            let echo = Router::new().fallback(|body: Bytes| async move { body });
            tokio::spawn(async move { axum::serve(listener, echo).await });
        })
    });
    let call = Request::new(&builder.build().unwrap(), &ROOT);
    let call = call.bytes("text/plain", Binary::reader(&b"content"[..]));
    assert_eq!(call.execute().await.unwrap().body, "content");
}

#[tokio::test]
async fn a_length_that_is_not_true_is_an_error() {
    for length in [3, 100] {
        let file = Binary::reader(&b"content"[..]).with_length(length);
        let server = Server::start([]).await;
        let call = Request::new(&client(&server.origin), &ROOT);
        let call = call.bytes("application/octet-stream", file);
        let error = call.execute().await.unwrap_err();
        let mut text = String::new();
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(error) = cause {
            text += &error.to_string();
            cause = error.source();
        }
        assert!(text.contains(&format!("length of {length} bytes")), "{text}");
        assert!(server.requests().is_empty());
    }
}

/// A reader that has a few bytes, and then fails.
struct Failing(Option<Pin<Box<Sleep>>>);

impl AsyncRead for Failing {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if let Some(pause) = &mut self.0 {
            ready!(pause.as_mut().poll(context));
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::ConnectionReset, "the disk is gone")));
        }
        self.0 = Some(Box::pin(sleep(Duration::from_millis(50))));
        buffer.put_slice(b"some");
        Poll::Ready(Ok(()))
    }
}

#[tokio::test]
async fn a_source_that_fails_is_no_failure_of_the_server() {
    let opened = Arc::new(AtomicU64::new(0));
    for http2 in [false, true] {
        let server = Sockets::start(move |mut connection| async move {
            if http2 {
                connection.http2().await?;
                connection.request().await?;
            } else {
                connection.head().await?;
            }
            // Until the client gives up.
            let mut rest = Vec::new();
            connection.stream.read_to_end(&mut rest).await.ok().map(drop)
        })
        .await;
        let count = Arc::clone(&opened);
        let again = Binary::open_with(move || {
            count.fetch_add(1, Ordering::Relaxed);
            async { Ok(Failing(None)) }
        });
        for file in [Binary::reader(Failing(None)), again.clone(), again.with_length(100)] {
            let builder = Client::builder().base_url(&server.origin);
            let builder = builder.sleep_with(|_| Box::pin(std::future::ready(())));
            let builder = builder.configure_http(move |http| if http2 { http.http2_prior_knowledge() } else { http });
            let call = Request::new(&builder.build().unwrap(), &ROOT).bytes("text/plain", file);
            let error = call.execute().await.unwrap_err();
            let Error::File { source, .. } = &error else { panic!("{error:?}") };
            assert_eq!(source.to_string(), "the disk is gone");
            assert_eq!(error.to_string(), "root: a file, a reader or a stream cannot be read or written");
        }
        assert_eq!(server.requests(), 3, "{http2}");
    }
    assert_eq!(opened.load(Ordering::Relaxed), 4);
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_an_error_before_anything_is_sent() {
    for path in [std::env::temp_dir(), Temporary::new("missing").0.clone()] {
        let server = Server::start([]).await;
        let form = Form::new().file("file", None, &Binary::path(path));
        let call = Request::new(&client(&server.origin), &ROOT).multipart(form);
        let error = call.execute().await.unwrap_err();
        assert!(matches!(error, Error::File { .. }), "{error:?}");
        assert!(server.requests().is_empty());
    }
}

/// A pipe with a name.
#[cfg(unix)]
fn pipe(name: &str) -> Temporary {
    let pipe = Temporary::new(name);
    let made = std::process::Command::new("mkfifo").arg(&pipe.0).status();
    assert!(made.unwrap().success());
    pipe
}

#[cfg(unix)]
#[tokio::test]
async fn a_pipe_is_sent_as_it_is_written() {
    let pipe = pipe("written");
    let path = pipe.0.clone();
    let writer = std::thread::spawn(move || {
        let mut file = std::fs::File::create(path).unwrap();
        for _ in 0..3 {
            std::io::Write::write_all(&mut file, b"content ").unwrap();
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    let server = Server::start([]).await;
    let call = Request::new(&client(&server.origin), &ROOT);
    let call = call.bytes("text/plain", Binary::path(&pipe.0));
    call.execute().await.unwrap();
    writer.join().unwrap();
    let (headers, body) = &server.requests()[0];
    assert_eq!(body, "content content content ");
    assert_eq!(headers["transfer-encoding"], "chunked");
}

/// What never opens, or opens and has no bytes, ends with the call's deadline; so does the runtime.
#[tokio::test]
async fn a_source_that_never_opens_is_under_the_deadline() {
    let limit = Duration::from_millis(300);
    let never = || std::future::pending::<io::Result<&[u8]>>();
    let silent = || std::future::ready(Ok(Never));
    let mut sources = vec![Binary::open_with(never), Binary::open_with(silent)];
    #[cfg(unix)]
    let pipe = pipe("never");
    #[cfg(unix)]
    sources.push(Binary::path(&pipe.0));
    for source in sources {
        let server = Server::start([]).await;
        let client = client(&server.origin);
        for form in [false, true] {
            let call = Request::new(&client, &ROOT).timeout(limit);
            let call = if form {
                call.multipart(Form::new().file("file", None, &source))
            } else {
                call.bytes("text/plain", source.clone())
            };
            let start = std::time::Instant::now();
            let error = call.execute().await.unwrap_err();
            let Error::Timeout(timeout) = &error else { panic!("{error:?}") };
            assert_eq!(timeout.limit, TimeLimit::Deadline(limit));
            assert!(start.elapsed() >= limit && start.elapsed() < 10 * limit);
            assert!(server.requests().is_empty());
        }
    }
}

/// A reader that never has any bytes.
struct Never;

impl AsyncRead for Never {
    fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Poll::Pending
    }
}

#[tokio::test]
async fn a_body_without_a_length_is_sent_in_chunks_and_has_its_own_media_type() {
    let server = Server::start([]).await;
    let chunks = stream::iter(["a", "", "b"].map(Ok::<_, io::Error>));
    let file = Binary::stream(chunks).with_content_type("image/png");
    let call = Request::new(&client(&server.origin), &ROOT);
    let call = call.bytes("application/octet-stream", file);
    call.execute().await.unwrap();
    let (headers, body) = &server.requests()[0];
    assert_eq!(body, "ab");
    assert_eq!(headers["content-type"], "image/png");
    assert_eq!(headers["transfer-encoding"], "chunked");
}

#[tokio::test]
async fn what_is_read_later_has_no_bytes_yet_and_a_server_sends_it_as_a_stream() {
    let file = Temporary::with("served", "hunter2");
    let binary = Binary::path(&file.0);
    assert!(binary.bytes().is_empty());
    assert_eq!(binary, binary.clone());
    assert_ne!(binary, Binary::path(&file.0));
    assert!(!format!("{binary:?}").contains("hunter2"));
    assert!(serde_json::to_string(&binary).is_err());
    let reply = runtime::server::Reply::binary(StatusCode::OK, "text/plain", binary);
    let response = axum::response::IntoResponse::into_response(reply);
    let body: Body = response.into_body();
    let bytes = axum::body::to_bytes(body, 100).await.unwrap();
    assert_eq!(bytes, "hunter2");
}

#[tokio::test]
async fn a_source_that_waits_is_no_silence_of_the_server() {
    let counter = Counter::start(Duration::ZERO).await;
    let slow = || {
        Binary::stream(stream::iter(0..3).then(|_| async {
            tokio::time::sleep(Duration::from_millis(700)).await;
            Ok::<_, io::Error>(vec![b' '; 20_000])
        }))
    };
    let builder = || {
        let builder = Client::builder().base_url(&counter.origin);
        builder.read_timeout(Duration::from_millis(300))
    };
    let client = builder().build().unwrap();
    let call = Request::new(&client, &ROOT).bytes("text/plain", slow());
    call.execute().await.unwrap();
    assert_eq!(counter.bytes.load(Ordering::SeqCst), 60_000);
    let deadline = Duration::from_secs(1);
    let client = builder().deadline(deadline).build().unwrap();
    let call = Request::new(&client, &ROOT).bytes("text/plain", slow());
    let error = call.execute().await.unwrap_err();
    let Error::Timeout(timeout) = error else { panic!("{error:?}") };
    assert_eq!(timeout.limit, TimeLimit::Deadline(deadline));
}
