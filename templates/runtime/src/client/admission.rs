//! When a request may be sent: how many at once, and how fast.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::clock::Clock;
use super::error::Timeout;
use super::platform::{self, Instant, timeout};
use super::rate_limit::RateLimit;
use super::retry::{Sleep, entropy, random_part, retry_after};

/// A longer time to the end of a window is a mistake.
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// What all clones of a client share.
#[derive(Debug, Default)]
pub(super) struct Admission {
    in_flight: Option<Arc<Semaphore>>,
    /// When the next request may be sent, as far as rate limits tell.
    pace: Option<Mutex<Option<Instant>>>,
}

impl Admission {
    pub(super) fn new(in_flight: Option<usize>, paced: bool) -> Self {
        let permits = in_flight.map(|most| most.clamp(1, Semaphore::MAX_PERMITS));
        Self { in_flight: permits.map(|permits| Arc::new(Semaphore::new(permits))), pace: paced.then(Mutex::default) }
    }

    /// Waits until a request may be sent. The permit is held until its response has been read.
    ///
    /// # Errors
    /// The deadline comes first.
    pub(super) async fn admit(&self, clock: &Clock, sleep: &Sleep) -> Result<Option<OwnedSemaphorePermit>, Timeout> {
        let mut permit = None;
        if let Some(semaphore) = &self.in_flight {
            let free = timeout(clock.left(), Arc::clone(semaphore).acquire_owned()).await;
            // The semaphore is never closed.
            permit = free.map_err(|_| clock.too_late())?.ok();
        }
        let wait = self.wait();
        if !wait.is_zero() {
            let wait = wait + random_part(wait / 10, entropy());
            if wait >= clock.left() {
                return Err(clock.too_late());
            }
            (sleep.0)(wait).await;
        }
        Ok(permit)
    }

    /// The time to the end of a window without further requests.
    fn wait(&self) -> Duration {
        let Some(pace) = &self.pace else {
            return Duration::ZERO;
        };
        let free = *pace.lock().unwrap_or_else(PoisonError::into_inner);
        free.map_or(Duration::ZERO, |free| free.saturating_duration_since(Instant::now()))
    }

    /// Reads the rate limit of a response.
    pub(super) fn note(&self, headers: &HeaderMap) {
        let Some(pace) = &self.pace else {
            return;
        };
        let now = platform::now();
        let limit = RateLimit::from_headers(headers).filter(|limit| limit.remaining == Some(0));
        let reset = limit.and_then(|limit| limit.reset_after(now));
        let wait = reset.max(retry_after(headers, now));
        if let Some(wait) = wait.filter(|wait| *wait <= LONGEST_WINDOW) {
            let mut free = pace.lock().unwrap_or_else(PoisonError::into_inner);
            *free = (*free).max(Some(Instant::now() + wait));
        }
    }
}
