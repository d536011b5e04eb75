//! A date-time.

use std::cmp::Ordering;

use super::text_type::text_type;

text_type! {
    /// A date-time (RFC 3339), kept exactly as it was received.
    ///
    /// Equality and hash are those of the text: `12:00Z` and `12:00+00:00` differ. The order is that of
    /// [`instant`](Self::instant), then that of the text; texts without an instant come first.
    #[derive(Debug)]
    Timestamp, TimestampError
}

impl Timestamp {
    /// The current time.
    pub fn now() -> Self {
        jiff::Timestamp::now().into()
    }

    /// The point in time; `None` where the text is not a date-time. A space may replace the `T`, and a text without an
    /// offset is in UTC. Each call parses the text.
    pub fn instant(&self) -> Option<jiff::Timestamp> {
        // `jiff` would read a date alone as its midnight.
        if !self.0.contains(':') {
            return None;
        }
        if let Ok(instant) = self.0.parse() {
            return Some(instant);
        }
        let civil: jiff::civil::DateTime = self.0.parse().ok()?;
        Some(civil.to_zoned(jiff::tz::TimeZone::UTC).ok()?.timestamp())
    }

    fn check(&self) -> Result<(), TimestampError> {
        jiff::Timestamp::try_from(self).map(drop)
    }
}

impl PartialOrd for Timestamp {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Timestamp {
    fn cmp(&self, other: &Self) -> Ordering {
        (self.instant(), &self.0).cmp(&(other.instant(), &other.0))
    }
}

impl From<jiff::Timestamp> for Timestamp {
    fn from(instant: jiff::Timestamp) -> Self {
        Self(instant.to_string())
    }
}

impl TryFrom<&Timestamp> for jiff::Timestamp {
    type Error = TimestampError;

    fn try_from(timestamp: &Timestamp) -> Result<Self, Self::Error> {
        timestamp.instant().ok_or_else(|| TimestampError(timestamp.0.clone()))
    }
}

/// A text is not a date-time, or the date-time is out of the range of the requested type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an RFC 3339 date-time within range")]
pub struct TimestampError(String);

#[cfg(feature = "chrono")]
impl TryFrom<chrono::DateTime<chrono::Utc>> for Timestamp {
    type Error = TimestampError;

    /// Fails for years that RFC 3339 cannot write. A leap second becomes the last nanosecond before it.
    fn try_from(value: chrono::DateTime<chrono::Utc>) -> Result<Self, Self::Error> {
        let nanosecond = value.timestamp_subsec_nanos().min(999_999_999);
        let nanosecond = i32::try_from(nanosecond).unwrap_or_default();
        jiff::Timestamp::new(value.timestamp(), nanosecond)
            .map(Self::from)
            .map_err(|_| TimestampError(value.timestamp().to_string()))
    }
}

#[cfg(feature = "chrono")]
impl TryFrom<&Timestamp> for chrono::DateTime<chrono::Utc> {
    type Error = TimestampError;

    fn try_from(value: &Timestamp) -> Result<Self, Self::Error> {
        let instant = jiff::Timestamp::try_from(value)?;
        // Before 1970 the nanoseconds of `jiff` are negative, those of `chrono` never are.
        let whole = chrono::DateTime::from_timestamp(instant.as_second(), 0);
        let fraction = chrono::TimeDelta::nanoseconds(instant.subsec_nanosecond().into());
        whole.and_then(|whole| whole.checked_add_signed(fraction)).ok_or_else(|| TimestampError(value.to_string()))
    }
}

#[cfg(feature = "time")]
impl TryFrom<time::OffsetDateTime> for Timestamp {
    type Error = TimestampError;

    /// Fails for years that RFC 3339 cannot write. The offset becomes UTC.
    fn try_from(value: time::OffsetDateTime) -> Result<Self, Self::Error> {
        jiff::Timestamp::from_nanosecond(value.unix_timestamp_nanos())
            .map(Self::from)
            .map_err(|_| TimestampError(value.unix_timestamp().to_string()))
    }
}

#[cfg(feature = "time")]
impl TryFrom<&Timestamp> for time::OffsetDateTime {
    type Error = TimestampError;

    fn try_from(value: &Timestamp) -> Result<Self, Self::Error> {
        let nanoseconds = jiff::Timestamp::try_from(value)?.as_nanosecond();
        Self::from_unix_timestamp_nanos(nanoseconds).map_err(|_| TimestampError(value.to_string()))
    }
}
