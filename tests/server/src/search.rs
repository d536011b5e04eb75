//! What lists of issues and events are limited to: a query, and a span of time.

use jiff::{SignedDuration, Timestamp};
use sentry_api::types;
use serde_json::json;

use crate::error::Error;

/// The condition that an issue `i` fits the terms in `?2`, which [`terms`] makes. A term with `negated` must not fit.
pub(crate) const FITS: &str = "NOT EXISTS (SELECT 1 FROM json_each(?2) t
     WHERE (t.value ->> 'negated') = CASE t.value ->> 'key'
         WHEN 'text' THEN instr(lower(i.title), lower(t.value ->> 'value')) > 0
         WHEN 'is' THEN CASE t.value ->> 'value'
             WHEN 'assigned' THEN i.assigned_to IS NOT NULL
             WHEN 'unassigned' THEN i.assigned_to IS NULL
             ELSE i.status = t.value ->> 'value' END
         WHEN 'id' THEN i.id = t.value ->> 'value'
         WHEN 'level' THEN i.level = t.value ->> 'value'
         WHEN 'priority' THEN i.priority = t.value ->> 'value'
         ELSE EXISTS (SELECT 1 FROM events e JOIN event_tags x ON x.event = e.number
             WHERE e.issue_id = i.id AND x.key = t.value ->> 'key'
             AND x.value = t.value ->> 'value') END)";

/// The terms of a query, such as `is:unresolved !release:1.0 "not found"`, as JSON. Texts must be in the title, and each
/// `key:value` is a tag of an event unless the key is a property of issues.
pub(crate) fn terms(query: &str) -> String {
    let terms = words(query).into_iter().map(|word| {
        let (word, negated) = match word.strip_prefix('!') {
            Some(rest) => (rest, true),
            None => (word.as_str(), false),
        };
        let (key, value) = word.split_once(':').unwrap_or(("text", word));
        // `muted` is the older word for `ignored`, and `archived` the newer one.
        let value = match (key, value.trim_matches('"')) {
            ("is", "muted" | "archived") => "ignored",
            (_, value) => value,
        };
        json!({"key": key, "value": value, "negated": negated})
    });
    terms.collect::<serde_json::Value>().to_string()
}

/// The words of a query. White space in quotation marks does not end a word.
pub(crate) fn words(query: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut is_quoted = false;
    for c in query.chars() {
        is_quoted ^= c == '"';
        match words.last_mut() {
            Some(word) if is_quoted || !c.is_whitespace() => word.push(c),
            _ => words.push(String::new()),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// A span of time. Both ends are as SQLite writes points in time.
pub(crate) struct Span {
    pub(crate) start: String,
    pub(crate) end: String,
}

impl Span {
    /// From `start` to `end`, or the last `period` (`24h`, `14d`); without either, all times.
    pub(crate) fn new(
        start: Option<&types::Timestamp>,
        end: Option<&types::Timestamp>,
        period: Option<&str>,
    ) -> Result<Self, Error> {
        let (start, end) = Self::instants(start, end, period)?;
        Ok(Self {
            start: format!("{start:.3}"),
            end: end.map_or_else(|| "9999".to_owned(), |end| format!("{end:.3}")),
        })
    }

    /// The start, and the end if there is one.
    pub(crate) fn instants(
        start: Option<&types::Timestamp>,
        end: Option<&types::Timestamp>,
        period: Option<&str>,
    ) -> Result<(Timestamp, Option<Timestamp>), Error> {
        let instant = |time: &types::Timestamp| {
            let instant = time.instant();
            instant.ok_or_else(|| Error::BadRequest(format!("Invalid date-time: {time}")))
        };
        let start = match (start, period.filter(|period| !period.is_empty())) {
            (Some(start), _) => instant(start)?,
            (None, Some(period)) => {
                let error = || Error::BadRequest(format!("Invalid statsPeriod: {period:?}"));
                let duration = duration(period).ok_or_else(error)?;
                let start = Timestamp::now().checked_sub(duration);
                start.map_err(|_| error())?
            }
            (None, None) => Timestamp::UNIX_EPOCH,
        };
        Ok((start, end.map(instant).transpose()?))
    }
}

/// A number and a unit: `s`, `m`, `h`, `d` or `w`.
pub(crate) fn duration(period: &str) -> Option<SignedDuration> {
    let (number, unit) = period.split_at_checked(period.len().checked_sub(1)?)?;
    let seconds = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return None,
    };
    let number: i64 = number.parse::<u32>().ok()?.into();
    Some(SignedDuration::from_secs(number * seconds))
}
