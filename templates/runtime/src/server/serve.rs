//! A server for a network that is not trusted: time limits, a limit on connections, and a shutdown that ends what has begun.

use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST, TRANSFER_ENCODING};
use axum::http::{HeaderValue, StatusCode, Version};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use futures_util::future::{Either, select};
use http_body_util::BodyExt;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{Instant, sleep, timeout};
use tower_http::add_extension::AddExtension;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::timeout::RequestBodyTimeoutLayer;

use super::socket::Socket;
use super::{Problem, route};
use crate::operation::Operation;

/// Limits of [`serve`].
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// The most connections at a time (10,000); more wait until one is closed.
    pub connections: usize,
    /// The time for the head of a request, which is also how long a connection may be idle (30 seconds).
    pub head: Duration,
    /// The time between two pieces of a request body (30 seconds). A slower one is responded to with 408.
    pub read: Duration,
    /// The time from the end of a request's head until its response begins (60 seconds), without that in which its body
    /// arrives at the [`rate`](Self::rate). A longer one is responded to with 408.
    pub total: Duration,
    /// The bytes of a request body that have to arrive each second, on average, so that the time until its last piece does
    /// not count (10,000): a long upload at this rate passes, and a slower one has one second more for so many bytes. With 0,
    /// no time of a body counts; with `u64::MAX`, all of it.
    pub rate: u64,
    /// The time in which a client has to read some of a response that fills its buffers (30 seconds). Of one that does not,
    /// the connection is closed. As long as it reads on, a response may take any time.
    pub write: Duration,
    /// The time that a shutdown waits for connections (30 seconds).
    pub shutdown: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 10_000,
            head: Duration::from_secs(30),
            read: Duration::from_secs(30),
            total: Duration::from_secs(60),
            rate: 10_000,
            write: Duration::from_secs(30),
            shutdown: Duration::from_secs(30),
        }
    }
}

/// Serves a router by HTTP/1 until `shutdown` is ready; then no connection is accepted, and requests that have begun are
/// responded to.
///
/// A method that panics costs its request alone, which is responded to with 500. The address of the peer is an extension of
/// the request, `ConnectInfo<SocketAddr>`. TLS and HTTP/2 are for a proxy in front. A client that has closed its side after
/// a request still gets the response; so a method runs to its end where nobody waits for it any longer, too. One that closes
/// its side within the body gets 400.
///
/// Letters, digits and `-._~` that are percent-encoded in a path are as if they were not, in the paths of all routes. A 404
/// without a body and media type, as axum has it for a path that no route has, becomes the JSON of
/// [`not_found`](super::not_found); those of operations are as they are.
///
/// A body in another `Transfer-Encoding` than `chunked` gets 501, and a request without one valid `Host` 400.
///
/// hyper itself responds to what it cannot read as a request, without a body, and closes the connection: 400 to a malformed
/// head, 414 to a target above 65,534 bytes, and 431 to more than 100 headers or a head above 417,792 bytes. No layer sees
/// these, and none can be changed here: a proxy in front can have lower limits and other bodies.
pub async fn serve(listener: TcpListener, router: Router, limits: Limits, shutdown: impl Future<Output = ()>) {
    let router = limited(router, limits);
    let permits = Arc::new(Semaphore::new(limits.connections));
    let stop = watch::Sender::new(());
    let mut shutdown = pin!(shutdown);
    loop {
        let next = async {
            let permit = Arc::clone(&permits).acquire_owned().await;
            (permit.ok(), accept(&listener).await)
        };
        let (permit, socket) = match select(pin!(next), &mut shutdown).await {
            Either::Left((next, _)) => next,
            Either::Right(_) => break,
        };
        let stop = stop.subscribe();
        tokio::spawn(connection(socket, router.clone(), limits, stop, permit));
    }
    drop(listener);
    stop.send_replace(());
    // Each connection has a receiver.
    drop(timeout(limits.shutdown, stop.closed()).await);
}

/// Serves a connection until it is closed. When it is to stop, that is after the response to a request that has begun.
async fn connection(
    socket: TcpStream,
    router: Router,
    limits: Limits,
    mut stop: watch::Receiver<()>,
    // Until it is dropped, the connection counts.
    _permit: Option<OwnedSemaphorePermit>,
) {
    let mut stop = pin!(stop.changed());
    // Until its first byte, a connection has no buffers. Of an accepted one, `readable` is true from the start.
    let mut byte = [0];
    let begun = timeout(limits.head, socket.peek(&mut byte));
    let Either::Left((Ok(Ok(1)), _)) = select(pin!(begun), &mut stop).await else {
        return;
    };
    // The kernel may have lost the peer already.
    let Ok(peer) = socket.peer_addr() else {
        return;
    };
    let service = TowerToHyperService::new(AddExtension::new(router, ConnectInfo(peer)));
    let mut connection = {
        let mut http = Builder::new(TokioExecutor::new()).http1_only();
        let timer = TokioTimer::new();
        http.http1().timer(timer).header_read_timeout(limits.head).half_close(true);
        let socket = TokioIo::new(Socket::new(socket, limits.write));
        let connection = http.serve_connection(socket, service);
        Box::pin(connection.into_owned())
    };
    // A connection that breaks concerns nobody else.
    if let Either::Right(_) = select(&mut connection, stop).await {
        connection.as_mut().graceful_shutdown();
        drop(connection.await);
    }
}

