//! Teams.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::teams::*;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, time};
use crate::error::Error;
use crate::{projects, slug, stats};

/// Teams, as the user `?1` sees them.
const SELECT: &str = "SELECT t.*,
     (SELECT count(*) FROM team_members tm WHERE tm.team_id = t.id) AS member_count,
     EXISTS (SELECT 1 FROM team_members tm JOIN members m ON m.id = tm.member_id
             WHERE tm.team_id = t.id AND m.user_id = ?1) AS is_member,
     json_object('id', CAST(o.id AS TEXT), 'slug', o.slug, 'name', o.name) AS organization
     FROM teams t JOIN organizations o ON o.id = t.organization_id";

const SLUG_IS_TAKEN: &str = "A team with this slug already exists.";

impl Teams for App {
    async fn list_organization_teams(
        &self,
        context: &Context,
        request: ListOrganizationTeamsRequest,
    ) -> Result<ListOrganizationTeamsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let teams = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let sql = format!(
                "{SELECT} WHERE o.id = ?2 AND instr(lower(t.slug || ' ' || t.name), lower(?3))
                 ORDER BY t.slug"
            );
            let query = request.query.unwrap_or_default();
            let parameters = (session.user.id, organization, query);
            let teams = page.select(session, &sql, parameters, read)?;
            if request.detailed.as_deref() == Some("0") {
                return Ok(teams);
            }
            teams.try_map(|team| with_projects(session, team))
        });
        Ok(teams
            .await?
            .into_response(ListOrganizationTeamsResponse::Ok))
    }

    async fn create_team(
        &self,
        context: &Context,
        request: CreateTeamRequest,
    ) -> Result<CreateTeamResponse, Error> {
        let team = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let (name, slug) = (request.body.name.value(), request.body.slug.value());
            let reason = "At least one of `name` and `slug` is required.";
            let name = name
                .or(slug)
                .ok_or_else(|| Error::BadRequest(reason.to_owned()))?;
            let id = create(session, organization, name, slug.map(String::as_str))?;
            session.execute(
                "INSERT INTO team_members (team_id, member_id)
                 SELECT ?1, id FROM members WHERE organization_id = ?2 AND user_id = ?3",
                (id, organization, session.user.id),
            )?;
            find(session, id)
        });
        Ok(CreateTeamResponse::Created(team.await?))
    }

    async fn retrieve_team(
        &self,
        context: &Context,
        request: RetrieveTeamRequest,
    ) -> Result<RetrieveTeamResponse, Error> {
        let team = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id_or_slug)?;
            let mut team = find(session, id)?;
            // The teams of other services, which `expand` may ask for, are none.
            if has_part(request.expand.as_deref(), "projects") {
                team = with_projects(session, team)?;
            }
            if has_part(request.collapse.as_deref(), "organization") {
                team.organization = None;
            }
            Ok(team)
        });
        Ok(RetrieveTeamResponse::Ok(team.await?))
    }

    async fn update_team(
        &self,
        context: &Context,
        request: UpdateTeamRequest,
    ) -> Result<UpdateTeamResponse, Error> {
        let team = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id_or_slug)?;
            let models::TeamUpdate { name, slug } = request.body;
            update(session, organization, id, name.as_deref(), slug.as_deref())?;
            find(session, id)
        });
        Ok(UpdateTeamResponse::Ok(team.await?))
    }

    async fn delete_team(
        &self,
        context: &Context,
        request: DeleteTeamRequest,
    ) -> Result<DeleteTeamResponse, Error> {
        let deleted = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id_or_slug)?;
            session.change("DELETE FROM teams WHERE id = ?1", [id])
        });
        deleted.await?;
        Ok(DeleteTeamResponse::NoContent)
    }

    async fn list_team_projects(
        &self,
        context: &Context,
        request: ListTeamProjectsRequest,
    ) -> Result<ListTeamProjectsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let projects = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id_or_slug)?;
            projects::page(
                session,
                &page,
                "p.id IN (SELECT project_id FROM project_teams WHERE team_id = ?1)",
                [id],
            )
        });
        Ok(projects.await?.into_response(ListTeamProjectsResponse::Ok))
    }

    async fn retrieve_team_stats(
        &self,
        context: &Context,
        request: RetrieveTeamStatsRequest,
    ) -> Result<RetrieveTeamStatsResponse, Error> {
        use models::TeamStats::Received;
        let span = stats::Steps::new(request.since, request.until, request.resolution)?;
        let points = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.team(organization, &request.team_id_or_slug)?;
            let counts = request.stat.is_none_or(|stat| stat == Received);
            let filter = "p.id IN (SELECT project_id FROM project_teams WHERE team_id = ?1)";
            span.events(session, filter, counts.then_some(id))
        });
        Ok(RetrieveTeamStatsResponse::Ok(points.await?))
    }
}

