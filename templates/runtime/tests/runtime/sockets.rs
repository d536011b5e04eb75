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
                tokio::spawn(handle(Connection { stream, index, requests }));
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

/// Types of the frames of HTTP/2.
pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const GOAWAY: u8 = 7;

/// Flags of these frames.
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// The status 200, as the table of HPACK has it.
pub(crate) const STATUS_200: &[u8] = &[0x88];

impl Connection {
    /// Reads the beginning of a connection of HTTP/2.
    pub(crate) async fn http2(&mut self) -> Option<()> {
        let mut preface = [0; 24];
        self.stream.read_exact(&mut preface).await.ok()?;
        self.frame(SETTINGS, 0, 0, &[]).await
    }

    /// Sends a frame of HTTP/2.
    pub(crate) async fn frame(&mut self, kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Option<()> {
        let length = u32::try_from(payload.len()).ok()?.to_be_bytes();
        let mut frame = length[1..].to_vec();
        frame.extend([kind, flags]);
        frame.extend(stream.to_be_bytes());
        frame.extend(payload);
        self.stream.write_all(&frame).await.ok()
    }

    /// The number of the stream with the next request of HTTP/2. All else that the client sends is left unanswered.
    pub(crate) async fn request(&mut self) -> Option<u32> {
        loop {
            let mut head = [0; 9];
            self.stream.read_exact(&mut head).await.ok()?;
            let [_, _, _, kind, _, stream @ ..] = head;
            let length = u32::from_be_bytes([0, head[0], head[1], head[2]]);
            let mut payload = vec![0; usize::try_from(length).ok()?];
            self.stream.read_exact(&mut payload).await.ok()?;
            if kind == HEADERS {
                self.requests.fetch_add(1, Ordering::SeqCst);
                return Some(u32::from_be_bytes(stream));
            }
        }
    }

    /// Answers a request of HTTP/2 with 200 and `5`.
    pub(crate) async fn answer(&mut self, stream: u32) -> Option<()> {
        self.frame(HEADERS, END_HEADERS, stream, STATUS_200).await?;
        self.frame(DATA, END_STREAM, stream, b"5").await
    }
}
