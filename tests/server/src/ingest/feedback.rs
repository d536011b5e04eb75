//! Storing feedback as an SDK sends it.

use rusqlite::Connection;
use serde_json::Value;

use super::events::event_id;
use crate::error::Error;
use crate::slug::check_name;

/// Stores feedback: an event about another event, or about none.
pub(crate) fn store(connection: &Connection, project: i64, event: &Value) -> Result<(), Error> {
    let feedback = &event["contexts"]["feedback"];
    let about = [&feedback["associated_event_id"], &event["event_id"]];
    let [name, email, comments] = ["name", "contact_email", "message"].map(|key| &feedback[key]);
    insert(connection, project, &about, [name, email, comments])
}

/// Stores a report, which is what older SDKs send as feedback.
pub(crate) fn store_report(
    connection: &Connection,
    project: i64,
    report: &Value,
) -> Result<(), Error> {
    let about = [&report["event_id"]];
    insert(
        connection,
        project,
        &about,
        ["name", "email", "comments"].map(|key| &report[key]),
    )
}

/// Stores what a user says of an event. The id of that is the first one that is there.
fn insert(
    connection: &Connection,
    project: i64,
    about: &[&Value],
    texts: [&Value; 3],
) -> Result<(), Error> {
    let about = about.iter().find_map(|id| id.as_str());
    let about = event_id(about.unwrap_or_default())?;
    let [name, email, comments] = texts.map(|text| text.as_str().unwrap_or_default());
    check_name("comments", comments, 4096)?;
    connection.execute(
        "INSERT INTO feedback (project_id, event_id, name, email, comments)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email,
         comments = excluded.comments",
        (project, about, name, email, comments),
    )?;
    Ok(())
}
