//! Events.

use rusqlite::types::ToSql;
use rusqlite::{Params, Row};
use sentry_api::models;
use sentry_api::server::operations::events::*;

use crate::app::{App, Context, Session};
use crate::columns::{json, number, time};
use crate::discover;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{EVENT_FITS, Search, Span, environments, in_environments, terms};

const SELECT: &str = "SELECT e.*, i.culprit, i.type,
     (SELECT json_group_array(json_object('key', x.key, 'value', x.value))
      FROM event_tags x WHERE x.event = e.number) AS tags
     FROM events e JOIN issues i ON i.id = e.issue_id JOIN projects p ON p.id = i.project_id";

/// An id of an event is also valid with hyphens, and in capital letters.
const IS_EVENT: &str = "e.id = lower(replace(?2, '-', ''))";

impl Events for App {
    async fn list_issue_events(
        &self,
        context: &Context,
        request: ListIssueEventsRequest,
    ) -> Result<ListIssueEventsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page.or(request.limit))?;
        let (start, end) = (request.start.as_ref(), request.end.as_ref());
        let search = Search {
            query: request.query,
            environments: request.environment,
            span: Span::new(start, end, request.stats_period.as_deref())?,
        };
        let order = order(request.sort.as_deref(), request.sample)?;
        let events = self.run(context, move |session| {
            let issue = session.issue(&request.issue_id)?;
            self::search(session, &page, "i.id", issue, &search, order)
        });
        Ok(events.await?.into_response(ListIssueEventsResponse::Ok))
    }

    async fn list_organization_issue_events(
        &self,
        context: &Context,
        request: ListOrganizationIssueEventsRequest,
    ) -> Result<ListOrganizationIssueEventsResponse, Error> {
        let size = request.per_page.unwrap_or(request.limit);
        let page = self.page(context, request.cursor, Some(size))?;
        let (start, end) = (request.start.as_ref(), request.end.as_ref());
        let search = Search {
            query: request.query,
            environments: request.environment,
            span: Span::new(start, end, request.stats_period.as_deref())?,
        };
        let order = order(request.sort.as_deref(), request.sample)?;
        let events = self.run(context, move |session| {
            let issue = session.issue_of(&request.organization_id_or_slug, &request.issue_id)?;
            self::search(session, &page, "i.id", issue, &search, order)
        });
        let events = events.await?;
        Ok(events.into_response(ListOrganizationIssueEventsResponse::Ok))
    }

    async fn list_project_events(
        &self,
        context: &Context,
        request: ListProjectEventsRequest,
    ) -> Result<ListProjectEventsResponse, Error> {
        let page = self.page(context, request.cursor, request.per_page.or(request.limit))?;
        let (start, end) = (request.start.as_ref(), request.end.as_ref());
        let search = Search {
            query: request.query,
            environments: None,
            span: Span::new(start, end, request.stats_period.as_deref())?,
        };
        let order = order(request.sort.as_deref(), request.sample)?;
        let events = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            self::search(session, &page, "p.id", project, &search, order)
        });
        Ok(events.await?.into_response(ListProjectEventsResponse::Ok))
    }

    async fn retrieve_latest_issue_event(
        &self,
        context: &Context,
        request: RetrieveLatestIssueEventRequest,
    ) -> Result<RetrieveLatestIssueEventResponse, Error> {
        let event = self.run(context, move |session| {
            latest(session, session.issue(&request.issue_id)?)?.ok_or(Error::NotFound)
        });
        Ok(RetrieveLatestIssueEventResponse::Ok(event.await?))
    }

    async fn retrieve_oldest_issue_event(
        &self,
        context: &Context,
        request: RetrieveOldestIssueEventRequest,
    ) -> Result<RetrieveOldestIssueEventResponse, Error> {
        let event = self.run(context, move |session| {
            let issue = session.issue(&request.issue_id)?;
            find(session, "i.id = ?1 ORDER BY e.date_created, e.id", [issue])
        });
        Ok(RetrieveOldestIssueEventResponse::Ok(event.await?))
    }

    async fn retrieve_project_event(
        &self,
        context: &Context,
        request: RetrieveProjectEventRequest,
    ) -> Result<RetrieveProjectEventResponse, Error> {
        let event = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            let mut event = find(
                session,
                &format!("p.id = ?1 AND {IS_EVENT}"),
                (project, &request.event_id),
            )?;
            set_neighbours(session, &mut event, request.environment.as_deref())?;
            Ok(event)
        });
        Ok(RetrieveProjectEventResponse::Ok(event.await?))
    }

    async fn debug_project_event_source_maps(
        &self,
        context: &Context,
        request: DebugProjectEventSourceMapsRequest,
    ) -> Result<DebugProjectEventSourceMapsResponse, Error> {
        let maps = self.run(context, move |session| {
            let project = session.project(
                &request.organization_id_or_slug,
                &request.project_id_or_slug,
            )?;
            source_maps(session, project, &request.event_id)
        });
        Ok(DebugProjectEventSourceMapsResponse::Ok(maps.await?))
    }

    async fn resolve_organization_event_id(
        &self,
        context: &Context,
        request: ResolveOrganizationEventIdRequest,
    ) -> Result<ResolveOrganizationEventIdResponse, Error> {
        let lookup = self.run(context, move |session| {
            let organization = session.organization(&request.organization_id_or_slug)?;
            let filter = format!("p.organization_id = ?1 AND {IS_EVENT}");
            let event = find(session, &filter, (organization, &request.event_id))?;
            let slugs = session.one(
                "SELECT o.slug, p.slug FROM projects p
                 JOIN organizations o ON o.id = p.organization_id WHERE p.id = ?1",
                [&event.project_id],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )?;
            Ok(models::EventLookup {
                organization_slug: Some(slugs.0),
                project_slug: Some(slugs.1),
                group_id: event.group_id.clone(),
                event_id: event.event_id.clone(),
                event: Some(Box::new(event)),
            })
        });
        Ok(ResolveOrganizationEventIdResponse::Ok(lookup.await?))
    }

    async fn query_organization_events(
        &self,
        context: &Context,
        request: QueryOrganizationEventsRequest,
    ) -> Result<QueryOrganizationEventsResponse, Error> {
        let size = request.per_page.or(request.limit);
        let page = self.page(context, request.cursor.clone(), size)?;
        let table = self.run(context, move |session| {
            discover::query(session, &page, request)
        });
        let (data, meta) = table.await?;
        let table = |data| models::EventTable {
            data: Some(data),
            meta: Some(Box::new(meta)),
            confidence: None,
        };
        Ok(data.into_response(|data| QueryOrganizationEventsResponse::Ok(table(data))))
    }
}

