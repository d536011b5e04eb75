//! Sending requests again.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode, header};

/// A pause, as a future.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes the pause between two attempts.
pub(super) type Sleep = dyn Fn(Duration) -> Pause + Send + Sync;

/// When a request is sent again.
///
/// After 429, where no connection could be made, and where a server of HTTP/2 says that it has not processed the request, any
/// request is. After 408, 502, 503 and 504, and where a connection failed before the response was complete, requests of
/// idempotent methods are (`GET`, `HEAD`, `OPTIONS`, `TRACE`, `PUT`, `DELETE`). Pauses are random, so that clients do not come
/// back together. One is never shorter than `Retry-After` says; where that is longer than the call may wait, the response is
/// returned at once. Attempts that follow a redirect are not counted. All clones of a client share a
/// [budget](super::ClientBuilder::retry_budget).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is sent at most, including the first time.
    pub attempts: u32,
    /// The longest pause before the second attempt; before each further one it is twice as long. A pause is a random part of
    /// it.
    pub base_delay: Duration,
    /// The longest pause without `Retry-After`.
    pub max_delay: Duration,
    /// The longest sum of all pauses of a call.
    pub max_total_delay: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, pauses of at most half a second and a second, and of at most a minute in all where the server asks
    /// for longer ones.
    fn default() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(10),
            max_total_delay: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Never sends a request again.
    pub fn never() -> Self {
        Self { attempts: 1, ..Self::default() }
    }

    /// The pause after this number of attempts and this sum of pauses; `None` where the request is not sent again.
    /// `retry_after` is what the server says, `entropy` any number.
    pub fn delay(
        &self,
        attempts: u32,
        retry_after: Option<Duration>,
        waited: Duration,
        entropy: u64,
    ) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let least = retry_after.unwrap_or_default();
        let room = self.max_total_delay.checked_sub(waited)?.checked_sub(least)?;
        if room.is_zero() && least.is_zero() {
            return None;
        }
        // Those that are all told the same moment come back over a tenth of the time.
        let doublings = attempts.saturating_sub(1).min(31);
        let spread = self.base_delay.saturating_mul(1_u32 << doublings).min(self.max_delay).max(least / 10);
        Some(least + random_part(spread, entropy).min(room))
    }
}

/// A part of a duration, from nothing to all of it.
pub(super) fn random_part(whole: Duration, entropy: u64) -> Duration {
    let millionths = u32::try_from(entropy % 1_000_001).unwrap_or(0);
    (whole / 1_000_000).saturating_mul(millionths)
}

/// How many requests may be sent again, in tenths.
#[derive(Debug)]
pub(super) struct Budget {
    most: u32,
    left: AtomicU32,
}

impl Budget {
    pub(super) fn new(requests: u32) -> Self {
        let most = requests.saturating_mul(10);
        Self { most, left: most.into() }
    }

    /// Takes one request, if there is one.
    pub(super) fn take(&self) -> bool {
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(10)).is_ok()
    }

    /// Gives back what a success earns.
    pub(super) fn succeeded(&self, again: bool) {
        let earned = if again { 10 } else { 1 };
        let give = |left: u32| (left < self.most).then(|| self.most.min(left + earned));
        // A full budget stays as it is.
        let _ = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, give);
    }
}

pub(super) fn entropy() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// Whether a request is sent again after this response.
pub fn is_retryable(method: &Method, status: StatusCode) -> bool {
    match status.as_u16() {
        429 => true,
        // With 408, servers also end a connection that was idle for too long, while a request may be on its way.
        408 | 502..=504 => method.is_idempotent(),
        _ => false,
    }
}

/// The pause of the `Retry-After` headers, the longest of several: seconds, or the time from `now` to an HTTP date.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let pauses = headers.get_all(header::RETRY_AFTER).iter().filter_map(|value| {
        let text = value.to_str().ok()?.trim();
        match httpdate::parse_http_date(text) {
            Ok(date) => Some(date.duration_since(now).unwrap_or_default()),
            Err(_) => text.split(',').filter_map(seconds).max(),
        }
    });
    pauses.max()
}

/// A number of seconds, also with a sign or with a fraction, which is rounded up.
fn seconds(text: &str) -> Option<Duration> {
    let text = text.trim();
    let text = text.strip_prefix('+').unwrap_or(text);
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) {
        return None;
    }
    // A number that is too large for its type is a long time all the same.
    let whole: u64 = whole.parse().unwrap_or(u64::MAX);
    let rest = u64::from(fraction.bytes().any(|digit| digit != b'0'));
    Some(Duration::from_secs(whole.saturating_add(rest)))
}
