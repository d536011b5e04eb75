//! Alert rules of an organization.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::alerts::*;

use crate::app::{App, Context};
use crate::columns::{json, time};
use crate::error::Error;

impl Alerts for App {
    async fn list_organization_alert_rules(
        &self,
        context: &Context,
        request: ListOrganizationAlertRulesRequest,
    ) -> Result<ListOrganizationAlertRulesResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let rules = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            // `-1` is all projects, as in other lists.
            let project = request.project.filter(|project| *project != -1);
            let sql = "SELECT r.*, (SELECT json_group_array(p.slug) FROM projects p
                           WHERE p.id = r.project_id) AS projects
                       FROM alert_rules r WHERE r.organization_id = ?1
                       AND (?2 IS NULL OR r.project_id IS NULL OR r.project_id = ?2) ORDER BY r.id";
            page.select(session, sql, (organization, project), read)
        });
        Ok(rules
            .await?
            .into_response(ListOrganizationAlertRulesResponse::Ok))
    }
}

fn read(row: &Row) -> rusqlite::Result<models::AlertRule> {
    let text = |name: &str| row.get::<_, i64>(name).map(|id| Some(id.to_string()));
    Ok(models::AlertRule {
        id: text("id")?,
        organization_id: text("organization_id")?,
        name: row.get("name")?,
        aggregate: row.get("aggregate")?,
        query: row.get("query")?,
        projects: json(row, "projects")?,
        include_all_projects: Some(row.get::<_, Option<i64>>("project_id")?.is_none()),
        date_created: time(row, "date_created")?,
        ..models::AlertRule::default()
    })
}
