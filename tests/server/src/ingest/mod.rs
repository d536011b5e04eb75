//! What SDKs send, with a client key in place of a token: events, check-ins, sessions and feedback. Not among the described
//! operations; without it, no event would come in. `sentry-cli send-event` and `sentry-cli monitors run` use it, too.
//!
//! Anybody can send something here. So the key is checked before the body is read, a body has a limit that also holds for
//! what it is decompressed to, and the items of an envelope are parsed one after the other.

mod check_ins;
mod envelope;
pub(crate) mod events;
mod feedback;
mod sessions;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::Json;
use axum::routing::{get, post};
use http_body_util::BodyExt;
use rusqlite::Transaction;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tower_http::cors::CorsLayer;
use tower_http::decompression::RequestDecompressionLayer;

use self::envelope::Item;
use crate::app::App;
use crate::error::Error;
use crate::undescribed::parse;

/// The most bytes of an event, as at Sentry.
const LARGEST_EVENT: usize = 1 << 20;

/// The most bytes of an envelope.
const LARGEST_ENVELOPE: usize = 20 << 20;

/// The most bytes of the line that begins an envelope, if the key is only there.
const LONGEST_HEADER: usize = 16 << 10;

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/{project}/envelope/", post(envelope))
        .route("/api/{project}/store/", post(event))
        .route(
            "/api/{project}/cron/{monitor}/{key}/",
            get(check_in).post(check_in),
        )
        .layer(RequestDecompressionLayer::new())
        // Browsers send from other origins.
        .layer(CorsLayer::permissive())
        .with_state(app)
}

