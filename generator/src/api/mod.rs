//! The frozen API: everything that an emitter needs. Every decision is already made.
//!
//! [`lower`] builds it once, and nothing changes it later. It contains Rust names, but no other Rust code. The emitters in
//! [`crate::emit`] decide nothing.

pub mod lower;
mod name;
pub mod names;
mod operation;
mod types;

pub use crate::http::{
    HttpMethod, ParameterLocation, ParameterStyle, PropertyEncoding, SecurityScheme, Status,
};

pub use name::{Name, NameError};
pub(crate) use operation::cursor;
pub use operation::{
    BodyEncoding, Content, Example, Header, HeaderConstant, Operation, OperationType, Pagination,
    Parameter, PathPart, PathTemplate, Received, RequestBody, Response, UnsentMediaType,
};
pub use types::{
    Alternative, Discriminator, EnumValue, Field, IntegerKind, JsonKind, JsonTest, Map, Presence,
    Struct, Type, TypeDefinition, TypeId, TypeKind, TypeUse, Union,
};

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde::Serialize;

use crate::description::source::Span;

/// The whole API.
#[derive(Debug, Clone, Serialize)]
pub struct Api {
    /// Title of the API, for people.
    pub title: String,
    /// Version of the API in the description. It is not the version of the crate.
    pub version: String,
    /// Description, in markdown.
    pub description: Option<String>,
    /// Base URLs, the default first. Empty if no source has one.
    pub servers: Vec<Server>,
    /// The descriptions that the API was reconciled from, in order of authority.
    pub sources: Vec<Source>,
    /// Security schemes by their name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// Where each security scheme is declared, by its name.
    #[serde(skip)]
    pub security_declarations: IndexMap<String, SecurityDeclaration>,
    /// Groups of operations. Each is one module of the client and one trait of the server. Every operation is in one group.
    pub tags: Vec<Tag>,
    /// All operations, sorted by path and method.
    pub operations: Vec<Operation>,
    /// The response headers of all operations, sorted by wire name, each once.
    pub headers: Vec<HeaderConstant>,
    /// Webhooks and callbacks: requests that the API sends to its user. `None` if there are none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Webhooks>,
    /// All named types, sorted by name. A [`TypeId`] is an index into this list.
    pub types: Vec<TypeDefinition>,
}

impl Api {
    /// The definition of a named type.
    ///
    /// # Panics
    /// If the id belongs to another `Api`.
    #[must_use]
    pub fn definition(&self, id: TypeId) -> &TypeDefinition {
        &self.types[id.index()]
    }

