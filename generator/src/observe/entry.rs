//! The entries that would mend the descriptions: actions of an overlay for what a document of a source says, and a supplement
//! for what only pages say, or nobody.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use serde_json::{Map, Value as Json, json};

use super::har::{Exchange, Sent, SentBody};
use super::{At, SentAt, discriminated, inferred, printable, scrub};
use crate::api::names::{Taken, case};
use crate::description::diagnostic::Diagnostics;
use crate::description::document::conformance::{MAP_KEY, Mismatch, MismatchKind, type_of};
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
    /// The documents that were asked for. `None` for one that cannot be parsed.
    trees: RefCell<HashMap<FileId, Option<Arc<Node>>>>,
}

/// A place in a document of a source.
#[derive(PartialEq, Eq)]
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
            trees: RefCell::default(),
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
        let tree = self.tree(document);
        let version = tree.as_ref().and_then(|tree| tree.get("openapi")?.as_str());
        version.is_some_and(|version| version.starts_with("3.0"))
    }

    fn tree(&self, document: FileId) -> Option<Arc<Node>> {
        let read = || {
            let sources = &self.project.sources;
            load::parse(sources, document, &mut Diagnostics::default()).map(Arc::new)
        };
        let mut trees = self.trees.borrow_mut();
        trees.entry(document).or_insert_with(read).clone()
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
        let query = exchange.query.iter();
        let query = query.filter(|(name, value)| value.is_some() && scrub::name(name) == name);
        let names: IndexSet<&str> = query.map(|(name, _)| name.as_str()).collect();
        parameters.extend(names.iter().map(|name| query_parameter(exchange, name)));
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
    pub(super) fn query_parameter(
        &self,
        exchange: &Exchange,
        operation: &Operation,
        name: &str,
    ) -> Entry {
        let parameters = json!({ "parameters": [query_parameter(exchange, name)] });
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

    /// What would mend the descriptions of a value that differs from its schema: an entry for each document that says
    /// otherwise. None if its value may not be printed.
    pub(super) fn mismatch(
        &self,
        operation: &Operation,
        place: &SentAt<'_>,
        mismatch: &Mismatch<'_>,
        pointer: &str,
    ) -> Vec<Entry> {
        let schema = mismatch.schema;
        let name = unescape_token(pointer.rsplit('/').next().unwrap_or_default()).into_owned();
        if mismatch.kind == MismatchKind::MissingRequired {
            return self.no_longer_required(schema, &name);
        }
        let Some(value) = mismatch.value else {
            return Vec::new();
        };
        let described = match mismatch.kind {
            MismatchKind::UnknownAlternative => {
                return self.alternative(mismatch).into_iter().collect();
            }
            MismatchKind::EnumValue => match printable(mismatch, place, pointer) {
                Some(value) => json!({ "enum": [value] }),
                None => return Vec::new(),
            },
            // What else the property may be is not known.
            MismatchKind::UndocumentedProperty => inferred::schema(value),
            _ => alternative_of(value),
        };
        if self.target(&schema.provenance).is_none() {
            // The pages give no document to correct: say it where the value is.
            return vec![in_supplement(operation, place, pointer, described)];
        }
        self.in_each_document(&schema.provenance, |target, own| match mismatch.kind {
            MismatchKind::UndocumentedProperty => {
                // The other documents are silent.
                let is_first = self.target(&schema.provenance).as_ref() == Some(target);
                let update = json!({ "properties": { name.as_str(): described } });
                Vec::from_iter(is_first.then(|| updated(&target.path, update)))
            }
            MismatchKind::EnumValue => {
                let has_enum = own.get("enum").is_some();
                Vec::from_iter(has_enum.then(|| updated(&target.path, described.clone())))
            }
            MismatchKind::Format => {
                let has_format = own.get("format") == Some(&json!(mismatch.expected));
                let path = format!("{}['format']", target.path);
                Vec::from_iter(has_format.then(|| removed(&path)))
            }
            _ => widened(own, value, target, self.is_3_0(target.document)),
        })
    }

    /// Takes a property out of the `required` of each document that lists it.
    fn no_longer_required(&self, property: &Schema, name: &str) -> Vec<Entry> {
        let Some(fact) = property.facts.get(Facet::Required) else {
            return Vec::new();
        };
        let quoted = name.replace('\\', "\\\\").replace('\'', "\\'");
        let targets = fact.provenance.iter().filter_map(|it| self.target_of(it));
        let entries = targets.filter_map(|target| {
            let (object, _) = target.path.rsplit_once("['required']")?;
            let path = format!("{object}['required'][?@ == '{quoted}']");
            Some(self.overlay(target.document, vec![removed(&path)]))
        });
        entries.collect()
    }

    /// The actions for a schema in each document that describes it: `actions` gets the place and what the document says there.
    fn in_each_document(
        &self,
        provenance: &Provenance,
        actions: impl Fn(&Target, &Json) -> Vec<Json>,
    ) -> Vec<Entry> {
        let mut by_document: IndexMap<FileId, Vec<Json>> = IndexMap::new();
        for origin in provenance.iter() {
            let Some(target) = self.target_of(origin) else {
                continue;
            };
            let own = self
                .pointers
                .at(origin.at)
                .and_then(|pointer| Some(self.tree(target.document)?.pointer(&pointer)?.to_json()));
            let found = actions(&target, &own.unwrap_or_default());
            by_document
                .entry(target.document)
                .or_default()
                .extend(found);
        }
        by_document.retain(|_, actions| !actions.is_empty());
        let entries = by_document.into_iter();
        entries
            .map(|(document, actions)| self.overlay(document, actions))
            .collect()
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
}

/// What a schema says to people, and of how its value is used. It stays where it is when the other keywords become an
/// alternative.
const KEPT: [&str; 8] = [
    "title",
    "description",
    "example",
    "examples",
    "deprecated",
    "readOnly",
    "writeOnly",
    "default",
];

/// The actions that let a schema, `own`, also have the type of a value. None if it has.
fn widened(own: &Json, value: &Json, target: &Target, is_3_0: bool) -> Vec<Json> {
    let path = &target.path;
    let ty = type_of(value);
    let own_types: Vec<&str> = match own.get("type") {
        Some(Json::Array(types)) => types.iter().filter_map(Json::as_str).collect(),
        Some(Json::String(one)) => vec![one],
        _ => Vec::new(),
    };
    let has_null = own.get("nullable") == Some(&Json::Bool(true));
    if own_types.contains(&ty) || ty == "null" && has_null {
        return Vec::new();
    }
    let reference = own.get("$ref");
    match (own_types.as_slice(), ty) {
        (_, "null") if is_3_0 && reference.is_none() => {
            vec![updated(path, json!({ "nullable": true }))]
        }
        (_, "null") if is_3_0 => vec![
            removed(&format!("{path}['$ref']")),
            updated(
                path,
                json!({ "nullable": true, "allOf": [{ "$ref": reference }] }),
            ),
        ],
        ([], _) if reference.is_none() => {
            let mut lists = ["anyOf", "oneOf"].into_iter();
            let list = lists.find(|list| own.get(*list).is_some());
            let described = alternative_of(value);
            Vec::from_iter(list.map(|list| updated(path, json!({ list: [described] }))))
        }
        (["integer"], "number") => vec![updated(path, json!({ "type": "number" }))],
        ([one], _) if !is_3_0 && !has_null => vec![
            removed(&format!("{path}['type']")),
            updated(path, json!({ "type": [one, ty] })),
        ],
        ([_, _, ..], _) => vec![updated(path, json!({ "type": [ty] }))],
        _ => in_alternatives(own, value, path),
    }
}

/// The schema of a value among other alternatives, where null is one, too.
fn alternative_of(value: &Json) -> Json {
    match value {
        Json::Null => json!({ "type": "null" }),
        value => inferred::schema(value),
    }
}

/// The actions that make a schema one of two alternatives: the other one is the schema of a value.
fn in_alternatives(own: &Json, value: &Json, path: &str) -> Vec<Json> {
    let described = alternative_of(value);
    let mut alternative = own.as_object().cloned().unwrap_or_default();
    alternative.retain(|keyword, _| !KEPT.contains(&keyword.as_str()));
    let keywords = alternative.keys();
    let removed = keywords.map(|keyword| removed(&format!("{path}['{keyword}']")));
    let mut actions: Vec<Json> = removed.collect();
    actions.push(updated(path, json!({ "anyOf": [alternative, described] })));
    actions
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

/// A query parameter of an exchange. One that the query repeats is an array.
fn query_parameter(exchange: &Exchange, name: &str) -> Json {
    let same = exchange.query.iter().filter(|(other, _)| other == name);
    let schema = match same.count() {
        0 | 1 => json!({ "type": "string" }),
        _ => json!({ "type": "array", "items": { "type": "string" } }),
    };
    json!({ "name": name, "in": "query", "schema": schema })
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
        MAP_KEY => json!({ "type": "object", "additionalProperties": inner }),
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
