//! Commits of releases and of repositories.

use rusqlite::{Row, params};
use sentry_api::models;

use crate::app::Session;
use crate::columns::{instant, json, number, time};
use crate::error::Error;
use crate::page::{List, Page};

const SELECT: &str = "SELECT c.*,
     json_object('id', CAST(rp.id AS TEXT), 'name', rp.name, 'url', rp.url, 'status', rp.status,
         'provider', json_object('id', rp.provider_id, 'name', rp.provider_name),
         'dateCreated', rp.date_created) AS repository
     FROM commits c JOIN repositories rp ON rp.id = c.repository_id";

/// The commits of a release, the newest first.
pub(crate) fn of_release(
    session: &Session,
    page: &Page,
    release: i64,
) -> Result<List<models::Commit>, Error> {
    let sql = format!(
        "{SELECT} JOIN release_commits rc ON rc.commit_id = c.id AND rc.release_id = ?1
         ORDER BY rc.position"
    );
    page.select(session, &sql, [release], read)
}

/// The commits of a repository, the newest first.
pub(crate) fn of_repository(
    session: &Session,
    page: &Page,
    repository: i64,
) -> Result<List<models::Commit>, Error> {
    let sql = format!("{SELECT} WHERE rp.id = ?1 ORDER BY c.date_created DESC, c.id DESC");
    page.select(session, &sql, [repository], read)
}

/// The files that the commits of a release change.
pub(crate) fn files_of_release(
    session: &Session,
    page: &Page,
    release: i64,
) -> Result<List<models::CommitFile>, Error> {
    let sql = "SELECT f.path, f.change, c.*, rp.name AS repository, rp.organization_id
         FROM commit_files f JOIN commits c ON c.id = f.commit_id
         JOIN repositories rp ON rp.id = c.repository_id
         JOIN release_commits rc ON rc.commit_id = c.id AND rc.release_id = ?1
         ORDER BY rc.position, f.path";
    page.select(session, sql, [release], |row| {
        Ok(models::CommitFile {
            id: number(row, "id")?,
            org_id: row.get("organization_id")?,
            repo_name: row.get("repository")?,
            commit_message: row.get("message")?,
            filename: row.get("path")?,
            r#type: row.get("change")?,
            author: author(row)?.map(Box::new),
        })
    })
}

/// Replaces the commits of a release. The first one is the newest.
pub(crate) fn replace(
    session: &Session,
    organization: i64,
    release: i64,
    commits: &[models::CommitCreate],
) -> Result<(), Error> {
    clear(session, release)?;
    let default = format!("organization-{organization}");
    for (position, commit) in commits.iter().enumerate() {
        let Some(hash) = commit.id.as_deref() else {
            return Err(Error::invalid("commits", "Each commit needs an id."));
        };
        let name = commit.repository.value().unwrap_or(&default);
        let repository = repository(session, organization, name)?;
        let commit_id = upsert(session, repository, hash, commit)?;
        add(session, release, commit_id, position)?;
    }
    Ok(())
}

/// Sets the newest commit of each repository. The repositories must be known; without any, the release has no commits.
pub(crate) fn set_heads(
    session: &Session,
    organization: i64,
    release: i64,
    heads: &[models::ReleaseHead],
) -> Result<(), Error> {
    clear(session, release)?;
    for (position, head) in heads.iter().enumerate() {
        let (Some(name), Some(hash)) = (&head.repository, &head.commit) else {
            return Err(Error::invalid(
                "refs",
                "Each ref needs a repository and a commit.",
            ));
        };
        let repository = session.one(
            "SELECT id FROM repositories WHERE organization_id = ?1 AND name = ?2",
            (organization, name),
            |row| row.get(0),
        );
        let repository = repository
            .map_err(|_| Error::invalid("refs", format!("Invalid repository names: {name}")))?;
        let commit = upsert(session, repository, hash, &models::CommitCreate::default())?;
        add(session, release, commit, position)?;
    }
    Ok(())
}

fn clear(session: &Session, release: i64) -> Result<(), Error> {
    session.execute(
        "DELETE FROM release_commits WHERE release_id = ?1",
        [release],
    )?;
    Ok(())
}

fn add(session: &Session, release: i64, commit: i64, position: usize) -> Result<(), Error> {
    session.execute(
        "INSERT OR IGNORE INTO release_commits (release_id, commit_id, position)
         VALUES (?1, ?2, ?3)",
        params![release, commit, position],
    )?;
    Ok(())
}

/// The repository of a name, which is created if it is new.
fn repository(session: &Session, organization: i64, name: &str) -> Result<i64, Error> {
    session.one(
        "INSERT INTO repositories (organization_id, name) VALUES (?1, ?2)
         ON CONFLICT DO UPDATE SET name = name RETURNING id",
        (organization, name),
        |row| row.get(0),
    )
}

fn upsert(
    session: &Session,
    repository: i64,
    hash: &str,
    commit: &models::CommitCreate,
) -> Result<i64, Error> {
    let id = session.one(
        "INSERT INTO commits (repository_id, hash, message, author_name, author_email, date_created)
         VALUES (?1, ?2, ?3, ?4, ?5, coalesce(?6, strftime('%Y-%m-%dT%H:%M:%fZ')))
         ON CONFLICT DO UPDATE SET message = coalesce(excluded.message, message),
         author_name = coalesce(excluded.author_name, author_name),
         author_email = coalesce(excluded.author_email, author_email) RETURNING id",
        params![
            repository,
            hash,
            commit.message.value(),
            commit.author_name.value(),
            commit.author_email.value(),
            instant("commits", commit.timestamp.value().cloned())?,
        ],
        |row| row.get(0),
    )?;
    for file in commit.patch_set.value().into_iter().flatten() {
        session.execute(
            "INSERT OR REPLACE INTO commit_files (commit_id, path, change) VALUES (?1, ?2, ?3)",
            (id, &file.path, file.r#type.as_str()),
        )?;
    }
    Ok(id)
}

fn read(row: &Row) -> rusqlite::Result<models::Commit> {
    Ok(models::Commit {
        id: row.get("hash")?,
        message: row.get("message")?,
        author: author(row)?.map(Box::new),
        repository: json(row, "repository")?,
        date_created: time(row, "date_created")?,
        ..models::Commit::default()
    })
}

fn author(row: &Row) -> rusqlite::Result<Option<models::User>> {
    let (name, email): (Option<String>, Option<String>) =
        (row.get("author_name")?, row.get("author_email")?);
    let is_known = name.is_some() || email.is_some();
    Ok(is_known.then(|| models::User {
        name: name.or_else(|| email.clone()),
        email,
        ..models::User::default()
    }))
}
