//! The entries that would mend the descriptions: actions of an overlay for what a document of a source says, and a supplement
//! for what only pages say, or nobody.

use std::cell::RefCell;
use std::collections::HashMap;

use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::har::{Exchange, Sent, SentBody};
use super::{At, SentAt, discriminated, inferred, printable, scrub};
use crate::api::names::{Taken, case};
use crate::description::diagnostic::Diagnostics;
use crate::description::document::conformance::{Mismatch, MismatchKind, type_of};
use crate::description::document::{Facet, Operation, Origin, Provenance, Response, Schema};
use crate::description::load;
use crate::description::pointers::Pointers;
use crate::description::source::FileId;
use crate::description::tree::{Node, unescape_token};
use crate::project::Project;
use crate::reconcile::merge::Merged;

/// Where an entry belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum EntryKind {
    /// Into the `actions` of an overlay.
    Overlay,
    /// Into a document of the highest authority.
    Supplement,
}

/// Something to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// Where it belongs.
    pub kind: EntryKind,
    /// The document that the overlay is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The entry, in YAML.
    pub text: String,
}

/// The reason of an action, which a maintainer completes.
const REASON: &str = "Recorded exchanges have it.";

/// Makes entries.
pub(super) struct Entries<'m> {
    project: &'m Project,
    merged: &'m Merged,
    pointers: Pointers<'m>,
    /// Which documents are of OpenAPI 3.0, of those that were asked for.
    of_3_0: RefCell<HashMap<FileId, bool>>,
}

/// A place in a document of a source.
struct Target {
    document: FileId,
    /// JSONPath.
    path: String,
}

impl<'m> Entries<'m> {
    pub(super) fn new(project: &'m Project, merged: &'m Merged) -> Self {
        Self {
            project,
            merged,
            pointers: Pointers::new(&project.sources),
            of_3_0: RefCell::default(),
        }
    }

    /// The place that an entry for an item corrects: a document and a JSONPath in it. `None` if only pages describe it.
    pub(super) fn place(&self, provenance: &Provenance) -> Option<String> {
        let Target { document, path } = self.target(provenance)?;
        Some(format!("{} {path}", self.project.sources.path(document)))
    }

    /// The first place of an item in a document that is no transcription of a page.
    fn target(&self, provenance: &Provenance) -> Option<Target> {
        provenance.iter().find_map(|origin| self.target_of(origin))
    }

    fn target_of(&self, origin: Origin) -> Option<Target> {
        let mut descriptions = self.project.descriptions.iter();
        let document =
            descriptions.find(|it| it.document == origin.at.file && it.page.is_none())?;
        Some(Target {
            document: document.document,
            path: self.pointers.path_at(origin.at)?,
        })
    }

    /// Whether a document is of OpenAPI 3.0, which has no lists of types.
    fn is_3_0(&self, document: FileId) -> bool {
        let read = || {
            let sources = &self.project.sources;
            let tree = load::parse(sources, document, &mut Diagnostics::default());
            let version = tree.as_ref().and_then(|tree| tree.get("openapi"));
            let version = version.and_then(Node::as_str);
            version.is_some_and(|version| version.starts_with("3.0"))
        };
        *self
            .of_3_0
            .borrow_mut()
            .entry(document)
            .or_insert_with(read)
    }

    fn overlay(&self, document: FileId, actions: Vec<Json>) -> Entry {
        Entry {
            kind: EntryKind::Overlay,
            document: Some(self.project.sources.shown_path(document).to_owned()),
            text: yaml(&Json::Array(actions)),
        }
    }

    /// An operation that no description has.
    pub(super) fn operation(&self, exchange: &Exchange, path: &str) -> Entry {
        let mut parameters: Vec<Json> = Vec::new();
        let mut named = String::new();
        for (index, part) in path.split("{id}").enumerate() {
            if index > 0 {
                let name = if index == 1 {
                    "id".to_owned()
                } else {
                    format!("id{index}")
                };
                named.push_str(&format!("{{{name}}}"));
                parameters.push(json!({
                    "name": name, "in": "path", "required": true, "schema": {"type": "string"},
                }));
            }
            named.push_str(part);
        }
        for (name, value) in &exchange.query {
            if value.is_some() && scrub::name(name) == name {
                parameters.push(query_parameter(name));
            }
        }
        let mut operation =
            json!({ "responses": { exchange.status.to_string(): response(exchange) } });
        if !parameters.is_empty() {
            operation["parameters"] = parameters.into();
        }
        supplement(json!({ named: { exchange.method.key(): operation } }))
    }

