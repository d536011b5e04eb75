//! Files of a release.

use std::collections::BTreeMap;

use rusqlite::{Row, params};
use sentry_api::models;
use sentry_api::types::Binary;

use crate::app::Session;
use crate::checksum::sha1;
use crate::columns::{json, number, time, to_json};
use crate::error::Error;
use crate::page::{List, Page};
use crate::slug::check_name;

const SELECT: &str = "SELECT id, name, dist, headers, sha1, length(content) AS size, date_created FROM release_files";

/// What a request for a file gets.
pub(crate) enum Found {
    /// What is known of it.
    Description(models::ReleaseFile),
    /// Its bytes.
    Content(Binary),
}

/// The files of a release whose names contain one of the texts, and that have one of the checksums.
pub(crate) fn page(
    session: &Session,
    page: &Page,
    release: i64,
    names: Option<Vec<String>>,
    checksums: Option<Vec<String>>,
) -> Result<List<models::ReleaseFile>, Error> {
    let sql = format!(
        "{SELECT} WHERE release_id = ?1
         AND (?2 = '[]' OR EXISTS (SELECT 1 FROM json_each(?2) q WHERE instr(name, q.value)))
         AND (?3 = '[]' OR sha1 IN (SELECT value FROM json_each(?3))) ORDER BY name, id"
    );
    let names = to_json(&names.unwrap_or_default())?;
    let checksums = to_json(&checksums.unwrap_or_default())?;
    page.select(session, &sql, (release, names, checksums), read)
}

/// Stores a file. A release has one file of each name and distribution.
pub(crate) fn upload(
    session: &Session,
    release: i64,
    body: models::ReleaseFileUpload,
) -> Result<models::ReleaseFile, Error> {
    let name = body.name.as_deref().or(body.file.file_name());
    let name = name.unwrap_or_default().to_owned();
    check_name("name", &name, 500)?;
    let headers = headers(body.header.unwrap_or_default())?;
    let content = body.file.into_bytes();
    let added = session.execute(
        "INSERT OR IGNORE INTO release_files (release_id, name, dist, headers, sha1, content)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            release,
            name,
            body.dist.unwrap_or_default(),
            to_json(&headers)?,
            sha1(&content),
            &content[..],
        ],
    )?;
    if added == 0 {
        let detail = "A file matching this name already exists for the given release";
        return Err(Error::Conflict(detail.to_owned()));
    }
    let id = session.last_insert_rowid();
    session.one(&format!("{SELECT} WHERE id = ?1"), [id], read)
}

/// A file, or its content for a download.
pub(crate) fn find(
    session: &Session,
    release: i64,
    id: &str,
    download: Option<bool>,
) -> Result<Found, Error> {
    if download == Some(true) {
        let sql = "SELECT content FROM release_files WHERE release_id = ?1 AND id = ?2";
        let content: Vec<u8> = session.one(sql, (release, id), |row| row.get(0))?;
        return Ok(Found::Content(content.into()));
    }
    description(session, release, id).map(Found::Description)
}

/// Renames a file.
pub(crate) fn update(
    session: &Session,
    release: i64,
    id: &str,
    body: &models::ReleaseFileUpdate,
) -> Result<models::ReleaseFile, Error> {
    if let Some(name) = &body.name {
        check_name("name", name, 500)?;
    }
    session.change(
        "UPDATE release_files SET name = coalesce(?3, name), dist = coalesce(?4, dist)
         WHERE release_id = ?1 AND id = ?2",
        (release, id, &body.name, &body.dist),
    )?;
    description(session, release, id)
}

/// Deletes a file.
pub(crate) fn delete(session: &Session, release: i64, id: &str) -> Result<(), Error> {
    let sql = "DELETE FROM release_files WHERE release_id = ?1 AND id = ?2";
    session.change(sql, (release, id))
}

/// Headers that are sent as `name:value`.
fn headers(lines: Vec<String>) -> Result<BTreeMap<String, String>, Error> {
    let header = |line: String| {
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    let headers = lines.into_iter().map(header).collect::<Option<_>>();
    headers.ok_or_else(|| Error::invalid("header", "header value was not formatted correctly"))
}

fn description(session: &Session, release: i64, id: &str) -> Result<models::ReleaseFile, Error> {
    let sql = format!("{SELECT} WHERE release_id = ?1 AND id = ?2");
    session.one(&sql, (release, id), read)
}

fn read(row: &Row) -> rusqlite::Result<models::ReleaseFile> {
    let dist: String = row.get("dist")?;
    Ok(models::ReleaseFile {
        id: number(row, "id")?,
        name: row.get("name")?,
        dist: (!dist.is_empty()).then_some(dist),
        headers: json(row, "headers")?,
        sha1: row.get("sha1")?,
        size: row.get("size")?,
        date_created: time(row, "date_created")?,
    })
}
