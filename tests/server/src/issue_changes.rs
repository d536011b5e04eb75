//! Changes of issues, one by one or many at once.

use jiff::{SignedDuration, Timestamp};
use rusqlite::params;
use sentry_api::models::{self, IssueStatus};
use sentry_api::types::Change;

use crate::app::Session;
use crate::columns::to_json;
use crate::error::Error;
use crate::members;

/// What the update of an issue, and that of many, can change.
#[derive(Default)]
pub(crate) struct Changes {
    status: Option<IssueStatus>,
    details: Option<models::IssueStatusDetails>,
    /// How many minutes an ignored issue stays ignored.
    snooze: Option<i64>,
    substatus: Change<models::IssueSubstatus>,
    priority: Option<models::IssuePriority>,
    assigned_to: Option<String>,
    has_seen: Option<bool>,
    is_bookmarked: Option<bool>,
    is_public: Option<bool>,
    is_subscribed: Option<bool>,
    merge: bool,
}

impl From<models::IssueUpdate> for Changes {
    fn from(body: models::IssueUpdate) -> Self {
        Self {
            status: body.status,
            details: body.status_details,
            snooze: None,
            substatus: body.substatus,
            priority: body.priority,
            assigned_to: body.assigned_to,
            has_seen: body.has_seen,
            is_bookmarked: body.is_bookmarked,
            is_public: body.is_public,
            is_subscribed: body.is_subscribed,
            merge: false,
        }
    }
}

impl From<models::IssueBulkUpdate> for Changes {
    fn from(body: models::IssueBulkUpdate) -> Self {
        Self {
            status: body.status,
            details: body.status_details,
            snooze: body
                .snooze_duration
                .value()
                .copied()
                .or(body.ignore_duration),
            assigned_to: body.assigned_to,
            has_seen: body.has_seen,
            is_bookmarked: body.is_bookmarked,
            is_public: body.is_public,
            merge: body.merge.unwrap_or_default(),
            ..Self::default()
        }
    }
}

impl Changes {
    /// Changes issues, and returns the properties that all of them have now.
    pub(crate) fn apply(
        self,
        session: &Session,
        ids: &[i64],
    ) -> Result<models::IssueChanges, Error> {
        let (status, details) = self.status()?;
        let assignee = self.assigned_to.as_deref();
        let assignee = assignee.filter(|text| !text.is_empty());
        for id in ids {
            let actor = assignee.map(|text| actor(session, *id, text)).transpose()?;
            let resolved_in = match status {
                Some(IssueStatus::Resolved) => resolved_in(session, *id, &details)?,
                _ => None,
            };
            session.change(
                "UPDATE issues SET status = coalesce(?2, status), status_details = iif(?2 IS NULL, status_details, ?3),
                 resolved_in = iif(?2 IS NULL, resolved_in, ?4), substatus = iif(?5, ?6, substatus),
                 priority = coalesce(?7, priority), assigned_to = iif(?8, ?9, assigned_to),
                 has_seen = coalesce(?10, has_seen), is_bookmarked = coalesce(?11, is_bookmarked),
                 is_public = coalesce(?12, is_public), is_subscribed = coalesce(?13, is_subscribed)
                 WHERE id = ?1",
                params![
                    id,
                    status.as_ref().map(IssueStatus::as_str),
                    to_json(&details)?,
                    resolved_in,
                    status.is_some() || !self.substatus.is_keep(),
                    self.substatus.value().map(models::IssueSubstatus::as_str),
                    self.priority.as_ref().map(models::IssuePriority::as_str),
                    self.assigned_to.is_some(),
                    actor,
                    self.has_seen,
                    self.is_bookmarked,
                    self.is_public,
                    self.is_subscribed,
                ],
            )?;
        }
        if self.merge {
            merge(session, ids)?;
        }
        Ok(models::IssueChanges {
            is_public: self.is_public,
            status_details: status.as_ref().map(|_| Box::new(details)),
            status,
            ..models::IssueChanges::default()
        })
    }

    /// The new status as it is stored, and the reason for it.
    fn status(&self) -> Result<(Option<IssueStatus>, models::IssueStatusReason), Error> {
        let given = self.details.clone().unwrap_or_default();
        let mut details = models::IssueStatusReason::default();
        let status = match &self.status {
            None => return Ok((None, details)),
            Some(IssueStatus::Resolved) => {
                details.in_release = given.in_release;
                details.in_next_release = given.in_next_release;
                IssueStatus::Resolved
            }
            Some(IssueStatus::ResolvedInNextRelease) => {
                details.in_next_release = Some(true);
                IssueStatus::Resolved
            }
            Some(IssueStatus::Ignored | IssueStatus::Muted) => {
                details.ignore_count = given.ignore_count;
                details.ignore_window = given.ignore_window;
                details.ignore_user_count = given.ignore_user_count;
                details.ignore_user_window = given.ignore_user_window;
                details.ignore_until = self.ignore_until(given.ignore_duration)?;
                IssueStatus::Ignored
            }
            Some(IssueStatus::Unresolved) => IssueStatus::Unresolved,
            Some(other) => {
                let reason = format!("{:?} is not a valid choice.", other.as_str());
                return Err(Error::invalid("status", reason));
            }
        };
        Ok((Some(status), details))
    }