/// One event.
async fn event(
    State(app): State<App>,
    Path(project): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Error> {
    let key = key(request.headers(), request.uri()).ok_or(Error::Unauthorized)?;
    check_key(&app, project, key).await?;
    let (mut body, mut content) = (request.into_body(), Vec::new());
    read(&mut body, &mut content, LARGEST_EVENT, |_| false).await?;
    app.write(move |transaction| {
        let id = events::store(transaction, project, &parse(&content)?)?;
        Ok(Json(json!({"id": id})))
    })
    .await
}

/// What a job tells of itself in the query of a request.
#[derive(Deserialize)]
struct CheckIn {
    status: Option<String>,
    check_in_id: Option<String>,
    duration: Option<f64>,
    environment: Option<String>,
}

/// A check-in without an SDK, as `curl` sends it. A body, if there is one, is that of an item.
async fn check_in(
    State(app): State<App>,
    Path((project, monitor, key)): Path<(i64, String, String)>,
    Query(check_in): Query<CheckIn>,
    request: Request,
) -> Result<StatusCode, Error> {
    check_key(&app, project, key).await?;
    let (mut body, mut content) = (request.into_body(), Vec::new());
    read(&mut body, &mut content, LARGEST_EVENT, |_| false).await?;
    let mut item: Map<String, Value> = match content.as_slice() {
        [] => Map::new(),
        content => parse(content)?,
    };
    for (key, value) in [
        ("monitor_slug", Some(Value::from(monitor))),
        ("status", check_in.status.map(Value::from)),
        ("check_in_id", check_in.check_in_id.map(Value::from)),
        ("duration", check_in.duration.map(Value::from)),
        ("environment", check_in.environment.map(Value::from)),
    ] {
        if let Some(value) = value {
            item.insert(key.to_owned(), value);
        }
    }
    app.write(move |transaction| check_ins::store(transaction, project, &item.into()))
        .await?;
    Ok(StatusCode::ACCEPTED)
}

/// An envelope.
async fn envelope(
    State(app): State<App>,
    Path(project): Path<i64>,
    request: Request,
) -> Result<Json<Value>, Error> {
    let key = key(request.headers(), request.uri());
    let (mut body, mut content) = (request.into_body(), Vec::new());
    if let Some(key) = key {
        check_key(&app, project, key).await?;
    } else {
        let has_header =
            |content: &[u8]| content.contains(&b'\n') || content.len() > LONGEST_HEADER;
        read(&mut body, &mut content, LARGEST_ENVELOPE, has_header).await?;
        let first = content.get(..LONGEST_HEADER).unwrap_or(&content);
        let (header, _) = envelope::split(first)?;
        let key = header.dsn.as_deref().and_then(key_of_dsn);
        check_key(&app, project, key.ok_or(Error::Unauthorized)?).await?;
    }
    read(&mut body, &mut content, LARGEST_ENVELOPE, |_| false).await?;
    app.write(move |transaction| {
        let (header, items) = envelope::split(&content)?;
        let mut id = header.event_id;
        for item in items {
            if let Some(event) = store(transaction, project, id.as_deref(), &item?)? {
                id = Some(event);
            }
        }
        Ok(Json(json!({"id": id})))
    })
    .await
}

/// Stores an item of an envelope. Returns the id of an event, which the envelope states where the event does not.
fn store(
    transaction: &Transaction,
    project: i64,
    id: Option<&str>,
    item: &Item,
) -> Result<Option<String>, Error> {
    if item.content.len() > LARGEST_EVENT && item.kind != "attachment" {
        return Err(Error::TooLarge(LARGEST_EVENT));
    }
    match item.kind.as_str() {
        "event" => {
            let mut event: Map<String, Value> = parse(item.content)?;
            if let Some(id) = id {
                event.entry("event_id").or_insert(id.into());
            }
            events::store(transaction, project, &event.into()).map(Some)
        }
        "check_in" => check_ins::store(transaction, project, &parse(item.content)?).map(|()| None),
        "session" | "sessions" => {
            sessions::store(transaction, project, &parse(item.content)?).map(|()| None)
        }
        "feedback" => feedback::store(transaction, project, &parse(item.content)?).map(|()| None),
        "user_report" => {
            feedback::store_report(transaction, project, &parse(item.content)?).map(|()| None)
        }
        // What this service does not keep, such as transactions and attachments.
        _ => Ok(None),
    }
}

/// Adds to the content what a body has, until that is enough or the body ends.
async fn read(
    body: &mut Body,
    content: &mut Vec<u8>,
    limit: usize,
    is_enough: impl Fn(&[u8]) -> bool,
) -> Result<(), Error> {
    while !is_enough(content) {
        let Some(frame) = body.frame().await else {
            return Ok(());
        };
        let frame = frame.map_err(|error| Error::BadRequest(error.to_string()))?;
        let data = frame.into_data().unwrap_or_default();
        if data.len() > limit - content.len() {
            return Err(Error::TooLarge(limit));
        }
        content.extend_from_slice(&data);
    }
    Ok(())
}

/// `sentry_key` in the header `X-Sentry-Auth` or in the query.
fn key(headers: &HeaderMap, uri: &Uri) -> Option<String> {
    let header = headers
        .get("x-sentry-auth")
        .and_then(|value| value.to_str().ok());
    let header = header
        .unwrap_or_default()
        .trim_start_matches("Sentry ")
        .split(',');
    let query = uri.query().unwrap_or_default().split('&');
    let mut pairs = header.chain(query).map(str::trim);
    pairs
        .find_map(|pair| pair.strip_prefix("sentry_key="))
        .map(ToOwned::to_owned)
}

/// The user name in the URL that a DSN is.
fn key_of_dsn(dsn: &str) -> Option<String> {
    let (_, rest) = dsn.split_once("://")?;
    let (user, _) = rest.split_once('@')?;
    user.split(':').next().map(ToOwned::to_owned)
}

/// Fails unless this is a key of the project.
async fn check_key(app: &App, project: i64, key: String) -> Result<(), Error> {
    let is_valid = app.read(move |transaction| {
        let sql = "SELECT count(*) FROM client_keys
             WHERE project_id = ?1 AND public = ?2 AND is_active";
        Ok(transaction.query_row(sql, (project, key), |row| row.get(0))?)
    });
    if is_valid.await? {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}
