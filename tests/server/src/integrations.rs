//! Installed integrations, and the issues of other services that they link to issues.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::integrations::*;

use crate::app::{App, Context, Session};
use crate::columns::uri;
use crate::error::Error;

impl Integrations for App {
    async fn list_organization_sentry_app_installations(
        &self,
        context: &Context,
        request: ListOrganizationSentryAppInstallationsRequest,
    ) -> Result<ListOrganizationSentryAppInstallationsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let installations = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let sql = "SELECT i.*, o.slug, o.name FROM installations i
                       JOIN organizations o ON o.id = i.organization_id
                       WHERE i.organization_id = ?1 ORDER BY i.date_created, i.uuid";
            page.select(session, sql, [organization], read_installation)
        });
        Ok(installations
            .await?
            .into_response(ListOrganizationSentryAppInstallationsResponse::Ok))
    }

    async fn create_external_issue(
        &self,
        context: &Context,
        request: CreateExternalIssueRequest,
    ) -> Result<CreateExternalIssueResponse, Error> {
        let issue = self.run(context, move |session| {
            installation(session, &request.uuid)?;
            let body = request.body;
            if body.web_url.check().is_err() {
                return Err(Error::invalid("webUrl", "Enter a valid URL."));
            }
            // An issue of the organization that the integration is installed in.
            session.one(
                "SELECT i.id FROM issues i JOIN projects p ON p.id = i.project_id
                 JOIN installations n ON n.organization_id = p.organization_id
                 WHERE i.id = ?1 AND n.uuid = ?2",
                (body.issue_id, &request.uuid),
                |row| row.get::<_, i64>(0),
            )?;
            session.one(
                "INSERT INTO external_issues (installation, issue_id, project, identifier, web_url)
                 VALUES (?1, ?2, ?3, ?4, ?5)
                 ON CONFLICT (installation, issue_id) DO UPDATE
                 SET project = excluded.project, identifier = excluded.identifier,
                     web_url = excluded.web_url
                 RETURNING *, (SELECT app_slug FROM installations WHERE uuid = installation) AS service",
                (
                    &request.uuid,
                    body.issue_id,
                    body.project,
                    body.identifier,
                    body.web_url.as_str(),
                ),
                read_issue,
            )
        });
        Ok(CreateExternalIssueResponse::Ok(issue.await?))
    }

    async fn delete_external_issue(
        &self,
        context: &Context,
        request: DeleteExternalIssueRequest,
    ) -> Result<DeleteExternalIssueResponse, Error> {
        let deleted = self.run(context, move |session| {
            installation(session, &request.uuid)?;
            session.change(
                "DELETE FROM external_issues
                 WHERE installation = ?1 AND CAST(id AS TEXT) = ?2",
                (&request.uuid, &request.external_issue_id),
            )
        });
        deleted.await?;
        Ok(DeleteExternalIssueResponse::NoContent)
    }
}

/// Checks that an integration is installed in an organization of the user.
fn installation(session: &Session, uuid: &str) -> Result<(), Error> {
    session.one(
        "SELECT i.uuid FROM installations i JOIN members m ON m.organization_id = i.organization_id
         WHERE i.uuid = ?1 AND m.user_id = ?2 AND m.active",
        (uuid, session.user.id),
        |_| Ok(()),
    )
}

fn read_installation(row: &Row) -> rusqlite::Result<models::SentryAppInstallation> {
    let organization = models::OrganizationRef {
        id: Some(row.get::<_, i64>("organization_id")?.to_string()),
        name: row.get("name")?,
        slug: row.get("slug")?,
    };
    Ok(models::SentryAppInstallation {
        app: Some(models::SentryAppRef {
            sentry_app_id: row.get("app_id")?,
            slug: row.get("app_slug")?,
            uuid: row.get("app_uuid")?,
        }),
        code: None,
        organization: Some(Box::new(organization)),
        status: Some("installed".to_owned()),
        uuid: row.get("uuid")?,
    })
}

fn read_issue(row: &Row) -> rusqlite::Result<models::ExternalIssue> {
    let (project, identifier): (String, String) = (row.get("project")?, row.get("identifier")?);
    Ok(models::ExternalIssue {
        id: Some(row.get::<_, i64>("id")?.to_string()),
        issue_id: Some(row.get::<_, i64>("issue_id")?.to_string()),
        display_name: Some(format!("{project}#{identifier}")),
        service_type: row.get("service")?,
        web_url: uri(row, "web_url")?,
    })
}