    fn ignore_until(
        &self,
        minutes: Option<i64>,
    ) -> Result<Option<sentry_api::types::Timestamp>, Error> {
        let Some(minutes) = self.snooze.or(minutes) else {
            return Ok(None);
        };
        let minutes = SignedDuration::from_secs(minutes.saturating_mul(60));
        match Timestamp::now().checked_add(minutes) {
            Ok(until) => Ok(Some(until.into())),
            Err(_) => Err(Error::invalid(
                "ignoreDuration",
                "The duration is too long.",
            )),
        }
    }
}

/// The issues of a project with one of the ids, if there are any, and a status, if there is one.
pub(crate) fn select(
    session: &Session,
    project: i64,
    ids: Option<Vec<i64>>,
    status: Option<&str>,
) -> Result<Vec<i64>, Error> {
    let status = status.map(|status| if status == "muted" { "ignored" } else { status });
    let ids = ids.filter(|ids| !ids.is_empty());
    session.all(
        "SELECT id FROM issues WHERE project_id = ?1 AND (?2 IS NULL OR status = ?2)
         AND (?3 IS NULL OR id IN (SELECT value FROM json_each(?3))) ORDER BY id",
        (project, status, ids.as_ref().map(to_json).transpose()?),
        |row| row.get(0),
    )
}

/// Deletes an issue with its events.
pub(crate) fn delete(session: &Session, id: i64) -> Result<(), Error> {
    session.change("DELETE FROM issues WHERE id = ?1", [id])
}

/// Makes one issue of several: the oldest gets the events of all.
fn merge(session: &Session, ids: &[i64]) -> Result<(), Error> {
    let Some((first, others)) = ids.split_first() else {
        return Ok(());
    };
    for other in others {
        session.execute(
            "UPDATE events SET issue_id = ?1 WHERE issue_id = ?2",
            [first, other],
        )?;
        session.change(
            "UPDATE issues SET first_seen = min(first_seen, other.first),
             last_seen = max(last_seen, other.last)
             FROM (SELECT first_seen AS first, last_seen AS last FROM issues WHERE id = ?2) other
             WHERE id = ?1",
            [first, other],
        )?;
        delete(session, *other)?;
    }
    Ok(())
}

/// The release that an issue is resolved in: the one that is named, or the newest one.
fn resolved_in(
    session: &Session,
    issue: i64,
    details: &models::IssueStatusReason,
) -> Result<Option<i64>, Error> {
    let version = details.in_release.as_deref();
    let version = version.filter(|version| *version != "latest");
    let release = session.one(
        "SELECT r.id FROM releases r JOIN release_projects rp ON rp.release_id = r.id
         JOIN issues i ON i.project_id = rp.project_id AND i.id = ?1
         WHERE ?2 IS NULL OR r.version = ?2 ORDER BY r.id DESC LIMIT 1",
        (issue, version),
        |row| row.get(0),
    );
    match (release, version) {
        (Ok(id), _) => Ok(Some(id)),
        (Err(Error::NotFound), None) => Ok(None),
        (Err(Error::NotFound), Some(_)) => {
            let reason = "Unable to find a release with the given version.";
            Err(Error::invalid("statusDetails", reason))
        }
        (Err(other), _) => Err(other),
    }
}

/// Whom an issue is assigned to, as JSON: `user:1`, `team:1`, or the email address of a member.
fn actor(session: &Session, issue: i64, text: &str) -> Result<String, Error> {
    let (kind, id) = text.split_once(':').unwrap_or(("user", text));
    let organization: i64 = session.one(
        "SELECT p.organization_id FROM projects p JOIN issues i ON i.project_id = p.id
         WHERE i.id = ?1",
        [issue],
        |row| row.get(0),
    )?;
    let sql = match kind {
        "team" => {
            "SELECT json_object('type', 'team', 'id', CAST(id AS TEXT), 'name', slug) FROM teams
             WHERE organization_id = ?1 AND (id = ?2 OR slug = ltrim(?2, '#'))"
        }
        _ => members::ACTOR,
    };
    let actor = session.one(sql, (organization, id), |row| row.get(0));
    actor.map_err(|_| Error::invalid("assignedTo", "Unknown actor input"))
}
