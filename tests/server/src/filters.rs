//! Inbound filters of a project.

use sentry_api::models;
use sentry_api::server::operations::filters::*;

use crate::app::{App, Context};
use crate::columns::{json, to_json};
use crate::error::Error;

/// The filters that each project has. They are off until an update turns them on.
const FILTERS: [&str; 5] = [
    "browser-extensions",
    "filtered-transaction",
    "legacy-browsers",
    "localhost",
    "web-crawlers",
];

impl Filters for App {
    async fn list_project_filters(
        &self,
        context: &Context,
        request: ListProjectFiltersRequest,
    ) -> Result<ListProjectFiltersResponse, Error> {
        let filters = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            session.all(
                "SELECT names.value AS id, coalesce(f.active, 'false') AS active
                 FROM json_each(?2) names
                 LEFT JOIN project_filters f ON f.id = names.value AND f.project_id = ?1",
                (project, to_json(&FILTERS)?),
                |row| {
                    Ok(models::ProjectFilter {
                        id: row.get("id")?,
                        active: json(row, "active")?,
                        ..models::ProjectFilter::default()
                    })
                },
            )
        });
        Ok(ListProjectFiltersResponse::Ok(filters.await?))
    }

    async fn update_project_filter(
        &self,
        context: &Context,
        request: UpdateProjectFilterRequest,
    ) -> Result<UpdateProjectFilterResponse, Error> {
        let updated = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            if !FILTERS.contains(&request.filter_id.as_str()) {
                return Err(Error::NotFound);
            }
            let active = match &request.body {
                models::ProjectFilterUpdate {
                    subfilters: Some(browsers),
                    ..
                } if request.filter_id == "legacy-browsers" => to_json(browsers)?,
                body => to_json(&body.active.unwrap_or_default())?,
            };
            session.execute(
                "INSERT INTO project_filters (project_id, id, active) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET active = excluded.active",
                (project, &request.filter_id, active),
            )?;
            Ok(())
        });
        updated.await?;
        Ok(UpdateProjectFilterResponse::NoContent)
    }
}
