//! Responses as no server should send them: what each costs, and that none of them costs more.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use runtime::client::request::Request;
use runtime::client::{Client, ClientBuilder, Error, Limits, Pages, RetryPolicy, TimeLimit};
use runtime::operation::{Method, Operation};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::ROOT;
use super::sockets::{OK, Sockets};

static CREATE: Operation = Operation { id: "create", method: Method::Post, ..Operation::EMPTY };

static LIST: Operation = Operation { id: "list", ..Operation::EMPTY };

const SHORT: Duration = Duration::from_millis(300);
/// Longer than any of these calls takes.
const LONG: Duration = Duration::from_secs(20);

/// The outcome of a call, without what is in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Is {
    Value(i64),
    Status(u16),
    Redirect(u16),
    Decode,
    Transport,
    Incomplete,
    TooLarge,
    Timeout,
    Other,
}

fn is(outcome: &Result<i64, Error>) -> Is {
    match outcome {
        Ok(value) => Is::Value(*value),
        Err(Error::Status(it)) => Is::Status(it.status.as_u16()),
        Err(Error::Redirect(it)) => Is::Redirect(it.status.as_u16()),
        Err(Error::Decode(_)) => Is::Decode,
        Err(Error::Transport(_)) => Is::Transport,
        Err(Error::Incomplete { .. }) => Is::Incomplete,
        Err(Error::TooLarge { .. }) => Is::TooLarge,
        Err(Error::Timeout(_)) => Is::Timeout,
        Err(_) => Is::Other,
    }
}

fn builder(server: &Sockets) -> ClientBuilder {
    let builder = Client::builder().base_url(&server.origin).token("hunter2");
    builder.retry(RetryPolicy::never()).limits(Limits { response_size: 100_000, error_size: 1000, ..Limits::default() })
}

async fn call(client: &Client, operation: &'static Operation) -> Result<i64, Error> {
    let call = Request::new(client, operation).execute();
    let received = timeout(LONG, call).await.expect("the call ends")?;
    Ok(received.json::<i64>()?.value)
}

/// A server that sends the same bytes to each request, and closes the connection.
async fn sending(bytes: impl Into<Vec<u8>>) -> Sockets {
    let bytes: Arc<[u8]> = bytes.into().into();
    Sockets::start(move |mut connection| {
        let bytes = Arc::clone(&bytes);
        async move {
            connection.head().await?;
            connection.stream.write_all(&bytes).await.ok()?;
            connection.stream.shutdown().await.ok()
        }
    })
    .await
}

/// Checks what becomes of a response.
async fn check(response: impl Into<Vec<u8>>, expected: Is) {
    let response = response.into();
    let server = sending(response.clone()).await;
    let outcome = call(&builder(&server).build().unwrap(), &ROOT).await;
    let shown = String::from_utf8_lossy(&response[..response.len().min(200)]).into_owned();
    assert_eq!(is(&outcome), expected, "{shown:?}: {outcome:?}");
    assert_eq!(server.requests(), 1, "{shown:?}");
    if let Err(error) = outcome {
        let shown = format!("{error} {error:?}");
        assert!(!shown.contains("hunter2") && shown.len() < 1000, "{shown}");
        assert!(!shown.contains("<html>"), "{shown}");
    }
}

/// A response with a status line, headers and a body.
fn text(status: &str, headers: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\n{headers}\r\n{body}")
}

