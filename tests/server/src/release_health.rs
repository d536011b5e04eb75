//! The health of releases: the numbers of sessions over time.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use sentry_api::models::{self, StatsGroup, StatsGroupKey, StatsTable};
use sentry_api::server::operations::releases::RetrieveOrganizationSessionStatsRequest;

use crate::app::Session;
use crate::columns::to_json;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{self, duration};
use crate::stats::Steps;

/// Adds its health to each project of a release, over a period such as `14d`, or over all time.
pub(crate) fn add(
    session: &Session,
    release: &mut models::Release,
    period: Option<&str>,
) -> Result<(), Error> {
    let (since, _) = search::Span::instants(None, None, period)?;
    for project in release.projects.iter_mut().flatten() {
        let health = session.one(
            "SELECT coalesce(sum(quantity), 0) AS sessions,
             coalesce(sum(iif(status = 'crashed', quantity, 0)), 0) AS crashed,
             coalesce(sum(iif(status = 'errored', quantity, 0)), 0) AS errored,
             count(DISTINCT user) AS users,
             count(DISTINCT iif(status = 'crashed', user, NULL)) AS crashed_users
             FROM sessions WHERE project_id = ?1 AND release = ?2 AND started >= ?3",
            (project.id, &release.version, since.as_second()),
            |row| {
                let (sessions, crashed): (i64, i64) = (row.get("sessions")?, row.get("crashed")?);
                let (users, crashed_users) = (row.get("users")?, row.get("crashed_users")?);
                Ok(models::ReleaseHealth {
                    has_health_data: Some(sessions > 0),
                    total_sessions: Some(sessions),
                    sessions_crashed: Some(crashed),
                    sessions_errored: row.get("errored")?,
                    crash_free_sessions: percent_without(crashed, sessions),
                    total_users: Some(users),
                    crash_free_users: percent_without(crashed_users, users),
                    ..models::ReleaseHealth::default()
                })
            },
        )?;
        project.health_data = Some(Box::new(health));
    }
    Ok(())
}

/// The share of those that did not crash, in percent.
fn percent_without(crashed: i64, all: i64) -> Option<f64> {
    // Numbers of sessions are small enough for a float.
    (all > 0).then(|| 100.0 * (all - crashed) as f64 / all as f64)
}

/// Sessions that are counted together.
#[derive(Default)]
struct Numbers {
    sessions: i64,
    crashed: i64,
    users: BTreeSet<String>,
    crashed_users: BTreeSet<String>,
}

impl Numbers {
    fn add(&mut self, row: &Row) {
        self.sessions += row.quantity;
        let is_crash = row.status == "crashed";
        if is_crash {
            self.crashed += row.quantity;
        }
        if let Some(user) = &row.user {
            self.users.insert(user.clone());
            if is_crash {
                self.crashed_users.insert(user.clone());
            }
        }
    }

    /// The value of a field. Nobody records the duration of sessions any more.
    fn field(&self, field: Field) -> Option<f64> {
        let users = (self.crashed_users.len() as f64, self.users.len() as f64);
        // Numbers of sessions are small enough for the JSON of a float.
        let sessions = (self.crashed as f64, self.sessions as f64);
        let rate = |(crashed, all): (f64, f64)| (all > 0.0).then(|| crashed / all);
        match field {
            Field::Sessions => Some(sessions.1),
            Field::Users => Some(users.1),
            Field::CrashRate { of_users } => rate(if of_users { users } else { sessions }),
            Field::CrashFreeRate { of_users } => {
                rate(if of_users { users } else { sessions }).map(|rate| 1.0 - rate)
            }
            Field::Duration => None,
        }
    }
}

#[derive(Clone, Copy)]
enum Field {
    Sessions,
    Users,
    CrashRate { of_users: bool },
    CrashFreeRate { of_users: bool },
    Duration,
}