/// What is known of the source maps for an event. Frames are not resolved, so there are no exceptions in it.
fn source_maps(
    session: &Session,
    project: i64,
    event: &str,
) -> Result<models::SourceMapDebug, Error> {
    let sql = format!(
        "SELECT e.release, e.dist,
         EXISTS (SELECT 1 FROM artifact_bundles b WHERE b.project_id = p.id) AS has_bundle,
         EXISTS (SELECT 1 FROM artifact_bundles b
             WHERE b.project_id = p.id AND b.release = e.release)
         OR EXISTS (SELECT 1 FROM release_files f JOIN releases r ON r.id = f.release_id
             WHERE r.version = e.release AND r.organization_id = p.organization_id) AS has_artifact
         FROM events e JOIN issues i ON i.id = e.issue_id JOIN projects p ON p.id = i.project_id
         WHERE p.id = ?1 AND {IS_EVENT}"
    );
    session.one(&sql, (project, event), |row| {
        Ok(models::SourceMapDebug {
            release: row.get("release")?,
            dist: row.get("dist")?,
            project_has_some_artifact_bundle: row.get("has_bundle")?,
            release_has_some_artifact: row.get("has_artifact")?,
            has_debug_ids: Some(false),
            exceptions: Some(Vec::new()),
            ..models::SourceMapDebug::default()
        })
    })
}

/// The order of a list of events. Their ids are random, so the order of these is, too.
fn order(sort: Option<&str>, sample: bool) -> Result<&'static str, Error> {
    match sort {
        _ if sample => Ok("e.id"),
        None | Some("" | "-timestamp") => Ok("e.date_created DESC, e.id"),
        Some("timestamp") => Ok("e.date_created, e.id"),
        Some(other) => Err(Error::BadRequest(format!("Cannot sort by {other:?}."))),
    }
}

/// The events of an issue or a project that fit a query.
fn search(
    session: &Session,
    page: &Page,
    column: &str,
    id: i64,
    search: &Search,
    order: &str,
) -> Result<List<models::Event>, Error> {
    let in_environments = in_environments("e", 5);
    let sql = format!(
        "{SELECT} WHERE {column} = ?1 AND {EVENT_FITS} AND e.date_created BETWEEN ?3 AND ?4
         AND {in_environments} ORDER BY {order}"
    );
    let terms = terms(search.query.as_deref().unwrap_or_default(), session.user.id)?;
    let environments = environments(search.environments.as_deref())?;
    let Span { start, end } = &search.span;
    let parameters: [&dyn ToSql; 5] = [&id, &terms, start, end, &environments];
    page.select(session, &sql, parameters.as_slice(), read)
}

