//! The tags of events, counted by issue or project.

use rusqlite::Row;
use sentry_api::models::{self, TagValueSort};

use crate::app::Session;
use crate::columns::time;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{environments, in_environments};

/// A tag of events.
pub(crate) struct Tags<'a> {
    /// Selects the issues `i`, with one parameter.
    pub(crate) filter: &'a str,
    pub(crate) parameter: i64,
    pub(crate) key: &'a str,
    /// Those of the events; all, if there are none.
    pub(crate) environments: Option<&'a [String]>,
}

impl Tags<'_> {
    /// The values of the tag. The most frequent ones come first, unless a request says otherwise.
    pub(crate) fn values(
        &self,
        session: &Session,
        page: &Page,
        sort: Option<&TagValueSort>,
    ) -> Result<List<models::TagValue>, Error> {
        let order = match sort {
            None | Some(TagValueSort::Count) => MOST_FREQUENT,
            Some(TagValueSort::Date) => "last_seen DESC, x.value",
            Some(TagValueSort::Age) => "first_seen DESC, x.value",
            Some(TagValueSort::Id) => "min(e.number) DESC",
            Some(other) => {
                let detail = format!("Cannot sort by {:?}.", other.as_str());
                return Err(Error::BadRequest(detail));
            }
        };
        let parameters = (self.parameter, self.key, environments(self.environments)?);
        page.select(session, &self.sql(order), parameters, value)
    }

    fn sql(&self, order: &str) -> String {
        let Self { filter, .. } = self;
        let in_environments = in_environments("e", 3);
        format!(
            "SELECT x.key, x.value, count(*) AS count, min(e.date_created) AS first_seen,
             max(e.date_created) AS last_seen
             FROM event_tags x JOIN events e ON e.number = x.event JOIN issues i ON i.id = e.issue_id
             WHERE {filter} AND x.key = ?2 AND {in_environments}
             GROUP BY x.value ORDER BY {order}"
        )
    }
}

const MOST_FREQUENT: &str = "count DESC, x.value";

/// A tag of an issue, with its most frequent values.
pub(crate) fn tag(
    session: &Session,
    issue: i64,
    key: &str,
    named: Option<&[String]>,
) -> Result<models::IssueTag, Error> {
    let tags = Tags {
        filter: "i.id = ?1",
        parameter: issue,
        key,
        environments: named,
    };
    let parameters = (issue, key, environments(named)?);
    let values = session.all(&tags.sql(MOST_FREQUENT), parameters, value)?;
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
