//! When a request is sent again, and how long to wait before.

use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use http::{HeaderMap, Method, StatusCode, header};

/// A future that ends after a pause.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Makes the pause between two attempts.
#[derive(Clone)]
pub(super) struct Sleep(pub(super) Arc<dyn Fn(Duration) -> Pause + Send + Sync>);

impl Default for Sleep {
    fn default() -> Self {
        Self(Arc::new(|pause| Box::pin(tokio::time::sleep(pause))))
    }
}

impl fmt::Debug for Sleep {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sleep")
    }
}

/// When a request is sent again.
///
/// A request that the server refused with 429 always is. One that can be repeated without harm (`GET`, `HEAD`,
/// `OPTIONS`, `TRACE`, `PUT`, `DELETE`) also is when no connection could be made, and after 502, 503 and 504. A wait
/// that the server asks for in `Retry-After` is kept to; where it is too long the answer is returned instead.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// How often a request is sent at most, the first time included.
    pub attempts: u32,
    /// The pause before the second attempt; each further one is twice as long. Half of it is random.
    pub base_delay: Duration,
    /// The longest pause that is not asked for by the server.
    pub max_delay: Duration,
    /// The longest time that all pauses of a call take together.
    pub max_total_delay: Duration,
}

impl Default for RetryPolicy {
    /// Three attempts, pauses of half a second and a second, at most a minute in all.
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
    #[must_use]
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// The pause after so many attempts and so much waiting; `None` where it is time to give up. `asked` is what the
    /// server asks for, `entropy` any number.
    #[must_use]
    pub fn delay(
        &self,
        attempts: u32,
        asked: Option<Duration>,
        waited: Duration,
        entropy: u64,
    ) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let delay = match asked {
            Some(asked) if !asked.is_zero() => asked,
            _ => self.backoff(attempts, entropy),
        };
        let total = waited.checked_add(delay)?;
        (total <= self.max_total_delay).then_some(delay)
    }

    /// A pause between half of the exponential delay and the whole of it.
    fn backoff(&self, attempts: u32, entropy: u64) -> Duration {
        let doublings = attempts.saturating_sub(1).min(31);
        let whole = self.base_delay.saturating_mul(1_u32 << doublings);
        let half = whole.min(self.max_delay) / 2;
        // Thousandths are fine enough, and cannot overflow.
        let thousandths = u32::try_from(entropy % 1001).unwrap_or(0);
        half + (half / 1000).saturating_mul(thousandths)
    }
}

/// A number that differs from call to call.
pub(super) fn entropy() -> u64 {
    RandomState::new().hash_one(0_u8)
}

/// Whether repeating a request of this method does no harm.
#[must_use]
pub fn is_idempotent(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::OPTIONS,
        Method::TRACE,
        Method::PUT,
        Method::DELETE,
    ]
    .contains(method)
}

/// Whether a request is sent again after this answer.
#[must_use]
pub fn is_retryable(method: &Method, status: StatusCode) -> bool {
    match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::BAD_GATEWAY | StatusCode::SERVICE_UNAVAILABLE | StatusCode::GATEWAY_TIMEOUT => {
            is_idempotent(method)
        }
        _ => false,
    }
}

/// The wait that `Retry-After` asks for: seconds, or a date after `now`.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = jiff::fmt::rfc2822::DateTimeParser::new()
        .parse_timestamp(text)
        .ok()?;
    Some(
        SystemTime::from(date)
            .duration_since(now)
            .unwrap_or_default(),
    )
}
