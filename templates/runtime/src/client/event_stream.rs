//! Server-sent events (the `text/event-stream` of the HTML standard).

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Buf, Bytes};
use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::error::Error;
use super::incoming::Incoming;
use super::platform::Instant;
use crate::types::{Decode, Decoded, decode};

/// An event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its type; empty means `message`.
    pub event: String,
    /// Its data; line feeds separate its lines.
    pub data: String,
    /// The last id that the server sent, in this event or an earlier one.
    pub id: Option<String>,
    /// The pause before connecting again that the server asked for last, with this event or before it.
    pub retry: Option<Duration>,
}

impl Event {
    /// Decodes the data, as [`decode`] does.
    ///
    /// # Errors
    /// It is not JSON, or not of the outermost kind of the type.
    pub fn json<T: Decode>(&self) -> Result<Decoded<T>, serde_json::Error> {
        decode(self.data.as_bytes())
    }
}

/// The events of a response. The stream ends with the response, or after an error.
///
/// An event that takes more than [`Limits::response_size`](super::Limits::response_size) is an error, and so is a server
/// that ends no line for as long as the client's read timeout. A comment is a line, so that it keeps the stream open.
pub struct EventStream(BoxStream<'static, Result<Event, Error>>);

impl EventStream {
    pub(super) fn new(incoming: Incoming, limit: usize) -> Self {
        let start = (incoming, Bytes::new(), Decoder::new(limit));
        let events = stream::try_unfold(start, move |(mut incoming, mut bytes, mut decoder)| async move {
            let mut ended = decoder.lines;
            let mut start = Instant::now();
            loop {
                let event = decoder.next(&mut bytes).map_err(|TooLong| incoming.too_large(limit))?;
                if let Some(event) = event {
                    return Ok(Some((event, (incoming, bytes, decoder))));
                }
                if std::mem::replace(&mut ended, decoder.lines) != decoder.lines {
                    start = Instant::now();
                }
                match incoming.chunk_of_line(start).await? {
                    Some(chunk) => bytes = chunk,
                    None => return Ok(None),
                }
            }
        });
        Self(events.boxed())
    }

    /// The next event; `None` at the end.
    pub async fn next_event(&mut self) -> Option<Result<Event, Error>> {
        self.0.next().await
    }
}

impl fmt::Debug for EventStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EventStream")
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context)
    }
}

/// Splits bytes into events. It holds no more than the event that is not complete.
#[derive(Debug)]
pub struct Decoder {
    limit: usize,
    line: Vec<u8>,
    /// Whether the last byte was a carriage return: a following line feed belongs to it.
    after_return: bool,
    /// The number of lines that have ended: only the first one may start with a byte order mark.
    lines: u64,
    current: Event,
    /// Whether the event has data, which may be empty.
    has_data: bool,
}

/// An event takes more bytes than the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong;

impl Decoder {
    /// A decoder of events that take at most this number of bytes.
    pub fn new(limit: usize) -> Self {
        Self { limit, line: Vec::new(), after_return: false, lines: 0, current: Event::default(), has_data: false }
    }

    /// Takes bytes from the front up to the end of the next event; all of them where no event ends in them.
    ///
    /// # Errors
    /// The event takes more bytes than the limit.
    pub fn next(&mut self, bytes: &mut Bytes) -> Result<Option<Event>, TooLong> {
        while let Some(&first) = bytes.first() {
            if std::mem::take(&mut self.after_return) && first == b'\n' {
                bytes.advance(1);
                continue;
            }
            let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r'));
            let line = bytes.split_to(end.unwrap_or(bytes.len()));
            self.line.extend_from_slice(&line);
            let mut event = None;
            if end.is_some() {
                self.after_return = bytes.get_u8() == b'\r';
                let line = std::mem::take(&mut self.line);
                event = self.end_line(&String::from_utf8_lossy(&line));
            }
            if self.held() > self.limit {
                return Err(TooLong);
            }
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    /// The number of bytes of the incomplete event.
    fn held(&self) -> usize {
        let Event { event, data, id, .. } = &self.current;
        self.line.len() + event.len() + data.len() + id.as_ref().map_or(0, String::len)
    }

    fn end_line(&mut self, mut line: &str) -> Option<Event> {
        if self.lines == 0 {
            line = line.trim_start_matches('\u{feff}');
        }
        self.lines += 1;
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.current.event = value.to_owned(),
            "data" => {
                if std::mem::replace(&mut self.has_data, true) {
                    self.current.data.push('\n');
                }
                self.current.data.push_str(value);
            }
            "id" if !value.contains('\0') => self.current.id = Some(value.to_owned()),
            "retry" if value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.current.retry = value.parse().ok().map(Duration::from_millis).or(self.current.retry);
            }
            // Unknown fields are ignored, and comments, whose name is empty.
            _ => {}
        }
        None
    }

    /// The event, unless it has no data.
    fn end_event(&mut self) -> Option<Event> {
        let next = Event { id: self.current.id.clone(), retry: self.current.retry, ..Event::default() };
        let event = std::mem::replace(&mut self.current, next);
        std::mem::take(&mut self.has_data).then_some(event)
    }
}