    /// A status that an operation does not describe.
    pub(super) fn status(&self, exchange: &Exchange, operation: &Operation) -> Entry {
        let responses = json!({ exchange.status.to_string(): response(exchange) });
        match self.target(&operation.provenance) {
            Some(target) => {
                let update = json!({ "responses": responses });
                self.overlay(target.document, vec![updated(&target.path, update)])
            }
            None => of_operation(operation, json!({ "responses": responses })),
        }
    }

    /// A query parameter that an operation does not describe.
    pub(super) fn query_parameter(&self, operation: &Operation, name: &str) -> Entry {
        let parameters = json!({ "parameters": [query_parameter(name)] });
        match self.target(&operation.provenance) {
            Some(target) => self.overlay(target.document, vec![updated(&target.path, parameters)]),
            None => of_operation(operation, parameters),
        }
    }

    /// A media type that a response does not describe.
    pub(super) fn content(
        &self,
        exchange: &Exchange,
        operation: &Operation,
        response: &Response,
        media_type: &str,
    ) -> Entry {
        let content = json!({ "content": { media_type: content(exchange) } });
        match self.target(&response.provenance) {
            Some(target) => self.overlay(target.document, vec![updated(&target.path, content)]),
            None => {
                let responses = json!({ exchange.status.to_string(): content });
                of_operation(operation, json!({ "responses": responses }))
            }
        }
    }

    /// A media type that a request does not describe.
    pub(super) fn request_content(&self, operation: &Operation, sent: &Sent) -> Entry {
        let schema = match &sent.body {
            SentBody::Json(value) => json!({ "schema": inferred::schema(value) }),
            SentBody::Form(_) => json!({ "schema": { "type": "object" } }),
            SentBody::Other => json!({}),
        };
        let content = json!({ "content": { sent.media_type.as_str(): schema } });
        let described = operation.body.as_ref();
        if let Some(target) = described.and_then(|body| self.target(&body.provenance)) {
            return self.overlay(target.document, vec![updated(&target.path, content)]);
        }
        let body = json!({ "requestBody": content });
        match self.target(&operation.provenance) {
            Some(target) => self.overlay(target.document, vec![updated(&target.path, body)]),
            None => of_operation(operation, body),
        }
    }

    /// A value that differs from its schema. `None` if its value may not be printed.
    pub(super) fn mismatch(
        &self,
        operation: &Operation,
        place: &SentAt<'_>,
        mismatch: &Mismatch<'_>,
        pointer: &str,
    ) -> Option<Entry> {
        let name = unescape_token(pointer.rsplit('/').next().unwrap_or_default()).into_owned();
        let schema = mismatch.schema;
        if mismatch.kind == MismatchKind::MissingRequired {
            let fact = schema.facts.get(Facet::Required)?;
            let target = self.target(&fact.provenance)?;
            let (object, _) = target.path.rsplit_once("['required']")?;
            let path = format!("{object}['required']");
            let quoted = name.replace('\\', "\\\\").replace('\'', "\\'");
            let action = json!({
                "target": format!("{path}[?@ == '{quoted}']"), "description": REASON, "remove": true,
            });
            return Some(self.overlay(target.document, vec![action]));
        }
        let value = mismatch.value?;
        let found = match mismatch.kind {
            MismatchKind::UndocumentedProperty => {
                json!({ "properties": { name: inferred::schema(value) } })
            }
            MismatchKind::EnumValue => json!({ "enum": [printable(mismatch, place, pointer)?] }),
            MismatchKind::UnknownAlternative => return self.alternative(mismatch),
            MismatchKind::Null => json!({ "nullable": true }),
            _ => inferred::schema(value),
        };
        let Some(target) = self.target(&schema.provenance) else {
            // The pages give no document to correct: say it where the value is.
            let leaf = match mismatch.kind {
                MismatchKind::Null => json!({ "type": "null" }),
                MismatchKind::UndocumentedProperty => inferred::schema(value),
                _ => found,
            };
            return Some(in_supplement(operation, place, pointer, leaf));
        };
        let actions = match mismatch.kind {
            MismatchKind::Type | MismatchKind::Null => self.retyped(schema, &target, value),
            MismatchKind::Format => {
                let path = format!("{}['format']", target.path);
                vec![removed(&path)]
            }
            _ => vec![updated(&target.path, found)],
        };
        Some(self.overlay(target.document, actions))
    }

