//! Compares recorded exchanges with the effective API: what the API does that no description says, and the entry of an overlay
//! or a supplement that would say it.
//!
//! Nothing that may be a secret leaves this module: see `scrub`.

mod entry;
mod har;
mod inferred;
mod route;
mod scrub;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::description::document::conformance::{self, Direction, Mismatch, MismatchKind, type_of};
use crate::description::document::{Content, Operation, Provenance, Response};
use crate::http::{ParameterLocation, Status};
use crate::media_type::is_json;
use crate::path_template::path_shape;
use crate::project::Project;
use crate::reconcile::merge::Merged;

use entry::Entries;
pub use entry::{Entry, EntryKind};
pub use har::{Exchange, read as read_har};
use route::{Routed, Routes};

/// What recorded exchanges tell about an API.
#[derive(Debug, Clone, Serialize)]
pub struct Observed {
    /// The number of exchanges that were compared.
    pub exchanges: usize,
    /// The number of those with hosts that are no servers of the API.
    pub elsewhere: usize,
    /// The number of operations with exchanges.
    pub operations: usize,
    /// What differs, by operation, in the order in which it was first seen.
    pub deviations: Vec<Deviation>,
}

/// Something that no description says.
#[derive(Debug, Clone, Serialize)]
pub struct Deviation {
    /// What kind of thing it is: `undocumented-status`, `undocumented-property`, `type`, `null`, `enum-value`, …
    pub kind: &'static str,
    /// The operation, as `GET /pets/{}`.
    pub operation: String,
    /// Where it is: `200`, `200 /*/name`, `query tag`, `body /name`.
    pub place: String,
    /// What was seen, in one sentence without a full stop.
    pub message: String,
    /// In how many exchanges it was seen.
    pub count: usize,
    /// The exchange in which it was first seen.
    pub first: String,
    /// File, line and column of what the descriptions say instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub described: Option<String>,
    /// What would mend the descriptions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entry: Option<Entry>,
}

/// Compares exchanges with an effective API. `hosts` are hosts of the API beside those of its servers.
#[must_use]
pub fn observe(
    project: &Project,
    merged: &Merged,
    exchanges: &[Exchange],
    hosts: &[String],
) -> Observed {
    let routes = Routes::new(&merged.document, hosts);
    let mut observer = Observer {
        project,
        merged,
        entries: Entries::new(project),
        found: IndexMap::new(),
    };
    let mut observed = Observed {
        exchanges: 0,
        elsewhere: 0,
        operations: 0,
        deviations: Vec::new(),
    };
    let mut seen = std::collections::HashSet::new();
    for exchange in exchanges {
        match routes.route(exchange) {
            Routed::Elsewhere => observed.elsewhere += 1,
            Routed::Unknown(path) => {
                observed.exchanges += 1;
                observer.unknown_operation(exchange, &path);
            }
            Routed::Operation(operation) => {
                observed.exchanges += 1;
                seen.insert((operation.method, &operation.path));
                observer.compare(exchange, operation);
            }
        }
    }
    observed.operations = seen.len();
    observed.deviations = observer.found.into_values().collect();
    observed
        .deviations
        .sort_by(|one, other| one.operation.cmp(&other.operation));
    observed
}

/// What deviations of one kind are told apart by.
type Key = (&'static str, String, String, String);

struct Observer<'m> {
    project: &'m Project,
    merged: &'m Merged,
    entries: Entries<'m>,
    found: IndexMap<Key, Deviation>,
}

/// A deviation, before it is known whether it was seen before.
struct Found<'f> {
    kind: &'static str,
    operation: String,
    place: String,
    message: String,
    /// What the descriptions say instead.
    described: Option<&'f Provenance>,
}

