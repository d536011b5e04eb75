//! Storing sessions as an SDK sends them, for the health of releases.

use jiff::Timestamp;
use rusqlite::Transaction;
use serde_json::Value;

use crate::error::Error;

/// The numbers of an item, and the statuses of their sessions.
const NUMBERS: [(&str, &str); 4] = [
    ("exited", "healthy"),
    ("errored", "errored"),
    ("crashed", "crashed"),
    ("abnormal", "abnormal"),
];

/// The statuses, each worse than those before. A session gets no better, whatever the order in which its updates arrive.
const WORSE: &str = "healthy errored abnormal crashed";

/// Stores an item of an envelope: a session, or numbers of sessions.
pub(crate) fn store(transaction: &Transaction, project: i64, item: &Value) -> Result<(), Error> {
    if let Some(id) = item["sid"].as_str() {
        let has_errors = item["errors"].as_u64().is_some_and(|errors| errors > 0);
        let status = match item["status"].as_str().unwrap_or("ok") {
            status @ ("crashed" | "abnormal") => status,
            "ok" | "exited" if !has_errors => "healthy",
            _ => "errored",
        };
        insert(transaction, project, item, item, Some(id), (status, 1))?;
    }
    for numbers in item["aggregates"].as_array().into_iter().flatten() {
        for (key, status) in NUMBERS {
            if let Some(count) = numbers[key].as_i64().filter(|count| *count > 0) {
                insert(transaction, project, item, numbers, None, (status, count))?;
            }
        }
    }
    Ok(())
}

/// Stores a session with an id, or a number of sessions without. The attributes are those of the item.
fn insert(
    transaction: &Transaction,
    project: i64,
    item: &Value,
    sessions: &Value,
    id: Option<&str>,
    (status, count): (&str, i64),
) -> Result<(), Error> {
    let started = sessions["started"].as_str();
    let started = started.and_then(|text| text.parse::<Timestamp>().ok());
    transaction.execute(
        "INSERT INTO sessions VALUES
             (?1, coalesce(?2, lower(hex(randomblob(16)))), ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT DO UPDATE SET user = excluded.user,
             status = iif(instr(?9, excluded.status) > instr(?9, status), excluded.status, status)",
        (
            project,
            id,
            sessions["did"].as_str(),
            status,
            item["attrs"]["release"].as_str().unwrap_or_default(),
            item["attrs"]["environment"]
                .as_str()
                .unwrap_or("production"),
            started.unwrap_or_else(Timestamp::now).as_second(),
            count,
            WORSE,
        ),
    )?;
    Ok(())
}
