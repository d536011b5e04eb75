//! Compares recorded exchanges with the effective API: what the API does that no description says, and the entry of an overlay
//! or a supplement that would say it.
//!
//! Nothing that may be a secret leaves this module: see `scrub`.

mod entry;
mod form;
mod har;
mod inferred;
mod query;
mod route;
mod scrub;

use std::collections::HashSet;

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use crate::description::document::conformance::{self, MAP_KEY, Mismatch, MismatchKind, type_of};
use crate::description::document::{
    Content, Facet, Operation, Parameter, Provenance, Response, Schema,
};
use crate::description::source::NamedPosition;
use crate::http::{Direction, ParameterLocation, Status};
use crate::media_type::{essence, is_json};
use crate::path_template::path_shape;
use crate::project::Project;
use crate::reconcile::merge::Merged;

use entry::Entries;
pub use entry::{Entry, EntryKind};
use form::Form;
pub use har::{Exchange, Recording};
use har::{Sent, SentBody};
use route::{Routed, Routes};

/// What recorded exchanges tell about an API.
#[derive(Debug, Clone, Serialize)]
pub struct Observed {
    /// The number of exchanges that were compared.
    pub exchanges: usize,
    /// The number of those with hosts that are no servers of the API.
    pub elsewhere: usize,
    /// The entries of the recordings that lack something or have a body that cannot be read, each with that.
    pub incomplete: Vec<String>,
    /// The number of operations with exchanges.
    pub operations: usize,
    /// What differs, by the operation that it was first seen in.
    pub deviations: Vec<Deviation>,
}

/// Something that no description says.
#[derive(Debug, Clone, Serialize)]
pub struct Deviation {
    /// What kind of thing it is: `undocumented-status`, `undocumented-property`, `type`, `null`, `enum-value`, …
    pub kind: &'static str,
    /// What was seen, in one sentence without a full stop.
    pub message: String,
    /// Where it was seen: several operations can have the same schema.
    pub seen: Vec<Seen>,
    /// File, line and column of what the descriptions say instead.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub described: Option<NamedPosition>,
    /// What would mend the descriptions: an entry for each document that says otherwise.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub entries: Vec<Entry>,
}

/// Where a deviation was seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Seen {
    /// The operation, as `GET /pets/{}`.
    pub operation: String,
    /// Where in its exchanges: `200`, `200 /*/name`, `query tag`, `body /name`.
    pub place: String,
    /// In how many exchanges.
    pub count: usize,
    /// The first of them.
    pub first: String,
}