impl<'m> Observer<'m> {
    /// Counts a deviation. The entry is made for the first of its kind.
    fn add(
        &mut self,
        exchange: &Exchange,
        found: Found<'_>,
        entry: impl FnOnce(&Entries<'m>) -> Option<Entry>,
    ) {
        let Found {
            kind,
            operation,
            place,
            message,
            described,
        } = found;
        let key = (kind, operation.clone(), place.clone(), message.clone());
        if let Some(known) = self.found.get_mut(&key) {
            known.count += 1;
            return;
        }
        let described = described.map(|it| self.project.sources.shown(it.first().at));
        let deviation = Deviation {
            kind,
            operation,
            place,
            message,
            count: 1,
            first: exchange.recorded.clone(),
            described,
            entry: entry(&self.entries),
        };
        self.found.insert(key, deviation);
    }

    fn unknown_operation(&mut self, exchange: &Exchange, path: &str) {
        let segments = path.split('/').map(|segment| {
            if scrub::is_value(segment) {
                "{id}"
            } else {
                segment
            }
        });
        let path = segments.collect::<Vec<_>>().join("/");
        let found = Found {
            kind: "undocumented-operation",
            operation: format!("{} {}", exchange.method.as_str(), path_shape(&path)),
            place: exchange.status.to_string(),
            message: "no description has this operation".to_owned(),
            described: None,
        };
        self.add(exchange, found, |entries| {
            // What the path looks like after a failure need not be one of the API.
            (exchange.status < 400).then(|| entries.operation(exchange, &path))
        });
    }

    fn compare(&mut self, exchange: &Exchange, operation: &'m Operation) {
        self.compare_query(exchange, operation);
        self.compare_request(exchange, operation);
        let exact = operation.responses.get(&Status::Code(exchange.status));
        let range = u8::try_from(exchange.status / 100).unwrap_or_default();
        let response = exact
            .or_else(|| operation.responses.get(&Status::Range(range)))
            .or_else(|| operation.responses.get(&Status::Default));
        // A status that says nothing about the API: not modified, rate limits and failures of servers and proxies.
        let is_general = matches!(exchange.status, 304 | 407 | 429) || exchange.status >= 500;
        match response {
            Some(response) => self.compare_response(exchange, operation, response),
            None if is_general => {}
            None => {
                let found = Found {
                    kind: "undocumented-status",
                    operation: name(operation),
                    place: exchange.status.to_string(),
                    message: format!("the status {} is not described", exchange.status),
                    described: Some(&operation.provenance),
                };
                self.add(exchange, found, |entries| {
                    Some(entries.status(exchange, operation))
                });
            }
        }
    }

    fn compare_query(&mut self, exchange: &Exchange, operation: &'m Operation) {
        for query in &exchange.query {
            // `filter[name]` is a part of the parameter `filter` of the style `deepObject`.
            let stem = query.split('[').next().unwrap_or(query);
            let is_known = operation.parameters.iter().any(|parameter| {
                parameter.location == ParameterLocation::Query
                    && (parameter.name == *query || parameter.name == stem)
            });
            let may_be_secret = scrub::name(query) != query;
            if is_known || may_be_secret {
                continue;
            }
            let found = Found {
                kind: "undocumented-query-parameter",
                operation: name(operation),
                place: format!("query {query}"),
                message: format!("the query parameter `{query}` is not described"),
                described: Some(&operation.provenance),
            };
            self.add(exchange, found, |entries| {
                Some(entries.query_parameter(operation, query))
            });
        }
    }

    fn compare_request(&mut self, exchange: &Exchange, operation: &'m Operation) {
        let contents = operation.body.as_ref().map(|body| &body.contents);
        let (Some(contents), Some(value)) = (contents, &exchange.request) else {
            return;
        };
        // A request that was refused shows what the API does not take.
        if exchange.status < 400
            && let Some(content) = contents.iter().find(|(name, _)| is_json(name))
        {
            let place = Place {
                text: "body".to_owned(),
                status: None,
                media_type: content.0,
            };
            self.compare_value(exchange, operation, &place, value, content.1);
        }
    }

    fn compare_response(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        response: &'m Response,
    ) {
        let Some(media_type) = exchange.media_type.as_deref().filter(|_| exchange.has_body) else {
            return;
        };
        let content = response.contents.iter().find(|(name, _)| {
            let name = name.split(';').next().unwrap_or_default().trim();
            let range = name.strip_suffix("/*").map(|range| format!("{range}/"));
            let is_range =
                range.is_some_and(|range| range == "*/" || media_type.starts_with(&range));
            name.eq_ignore_ascii_case(media_type) || is_range
        });
        let Some((described, content)) = content else {
            let found = Found {
                kind: "undocumented-content-type",
                operation: name(operation),
                place: exchange.status.to_string(),
                message: format!("a body of `{media_type}` is not described"),
                described: Some(&response.provenance),
            };
            self.add(exchange, found, |entries| {
                Some(entries.content(exchange, operation, response, media_type))
            });
            return;
        };
        if let Some(value) = &exchange.response {
            let place = Place {
                text: exchange.status.to_string(),
                status: Some(exchange.status),
                media_type: described,
            };
            self.compare_value(exchange, operation, &place, value, content);
        }
    }

    fn compare_value(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        place: &Place<'_>,
        value: &Json,
        content: &'m Content,
    ) {
        let Some(schema) = &content.schema else {
            return;
        };
        let direction = match place.status {
            Some(_) => Direction::Response,
            None => Direction::Request,
        };
        let components = &self.merged.document.schemas;
        let mut told = std::collections::HashSet::new();
        for mismatch in conformance::mismatches(value, schema, components, direction) {
            let pointer = without_indices(&mismatch.pointer);
            let message = message(&mismatch, &pointer);
            // Once for an exchange, however many items of a list differ.
            if !told.insert((mismatch.kind, pointer.clone(), message.clone())) {
                continue;
            }
            let found = Found {
                kind: kind(mismatch.kind),
                operation: name(operation),
                place: format!("{} {}", place.text, scrub::pointer(&pointer)),
                message,
                described: Some(&mismatch.schema.provenance),
            };
            let is_printable = scrub::pointer(&pointer) == pointer;
            self.add(exchange, found, |entries| {
                is_printable.then(|| entries.mismatch(operation, place, &mismatch, &pointer))?
            });
        }
    }
}

/// Where a value was sent.
struct Place<'p> {
    text: String,
    /// The status of a response; `None` for a request.
    status: Option<u16>,
    media_type: &'p str,
}

