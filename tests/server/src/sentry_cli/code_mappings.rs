//! Where in a repository the paths of stack traces are: `code-mappings upload`.

use axum::body::Bytes;
use axum::extract::Path;
use axum::routing::post;
use axum::{Json, Router};
use rusqlite::params;
use sentry_api::operations;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::app::App;
use crate::error::Error;
use crate::undescribed::{Caller, parse};

pub(super) fn router() -> Router<App> {
    Router::new().route(
        "/organizations/{organization}/code-mappings/bulk/",
        post(upload),
    )
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upload {
    project: String,
    repository: String,
    default_branch: String,
    mappings: Vec<Mapping>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapping {
    stack_root: String,
    source_root: String,
}

/// Creates the mappings that are new, and updates the others.
async fn upload(
    Path(organization): Path<String>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let upload: Upload = parse(&body)?;
    let mapped = caller.run(&operations::UPDATE_PROJECT, move |session| {
        let organization = session.organization(&organization)?;
        let project = session.project_of(organization, &upload.project)?;
        let repository: i64 = session.one(
            "SELECT id FROM repositories WHERE organization_id = ?1 AND name = ?2",
            (organization, &upload.repository),
            |row| row.get(0),
        )?;
        let (mut created, mut mappings) = (0, Vec::new());
        for Mapping {
            stack_root,
            source_root,
        } in &upload.mappings
        {
            let is_new = session.execute(
                "INSERT OR IGNORE INTO code_mappings VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    project,
                    stack_root,
                    source_root,
                    repository,
                    upload.default_branch
                ],
            )?;
            session.execute(
                "UPDATE code_mappings SET repository_id = ?4, default_branch = ?5
                 WHERE project_id = ?1 AND stack_root = ?2 AND source_root = ?3",
                params![
                    project,
                    stack_root,
                    source_root,
                    repository,
                    upload.default_branch
                ],
            )?;
            created += is_new;
            let status = if is_new == 1 { "created" } else { "updated" };
            mappings.push(
                json!({"stackRoot": stack_root, "sourceRoot": source_root, "status": status}),
            );
        }
        let updated = mappings.len().saturating_sub(created);
        Ok(json!({"created": created, "updated": updated, "errors": 0, "mappings": mappings}))
    });
    Ok(Json(mapped.await?))
}
