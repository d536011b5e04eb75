//! Bodies of responses that are compressed with gzip, with all their members.

use std::io::{self, BufRead, ErrorKind, Read};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use flate2::bufread::MultiGzDecoder;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, RANGE};
use http::{HeaderMap, HeaderValue};
use http_body::{Body, Frame};

use super::body::is_gzip;
use super::transport::BoxError;

/// What is decompressed at once, in bytes.
const CHUNK: usize = 8 * 1024;

/// Asks for compressed responses, unless the request has a say in that, or is for a part of one.
pub(super) fn ask(headers: &mut HeaderMap) {
    if headers.contains_key(RANGE) {
        return;
    }
    let others = [
        (", br", cfg!(feature = "brotli")),
        (", zstd", cfg!(feature = "zstd")),
        (", deflate", cfg!(feature = "deflate")),
    ];
    let mut accepted = "gzip".to_owned();
    accepted.extend(others.iter().filter(|(_, has)| *has).map(|(name, _)| *name));
    if let Ok(accepted) = HeaderValue::try_from(accepted) {
        headers.entry(ACCEPT_ENCODING).or_insert(accepted);
    }
}

/// Whether a body is compressed with gzip, of which the headers then say no more.
pub(super) fn is_compressed(headers: &mut HeaderMap) -> bool {
    let is_compressed = is_gzip(headers);
    if is_compressed {
        headers.remove(CONTENT_ENCODING);
        headers.remove(CONTENT_LENGTH);
    }
    is_compressed
}

/// A body that is decompressed while it is read.
pub(super) struct Gunzip<B> {
    body: B,
    decoder: MultiGzDecoder<Feed>,
    is_empty: bool,
}

/// What was received and is not decompressed yet.
#[derive(Default)]
struct Feed {
    chunk: Bytes,
    /// Whether nothing will follow.
    is_last: bool,
}

impl Read for Feed {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let length = self.fill_buf()?.read(into)?;
        self.consume(length);
        Ok(length)
    }
}

impl BufRead for Feed {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.chunk.is_empty() && !self.is_last {
            return Err(ErrorKind::WouldBlock.into());
        }
        Ok(&self.chunk)
    }

    fn consume(&mut self, length: usize) {
        self.chunk.advance(length);
    }
}

impl<B> Gunzip<B> {
    pub(super) fn new(body: B) -> Self {
        Self { body, decoder: MultiGzDecoder::new(Feed::default()), is_empty: true }
    }
}

impl<B> Body for Gunzip<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        loop {
            let mut chunk = [0; CHUNK];
            match self.decoder.read(&mut chunk) {
                Ok(0) => return Poll::Ready(None),
                Ok(length) => {
                    let chunk = chunk.get(..length).unwrap_or_default();
                    return Poll::Ready(Some(Ok(Frame::data(Bytes::copy_from_slice(chunk)))));
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                // What is damaged may look as if it ended early.
                Err(error) => return Poll::Ready(Some(Err(io::Error::new(ErrorKind::InvalidData, error).into()))),
            }
            match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        self.is_empty &= data.is_empty();
                        self.decoder.get_mut().chunk = data;
                    }
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                // The response of a `HEAD`, or one whose status has no body.
                None if self.is_empty => return Poll::Ready(None),
                None => self.decoder.get_mut().is_last = true,
            }
        }
    }
}