fn name(operation: &Operation) -> String {
    format!(
        "{} {}",
        operation.method.as_str(),
        path_shape(&operation.path)
    )
}

fn kind(kind: MismatchKind) -> &'static str {
    match kind {
        MismatchKind::Type => "type",
        MismatchKind::Null => "null",
        MismatchKind::EnumValue => "enum-value",
        MismatchKind::Format => "format",
        MismatchKind::MissingRequired => "missing-required",
        MismatchKind::UndocumentedProperty => "undocumented-property",
    }
}

/// What was seen instead of what is described, without any value that may be a secret.
fn message(mismatch: &Mismatch<'_>, pointer: &str) -> String {
    let expected = &mismatch.expected;
    let seen = mismatch.value.map(type_of).unwrap_or_default();
    match mismatch.kind {
        MismatchKind::Type => format!("{seen} instead of {expected}"),
        MismatchKind::Null => "null, which is not described".to_owned(),
        MismatchKind::EnumValue => match printable(mismatch, pointer) {
            Some(value) => format!("`{value}` is not among the values of the enum"),
            None => "a value that is not among those of the enum".to_owned(),
        },
        MismatchKind::Format => format!("a string that is no {expected}"),
        MismatchKind::MissingRequired => "a required property is absent".to_owned(),
        MismatchKind::UndocumentedProperty => format!("a property ({seen}) that is not described"),
    }
}

/// The value of an enum, if it may be printed.
fn printable(mismatch: &Mismatch<'_>, pointer: &str) -> Option<String> {
    let name = pointer
        .rsplit('/')
        .find(|token| *token != "*")
        .unwrap_or_default();
    scrub::value(name, mismatch.value?.as_str()?)
}

/// A pointer in which keys that are data stand as `*`, too.
fn without_indices(pointer: &str) -> String {
    let tokens = pointer
        .split('/')
        .map(|token| if scrub::is_value(token) { "*" } else { token });
    tokens.collect::<Vec<_>>().join("/")
}
