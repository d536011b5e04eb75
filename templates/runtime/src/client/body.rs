//! Bodies of requests.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::stream::StreamExt;
#[cfg(feature = "gzip")]
use http::{HeaderMap, header};
use http_body::{Frame, SizeHint};

use super::error::Error;
use super::platform;
use crate::types::Binary;
use crate::types::source::{Chunks, Source};

/// A body with its media type. Cloning it is cheap; it can be sent again, unless a part of it was read from a stream.
#[derive(Clone)]
pub(super) struct Body {
    pub(super) media_type: String,
    /// The value of `Content-Encoding`.
    pub(super) encoding: Option<&'static str>,
    pieces: Arc<[Piece]>,
}

pub(super) enum Piece {
    Bytes(Bytes),
    Source(Source),
}

impl From<&Binary> for Piece {
    fn from(file: &Binary) -> Self {
        match &file.source {
            Some(source) => Self::Source(source.clone()),
            None => Self::Bytes(file.bytes().clone()),
        }
    }
}

impl Body {
    pub(super) fn new(media_type: String, pieces: impl Into<Arc<[Piece]>>) -> Self {
        Self { media_type, encoding: None, pieces: pieces.into() }
    }

    /// Compresses it, if it is in memory, has at least this number of bytes, and becomes shorter.
    #[cfg(feature = "gzip")]
    pub(super) fn compressed(mut self, least: Option<usize>) -> Self {
        if let ([Piece::Bytes(bytes)], Some(least)) = (&*self.pieces, least)
            && bytes.len() >= least
            && let Ok(compressed) = gzip(bytes)
            && compressed.len() < bytes.len()
        {
            self.pieces = [Piece::Bytes(compressed.into())].into();
            self.encoding = Some("gzip");
        }
        self
    }

    /// Whether it cannot be sent again.
    pub(super) fn is_spent(&self) -> bool {
        let mut pieces = self.pieces.iter();
        pieces.any(|piece| matches!(piece, Piece::Source(source) if source.is_spent()))
    }

    /// The body to send once, and where it is told if a source fails meanwhile.
    pub(super) async fn open(&self, operation: &'static str) -> Result<(reqwest::Body, Option<SourceFailure>), Error> {
        if let [Piece::Bytes(bytes)] = &*self.pieces {
            return Ok((bytes.clone().into(), None));
        }
        if self.is_spent() {
            let source = None;
            return Err(Error::NotRepeatable { operation, source });
        }
        let failed = |source| Error::File { operation, source };
        let mut pieces = VecDeque::with_capacity(self.pieces.len());
        let mut left = Some(0);
        for piece in &*self.pieces {
            let (piece, length) = match piece {
                Piece::Bytes(bytes) => (Opened::Bytes(bytes.clone()), Some(bytes.len() as u64)),
                Piece::Source(source) => {
                    let (chunks, length) = source.open().await.map_err(failed)?;
                    (Opened::Chunks(Mutex::new(chunks)), length)
                }
            };
            pieces.push_back(piece);
            left = left.and_then(|left: u64| left.checked_add(length?));
        }
        let failure = SourceFailure::default();
        let sending = Sending { pieces, left, failure: failure.clone() };
        let body = platform::body(sending).await;
        let body = body.map_err(|error| failed(failure.take().unwrap_or(error)))?;
        Ok((body, Some(failure)))
    }
}

/// Why a source of a body failed, if it did: an error of the connection does not tell, least of all over HTTP/2.
#[derive(Clone, Default)]
pub(super) struct SourceFailure(Arc<Mutex<Option<io::Error>>>);

impl SourceFailure {
    pub(super) fn take(&self) -> Option<io::Error> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// Keeps the error, and returns another one that ends the request.
    fn put(&self, error: io::Error) -> io::Error {
        let told = io::Error::new(error.kind(), "the source of the body failed");
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(error);
        told
    }
}

#[cfg(feature = "gzip")]
fn gzip(bytes: &[u8]) -> io::Result<Vec<u8>> {
    use flate2::{Compression, write::GzEncoder};

    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    io::Write::write_all(&mut encoder, bytes)?;
    encoder.finish()
}

/// Whether headers say that the body is compressed with gzip, and with nothing else.
#[cfg(all(feature = "gzip", any(feature = "har", not(target_arch = "wasm32"))))]
pub(super) fn is_gzip(headers: &HeaderMap) -> bool {
    let mut encodings = headers.get_all(header::CONTENT_ENCODING).iter();
    let is_gzip = encodings.next().is_some_and(|encoding| {
        let encoding = encoding.as_bytes().trim_ascii();
        encoding.eq_ignore_ascii_case(b"gzip") || encoding.eq_ignore_ascii_case(b"x-gzip")
    });
    is_gzip && encodings.next().is_none()
}

/// A decompressed body; `None` where it cannot be decompressed, or is longer than the limit.
#[cfg(all(feature = "gzip", feature = "har"))]
pub(super) fn gunzip(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
    let decoder = flate2::read::MultiGzDecoder::new(bytes);
    let mut decoder = io::Read::take(decoder, limit as u64 + 1);
    let mut body = Vec::new();
    io::Read::read_to_end(&mut decoder, &mut body).ok()?;
    (body.len() <= limit).then_some(body)
}

/// A body that is being sent.
struct Sending {
    pieces: VecDeque<Opened>,
    /// The number of bytes that are not sent yet, if that is known.
    left: Option<u64>,
    failure: SourceFailure,
}

enum Opened {
    Bytes(Bytes),
    /// Never locked: a body has to be `Sync`, and streams are not.
    Chunks(Mutex<Chunks>),
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        while let Some(piece) = this.pieces.front_mut() {
            let chunk = match piece {
                Opened::Bytes(bytes) => Some(std::mem::take(bytes)),
                Opened::Chunks(chunks) => {
                    let chunks = chunks.get_mut().unwrap_or_else(PoisonError::into_inner);
                    let chunk = ready!(chunks.poll_next_unpin(context)).transpose();
                    chunk.map_err(|error| this.failure.put(error))?
                }
            };
            match chunk {
                Some(chunk) if !chunk.is_empty() => {
                    let length = chunk.len() as u64;
                    this.left = this.left.map(|left| left.saturating_sub(length));
                    return Poll::Ready(Some(Ok(Frame::data(chunk))));
                }
                // An empty chunk is no end, but empty bytes are.
                Some(_) if matches!(piece, Opened::Chunks(_)) => {}
                _ => drop(this.pieces.pop_front()),
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.pieces.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map(SizeHint::with_exact).unwrap_or_default()
    }
}