    /// Follows aliases until a type that is not an alias. Returns [`Type::Any`] for a circle of aliases, of which lowering
    /// leaves none.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut current = ty;
        // A chain of aliases is no longer than the list of types.
        for _ in 0..=self.types.len() {
            match current {
                Type::Named(id) | Type::Boxed(id) => match &self.definition(*id).kind {
                    TypeKind::Alias(target) => current = target,
                    _ => return current,
                },
                _ => return current,
            }
        }
        &Type::Any
    }

    /// The kind of a named type, after following aliases and boxes. `None` for a type without a name. Never an alias.
    #[must_use]
    pub fn kind_of<'a>(&'a self, ty: &'a Type) -> Option<&'a TypeKind> {
        match self.resolve(ty) {
            Type::Named(id) | Type::Boxed(id) => Some(&self.definition(*id).kind),
            _ => None,
        }
    }

    /// Whether Rust code passes a value of the type by value rather than by reference. True for null, booleans,
    /// numbers, enums, and strings with a type of the runtime, such as dates. False for all others.
    #[must_use]
    pub fn is_small(&self, ty: &Type) -> bool {
        match self.resolve(ty) {
            Type::Null
            | Type::Boolean
            | Type::Integer(_)
            | Type::Number
            | Type::Float
            | Type::Timestamp
            | Type::Date
            | Type::Uri
            | Type::Secret
            | Type::Base64 => true,
            Type::Named(id) => matches!(
                self.definition(*id).kind,
                TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)
            ),
            _ => false,
        }
    }

    /// The `recursion_limit` of the emitted crate. To prove `Send`, the compiler follows each type into its fields, through
    /// `Option`, lists and boxes. The limit suffices for a chain of all types, and for the deepest nesting of lists that a
    /// document can have.
    #[must_use]
    pub fn recursion_limit(&self) -> usize {
        const LEVELS_WITHIN_A_TYPE: usize = 1024;
        const LEVELS_BETWEEN_TYPES: usize = 8;
        (LEVELS_WITHIN_A_TYPE + LEVELS_BETWEEN_TYPES * self.types.len()).next_power_of_two()
    }

    /// The media types of request bodies that the client never sends, because it sends another one.
    #[must_use]
    pub fn unsent_media_types(&self) -> Vec<UnsentMediaType> {
        let mut unsent = Vec::new();
        for operation in &self.operations {
            let bodies = operation.request_body.iter();
            for (sent, others) in bodies.filter_map(|body| body.contents.split_first()) {
                let others = others.iter().filter(|other| other.client_name.is_none());
                unsent.extend(others.map(|other| UnsentMediaType {
                    operation: operation.id.clone(),
                    media_type: other.media_type.clone(),
                    sent: sent.media_type.clone(),
                }));
            }
        }
        unsent
    }

    /// An operation for examples in the documentation: preferably one with a JSON response whose required parameters are all
    /// strings.
    #[must_use]
    pub fn example(&self) -> Option<&Operation> {
        let is_simple = |operation: &&Operation| {
            let mut required = operation
                .parameters
                .iter()
                .filter(|parameter| parameter.required);
            let is_text = required.all(|parameter| *self.resolve(&parameter.ty) == Type::String);
            let reads_json = operation
                .successes()
                .iter()
                .any(|response| response.json().is_some());
            is_text
                && reads_json
                && operation.method == HttpMethod::Get
                && operation.pagination.is_none()
        };
        self.operations
            .iter()
            .find(is_simple)
            .or(self.operations.first())
    }

    /// An operation for examples of pagination, if there is one.
    #[must_use]
    pub fn paged_example(&self) -> Option<&Operation> {
        let has_items = |operation: &&Operation| {
            let successes = operation.successes();
            let content = successes
                .first()
                .and_then(|response| response.contents.first());
            let is_list =
                content.is_some_and(|content| matches!(self.resolve(&content.ty), Type::List(_)));
            operation.pagination.is_some() && is_list && successes.len() == 1
        };
        self.operations.iter().find(has_items)
    }

    /// The operations of a tag, in order.
    pub fn operations_of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = &'a Operation> {
        self.operations
            .iter()
            .filter(move |operation| operation.tag == tag.module)
    }

    /// The type of one line of a response in lines: of the items of a list, or the type itself.
    #[must_use]
    pub fn line_of<'a>(&'a self, ty: &'a Type) -> &'a Type {
        match self.resolve(ty) {
            Type::List(item) => item,
            _ => ty,
        }
    }

    /// The tag of an operation. Webhooks have none.
    #[must_use]
    pub fn tag_of(&self, operation: &Operation) -> Option<&Tag> {
        self.tags.iter().find(|tag| tag.module == operation.tag)
    }

    /// The server trait that has a method for an operation. `None` if the server has no route for it.
    #[must_use]
    pub fn server_trait_of(&self, operation: &Operation) -> Option<&Name> {
        let tag = self.tag_of(operation).filter(|_| operation.is_served);
        tag.map(|tag| &tag.server_trait)
    }

    /// The operations that a server has routes for, in order.
    pub fn served(&self) -> impl Iterator<Item = &Operation> {
        self.operations
            .iter()
            .filter(|operation| operation.is_served)
    }

    /// The operations of a tag that a server has routes for, in order.
    pub fn served_of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = &'a Operation> {
        self.served()
            .filter(move |operation| operation.tag == tag.module)
    }
}

/// One of the descriptions that the API was reconciled from.
#[derive(Debug, Clone, Serialize)]
pub struct Source {
    /// Its id in the manifest.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Number of operations that it describes.
    pub operations: usize,
}

