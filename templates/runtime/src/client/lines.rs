//! Responses of many JSON texts, one a line: NDJSON, JSON Lines, and JSON text sequences (RFC 7464).

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Buf, Bytes};
use futures_util::stream::{self, BoxStream, Stream, StreamExt};
use http::HeaderMap;

use super::error::Error;
use super::incoming::Incoming;
use super::platform::Instant;
use super::response::Received;
use crate::header::content_type;
use crate::types::Decode;
use crate::types::media_type::essence;

/// What begins each text of `application/json-seq`; the others end with a line feed.
const RECORD_SEPARATOR: u8 = 0x1e;

/// The values of a response, each decoded as it arrives. A value that cannot be decoded is an error, after which the next
/// one follows; any other error ends the stream.
///
/// A line that takes more than [`Limits::response_size`](super::Limits::response_size) is an error, and so is a server that
/// ends no line for as long as the client's read timeout. Empty lines are skipped, and keep the stream open.
pub struct Lines<T>(BoxStream<'static, Result<T, Error>>);

impl<T: Decode> Lines<T> {
    pub(super) fn new(received: &Received, incoming: Incoming, limit: usize) -> Self {
        let essence = content_type(&received.headers).map(essence).unwrap_or_default();
        let delimiter = if essence.eq_ignore_ascii_case("application/json-seq") { RECORD_SEPARATOR } else { b'\n' };
        let Received { operation, status, decoding, .. } = *received;
        let values = lines(incoming, delimiter, limit).map(move |line| {
            let (headers, body) = (HeaderMap::new(), line?);
            let received = Received { operation, status, headers, body, decoding, unexpected: None };
            Ok(received.json()?.value)
        });
        Self(values.boxed())
    }

    /// The next value; `None` at the end.
    pub async fn next_line(&mut self) -> Option<Result<T, Error>> {
        self.next().await
    }
}

impl<T> fmt::Debug for Lines<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Lines")
    }
}

impl<T> Stream for Lines<T> {
    type Item = Result<T, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// The texts between delimiters that are not only white space.
fn lines(incoming: Incoming, delimiter: u8, limit: usize) -> impl Stream<Item = Result<Bytes, Error>> + Send {
    let start = Some((incoming, Bytes::new(), Vec::new()));
    stream::try_unfold(start, move |state| async move {
        let Some((mut incoming, mut bytes, mut line)) = state else {
            return Ok(None);
        };
        let mut start = Instant::now();
        loop {
            let end = bytes.iter().position(|byte| *byte == delimiter);
            line.extend_from_slice(&bytes.split_to(end.unwrap_or(bytes.len())));
            if line.len() > limit {
                return Err(incoming.too_large(limit));
            }
            if end.is_some() {
                bytes.advance(1);
                start = Instant::now();
                let line = std::mem::take(&mut line);
                if !line.trim_ascii().is_empty() {
                    return Ok(Some((line.into(), Some((incoming, bytes, Vec::new())))));
                }
                continue;
            }
            match incoming.chunk_of_line(start).await? {
                Some(chunk) => bytes = chunk,
                // The last line need not end.
                None if line.trim_ascii().is_empty() => return Ok(None),
                None => return Ok(Some((line.into(), None))),
            }
        }
    })
}
