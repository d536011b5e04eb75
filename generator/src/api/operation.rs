//! Operations: parameters, bodies, responses.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Serialize;

use super::names::stem;
use super::{Api, Docs, Name, Provenance, SecurityRequirements, Server, Type};
use crate::http::{HttpMethod, ParameterLocation, ParameterStyle, PropertyEncoding, Status};

/// A type that the crate may have for an operation alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationType {
    /// Of the client: sets the optional arguments.
    Builder,
    /// Of the client: the required arguments, where they are many.
    Required,
    /// Of the client: a response, where there are several successes.
    Success,
    /// Of the client: the errors with a body of their own.
    Error,
    /// Of the server: a request.
    Request,
    /// Of the server: the body of a request, where it has several media types.
    RequestBody,
    /// Of the server: a response.
    Response,
}

impl OperationType {
    /// The types that the client has.
    pub const OF_CLIENT: [Self; 4] = [Self::Builder, Self::Required, Self::Success, Self::Error];

    /// The types that the server has.
    pub const OF_SERVER: [Self; 3] = [Self::Request, Self::RequestBody, Self::Response];

    /// What its name has after the stem of the operation's types.
    #[must_use]
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Builder => "",
            Self::Required => "Required",
            Self::Success => "Success",
            Self::Error => "Error",
            Self::Request => "Request",
            Self::RequestBody => "RequestBody",
            Self::Response => "Response",
        }
    }
}

/// An operation.
#[derive(Debug, Clone, Serialize)]
pub struct Operation {
    /// The operationId, or the method's name if there is none.
    pub id: String,
    /// Method of the client and of the server trait, snake case: `list_issue_hashes`. Unique in the API.
    pub name: Name,
    /// Stem of the operation's own types ([`OperationType`]), Pascal case: `ListIssueHashes`. Unique in the API.
    pub type_name: Name,
    /// Constant that describes the operation, screaming snake case: `LIST_ISSUE_HASHES`. Unique in the API.
    pub constant: Name,
    /// Method of the client: `name`, with an underscore if every client has a method of that name.
    pub client_method: Name,
    /// Struct of the required arguments, Pascal case, if they are too many for the client's method.
    pub required_type: Option<Name>,
    /// [`Tag::module`](super::Tag::module) of its group.
    pub tag: Name,
    /// HTTP method.
    pub method: HttpMethod,
    /// Path below the server's base URL.
    pub path: PathTemplate,
    /// Whether the server has a route for it. Of several operations that no router can tell apart, only one has.
    pub is_served: bool,
    /// Prose and provenance.
    pub docs: Docs,
    /// Parameters: those of the path in its order, then the others in the order of the description. Their Rust names and the
    /// body's are unique. The header parameters `Accept`, `Content-Type` and `Authorization` are left out.
    pub parameters: Vec<Parameter>,
    /// Request body.
    pub request_body: Option<RequestBody>,
    /// Responses: codes in ascending order, then ranges, then the default. Each status occurs once.
    pub responses: Vec<Response>,
    /// Security requirements. `None` if the description has none, an empty list if no credentials are needed.
    pub security: Option<SecurityRequirements>,
    /// Where these are stated: for the whole API, if the operation has none of its own.
    #[serde(skip)]
    pub security_provenance: Vec<Provenance>,
    /// Servers of this operation alone. Empty if it uses those of the API.
    pub servers: Vec<Server>,
    /// Value of the header `Accept`: the preferred media type of each response, successes first, and all in JSON of errors.
    /// Empty if no response has one.
    pub accept: String,
    /// How its list is paged. `None` if it is not.
    pub pagination: Option<Pagination>,
}

/// The parameter that says where a page begins: `cursor` in the query.
pub(crate) fn cursor(parameters: &[Parameter]) -> Option<&Parameter> {
    let mut parameters = parameters.iter();
    parameters.find(|it| it.location == ParameterLocation::Query && it.wire_name == "cursor")
}

impl Operation {
    /// The name of one of its types: `ListIssueHashesResponse`.
    #[must_use]
    pub fn name_of(&self, ty: OperationType) -> String {
        format!("{}{}", stem(&self.type_name), ty.suffix())
    }

    /// Whether it takes a cursor, and its response is no list that the client pages through.
    #[must_use]
    pub fn is_paged_by_hand(&self) -> bool {
        self.pagination.is_none() && cursor(&self.parameters).is_some()
    }

    /// The success responses: those with a 2XX status, or else the default response.
    #[must_use]
    pub fn successes(&self) -> Vec<&Response> {
        let all = || self.responses.iter();
        let found: Vec<&Response> = all()
            .filter(|response| response.status.is_success())
            .collect();
        if !found.is_empty() {
            return found;
        }
        all()
            .filter(|response| response.status == Status::Default)
            .collect()
    }

    /// Whether the client has a type for its requests, since a call has more to say than its required arguments.
    #[must_use]
    pub fn has_builder(&self) -> bool {
        let mut parameters = self.parameters.iter();
        let has_option = parameters.any(|parameter| !parameter.required);
        let body = self.request_body.as_ref();
        has_option
            || body.is_some_and(|body| !body.required)
            || self.further_contents().next().is_some()
    }

