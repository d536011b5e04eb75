//! What SDKs send: events and check-ins, with a client key in place of a token. Not among the described operations; without
//! it, no event would come in. `sentry-cli send-event` and `sentry-cli monitors run` use it, too.

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::Json;
use axum::routing::post;
use rusqlite::{OptionalExtension, Transaction, params};
use sentry_api::models::MonitorConfig;
use serde_json::{Value, json};

use crate::app::App;
use crate::beyond::parse;
use crate::error::Error;
use crate::event_store::store;
use crate::{sessions, slug};

pub(crate) fn router(app: App) -> Router {
    Router::new()
        .route("/api/{project}/envelope/", post(envelope))
        .route("/api/{project}/store/", post(event))
        .with_state(app)
}

/// One event.
async fn event(
    State(app): State<App>,
    Path(project): Path<i64>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let key = key(&headers, &uri).ok_or(Error::Unauthorized)?;
    let event = parse(&body)?;
    app.write(move |transaction| {
        check_key(transaction, project, &key)?;
        Ok(Json(json!({"id": store(transaction, project, &event)?})))
    })
    .await
}

/// Several items: a line of JSON for all, then one for each with its content.
async fn envelope(
    State(app): State<App>,
    Path(project): Path<i64>,
    headers: HeaderMap,
    uri: Uri,
    body: Bytes,
) -> Result<Json<Value>, Error> {
    let (header, mut rest) = line(&body);
    let header: Value = parse(header)?;
    let dsn = header.get("dsn").and_then(Value::as_str);
    let key = key(&headers, &uri).or_else(|| key_of_dsn(dsn?));
    let key = key.ok_or(Error::Unauthorized)?;
    let mut items = Vec::new();
    while !rest.is_empty() {
        let (header, after) = line(rest);
        let header: Value = parse(header)?;
        let length = header.get("length").and_then(Value::as_u64);
        let content = match length.and_then(|length| usize::try_from(length).ok()) {
            Some(length) => after.split_at_checked(length),
            None => Some(line(after)),
        };
        let short = || Error::BadRequest("An item is shorter than its length.".to_owned());
        let (content, after) = content.ok_or_else(short)?;
        rest = after.strip_prefix(b"\n").unwrap_or(after);
        match header.get("type").and_then(Value::as_str) {
            Some("event") => items.push(Item::Event(parse(content)?)),
            Some("check_in") => items.push(Item::CheckIn(parse(content)?)),
            Some("session" | "sessions") => items.push(Item::Session(parse(content)?)),
            // What this service does not keep, such as transactions.
            _ => {}
        }
    }
    app.write(move |transaction| {
        check_key(transaction, project, &key)?;
        let mut id = header.get("event_id").cloned().unwrap_or_default();
        for item in &items {
            match item {
                Item::Event(event) => id = store(transaction, project, event)?.into(),
                Item::CheckIn(check_in) => store_check_in(transaction, project, check_in)?,
                Item::Session(session) => sessions::store(transaction, project, session)?,
            }
        }
        Ok(Json(json!({"id": id})))
    })
    .await
}

enum Item {
    Event(Value),
    CheckIn(Value),
    Session(Value),
}

/// The first line, and what is after it.
fn line(bytes: &[u8]) -> (&[u8], &[u8]) {
    match bytes.iter().position(|byte| *byte == b'\n') {
        Some(end) => (&bytes[..end], &bytes[end + 1..]),
        None => (bytes, &[]),
    }
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

fn check_key(transaction: &Transaction, project: i64, key: &str) -> Result<(), Error> {
    let is_valid: bool = transaction.query_row(
        "SELECT count(*) FROM client_keys WHERE project_id = ?1 AND public = ?2 AND is_active",
        (project, key),
        |row| row.get(0),
    )?;
    if is_valid {
        Ok(())
    } else {
        Err(Error::Forbidden)
    }
}

/// A check-in. The first one of an id starts it, and a second one ends it. It may bring the configuration of its monitor,
/// which is created if it is new.
fn store_check_in(transaction: &Transaction, project: i64, item: &Value) -> Result<(), Error> {
    let text = |key: &str| item.get(key).and_then(Value::as_str);
    let slug = text("monitor_slug").unwrap_or_default();
    if let Some(config) = item.get("monitor_config").and_then(monitor_config) {
        slug::check(slug)?;
        transaction.execute(
            "INSERT INTO monitors (project_id, slug, name, config) VALUES (?1, ?2, ?2, ?3)
             ON CONFLICT (project_id, slug) DO UPDATE SET config = excluded.config",
            (project, slug, config.to_string()),
        )?;
    }
    let monitor: Option<String> = transaction
        .query_row(
            "SELECT id FROM monitors WHERE project_id = ?1 AND slug = ?2",
            (project, slug),
            |row| row.get(0),
        )
        .optional()?;
    let status = text("status").filter(|status| ["in_progress", "ok", "error"].contains(status));
    let (Some(monitor), Some(status)) = (monitor, status) else {
        return Err(Error::BadRequest("Invalid check-in".to_owned()));
    };
    let seconds = item.get("duration").and_then(Value::as_f64);
    transaction.execute(
        "INSERT INTO check_ins (id, monitor_id, status, duration, environment, config)
         SELECT coalesce(?2, lower(hex(randomblob(16)))), id, ?3, ?4, ?5, config
         FROM monitors WHERE id = ?1
         ON CONFLICT DO UPDATE SET status = excluded.status, duration = excluded.duration,
         date_updated = excluded.date_updated",
        params![
            monitor,
            text("check_in_id").map(|id| id.replace('-', "").to_lowercase()),
            status,
            // Casts of floats saturate.
            seconds.map(|seconds| (seconds * 1000.0) as i64),
            text("environment").unwrap_or("production"),
        ],
    )?;
    Ok(())
}

/// The configuration of a monitor as the API has it. SDKs send `{"type": "interval", "value": 1, "unit": "hour"}` as the
/// schedule.
fn monitor_config(sent: &Value) -> Option<Value> {
    let mut config = sent.as_object()?.clone();
    let schedule = config.remove("schedule")?;
    let (kind, value) = (schedule.get("type")?.as_str()?, schedule.get("value")?);
    let schedule = match kind {
        "crontab" => value.as_str()?.into(),
        "interval" => json!([value.as_i64()?, schedule.get("unit")?.as_str()?]),
        _ => return None,
    };
    config.retain(|_, value| value.is_i64() || value.is_string());
    config.insert("schedule".to_owned(), schedule);
    config.insert("schedule_type".to_owned(), kind.into());
    // What does not fit the type of the API would fail each time that the monitor is read.
    let config: MonitorConfig = serde_json::from_value(config.into()).ok()?;
    serde_json::to_value(config).ok()
}
