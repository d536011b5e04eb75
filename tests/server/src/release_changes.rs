//! Creating and changing releases.

use std::collections::BTreeSet;

use rusqlite::params;
use sentry_api::models;
use sentry_api::types::{Change, Uri};

use crate::app::Session;
use crate::columns::instant;
use crate::error::Error;
use crate::{commits, releases};

/// The most projects that a request may name: each is looked up while nothing else can be written.
const PROJECTS: usize = 1_000;

/// Creates a release, or updates the one of this version. Returns whether it is new.
pub(crate) fn create(
    session: &Session,
    organization: i64,
    body: models::ReleaseCreate,
) -> Result<(bool, models::Release), Error> {
    check_version(&body.version)?;
    let is_new = session.execute(
        "INSERT OR IGNORE INTO releases (organization_id, version) VALUES (?1, ?2)",
        (organization, &body.version),
    )? == 1;
    // `sentry-cli` updates a release by creating it again, and then names no projects.
    if is_new && body.projects.is_empty() {
        return Err(Error::invalid("projects", "This list may not be empty."));
    }
    let id = session.release_of(organization, &body.version)?;
    let heads = body.head_commits.map(|heads| {
        let head = |head: models::ReleaseHeadCommit| models::ReleaseHead {
            repository: Some(head.repository),
            commit: Some(head.current_id),
            previous_commit: head.previous_id,
        };
        heads.into_iter().map(head).collect()
    });
    let change = models::ReleaseUpdate {
        commits: body.commits,
        date_released: body.date_released,
        date_started: body.date_started,
        projects: Some(body.projects),
        r#ref: body.r#ref,
        refs: body.refs.or(heads),
        status: body.status,
        url: body.url,
    };
    update(session, organization, id, change)?;
    Ok((is_new, releases::find(session, id)?))
}

/// Changes what the body names.
pub(crate) fn update(
    session: &Session,
    organization: i64,
    id: i64,
    body: models::ReleaseUpdate,
) -> Result<(), Error> {
    use models::ReleaseStatus::{Archived, Open};
    if !matches!(body.status, None | Some(Open | Archived)) {
        return Err(Error::invalid("status", "Invalid status."));
    }
    let projects = body.projects.iter().flatten().map(id_or_slug);
    let projects: BTreeSet<_> = projects.collect();
    if projects.len() > PROJECTS {
        let reason = format!("At most {PROJECTS} projects.");
        return Err(Error::invalid("projects", reason));
    }
    for project in projects {
        let project = session.project_of(organization, &project);
        let project =
            project.map_err(|_| Error::invalid("projects", "Invalid project ids or slugs."))?;
        session.execute(
            "INSERT OR IGNORE INTO release_projects (release_id, project_id) VALUES (?1, ?2)",
            (id, project),
        )?;
    }
    let (sets_ref, r#ref) = changed(body.r#ref);
    let (sets_url, url) = changed(body.url);
    let (sets_started, started) = changed(body.date_started);
    let (sets_released, released) = changed(body.date_released);
    session.change(
        "UPDATE releases SET status = coalesce(?2, status), ref = iif(?3, ?4, ref),
         url = iif(?5, ?6, url), date_started = iif(?7, ?8, date_started),
         date_released = iif(?9, ?10, date_released) WHERE id = ?1",
        params![
            id,
            body.status.as_ref().map(models::ReleaseStatus::as_str),
            sets_ref,
            r#ref,
            sets_url,
            url.map(check_url).transpose()?,
            sets_started,
            instant("dateStarted", started)?,
            sets_released,
            instant("dateReleased", released)?,
        ],
    )?;
    if let Some(commits) = &body.commits {
        commits::replace(session, organization, id, commits)?;
    } else if let Some(refs) = &body.refs {
        commits::set_heads(session, organization, id, refs)?;
    }
    Ok(())
}

/// A project as paths name it.
fn id_or_slug(project: &models::ReleaseProjectRef) -> String {
    match project {
        models::ReleaseProjectRef::String(text) => text.clone(),
        models::ReleaseProjectRef::Integer(id) => id.to_string(),
        _ => String::new(),
    }
}

/// Whether a property changes, and its new value.
fn changed<T>(change: Change<T>) -> (bool, Option<T>) {
    match change {
        Change::Keep => (false, None),
        Change::Clear => (true, None),
        Change::Set(value) => (true, Some(value)),
    }
}

fn check_url(url: Uri) -> Result<String, Error> {
    match url.check() {
        Ok(()) => Ok(url.as_str().to_owned()),
        Err(_) => Err(Error::invalid("url", "Enter a valid URL.")),
    }
}

/// A version is a segment of paths, so it cannot have what ends one.
fn check_version(version: &str) -> Result<(), Error> {
    let is_forbidden = |c: char| c.is_control() || matches!(c, '/' | '\\');
    let is_free = !version.contains(is_forbidden) && version.trim() == version;
    let length = 1..=250;
    if is_free && length.contains(&version.len()) && !matches!(version, "." | ".." | "latest") {
        return Ok(());
    }
    Err(Error::invalid("version", "Release with name is invalid."))
}
