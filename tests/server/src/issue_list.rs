//! Lists of issues: searching, ordering, and what is added to each.

use rusqlite::types::ToSql;
use sentry_api::models;

use crate::app::Session;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{ISSUE_FITS, Search, Span, environments, in_environments, terms};
use crate::{issues, stats};

/// The order of a list of issues.
pub(crate) fn order(sort: &models::IssueSort) -> Result<&'static str, Error> {
    match sort {
        models::IssueSort::Date => Ok("i.last_seen DESC, i.id DESC"),
        models::IssueSort::New => Ok("i.first_seen DESC, i.id DESC"),
        models::IssueSort::Frequency => Ok("count DESC, i.id DESC"),
        models::IssueSort::User => Ok("user_count DESC, i.id DESC"),
        other => Err(Error::BadRequest(format!(
            "Cannot sort by {:?}.",
            other.as_str()
        ))),
    }
}

/// The issues that fit a query. Without one, those that are not resolved.
pub(crate) fn search(
    session: &Session,
    page: &Page,
    projects: &str,
    search: &Search,
    order: &str,
) -> Result<List<models::Issue>, Error> {
    let in_environments = in_environments("e", 5);
    let filter = format!(
        "p.id IN (SELECT value FROM json_each(?1)) AND {ISSUE_FITS}
         AND i.last_seen BETWEEN ?3 AND ?4
         AND EXISTS (SELECT 1 FROM events e WHERE e.issue_id = i.id AND {in_environments})"
    );
    let query = search.query.as_deref().unwrap_or("is:unresolved");
    let terms = terms(query, session.user.id)?;
    let environments = environments(search.environments.as_deref())?;
    let Span { start, end } = &search.span;
    let parameters: [&dyn ToSql; 5] = [&projects, &terms, start, end, &environments];
    issues::select(session, page, &filter, parameters.as_slice(), order)
}

/// The issue whose short id the query is, if the request has it looked up.
pub(crate) fn looked_up(
    session: &Session,
    organization: &str,
    lookup: Option<models::IssueShortIdLookup>,
    search: &Search,
) -> Option<i64> {
    let query = search.query.as_deref()?.trim();
    let is_wanted = lookup == Some(models::IssueShortIdLookup::Yes) && query.contains('-');
    is_wanted.then(|| session.issue_of(organization, query).ok())?
}

/// Adds the numbers of events over a period.
pub(crate) fn with_stats(
    session: &Session,
    issues: List<models::Issue>,
    period: Option<&models::IssueStatsPeriod>,
) -> Result<List<models::Issue>, Error> {
    const HOUR: i64 = 60 * 60;
    const DAY: i64 = 24 * HOUR;
    let (length, step) = match period {
        None | Some(models::IssueStatsPeriod::Nothing) => return Ok(issues),
        Some(models::IssueStatsPeriod::TwentyFourHours) => (DAY, HOUR),
        Some(_) => (14 * DAY, DAY),
    };
    let name = period.map_or_else(String::new, |period| period.as_str().to_owned());
    let since = jiff::Timestamp::now().as_second().saturating_sub(length);
    let span = stats::Steps::of(Some(since), None, step)?;
    issues.try_map(|mut issue| {
        let id = issue.id.as_deref().and_then(|id| id.parse().ok());
        let points = span.events(session, "i.id = ?1", id)?.into_iter();
        // The numbers of SQLite are small enough for the JSON of a float.
        let points = points
            .map(|(time, count)| (time as f64, count as f64))
            .collect();
        issue.stats = Some([(name.clone(), points)].into());
        Ok(issue)
    })
}
