//! Repositories of an organization.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::repositories::*;

use crate::app::{App, Context};
use crate::columns::{json, number, time};
use crate::commits;
use crate::error::Error;

impl Repositories for App {
    async fn list_organization_repositories(
        &self,
        context: &Context,
        request: ListOrganizationRepositoriesRequest,
    ) -> Result<ListOrganizationRepositoriesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let repositories = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let sql = "SELECT *, json_object('id', provider_id, 'name', provider_name) AS provider
                 FROM repositories WHERE organization_id = ?1 AND instr(lower(name), lower(?2))
                 AND (?3 IS NULL OR status = ?3) AND ?4 IS NULL ORDER BY name";
            let name = request.query.unwrap_or_default();
            let status = request.status.as_ref();
            let status = status.map(models::RepositoryStatus::as_str);
            // No repository here belongs to an integration.
            let integration = request.integration_id;
            let parameters = (organization, name, status, integration);
            page.select(session, sql, parameters, read)
        });
        let repositories = repositories.await?;
        Ok(repositories.into_response(ListOrganizationRepositoriesResponse::Ok))
    }

    async fn list_organization_repository_commits(
        &self,
        context: &Context,
        request: ListOrganizationRepositoryCommitsRequest,
    ) -> Result<ListOrganizationRepositoryCommitsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let commits = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let repository = session.one(
                "SELECT id FROM repositories WHERE organization_id = ?1 AND id = ?2",
                (organization, &request.repo_id),
                |row| row.get(0),
            )?;
            commits::of_repository(session, &page, repository)
        });
        let commits = commits.await?;
        Ok(commits.into_response(ListOrganizationRepositoryCommitsResponse::Ok))
    }
}

fn read(row: &Row) -> rusqlite::Result<models::Repository> {
    let status: String = row.get("status")?;
    Ok(models::Repository {
        id: number(row, "id")?,
        name: row.get("name")?,
        url: row.get("url")?,
        provider: json(row, "provider")?,
        status: Some(status.into()),
        date_created: time(row, "date_created")?,
        ..models::Repository::default()
    })
}
