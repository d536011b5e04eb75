//! The health of releases: sessions that SDKs send, and their numbers over time.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use rusqlite::Transaction;
use sentry_api::models::{StatsGroup, StatsGroupKey, StatsTable};
use sentry_api::server::operations::releases::RetrieveOrganizationSessionStatsRequest;
use serde_json::Value;

use crate::app::Session;
use crate::columns::to_json;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{self, duration};
use crate::stats::Span;

const STATUSES: [&str; 4] = ["healthy", "errored", "crashed", "abnormal"];

/// The statuses, each worse than those before. A session gets no better, whatever the order in which its updates arrive.
const WORSE: &str = "healthy errored abnormal crashed";

/// Stores an item of an envelope: a session, or numbers of sessions.
pub(crate) fn store(transaction: &Transaction, project: i64, item: &Value) -> Result<(), Error> {
    let attribute = |key: &str| item["attrs"][key].as_str();
    let release = attribute("release").unwrap_or_default();
    let environment = attribute("environment").unwrap_or("production");
    let insert = |id: Option<&str>,
                  user: Option<&str>,
                  status: &str,
                  started: &Value,
                  count: i64| {
        let started = started
            .as_str()
            .and_then(|text| text.parse::<Timestamp>().ok());
        let started = started.unwrap_or_else(Timestamp::now).as_second();
        transaction.execute(
                "INSERT INTO sessions VALUES
                 (?1, coalesce(?2, lower(hex(randomblob(16)))), ?3, ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET user = excluded.user,
                 status = iif(instr(?9, excluded.status) > instr(?9, status), excluded.status, status)",
                (
                    project,
                    id,
                    user,
                    status,
                    release,
                    environment,
                    started,
                    count,
                    WORSE,
                ),
            )
    };
    if let Some(id) = item["sid"].as_str() {
        let has_errors = item["errors"].as_u64().is_some_and(|errors| errors > 0);
        let status = match item["status"].as_str().unwrap_or("ok") {
            status @ ("crashed" | "abnormal") => status,
            "ok" | "exited" if !has_errors => "healthy",
            _ => "errored",
        };
        insert(Some(id), item["did"].as_str(), status, &item["started"], 1)?;
    }
    for numbers in item["aggregates"].as_array().into_iter().flatten() {
        for (key, status) in ["exited", "errored", "crashed", "abnormal"]
            .iter()
            .zip(STATUSES)
        {
            let count = numbers[key].as_i64().filter(|count| *count > 0);
            if let Some(count) = count {
                insert(
                    None,
                    numbers["did"].as_str(),
                    status,
                    &numbers["started"],
                    count,
                )?;
            }
        }
    }
    Ok(())
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

/// The groups of a page, with the numbers of sessions in each, and the table without them.
pub(crate) fn table(
    session: &Session,
    page: &Page,
    request: RetrieveOrganizationSessionStatsRequest,
) -> Result<(List<StatsGroup>, StatsTable), Error> {
    let organization = session.organization(&request.organization_id_or_slug)?;
    let fields = request
        .field
        .iter()
        .map(|text| Ok((text, Field::parse(text)?)));
    let fields = fields.collect::<Result<Vec<_>, Error>>()?;
    let span = span(&request)?;
    let by = request.group_by.clone().unwrap_or_default();
    let rows = rows(session, organization, &request, &span)?;
    let mut groups: BTreeMap<String, Group> = BTreeMap::new();
    for row in &rows {
        let keys = by
            .iter()
            .map(|by| row.key(by))
            .collect::<Result<Vec<_>, _>>()?;
        let group = groups.entry(to_json(&keys)?).or_default();
        group.keys = keys;
        group.total.add(row);
        group.series.entry(row.step).or_default().add(row);
    }
    if by.is_empty() && groups.is_empty() {
        groups.entry(String::new()).or_default();
    }
    let times = span.times();
    let steps = 0..i64::try_from(times.len()).unwrap_or_default();
    let groups = groups.into_values().map(|group| {
        let Group {
            keys,
            total,
            series,
        } = group;
        let keys = by.iter().cloned().zip(keys.into_iter().map(Some));
        let totals = fields
            .iter()
            .map(|(name, field)| ((*name).clone(), total.field(*field)));
        let of_step = |step: i64, field: Field| match series.get(&step) {
            Some(numbers) => numbers.field(field),
            None => Numbers::default().field(field),
        };
        let series = fields.iter().map(|(name, field)| {
            let values = steps.clone().map(|step| of_step(step, *field));
            ((*name).clone(), values.collect())
        });
        StatsGroup {
            by: Some(keys.collect()),
            totals: (request.include_totals != Some(0)).then(|| totals.collect()),
            series: (request.include_series != Some(0)).then(|| series.collect()),
        }
    });
    let mut groups: Vec<_> = groups.collect();
    if let Some(order) = &request.order_by {
        let (name, descends) = match order.strip_prefix('-') {
            Some(name) => (name, true),
            None => (order.as_str(), false),
        };
        if !request.field.iter().any(|field| field == name) {
            return Err(Error::BadRequest(
                "orderBy must be one of the fields".to_owned(),
            ));
        }
        let total =
            |group: &StatsGroup| group.totals.as_ref().and_then(|totals| *totals.get(name)?);
        groups.sort_by(|a, b| {
            total(a)
                .partial_cmp(&total(b))
                .unwrap_or(std::cmp::Ordering::Equal)
        });
        if descends {
            groups.reverse();
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

fn rows(
    session: &Session,
    organization: i64,
    request: &RetrieveOrganizationSessionStatsRequest,
    span: &Span,
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
    let (first, step, last) = span.steps();
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
fn span(request: &RetrieveOrganizationSessionStatsRequest) -> Result<Span, Error> {
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
    Span::of(Some(since), until, step)
}