/// Compares exchanges with an effective API. `hosts` are hosts of the API beside those of its servers.
#[must_use]
pub fn observe(
    project: &Project,
    merged: &Merged,
    recording: &Recording,
    hosts: &[String],
) -> Observed {
    let routes = Routes::new(&merged.document, hosts);
    let mut observer = Observer {
        project,
        merged,
        entries: Entries::new(project, merged),
        found: IndexMap::new(),
        counted: HashSet::new(),
    };
    let mut observed = Observed {
        exchanges: 0,
        elsewhere: 0,
        incomplete: recording.incomplete.clone(),
        operations: 0,
        deviations: Vec::new(),
    };
    let mut seen = HashSet::new();
    for exchange in &recording.exchanges {
        observer.counted.clear();
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
        .sort_by(|one, other| one.operation().cmp(&other.operation()));
    observed
}

impl Deviation {
    fn operation(&self) -> Option<&str> {
        self.seen.first().map(|seen| seen.operation.as_str())
    }
}

/// What deviations are told apart by: their kind, the place that the entry is for, the name of what differs, and the message.
type Key = (&'static str, String, String, String);

struct Observer<'m> {
    project: &'m Project,
    merged: &'m Merged,
    entries: Entries<'m>,
    found: IndexMap<Key, Deviation>,
    /// The kinds, places and messages of the current exchange that are counted: once for an exchange, however many items of a
    /// list and values of a query differ.
    counted: HashSet<(&'static str, String, String)>,
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
    /// Counts a deviation once for an exchange. The entries are made for the first of its kind.
    fn add<I: IntoIterator<Item = Entry>>(
        &mut self,
        exchange: &Exchange,
        found: Found<'_>,
        entries: impl FnOnce(&Entries<'m>) -> I,
    ) {
        let Found {
            kind,
            operation,
            place,
            message,
            described,
        } = found;
        if !self.counted.insert((kind, place.clone(), message.clone())) {
            return;
        }
        let corrected = described.and_then(|it| self.entries.place(it));
        let corrected = corrected.unwrap_or_else(|| format!("{operation} {place}"));
        let name = place.rsplit_once('/').map_or("", |(_, name)| name);
        let key = (kind, corrected, name.to_owned(), message.clone());
        let deviation = self.found.entry(key).or_insert_with(|| Deviation {
            kind,
            message,
            seen: Vec::new(),
            described: described.map(|it| self.project.sources.shown(it.first().at)),
            entries: entries(&self.entries).into_iter().collect(),
        });
        let mut seen = deviation.seen.iter_mut();
        match seen.find(|it| it.operation == operation && it.place == place) {
            Some(known) => known.count += 1,
            None => deviation.seen.push(Seen {
                operation,
                place,
                count: 1,
                first: exchange.recorded.clone(),
            }),
        }
    }

    fn unknown_operation(&mut self, exchange: &Exchange, path: &str) {
        let found = Found {
            kind: "undocumented-operation",
            operation: format!("{} {}", exchange.method.as_str(), path_shape(path)),
            place: exchange.status.to_string(),
            message: "no description has this operation".to_owned(),
            described: None,
        };
        self.add(exchange, found, |entries| {
            // What the path looks like after a failure need not be one of the API.
            (exchange.status < 400).then(|| entries.operation(exchange, path))
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
        for (name, value) in &exchange.query {
            let parameters = operation.parameters.iter();
            let mut parameters = parameters.filter(|it| it.location == ParameterLocation::Query);
            // `filter[name]` is a part of the parameter `filter` of the style `deepObject`.
            let stem = name.split('[').next().unwrap_or(name);
            let parameter = parameters.find(|it| it.name == *name || it.name == stem);
            match (parameter, value) {
                (Some(parameter), Some(value)) if parameter.name == *name => {
                    self.compare_parameter(exchange, operation, parameter, value);
                }
                (None, Some(_)) => self.undocumented_parameter(exchange, operation, name),
                _ => {}
            }
        }
        let parameters = operation.parameters.iter();
        for parameter in parameters.filter(|it| it.facts.text(Facet::Style) == Some("deepObject")) {
            self.compare_deep_object(exchange, operation, parameter);
        }
    }

    /// Compares the parts of a parameter of the style `deepObject`, such as `filter[name]`.
    fn compare_deep_object(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        parameter: &'m Parameter,
    ) {
        let components = &self.merged.document.schemas;
        let object = query::deep_object(&exchange.query, parameter, components);
        if exchange.status >= 400 || object.is_empty() {
            return;
        }
        let place = SentAt {
            text: format!("query {}", parameter.name),
            at: At::Query(&parameter.name),
        };
        let (value, schema) = (object.into(), &parameter.schema);
        // A part that is an object itself is not compared, so that it seems to be absent.
        let counts = |it: &Mismatch<'_>| it.kind != MismatchKind::MissingRequired;
        self.compare_value(exchange, operation, &place, &value, schema, counts);
    }

    fn undocumented_parameter(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        query: &str,
    ) {
        let shown = scrub::name(query);
        let found = Found {
            kind: "undocumented-query-parameter",
            operation: name(operation),
            place: format!("query {shown}"),
            message: format!("the query parameter `{shown}` is not described"),
            described: Some(&operation.provenance),
        };
        self.add(exchange, found, |entries| {
            (shown == query).then(|| entries.query_parameter(exchange, operation, query))
        });
    }

    /// Compares the values of a query parameter, which are texts. A request that was refused shows what the API does not take.
    fn compare_parameter(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        parameter: &'m Parameter,
        text: &str,
    ) {
        if exchange.status >= 400 || text.is_empty() || parameter.media_type.is_some() {
            return;
        }
        let place = SentAt {
            text: format!("query {}", parameter.name),
            at: At::Query(&parameter.name),
        };
        let components = &self.merged.document.schemas;
        let separator = query::separator(parameter);
        for value in query::values(text, &parameter.schema, separator, components) {
            let schema = &parameter.schema;
            self.compare_value(exchange, operation, &place, &value, schema, |_| true);
        }
    }

    fn compare_request(&mut self, exchange: &Exchange, operation: &'m Operation) {
        // A request that was refused shows what the API does not take.
        let Some(sent) = exchange.request.as_ref().filter(|_| exchange.status < 400) else {
            return;
        };
        let contents = operation.body.as_ref().map(|body| &body.contents);
        let content = contents.and_then(|contents| content_of(contents, &sent.media_type));
        if content.is_none() {
            self.undocumented_body(exchange, operation, sent);
        }
        // A body in JSON may be the one that another media type of JSON is described for.
        let other = || {
            let mut contents = contents?.iter().filter(|(name, _)| is_json(name));
            contents
                .next()
                .filter(|_| matches!(sent.body, SentBody::Json(_)))
        };
        let Some((media_type, content)) = content.or_else(other) else {
            return;
        };
        let place = SentAt {
            text: "body".to_owned(),
            at: At::Request { media_type },
        };
        let components = &self.merged.document.schemas;
        match (&sent.body, &content.schema) {
            (SentBody::Json(value), Some(schema)) => {
                self.compare_value(exchange, operation, &place, value, schema, |_| true);
            }
            (SentBody::Form(fields), Some(schema)) => {
                let form = Form::of(fields, content, components);
                let is_of_form = |mismatch: &Mismatch<'_>| form.has(mismatch);
                self.compare_value(exchange, operation, &place, &form.value, schema, is_of_form);
            }
            _ => {}
        }
    }

    fn undocumented_body(&mut self, exchange: &Exchange, operation: &'m Operation, sent: &Sent) {
        let body = operation.body.as_ref().map(|body| &body.provenance);
        let found = Found {
            kind: "undocumented-content-type",
            operation: name(operation),
            place: "body".to_owned(),
            message: format!("a body of `{}` is not described", sent.media_type),
            described: Some(body.unwrap_or(&operation.provenance)),
        };
        self.add(exchange, found, |entries| {
            Some(entries.request_content(operation, sent))
        });
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
        let content = content_of(&response.contents, media_type);
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
        if let (Some(value), Some(schema)) = (&exchange.response, &content.schema) {
            let place = SentAt {
                text: exchange.status.to_string(),
                at: At::Response {
                    status: exchange.status,
                    media_type: described,
                },
            };
            self.compare_value(exchange, operation, &place, value, schema, |_| true);
        }
    }

    /// Compares a value with its schema. `counts` tells which differences are reported.
    fn compare_value(
        &mut self,
        exchange: &Exchange,
        operation: &'m Operation,
        place: &SentAt<'_>,
        value: &Json,
        schema: &'m Schema,
        counts: impl Fn(&Mismatch<'_>) -> bool,
    ) {
        let direction = Some(match place.at {
            At::Response { .. } => Direction::Response,
            At::Request { .. } | At::Query(_) => Direction::Request,
        });
        let components = &self.merged.document.schemas;
        let mismatches = conformance::mismatches(value, schema, components, direction);
        for mismatch in mismatches.into_iter().filter(|it| counts(it)) {
            let pointer = without_indices(&mismatch.pointer);
            let message = message(&mismatch, place, &pointer);
            let found = Found {
                kind: mismatch.kind.name(),
                operation: name(operation),
                place: format!("{} {}", place.text, scrub::pointer(&pointer))
                    .trim_end()
                    .to_owned(),
                message,
                described: Some(&mismatch.schema.provenance),
            };
            let is_printable = pointer == mismatch.pointer;
            self.add(exchange, found, |entries| {
                let entries =
                    is_printable.then(|| entries.mismatch(operation, place, &mismatch, &pointer));
                entries.unwrap_or_default()
            });
        }
    }
}

/// The content of a media type; else, of the narrowest range that it is in.
fn content_of<'c>(
    contents: &'c IndexMap<String, Content>,
    media_type: &str,
) -> Option<(&'c String, &'c Content)> {
    let (kind, _) = media_type.split_once('/')?;
    let names = [media_type, &format!("{kind}/*"), "*/*"];
    let mut found = names.iter().map(|wanted| {
        let mut contents = contents.iter();
        contents.find(|(name, _)| essence(name) == *wanted)
    });
    found.find_map(|it| it)
}

/// Where a value was sent.
struct SentAt<'p> {
    text: String,
    at: At<'p>,
}

/// The part of an exchange.
enum At<'p> {
    /// The query parameter with this name.
    Query(&'p str),
    /// The body of the request.
    Request { media_type: &'p str },
    /// The body of the response.
    Response { status: u16, media_type: &'p str },
}

impl SentAt<'_> {
    /// The name of a value: of the last property of its pointer, or of its parameter.
    fn name_of<'n>(&'n self, pointer: &'n str) -> &'n str {
        let mut tokens = pointer
            .rsplit('/')
            .filter(|token| !matches!(*token, "*" | MAP_KEY | ""));
        tokens.next().unwrap_or(match self.at {
            At::Query(name) => name,
            At::Request { .. } | At::Response { .. } => "",
        })
    }
}

fn name(operation: &Operation) -> String {
    format!(
        "{} {}",
        operation.method.as_str(),
        path_shape(&operation.path)
    )
}

/// What was seen instead of what is described, without any value that may be a secret.
fn message(mismatch: &Mismatch<'_>, place: &SentAt<'_>, pointer: &str) -> String {
    let expected = &mismatch.expected;
    let seen = mismatch.value.map(type_of).unwrap_or_default();
    match mismatch.kind {
        MismatchKind::Type => format!("{seen} instead of {expected}"),
        MismatchKind::Null => "null, which is not described".to_owned(),
        MismatchKind::EnumValue => match printable(mismatch, place, pointer) {
            Some(value) => format!("`{value}` is not among the values of the enum"),
            None => "a value that is not among those of the enum".to_owned(),
        },
        MismatchKind::Format => format!("a string that is no {expected}"),
        MismatchKind::MissingRequired => "a required property is absent".to_owned(),
        MismatchKind::UndocumentedProperty => format!("a property ({seen}) that is not described"),
        MismatchKind::UnknownAlternative => match discriminated(mismatch) {
            Some((property, value)) => {
                format!("an alternative that is not described: `{property}` is `{value}`")
            }
            None => "an alternative that is not described".to_owned(),
        },
    }
}

/// The value of an enum, if it may be printed.
fn printable(mismatch: &Mismatch<'_>, place: &SentAt<'_>, pointer: &str) -> Option<String> {
    scrub::value(place.name_of(pointer), mismatch.value?.as_str()?)
}

/// The property that tells alternatives apart and its value, if it may be printed.
fn discriminated<'s>(mismatch: &Mismatch<'s>) -> Option<(&'s str, String)> {
    let property = &mismatch.schema.discriminator.as_ref()?.property;
    let value = mismatch.value?.get(property)?.as_str()?;
    Some((property, scrub::value(property, value)?))
}

/// A pointer in which keys that are data stand as `*`, too.
fn without_indices(pointer: &str) -> String {
    let tokens = pointer
        .split('/')
        .map(|token| if scrub::is_value(token) { "*" } else { token });
    tokens.collect::<Vec<_>>().join("/")
}
