//! A point in time.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A point in time, kept exactly as it was written.
///
/// The text is read as RFC 3339; a blank in place of the `T` is accepted, and a text without an offset is taken to be
/// UTC. A text that is none of this is kept all the same and has no [`instant`](Self::instant), so that one malformed
/// value does not cost a whole response.
///
/// Two timestamps are equal, and hash alike, when their texts are the same: `12:00Z` and `12:00+00:00` differ. They are
/// ordered by instant first and by text second, those without an instant before all others. To compare moments,
/// compare what [`instant`](Self::instant) returns.
#[derive(Debug, Clone)]
pub struct Timestamp {
    text: String,
    instant: Option<jiff::Timestamp>,
}

impl Timestamp {
    /// Keeps a text, whether or not it is a point in time. `text.parse()` is the strict way.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        let text = text.into();
        let instant = parse(&text);
        Self { text, instant }
    }

    /// The current time.
    #[must_use]
    pub fn now() -> Self {
        jiff::Timestamp::now().into()
    }

    /// The moment that the text means, to the nanosecond; `None` when the text is no point in time.
    #[must_use]
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        self.instant
    }

    /// The text as it was received, or as it will be sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

/// Reads what [`Timestamp`] promises to understand.
fn parse(text: &str) -> Option<jiff::Timestamp> {
    // A date alone names a day and no moment of it, although a civil date-time would be read from it.
    if !text.contains(':') {
        return None;
    }
    if let Ok(instant) = text.parse() {
        return Some(instant);
    }
    let civil: jiff::civil::DateTime = text.parse().ok()?;
    let zoned = civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
    Some(zoned.timestamp())
}

impl PartialEq for Timestamp {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Timestamp {}

impl Hash for Timestamp {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.text.hash(state);
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.instant, &self.text).cmp(&(other.instant, &other.text))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self {
            text: instant.to_string(),
            instant: Some(instant),
        }
    }
}

impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
        timestamp
            .instant
            .ok_or_else(|| TimestampError::new(&timestamp.text))
    }
}

impl FromStr for Timestamp {
    type Err = TimestampError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let timestamp = Self::from_text(text);
        match timestamp.instant {
            Some(_) => Ok(timestamp),
            None => Err(TimestampError::new(text)),
        }
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::from_text)
    }
}

/// A text is no point in time, or the point is out of the range of the type asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimestampError {
    text: String,
}

impl TimestampError {
    fn new(text: impl fmt::Display) -> Self {
        Self {
            text: text.to_string(),
        }
    }
}

impl fmt::Display for TimestampError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{:?} is not an RFC 3339 date-time within range",
            self.text
        )
    }
}

impl std::error::Error for TimestampError {}

/// Conversions from and to `chrono`.
#[cfg(feature = "chrono")]
mod with_chrono {
    use super::{Timestamp, TimestampError};

    const NANOSECONDS: i128 = 1_000_000_000;

    impl TryFrom<chrono::DateTime<chrono::Utc>> for Timestamp {
        type Error = TimestampError;

        /// Fails for years that RFC 3339 cannot write. A leap second becomes the last nanosecond before it.
        fn try_from(value: chrono::DateTime<chrono::Utc>) -> Result<Self, Self::Error> {
            let nanosecond = value.timestamp_subsec_nanos().min(999_999_999);
            let nanosecond = i32::try_from(nanosecond).unwrap_or_default();
            jiff::Timestamp::new(value.timestamp(), nanosecond)
                .map(Self::from)
                .map_err(|_| TimestampError::new(value.timestamp()))
        }
    }

    impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
        type Error = TimestampError;

        /// Fails when the text is no point in time.
        fn try_from(value: &Timestamp) -> Result<Self, Self::Error> {
            let nanoseconds = jiff::Timestamp::try_from(value)?.as_nanosecond();
            let seconds = i64::try_from(nanoseconds.div_euclid(NANOSECONDS)).ok();
            let fraction = u32::try_from(nanoseconds.rem_euclid(NANOSECONDS)).ok();
            seconds
                .zip(fraction)
                .and_then(|(seconds, fraction)| Self::from_timestamp(seconds, fraction))
                .ok_or_else(|| TimestampError::new(value))
        }
    }
}

/// Conversions from and to `time`.
#[cfg(feature = "time")]
mod with_time {
    use super::{Timestamp, TimestampError};

    impl TryFrom<time::OffsetDateTime> for Timestamp {
        type Error = TimestampError;

        /// Fails for years that RFC 3339 cannot write. The moment is kept, the offset becomes UTC.
        fn try_from(value: time::OffsetDateTime) -> Result<Self, Self::Error> {
            jiff::Timestamp::from_nanosecond(value.unix_timestamp_nanos())
                .map(Self::from)
                .map_err(|_| TimestampError::new(value.unix_timestamp()))
        }
    }

    impl TryFrom<&Timestamp> for time::OffsetDateTime {
        type Error = TimestampError;

        /// Fails when the text is no point in time.
        fn try_from(value: &Timestamp) -> Result<Self, Self::Error> {
            let nanoseconds = jiff::Timestamp::try_from(value)?.as_nanosecond();
            Self::from_unix_timestamp_nanos(nanoseconds).map_err(|_| TimestampError::new(value))
        }
    }
}
