//! The frozen API: everything that any emitter needs, with every decision already made.
//!
//! It is built once, by [`crate::lower`], and only read afterwards. Nothing in here knows how Rust is
//! spelled beyond the checked names it carries; nothing in [`crate::emit`] decides anything.

mod name;
mod operation;
mod types;

pub use name::{Name, NameError};
pub use operation::{
    BodyEncoding, Content, Example, Header, HttpMethod, Operation, Pagination, Parameter,
    ParameterLocation, ParameterStyle, PathPart, PathTemplate, PropertyEncoding, RequestBody,
    Response, Status,
};
pub use types::{
    Arm, Discriminator, EnumValue, Field, IntegerKind, Map, Presence, Struct, Type, TypeDefinition,
    TypeId, TypeKind, TypeUse, Union,
};

use indexmap::IndexMap;
use serde::Serialize;

use crate::source::Span;

/// The whole API.
#[derive(Debug, Clone, Serialize)]
pub struct Api {
    /// Human title of the API.
    pub title: String,
    /// The API's version as the description states it (not a crate version).
    pub version: String,
    /// Description, in markdown.
    pub description: Option<String>,
    /// Base URLs, the first being the default; never empty unless no source states one.
    pub servers: Vec<Server>,
    /// The descriptions that the API was reconciled from, in order of authority.
    pub sources: Vec<Source>,
    /// Security schemes by their name.
    pub security_schemes: IndexMap<String, SecurityScheme>,
    /// Groups of operations: one client module and one server trait each. Every operation is in one.
    pub tags: Vec<Tag>,
    /// All operations, sorted by path and method.
    pub operations: Vec<Operation>,
    /// What the API calls at its user's, if anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhooks: Option<Webhooks>,
    /// All named types, sorted by name; a [`TypeId`] indexes this list.
    pub types: Vec<TypeDefinition>,
}

impl Api {
    /// The definition of a named type.
    ///
    /// # Panics
    /// Never for an id that came from this `Api`.
    #[must_use]
    pub fn definition(&self, id: TypeId) -> &TypeDefinition {
        &self.types[id.index()]
    }

    /// A type without the aliases around it.
    #[must_use]
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut current = ty;
        // A chain of aliases is no longer than the list of types; a circle of them ends here.
        for _ in 0..=self.types.len() {
            match current {
                Type::Named(id) | Type::Boxed(id) => match &self.definition(*id).kind {
                    TypeKind::Alias(target) => current = target,
                    _ => return current,
                },
                _ => return current,
            }
        }
        current
    }

    /// The levels of types in types that the compiler has to follow: it looks for `Send` in each, through `Option`, lists
    /// and boxes. Enough for a chain of all types, and for lists in lists as deep as a document may be.
    #[must_use]
    pub fn recursion_limit(&self) -> usize {
        const INSIDE_OF_ONE: usize = 1024;
        const FROM_ONE_TO_THE_NEXT: usize = 8;
        (INSIDE_OF_ONE + FROM_ONE_TO_THE_NEXT * self.types.len()).next_power_of_two()
    }

    /// The operations of a tag, in order.
    pub fn operations_of<'a>(&'a self, tag: &'a Tag) -> impl Iterator<Item = &'a Operation> {
        self.operations
            .iter()
            .filter(move |operation| operation.tag == tag.module)
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

/// Who says so and where: one line of provenance.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Provenance {
    /// The id of the source.
    pub source: String,
    /// Where it says so. Not part of any output: a line that moves changes nothing in the API.
    #[serde(skip)]
    pub at: Span,
}

/// Prose and provenance of an item, for its rustdoc.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Docs {
    /// One line.
    pub summary: Option<String>,
    /// Markdown.
    pub description: Option<String>,
    /// Set when the item is deprecated.
    pub deprecated: bool,
    /// Facts worth a line each: default, bounds, pattern, aliases ….
    pub notes: Vec<String>,
    /// The sources that describe the item.
    pub provenance: Vec<Provenance>,
    /// Set where the API has several sources, so that it is worth a line which of them describe the item.
    #[serde(skip)]
    pub names_sources: bool,
}

/// A base URL.
#[derive(Debug, Clone, Serialize)]
pub struct Server {
    /// URL template, `{variable}`s included.
    pub url: String,
    /// What it is.
    pub description: Option<String>,
    /// Variables of the template.
    pub variables: IndexMap<String, ServerVariable>,
}

/// A variable of a server URL.
#[derive(Debug, Clone, Serialize)]
pub struct ServerVariable {
    /// The value when none is given.
    pub default: String,
    /// The allowed values; empty when any is.
    pub allowed: Vec<String>,
    /// What it is.
    pub description: Option<String>,
}

/// A way to authenticate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SecurityScheme {
    /// `Authorization: Bearer <token>`; also what OAuth 2 and OpenID Connect come down to on a request.
    Bearer {
        /// What the description says of it.
        description: Option<String>,
    },
    /// `Authorization: Basic <base64>`.
    Basic {
        /// What the description says of it.
        description: Option<String>,
    },
    /// A key in a header, query parameter or cookie.
    ApiKey {
        /// Where it goes.
        location: ParameterLocation,
        /// Under which name.
        name: String,
        /// What the description says of it.
        description: Option<String>,
    },
    /// Anything else, such as mutual TLS or HTTP digest: left to the caller.
    Other {
        /// The scheme's type or HTTP scheme.
        kind: String,
        /// What the description says of it.
        description: Option<String>,
    },
}

/// Alternatives of an operation's security: any one entry suffices; in an entry all are needed.
pub type SecurityRequirements = Vec<IndexMap<String, Vec<String>>>;

/// A group of operations.
#[derive(Debug, Clone, Serialize)]
pub struct Tag {
    /// The tag as written.
    pub name: String,
    /// Rust module, snake case; also how operations refer to the tag.
    pub module: Name,
    /// Rust trait of the server side, Pascal case.
    pub server_trait: Name,
    /// What it is.
    pub description: Option<String>,
}

/// The operations that the API calls at its user's: webhooks, and callbacks of operations. Its user serves them, and no
/// client sends them.
#[derive(Debug, Clone, Serialize)]
pub struct Webhooks {
    /// Module and trait of the server side.
    pub group: Tag,
    /// The operations, sorted by what they go by; never empty. The path of each is where it is mounted by default, which
    /// is its name; its body and parameters are read leniently.
    pub operations: Vec<Operation>,
}