/// The newest event of an issue.
pub(crate) fn latest(session: &Session, issue: i64) -> Result<Option<models::Event>, Error> {
    match find(
        session,
        "i.id = ?1 ORDER BY e.date_created DESC, e.id DESC",
        [issue],
    ) {
        Ok(event) => Ok(Some(event)),
        Err(Error::NotFound) => Ok(None),
        Err(other) => Err(other),
    }
}

/// The users of the events of a project, by what the events know of them.
pub(crate) fn users(
    session: &Session,
    page: &Page,
    project: i64,
    query: Option<&str>,
) -> Result<List<models::ProjectUser>, Error> {
    let sql = "SELECT e.user, min(e.date_created) AS date_created
         FROM events e JOIN issues i ON i.id = e.issue_id
         WHERE i.project_id = ?1 AND e.user IS NOT NULL
         AND instr(lower(e.user), lower(?2)) GROUP BY e.user ORDER BY date_created, e.user";
    // `email:x` and the like; a user is found by any of its properties.
    let query = query.unwrap_or_default();
    let value = query.split_once(':').map_or(query, |(_, value)| value);
    page.select(session, sql, (project, value), |row| {
        let user: models::EventUser = json(row, "user")?.unwrap_or_default();
        Ok(models::ProjectUser {
            id: user.id.clone(),
            identifier: user.id.clone(),
            tag_value: user.id.map(|id| format!("id:{id}")),
            email: user.email,
            username: user.username,
            name: user.name,
            ip_address: user.ip_address,
            date_created: time(row, "date_created")?,
            ..models::ProjectUser::default()
        })
    })
}

/// The first event that a filter with an order selects.
fn find(session: &Session, filter: &str, parameters: impl Params) -> Result<models::Event, Error> {
    session.one(&format!("{SELECT} WHERE {filter}"), parameters, read)
}

/// Sets the events of the same issue, and of some environments, before and after an event.
fn set_neighbours(
    session: &Session,
    event: &mut models::Event,
    named: Option<&[String]>,
) -> Result<(), Error> {
    let in_environments = in_environments("n", 3);
    let sql = format!(
        "SELECT (SELECT id FROM events n WHERE n.issue_id = e.issue_id AND {in_environments}
                 AND (n.date_created, n.id) < (e.date_created, e.id)
                 ORDER BY n.date_created DESC, n.id DESC LIMIT 1) AS previous,
                (SELECT id FROM events n WHERE n.issue_id = e.issue_id AND {in_environments}
                 AND (n.date_created, n.id) > (e.date_created, e.id)
                 ORDER BY n.date_created, n.id LIMIT 1) AS next
         FROM events e WHERE e.project_id = ?1 AND e.id = ?2"
    );
    let parameters = (&event.project_id, &event.id, environments(named)?);
    let neighbours = session.one(&sql, parameters, |row| Ok((row.get(0)?, row.get(1)?)))?;
    (event.previous_event_id, event.next_event_id) = neighbours;
    Ok(())
}

fn read(row: &Row) -> rusqlite::Result<models::Event> {
    let (id, title): (String, String) = (row.get("id")?, row.get("title")?);
    let kind: String = row.get("type")?;
    let metadata = models::EventMetadata {
        title: Some(title.clone()),
        ..models::EventMetadata::default()
    };
    Ok(models::Event {
        event_id: Some(id.clone()),
        id: Some(id),
        group_id: number(row, "issue_id")?,
        project_id: number(row, "project_id")?,
        title: Some(title),
        message: row.get("message")?,
        culprit: row.get("culprit")?,
        platform: row.get("platform")?,
        r#type: Some(kind.clone().into()),
        event_type: Some(kind),
        metadata: Some(Box::new(metadata)),
        dist: row.get("dist")?,
        tags: json(row, "tags")?,
        user: json(row, "user")?,
        entries: json(row, "entries")?,
        context: json(row, "extra")?,
        contexts: json(row, "contexts")?,
        errors: Some(Vec::new()),
        date_created: time(row, "date_created")?,
        date_received: time(row, "date_received")?,
        ..models::Event::default()
    })
}
