//! A server of bytes: what it does on each connection is written by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\n5";

/// A server, and the number of requests that it has read.
pub(crate) struct Sockets {
    pub(crate) origin: String,
    requests: Arc<AtomicUsize>,
}

/// A connection of a server.
pub(crate) struct Connection {
    pub(crate) stream: TcpStream,
    /// How many connections came before.
    pub(crate) index: usize,
    requests: Arc<AtomicUsize>,
}

impl Sockets {
    /// Starts a server that handles each connection with a function.
    pub(crate) async fn start<F>(handle: impl Fn(Connection) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Option<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&requests);
        tokio::spawn(async move {
            for index in 0.. {
                let (stream, _) = listener.accept().await.unwrap();
                let requests = Arc::clone(&counter);
                tokio::spawn(handle(Connection {
                    stream,
                    index,
                    requests,
                }));
            }
        });
        Self { origin, requests }
    }

    /// The number of requests that were read.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }
}

impl Connection {
    /// Reads the head of a request; `None` where the client is gone.
    pub(crate) async fn head(&mut self) -> Option<String> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.ok()?);
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        String::from_utf8(head).ok()
    }

    pub(crate) async fn send(&mut self, text: &str) -> Option<()> {
        self.stream.write_all(text.as_bytes()).await.ok()
    }
}
