//! A server that sends the given responses, one a request, and keeps the requests.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Response, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// The headers and the body of a request.
pub(crate) type Received = (HeaderMap, Bytes);

pub(crate) struct Server {
    pub(crate) origin: String,
    requests: Arc<Mutex<Vec<Received>>>,
    targets: Arc<Mutex<Vec<String>>>,
}

impl Server {
    pub(crate) async fn start(responses: impl IntoIterator<Item = Response<Body>>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let mut responses: Vec<_> = responses.into_iter().collect();
        responses.reverse();
        let responses = Arc::new(Mutex::new(responses));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let targets = Arc::new(Mutex::new(Vec::new()));
        let paths = Arc::clone(&targets);
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            paths.lock().unwrap().push(uri.to_string());
            seen.lock().unwrap().push((headers, body));
            let response = responses.lock().unwrap().pop();
            std::future::ready(response.unwrap_or_default())
        });
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { origin, requests, targets }
    }

    /// The path and the query of each request.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.targets.lock().unwrap().clone()
    }

    pub(crate) fn requests(&self) -> Vec<Received> {
        self.requests.lock().unwrap().clone()
    }
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &str) -> Response<Body> {
    let mut builder = Response::builder().status(status);
    for (name, value) in headers {
        builder = builder.header(*name, *value);
    }
    builder.body(Body::from(body.to_owned())).unwrap()
}

/// Serves one connection with these bytes, one piece at a time, and returns the origin.
pub(crate) async fn pieces<I>(pieces: I, pause: Duration) -> String
where
    I: IntoIterator<Item = Bytes, IntoIter: Send> + Send + 'static,
{
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.set_nodelay(true).unwrap();
        let mut head = [0; 4096];
        let _ = socket.read(&mut head).await;
        for piece in pieces.into_iter() {
            if socket.write_all(&piece).await.is_err() {
                return;
            }
            if pause.is_zero() {
                tokio::task::yield_now().await;
            } else {
                tokio::time::sleep(pause).await;
            }
        }
    });
    origin
}

/// A file that is removed at the end.
pub(crate) struct Temporary(pub(crate) PathBuf);

impl Temporary {
    pub(crate) fn new(name: &str) -> Self {
        let name = format!("runtime-test-{}-{name}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    pub(crate) fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let file = Self::new(name);
        std::fs::write(&file.0, content).unwrap();
        file
    }
}

impl Drop for Temporary {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
