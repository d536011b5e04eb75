//! Members of an organization.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::members::*;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, time};
use crate::error::Error;

const SELECT: &str = "SELECT m.*, u.name, u.date_joined,
     (SELECT json_group_array(t.slug) FROM teams t JOIN team_members tm ON tm.team_id = t.id
      WHERE tm.member_id = m.id) AS teams,
     (SELECT json_group_array(DISTINCT p.slug) FROM projects p
      JOIN project_teams pt ON pt.project_id = p.id
      JOIN team_members tm ON tm.team_id = pt.team_id WHERE tm.member_id = m.id) AS projects
     FROM members m LEFT JOIN users u ON u.id = m.user_id";

impl Members for App {
    async fn list_organization_users(
        &self,
        context: &Context,
        request: ListOrganizationUsersRequest,
    ) -> Result<ListOrganizationUsersResponse, Error> {
        let members = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let projects = session.projects(organization, request.project.map(|one| vec![one]))?;
            let sql = format!(
                "{SELECT} WHERE m.organization_id = ?1 AND m.active AND m.user_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM team_members tm
                     JOIN project_teams pt ON pt.team_id = tm.team_id
                     WHERE tm.member_id = m.id AND pt.project_id IN (SELECT value FROM json_each(?2)))
                 ORDER BY m.email"
            );
            session.all(&sql, (organization, projects), read)
        });
        Ok(ListOrganizationUsersResponse::Ok(members.await?))
    }

    async fn retrieve_organization_member(
        &self,
        context: &Context,
        request: RetrieveOrganizationMemberRequest,
    ) -> Result<RetrieveOrganizationMemberResponse, Error> {
        let member = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = find(session, organization, &request.member_id)?;
            session.one(&format!("{SELECT} WHERE m.id = ?1"), [id], read)
        });
        Ok(RetrieveOrganizationMemberResponse::Ok(member.await?))
    }

    async fn delete_organization_member(
        &self,
        context: &Context,
        request: DeleteOrganizationMemberRequest,
    ) -> Result<DeleteOrganizationMemberResponse, Error> {
        let removed = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            remove(session, organization, &request.member_id)
        });
        removed.await?;
        Ok(DeleteOrganizationMemberResponse::NoContent)
    }
}

/// The id of a member. `me` is the user of the request.
pub(crate) fn find(session: &Session, organization: i64, id: &str) -> Result<i64, Error> {
    session.one(
        "SELECT id FROM members
         WHERE organization_id = ?1 AND (CAST(id AS TEXT) = ?2 OR (?2 = 'me' AND user_id = ?3))",
        (organization, id, session.user.id),
        |row| row.get(0),
    )
}

/// Removes a member.
pub(crate) fn remove(session: &Session, organization: i64, id: &str) -> Result<(), Error> {
    let id = find(session, organization, id)?;
    check_other_owner(session, organization, id)?;
    session.change("DELETE FROM members WHERE id = ?1", [id])
}

/// Fails for the only owner of an organization: without one, it could not be changed any more.
pub(crate) fn check_other_owner(
    session: &Session,
    organization: i64,
    id: i64,
) -> Result<(), Error> {
    let other_owner = session.one(
        "SELECT count(*) FROM members WHERE organization_id = ?1 AND role = 'owner' AND active
         AND user_id IS NOT NULL AND id != ?2",
        [organization, id],
        |row| row.get::<_, bool>(0),
    )?;
    if other_owner {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

fn read(row: &Row) -> rusqlite::Result<models::Member> {
    let (email, role): (String, String) = (row.get("email")?, row.get("role")?);
    let (name, user): (Option<String>, _) = (row.get("name")?, number(row, "user_id")?);
    let pending = user.is_none();
    let date_joined = time(row, "date_joined")?;
    let user = user.map(|id| models::User {
        id: Some(id),
        email: Some(email.clone()),
        username: Some(email.clone()),
        name: name.clone(),
        date_joined,
        is_active: Some(true),
        ..models::User::default()
    });
    Ok(models::Member {
        id: number(row, "id")?,
        name: Some(name.unwrap_or_else(|| email.clone())),
        email: Some(email),
        user: user.map(Box::new),
        role_name: Some(role.clone()),
        org_role: Some(role.clone()),
        role: Some(role.into()),
        pending: Some(pending),
        expired: Some(false),
        teams: json(row, "teams")?,
        projects: json(row, "projects")?,
        date_created: time(row, "date_created")?,
        ..models::Member::default()
    })
}

/// A member `?2` of the organization `?1`, by the id of the user or by email address, as JSON.
pub(crate) const ACTOR: &str = "SELECT json_object('type', 'user', 'id', CAST(u.id AS TEXT),
     'name', u.name, 'email', u.email) FROM users u JOIN members m ON m.user_id = u.id
     WHERE m.organization_id = ?1 AND m.active AND (u.id = ?2 OR u.email = ?2)";
