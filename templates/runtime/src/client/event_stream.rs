//! Server-sent events (the `text/event-stream` of the HTML standard).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use futures_util::stream::{self, BoxStream, Stream, StreamExt};

use super::error::Error;
use super::incoming::Incoming;
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
    /// The pause before connecting again.
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
pub struct EventStream(BoxStream<'static, Result<Event, Error>>);

impl EventStream {
    pub(super) fn new(incoming: Incoming, limit: usize) -> Self {
        let start = (incoming, Decoder::default());
        let events = stream::try_unfold(start, move |(mut incoming, mut decoder)| async move {
            loop {
                if let Some(event) = decoder.events.pop_front() {
                    return Ok(Some((event, (incoming, decoder))));
                }
                match incoming.chunk().await? {
                    Some(chunk) => decoder.push(&chunk),
                    None => return Ok(None),
                }
                if decoder.held() > limit {
                    return Err(incoming.too_large(limit));
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

/// Splits bytes into events.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    /// Whether the last byte was a carriage return: a following line feed belongs to it.
    after_return: bool,
    /// Whether a line has ended: only the first one may start with a byte order mark.
    started: bool,
    current: Event,
    data: Vec<String>,
    /// The complete events.
    pub events: VecDeque<Event>,
}

impl Decoder {
    /// Adds bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            match byte {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.after_return = byte == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_line(&String::from_utf8_lossy(&line));
                }
                _ => {
                    self.after_return = false;
                    self.line.push(byte);
                }
            }
        }
    }

    /// The number of bytes of the incomplete event.
    fn held(&self) -> usize {
        self.line.len() + self.data.iter().map(String::len).sum::<usize>()
    }

    fn end_line(&mut self, mut line: &str) {
        if !std::mem::replace(&mut self.started, true) {
            line = line.trim_start_matches('\u{feff}');
        }
        if line.is_empty() {
            return self.end_event();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.current.event = value.to_owned(),
            "data" => self.data.push(value.to_owned()),
            "id" if !value.contains('\0') => self.current.id = Some(value.to_owned()),
            "retry" => self.current.retry = value.parse().ok().map(Duration::from_millis),
            // Unknown fields are ignored, and comments, whose name is empty.
            _ => {}
        }
    }

    fn end_event(&mut self) {
        let next = Event {
            id: self.current.id.clone(),
            ..Event::default()
        };
        let mut event = std::mem::replace(&mut self.current, next);
        let data = std::mem::take(&mut self.data);
        if !data.is_empty() {
            event.data = data.join("\n");
            self.events.push_back(event);
        }
    }
}