#[tokio::test]
async fn odd_responses_are_read_where_http_allows_them() {
    let chunked = "transfer-encoding: chunked\r\n";
    for response in [
        text("200", "content-length: 1\r\n", "5"),
        text("200 OK", "", "5"),
        text("200 OK", "", " 5 \r\n"),
        text("200 OK", "content-length: 1\r\ncontent-length: 1\r\n", "5"),
        text("200 OK", "content-length: 1\r\nlocation: /elsewhere\r\n", "5"),
        text("200 OK", "content-length: 1\r\ncontent-type: text/html\r\n", "5"),
        text("200 OK", "content-length: 1\r\ncontent-encoding: identity\r\n", "5"),
        text("299 Mine", "content-length: 1\r\n", "5"),
        text("200 OK", chunked, "1\r\n5\r\n0\r\n\r\n"),
        text("200 OK", chunked, "1;a=\"b\"\r\n5\r\n0\r\nx: y\r\n\r\n"),
        text("200 OK", "content-type: application/json; charset=latin1\r\n", "5"),
        format!("HTTP/1.0 200 OK\r\n\r\n{}", 5),
        format!("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nlink: </a>\r\n\r\n{OK}"),
        // Not a part of JSON, but some servers begin a file with it.
        text("200 OK", "", "\u{feff}5"),
    ] {
        check(response, Is::Value(5)).await;
    }
    let mut headers = b"HTTP/1.1 200 OK\r\nx-latin: \xe9\r\nlink: <\xff>\r\n\r\n".to_vec();
    headers.push(b'5');
    check(headers, Is::Value(5)).await;
}

#[tokio::test]
async fn what_is_not_http_is_an_error_of_the_transport() {
    let chunked = "transfer-encoding: chunked\r\n";
    for response in [
        String::new(),
        "hello\r\n\r\n".to_owned(),
        "SSH-2.0-OpenSSH_9.6\r\n".to_owned(),
        "\u{15}\u{3}\u{1}\0\u{2}\u{2}(".to_owned(),
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(),
        "HTTP/1.1 200 OK\r\ncontent-len".to_owned(),
        "HTTP/1.1 99 Few\r\n\r\n5".to_owned(),
        "HTTP/1.1 1000 Many\r\n\r\n5".to_owned(),
        text("200 OK", "a line without a colon\r\n", "5"),
        text("200 OK", "x: a\0b\r\n", "5"),
        text("200 OK", "content-length: -1\r\n", "5"),
        text("200 OK", "content-length: 99999999999999999999\r\n", "5"),
        text("200 OK", "content-length: 1\r\ncontent-length: 2\r\n", "55"),
        text("200 OK", chunked, "zz\r\n5\r\n0\r\n\r\n"),
        text("200 OK", chunked, "ffffffffffffffffff\r\n5"),
        text("200 OK", chunked, "-1\r\n5\r\n0\r\n\r\n"),
        text("200 OK", chunked, "1\r\n555\r\n0\r\n\r\n"),
        text("200 OK", "content-encoding: gzip\r\n", "not gzip"),
        text("200 OK", &"x: y\r\n".repeat(5000), "5"),
        text("200 OK", &format!("x: {}\r\n", "y".repeat(2_000_000)), "5"),
    ] {
        check(response, Is::Transport).await;
    }
    let gzip = |content: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::Write::write_all(&mut encoder, content).unwrap();
        encoder.finish().unwrap()
    };
    let mut whole = gzip(b"5");
    let head = text("200 OK", "content-encoding: gzip\r\n", "").into_bytes();
    check([head.clone(), whole.clone()].concat(), Is::Value(5)).await;
    // The checksum.
    let last = whole.len() - 8;
    whole[last] ^= 1;
    check([head, whole].concat(), Is::Transport).await;
}

