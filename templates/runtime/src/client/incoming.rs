//! The body of a response, chunk by chunk.

use std::pin::pin;

use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;

use super::clock::Clock;
use super::error::Error;
use super::execute::transport;

/// The rest of a body that is read as it arrives.
pub(super) struct Incoming {
    operation: &'static str,
    response: reqwest::Response,
    clock: Clock,
    /// Allows one request in flight, until this is dropped.
    _permit: Option<OwnedSemaphorePermit>,
}

impl Incoming {
    /// The deadline of the call does not hold for the rest.
    pub(super) fn new(
        operation: &'static str,
        response: reqwest::Response,
        mut clock: Clock,
        permit: Option<OwnedSemaphorePermit>,
    ) -> Self {
        clock.without_deadline();
        Self {
            operation,
            response,
            clock,
            _permit: permit,
        }
    }

    /// The next chunk; `None` at the end.
    pub(super) async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        let chunk = self.clock.limit(pin!(self.response.chunk())).await;
        let chunk = chunk.map_err(Error::Timeout)?;
        chunk.map_err(|error| transport(self.operation, error.into()))
    }

    pub(super) fn too_large(&self, limit: usize) -> Error {
        Error::TooLarge {
            operation: self.operation,
            limit,
        }
    }
}
