//! Storing an event as an SDK sends it, and finding the issue that it belongs to.

use rusqlite::{Connection, OptionalExtension, params};
use sentry_api::types::Timestamp;
use serde_json::{Map, Value, json};

use crate::checksum::sha1;
use crate::columns::instant;
use crate::error::Error;

/// Stores an event of a project, and returns its id. An event that is stored already stays as it is.
pub(crate) fn store(connection: &Connection, project: i64, event: &Value) -> Result<String, Error> {
    let id = id(connection, event)?;
    let known = "SELECT count(*) FROM events WHERE project_id = ?1 AND id = ?2";
    if connection.query_row(known, (project, &id), |row| row.get(0))? {
        return Ok(id);
    }
    let time = instant("timestamp", Some(time(event)))?;
    let (title, level) = (title(event), text(event, "/level").unwrap_or("error"));
    let issue = issue(connection, project, event, &title, level, time.as_deref())?;
    connection.execute(
        "INSERT INTO events (project_id, id, issue_id, title, message, platform, environment,
             release, dist, user, entries, contexts, extra, date_created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)",
        params![
            project,
            id,
            issue,
            title,
            message(event).unwrap_or_default(),
            text(event, "/platform").unwrap_or("other"),
            text(event, "/environment"),
            text(event, "/release"),
            text(event, "/dist"),
            user(event).map(|user| user.to_string()),
            entries(event).to_string(),
            object(event, "contexts"),
            object(event, "extra"),
            time,
        ],
    )?;
    let number = connection.last_insert_rowid();
    let mut tags = tags(event);
    tags.push(("level".to_owned(), level.to_owned()));
    for (key, value) in tags {
        connection.execute(
            "INSERT OR IGNORE INTO event_tags (event, key, value) VALUES (?1, ?2, ?3)",
            (number, key, value),
        )?;
    }
    Ok(id)
}

/// The issue of events like this one, which is created for the first. An event reopens a resolved issue.
fn issue(
    connection: &Connection,
    project: i64,
    event: &Value,
    title: &str,
    level: &str,
    time: Option<&str>,
) -> Result<i64, Error> {
    let default = match template(event) {
        Some(template) if exceptions(event).is_none() => template,
        _ => title,
    };
    let hash = match event.pointer("/fingerprint") {
        Some(fingerprint) => fingerprint.to_string().replace("{{ default }}", default),
        None => default.to_owned(),
    };
    let hash = sha1(hash.as_bytes());
    let kind = if exceptions(event).is_some() {
        "error"
    } else {
        "default"
    };
    let known = connection
        .query_row(
            "UPDATE issues SET first_seen = min(first_seen, ?3), last_seen = max(last_seen, ?3),
             substatus = iif(status = 'resolved', 'regressed', substatus),
             status = iif(status = 'resolved', 'unresolved', status)
             WHERE project_id = ?1 AND hash = ?2 RETURNING id",
            (project, &hash, time),
            |row| row.get(0),
        )
        .optional()?;
    if let Some(known) = known {
        return Ok(known);
    }
    let id = connection.query_row(
        "INSERT INTO issues (project_id, number, hash, title, culprit, type, level, substatus,
             first_seen, last_seen)
         VALUES (?1, (SELECT coalesce(max(number), 0) + 1 FROM issues WHERE project_id = ?1),
             ?2, ?3, ?4, ?5, ?6, 'new', ?7, ?7) RETURNING id",
        params![
            project,
            hash,
            title,
            text(event, "/transaction").or(text(event, "/culprit")),
            kind,
            level,
            time,
        ],
        |row| row.get(0),
    )?;
    Ok(id)
}

fn id(connection: &Connection, event: &Value) -> Result<String, Error> {
    let Some(id) = text(event, "/event_id") else {
        return Ok(connection.query_row("SELECT lower(hex(randomblob(16)))", [], |row| row.get(0))?);
    };
    event_id(id)
}

/// An id of an event, which clients may write with hyphens and in capital letters.
pub(crate) fn event_id(id: &str) -> Result<String, Error> {
    let id = id.replace('-', "").to_ascii_lowercase();
    if id.len() != 32 || !id.chars().all(|c| c.is_ascii_hexdigit()) {
        return Err(Error::invalid("event_id", "Invalid event ID"));
    }
    Ok(id)
}

