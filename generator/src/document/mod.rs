//! One description of an API in the one form that all shared passes work on, whatever dialect it was written in.
//!
//! Every item knows who says it and where. The merged, effective API has the same form: its facts are just said by more.

mod fact;
mod files;
pub mod key;
pub mod origin;
pub mod read;
pub mod structure;
mod webhook;
pub mod write;
mod written;

pub use fact::{Facet, Fact, Facts, Said, SaidBy, SourceId};
pub use files::Files;
pub use webhook::{Webhook, WebhookOrigin};
pub use written::{Object, Written};

use indexmap::IndexMap;

use crate::ir::{HttpMethod, ParameterLocation, Status};

/// Key of a schema among the components: its name, or for a reference to some other place of the
/// document that place's JSON pointer (`/paths/~1a/get/…`), after the path of its file where that is another one
/// (`/schemas/pet.yaml#/Pet`).
pub type SchemaKey = String;

/// A description of an API.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// Title of the API.
    pub title: Option<String>,
    /// Version of the API.
    pub version: Option<String>,
    /// Description of the API.
    pub description: Option<String>,
    /// Base URLs.
    pub servers: Vec<Server>,
    /// Tags that are described, with their description.
    pub tags: IndexMap<String, Option<String>>,
    /// Security schemes.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The operations.
    pub operations: Vec<Operation>,
    /// Webhooks, and callbacks of operations.
    pub webhooks: Vec<Webhook>,
    /// Component schemas, and schemas that a reference leads to elsewhere.
    pub schemas: IndexMap<SchemaKey, Schema>,
    /// Number of operations that the document contains, read or not.
    pub operations_found: usize,
    /// Number of webhooks and callbacks that the document contains, read or not.
    pub webhooks_found: usize,
    /// Operations that could not be read, each with the reason.
    pub skipped: Vec<Skipped>,
}

/// An item that is left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// `GET /path` of an operation.
    pub item: String,
    /// Why.
    pub reason: String,
    /// Where it stands.
    pub said: Said,
}

/// A base URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// URL template.
    pub url: String,
    /// What it is.
    pub description: Option<String>,
    /// Variables: name → (default, allowed values, description).
    pub variables: IndexMap<String, ServerVariable>,
    /// Where it stands.
    pub said: SaidBy,
}

/// A variable of a server URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariable {
    /// The value when none is given.
    pub default: String,
    /// The allowed values; empty when any is.
    pub allowed: Vec<String>,
    /// What it is.
    pub description: Option<String>,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// What it is; two sources mean the same scheme when this is equal.
    pub scheme: crate::ir::SecurityScheme,
    /// The scheme as it was written, for the effective description.
    pub written: serde_json::Value,
    /// Who says so.
    pub said: SaidBy,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// Method.
    pub method: HttpMethod,
    /// Path below the API's base path.
    pub path: String,
    /// Whether only the names of its parameters tell its path from that of another operation of the same document, which
    /// is the one that goes by the shape of both.
    pub is_shadowed: bool,
    /// Who describes it.
    pub said: SaidBy,
    /// Facts of the operation itself.
    pub facts: Facts,
    /// Parameters, of the path item too.
    pub parameters: Vec<Parameter>,
    /// Request body.
    pub body: Option<Body>,
    /// Responses by status.
    pub responses: IndexMap<Status, Response>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name as written by the highest authority.
    pub name: String,
    /// Names that other sources give a path parameter at this position.
    pub aliases: Vec<String>,
    /// Where it stands.
    pub location: ParameterLocation,
    /// Who describes it.
    pub said: SaidBy,
    /// Facts of the parameter itself.
    pub facts: Facts,
    /// Its schema; an empty one when nothing is said of the type.
    pub schema: Schema,
    /// The media type when it is described by `content` instead of a style.
    pub media_type: Option<String>,
}

impl Parameter {
    /// Whether another parameter of the same operation is the same input. The case of a header tells nothing.
    #[must_use]
    pub fn is_same_input(&self, other: &Self) -> bool {
        let is_same_name = match self.location {
            ParameterLocation::Header => self.name.eq_ignore_ascii_case(&other.name),
            _ => self.name == other.name,
        };
        is_same_name && self.location == other.location
    }
}

/// A request body.
#[derive(Debug, Clone)]
pub struct Body {
    /// Who describes it.
    pub said: SaidBy,
    /// Facts of the body itself.
    pub facts: Facts,
    /// By media type.
    pub contents: IndexMap<String, Content>,
}