/// A source that describes an item, and where.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Provenance {
    /// The id of the source.
    pub source: String,
    /// The position in the source. It is in no output, so that moving a line does not change the crate.
    #[serde(skip)]
    pub at: Span,
}

/// Prose and provenance of an item, for its documentation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Whether the item is deprecated.
    pub deprecated: bool,
    /// Why it is, or what replaces it: plain text on one line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deprecation: Option<String>,
    /// Further facts, one line each: default, bounds, pattern, aliases and so on.
    pub notes: Vec<String>,
    /// The sources that describe the item.
    pub provenance: Vec<Provenance>,
    /// The `format` of the item's schema.
    #[serde(skip)]
    pub format: Option<String>,
    /// The bounds and the format of the items of a list, if their schema is no component.
    #[serde(skip)]
    pub items: Option<Box<Docs>>,
    /// The bounds and the format of the values of a map, if their schema is no component.
    #[serde(skip)]
    pub values: Option<Box<Docs>>,
    /// Whether the documentation names the sources. It does if the API has several.
    #[serde(skip)]
    pub names_sources: bool,
}

/// The declaration of a security scheme.
#[derive(Debug, Clone, Default)]
pub struct SecurityDeclaration {
    /// The sources that declare it.
    pub provenance: Vec<Provenance>,
    /// Where callers get their tokens, as JSON: the `flows` of OAuth 2, or the URL of OpenID Connect. Empty for others.
    pub tokens: String,
}

/// A base URL.
#[derive(Debug, Clone, Serialize)]
pub struct Server {
    /// URL template, `{variable}`s included.
    pub url: String,
    /// Rust type in the client, Pascal case, unique among the API's servers. A placeholder for servers of single operations.
    pub name: Name,
    /// Description, in markdown.
    pub description: Option<String>,
    /// Variables of the template, by their name in it.
    pub variables: IndexMap<String, ServerVariable>,
    /// The sources that state it. Empty for servers of single operations.
    #[serde(skip)]
    pub provenance: Vec<Provenance>,
}

/// A variable of a server URL.
#[derive(Debug, Clone, Serialize)]
pub struct ServerVariable {
    /// Rust field of the server's type, snake case, unique in it.
    pub name: Name,
    /// The value if the caller gives none.
    pub default: String,
    /// The allowed values. Empty if any value is allowed.
    pub allowed: Vec<String>,
    /// The enum of the allowed values. `None` if any value is allowed.
    pub choices: Option<ServerChoices>,
    /// Description, in markdown.
    pub description: Option<String>,
}

/// The allowed values of a variable of a server URL.
#[derive(Debug, Clone, Serialize)]
pub struct ServerChoices {
    /// Rust enum, Pascal case, unique among the types of the servers.
    pub type_name: Name,
    /// The values and their variants, the default first. The variants are unique.
    pub values: Vec<(String, Name)>,
}

/// The security requirements of an operation. A request must satisfy one entry, and all schemes of that entry.
pub type SecurityRequirements = Vec<IndexMap<String, Vec<String>>>;

/// A group of operations.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    /// The tag as written.
    pub name: String,
    /// Rust module, snake case. Operations refer to the tag by it.
    pub module: Name,
    /// Rust trait of the server side, Pascal case.
    pub server_trait: Name,
    /// Description, in markdown.
    pub description: Option<String>,
}

/// Webhooks and callbacks: requests that the API sends to its user. The crate has a server trait for them, and no client.
#[derive(Debug, Clone, Serialize)]
pub struct Webhooks {
    /// Their module and their server trait.
    pub group: Tag,
    /// The operations, sorted by their key in `names.lock`, never empty. The path of each is `/` and its name: the default
    /// route. Types of bodies and parameters are those of responses, so that every field may be absent.
    pub operations: Vec<Operation>,
    /// The names of the operations by their key in `names.lock`, such as `webhook POST petCreated`.
    pub names: BTreeMap<String, Name>,
}