/// The next connection. What is wrong with one of them is skipped; where the system has no more sockets, it waits for some.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((socket, _)) => return socket,
            Err(error) if is_of_peer(&error) => {}
            Err(_) => sleep(Duration::from_secs(1)).await,
        }
    }
}

fn is_of_peer(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset)
}

/// 400 where a request has two `Host` headers, an invalid one, or none, which only HTTP/1.0 permits (RFC 9112, 3.2), and 501 for
/// a transfer coding that is not decoded (RFC 9112, 6.1).
fn refusal(request: &Request) -> Option<Problem> {
    let mut hosts = request.headers().get_all(HOST).iter();
    let is_right = match (hosts.next(), hosts.next()) {
        (None, _) => request.version() != Version::HTTP_11,
        (Some(host), None) => host.as_bytes().iter().copied().all(is_of_host),
        (Some(_), Some(_)) => false,
    };
    if !is_right {
        return Some(Problem::bad_request("expected one valid `Host` header"));
    }
    let mut codings = request.headers().get_all(TRANSFER_ENCODING).iter();
    let is_other = |coding: &HeaderValue| !coding.as_bytes().eq_ignore_ascii_case(b"chunked");
    let detail = "a `Transfer-Encoding` of the request body is not supported: expected `chunked`";
    codings.any(is_other).then(|| Problem::new(StatusCode::NOT_IMPLEMENTED, detail))
}

fn is_of_host(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-.:[]_~%!$&'()*+,;=".contains(&byte)
}

/// The response, with a body where it is a 404 of axum, which has none, in place of one of an operation.
fn found(mut response: Response) -> Response {
    let is_bare = response.status() == StatusCode::NOT_FOUND
        && response.body().size_hint().exact() == Some(0)
        && !response.headers().contains_key(CONTENT_TYPE)
        && response.extensions().get::<&'static Operation>().is_none();
    if is_bare {
        let (parts, body) = Problem::not_found().into_response().into_parts();
        response.headers_mut().remove(CONTENT_LENGTH);
        response.headers_mut().extend(parts.headers);
        response.extensions_mut().extend(parts.extensions);
        *response.body_mut() = body;
    }
    response
}

/// A request that notes for how many milliseconds its body has arrived at a rate.
fn timed(request: Request, rate: u64, begun: Instant, steady: Arc<AtomicU64>) -> Request {
    let mut bytes = 0_u64;
    request.map(|body| {
        Body::new(body.map_frame(move |frame| {
            let length = frame.data_ref().map_or(0, Bytes::len);
            bytes = bytes.saturating_add(u64::try_from(length).unwrap_or(u64::MAX));
            let elapsed = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
            let most = bytes.saturating_mul(1000).checked_div(rate).unwrap_or(u64::MAX);
            steady.store(elapsed.min(most), Ordering::Relaxed);
            frame
        }))
    })
}

/// The router with time limits, and with a response for panics.
pub(crate) fn limited(router: Router, limits: Limits) -> Router {
    let in_time = from_fn(move |mut request: Request, next: Next| async move {
        if let Some(problem) = refusal(&request) {
            return problem.into_response();
        }
        if let Some(plain) = route::plain(request.uri()) {
            *request.uri_mut() = plain;
        }
        let begun = Instant::now();
        let (request, steady) = if request.body().is_end_stream() {
            (request, Arc::default())
        } else {
            let steady = Arc::new(AtomicU64::new(0));
            (timed(request, limits.rate, begun, Arc::clone(&steady)), steady)
        };
        let mut response = pin!(next.run(request));
        loop {
            let counted = begun.elapsed().saturating_sub(Duration::from_millis(steady.load(Ordering::Relaxed)));
            let left = limits.total.saturating_sub(counted);
            if left.is_zero() {
                return Problem::too_slow("the request took too long").into_response();
            }
            if let Ok(response) = timeout(left, &mut response).await {
                return found(response);
            }
        }
    });
    let panicked = CatchPanicLayer::custom(|_| Problem::internal().into_response());
    let body_in_time = RequestBodyTimeoutLayer::new(limits.read);
    // A layer of the router itself would come after it has compared paths.
    let router = Router::new().fallback_service(router);
    router.layer(panicked).layer(in_time).layer(body_in_time)
}