#[tokio::test]
async fn a_body_that_ends_early_says_so_however_it_is_framed() {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::none());
    std::io::Write::write_all(&mut encoder, &[b' '; 5000]).unwrap();
    let gzip = encoder.finish().unwrap();
    let part = &gzip[..gzip.len() - 9];
    check([&b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n"[..], part].concat(), Is::Transport).await;
    let chunked = "transfer-encoding: chunked\r\n";
    let compressed = format!("content-encoding: gzip\r\ncontent-length: {}\r\n", gzip.len());
    for (head, body, text) in [
        ("content-length: 10\r\n", &b"5"[..], "after 1 of 10 bytes"),
        ("content-length: 10\r\n", b"", "after 0 of 10 bytes"),
        (chunked, b"", "after 0 bytes"),
        (chunked, b"1", "after 0 bytes"),
        (chunked, b"9\r\n5", "after 1 bytes"),
        (chunked, b"1\r\n5", "after 1 bytes"),
        (chunked, b"1\r\n5\r\n", "after 1 bytes"),
        (chunked, b"1\r\n5\r\n0\r\n", "after 1 bytes"),
        (&compressed, part, "after 4999 bytes"),
        (&compressed, &gzip[..5], "after 0 bytes"),
    ] {
        let response = [format!("HTTP/1.1 200 OK\r\n{head}\r\n").as_bytes(), body].concat();
        check(response.clone(), Is::Incomplete).await;
        let server = sending(response).await;
        let client = builder(&server).build().unwrap();
        let error = Request::new(&client, &ROOT).execute().await.unwrap_err();
        let shown = error.to_string();
        assert!(shown.contains("the response ended early") && shown.contains(text), "{head}{body:?}: {shown}");
        let download = Request::new(&client, &ROOT).send_streaming().await.unwrap();
        assert_eq!(download.bytes().await.unwrap_err().to_string(), shown);
    }
}

#[tokio::test]
async fn a_status_is_told_whatever_comes_with_it() {
    let html = "content-type: text/html\r\n";
    let page = "<html>Bad Gateway</html>";
    for (response, expected) in [
        (text("304 Not Modified", "etag: x\r\n", ""), Is::Status(304)),
        (text("302 Found", "", ""), Is::Status(302)),
        (text("300 Choices", "location: /a\r\n", ""), Is::Status(300)),
        (text("502 Bad Gateway", html, page), Is::Status(502)),
        (text("407 Who", html, page), Is::Status(407)),
        (text("999 Denied", "", "no"), Is::Status(999)),
        (text("500 Oops", "content-length: 100\r\n", "no"), Is::Status(500)),
        (text("500 Oops", "content-encoding: gzip\r\n", "no"), Is::Status(500)),
        (text("429 Wait", "retry-after: -1\r\n", ""), Is::Status(429)),
        (text("101 Switching", "connection: upgrade\r\nupgrade: x\r\n", ""), Is::Status(101)),
        (text("200 OK", html, page), Is::Decode),
        (text("200 OK", "content-length: 0\r\n", ""), Is::Decode),
        (text("204 No Content", "", ""), Is::Decode),
        (text("200 OK", "", "5 5"), Is::Decode),
        (text("200 OK", "", "NaN"), Is::Decode),
        (text("200 OK", "", &"[".repeat(90_000)), Is::Decode),
        (text("200 OK", "", &"1".repeat(90_000)), Is::Decode),
        (text("200 OK", "", &" ".repeat(100_001)), Is::TooLarge),
    ] {
        check(response, expected).await;
    }
    check(b"HTTP/1.1 200 OK\r\n\r\n\"\xff\"".to_vec(), Is::Decode).await;
}

#[tokio::test]
async fn a_redirect_that_leads_elsewhere_or_nowhere_is_not_followed() {
    for location in [
        "http://127.0.0.1:1/",
        "https://api.test/",
        "//api.test/",
        "http://[",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://user:password@127.0.0.1/",
        "\\\\api.test\\",
        "http:\\\\api.test",
    ] {
        for status in [301, 302, 303, 307, 308] {
            let headers = format!("location: {location}\r\ncontent-length: 0\r\n");
            check(text(&format!("{status} X"), &headers, ""), Is::Redirect(status)).await;
        }
    }
    // What is not `GET` is sent again only where the status says so.
    for status in [301, 302, 303] {
        let server = sending(text(&format!("{status} X"), "location: /\r\n", "")).await;
        let outcome = call(&builder(&server).build().unwrap(), &CREATE).await;
        assert_eq!((is(&outcome), server.requests()), (Is::Redirect(status), 1));
    }
}

#[tokio::test]
async fn each_stage_of_a_reset_is_repeated_where_that_does_no_harm() {
    let stages = [
        "",
        "HTTP/1.1 200 OK\r\ncontent-le",
        "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n5\r\n",
    ];
    for (stage, reset, reads) in stages
        .iter()
        .flat_map(|stage| [(stage, true), (stage, false)])
        .flat_map(|(stage, reset)| [(*stage, reset, true), (*stage, reset, false)])
    {
        for (operation, sends) in [(&ROOT, 2), (&CREATE, 1)] {
            let server = Sockets::start(move |mut connection| async move {
                if connection.index > 0 {
                    connection.head().await?;
                    return connection.send(OK).await;
                }
                if reads {
                    connection.head().await?;
                }
                connection.send(stage).await?;
                if reset {
                    connection.stream.set_zero_linger().ok()?;
                }
                Some(())
            })
            .await;
            let client = super::client(&server.origin);
            let outcome = call(&client, operation).await;
            let expected = match sends {
                2 => &[Is::Value(5)][..],
                _ if stage.contains("\r\n\r\n") && reads && !reset => &[Is::Incomplete],
                // What was sent before a reset may be lost with it, and nothing answers a request that was not sent.
                _ => &[Is::Transport, Is::Incomplete],
            };
            assert!(expected.contains(&is(&outcome)), "{stage:?} {reset} {reads}: {outcome:?}");
            let read = usize::from(reads) + (sends - 1);
            assert_eq!(server.requests(), read, "{stage:?} {reset} {reads}");
        }
    }
}

#[tokio::test]
async fn a_response_to_nothing_is_not_the_one_to_the_next_request() {
    let poison = text("200 OK", "content-length: 1\r\n", "6");
    let empty = "HTTP/1.1 204 No Content\r\n\r\n".to_owned();
    for first in [OK.to_owned() + &poison, OK.to_owned() + "6", empty + &poison] {
        let first: &'static str = first.leak();
        let server = Sockets::start(move |mut connection| async move {
            if connection.index == 0 {
                connection.head().await?;
                connection.send(first).await?;
                sleep(LONG).await;
                return None;
            }
            loop {
                connection.head().await?;
                connection.send(OK).await?;
            }
        })
        .await;
        let client = builder(&server).retry(RetryPolicy::default()).build().unwrap();
        drop(call(&client, &LIST).await);
        for _ in 0..3 {
            assert_eq!(call(&client, &LIST).await.unwrap(), 5, "{first:?}");
        }
    }
}

/// Sends the first text once, and then the second one for ever. Returns the outcome, and how many bytes were sent.
async fn endless(first: &'static str, again: &'static str, pause: Duration) -> (Is, usize) {
    let sent = Arc::new(Mutex::new(0));
    let count = Arc::clone(&sent);
    let (closed, mut gone) = tokio::sync::mpsc::channel::<()>(1);
    let server = Sockets::start(move |mut connection| {
        let (count, closed) = (Arc::clone(&count), closed.clone());
        async move {
            connection.head().await?;
            connection.send(first).await?;
            while connection.send(again).await.is_some() {
                *count.lock().unwrap() += again.len();
                sleep(pause).await;
            }
            closed.send(()).await.ok()
        }
    })
    .await;
    let builder = builder(&server).read_timeout(SHORT);
    let client = builder.deadline(3 * SHORT).build().unwrap();
    let start = Instant::now();
    let outcome = call(&client, &ROOT).await;
    assert!(start.elapsed() < 10 * SHORT, "{:?}", start.elapsed());
    // The connection is given up, too.
    timeout(LONG, gone.recv()).await.expect("the connection is closed");
    let sent = *sent.lock().unwrap();
    (is(&outcome), sent)
}

#[tokio::test]
async fn what_never_ends_is_ended() {
    const OPEN: &str = "HTTP/1.1 200 OK\r\n";
    const CHUNKED: &str = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    const BAD: &str = "HTTP/1.1 500 Oops\r\ntransfer-encoding: chunked\r\n\r\n";
    const LINE: &str = "x: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n";
    const CHUNK: &str = "10\r\n                \r\n";
    let (none, slow) = (Duration::ZERO, Duration::from_millis(20));
    for (first, again, pause, expected) in [
        (OPEN, LINE, none, Is::Transport),
        (OPEN, "x", none, Is::Transport),
        (OPEN, "x", slow, Is::Timeout),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", none, Is::Timeout),
        ("", "HTTP/1.1 100 Continue\r\n\r\n", slow, Is::Timeout),
        (CHUNKED, CHUNK, none, Is::TooLarge),
        (CHUNKED, CHUNK, slow, Is::Timeout),
        (BAD, CHUNK, none, Is::Status(500)),
        (BAD, CHUNK, slow, Is::Status(500)),
        // Chunk extensions and trailers are no body.
        (CHUNKED, "1;aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n \r\n", none, Is::Transport),
        ("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\n5\r\n0\r\n", LINE, none, Is::Transport),
    ] {
        let (outcome, sent) = endless(first, again, pause).await;
        // A busy machine may take longer to read as much as is allowed.
        let is_late = outcome == Is::Timeout && pause.is_zero();
        assert!(outcome == expected || is_late, "{first:?} {again:?} {pause:?}: {outcome:?}");
        // What the client reads at most, and the operating system buffers; a storm lasts as long as the call.
        let is_bounded = sent < 16 << 20 || again.contains("100 Continue");
        assert!(is_bounded, "{first:?} {again:?}: {sent} bytes");
    }
}

#[tokio::test]
async fn a_response_before_the_body_was_read_is_the_response() {
    let refusal = "HTTP/1.1 413 Too Long\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno";
    for rest in [true, false] {
        let server = Sockets::start(move |mut connection| async move {
            connection.head().await?;
            connection.send(refusal).await?;
            // As careful servers do: the rest is read, so that the response is not lost in a reset.
            let mut chunk = vec![0; 65536];
            while rest && connection.stream.read(&mut chunk).await.ok()? > 0 {}
            Some(())
        })
        .await;
        let client = builder(&server).build().unwrap();
        let call = Request::new(&client, &CREATE).bytes("text/plain", vec![b' '; 16 << 20]);
        let outcome = timeout(LONG, call.execute()).await.expect("the call ends");
        let outcome = is(&outcome.map(|_| 0));
        assert!(outcome == Is::Status(413) || (!rest && outcome == Is::Transport), "{outcome:?}");
        assert_eq!(server.requests(), 1);
    }
}

#[tokio::test]
async fn the_pause_after_429_is_what_the_server_says_if_that_makes_sense() {
    let second = Duration::from_secs(1);
    for (retry_after, pauses, longest) in [
        ("", 2, second),
        ("retry-after: -5\r\n", 2, second),
        ("retry-after: soon\r\n", 2, second),
        ("retry-after: 0\r\n", 2, second),
        ("retry-after: Sun, 06 Nov 1994 08:49:37 GMT\r\n", 2, second),
        ("retry-after: Sunday, 06-Nov-94 08:49:37 GMT\r\n", 2, second),
        ("retry-after: Sun Nov  6 08:49:37 1994\r\n", 2, second),
        ("retry-after: 20\r\n", 2, 22 * second),
        ("retry-after: 99999999999\r\n", 0, second),
        ("retry-after: 99999999999999999999\r\n", 0, second),
        ("retry-after: Fri, 31 Dec 9999 23:59:59 GMT\r\n", 0, second),
    ] {
        let server = sending(text("429 Wait", retry_after, "")).await;
        let waited = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&waited);
        let builder = builder(&server).retry(RetryPolicy::default());
        let builder = builder.sleep_with(move |pause| {
            log.lock().unwrap().push(pause);
            Box::pin(std::future::ready(()))
        });
        let outcome = call(&builder.build().unwrap(), &CREATE).await;
        assert_eq!(is(&outcome), Is::Status(429), "{retry_after:?}");
        let waited = waited.lock().unwrap();
        assert_eq!(waited.len(), pauses, "{retry_after:?} {waited:?}");
        assert!(waited.iter().all(|pause| *pause <= longest), "{retry_after:?} {waited:?}");
        assert_eq!(server.requests(), pauses + 1);
    }
}