    /// An alternative that a list with a discriminator lacks: a component, and what leads to it. `None` if the discriminator's
    /// value may not be printed, or if no document has the list.
    fn alternative(&self, mismatch: &Mismatch<'_>) -> Option<Entry> {
        let schema = mismatch.schema;
        let (property, value) = discriminated(mismatch)?;
        let target = self.target(&schema.provenance)?;
        let list = target.path.strip_prefix("$['components']['schemas']['");
        let list = list
            .and_then(|it| it.strip_suffix("']"))
            .unwrap_or_default();
        let name = case::pascal(&format!("{value} {list}"), "Alternative");
        let mut taken = Taken::default();
        taken.extend(self.merged.document.schemas.keys());
        let name = if taken.take(name.plain()) {
            name.plain().to_owned()
        } else {
            taken.take_numbered(name.plain(), "")
        };
        let mut described = inferred::schema(mismatch.value?);
        described["required"] = json!([property]);
        described["properties"][property] = json!({ "type": "string", "enum": [value] });
        let reference = format!("#/components/schemas/{name}");
        let listed = json!({
            schema.alternatives_kind.key(): [{ "$ref": reference }],
            "discriminator": { "mapping": { value: reference } },
        });
        let actions = vec![
            updated(
                "$",
                json!({ "components": { "schemas": { name: described } } }),
            ),
            updated(&target.path, listed),
        ];
        Some(self.overlay(target.document, actions))
    }

    /// The actions that let a schema have another type, or null.
    fn retyped(&self, schema: &Schema, target: &Target, value: &Json) -> Vec<Json> {
        let path = &target.path;
        let ty = type_of(value);
        if let Some(reference) = schema.reference.as_ref().filter(|_| ty == "null") {
            let reference = if reference.starts_with('/') {
                format!("#{reference}")
            } else {
                format!("#/components/schemas/{reference}")
            };
            let to = json!({ "$ref": reference });
            let update = if self.is_3_0(target.document) {
                json!({ "nullable": true, "allOf": [to] })
            } else {
                json!({ "anyOf": [to, { "type": "null" }] })
            };
            return vec![removed(&format!("{path}['$ref']")), updated(path, update)];
        }
        let types: Vec<&str> = schema.types().collect();
        let is_3_0 = self.is_3_0(target.document);
        match (types.as_slice(), ty) {
            (_, "null") if is_3_0 => vec![updated(path, json!({ "nullable": true }))],
            (_, ty) if is_3_0 => vec![updated(path, json!({ "type": ty }))],
            ([], "null") => vec![updated(path, json!({ "type": ["null"] }))],
            ([one], ty) if schema.facts.flag(Facet::Nullable) != Some(true) => {
                vec![
                    removed(&format!("{path}['type']")),
                    updated(path, json!({ "type": [one, ty] })),
                ]
            }
            (_, ty) => vec![updated(path, json!({ "type": [ty] }))],
        }
    }
}

/// The response of an exchange, as a description has it.
fn response(exchange: &Exchange) -> Json {
    let mut response = json!({ "description": format!("The status {}.", exchange.status) });
    if let Some(media_type) = exchange.media_type.as_ref().filter(|_| exchange.has_body) {
        response["content"] = json!({ media_type: content(exchange) });
    }
    response
}

fn content(exchange: &Exchange) -> Json {
    match &exchange.response {
        Some(value) => json!({ "schema": inferred::schema(value) }),
        None => json!({}),
    }
}

fn query_parameter(name: &str) -> Json {
    json!({ "name": name, "in": "query", "schema": { "type": "string" } })
}

fn updated(path: &str, update: Json) -> Json {
    json!({ "target": path, "description": REASON, "update": update })
}

fn removed(path: &str) -> Json {
    json!({ "target": path, "description": REASON, "remove": true })
}

/// A supplement of an operation.
fn of_operation(operation: &Operation, described: Json) -> Entry {
    supplement(json!({ operation.path.as_str(): { operation.method.key(): described } }))
}

fn supplement(paths: Json) -> Entry {
    Entry {
        kind: EntryKind::Supplement,
        document: None,
        text: yaml(&json!({ "paths": paths })),
    }
}

/// A schema at a place in a body or a query parameter of an operation.
fn in_supplement(operation: &Operation, place: &SentAt<'_>, pointer: &str, leaf: Json) -> Entry {
    let tokens: Vec<&str> = pointer.split('/').skip(1).collect();
    let schema = tokens.iter().rev().fold(leaf, |inner, token| match *token {
        "*" => json!({ "type": "array", "items": inner }),
        token => {
            let mut properties = Map::new();
            properties.insert(unescape_token(token).into_owned(), inner);
            json!({ "type": "object", "properties": properties })
        }
    });
    let content = |media_type: &str| json!({ "content": { media_type: { "schema": schema } } });
    let described = match place.at {
        At::Query(name) => {
            json!({ "parameters": [{ "name": name, "in": "query", "schema": schema }] })
        }
        At::Request { media_type } => json!({ "requestBody": content(media_type) }),
        At::Response { status, media_type } => {
            json!({ "responses": { status.to_string(): content(media_type) } })
        }
    };
    of_operation(operation, described)
}

fn yaml(value: &Json) -> String {
    serde_yaml::to_string(value).unwrap_or_default()
}
