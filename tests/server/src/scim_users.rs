//! Members as users of SCIM.

use rusqlite::Row;
use sentry_api::models;

use crate::app::Session;
use crate::columns::number;
use crate::error::Error;
use crate::members;
use crate::scim::{Range, boolean};

const SCHEMA: &str = "urn:ietf:params:scim:schemas:core:2.0:User";

/// The users with an email address, if there is one: how many there are, and those in a range.
pub(crate) fn list(
    session: &Session,
    organization: i64,
    email: Option<&str>,
    range: &Range,
) -> Result<(i64, Vec<models::ScimUser>), Error> {
    let filter = "FROM members WHERE organization_id = ?1 AND (?2 IS NULL OR email = ?2)";
    let sql = format!("SELECT count(*) {filter}");
    let total = session.one(&sql, (organization, email), |row| row.get(0))?;
    let sql = format!("SELECT * {filter} ORDER BY id LIMIT ?3 OFFSET ?4 - 1");
    let users = session.all(&sql, (organization, email, range.count, range.start), read)?;
    Ok((total, users))
}

pub(crate) fn find(session: &Session, id: i64) -> Result<models::ScimUser, Error> {
    session.one("SELECT * FROM members WHERE id = ?1", [id], read)
}

/// Invites a member, or makes a member of a user that has an account.
pub(crate) fn create(
    session: &Session,
    organization: i64,
    body: &models::ScimUserCreate,
) -> Result<models::ScimUser, Error> {
    use models::OrganizationRole::{Owner, Unknown};
    if !body.user_name.contains('@') {
        return Err(Error::invalid("userName", "Enter a valid email address."));
    }
    if body.active == Some(false) {
        return Err(Error::invalid("active", "A new user cannot be inactive."));
    }
    let role = body
        .sentry_org_role
        .clone()
        .unwrap_or(models::OrganizationRole::Member);
    if matches!(role, Owner | Unknown(_)) {
        return Err(Error::invalid(
            "sentryOrgRole",
            "Invalid organization role.",
        ));
    }
    let user = session.one(
        "INSERT OR IGNORE INTO members (organization_id, user_id, email, role)
         VALUES (?1, (SELECT id FROM users WHERE email = ?2), ?2, ?3) RETURNING *",
        (organization, &body.user_name, role.as_str()),
        read,
    );
    user.map_err(|error| match error {
        Error::NotFound => Error::invalid("userName", "User already exists in the database."),
        other => other,
    })
}

/// Activates and deactivates a member: `replace` with the path `active`, or with an object that has `active`.
pub(crate) fn update(
    session: &Session,
    organization: i64,
    id: &str,
    operations: Vec<models::ScimUserOperation>,
) -> Result<(), Error> {
    let member = members::find(session, organization, id)?;
    for operation in operations {
        let value = match operation.path.as_deref() {
            Some("active") => Some(&operation.value),
            None | Some("") => operation.value.get("active"),
            Some(_) => None,
        };
        let active = value
            .and_then(boolean)
            .filter(|_| operation.op.eq_ignore_ascii_case("replace"));
        let active = active.ok_or_else(|| Error::BadRequest("Invalid operation".to_owned()))?;
        if !active {
            members::check_other_owner(session, organization, member)?;
        }
        session.change(
            "UPDATE members SET active = ?2 WHERE id = ?1",
            (member, active),
        )?;
    }
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<models::ScimUser> {
    let (email, role): (String, String) = (row.get("email")?, row.get("role")?);
    Ok(models::ScimUser {
        id: number(row, "id")?,
        user_name: Some(email.clone()),
        emails: Some(vec![models::ScimEmail {
            primary: Some(true),
            r#type: Some("work".to_owned()),
            value: Some(email),
        }]),
        active: row.get("active")?,
        name: Some(models::ScimUserName {
            family_name: Some("N/A".to_owned()),
            given_name: Some("N/A".to_owned()),
        }),
        sentry_org_role: Some(role),
        schemas: Some(vec![SCHEMA.to_owned()]),
        meta: Some(models::ScimMeta {
            resource_type: Some("User".to_owned()),
        }),
    })
}
