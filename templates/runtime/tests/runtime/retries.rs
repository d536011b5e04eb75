use std::time::{Duration, UNIX_EPOCH};

use http::{HeaderMap, Method, StatusCode};
use runtime::client::RetryPolicy;
use runtime::client::retry::{is_retryable, retry_after};

#[test]
fn pauses_double_within_bounds() {
    let policy = RetryPolicy { attempts: 9, ..RetryPolicy::default() };
    let pause = |attempts, entropy| policy.delay(attempts, None, Duration::ZERO, entropy).unwrap();
    assert_eq!(pause(1, 0), Duration::ZERO);
    assert_eq!(pause(1, 500_000), Duration::from_millis(250));
    assert_eq!(pause(1, 1_000_000), Duration::from_millis(500));
    assert_eq!(pause(2, 1_000_000), Duration::from_secs(1));
    assert_eq!(pause(8, 1_000_000), Duration::from_secs(10));
    assert_eq!(policy.delay(9, None, Duration::ZERO, 0), None);
    assert_eq!(policy.delay(1, None, Duration::from_secs(60), 0), None);
    assert_eq!(policy.delay(1, Some(Duration::MAX), Duration::from_secs(1), 0), None);
}

#[test]
fn nobody_comes_back_before_retry_after_and_not_all_at_once() {
    let policy = RetryPolicy::default();
    let pause = |asked, entropy| {
        let asked = Duration::from_secs(asked);
        policy.delay(1, Some(asked), Duration::ZERO, entropy)
    };
    assert_eq!(pause(2, 0), Some(Duration::from_secs(2)));
    assert_eq!(pause(2, 1_000_000), Some(Duration::from_millis(2500)));
    assert_eq!(pause(50, 1_000_000), Some(Duration::from_secs(55)));
    // The longest sum of all pauses bounds the random part, too.
    assert_eq!(pause(58, 1_000_000), Some(Duration::from_secs(60)));
    assert_eq!(pause(60, 1_000_000), Some(Duration::from_secs(60)));
    assert_eq!(pause(61, 0), None);
}

#[test]
fn retry_after_is_seconds_or_a_date() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
    let read = |text: &str| {
        let headers = HeaderMap::from_iter([(http::header::RETRY_AFTER, text.parse().unwrap())]);
        retry_after(&headers, now)
    };
    assert_eq!(read("120"), Some(Duration::from_secs(120)));
    assert_eq!(read("Sun, 06 Nov 1994 08:49:47 GMT"), Some(Duration::from_secs(10)));
    assert_eq!(read("Sun, 06 Nov 1994 08:49:07 GMT"), Some(Duration::ZERO));
    assert_eq!(read("soon"), None);
    assert_eq!(read("-1"), None);
    // The two obsolete forms, of RFC 850 and of C's `asctime`.
    for text in ["Sunday, 06-Nov-94 08:49:47 GMT", "Sun Nov  6 08:49:47 1994"] {
        assert_eq!(read(text), Some(Duration::from_secs(10)), "{text}");
    }
    assert_eq!(read(" 0 "), Some(Duration::ZERO));
    for text in ["", "+", ".5", "1.", "1.5s", "1e3", "Sun, 31 Feb 1994 08:49:47 GMT"] {
        assert_eq!(read(text), None, "{text}");
    }
    for (text, pause) in [("+1", 1), ("1.5", 2), ("1.0", 1), ("1, 3, 2", 3), ("soon, 1", 1)] {
        assert_eq!(read(text), Some(Duration::from_secs(pause)), "{text}");
    }
    let several = ["0", "Sun, 06 Nov 1994 08:49:47 GMT", "2"].into_iter();
    let several = several.map(|text| (http::header::RETRY_AFTER, text.parse().unwrap()));
    let mut headers = HeaderMap::new();
    for (name, value) in several {
        headers.append(name, value);
    }
    assert_eq!(retry_after(&headers, now), Some(Duration::from_secs(10)));
    let longest = Some(Duration::from_secs(u64::MAX));
    assert_eq!(read("99999999999999999999"), longest);
    assert_eq!(retry_after(&HeaderMap::new(), now), None);
}

#[test]
fn pauses_stay_within_the_doubled_delay() {
    let policy = RetryPolicy { attempts: u32::MAX, max_total_delay: Duration::MAX, ..RetryPolicy::default() };
    for attempts in [1, 2, 3, 5, 6, 31, 32, 33, u32::MAX - 1] {
        let whole = policy.base_delay.saturating_mul(1 << (attempts - 1).min(20));
        let whole = whole.min(policy.max_delay);
        for entropy in [0, 1, 500, 1000, 1001, u64::MAX] {
            let pause = policy.delay(attempts, None, Duration::ZERO, entropy);
            let pause = pause.unwrap();
            assert!(pause <= whole, "{attempts} {entropy}");
        }
    }
    let asked = Some(Duration::from_secs(3));
    assert_eq!(RetryPolicy::never().delay(1, asked, Duration::ZERO, 0), None);
}

#[test]
fn only_what_does_no_harm_is_repeated_after_a_failing_gateway() {
    for status in [408, 502, 503, 504] {
        let status = StatusCode::from_u16(status).unwrap();
        assert!(is_retryable(&Method::PUT, status) && is_retryable(&Method::GET, status));
        assert!(!is_retryable(&Method::POST, status) && !is_retryable(&Method::PATCH, status));
    }
    assert!(is_retryable(&Method::POST, StatusCode::TOO_MANY_REQUESTS));
    for status in [200, 301, 400, 404, 500, 501] {
        let status = StatusCode::from_u16(status).unwrap();
        assert!(!is_retryable(&Method::GET, status));
    }
}
