//! Feedback of users about events.

use rusqlite::Row;
use sentry_api::models;
use sentry_api::server::operations::user_feedback::*;

use crate::app::{App, Context, Session};
use crate::columns::{number, time};
use crate::error::Error;
use crate::ingest::events::event_id;
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
