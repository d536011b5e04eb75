//! When a request may be sent: how many at once, and how fast.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use http::HeaderMap;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::clock::Clock;
use super::error::Timeout;
use super::platform::{self, Instant, timeout};
use super::rate_limit::RateLimit;
use super::retry::{Sleep, entropy, random_part, retry_after};
use crate::types::source::locked;

/// A longer time to the end of a window is a mistake.
const LONGEST_WINDOW: Duration = Duration::from_secs(24 * 60 * 60);

/// What all clones of a client share.
#[derive(Debug, Default)]
pub(super) struct Admission {
    in_flight: Option<Arc<Semaphore>>,
    window: Option<Mutex<Window>>,
}

/// A window of the server's rate limit, as far as its responses tell.
#[derive(Debug, Default)]
struct Window {
    limit: Option<u64>,
    /// How many further requests it has, without those that are under way.
    remaining: Option<u64>,
    ends: Option<Instant>,
}

impl Admission {
    pub(super) fn new(in_flight: Option<usize>, paced: bool) -> Self {
        let permits = in_flight.map(|most| most.clamp(1, Semaphore::MAX_PERMITS));
        Self { in_flight: permits.map(|permits| Arc::new(Semaphore::new(permits))), window: paced.then(Mutex::default) }
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
        while let Some(ends) = self.exhausted_until() {
            let wait = ends.saturating_duration_since(Instant::now());
            let wait = wait + random_part(wait / 10, entropy());
            if wait >= clock.left() {
                return Err(clock.too_late());
            }
            sleep(wait).await;
            self.renew(ends);
        }
        Ok(permit)
    }

    fn window(&self) -> Option<MutexGuard<'_, Window>> {
        self.window.as_ref().map(locked)
    }

    /// Takes a request of the window, or returns its end where it has no further one.
    fn exhausted_until(&self) -> Option<Instant> {
        let mut window = self.window()?;
        match &mut window.remaining {
            Some(0) => return window.ends,
            Some(remaining) => *remaining -= 1,
            None => {}
        }
        None
    }

    /// Begins another window, unless somebody has begun it already.
    fn renew(&self, ended: Instant) {
        if let Some(mut window) = self.window()
            && window.ends == Some(ended)
        {
            *window = Window { limit: window.limit, remaining: window.limit, ends: None };
        }
    }

    /// Reads the rate limit of a response.
    pub(super) fn note(&self, headers: &HeaderMap) {
        let Some(mut window) = self.window() else {
            return;
        };
        let now = platform::now();
        let limit = RateLimit::from_headers(headers).unwrap_or_default();
        let (remaining, reset) = match retry_after(headers, now) {
            Some(pause) => (Some(0), limit.reset_after(now).max(Some(pause))),
            None => (limit.remaining, limit.reset_after(now)),
        };
        let (Some(remaining), Some(reset)) = (remaining, reset.filter(|reset| *reset <= LONGEST_WINDOW)) else {
            return;
        };
        let ends = Instant::now() + reset;
        // The end is known by the second.
        let is_later = window.ends.is_none_or(|known| ends > known + Duration::from_secs(2));
        let known = window.remaining.filter(|_| !is_later);
        window.limit = limit.limit.or(window.limit);
        window.remaining = Some(known.map_or(remaining, |known| known.min(remaining)));
        if is_later {
            window.ends = Some(ends);
        }
    }
}