    /// The further contents of successes that the client can ask for, each with the name of its method.
    pub fn further_contents(&self) -> impl Iterator<Item = (&Name, &Content)> {
        let successes = self.successes().into_iter();
        let contents = successes.flat_map(|response| &response.contents);
        contents.filter_map(|content| Some((content.client_name.as_ref()?, content)))
    }

    /// How the client receives a success.
    #[must_use]
    pub fn received(&self) -> Received {
        let mut all = self.successes().into_iter().map(|it| self.received_of(it));
        let first = all.next().unwrap_or(Received::Empty);
        if all.all(|other| other == first) {
            first
        } else {
            Received::Several
        }
    }

    /// How the client receives one of the responses: in the preferred media type. A response to `HEAD` has no body.
    #[must_use]
    pub fn received_of(&self, response: &Response) -> Received {
        match response.contents.first() {
            Some(content) if self.method != HttpMethod::Head => content.received(),
            _ => Received::Empty,
        }
    }

    /// The errors, each with a body that has a type: those of [`Response::typed`].
    #[must_use]
    pub fn typed_errors(&self, api: &Api) -> Vec<(&Response, &Content)> {
        let errors = self.responses.iter();
        let errors = errors.filter(|response| !response.status.is_success());
        let bodies = errors.flat_map(|response| {
            let contents = response.typed(api).into_iter();
            contents.map(move |content| (response, content))
        });
        bodies.collect()
    }

    /// The named type that the body of every error has which has a type at all. All other errors have a type of the
    /// operation.
    #[must_use]
    pub fn error_model<'api>(&self, api: &'api Api) -> Option<&'api Name> {
        let errors = self.typed_errors(api);
        let mut types = errors.iter().map(|(_, content)| &content.ty);
        let first = types.next()?;
        match first {
            Type::Named(id) if types.all(|ty| ty == first) => {
                api.types.get(id.index()).map(|definition| &definition.name)
            }
            _ => None,
        }
    }
}

/// A path with its parameters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathTemplate {
    /// As written: `/issues/{issue_id}/hashes/`.
    pub template: String,
    /// Its parts in order. Literals contain the slashes.
    pub parts: Vec<PathPart>,
}

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PathPart {
    /// Literal text as written, with slashes.
    Literal(String),
    /// The wire name of a path parameter.
    Parameter(String),
}

/// A parameter.
#[derive(Debug, Clone, Serialize)]
pub struct Parameter {
    /// Name on the wire.
    pub wire_name: String,
    /// Rust name, snake case.
    pub name: Name,
    /// Method of the client's request that sets it, if it is optional: `name`, with an underscore if every request has a
    /// method of that name.
    pub setter: Name,
    /// Path, query, header or cookie.
    pub location: ParameterLocation,
    /// How its value is serialised.
    pub style: ParameterStyle,
    /// Whether each item of an array, or property of an object, is a pair of its own.
    pub explode: bool,
    /// Whether reserved characters are not percent-encoded.
    pub allow_reserved: bool,
    /// Whether it must be present.
    pub required: bool,
    /// Type of its value.
    pub ty: Type,
    /// Default in the description, for documentation.
    pub default: Option<serde_json::Value>,
    /// The value that the server uses if the parameter is absent: the default, if it certainly fits the type.
    pub server_default: Option<serde_json::Value>,
    /// For an exploded form object with arbitrary keys: the keys of the query that belong to other parameters.
    pub except: Vec<String>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// A request body.
#[derive(Debug, Clone, Serialize)]
pub struct RequestBody {
    /// Rust name of the argument, unique among the parameters.
    pub name: Name,
    /// Method of the client's request that sets it in the preferred media type, if it is optional.
    pub setter: Name,
    /// Whether it must be present.
    pub required: bool,
    /// Its media types, the preferred one first. Never empty.
    pub contents: Vec<Content>,
    /// Prose and provenance.
    pub docs: Docs,
}

/// A body in one media type.
#[derive(Debug, Clone, Serialize)]
pub struct Content {
    /// The media type as written, without parameters.
    pub media_type: String,
    /// Variant in the server, Pascal case, unique in its enum. For a request body with several media types, a variant of the
    /// enum of media types; for a response, a variant of the operation's enum of responses.
    pub variant: Name,
    /// The client's method for a content that is not preferred, snake case. `None` if the client has none. For a required
    /// request body, the method of the client that sends it (`create_pet_as_bytes`); for an optional one, the method of
    /// the request that sets it (`body_as_bytes`); for a response, the method of the request that requests it
    /// (`send_as_text`).
    pub client_name: Option<Name>,
    /// The media type to send. It differs from `media_type` if that is a range or cannot be in a header.
    pub sent_media_type: String,
    /// How it is encoded.
    pub encoding: BodyEncoding,
    /// Type of the whole body.
    pub ty: Type,
    /// For form and multipart bodies: the encoding of single properties, by wire name.
    pub properties: IndexMap<String, PropertyEncoding>,
    /// For forms: the properties that are not in the default style (`form`, exploded): wire name, style, explode.
    pub form_styles: Vec<(String, ParameterStyle, bool)>,
    /// Example bodies of the descriptions, as JSON.
    pub examples: Vec<Example>,
    /// Documentation of a body whose type is not a type of its own, with its bounds and its default as notes.
    #[serde(skip)]
    pub bounds: Docs,
    /// Whether it carries something that no content before it does: another type, bytes, a file or a stream. The caller can
    /// choose such a content. Any other is only another notation.
    pub distinct: bool,
    /// The sources that describe it.
    #[serde(skip)]
    pub provenance: Vec<Provenance>,
}

impl Content {
    /// Whether the whole body is raw bytes.
    #[must_use]
    pub fn is_bytes(&self, api: &Api) -> bool {
        self.encoding == BodyEncoding::Binary && *api.resolve(&self.ty) == Type::Binary
    }
}

/// An example body.
#[derive(Debug, Clone, Serialize)]
pub struct Example {
    /// The value.
    pub value: Arc<serde_json::Value>,
    /// The source that has it.
    pub provenance: Provenance,
}

/// How a body is encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BodyEncoding {
    /// JSON, including media types that end in `+json`.
    Json,
    /// `application/x-www-form-urlencoded`.
    Form,
    /// `multipart/form-data`.
    Multipart,
    /// Text.
    Text,
    /// A stream of server-sent events.
    EventStream,
    /// Of a response: a stream of JSON texts, one a line. The type of the whole body is that of a line, or a list of them.
    JsonLines,
    /// Anything else: bytes.
    Binary,
}

