//! A day of the calendar.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A day of the calendar (`2024-02-29`), kept exactly as it was written.
///
/// A text that is no RFC 3339 `full-date` is kept all the same and has no [`date`](Self::date). Equality, order and
/// hash are those of the text; of well-formed texts that is the order of the calendar.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Date(String);

impl Date {
    /// Keeps a text, whether or not it is a date. `text.parse()` is the strict way.
    #[must_use]
    pub fn from_text(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The day that the text means; `None` when the text is no date.
    #[must_use]
    pub fn date(&self) -> Option<jiff::civil::Date> {
        // The parser would also take a date-time and drop its time.
        if self.0.len() == "YYYY-MM-DD".len() {
            self.0.parse().ok()
        } else {
            None
        }
    }

    /// The text as it was received, or as it will be sent.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<jiff::civil::Date> for Date {
    fn from(date: jiff::civil::Date) -> Self {
        Self(date.to_string())
    }
}

impl TryFrom<&Date> for jiff::civil::Date {
    type Error = DateError;

    fn try_from(date: &Date) -> Result<Self, Self::Error> {
        date.date().ok_or_else(|| DateError(date.0.clone()))
    }
}

impl FromStr for Date {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let date = Self::from_text(text);
        match date.date() {
            Some(_) => Ok(date),
            None => Err(DateError(date.0)),
        }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text is no RFC 3339 `full-date`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError(String);

impl fmt::Display for DateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:?} is not a date (YYYY-MM-DD)", self.0)
    }
}

impl std::error::Error for DateError {}