/// A body in one media type.
#[derive(Debug, Clone)]
pub struct Content {
    /// Who describes it.
    pub said: SaidBy,
    /// Its schema, if any is given.
    pub schema: Option<Schema>,
    /// `encoding` of form and multipart properties: content type and explode by property.
    pub encodings: IndexMap<String, crate::ir::PropertyEncoding>,
    /// Whole bodies that are given as examples.
    pub examples: Vec<Fact>,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// Who describes it.
    pub said: SaidBy,
    /// Facts of the response itself.
    pub facts: Facts,
    /// By media type.
    pub contents: IndexMap<String, Content>,
    /// Headers by name.
    pub headers: IndexMap<String, Parameter>,
}

/// How `alternatives` are to be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlternativesKind {
    /// Exactly one fits.
    #[default]
    OneOf,
    /// At least one fits.
    AnyOf,
}

/// How a property tells the alternatives apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discriminator {
    /// The property.
    pub property: String,
    /// Value → key of the schema.
    pub mapping: IndexMap<String, SchemaKey>,
}

/// A schema.
///
/// Whether a property is required is a fact of the property's own schema: a schema with a `required` list claims it of
/// each of its properties, true or false; a schema without one claims nothing.
#[derive(Debug, Clone)]
pub struct Schema {
    /// Who describes it.
    pub said: SaidBy,
    /// Facts of the schema itself.
    pub facts: Facts,
    /// The component that it refers to; facts beside a reference concern this use only.
    pub reference: Option<SchemaKey>,
    /// Properties.
    pub properties: IndexMap<String, Schema>,
    /// Names that are required without being among the properties.
    pub required_elsewhere: Vec<(String, Said)>,
    /// Schema of the other properties.
    pub additional: Option<Box<Schema>>,
    /// Schema of array items.
    pub items: Option<Box<Schema>>,
    /// Schemas of the first array items.
    pub prefix_items: Vec<Schema>,
    /// `oneOf` or `anyOf`.
    pub alternatives: Vec<Schema>,
    /// Which of the two.
    pub alternatives_kind: AlternativesKind,
    /// How the alternatives are told apart.
    pub discriminator: Option<Box<Discriminator>>,
    /// `allOf`; empty once normalised.
    pub all_of: Vec<Schema>,
}

/// References that are followed one after another: descriptions have few, and circles have no end.
pub(crate) const REFERENCE_LIMIT: usize = 32;

impl Schema {
    /// The schema, and the components that it refers to, one after another.
    pub(crate) fn with_referred<'s>(
        &'s self,
        components: &'s IndexMap<SchemaKey, Self>,
    ) -> impl Iterator<Item = &'s Self> {
        let next = |schema: &&'s Self| components.get(schema.reference.as_ref()?);
        std::iter::successors(Some(self), next).take(REFERENCE_LIMIT)
    }

    /// A schema of which nothing is said but that it is there.
    #[must_use]
    pub fn empty(said: SaidBy) -> Self {
        Self {
            said,
            facts: Facts::default(),
            reference: None,
            properties: IndexMap::new(),
            required_elsewhere: Vec::new(),
            additional: None,
            items: None,
            prefix_items: Vec::new(),
            alternatives: Vec::new(),
            alternatives_kind: AlternativesKind::OneOf,
            discriminator: None,
            all_of: Vec::new(),
        }
    }

    /// The JSON types that it allows, null aside; empty when nothing is said.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.facts
            .list(Facet::Type)
            .iter()
            .filter_map(serde_json::Value::as_str)
    }

    /// The only JSON type that it allows, null aside.
    #[must_use]
    pub fn only_type(&self) -> Option<&str> {
        match self.facts.list(Facet::Type) {
            [single] => single.as_str(),
            _ => None,
        }
    }

    /// Whether nothing at all is said of the value.
    #[must_use]
    pub fn says_nothing(&self) -> bool {
        const STRUCTURAL: [Facet; 3] = [Facet::Type, Facet::Format, Facet::Enum];
        self.reference.is_none()
            && self.properties.is_empty()
            && self.additional.is_none()
            && self.items.is_none()
            && self.prefix_items.is_empty()
            && self.alternatives.is_empty()
            && self.all_of.is_empty()
            && STRUCTURAL
                .iter()
                .all(|facet| self.facts.get(*facet).is_none())
    }

    /// The direct child schemas.
    pub fn children(&self) -> impl Iterator<Item = &Self> {
        self.properties
            .values()
            .chain(self.additional.as_deref())
            .chain(self.items.as_deref())
            .chain(&self.prefix_items)
            .chain(&self.alternatives)
            .chain(&self.all_of)
    }

    /// The direct child schemas, to change them.
    pub fn children_mut(&mut self) -> impl Iterator<Item = &mut Self> {
        self.properties
            .values_mut()
            .chain(self.additional.as_deref_mut())
            .chain(self.items.as_deref_mut())
            .chain(&mut self.prefix_items)
            .chain(&mut self.alternatives)
            .chain(&mut self.all_of)
    }
}