/// A response.
#[derive(Debug, Clone, Serialize)]
pub struct Response {
    /// Its status.
    pub status: Status,
    /// Variant of the operation's response enum, Pascal case, unique in it: `Ok`, `Created`, `NotFound`, `ClientError`, `Default`.
    pub name: Name,
    /// Description, in markdown.
    pub description: Option<String>,
    /// Its media types, the preferred one first. Empty if it has no body, or if the description has none.
    pub contents: Vec<Content>,
    /// Its headers.
    pub headers: Vec<Header>,
    /// The sources that describe it.
    #[serde(skip)]
    pub provenance: Vec<Provenance>,
}

impl Response {
    /// Its first content in JSON.
    #[must_use]
    pub fn json(&self) -> Option<&Content> {
        let mut contents = self.contents.iter();
        contents.find(|content| content.encoding == BodyEncoding::Json)
    }

    /// Its contents in JSON that have a type, each type once.
    #[must_use]
    pub fn typed(&self, api: &Api) -> Vec<&Content> {
        let mut found: Vec<&Content> = Vec::new();
        for content in &self.contents {
            let is_typed = content.encoding == BodyEncoding::Json
                && *api.resolve(&content.ty) != Type::Any
                && !found.iter().any(|other| other.ty == content.ty);
            found.extend(is_typed.then_some(content));
        }
        found
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
    /// Whether it is always present.
    pub required: bool,
    /// Prose.
    pub docs: Docs,
}

/// A constant of the client for a response header.
#[derive(Debug, Clone, Serialize)]
pub struct HeaderConstant {
    /// Name on the wire, in lower case.
    pub wire_name: String,
    /// The name as HTTP's specifications spell names: `Retry-After`.
    pub title: String,
    /// Constant, screaming snake case, unique.
    pub name: Name,
    /// The type to parse it as: a scalar or a string.
    pub ty: Type,
    /// Description, in markdown.
    pub description: Option<String>,
}

/// A media type of a request body that the client does not send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentMediaType {
    /// Id of the operation.
    pub operation: String,
    /// The media type that the client does not send.
    pub media_type: String,
    /// The one that it sends instead.
    pub sent: String,
}

/// How a list is paged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Pagination {
    /// The response's `Link` header has the URL of the next page (RFC 8288, `rel="next"`).
    Link {
        /// Wire name of the query parameter for the cursor, if the operation has one. The client copies the `cursor` of the
        /// next page's URL to it.
        cursor: Option<String>,
        /// Type of an item of the list.
        item: Type,
    },
}

/// How the client receives the body of a success.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Received {
    /// There is none.
    Empty,
    /// A value of this type.
    Json(Type),
    /// A text.
    Text,
    /// Bytes.
    Bytes,
    /// Events.
    Events,
    /// Values of this type, or of the items of this list, one a line.
    Lines(Type),
    /// By status, into an enum of the operation.
    Several,
}

impl Content {
    /// How the client receives it.
    #[must_use]
    pub fn received(&self) -> Received {
        match self.encoding {
            BodyEncoding::Json => Received::Json(self.ty.clone()),
            BodyEncoding::Text => Received::Text,
            BodyEncoding::EventStream => Received::Events,
            BodyEncoding::JsonLines => Received::Lines(self.ty.clone()),
            BodyEncoding::Form | BodyEncoding::Multipart | BodyEncoding::Binary => Received::Bytes,
        }
    }
}
