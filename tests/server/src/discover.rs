//! Tables of events: the columns that a request names.

use std::collections::BTreeMap;

use rusqlite::types::{ToSql, ValueRef};
use rusqlite::{Row, params_from_iter};
use sentry_api::models::{EventDataset, EventTableMeta};
use sentry_api::server::operations::events::QueryOrganizationEventsRequest;
use serde_json::Value;

use crate::app::Session;
use crate::error::Error;
use crate::page::{List, Page};
use crate::search::{EVENT_FITS, Span, environments, in_environments, terms};

/// A row of the table.
type Cells = BTreeMap<String, Value>;

/// The columns with a meaning of their own: name, SQL and type. Other names are tags.
const COLUMNS: [(&str, &str, &str); 17] = [
    ("id", "e.id", "string"),
    ("title", "e.title", "string"),
    ("message", "e.message", "string"),
    ("platform", "e.platform", "string"),
    ("platform.name", "e.platform", "string"),
    ("timestamp", "e.date_created", "date"),
    ("project", "p.slug", "string"),
    ("project.name", "p.slug", "string"),
    ("project.id", "p.id", "integer"),
    ("issue", "upper(p.slug) || '-' || i.number", "string"),
    ("issue.id", "i.id", "integer"),
    ("culprit", "i.culprit", "string"),
    ("user.id", "e.user ->> 'id'", "string"),
    ("user.email", "e.user ->> 'email'", "string"),
    ("user.username", "e.user ->> 'username'", "string"),
    ("count()", "count(*)", "integer"),
    ("count_unique(user)", "count(DISTINCT e.user)", "integer"),
];

const LARGEST: usize = 20;

/// A page of the table, and the types of its columns.
pub(crate) fn query(
    session: &Session,
    page: &Page,
    request: QueryOrganizationEventsRequest,
) -> Result<(List<Cells>, EventTableMeta), Error> {
    let organization = session.organization(&request.organization_id_or_slug)?;
    let projects = session.projects(organization, request.project)?;
    let period = request.stats_period.as_deref();
    let span = Span::new(request.start.as_ref(), request.end.as_ref(), period)?;
    let fields = request.field;
    let terms = terms(&request.query.unwrap_or_default(), session.user.id)?;
    let mut parameters: Vec<Box<dyn ToSql>> = vec![
        Box::new(projects),
        Box::new(terms),
        Box::new(span.start),
        Box::new(span.end),
        Box::new(environments(request.environment.as_deref())?),
    ];
    let columns = columns(&fields, &mut parameters)?;
    // The events of this service are errors; the other data sets are empty.
    let has_events = matches!(request.dataset, None | Some(EventDataset::Errors));
    let names: Vec<_> = columns.iter().map(|column| column.sql.as_str()).collect();
    let sql = format!(
        "SELECT {} FROM events e JOIN issues i ON i.id = e.issue_id
         JOIN projects p ON p.id = i.project_id
         WHERE {has_events} AND p.id IN (SELECT value FROM json_each(?1)) AND {EVENT_FITS}
         AND e.date_created BETWEEN ?3 AND ?4 AND {} {} ORDER BY {}",
        names.join(", "),
        in_environments("e", 5),
        group(&fields),
        order(request.sort.as_deref(), &fields)?,
    );
    let rows = page.select(session, &sql, params_from_iter(parameters), |row| {
        cells(row, &fields)
    })?;
    let meta = EventTableMeta {
        fields: Some(
            fields
                .into_iter()
                .zip(columns.into_iter().map(|column| column.kind))
                .collect(),
        ),
        dataset: request.dataset.map(|dataset| dataset.as_str().to_owned()),
        ..EventTableMeta::default()
    };
    Ok((rows, meta))
}

/// A column of the table.
struct Column {
    sql: String,
    /// The type of its values.
    kind: String,
}

/// The columns of the fields. The names of tags are added to the parameters.
fn columns(fields: &[String], parameters: &mut Vec<Box<dyn ToSql>>) -> Result<Vec<Column>, Error> {
    if fields.is_empty() || fields.len() > LARGEST {
        let detail = format!("Between 1 and {LARGEST} fields are needed.");
        return Err(Error::BadRequest(detail));
    }
    let column = |field: &String| {
        let (sql, kind) = match COLUMNS.iter().find(|(name, _, _)| name == field) {
            Some((_, sql, kind)) => ((*sql).to_owned(), *kind),
            None if field.contains('(') => {
                return Err(Error::BadRequest(format!("Unknown function: {field}")));
            }
            None => {
                parameters.push(Box::new(field.clone()));
                let tag = format!(
                    "(SELECT x.value FROM event_tags x WHERE x.event = e.number AND x.key = ?{})",
                    parameters.len()
                );
                (tag, "string")
            }
        };
        let kind = kind.to_owned();
        Ok(Column { sql, kind })
    };
    fields.iter().map(column).collect()
}

/// Groups the rows by the columns that are no function, if one is.
fn group(fields: &[String]) -> String {
    let columns = fields.iter().enumerate();
    let plain = columns.filter(|(_, field)| !field.ends_with(')'));
    let plain: Vec<_> = plain.map(|(index, _)| (index + 1).to_string()).collect();
    if plain.len() == fields.len() || plain.is_empty() {
        return String::new();
    }
    format!("GROUP BY {}", plain.join(", "))
}

/// A field, with `-` in front for the other direction. It must be one of the table.
fn order(sort: Option<&str>, fields: &[String]) -> Result<String, Error> {
    let Some(sort) = sort.filter(|sort| !sort.is_empty()) else {
        return Ok("1".to_owned());
    };
    let (field, direction) = match sort.strip_prefix('-') {
        Some(field) => (field, "DESC"),
        None => (sort, "ASC"),
    };
    let is_field = |name: &String| {
        // `count()` is also called `count`.
        name == field || name.strip_suffix("()") == Some(field)
    };
    match fields.iter().position(is_field) {
        Some(index) => Ok(format!("{} {direction}", index + 1)),
        None => Err(Error::BadRequest(format!(
            "Cannot sort by a field that is not selected: {sort}"
        ))),
    }
}

fn cells(row: &Row, fields: &[String]) -> rusqlite::Result<Cells> {
    let cell = |(index, field): (usize, &String)| {
        let value = match row.get_ref(index)? {
            ValueRef::Integer(number) => number.into(),
            ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
            ValueRef::Real(number) => number.into(),
            ValueRef::Null | ValueRef::Blob(_) => Value::Null,
        };
        Ok((field.clone(), value))
    };
    fields.iter().enumerate().map(cell).collect()
}
