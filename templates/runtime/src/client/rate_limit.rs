//! What a response says of the caller's rate limit.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

/// From this number on a reset is a point in time (seconds since 1970); below it is a number of seconds from now.
const FIRST_POINT_IN_TIME: u64 = 1_000_000_000;

/// What a response says of the caller's rate limit, in headers such as `X-RateLimit-Remaining`, `RateLimit-Remaining`
/// or `X-<Vendor>-Rate-Limit-Remaining`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// Requests allowed in a window.
    pub limit: Option<u64>,
    /// Requests left in this window.
    pub remaining: Option<u64>,
    /// End of the window as sent: seconds since 1970, or from now. [`reset_after`](Self::reset_after) tells them apart.
    pub reset: Option<u64>,
    /// Requests allowed at the same time.
    pub concurrent_limit: Option<u64>,
    /// Requests that may be started now.
    pub concurrent_remaining: Option<u64>,
}

impl RateLimit {
    /// Reads the headers; `None` where none of them speaks of a limit.
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut found = Self::default();
        for (name, value) in headers {
            let Some(fact) = fact(name.as_str()) else {
                continue;
            };
            // `10, 10;w=60` is a limit of 10 with its policy.
            let number = value.to_str().ok().and_then(|text| {
                let digits = text.split([',', ';', '.']).next().unwrap_or_default();
                digits.trim().parse().ok()
            });
            match fact {
                "limit" => found.limit = found.limit.or(number),
                "remaining" => found.remaining = found.remaining.or(number),
                "reset" => found.reset = found.reset.or(number),
                "concurrentlimit" => found.concurrent_limit = found.concurrent_limit.or(number),
                "concurrentremaining" => {
                    found.concurrent_remaining = found.concurrent_remaining.or(number);
                }
                _ => {}
            }
        }
        (found != Self::default()).then_some(found)
    }

    /// How long after `now` the window ends.
    #[must_use]
    pub fn reset_after(&self, now: SystemTime) -> Option<Duration> {
        let reset = self.reset?;
        if reset < FIRST_POINT_IN_TIME {
            return Some(Duration::from_secs(reset));
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(Duration::from_secs(reset).saturating_sub(now))
    }
}

/// What a header of this lower-case name tells: what follows `ratelimit-` or `rate-limit-`, with `x-` and a vendor
/// allowed before.
fn fact(name: &str) -> Option<&str> {
    ["ratelimit-", "rate-limit-"].iter().find_map(|marker| {
        let (before, fact) = name.split_once(marker)?;
        (before.is_empty() || before.starts_with("x-")).then_some(fact)
    })
}