#[tokio::test]
async fn a_link_that_makes_no_sense_costs_no_page() {
    let list = |link: String| async move {
        let page = "content-length: 3\r\nconnection: close\r\n";
        let server = sending(text("200 OK", &format!("{page}link: {link}\r\n"), "[5]")).await;
        let client = builder(&server).build().unwrap();
        let mut pages = Pages::new(Request::new(&client, &LIST), |it| it.json::<Vec<i64>>());
        let mut seen = Vec::new();
        while let Some(page) = pages.next_page().await {
            seen.push(page.map(|page| page.value[0]).map_err(|error| error.to_string()));
        }
        (seen, server.requests())
    };
    for link in [
        "",
        "<",
        "<>",
        "garbage",
        "<?page=2",
        "rel=\"next\"",
        "<?page=2>; rel=\"last\"",
        "<?page=2>; results=\"true\"",
        "<?page=2>; rel=\"next\"; results=\"false\"",
        ",,,;;;",
        "<a>;rel=prev,<b>;rel=\"first",
    ] {
        assert_eq!(list(link.to_owned()).await, (vec![Ok(5)], 1), "{link}");
    }
    for link in ["<http://api.test/?page=2>; rel=next", "<http://[/?page=2>; rel=next"] {
        let (seen, requests) = list(link.to_owned()).await;
        assert!(matches!(&seen[..], [Ok(5), Err(_)]), "{seen:?}");
        assert_eq!(requests, 1);
    }
    let (seen, requests) = list("<?page=2>; rel=next".to_owned()).await;
    assert!(matches!(&seen[..], [Ok(5), Ok(5), Err(_)]), "{seen:?}");
    assert_eq!(requests, 2);
}