/// All teams of an organization.
pub(crate) fn of_organization(
    session: &Session,
    organization: i64,
) -> Result<Vec<models::Team>, Error> {
    let sql = format!("{SELECT} WHERE o.id = ?2 ORDER BY t.slug");
    session.all(&sql, (session.user.id, organization), read)
}

/// Creates a team, and returns its id.
pub(crate) fn create(
    session: &Session,
    organization: i64,
    name: &str,
    slug: Option<&str>,
) -> Result<i64, Error> {
    slug::check_name("name", name, 64)?;
    let slug = slug::choose(slug, name)?;
    if is_taken(session, organization, &slug, None)? {
        return Err(Error::Conflict(SLUG_IS_TAKEN.to_owned()));
    }
    session.execute(
        "INSERT INTO teams (organization_id, slug, name) VALUES (?1, ?2, ?3)",
        (organization, slug, name),
    )?;
    Ok(session.last_insert_rowid())
}

/// Renames a team.
pub(crate) fn update(
    session: &Session,
    organization: i64,
    id: i64,
    name: Option<&str>,
    slug: Option<&str>,
) -> Result<(), Error> {
    if let Some(name) = name {
        slug::check_name("name", name, 64)?;
    }
    if let Some(slug) = slug {
        slug::check(slug)?;
        if is_taken(session, organization, slug, Some(id))? {
            return Err(Error::invalid("slug", SLUG_IS_TAKEN));
        }
    }
    session.change(
        "UPDATE teams SET name = coalesce(?2, name), slug = coalesce(?3, slug) WHERE id = ?1",
        (id, name, slug),
    )
}

/// Whether another team has the slug.
fn is_taken(
    session: &Session,
    organization: i64,
    slug: &str,
    own: Option<i64>,
) -> Result<bool, Error> {
    let sql =
        "SELECT count(*) FROM teams WHERE organization_id = ?1 AND slug = ?2 AND id IS NOT ?3";
    session.one(sql, (organization, slug, own), |row| row.get(0))
}

fn find(session: &Session, id: i64) -> Result<models::Team, Error> {
    session.one(
        &format!("{SELECT} WHERE t.id = ?2"),
        [session.user.id, id],
        read,
    )
}

/// Whether a list of parts, which are separated by commas, has one of them.
fn has_part(list: Option<&str>, part: &str) -> bool {
    list.is_some_and(|list| list.split(',').any(|name| name.trim() == part))
}

fn with_projects(session: &Session, mut team: models::Team) -> Result<models::Team, Error> {
    let id = team.id.as_deref().and_then(|id| id.parse().ok());
    team.projects = Some(projects::of_team(session, id.unwrap_or_default())?);
    Ok(team)
}

fn read(row: &Row) -> rusqlite::Result<models::Team> {
    Ok(models::Team {
        id: number(row, "id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        date_created: time(row, "date_created")?,
        member_count: row.get("member_count")?,
        is_member: row.get("is_member")?,
        has_access: Some(true),
        is_pending: Some(false),
        organization: json(row, "organization")?,
        ..models::Team::default()
    })
}
