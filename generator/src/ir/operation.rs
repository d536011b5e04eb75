//! Operations: parameters, bodies, responses.

use std::fmt;

use indexmap::IndexMap;
use serde::Serialize;

use super::{Docs, Name, SecurityRequirements, Server, Type};

/// An HTTP method that OpenAPI knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "UPPERCASE")]
#[allow(missing_docs)]
pub enum HttpMethod {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
}

impl HttpMethod {
    /// All methods, in the order of the OpenAPI specification.
    pub const ALL: [Self; 8] = [
        Self::Get,
        Self::Put,
        Self::Post,
        Self::Delete,
        Self::Options,
        Self::Head,
        Self::Patch,
        Self::Trace,
    ];

    /// The key of the method in a path item: `"get"`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Get => "get",
            Self::Put => "put",
            Self::Post => "post",
            Self::Delete => "delete",
            Self::Options => "options",
            Self::Head => "head",
            Self::Patch => "patch",
            Self::Trace => "trace",
        }
    }

    /// The method as HTTP writes it: `"GET"`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Options => "OPTIONS",
            Self::Head => "HEAD",
            Self::Patch => "PATCH",
            Self::Trace => "TRACE",
        }
    }
}

impl fmt::Display for HttpMethod {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// An operation.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// The operationId, as written or as derived.
    pub id: String,
    /// Method of the client and of the server trait, snake case: `list_issue_hashes`. Unique in the API.
    pub name: Name,
    /// Stem of the operation's own types, Pascal case: `ListIssueHashes`. Unique in the API. The client's request
    /// builder is `ListIssueHashes`, the server's `ListIssueHashesRequest` and `ListIssueHashesResponse`.
    pub type_name: Name,
    /// [`Tag::module`](super::Tag::module) of the group that it belongs to.
    pub tag: Name,
    /// HTTP method.
    pub method: HttpMethod,
    /// Path below the server's base URL.
    pub path: PathTemplate,
    /// Whether a server has a route for it. Of operations that HTTP does not tell apart one has.
    pub is_served: bool,
    /// Prose and provenance.
    pub docs: Docs,
    /// Parameters: path parameters in the order of the path, then the rest as described. Rust names are unique, also
    /// against the body's (`body`). Header parameters `Accept`, `Content-Type`, `Authorization` are not among them.
    pub parameters: Vec<Parameter>,
    /// Request body.
    pub request_body: Option<RequestBody>,
    /// Responses in the order of status, ranges after codes, default last; never two of one status.
    pub responses: Vec<Response>,
    /// Security alternatives: `None` where nothing is stated, an empty list where none is needed.
    pub security: Option<SecurityRequirements>,
    /// Servers of this operation alone; empty where the API's apply.
    pub servers: Vec<Server>,
    /// How its list is paged, if it is.
    pub pagination: Option<Pagination>,
}

/// A path with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathTemplate {
    /// As written: `/issues/{issue_id}/hashes/`.
    pub template: String,
    /// Its parts, which concatenated give the path; literals contain the slashes.
    pub parts: Vec<PathPart>,
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PathPart {
    /// Literal text, slashes included, as written.
    Literal(String),
    /// The wire name of the path parameter that stands here.
    Parameter(String),
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ParameterLocation {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

impl ParameterLocation {
    /// The word that OpenAPI writes: `query`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Header => "header",
            Self::Cookie => "cookie",
        }
    }
}

/// How a parameter's value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum ParameterStyle {
    Simple,
    Label,
    Matrix,
    Form,
    SpaceDelimited,
    PipeDelimited,
    DeepObject,
    /// A media type instead of a style: the value is JSON text.
    Json,
}

impl ParameterStyle {
    /// The style that OpenAPI calls so.
    #[must_use]
    pub fn of_key(key: &str) -> Option<Self> {
        Some(match key {
            "simple" => Self::Simple,
            "label" => Self::Label,
            "matrix" => Self::Matrix,
            "form" => Self::Form,
            "spaceDelimited" => Self::SpaceDelimited,
            "pipeDelimited" => Self::PipeDelimited,
            "deepObject" => Self::DeepObject,
            _ => return None,
        })
    }

    /// The word that OpenAPI writes; JSON text has none.
    #[must_use]
    pub fn key(self) -> Option<&'static str> {
        Some(match self {
            Self::Simple => "simple",
            Self::Label => "label",
            Self::Matrix => "matrix",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Json => return None,
        })
    }
}

