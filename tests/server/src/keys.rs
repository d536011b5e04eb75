//! Client keys of a project, which SDKs send events with.

use rusqlite::{Row, params};
use sentry_api::models;
use sentry_api::server::operations::client_keys::*;
use sentry_api::types::{Change, Secret};

use crate::app::{App, Context, Session};
use crate::columns::{json, time, to_json};
use crate::error::Error;
use crate::slug::check_name;

const SELECT: &str = "SELECT * FROM client_keys";

impl ClientKeys for App {
    async fn list_project_client_keys(
        &self,
        context: &Context,
        request: ListProjectClientKeysRequest,
    ) -> Result<ListProjectClientKeysResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let keys = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let is_active = match request.status.as_deref() {
                Some("active") => Some(true),
                Some("inactive") => Some(false),
                _ => None,
            };
            let sql = format!(
                "{SELECT} WHERE project_id = ?1 AND (?2 IS NULL OR is_active = ?2)
                 ORDER BY date_created, id"
            );
            let origin = session.origin.to_owned();
            page.select(session, &sql, (project, is_active), |row| {
                read(row, &origin)
            })
        });
        Ok(keys.await?.into_response(ListProjectClientKeysResponse::Ok))
    }

    async fn create_project_client_key(
        &self,
        context: &Context,
        request: CreateProjectClientKeyRequest,
    ) -> Result<CreateProjectClientKeyResponse, Error> {
        let key = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let id = create(session, project, &request.body)?;
            find(session, project, &id)
        });
        Ok(CreateProjectClientKeyResponse::Created(key.await?))
    }

    async fn retrieve_project_client_key(
        &self,
        context: &Context,
        request: RetrieveProjectClientKeyRequest,
    ) -> Result<RetrieveProjectClientKeyResponse, Error> {
        let key = self.run(context, move |session| {
            find(
                session,
                session.project(
                    &request.organization_id_or_slug,
                    &request.project_id_or_slug,
                )?,
                &request.key_id,
            )
        });
        Ok(RetrieveProjectClientKeyResponse::Ok(key.await?))
    }

    async fn update_project_client_key(
        &self,
        context: &Context,
        request: UpdateProjectClientKeyRequest,
    ) -> Result<UpdateProjectClientKeyResponse, Error> {
        let key = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let key = find(session, project, &request.key_id)?;
            update(session, key, request.body)?;
            find(session, project, &request.key_id)
        });
        Ok(UpdateProjectClientKeyResponse::Ok(key.await?))
    }

    async fn delete_project_client_key(
        &self,
        context: &Context,
        request: DeleteProjectClientKeyRequest,
    ) -> Result<DeleteProjectClientKeyResponse, Error> {
        let deleted = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let sql = "DELETE FROM client_keys WHERE project_id = ?1 AND id = ?2";
            session.change(sql, (project, &request.key_id))
        });
        deleted.await?;
        Ok(DeleteProjectClientKeyResponse::NoContent)
    }
}

/// Creates a key, and returns its id.
pub(crate) fn create(
    session: &Session,
    project: i64,
    body: &models::ClientKeyCreate,
) -> Result<String, Error> {
    let name = body.name.value().map_or("Default", String::as_str);
    check_name("name", name, 64)?;
    let rate_limit = body.rate_limit.clone().map(rate_limit).transpose()?;
    session.one(
        "INSERT INTO client_keys (project_id, name, rate_limit, use_case)
         VALUES (?1, ?2, ?3, coalesce(?4, 'user')) RETURNING id",
        (
            project,
            name,
            rate_limit.flatten(),
            body.use_case.as_ref().map(models::ClientKeyUse::as_str),
        ),
        |row| row.get(0),
    )
}

fn update(
    session: &Session,
    key: models::ClientKey,
    body: models::ClientKeyUpdate,
) -> Result<(), Error> {
    let name = body.name.value().map(String::as_str);
    check_name("name", name.unwrap_or("Default"), 64)?;
    let rate_limit = match body.rate_limit {
        Change::Keep => key.rate_limit.as_ref().map(to_json).transpose()?,
        Change::Clear => None,
        Change::Set(limit) => rate_limit(limit)?,
    };
    let version = body.browser_sdk_version.as_ref();
    let loader = body.dynamic_sdk_loader_options.as_ref();
    session.change(
        "UPDATE client_keys SET name = coalesce(?2, name), is_active = coalesce(?3, is_active),
         rate_limit = ?4, browser_sdk_version = coalesce(?5, browser_sdk_version),
         loader_options = json_patch(loader_options, coalesce(?6, '{}')) WHERE id = ?1",
        params![
            key.id,
            name,
            body.is_active,
            rate_limit,
            version.map(models::BrowserSdkVersion::as_str),
            loader.map(to_json).transpose()?,
        ],
    )
}

/// A limit as JSON; none if its count or its window is missing.
fn rate_limit(limit: models::ClientKeyRateLimitInput) -> Result<Option<String>, Error> {
    let (count, window) = (limit.count.value().copied(), limit.window.value().copied());
    if count.is_some_and(|count| count < 0) || window.is_some_and(|window| window < 0) {
        return Err(Error::invalid(
            "rateLimit",
            "Ensure this value is not negative.",
        ));
    }
    if count.is_none() || window.is_none() {
        return Ok(None);
    }
    to_json(&models::ClientKeyRateLimit { count, window }).map(Some)
}

fn find(session: &Session, project: i64, id: &str) -> Result<models::ClientKey, Error> {
    let sql = format!("{SELECT} WHERE project_id = ?1 AND id = ?2");
    session.one(&sql, (project, id), |row| read(row, session.origin))
}

fn read(row: &Row, origin: &str) -> rusqlite::Result<models::ClientKey> {
    let (name, public): (String, String) = (row.get("name")?, row.get("public")?);
    let (project, secret): (i64, String) = (row.get("project_id")?, row.get("secret")?);
    let (scheme, host) = origin.split_once("://").unwrap_or(("http", origin));
    let dsn = models::ClientKeyDsn {
        public: Some(format!("{scheme}://{public}@{host}/{project}")),
        secret: Some(Secret::new(format!(
            "{scheme}://{public}:{secret}@{host}/{project}"
        ))),
        ..models::ClientKeyDsn::default()
    };
    let use_case: String = row.get("use_case")?;
    Ok(models::ClientKey {
        id: row.get("id")?,
        label: Some(name.clone()),
        name: Some(name),
        public: Some(public),
        secret: Some(Secret::new(secret)),
        project_id: Some(project),
        is_active: row.get("is_active")?,
        rate_limit: json(row, "rate_limit")?,
        browser_sdk_version: row.get("browser_sdk_version")?,
        dynamic_sdk_loader_options: json(row, "loader_options")?,
        use_case: Some(use_case.into()),
        dsn: Some(Box::new(dsn)),
        date_created: time(row, "date_created")?,
        ..models::ClientKey::default()
    })
}
