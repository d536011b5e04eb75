//! What became of the events of an organization over time. This service accepts all of them, and all are errors.

use std::collections::BTreeMap;

use sentry_api::models::{
    Outcome, OutcomeCategory, OutcomeGroupBy, StatsGroup, StatsGroupKey, StatsTable,
};
use sentry_api::server::operations::organizations::RetrieveOrganizationStatsV2Request;

use crate::app::Session;
use crate::error::Error;
use crate::search::{self, duration};
use crate::stats::Steps;

/// The numbers of events, by what the request groups them by.
pub(crate) fn table(
    session: &Session,
    request: RetrieveOrganizationStatsV2Request,
) -> Result<StatsTable, Error> {
    let organization = session.organization(&request.organization_id_or_slug)?;
    let ids = request.project.as_ref();
    let named = ids.map(|ids| ids.iter().map(ToString::to_string).collect());
    let projects = session.project_ids(organization, named)?;
    let steps = steps(&request)?;
    let series = series(session, &request, &projects, &steps)?;
    let groups = series.into_iter().map(|(project, counts)| {
        let key = |by: &OutcomeGroupBy| match by {
            OutcomeGroupBy::Outcome => Some(StatsGroupKey::Name("accepted".to_owned())),
            OutcomeGroupBy::Category => Some(StatsGroupKey::Name("error".to_owned())),
            OutcomeGroupBy::Reason => Some(StatsGroupKey::Name("none".to_owned())),
            OutcomeGroupBy::Project => project.map(StatsGroupKey::ProjectId),
            _ => None,
        };
        let by = request
            .group_by
            .iter()
            .map(|by| (by.as_str().to_owned(), key(by)));
        let field = request.field.as_str().to_owned();
        // Numbers of events are small enough for the JSON of a float.
        let total = counts.iter().sum::<i64>() as f64;
        let counts = counts.into_iter().map(|count| Some(count as f64)).collect();
        StatsGroup {
            by: Some(by.collect()),
            totals: Some(BTreeMap::from([(field.clone(), Some(total))])),
            series: Some(BTreeMap::from([(field, counts)])),
        }
    });
    let groups = groups.collect();
    let times = steps.times();
    Ok(StatsTable {
        start: times.first().cloned(),
        end: times.last().cloned(),
        intervals: Some(times),
        groups: Some(groups),
        query: None,
    })
}

/// The numbers of events in each step, by project if the request groups by projects. All of them are accepted errors.
fn series(
    session: &Session,
    request: &RetrieveOrganizationStatsV2Request,
    projects: &[i64],
    steps: &Steps,
) -> Result<BTreeMap<Option<i64>, Vec<i64>>, Error> {
    let is_accepted = matches!(request.outcome, None | Some(Outcome::Accepted));
    let is_error = matches!(request.category, None | Some(OutcomeCategory::Error));
    let has_no_reason = matches!(request.reason.as_deref(), None | Some("none"));
    let by_project = request.group_by.contains(&OutcomeGroupBy::Project);
    let mut series: BTreeMap<Option<i64>, Vec<i64>> = BTreeMap::new();
    if !is_accepted || !is_error || !has_no_reason {
        return Ok(series);
    }
    for &project in projects {
        let points = steps.events(session, "p.id = ?1", Some(project))?;
        let sums = series.entry(by_project.then_some(project)).or_default();
        sums.resize(points.len(), 0);
        for (sum, (_, count)) in sums.iter_mut().zip(points) {
            *sum += count;
        }
    }
    Ok(series)
}

/// The last day in steps of an hour, unless the request says otherwise.
fn steps(request: &RetrieveOrganizationStatsV2Request) -> Result<Steps, Error> {
    let interval = request.interval.as_deref().unwrap_or("1h");
    let error = || Error::BadRequest(format!("Invalid interval: {interval:?}"));
    let step = duration(interval).ok_or_else(error)?.as_secs();
    if step == 0 {
        return Err(error());
    }
    let period = request.stats_period.as_deref();
    let default = request.start.is_none().then_some("24h");
    let (since, until) = search::Span::instants(
        request.start.as_ref(),
        request.end.as_ref(),
        period.or(default),
    )?;
    Steps::of(
        Some(since.as_second()),
        until.map(|until| until.as_second()),
        step,
    )
}