impl Field {
    fn parse(text: &str) -> Result<Self, Error> {
        let parts = text.strip_suffix(')').and_then(|text| text.split_once('('));
        Ok(match parts {
            Some(("sum", "session")) => Self::Sessions,
            Some(("count_unique", "user")) => Self::Users,
            Some(("crash_rate", of @ ("session" | "user"))) => Self::CrashRate {
                of_users: of == "user",
            },
            Some(("crash_free_rate", of @ ("session" | "user"))) => Self::CrashFreeRate {
                of_users: of == "user",
            },
            Some(("avg" | "p50" | "p75" | "p90" | "p95" | "p99" | "max", "session.duration")) => {
                Self::Duration
            }
            _ => return Err(Error::BadRequest(format!("Invalid field: \"{text}\""))),
        })
    }
}

/// A row of the table, with the number of its interval.
struct Row {
    project: i64,
    user: Option<String>,
    status: String,
    release: String,
    environment: String,
    step: i64,
    quantity: i64,
}

impl Row {
    fn key(&self, by: &str) -> Result<StatsGroupKey, Error> {
        Ok(match by {
            "project" => StatsGroupKey::ProjectId(self.project),
            "release" => StatsGroupKey::Name(self.release.clone()),
            "environment" => StatsGroupKey::Name(self.environment.clone()),
            "session.status" => StatsGroupKey::Name(self.status.clone()),
            _ => return Err(Error::BadRequest(format!("Invalid groupBy: \"{by}\""))),
        })
    }
}

/// The sessions that have the same keys: their numbers in all, and in each step of time.
#[derive(Default)]
struct Group {
    keys: Vec<StatsGroupKey>,
    total: Numbers,
    series: BTreeMap<i64, Numbers>,
}

impl Group {
    /// The values of the fields, in all and in each of the steps.
    fn describe(self, by: &[String], fields: &[(&String, Field)], steps: usize) -> StatsGroup {
        let keys = by.iter().cloned().zip(self.keys.into_iter().map(Some));
        let totals = fields.iter().map(|(name, field)| {
            let total = self.total.field(*field);
            ((*name).clone(), total)
        });
        let of_step = |step: usize, field: Field| {
            let numbers = i64::try_from(step)
                .ok()
                .and_then(|step| self.series.get(&step));
            numbers.unwrap_or(&Numbers::default()).field(field)
        };
        let series = fields.iter().map(|(name, field)| {
            let values = (0..steps).map(|step| of_step(step, *field));
            ((*name).clone(), values.collect())
        });
        StatsGroup {
            by: Some(keys.collect()),
            totals: Some(totals.collect()),
            series: Some(series.collect()),
        }
    }
}

/// The groups of a page, with the numbers of sessions in each, and the table without them.
pub(crate) fn table(
    session: &Session,
    page: &Page,
    request: RetrieveOrganizationSessionStatsRequest,
) -> Result<(List<StatsGroup>, StatsTable), Error> {
    let organization = session.organization(&request.organization_id_or_slug)?;
    let fields = request.field.iter();
    let fields = fields.map(|text| Ok((text, Field::parse(text)?)));
    let fields = fields.collect::<Result<Vec<_>, Error>>()?;
    let steps = steps(&request)?;
    let times = steps.times();
    let by = request.group_by.clone().unwrap_or_default();
    let groups = groups(&rows(session, organization, &request, &steps)?, &by)?;
    let groups = groups
        .into_iter()
        .map(|group| group.describe(&by, &fields, times.len()));
    let mut groups: Vec<_> = groups.collect();
    if let Some(order) = &request.order_by {
        sort(&mut groups, order, &request.field)?;
    }
    for group in &mut groups {
        if request.include_totals == Some(0) {
            group.totals = None;
        }
        if request.include_series == Some(0) {
            group.series = None;
        }
    }
    let table = StatsTable {
        start: times.first().cloned(),
        end: times.last().cloned(),
        intervals: Some(times),
        groups: None,
        query: Some(request.query.unwrap_or_default()),
    };
    Ok((page.of(groups), table))
}

