//! Rate limits.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;

/// The smallest reset in seconds since 1970; smaller ones are in seconds from now.
const FIRST_UNIX_TIME: u64 = 1_000_000_000;

/// The rate limit of the caller, from headers such as `X-RateLimit-Remaining`, `RateLimit-Remaining` or
/// `X-<Vendor>-Rate-Limit-Remaining`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RateLimit {
    /// The number of requests in a window.
    pub limit: Option<u64>,
    /// The number of further requests in this window.
    pub remaining: Option<u64>,
    /// The end of the window in seconds since 1970 or from now; see [`reset_after`](Self::reset_after).
    pub reset: Option<u64>,
    /// The number of concurrent requests.
    pub concurrent_limit: Option<u64>,
    /// The number of further concurrent requests.
    pub concurrent_remaining: Option<u64>,
}

impl RateLimit {
    /// Reads the headers; `None` without a rate limit.
    pub fn from_headers(headers: &HeaderMap) -> Option<Self> {
        let mut found = Self::default();
        for (name, value) in headers {
            let Some(fact) = fact(name.as_str()) else {
                continue;
            };
            // `10, 10;w=60` is a limit of 10 with its policy.
            let mut texts = value.to_str().unwrap_or_default().split([',', ';', '.']);
            let number = texts.next().and_then(|text| text.trim().parse().ok());
            let first = match fact {
                "limit" => &mut found.limit,
                "remaining" => &mut found.remaining,
                "reset" => &mut found.reset,
                "concurrentlimit" => &mut found.concurrent_limit,
                "concurrentremaining" => &mut found.concurrent_remaining,
                _ => continue,
            };
            *first = first.or(number);
        }
        (found != Self::default()).then_some(found)
    }

    /// The time from `now` to the end of the window.
    pub fn reset_after(&self, now: SystemTime) -> Option<Duration> {
        let reset = self.reset?;
        if reset < FIRST_UNIX_TIME {
            return Some(Duration::from_secs(reset));
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        Some(Duration::from_secs(reset).saturating_sub(now))
    }
}

/// The text after `ratelimit-` or `rate-limit-` in a lower-case name, which may start with `x-` and a vendor.
fn fact(name: &str) -> Option<&str> {
    ["ratelimit-", "rate-limit-"].iter().find_map(|marker| {
        let (before, fact) = name.split_once(marker)?;
        (before.is_empty() || before.starts_with("x-")).then_some(fact)
    })
}
