//! Service hooks of a project.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::service_hooks::*;
use sentry_api::types::{Secret, Uri};

use crate::app::{App, Context, Session};
use crate::columns::{json, time, to_json, uri};
use crate::error::Error;

const SELECT: &str = "SELECT * FROM service_hooks";

/// What a hook can be called for.
const EVENTS: [&str; 2] = ["event.alert", "event.created"];

impl ServiceHooks for App {
    async fn list_project_service_hooks(
        &self,
        context: &Context,
        request: ListProjectServiceHooksRequest,
    ) -> Result<ListProjectServiceHooksResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let hooks = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let sql = format!("{SELECT} WHERE project_id = ?1 ORDER BY date_created, id");
            page.select(session, &sql, [project], read)
        });
        Ok(hooks
            .await?
            .into_response(ListProjectServiceHooksResponse::Ok))
    }

    async fn create_project_service_hook(
        &self,
        context: &Context,
        request: CreateProjectServiceHookRequest,
    ) -> Result<CreateProjectServiceHookResponse, Error> {
        let hook = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let models::ServiceHookCreate { url, events } = request.body;
            check(&url, &events)?;
            session.one(
                "INSERT INTO service_hooks (project_id, url, events) VALUES (?1, ?2, ?3)
                 RETURNING *",
                (project, url.as_str(), to_json(&events)?),
                read,
            )
        });
        Ok(CreateProjectServiceHookResponse::Created(hook.await?))
    }

    async fn retrieve_project_service_hook(
        &self,
        context: &Context,
        request: RetrieveProjectServiceHookRequest,
    ) -> Result<RetrieveProjectServiceHookResponse, Error> {
        let hook = self.run(context, move |session| {
            find(
                session,
                session.project(
                    &request.organization_id_or_slug,
                    &request.project_id_or_slug,
                )?,
                &request.hook_id,
            )
        });
        Ok(RetrieveProjectServiceHookResponse::Ok(hook.await?))
    }

    async fn update_project_service_hook(
        &self,
        context: &Context,
        request: UpdateProjectServiceHookRequest,
    ) -> Result<UpdateProjectServiceHookResponse, Error> {
        let hook = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let models::ServiceHookUpdate { url, events } = request.body;
            check(&url, &events)?;
            session.change(
                "UPDATE service_hooks SET url = ?3, events = ?4 WHERE project_id = ?1 AND id = ?2",
                (project, &request.hook_id, url.as_str(), to_json(&events)?),
            )?;
            find(session, project, &request.hook_id)
        });
        Ok(UpdateProjectServiceHookResponse::Ok(hook.await?))
    }

    async fn delete_project_service_hook(
        &self,
        context: &Context,
        request: DeleteProjectServiceHookRequest,
    ) -> Result<DeleteProjectServiceHookResponse, Error> {
        let deleted = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let sql = "DELETE FROM service_hooks WHERE project_id = ?1 AND id = ?2";
            session.change(sql, (project, &request.hook_id))
        });
        deleted.await?;
        Ok(DeleteProjectServiceHookResponse::NoContent)
    }
}

fn check(url: &Uri, events: &[String]) -> Result<(), Error> {
    let is_web = matches!(url.scheme(), Some("http" | "https"));
    if !is_web || url.check().is_err() {
        return Err(Error::invalid("url", "Enter a valid URL."));
    }
    match events
        .iter()
        .find(|event| !EVENTS.contains(&event.as_str()))
    {
        Some(event) => Err(Error::invalid(
            "events",
            format!("Invalid event name: {event}"),
        )),
        None => Ok(()),
    }
}

fn find(session: &Session, project: i64, id: &str) -> Result<models::ServiceHook, Error> {
    let sql = format!("{SELECT} WHERE project_id = ?1 AND id = ?2");
    session.one(&sql, (project, id), read)
}

fn read(row: &Row) -> rusqlite::Result<models::ServiceHook> {
    let secret: String = row.get("secret")?;
    Ok(models::ServiceHook {
        id: row.get("id")?,
        url: uri(row, "url")?,
        events: json(row, "events")?,
        secret: Some(Secret::new(secret)),
        status: Some("active".to_owned()),
        date_created: time(row, "date_created")?,
    })
}
