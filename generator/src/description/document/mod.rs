//! The model of one description. All shared passes work on it, whatever dialect the description has.
//!
//! Every item has its provenance. The effective API that merging returns has the same model.

mod borrowed_json;
pub mod conformance;
mod fact;
mod files;
mod form;
pub mod json_schema;
pub mod key;
pub mod page_positions;
pub mod read;
mod webhook;

pub use borrowed_json::{Object, Written};
pub use fact::{Facet, Fact, Facts, Origin, Provenance, SourceId};
pub use files::DescriptionFiles;
pub use webhook::{Webhook, WebhookOwner};

use indexmap::IndexMap;

use crate::description::source::Span;
use crate::http::{HttpMethod, ParameterLocation, Status};

/// The key of a schema: the name of a component, or the JSON pointer of a schema elsewhere in the document
/// (`/paths/~1a/get/…`). The pointer follows the path of its file if that is another file (`/schemas/pet.yaml#/Pet`).
pub type SchemaKey = String;

/// A description of an API.
#[derive(Debug, Clone, Default)]
pub struct Document {
    /// The facts of the API itself: title, version and description.
    pub facts: Facts,
    /// The servers, each with a base URL.
    pub servers: Vec<Server>,
    /// The declared tags, each with its description.
    pub tags: IndexMap<String, Option<String>>,
    /// The security schemes by name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// The operations.
    pub operations: Vec<Operation>,
    /// Webhooks, and callbacks of operations.
    pub webhooks: Vec<Webhook>,
    /// Component schemas, and other schemas that references lead to.
    pub schemas: IndexMap<SchemaKey, Schema>,
    /// The number of operations in the document, including those that could not be read.
    pub operations_found: usize,
    /// The number of webhooks and callbacks in the document, including those that could not be read.
    pub webhooks_found: usize,
    /// Operations that could not be read, each with the reason.
    pub skipped: Vec<Skipped>,
    /// The corrections that overlays have made, in the order of application.
    pub corrections: Vec<Correction>,
}

/// A correction that an overlay has made to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Correction {
    /// The title of the overlay.
    pub overlay: String,
    /// The JSONPath of the corrected nodes.
    pub target: String,
    /// What was done: `update`, `copy` or `remove`.
    pub change: &'static str,
    /// The reason.
    pub reason: String,
    /// The position of the action in the overlay.
    pub at: Span,
}

/// An item that is left out of the model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Skipped {
    /// The item: `GET /path` for an operation.
    pub item: String,
    /// The reason.
    pub reason: String,
    /// Its position.
    pub origin: Origin,
}

/// A server of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// The URL template.
    pub url: String,
    /// The description of the server.
    pub description: Option<String>,
    /// The variables of the URL by name.
    pub variables: IndexMap<String, ServerVariable>,
    /// The sources that state it.
    pub provenance: Provenance,
}

/// A variable in the URL of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerVariable {
    /// The default value.
    pub default: String,
    /// The allowed values; empty if any value is allowed.
    pub allowed: Vec<String>,
    /// The description of the variable.
    pub description: Option<String>,
}

/// A security scheme, as a description declares it.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// The scheme. Equal values in two sources are the same scheme.
    pub scheme: crate::http::SecurityScheme,
    /// The scheme as JSON, for the effective description.
    pub written: serde_json::Value,
    /// The sources that state it.
    pub provenance: Provenance,
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// The method.
    pub method: HttpMethod,
    /// The path below the API's base path.
    pub path: String,
    /// Whether another operation of the same document has the same method and path shape, and has the route in the
    /// emitted server. The two paths differ only in the names of their parameters.
    pub is_shadowed: bool,
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The facts of the operation itself.
    pub facts: Facts,
    /// The parameters, including those of the path item.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The responses by status.
    pub responses: IndexMap<Status, Response>,
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// The name, as the highest authority writes it.
    pub name: String,
    /// The other names that sources give this path parameter.
    pub aliases: Vec<String>,
    /// The location.
    pub location: ParameterLocation,
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The facts of the parameter itself.
    pub facts: Facts,
    /// The schema; empty if no source states a type.
    pub schema: Schema,
    /// The media type, if the parameter has `content` instead of a style.
    pub media_type: Option<String>,
}