/// The time of an event: seconds since 1970, or a date-time; the current time if there is none.
fn time(event: &Value) -> Timestamp {
    match event.pointer("/timestamp") {
        Some(Value::String(text)) => Timestamp::from_text(text),
        Some(Value::Number(seconds)) => {
            let milliseconds = seconds.as_f64().unwrap_or_default() * 1000.0;
            // Casts of floats saturate.
            let time = jiff::Timestamp::from_millisecond(milliseconds as i64);
            time.map_or_else(|_| Timestamp::now(), Timestamp::from)
        }
        _ => Timestamp::now(),
    }
}

fn title(event: &Value) -> String {
    let exception = exceptions(event).and_then(|exceptions| exceptions.last());
    let title = match exception {
        Some(exception) => match (text(exception, "/type"), text(exception, "/value")) {
            (Some(kind), Some(value)) => format!("{kind}: {value}"),
            (kind, value) => kind.or(value).unwrap_or("Error").to_owned(),
        },
        None => message(event).unwrap_or_else(|| "<unlabeled event>".to_owned()),
    };
    let line = title.lines().next().unwrap_or_default();
    line.chars().take(255).collect()
}

/// The message, with its parameters in place of the placeholders.
fn message(event: &Value) -> Option<String> {
    let formatted = text(event, "/logentry/formatted").or(text(event, "/message/formatted"));
    if let Some(formatted) = formatted {
        return Some(formatted.to_owned());
    }
    let (mut message, mut rest) = (String::new(), template(event)?);
    let parameters = event.pointer("/logentry/params").and_then(Value::as_array);
    for parameter in parameters.into_iter().flatten() {
        let placeholders = ["%s", "%d", "%i", "%f", "{}"];
        let Some(at) = placeholders.iter().filter_map(|text| rest.find(text)).min() else {
            break;
        };
        message.push_str(&rest[..at]);
        message.push_str(&scalar(parameter).unwrap_or_default());
        rest = &rest[at + 2..];
    }
    Some(message + rest)
}

/// The message without its parameters, which events of an issue have in common.
fn template(event: &Value) -> Option<&str> {
    let paths = ["/logentry/message", "/message/message", "/message"];
    paths.iter().find_map(|path| text(event, path))
}

/// The exceptions of an event; the last one was raised last.
fn exceptions(event: &Value) -> Option<&Vec<Value>> {
    let exceptions = event
        .pointer("/exception/values")
        .or(event.pointer("/exception"));
    exceptions?
        .as_array()
        .filter(|exceptions| !exceptions.is_empty())
}

/// A property that is an object; an empty one if it is not.
fn object(event: &Value, key: &str) -> String {
    let object = event.get(key).filter(|value| value.is_object());
    object.map_or_else(|| "{}".to_owned(), Value::to_string)
}

fn entries(event: &Value) -> Value {
    let mut entries = Vec::new();
    if let Some(exceptions) = exceptions(event) {
        entries.push(json!({"type": "exception", "data": {"values": exceptions}}));
    }
    if let Some(message) = message(event) {
        entries.push(json!({"type": "message", "data": {"formatted": message}}));
    }
    for kind in ["breadcrumbs", "request"] {
        if let Some(data) = event.get(kind) {
            entries.push(json!({"type": kind, "data": data}));
        }
    }
    entries.into()
}

/// The user of an event: those of its properties that are texts.
fn user(event: &Value) -> Option<Value> {
    let user = event.get("user")?;
    let keys = ["id", "username", "email", "name", "ip_address"];
    let known = keys
        .into_iter()
        .filter_map(|key| Some((key.to_owned(), Value::from(scalar(user.get(key)?)?))));
    let known: Map<String, Value> = known.collect();
    (!known.is_empty()).then(|| known.into())
}

/// The tags: an object, or a list of pairs.
fn tags(event: &Value) -> Vec<(String, String)> {
    let mut tags = Vec::new();
    match event.get("tags") {
        Some(Value::Object(object)) => {
            let pairs = object.iter();
            tags.extend(pairs.filter_map(|(key, value)| Some((key.clone(), scalar(value)?))));
        }
        Some(Value::Array(pairs)) => {
            let pair = |pair: &Value| Some((scalar(pair.get(0)?)?, scalar(pair.get(1)?)?));
            tags.extend(pairs.iter().filter_map(pair));
        }
        _ => {}
    }
    for key in ["environment", "release", "dist", "server_name"] {
        tags.extend(
            event
                .get(key)
                .and_then(scalar)
                .map(|value| (key.to_owned(), value)),
        );
    }
    tags
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str()
}

/// A text, or another value without parts as text.
fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}
