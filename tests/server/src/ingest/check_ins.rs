//! Storing a check-in as an SDK sends it.

use rusqlite::{OptionalExtension, Transaction, params};
use sentry_api::models::MonitorConfig;
use serde_json::{Value, json};

use crate::error::Error;
use crate::slug;

/// A check-in. The first one of an id starts it, and a second one ends it. They may arrive in the other order, since SDKs do
/// not wait for the response to one before they send the next. It may bring the configuration of its monitor,
/// which is created if it is new.
pub(crate) fn store(transaction: &Transaction, project: i64, item: &Value) -> Result<(), Error> {
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
    let Some(monitor) = monitor else {
        let detail =
            format!("There is no monitor with the slug {slug:?}, and no configuration for it.");
        return Err(Error::BadRequest(detail));
    };
    let status = status.ok_or_else(|| Error::invalid("status", "Invalid status"))?;
    let seconds = item.get("duration").and_then(Value::as_f64);
    transaction.execute(
        "INSERT INTO check_ins (id, monitor_id, status, duration, environment, config)
         SELECT coalesce(?2, lower(hex(randomblob(16)))), id, ?3, ?4, ?5, config
         FROM monitors WHERE id = ?1
         ON CONFLICT DO UPDATE SET status = excluded.status, duration = excluded.duration,
         date_updated = excluded.date_updated WHERE check_ins.status = 'in_progress'",
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
