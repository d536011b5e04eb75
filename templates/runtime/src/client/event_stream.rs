//! Server-sent events (the `text/event-stream` of the HTML standard).

use std::collections::VecDeque;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use serde::de::DeserializeOwned;

use super::error::Error;
use super::execute::transport;

/// An event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Its type; empty where the server names none, which means `message`.
    pub event: String,
    /// Its data; several lines are joined by line feeds.
    pub data: String,
    /// The last id that the server sent, in this event or before.
    pub id: Option<String>,
    /// How long the server asks to wait before connecting again.
    pub retry: Option<Duration>,
}

impl Event {
    /// Decodes the data.
    ///
    /// # Errors
    /// It is not JSON, or not of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.data)
    }
}

/// The events of an answer, as they come. It ends where the server ends it, and after an error.
pub struct EventStream {
    operation: &'static str,
    limit: usize,
    decoder: Decoder,
    state: State,
}

/// A chunk on its way, with the response that the next one will come from.
type Reading = Pin<
    Box<dyn Future<Output = (reqwest::Response, Result<Option<Bytes>, reqwest::Error>)> + Send>,
>;

enum State {
    Reading(Reading),
    Ended,
}

impl fmt::Debug for EventStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("EventStream")
            .field("operation", &self.operation)
            .finish_non_exhaustive()
    }
}

impl EventStream {
    pub(super) fn new(operation: &'static str, response: reqwest::Response, limit: usize) -> Self {
        let state = State::Reading(read(response));
        Self {
            operation,
            limit,
            decoder: Decoder::default(),
            state,
        }
    }

    /// The next event; `None` at the end.
    pub async fn next_event(&mut self) -> Option<Result<Event, Error>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

fn read(mut response: reqwest::Response) -> Reading {
    Box::pin(async move {
        let chunk = response.chunk().await;
        (response, chunk)
    })
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(event) = self.decoder.events.pop_front() {
                return Poll::Ready(Some(Ok(event)));
            }
            let State::Reading(reading) = &mut self.state else {
                return Poll::Ready(None);
            };
            let (response, chunk) = ready!(reading.as_mut().poll(context));
            self.state = State::Ended;
            match chunk {
                Ok(None) => return Poll::Ready(None),
                Err(error) => return Poll::Ready(Some(Err(transport(error)))),
                Ok(Some(chunk)) => self.decoder.push(&chunk),
            }
            if self.decoder.held() > self.limit {
                let error = Error::TooLarge {
                    operation: self.operation,
                    limit: self.limit,
                };
                return Poll::Ready(Some(Err(error)));
            }
            self.state = State::Reading(read(response));
        }
    }
}

/// Turns octets, however they are cut, into events.
#[derive(Debug, Default)]
pub struct Decoder {
    line: Vec<u8>,
    /// The last octet was a carriage return; a line feed that follows belongs to it.
    after_return: bool,
    /// A line has ended, so that a byte order mark cannot come any more.
    started: bool,
    current: Event,
    data: Vec<String>,
    /// Events that are complete.
    pub events: VecDeque<Event>,
}

impl Decoder {
    /// Takes more octets.
    pub fn push(&mut self, octets: &[u8]) {
        for &octet in octets {
            match octet {
                b'\n' if self.after_return => self.after_return = false,
                b'\n' | b'\r' => {
                    self.after_return = octet == b'\r';
                    let line = std::mem::take(&mut self.line);
                    self.end_line(&String::from_utf8_lossy(&line));
                }
                _ => {
                    self.after_return = false;
                    self.line.push(octet);
                }
            }
        }
    }

    /// How many octets wait for their event to be complete.
    fn held(&self) -> usize {
        self.line.len() + self.data.iter().map(String::len).sum::<usize>()
    }

    fn end_line(&mut self, line: &str) {
        let line = if self.started {
            line
        } else {
            line.trim_start_matches('\u{feff}')
        };
        self.started = true;
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
            // Comments have an empty field name; unknown fields are to be ignored.
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
