//! The tags of events, counted by issue or project.

use rusqlite::Row;
use sentry_api::models;

use crate::app::Session;
use crate::columns::time;
use crate::error::Error;
use crate::page::{List, Page};

/// The values of a tag `?2` among the events of the issues `i` that a filter selects, the most frequent first.
pub(crate) fn values(
    session: &Session,
    page: &Page,
    filter: &str,
    parameter: i64,
    key: &str,
) -> Result<List<models::TagValue>, Error> {
    page.select(session, &values_sql(filter), (parameter, key), value)
}

/// A tag of an issue, with its most frequent values.
pub(crate) fn tag(session: &Session, issue: i64, key: &str) -> Result<models::IssueTag, Error> {
    let values = session.all(&values_sql("i.id = ?1"), (issue, key), value)?;
    if values.is_empty() {
        return Err(Error::NotFound);
    }
    let counts = values.iter().filter_map(|value| value.count);
    Ok(models::IssueTag {
        key: Some(key.to_owned()),
        name: Some(key.to_owned()),
        total_values: Some(counts.sum()),
        unique_values: i64::try_from(values.len()).ok(),
        top_values: Some(values.into_iter().take(10).collect()),
    })
}

fn values_sql(filter: &str) -> String {
    format!(
        "SELECT x.key, x.value, count(*) AS count, min(e.date_created) AS first_seen,
         max(e.date_created) AS last_seen
         FROM event_tags x JOIN events e ON e.number = x.event JOIN issues i ON i.id = e.issue_id
         WHERE {filter} AND x.key = ?2 GROUP BY x.value ORDER BY count DESC, x.value"
    )
}

fn value(row: &Row) -> rusqlite::Result<models::TagValue> {
    let (key, value): (String, String) = (row.get("key")?, row.get("value")?);
    Ok(models::TagValue {
        query: Some(format!("{key}:\"{value}\"")),
        key: Some(key),
        name: Some(value.clone()),
        value: Some(value),
        count: row.get("count")?,
        first_seen: time(row, "first_seen")?,
        last_seen: time(row, "last_seen")?,
        ..models::TagValue::default()
    })
}
