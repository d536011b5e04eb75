//! The body of a response, chunk by chunk.

use std::pin::pin;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::clock::Clock;
use super::error::{Error, TimeLimit, Timeout};
use super::execute::broken_off;
use super::platform::{self, Instant, Response};

/// The rest of a body that is read as it arrives.
pub(super) struct Incoming {
    operation: &'static str,
    response: Response,
    clock: Clock,
    /// Allows one request in flight, until this is dropped.
    _permit: Option<OwnedSemaphorePermit>,
    /// The length that the server has stated.
    stated: Option<u64>,
    received: u64,
}

impl Incoming {
    pub(super) fn new(
        operation: &'static str,
        response: Response,
        clock: Clock,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        let stated = response.content_length();
        Self { operation, response, clock, _permit: permit, stated, received: 0 }
    }

    /// The length that the server has stated; `None` for a compressed body.
    pub(super) fn stated_length(&self) -> Option<u64> {
        self.stated
    }

    /// The next chunk; `None` at the end. A body that ends before its stated length is an error.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        self.chunk_since(None).await
    }

    /// The next chunk of a line, where the last one ended at this time.
    pub(super) async fn chunk_of_line(&mut self, start: Instant) -> Result<Option<Bytes>, Error> {
        self.chunk_since(Some(start)).await.map_err(|error| match error {
            Error::Timeout(Timeout { operation, limit: TimeLimit::Silence(limit) }) => {
                Timeout::new(operation, TimeLimit::Line(limit)).into()
            }
            other => other,
        })
    }

    async fn chunk_since(&mut self, start: Option<Instant>) -> Result<Option<Bytes>, Error> {
        let chunk = self.clock.limit_from(start, pin!(platform::chunk(&mut self.response))).await?;
        let chunk = chunk.map_err(|error| broken_off(self.operation, error, self.received, self.stated).error)?;
        self.received += chunk.as_ref().map_or(0, |chunk| chunk.len() as u64);
        match self.stated {
            Some(stated) if chunk.is_none() && self.received < stated => {
                Err(Error::Incomplete { operation: self.operation, received: self.received, stated: self.stated })
            }
            _ => Ok(chunk),
        }
    }

    pub(super) fn too_large(&self, limit: usize) -> Error {
        Error::TooLarge { operation: self.operation, limit }
    }
}