/// A parameter.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// Name on the wire.
    pub wire_name: String,
    /// Rust name, snake case.
    pub name: Name,
    /// Where it stands.
    pub location: ParameterLocation,
    /// How it is written.
    pub style: ParameterStyle,
    /// Whether arrays and objects are written as one pair an item.
    pub explode: bool,
    /// Whether reserved characters go unencoded.
    pub allow_reserved: bool,
    /// Whether it must be sent.
    pub required: bool,
    /// Type of its value.
    pub ty: Type,
    /// Default that the server assumes; documentation only.
    pub default: Option<serde_json::Value>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// A request body.
#[derive(Debug, Clone, Serialize)]
pub struct RequestBody {
    /// Rust name of the argument, unique among the parameters.
    pub name: Name,
    /// Whether it must be sent.
    pub required: bool,
    /// Its media types, the preferred one first; never empty.
    pub contents: Vec<Content>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// A body in one media type.
#[derive(Debug, Clone, Serialize)]
pub struct Content {
    /// The media type as written, without parameters.
    pub media_type: String,
    /// How it is read and written.
    pub encoding: BodyEncoding,
    /// Type of the whole body.
    pub ty: Type,
    /// Of form and multipart bodies: how single properties are written, by wire name.
    pub properties: IndexMap<String, PropertyEncoding>,
    /// Bodies that the descriptions give, as JSON.
    pub examples: Vec<Example>,
    /// Whether it carries something that the preferred content, the first one, does not: another type, octets, a file,
    /// a stream. The caller can choose such a content; any other is the same thing in another notation.
    pub distinct: bool,
}

/// A body that a description gives.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// The value.
    pub value: serde_json::Value,
    /// Who gives it.
    pub provenance: super::Provenance,
}

/// How a body is read and written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyEncoding {
    /// JSON (also every `+json`).
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Text.
    Text,
    /// A stream of server-sent events.
    EventStream,
    /// Anything else: octets.
    Binary,
}

/// How a property of a form or multipart body is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct PropertyEncoding {
    /// Media type of the part.
    pub content_type: Option<String>,
    /// The style, where one is stated.
    pub style: Option<ParameterStyle>,
    /// Whether arrays and objects are written as one pair an item.
    pub explode: bool,
}

/// A response.
#[derive(Debug, Clone, Serialize)]
pub struct Response {
    /// For which status.
    pub status: Status,
    /// Variant of the operation's response enum, Pascal case, unique in it: `Ok`, `Created`, `NotFound`, `ClientError`, `Default`.
    pub name: Name,
    /// What it means.
    pub description: Option<String>,
    /// Its media types; empty when there is no body (or none is described).
    pub contents: Vec<Content>,
    /// Its headers.
    pub headers: Vec<Header>,
}

impl Response {
    /// Its first content in JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Content> {
        let mut contents = self.contents.iter();
        contents.find(|content| content.encoding == BodyEncoding::Json)
    }
}

/// For which status a response is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// One status.
    Code(u16),
    /// A hundred: 4 for `4XX`.
    Range(u8),
    /// Every other status.
    Default,
}

impl Status {
    /// Whether it stands for success: 2XX, or any status when `default` is the only response.
    #[must_use]
    pub fn is_success(self) -> bool {
        match self {
            Self::Code(code) => (200..300).contains(&code),
            Self::Range(hundred) => hundred == 2,
            Self::Default => false,
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(code) => write!(formatter, "{code}"),
            Self::Range(hundred) => write!(formatter, "{hundred}XX"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// A response header.
#[derive(Debug, Clone, Serialize)]
pub struct Header {
    /// Name on the wire.
    pub wire_name: String,
    /// Rust name, snake case.
    pub name: Name,
    /// Type of its value.
    pub ty: Type,
    /// Whether it is always sent.
    pub required: bool,
    /// Prose.
    pub docs: Docs,
}

/// How a list is paged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pagination {
    /// The response's `Link` header names the next page (RFC 8288, `rel="next"`); where its parameters carry a
    /// `cursor`, it goes back verbatim in the query parameter of this wire name.
    Link {
        /// Wire name of the query parameter that takes the cursor, when the operation has one.
        cursor: Option<String>,
        /// Type of an item of the list.
        item: Type,
    },
}
