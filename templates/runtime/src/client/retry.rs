//! Sending requests again.

use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode, header};

/// A pause, as a future.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes the pause between two attempts.
#[derive(Clone)]
pub(super) struct Sleep(pub(super) Arc<dyn Fn(Duration) -> Pause + Send + Sync>);

impl Default for Sleep {
    fn default() -> Self {
        Self(Arc::new(|pause| Box::pin(tokio::time::sleep(pause))))
    }
}

/// When a request is sent again.
///
/// After 429, any request is. After 502, 503, 504 and a failure to connect, requests of idempotent methods are (`GET`,
/// `HEAD`, `OPTIONS`, `TRACE`, `PUT`, `DELETE`). A pause is as long as `Retry-After` says; where that is too long, the
/// response is returned instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is sent at most, including the first time.
    pub attempts: u32,
    /// The pause before the second attempt; each further one is twice as long. Half of it is random.
    pub base_delay: Duration,
    /// The longest pause without `Retry-After`.
    pub max_delay: Duration,
    /// The longest sum of all pauses of a call.
    pub max_total_delay: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, pauses of at most half a second and a second, and of at most a minute in all.
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
        Self {
            attempts: 1,
            ..Self::default()
        }
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
        let retry_after = retry_after.filter(|pause| !pause.is_zero());
        let delay = retry_after.unwrap_or_else(|| self.backoff(attempts, entropy));
        let total = waited.checked_add(delay)?;
        (attempts < self.attempts && total <= self.max_total_delay).then_some(delay)
    }

    /// A pause between half of the exponential delay and the whole of it.
    fn backoff(&self, attempts: u32, entropy: u64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let whole = self.base_delay.saturating_mul(1_u32 << doublings);
        let half = whole.min(self.max_delay) / 2;
        let thousandths = u32::try_from(entropy % 1001).unwrap_or(0);
        half + (half / 1000).saturating_mul(thousandths)
    }
}

/// A random number.
pub(super) fn entropy() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// Whether a request is sent again after this response.
pub fn is_retryable(method: &Method, status: StatusCode) -> bool {
    match status.as_u16() {
        429 => true,
        502..=504 => method.is_idempotent(),
        _ => false,
    }
}

/// The pause of a `Retry-After` header: seconds, or the time from `now` to an HTTP date.
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}
