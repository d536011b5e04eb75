//! Teams as groups of SCIM.

use rusqlite::Row;
use sentry_api::models::{self, ScimGroupOperationValue, ScimId};

use crate::app::Session;
use crate::columns::{json, number};
use crate::error::Error;
use crate::scim::Range;
use crate::{members, teams};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:Group";

const SELECT: &str = "SELECT t.id, t.name,
     (SELECT json_group_array(json_object('value', CAST(m.id AS TEXT), 'display', m.email))
      FROM members m JOIN team_members tm ON tm.member_id = m.id WHERE tm.team_id = t.id) AS members
     FROM teams t";

/// The groups with a name, if there is one: how many there are, and those in a range.
pub(crate) fn list(
    session: &Session,
    organization: i64,
    name: Option<&str>,
    range: &Range,
) -> Result<(i64, Vec<models::ScimGroup>), Error> {
    let filter = "WHERE organization_id = ?1 AND (?2 IS NULL OR lower(name) = lower(?2))";
    let sql = format!("SELECT count(*) FROM teams {filter}");
    let total = session.one(&sql, (organization, name), |row| row.get(0))?;
    let sql = format!("{SELECT} {filter} ORDER BY id LIMIT ?3 OFFSET ?4 - 1");
    let groups = session.all(&sql, (organization, name, range.count, range.start), read)?;
    Ok((total, groups))
}

pub(crate) fn find(session: &Session, id: i64) -> Result<models::ScimGroup, Error> {
    session.one(&format!("{SELECT} WHERE t.id = ?1"), [id], read)
}

/// Creates a team. As in the real API, it is empty whatever the body says of members.
pub(crate) fn create(
    session: &Session,
    organization: i64,
    body: &models::ScimGroupCreate,
) -> Result<models::ScimGroup, Error> {
    let id = teams::create(session, organization, &body.display_name, None)?;
    find(session, id)
}

/// Adds, removes and replaces members, and renames the team.
pub(crate) fn update(
    session: &Session,
    organization: i64,
    id: i64,
    operations: Vec<models::ScimGroupOperation>,
) -> Result<(), Error> {
    for operation in operations {
        let path = operation.path.unwrap_or_default();
        match (operation.op.to_lowercase().as_str(), operation.value) {
            ("add", Some(ScimGroupOperationValue::Members(members))) => {
                add(session, organization, id, members)?;
            }
            ("replace", Some(ScimGroupOperationValue::Members(members))) => {
                session.execute("DELETE FROM team_members WHERE team_id = ?1", [id])?;
                add(session, organization, id, members)?;
            }
            ("replace", Some(ScimGroupOperationValue::Attributes(attributes))) => {
                let name = attributes.display_name.as_deref();
                teams::update(session, organization, id, name, None)?;
            }
            ("remove", _) => remove(session, organization, id, &path)?,
            _ => return Err(Error::BadRequest("Invalid operation".to_owned())),
        }
    }
    Ok(())
}

fn add(
    session: &Session,
    organization: i64,
    team: i64,
    members: Vec<models::ScimGroupMemberInput>,
) -> Result<(), Error> {
    for member in members {
        let id = match member.value {
            ScimId::String(id) => id,
            ScimId::Integer(id) => id.to_string(),
            _ => return Err(Error::NotFound),
        };
        let member = members::find(session, organization, &id)?;
        let sql = "INSERT OR IGNORE INTO team_members (team_id, member_id) VALUES (?1, ?2)";
        session.execute(sql, [team, member])?;
    }
    Ok(())
}

/// Removes all members, or the one of `members[value eq "1"]`.
fn remove(session: &Session, organization: i64, team: i64, path: &str) -> Result<(), Error> {
    let member = match path.split('"').nth(1) {
        Some(id) => Some(members::find(session, organization, id)?),
        None => None,
    };
    session.execute(
        "DELETE FROM team_members WHERE team_id = ?1 AND (?2 IS NULL OR member_id = ?2)",
        (team, member),
    )?;
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<models::ScimGroup> {
    Ok(models::ScimGroup {
        id: number(row, "id")?,
        display_name: row.get("name")?,
        members: json(row, "members")?,
        schemas: Some(vec![SCHEMA.to_owned()]),
        meta: Some(models::ScimMeta {
            resource_type: Some("Group".to_owned()),
        }),
    })
}
