//! Feedback of users about events.

use rusqlite::{Connection, Row};
use sentry_api::models;
use sentry_api::server::operations::user_feedback::*;
use serde_json::Value;

use crate::app::{App, Context, Session};
use crate::columns::{number, time};
use crate::error::Error;
use crate::event_store::event_id;
use crate::slug::check_name;

impl UserFeedback for App {
    async fn list_project_user_feedback(
        &self,
        context: &Context,
        request: ListProjectUserFeedbackRequest,
    ) -> Result<ListProjectUserFeedbackResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page)?;
        let feedback = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let sql = "SELECT * FROM feedback WHERE project_id = ?1 ORDER BY id DESC";
            page.select(session, sql, [project], read)
        });
        let feedback = feedback.await?;
        Ok(feedback.into_response(ListProjectUserFeedbackResponse::Ok))
    }

    async fn submit_project_user_feedback(
        &self,
        context: &Context,
        request: SubmitProjectUserFeedbackRequest,
    ) -> Result<SubmitProjectUserFeedbackResponse, Error> {
        let feedback = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            submit(session, project, &request.body)
        });
        Ok(SubmitProjectUserFeedbackResponse::Ok(feedback.await?))
    }
}

/// Stores feedback. That of the same event replaces it for five minutes; after that it is a conflict.
fn submit(
    session: &Session,
    project: i64,
    body: &models::UserFeedbackCreate,
) -> Result<models::UserFeedback, Error> {
    check_name("name", &body.name, 128)?;
    check_name("comments", &body.comments, 4096)?;
    let event = event_id(&body.event_id)?;
    if !body.email.contains('@') {
        return Err(Error::invalid("email", "Enter a valid email address."));
    }
    let feedback = session.one(
        "INSERT INTO feedback (project_id, event_id, name, email, comments)
         VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET name = excluded.name, email = excluded.email,
         comments = excluded.comments WHERE julianday() - julianday(date_created) < 5.0 / 24 / 60
         RETURNING *",
        (project, event, &body.name, &body.email, &body.comments),
        read,
    );
    feedback.map_err(|error| match error {
        Error::NotFound => {
            Error::Conflict("Feedback for this event cannot be modified.".to_owned())
        }
        other => other,
    })
}

/// Stores feedback as an SDK sends it, which is an event about another event, or about none.
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

fn read(row: &Row) -> rusqlite::Result<models::UserFeedback> {
    let event: String = row.get("event_id")?;
    let (name, email): (String, String) = (row.get("name")?, row.get("email")?);
    Ok(models::UserFeedback {
        id: number(row, "id")?,
        event: Some(models::UserFeedbackEvent {
            id: Some(event.clone()),
            event_id: Some(event.clone()),
        }),
        event_id: Some(event),
        name: Some(name),
        email: Some(email),
        comments: row.get("comments")?,
        date_created: time(row, "date_created")?,
        ..models::UserFeedback::default()
    })
}