#[tokio::test]
async fn a_server_that_does_not_accept_is_a_timeout_to_connect() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    // Connections that nobody accepts fill the queue of the operating system.
    let mut queue = Vec::new();
    while let Ok(Ok(stream)) = timeout(SHORT, tokio::net::TcpStream::connect(address)).await {
        queue.push(stream);
    }
    let builder = Client::builder().base_url(format!("http://{address}"));
    let builder = builder.connect_timeout(SHORT).retry(RetryPolicy::never());
    let start = Instant::now();
    let error = call(&builder.build().unwrap(), &CREATE).await.unwrap_err();
    let Error::Timeout(timeout) = &error else { panic!("{error:?}") };
    assert_eq!(timeout.limit, TimeLimit::Connect);
    assert!(start.elapsed() >= SHORT && start.elapsed() < 10 * SHORT);
}

#[tokio::test]
async fn a_server_has_any_address_of_its_name() {
    let listener = TcpListener::bind("[::1]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut chunk = [0; 4096];
            while stream.read(&mut chunk).await.is_ok_and(|read| read > 0) {
                stream.write_all(OK.as_bytes()).await.unwrap();
            }
        }
    });
    let addresses = [1, port].map(|port| SocketAddr::new(Ipv6Addr::LOCALHOST.into(), port));
    let unused = SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 1);
    for host in [format!("[::1]:{port}"), "api.localhost".to_owned()] {
        let builder = Client::builder().base_url(format!("http://{host}"));
        let builder = builder
            .configure_http(move |http| http.resolve_to_addrs("api.localhost", &[&[unused], &addresses[..]].concat()));
        assert_eq!(call(&builder.build().unwrap(), &ROOT).await.unwrap(), 5);
    }
    let builder = Client::builder().base_url("http://api.invalid").allow_insecure();
    let builder = builder.retry(RetryPolicy::never());
    let error = call(&builder.build().unwrap(), &ROOT).await.unwrap_err();
    assert!(matches!(&error, Error::Transport(it) if it.connecting), "{error:?}");
}

#[tokio::test]
async fn a_call_that_was_dropped_breaks_no_other_one() {
    let server = Sockets::start(|mut connection| async move {
        loop {
            let head = connection.head().await?;
            if head.starts_with("POST") {
                connection.send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n5").await?;
                sleep(SHORT).await;
            }
            connection.send(OK).await?;
        }
    })
    .await;
    let client = builder(&server).build().unwrap();
    for _ in 0..5 {
        let dropped = timeout(SHORT / 6, call(&client, &CREATE)).await;
        assert!(dropped.is_err());
        assert_eq!(call(&client, &ROOT).await.unwrap(), 5);
    }
}
