//! Storing feedback as an SDK sends it.

use rusqlite::Connection;
use serde_json::Value;

use super::events::event_id;
use crate::error::Error;
use crate::slug::check_name;

/// Stores feedback: an event about another event, or about none.
pub(crate) fn store(connection: &Connection, project: i64, event: &Value) -> Result<(), Error> {
    let feedback = &event["contexts"]["feedback"];
    let text = |key: &str| feedback[key].as_str().unwrap_or_default();
    let about = feedback["associated_event_id"].as_str();
    let Some(about) = about.or(event["event_id"].as_str()) else {
        return Err(Error::invalid("event_id", "Invalid event ID"));
    };
    check_name("message", text("message"), 4096)?;
    connection.execute(
        "INSERT INTO feedback (project_id, event_id, name, email, comments)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email,
         comments = excluded.comments",
        (
            project,
            event_id(about)?,
            text("name"),
            text("contact_email"),
            text("message"),
        ),
    )?;
    Ok(())
}
