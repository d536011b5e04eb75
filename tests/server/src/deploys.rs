//! Deploys of a release.

use rusqlite::{Row, params};
use sentry_api::models;
use sentry_api::types::Timestamp;

use crate::app::Session;
use crate::columns::{instant, number, time};
use crate::error::Error;
use crate::page::{List, Page};
use crate::slug::check_name;

/// The deploys of a release, the newest first.
pub(crate) fn page(
    session: &Session,
    page: &Page,
    release: i64,
) -> Result<List<models::Deploy>, Error> {
    let sql = "SELECT * FROM deploys WHERE release_id = ?1 ORDER BY id DESC";
    page.select(session, sql, [release], read)
}

/// Records a deploy. One that is said not to have finished has finished now.
pub(crate) fn create(
    session: &Session,
    release: i64,
    body: models::DeployCreate,
) -> Result<models::Deploy, Error> {
    check_name("environment", &body.environment, 64)?;
    let finished = body.date_finished.value().cloned();
    let finished = finished.unwrap_or_else(Timestamp::now);
    session.one(
        "INSERT INTO deploys (release_id, environment, name, url, date_started, date_finished)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6) RETURNING *",
        params![
            release,
            body.environment,
            body.name.value(),
            body.url.value(),
            instant("dateStarted", body.date_started.value().cloned())?,
            instant("dateFinished", Some(finished))?,
        ],
        read,
    )
}

fn read(row: &Row) -> rusqlite::Result<models::Deploy> {
    Ok(models::Deploy {
        id: number(row, "id")?,
        environment: row.get("environment")?,
        name: row.get("name")?,
        url: row.get("url")?,
        date_started: time(row, "date_started")?,
        date_finished: time(row, "date_finished")?,
    })
}
