//! Check-ins of monitors.

use rusqlite::{Row, params};
use sentry_api::models::{self, CheckInStatus};

use crate::app::Session;
use crate::columns::{json, time, to_json};
use crate::error::Error;
use crate::page::{List, Page};
use crate::slug::check_name;

/// The check-ins of a monitor, the newest first.
pub(crate) fn page(
    session: &Session,
    page: &Page,
    monitor: &str,
) -> Result<List<models::CheckIn>, Error> {
    let sql =
        "SELECT * FROM check_ins WHERE monitor_id = ?1 ORDER BY date_created DESC, rowid DESC";
    page.select(session, sql, [monitor], read)
}

/// Records that a job has started, or how it has ended.
pub(crate) fn create(
    session: &Session,
    monitor: &str,
    body: &models::CheckInCreate,
) -> Result<models::CheckIn, Error> {
    let environment = body
        .environment
        .value()
        .map_or("production", String::as_str);
    check_name("environment", environment, 64)?;
    let status = status(body.status.as_ref())?.unwrap_or("in_progress");
    session.one(
        "INSERT INTO check_ins (monitor_id, status, duration, environment, config)
         SELECT id, ?2, ?3, ?4, config FROM monitors WHERE id = ?1 RETURNING *",
        params![
            monitor,
            status,
            duration(body.duration.value())?,
            environment
        ],
        read,
    )
}

/// Ends a check-in; `latest` is the newest one. Returns nothing for one that has ended before.
pub(crate) fn update(
    session: &Session,
    monitor: &str,
    id: &str,
    body: &models::CheckInUpdate,
) -> Result<Option<models::CheckIn>, Error> {
    let (id, current): (String, String) = session.one(
        "SELECT id, status FROM check_ins
         WHERE monitor_id = ?1 AND (?2 = 'latest' OR id = replace(?2, '-', ''))
         ORDER BY date_created DESC, rowid DESC LIMIT 1",
        (monitor, id),
        |row| Ok((row.get("id")?, row.get("status")?)),
    )?;
    if current != "in_progress" {
        return Ok(None);
    }
    let updated = session.one(
        "UPDATE check_ins SET status = coalesce(?2, status), date_updated = strftime('%Y-%m-%dT%H:%M:%fZ'),
         duration = coalesce(?3, duration, iif(?2 IN ('ok', 'error'),
             CAST((julianday() - julianday(date_created)) * 24 * 60 * 60 * 1000 AS INTEGER), NULL))
         WHERE monitor_id = ?4 AND id = ?1 RETURNING *",
        params![id, status(body.status.as_ref())?, duration(body.duration.value())?, monitor],
        read,
    );
    updated.map(Some)
}

/// Deletes the check-ins of some environments.
pub(crate) fn forget(
    session: &Session,
    monitor: &str,
    environments: &[String],
) -> Result<(), Error> {
    session.execute(
        "DELETE FROM check_ins
         WHERE monitor_id = ?1 AND environment IN (SELECT value FROM json_each(?2))",
        (monitor, to_json(&environments)?),
    )?;
    Ok(())
}

fn status(status: Option<&CheckInStatus>) -> Result<Option<&str>, Error> {
    match status {
        Some(CheckInStatus::Unknown(other)) => Err(Error::invalid(
            "status",
            format!("{other:?} is not a valid choice."),
        )),
        known => Ok(known.map(CheckInStatus::as_str)),
    }
}

/// Milliseconds.
fn duration(duration: Option<&i64>) -> Result<Option<i64>, Error> {
    match duration {
        Some(duration) if *duration < 0 => Err(Error::invalid(
            "duration",
            "Ensure this value is not negative.",
        )),
        other => Ok(other.copied()),
    }
}

fn read(row: &Row) -> rusqlite::Result<models::CheckIn> {
    Ok(models::CheckIn {
        id: row.get("id")?,
        status: row.get("status")?,
        duration: row.get("duration")?,
        environment: row.get("environment")?,
        monitor_config: json(row, "config")?,
        date_created: time(row, "date_created")?,
        date_added: time(row, "date_created")?,
        date_updated: time(row, "date_updated")?,
        ..models::CheckIn::default()
    })
}
