//! Bodies of requests.

use std::future::ready;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::stream::{self, StreamExt, TryStreamExt};
#[cfg(feature = "gzip")]
use http::{HeaderMap, header};
use http_body::{Frame, SizeHint};

use super::error::Error;
use super::platform;
use crate::types::Binary;
use crate::types::source::{Chunks, Source, locked};

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
        self.pieces.iter().any(|piece| matches!(piece, Piece::Source(source) if source.is_spent()))
    }

    /// The body to send once, and where it is told if a source fails meanwhile.
    pub(super) async fn open(&self, operation: &'static str) -> Result<(reqwest::Body, Option<SourceFailure>), Error> {
        if let [Piece::Bytes(bytes)] = &*self.pieces {
            return Ok((bytes.clone().into(), None));
        }
        if self.is_spent() {
            return Err(Error::NotRepeatable { operation, source: None });
        }
        let failed = |source| Error::File { operation, source };
        let mut pieces = Vec::with_capacity(self.pieces.len());
        let mut left = Some(0);
        for piece in &*self.pieces {
            let (chunks, length) = match piece {
                Piece::Bytes(bytes) => (stream::once(ready(Ok(bytes.clone()))).boxed(), Some(bytes.len() as u64)),
                Piece::Source(source) => source.open().await.map_err(failed)?,
            };
            pieces.push(chunks);
            left = left.and_then(|left: u64| left.checked_add(length?));
        }
        let failure = SourceFailure::default();
        let kept = failure.clone();
        let chunks = stream::iter(pieces).flatten().map_err(move |error| kept.put(error));
        // An empty chunk is no end.
        let chunks = chunks.try_filter(|chunk| ready(!chunk.is_empty())).boxed();
        let body = platform::body(Sending { chunks: Mutex::new(chunks), left }).await;
        let body = body.map_err(|error| failed(failure.take().unwrap_or(error)))?;
        Ok((body, Some(failure)))
    }
}

/// Why a source of a body failed, if it did: an error of the connection does not tell, least of all over HTTP/2.
#[derive(Clone, Default)]
pub(super) struct SourceFailure(Arc<Mutex<Option<io::Error>>>);

impl SourceFailure {
    pub(super) fn take(&self) -> Option<io::Error> {
        locked(&self.0).take()
    }

    /// Keeps the error, and returns another one that ends the request.
    fn put(&self, error: io::Error) -> io::Error {
        let told = io::Error::new(error.kind(), "the source of the body failed");
        *locked(&self.0) = Some(error);
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
    let encoding = encodings.next().map(|encoding| encoding.as_bytes().trim_ascii().to_ascii_lowercase());
    matches!(encoding.as_deref(), Some(b"gzip" | b"x-gzip")) && encodings.next().is_none()
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
    /// Never locked: a body has to be `Sync`, and streams are not.
    chunks: Mutex<Chunks>,
    /// The number of bytes that are not sent yet, if that is known.
    left: Option<u64>,
}

impl http_body::Body for Sending {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let this = &mut *self;
        this.chunks.get_mut().unwrap_or_else(PoisonError::into_inner).poll_next_unpin(context).map_ok(|chunk| {
            this.left = this.left.map(|left| left.saturating_sub(chunk.len() as u64));
            Frame::data(chunk)
        })
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map(SizeHint::with_exact).unwrap_or_default()
    }
}
