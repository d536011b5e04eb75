//! Projects.

use rusqlite::{Params, Row};
use sentry_api::models;
use sentry_api::server::operations::projects::*;
use sentry_api::types::Change;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, options, time};
use crate::error::Error;
use crate::issue_tags::Tags;
use crate::page::{List, Page};
use crate::{events, keys, slug, stats};

const SELECT: &str = "SELECT p.*,
     (SELECT min(e.date_created) FROM events e JOIN issues i ON i.id = e.issue_id
      WHERE i.project_id = p.id) AS first_event,
     (SELECT json_group_array(json_object('id', CAST(t.id AS TEXT), 'slug', t.slug, 'name', t.name))
      FROM teams t JOIN project_teams pt ON pt.team_id = t.id WHERE pt.project_id = p.id) AS teams,
     json_object('id', CAST(o.id AS TEXT), 'slug', o.slug, 'name', o.name) AS organization
     FROM projects p JOIN organizations o ON o.id = p.organization_id";

impl Projects for App {
    async fn list_projects(
        &self,
        context: &Context,
        request: ListProjectsRequest,
    ) -> Result<ListProjectsResponse, Error> {
        let list = self.page(context, request.cursor, request.per_page)?;
        let projects = self.run(context, move |session| {
            let of_user =
                "o.id IN (SELECT organization_id FROM members WHERE user_id = ?1 AND active)";
            page(session, &list, of_user, [session.user.id])
        });
        Ok(projects.await?.into_response(ListProjectsResponse::Ok))
    }

    async fn list_organization_projects(
        &self,
        context: &Context,
        request: ListOrganizationProjectsRequest,
    ) -> Result<ListOrganizationProjectsResponse, Error> {
        let size = request.per_page.or(Some(request.limit));
        let list = self.page(context, request.cursor, size)?;
        let projects = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let filter = "o.id = ?1 AND instr(lower(p.slug || ' ' || p.name), lower(?2))";
            let query = request.query.unwrap_or_default();
            page(session, &list, filter, (organization, query))
        });
        let projects = projects.await?;
        Ok(projects.into_response(ListOrganizationProjectsResponse::Ok))
    }

    async fn create_project(
        &self,
        context: &Context,
        request: CreateProjectRequest,
    ) -> Result<CreateProjectResponse, Error> {
        let project = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let team = session.team(organization, &request.team_id_or_slug)?;
            let id = create(session, organization, &request.body)?;
            add_team(session, id, team)?;
            find(session, id)
        });
        Ok(CreateProjectResponse::Created(project.await?))
    }

    async fn retrieve_project(
        &self,
        context: &Context,
        request: RetrieveProjectRequest,
    ) -> Result<RetrieveProjectResponse, Error> {
        let project = self.run(context, move |session| {
            let id = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let mut project = find(session, id)?;
            let collapse = request.collapse.unwrap_or_default();
            if collapse.iter().any(|part| part == "organization") {
                project.organization = None;
            }
            Ok(project)
        });
        Ok(RetrieveProjectResponse::Ok(project.await?))
    }

    async fn update_project(
        &self,
        context: &Context,
        request: UpdateProjectRequest,
    ) -> Result<UpdateProjectResponse, Error> {
        let project = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.project_of(organization, &request.project_id_or_slug)?;
            update(session, organization, id, request.body)?;
            find(session, id)
        });
        Ok(UpdateProjectResponse::Ok(project.await?))
    }

    async fn delete_project(
        &self,
        context: &Context,
        request: DeleteProjectRequest,
    ) -> Result<DeleteProjectResponse, Error> {
        let deleted = self.run(context, move |session| {
            let id = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            session.change("DELETE FROM projects WHERE id = ?1", [id])
        });
        deleted.await?;
        Ok(DeleteProjectResponse::NoContent)
    }

    async fn add_team_to_project(
        &self,
        context: &Context,
        request: AddTeamToProjectRequest,
    ) -> Result<AddTeamToProjectResponse, Error> {
        let project = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.project_of(organization, &request.project_id_or_slug)?;
            add_team(
                session,
                id,
                session.team(organization, &request.team_id_or_slug)?,
            )?;
            find(session, id)
        });
        Ok(AddTeamToProjectResponse::Created(project.await?))
    }

    async fn remove_team_from_project(
        &self,
        context: &Context,
        request: RemoveTeamFromProjectRequest,
    ) -> Result<RemoveTeamFromProjectResponse, Error> {
        let project = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let id = session.project_of(organization, &request.project_id_or_slug)?;
            let team = session.team(organization, &request.team_id_or_slug)?;
            let sql = "DELETE FROM project_teams WHERE project_id = ?1 AND team_id = ?2";
            session.execute(sql, (id, team))?;
            find(session, id)
        });
        Ok(RemoveTeamFromProjectResponse::Ok(project.await?))
    }

    async fn retrieve_project_stats(
        &self,
        context: &Context,
        request: RetrieveProjectStatsRequest,
    ) -> Result<RetrieveProjectStatsResponse, Error> {
        use models::ProjectStats::Received;
        let span = stats::Steps::new(request.since, request.until, request.resolution)?;
        let points = self.run(context, move |session| {
            let id = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let counts = request.stat.is_none_or(|stat| stat == Received);
            span.events(session, "p.id = ?1", counts.then_some(id))
        });
        Ok(RetrieveProjectStatsResponse::Ok(points.await?))
    }

    async fn list_project_tag_values(
        &self,
        context: &Context,
        request: ListProjectTagValuesRequest,
    ) -> Result<ListProjectTagValuesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let values = self.run(context, move |session| {
            let id = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let tags = Tags {
                filter: "i.project_id = ?1",
                parameter: id,
                key: &request.key,
                environments: None,
            };
            tags.values(session, &page, None)
        });
        Ok(values
            .await?
            .into_response(ListProjectTagValuesResponse::Ok))
    }

    async fn list_project_users(
        &self,
        context: &Context,
        request: ListProjectUsersRequest,
    ) -> Result<ListProjectUsersResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let users = self.run(context, move |session| {
            let id = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            events::users(session, &page, id, request.query.as_deref())
        });
        Ok(users.await?.into_response(ListProjectUsersResponse::Ok))
    }
}

