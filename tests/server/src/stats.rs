//! How many events there were over time.

use std::collections::BTreeMap;

use sentry_api::models::{StatsPoint, StatsResolution};

use sentry_api::types::Timestamp;

use crate::app::Session;
use crate::error::Error;

/// The most points of a series.
const MOST_POINTS: i64 = 10_000;

/// A span of time in equal steps, in seconds since 1970.
pub(crate) struct Steps {
    first: i64,
    last: i64,
    step: i64,
}

impl Steps {
    /// A day in steps of an hour, unless the request says otherwise.
    pub(crate) fn new(
        since: Option<i64>,
        until: Option<i64>,
        resolution: Option<StatsResolution>,
    ) -> Result<Self, Error> {
        let step = match resolution {
            Some(StatsResolution::TenSeconds) => 10,
            Some(StatsResolution::OneDay) => 24 * 60 * 60,
            None | Some(StatsResolution::OneHour) => 60 * 60,
            Some(other) => {
                let detail = format!("Invalid resolution: {}", other.as_str());
                return Err(Error::BadRequest(detail));
            }
        };
        Self::of(since, until, step)
    }

    /// The last day in steps of some seconds, unless the request says otherwise.
    pub(crate) fn of(since: Option<i64>, until: Option<i64>, step: i64) -> Result<Self, Error> {
        let until = until.unwrap_or_else(|| jiff::Timestamp::now().as_second());
        let since = since.unwrap_or_else(|| until.saturating_sub(24 * 60 * 60));
        let (first, last) = (since.div_euclid(step), until.div_euclid(step));
        if last.saturating_sub(first) >= MOST_POINTS {
            let detail = format!("The series has more than {MOST_POINTS} points.");
            return Err(Error::BadRequest(detail));
        }
        Ok(Self { first, last, step })
    }

    /// The number of the first step, the length of a step, and the number of the last one.
    pub(crate) fn numbers(&self) -> (i64, i64, i64) {
        (self.first, self.step, self.last)
    }

    /// The beginning of each step.
    pub(crate) fn times(&self) -> Vec<Timestamp> {
        let seconds = (self.first..=self.last).map(|step| step.saturating_mul(self.step));
        let times = seconds.filter_map(|seconds| jiff::Timestamp::from_second(seconds).ok());
        times.map(Timestamp::from).collect()
    }

    /// The number of events in each step, of the projects `p` that a filter selects; zeros without its parameter.
    pub(crate) fn events(
        &self,
        session: &Session,
        filter: &str,
        parameter: Option<i64>,
    ) -> Result<Vec<StatsPoint>, Error> {
        let sql = format!(
            "SELECT CAST(strftime('%s', e.date_created) AS INTEGER) / ?2 AS step, count(*)
             FROM events e JOIN issues i ON i.id = e.issue_id
             JOIN projects p ON p.id = i.project_id
             WHERE {filter} AND step BETWEEN ?3 AND ?4 GROUP BY step"
        );
        let parameters = (parameter, self.step, self.first, self.last);
        let counts = session.all(&sql, parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
        let counts: BTreeMap<i64, i64> = counts.into_iter().collect();
        let point = |step: i64| {
            let count = counts.get(&step).copied().unwrap_or_default();
            (step.saturating_mul(self.step), count)
        };
        Ok((self.first..=self.last).map(point).collect())
    }
}
