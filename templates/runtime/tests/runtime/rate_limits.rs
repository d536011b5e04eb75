use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use runtime::client::RateLimit;

#[test]
fn rate_limits_are_read_from_any_of_their_headers() {
    let read = |pairs: &[(&'static str, &str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, value.parse().unwrap());
        }
        RateLimit::from_headers(&headers)
    };
    let now = UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let vendor = read(&[
        ("x-vendor-rate-limit-limit", "40"),
        ("x-vendor-rate-limit-reset", "1700000060"),
        ("x-vendor-rate-limit-concurrentlimit", "25"),
        ("x-vendor-rate-limit-concurrentremaining", "24"),
    ])
    .unwrap();
    assert_eq!((vendor.limit, vendor.concurrent_limit, vendor.concurrent_remaining), (Some(40), Some(25), Some(24)));
    assert_eq!(vendor.reset_after(now), Some(Duration::from_secs(60)));
    let draft = read(&[("ratelimit-limit", "10, 10;w=60"), ("ratelimit-reset", "5")]).unwrap();
    assert_eq!((draft.limit, draft.reset_after(now)), (Some(10), Some(Duration::from_secs(5))));
    assert_eq!(read(&[("x-ratelimit-remaining", "3")]).unwrap().remaining, Some(3));
    assert_eq!(read(&[("content-type", "x"), ("not-a-rate-limit-limit", "3")]), None);
}

#[test]
fn what_is_no_number_is_left_out_and_a_past_reset_is_now() {
    let mut headers = HeaderMap::new();
    for (name, value) in
        [("x-ratelimit-limit", "many"), ("x-ratelimit-remaining", "-1"), ("ratelimit-policy", "10;w=60")]
    {
        headers.append(name, value.parse().unwrap());
    }
    assert_eq!(RateLimit::from_headers(&headers), None);
    headers.append("x-ratelimit-reset", "1700000000.25".parse().unwrap());
    let limit = RateLimit::from_headers(&headers).unwrap();
    assert_eq!((limit.limit, limit.reset), (None, Some(1_700_000_000)));
    assert_eq!(limit.reset_after(SystemTime::now()), Some(Duration::ZERO));
}