/// A page of the projects that a filter selects.
pub(crate) fn page(
    session: &Session,
    page: &Page,
    filter: &str,
    parameters: impl Params,
) -> Result<List<models::Project>, Error> {
    let sql = format!("{SELECT} WHERE {filter} ORDER BY p.slug, p.id");
    page.select(session, &sql, parameters, read)
}

/// The projects of a team.
pub(crate) fn of_team(session: &Session, team: i64) -> Result<Vec<models::Project>, Error> {
    let sql = format!(
        "{SELECT} WHERE p.id IN (SELECT project_id FROM project_teams WHERE team_id = ?1)
         ORDER BY p.slug, p.id"
    );
    session.all(&sql, [team], read)
}

/// A project.
pub(crate) fn find(session: &Session, id: i64) -> Result<models::Project, Error> {
    session.one(&format!("{SELECT} WHERE p.id = ?1"), [id], read)
}

pub(crate) fn create(
    session: &Session,
    organization: i64,
    body: &models::ProjectCreate,
) -> Result<i64, Error> {
    slug::check_name("name", &body.name, 50)?;
    let slug = slug::choose(body.slug.value().map(String::as_str), &body.name)?;
    if session.project_of(organization, &slug).is_ok() {
        let detail = "A project with this slug already exists.";
        return Err(Error::Conflict(detail.to_owned()));
    }
    session.execute(
        "INSERT INTO projects (organization_id, slug, name, platform) VALUES (?1, ?2, ?3, ?4)",
        (organization, slug, &body.name, body.platform.value()),
    )?;
    let id = session.last_insert_rowid();
    // A project comes with a key, so that events can be sent to it.
    keys::create(session, id, &models::ClientKeyCreate::default())?;
    Ok(id)
}

fn update(
    session: &Session,
    organization: i64,
    id: i64,
    body: models::ProjectUpdate,
) -> Result<(), Error> {
    let options = options(&body, &["name", "slug", "platform"])?;
    if let Some(name) = &body.name {
        slug::check_name("name", name, 50)?;
    }
    if let Some(new) = &body.slug {
        slug::check(new)?;
        if session
            .project_of(organization, new)
            .is_ok_and(|other| other != id)
        {
            let reason = "Another project is already using that slug.";
            return Err(Error::invalid("slug", reason));
        }
    }
    session.change(
        "UPDATE projects SET name = coalesce(?2, name), slug = coalesce(?3, slug),
         platform = iif(?4, platform, ?5), options = json_patch(options, ?6) WHERE id = ?1",
        (
            id,
            &body.name,
            &body.slug,
            body.platform == Change::Keep,
            body.platform.value(),
            options,
        ),
    )
}

pub(crate) fn add_team(session: &Session, project: i64, team: i64) -> Result<(), Error> {
    let sql = "INSERT OR IGNORE INTO project_teams (project_id, team_id) VALUES (?1, ?2)";
    session.execute(sql, (project, team))?;
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<models::Project> {
    let options: models::Project = json(row, "options")?.unwrap_or_default();
    let teams: Vec<models::TeamRef> = json(row, "teams")?.unwrap_or_default();
    let team = teams.first().cloned().map(|team| models::Team {
        id: team.id,
        slug: team.slug,
        name: team.name,
        ..models::Team::default()
    });
    Ok(models::Project {
        id: number(row, "id")?,
        slug: row.get("slug")?,
        name: row.get("name")?,
        platform: row.get("platform")?,
        date_created: time(row, "date_created")?,
        first_event: time(row, "first_event")?,
        team: team.map(Box::new),
        teams: Some(teams),
        organization: json(row, "organization")?,
        status: Some(models::ProjectStatus::Active),
        features: Some(Vec::new()),
        has_access: Some(true),
        is_member: Some(true),
        is_bookmarked: options.is_bookmarked.or(Some(false)),
        is_public: Some(false),
        is_internal: Some(false),
        ..options
    })
}
