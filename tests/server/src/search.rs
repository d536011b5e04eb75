//! What lists of issues and events are limited to: a query, and a span of time.

use jiff::{SignedDuration, Timestamp};
use sentry_api::types;
use serde_json::{Value, json};

use crate::columns::to_json;
use crate::error::Error;

/// The condition that an issue `i` or an event `e` fits the terms in `?2`, which [`terms`] makes. A term with `negated` must
/// not fit. `$id` and `$title` are columns, and `$events` selects the events `n` that have the tags.
macro_rules! fits {
    ($id:literal, $title:literal, $events:literal) => {
        concat!(
            "NOT EXISTS (SELECT 1 FROM json_each(?2) t
             WHERE (t.value ->> 'negated') = CASE t.value ->> 'key'
                 WHEN 'text' THEN instr(lower(",
            $title,
            "), lower(t.value ->> 'value')) > 0
                 WHEN 'is' THEN CASE t.value ->> 'value'
                     WHEN 'assigned' THEN i.assigned_to IS NOT NULL
                     WHEN 'unassigned' THEN i.assigned_to IS NULL
                     ELSE t.value ->> 'value' IN (i.status, coalesce(i.substatus, '')) END
                 WHEN 'assigned' THEN coalesce(i.assigned_to ->> 'type' || ':' || (i.assigned_to ->> 'id'), 'none')
                     = t.value ->> 'value'
                 WHEN 'id' THEN ",
            $id,
            " = t.value ->> 'value'
                 WHEN 'issue' THEN upper(p.slug) || '-' || i.number = upper(t.value ->> 'value')
                 WHEN 'project' THEN p.slug = t.value ->> 'value'
                 WHEN 'priority' THEN i.priority = t.value ->> 'value'
                 WHEN 'has' THEN EXISTS (SELECT 1 FROM events n JOIN event_tags x ON x.event = n.number
                     WHERE ",
            $events,
            " AND x.key = t.value ->> 'value')
                 WHEN 'property' THEN EXISTS (SELECT 1 FROM events n WHERE ",
            $events,
            " AND CASE t.value ->> 'property'
                     WHEN 'title' THEN n.title
                     WHEN 'message' THEN n.message
                     WHEN 'platform' THEN n.platform
                     WHEN 'transaction' THEN i.culprit
                     ELSE n.user ->> substr(t.value ->> 'property', length('user.') + 1) END
                 GLOB t.value ->> 'pattern')
                 ELSE EXISTS (SELECT 1 FROM events n JOIN event_tags x ON x.event = n.number
                     WHERE ",
            $events,
            " AND x.key = t.value ->> 'key' AND x.value GLOB t.value ->> 'pattern') END)"
        )
    };
}

pub(crate) const ISSUE_FITS: &str = fits!("i.id", "i.title", "n.issue_id = i.id");
pub(crate) const EVENT_FITS: &str = fits!("e.id", "e.title", "n.number = e.number");

/// What `is:` may ask for.
const STATES: [&str; 9] = [
    "unresolved",
    "resolved",
    "ignored",
    "assigned",
    "unassigned",
    "new",
    "ongoing",
    "escalating",
    "regressed",
];

/// Keys of the real API that are no tags, and that this service cannot search by.
const UNKNOWN: [&str; 15] = [
    "age",
    "assigned_or_suggested",
    "bookmarks",
    "event.timestamp",
    "event.type",
    "first_release",
    "first_seen",
    "firstRelease",
    "firstSeen",
    "last_seen",
    "lastSeen",
    "subscribed",
    "times_seen",
    "timesSeen",
    "timestamp",
];

/// The most words of a query: each is compared with every issue or event.
const WORDS: usize = 100;

/// The terms of a query, such as `is:unresolved !release:shop@* "not found"`, as JSON. Texts must be in the title, and each
/// `key:value` is a tag of an event unless the key is one of those above. `me` is the user.
pub(crate) fn terms(query: &str, me: i64) -> Result<String, Error> {
    let words = words(query);
    if words.len() > WORDS {
        let detail = format!("Invalid query: it has more than {WORDS} words.");
        return Err(Error::BadRequest(detail));
    }
    let words = words.into_iter().filter(|word| word != "AND");
    let terms: Result<Vec<_>, _> = words.map(|word| term(&word, me)).collect();
    to_json(&terms?)
}

fn term(word: &str, me: i64) -> Result<Value, Error> {
    let error = || Error::BadRequest(format!("Invalid query: {word:?} cannot be searched for."));
    let (text, negated) = match word.strip_prefix('!') {
        Some(rest) => (rest, true),
        None => (word, false),
    };
    let (key, value) = match text.split_once(':') {
        Some((key, value)) if !text.starts_with('"') => (key, value),
        _ => ("text", text),
    };
    let value = match (key, value.trim_matches('"')) {
        // `muted` is the older word for `ignored`, and `archived` the newer one.
        ("is", "muted" | "archived") => "ignored".to_owned(),
        ("is", state) if !STATES.contains(&state) => return Err(error()),
        ("assigned", "me") => format!("user:{me}"),
        (_, value) => value.to_owned(),
    };
    // Alternatives, groups, conditions on aggregates, and comparisons.
    let is_beyond = word == "OR" || word.starts_with('(') || key.contains('(');
    if is_beyond || UNKNOWN.contains(&key) || (key != "text" && value.starts_with(['<', '>'])) {
        return Err(error());
    }
    // Only `*` stands for other characters.
    let pattern = value.replace('[', "[[]").replace('?', "[?]");
    let (key, property) = match key {
        "title" | "message" | "platform" | "transaction" => ("property", key),
        "platform.name" => ("property", "platform"),
        "user.ip" => ("property", "user.ip_address"),
        _ if key.starts_with("user.") => ("property", key),
        _ => (key, ""),
    };
    Ok(json!({
        "key": key,
        "property": property,
        "value": value,
        "pattern": pattern,
        "negated": negated,
    }))
}

/// What a list of issues or events is limited to.
pub(crate) struct Search {
    /// Without a query, each list has a default.
    pub(crate) query: Option<String>,
    /// All environments, if there are none.
    pub(crate) environments: Option<Vec<String>>,
    pub(crate) span: Span,
}

/// The condition that an event is of the environments in a parameter, a JSON array; an empty one is all environments.
pub(crate) fn in_environments(event: &str, parameter: u8) -> String {
    format!(
        "(?{parameter} = '[]' OR {event}.environment IN (SELECT value FROM json_each(?{parameter})))"
    )
}

/// An array for [`in_environments`].
pub(crate) fn environments(named: Option<&[String]>) -> Result<String, Error> {
    to_json(named.unwrap_or_default())
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