/// The sessions by their keys. Without keys, there is one group.
fn groups(rows: &[Row], by: &[String]) -> Result<Vec<Group>, Error> {
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for row in rows {
        let keys = by.iter().map(|by| row.key(by));
        let keys = keys.collect::<Result<Vec<_>, _>>()?;
        let group = groups.entry(to_json(&keys)?).or_default();
        group.keys = keys;
        group.total.add(row);
        group.series.entry(row.step).or_default().add(row);
    }
    if by.is_empty() && groups.is_empty() {
        groups.entry(String::new()).or_default();
    }
    Ok(groups.into_values().collect())
}

/// Sorts groups by a field, with `-` in front for the other direction.
fn sort(groups: &mut [StatsGroup], order: &str, fields: &[String]) -> Result<(), Error> {
    let (name, descends) = match order.strip_prefix('-') {
        Some(name) => (name, true),
        None => (order, false),
    };
    if !fields.iter().any(|field| field == name) {
        let detail = "orderBy must be one of the fields";
        return Err(Error::BadRequest(detail.to_owned()));
    }
    let total = |group: &StatsGroup| group.totals.as_ref().and_then(|totals| *totals.get(name)?);
    groups.sort_by(|a, b| total(a).partial_cmp(&total(b)).unwrap_or(Ordering::Equal));
    if descends {
        groups.reverse();
    }
    Ok(())
}

fn rows(
    session: &Session,
    organization: i64,
    request: &RetrieveOrganizationSessionStatsRequest,
    steps: &Steps,
) -> Result<Vec<Row>, Error> {
    let mut releases = Vec::new();
    let mut environments = request.environment.clone().unwrap_or_default();
    for word in search::words(request.query.as_deref().unwrap_or_default()) {
        let (key, value) = word.split_once(':').unwrap_or_default();
        let value = value.trim_matches('"').to_owned();
        match key {
            "release" => releases.push(value),
            "environment" => environments.push(value),
            _ if word.eq_ignore_ascii_case("or") => {}
            _ => return Err(Error::BadRequest(format!("Invalid query: {word:?}"))),
        }
    }
    let projects = session.projects(organization, request.project.clone())?;
    let (first, step, last) = steps.numbers();
    session.all(
        "SELECT *, started / ?4 - ?5 AS step FROM sessions
         WHERE project_id IN (SELECT value FROM json_each(?1))
         AND (?2 = '[]' OR release IN (SELECT value FROM json_each(?2)))
         AND (?3 = '[]' OR environment IN (SELECT value FROM json_each(?3)))
         AND started / ?4 BETWEEN ?5 AND ?6",
        (
            projects,
            to_json(&releases)?,
            to_json(&environments)?,
            step,
            first,
            last,
        ),
        |row| {
            Ok(Row {
                project: row.get("project_id")?,
                user: row.get("user")?,
                status: row.get("status")?,
                release: row.get("release")?,
                environment: row.get("environment")?,
                step: row.get("step")?,
                quantity: row.get("quantity")?,
            })
        },
    )
}

/// The last 90 days in steps of an hour, unless the request says otherwise.
fn steps(request: &RetrieveOrganizationSessionStatsRequest) -> Result<Steps, Error> {
    const DAY: i64 = 24 * 60 * 60;
    let interval = request.interval.as_deref().unwrap_or("1h");
    let error = || Error::BadRequest(format!("Invalid interval: {interval:?}"));
    let step = duration(interval).ok_or_else(error)?.as_secs();
    if !(60 * 60..=DAY).contains(&step) || DAY % step != 0 {
        return Err(error());
    }
    let before = |period: &Option<String>| -> Result<Option<i64>, Error> {
        let Some(period) = period else {
            return Ok(None);
        };
        let error = || Error::BadRequest(format!("Invalid period: {period:?}"));
        let length = duration(period).ok_or_else(error)?.as_secs();
        Ok(Some(Timestamp::now().as_second().saturating_sub(length)))
    };
    let (since, until) = search::Span::instants(
        request.start.as_ref(),
        request.end.as_ref(),
        request.stats_period.as_deref().or(Some("90d")),
    )?;
    let since = before(&request.stats_period_start)?.unwrap_or(since.as_second());
    let until = before(&request.stats_period_end)?.or(until.map(|until| until.as_second()));
    Steps::of(Some(since), until, step)
}
