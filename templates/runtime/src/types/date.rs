//! A calendar date.

use super::text_type::text_type;

text_type! {
    /// A calendar date (`2024-02-29`), kept exactly as it was received.
    ///
    /// Equality, order and hash are those of the text, which for well-formed texts is the order of the dates.
    #[derive(Debug, PartialOrd, Ord)]
    Date, DateError
}

impl Date {
    /// The date; `None` where the text is not an RFC 3339 `full-date`.
    pub fn date(&self) -> Option<jiff::civil::Date> {
        // The parser also accepts a date-time.
        let is_date = self.0.len() == "YYYY-MM-DD".len();
        self.0.parse().ok().filter(|_| is_date)
    }

    fn check(&self) -> Result<(), DateError> {
        jiff::civil::Date::try_from(self).map(drop)
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

/// A text is not an RFC 3339 `full-date`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a date (YYYY-MM-DD)")]
pub struct DateError(String);