impl Parameter {
    /// Whether two parameters of an operation are the same input. The names of headers are compared without case.
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
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The facts of the body itself.
    pub facts: Facts,
    /// The contents by media type.
    pub contents: IndexMap<String, Content>,
}

/// The content of a body in one media type.
#[derive(Debug, Clone)]
pub struct Content {
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The schema, if the description has one.
    pub schema: Option<Schema>,
    /// The `encoding` of the properties in a form or multipart body.
    pub encodings: IndexMap<String, crate::http::PropertyEncoding>,
    /// Examples of the whole body.
    pub examples: Vec<Fact>,
}

/// A response.
#[derive(Debug, Clone)]
pub struct Response {
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The facts of the response itself.
    pub facts: Facts,
    /// The contents by media type.
    pub contents: IndexMap<String, Content>,
    /// The headers by name.
    pub headers: IndexMap<String, Parameter>,
}

/// The keyword that a list of alternatives comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AlternativesKind {
    /// A value matches exactly one alternative.
    #[default]
    OneOf,
    /// A value matches at least one alternative.
    AnyOf,
}

impl AlternativesKind {
    /// The keyword.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::OneOf => "oneOf",
            Self::AnyOf => "anyOf",
        }
    }
}

/// The discriminator of a list of alternatives.
#[derive(Debug, Clone)]
pub struct Discriminator {
    /// The sources that state it.
    pub provenance: Provenance,
    /// The name of the property.
    pub property: String,
    /// The schema key for each value of the property.
    pub mapping: IndexMap<String, SchemaKey>,
}

/// A schema.
///
/// `required` is a fact of each property's own schema. A schema with a `required` list claims true or false for each of
/// its properties. A schema without the list makes no claim.
#[derive(Debug, Clone)]
pub struct Schema {
    /// The sources that describe it.
    pub provenance: Provenance,
    /// The facts of the schema itself.
    pub facts: Facts,
    /// The component that the schema refers to. Facts beside a reference apply to this use only.
    pub reference: Option<SchemaKey>,
    /// The properties by name.
    pub properties: IndexMap<String, Schema>,
    /// Required names that are not among the properties.
    pub required_elsewhere: Vec<(String, Origin)>,
    /// `additionalProperties`, if it is a schema.
    pub additional: Option<Box<Schema>>,
    /// `items`.
    pub items: Option<Box<Schema>>,
    /// `prefixItems`: the schemas of the first items of an array.
    pub prefix_items: Vec<Schema>,
    /// The alternatives: `oneOf` or `anyOf`.
    pub alternatives: Vec<Schema>,
    /// Whether the alternatives come from `oneOf` or `anyOf`.
    pub alternatives_kind: AlternativesKind,
    /// The discriminator of the alternatives.
    pub discriminator: Option<Box<Discriminator>>,
    /// `allOf`; empty after normalisation.
    pub all_of: Vec<Schema>,
}

/// The limit for following references to references, since they can form a cycle.
pub(crate) const REFERENCE_LIMIT: usize = 32;

impl Schema {
    /// The schema and the components that its references lead through, in order.
    pub(crate) fn with_referred<'s>(
        &'s self,
        components: &'s IndexMap<SchemaKey, Self>,
    ) -> impl Iterator<Item = &'s Self> {
        let next = |schema: &&'s Self| components.get(schema.reference.as_ref()?);
        std::iter::successors(Some(self), next).take(REFERENCE_LIMIT)
    }

    /// A schema without facts.
    #[must_use]
    pub fn empty(provenance: Provenance) -> Self {
        Self {
            provenance,
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

    /// The JSON types that the schema allows, without null. Empty if the schema states no type.
    pub fn types(&self) -> impl Iterator<Item = &str> {
        self.facts
            .list(Facet::Type)
            .iter()
            .filter_map(serde_json::Value::as_str)
    }

    /// The JSON type that the schema allows, if it allows exactly one besides null.
    #[must_use]
    pub fn only_type(&self) -> Option<&str> {
        match self.facts.list(Facet::Type) {
            [single] => single.as_str(),
            _ => None,
        }
    }

    /// Whether the schema does not constrain the value.
    #[must_use]
    pub fn is_unconstrained(&self) -> bool {
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

    /// The direct child schemas, mutable.
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
