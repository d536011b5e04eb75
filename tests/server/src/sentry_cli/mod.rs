//! Paths of the real API that are not among the described operations, for the commands of `sentry-cli` that need them, and
//! of the newer `sentry` (its `auth whoami` and `issue tags`).
//!
//! `info` asks who the user is. `releases` in version 2 has the project in its paths, and so has `releases list` in version
//! 3. `releases set-commits --auto` asks for the release before, and `releases files delete --all` deletes all files of a
//! release. What a command needs and this service lacks is 501: it would take 404 for a project that is not there.

mod chunks;
mod code_mappings;

use axum::body::Bytes;
use axum::extract::{Path, Query};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, delete, get};
use axum::{Json, Router};
use sentry_api::{models, operations};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::app::App;
use crate::authentication::User;
use crate::error::Error;
use crate::page::Page;
use crate::undescribed::{Caller, parse};
use crate::{issue_tags, release_changes, releases};

/// The root of the API, which a nested router does not match with its slash.
pub(crate) fn root(app: App) -> Router {
    Router::new().route("/api/0/", get(who)).with_state(app)
}

/// What other commands need: builds, snapshots, and events as they were sent.
const MISSING: [&str; 5] = [
    "/organizations/{organization}/preprodartifacts/{*rest}",
    "/projects/{organization}/{project}/preprodartifacts/{*rest}",
    "/projects/{organization}/{project}/files/preprodartifacts/assemble/",
    "/projects/{organization}/{project}/files/proguard-artifact-releases",
    "/projects/{organization}/{project}/events/{event}/json/",
];

/// Paths below the base path of the API.
pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/auth/", get(user))
        .route(
            "/organizations/{organization}/issues/{issue}/tags/{key}/",
            get(issue_tag),
        )
        .route(
            "/projects/{organization}/{project}/releases/",
            get(list_releases).post(create_release),
        )
        .route(
            "/projects/{organization}/{project}/releases/{version}/",
            get(retrieve_release)
                .put(update_release)
                .delete(delete_release),
        )
        .route(
            "/organizations/{organization}/releases/{version}/previous-with-commits/",
            get(previous_release),
        )
        .route(
            "/projects/{organization}/{project}/files/source-maps/",
            delete(delete_release_files),
        )
        .merge(chunks::router())
        .merge(code_mappings::router())
        .merge(MISSING.iter().fold(Router::new(), |router, path| {
            router.route(path, any(async || Error::NotImplemented))
        }))
        .with_state(app)
}

/// The scopes of a token that may do all.
const SCOPES: [&str; 6] = [
    "org:read",
    "project:read",
    "project:write",
    "project:releases",
    "event:read",
    "event:write",
];

async fn who(caller: Caller) -> Json<Value> {
    let User { id, email, scopes } = caller.user;
    let scopes = scopes.unwrap_or_else(|| SCOPES.map(str::to_owned).to_vec());
    Json(json!({
        "version": "0",
        "auth": {"scopes": scopes},
        "user": {"id": id.to_string(), "email": email, "username": email},
    }))
}

/// The user of the token, for the newer `sentry`.
async fn user(caller: Caller) -> Json<Value> {
    let User { id, email, .. } = caller.user;
    Json(json!({"id": id.to_string(), "email": email, "username": email, "name": email}))
}

/// A tag of an issue by its organization; the operation has the issue alone in its path.
async fn issue_tag(
    Path((organization, issue, key)): Path<(String, String, String)>,
    caller: Caller,
) -> Result<Json<models::IssueTag>, Error> {
    let tag = caller.run(&operations::RETRIEVE_ISSUE_TAG, move |session| {
        let issue = session.issue_of(&organization, &issue)?;
        issue_tags::tag(session, issue, &key, None)
    });
    Ok(Json(tag.await?))
}

async fn list_releases(
    Path((organization, project)): Path<(String, String)>,
    caller: Caller,
) -> Result<Json<Vec<models::Release>>, Error> {
    let releases = caller.run(&operations::LIST_ORGANIZATION_RELEASES, move |session| {
        let project = session.project(&organization, &project)?;
        releases::of_project(session, &Page::first(), project)
    });
    Ok(Json(releases.await?.into_items()))
}

async fn create_release(
    Path((organization, project)): Path<(String, String)>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Error> {
    let mut body: Map<String, Value> = parse(&body)?;
    body.insert("projects".to_owned(), json!([project]));
    let body = parse(Value::from(body).to_string().as_bytes())?;
    let created = caller.run(&operations::CREATE_ORGANIZATION_RELEASE, move |session| {
        let organization = session.organization(&organization)?;
        release_changes::create(session, organization, body)
    });
    let (is_new, release) = created.await?;
    let status = if is_new {
        StatusCode::CREATED
    } else {
        StatusCode::ALREADY_REPORTED
    };
    Ok((status, Json(release)).into_response())
}

async fn retrieve_release(
    Path((organization, project, version)): Path<(String, String, String)>,
    caller: Caller,
) -> Result<Json<models::Release>, Error> {
    let release = caller.run(&operations::RETRIEVE_ORGANIZATION_RELEASE, move |session| {
        let project = session.project(&organization, &project)?;
        releases::find(session, session.release_in(project, &version)?)
    });
    Ok(Json(release.await?))
}

async fn update_release(
    Path((organization, project, version)): Path<(String, String, String)>,
    caller: Caller,
    body: Bytes,
) -> Result<Json<models::Release>, Error> {
    let body = parse(&body)?;
    let release = caller.run(&operations::UPDATE_ORGANIZATION_RELEASE, move |session| {
        let organization = session.organization(&organization)?;
        let project = session.project_of(organization, &project)?;
        let id = session.release_in(project, &version)?;
        release_changes::update(session, organization, id, body)?;
        releases::find(session, id)
    });
    Ok(Json(release.await?))
}

async fn delete_release(
    Path((organization, project, version)): Path<(String, String, String)>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    let deleted = caller.run(&operations::DELETE_ORGANIZATION_RELEASE, move |session| {
        let project = session.project(&organization, &project)?;
        let id = session.release_in(project, &version)?;
        session.change("DELETE FROM releases WHERE id = ?1", [id])
    });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The release before, or an empty object.
async fn previous_release(
    Path((organization, version)): Path<(String, String)>,
    caller: Caller,
) -> Result<Response, Error> {
    let previous = caller.run(&operations::RETRIEVE_ORGANIZATION_RELEASE, move |session| {
        let organization = session.organization(&organization)?;
        let id = session.release_of(organization, &version)?;
        releases::previous_with_commits(session, organization, id)
    });
    Ok(match previous.await? {
        Some(release) => Json(release).into_response(),
        None => Json(json!({})).into_response(),
    })
}

/// A release, in a query.
#[derive(Deserialize)]
struct Named {
    name: String,
}

/// Deletes the files of a release: those that were uploaded one by one, and the bundles of the project.
async fn delete_release_files(
    Path((organization, project)): Path<(String, String)>,
    Query(release): Query<Named>,
    caller: Caller,
) -> Result<StatusCode, Error> {
    let deleted = caller.run(&operations::DELETE_PROJECT_RELEASE_FILE, move |session| {
        let project = session.project(&organization, &project)?;
        let id = session.release_in(project, &release.name)?;
        session.execute("DELETE FROM release_files WHERE release_id = ?1", [id])?;
        let bundles = "DELETE FROM artifact_bundles WHERE project_id = ?1 AND release = ?2";
        session.execute(bundles, (project, release.name))?;
        Ok(())
    });
    deleted.await?;
    Ok(StatusCode::NO_CONTENT)
}
