//! From operations of the document to operations of the API.

use std::collections::HashSet;

use indexmap::IndexMap;

use crate::document::{self, Facet, Facts};
use crate::ir::{
    self, Docs, Name, Operation, Pagination, ParameterLocation, ParameterStyle, PathPart,
    PathTemplate, RequestBody, Response, Status, Type,
};
use crate::merge::Merged;
use crate::names::{case, unique};

use super::content::contents;
use super::docs;
use super::drafts::{Direction, Drafts, Place};

/// The names of an operation.
#[derive(Debug, Clone)]
pub(super) struct OperationNames {
    pub(super) method: Name,
    pub(super) type_name: Name,
    pub(super) tag: String,
    pub(super) tag_module: Name,
    /// What the parameters of the path are called, in order.
    pub(super) path_parameters: Vec<String>,
}

/// The group that an operation belongs to: its first tag, or the first literal segment of its path.
pub(super) fn tag(operation: &document::Operation) -> String {
    let first = operation
        .facts
        .list(Facet::Tags)
        .first()
        .and_then(serde_json::Value::as_str);
    let segment = || {
        let segments = operation.path.split('/');
        segments
            .map(str::trim)
            .find(|segment| !segment.is_empty() && !segment.contains('{'))
            .unwrap_or("api")
    };
    match first.map(str::trim) {
        Some(tag) if !tag.is_empty() => tag.to_owned(),
        _ => segment().to_owned(),
    }
}

/// What the emitters put behind an operation's type name for its further types.
const TYPE_SUFFIXES: [&str; 3] = ["Required", "Success", "Error"];

/// The stems of the operations' types. The operation `getError` gives way to the type of the errors of `get`.
pub(super) fn type_names(methods: &[Name]) -> Vec<Name> {
    let wanted: Vec<Name> = methods
        .iter()
        .map(|method| case::pascal(method.plain(), "Operation"))
        .collect();
    let stems: HashSet<&str> = wanted.iter().map(Name::plain).collect();
    let yields = |name: &Name| {
        TYPE_SUFFIXES.iter().any(|suffix| {
            let stem = name.plain().strip_suffix(suffix);
            stem.is_some_and(|stem| stems.contains(stem))
        })
    };
    let named = wanted.iter().map(|name| match yields(name) {
        true => case::pascal(&format!("{} Operation", name.plain()), "Operation"),
        false => name.clone(),
    });
    unique(named.collect::<Vec<_>>(), &[])
}

/// `item` is what it goes by, `direction` the way that its parameters and body travel.
pub(super) fn lower(
    operation: &document::Operation,
    names: &OperationNames,
    (item, direction): (&str, Direction),
    drafts: &mut Drafts<'_>,
    merged: &Merged,
) -> Operation {
    let words = names.method.plain().replace('_', " ");
    let (parameters, body_name) = parameters(operation, names, (item, direction), &words, drafts);
    let responses = responses(operation, item, &words, drafts);
    let security = operation
        .facts
        .get(Facet::Security)
        .map(|fact| super::security(&fact.value));
    Operation {
        id: operation
            .facts
            .text(Facet::OperationId)
            .unwrap_or(names.method.plain())
            .to_owned(),
        name: names.method.clone(),
        type_name: names.type_name.clone(),
        tag: names.tag_module.clone(),
        method: operation.method,
        path: path(&operation.path),
        is_served: !operation.is_shadowed,
        docs: docs::of_facts(&operation.facts, &operation.said, merged),
        pagination: pagination(operation, &parameters, &responses),
        request_body: operation
            .body
            .as_ref()
            .and_then(|body| request_body(body, body_name, (item, direction), &words, drafts)),
        parameters,
        responses,
        security,
        servers: servers(operation),
    }
}

fn servers(operation: &document::Operation) -> Vec<ir::Server> {
    let texts = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned)
    };
    let listed = operation.facts.list(Facet::Servers).iter();
    listed
        .filter_map(|server| {
            Some(ir::Server {
                url: texts(server, "url")?,
                description: texts(server, "description"),
                variables: IndexMap::new(),
            })
        })
        .collect()
}

fn path(template: &str) -> PathTemplate {
    let mut parts = Vec::new();
    let mut rest = template;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !literal.is_empty() {
            parts.push(PathPart::Literal(literal.to_owned()));
        }
        parts.push(PathPart::Parameter(name.to_owned()));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(PathPart::Literal(rest.to_owned()));
    }
    PathTemplate {
        template: template.to_owned(),
        parts,
    }
}

/// The parameters, and the name of the body's argument.
fn parameters(
    operation: &document::Operation,
    names: &OperationNames,
    (item, direction): (&str, Direction),
    words: &str,
    drafts: &mut Drafts<'_>,
) -> (Vec<ir::Parameter>, Name) {
    let body = case::snake("body", "body");
    let in_path = super::path_parameters(&operation.path);
    let wanted = operation.parameters.iter().map(|parameter| {
        let position = in_path.iter().position(|name| {
            parameter.location == ParameterLocation::Path && *name == parameter.name
        });
        let pinned = position.and_then(|position| names.path_parameters.get(position));
        case::snake(pinned.unwrap_or(&parameter.name), "parameter")
    });
    let names = unique(std::iter::once(body).chain(wanted), &RESERVED_PARAMETERS);
    let (body, names) = match names.split_first() {
        Some((body, names)) => (body.clone(), names.to_vec()),
        None => (Name::placeholder(), Vec::new()),
    };
    let lowered = operation.parameters.iter().zip(names);
    let lowered = lowered.map(|(parameter, name)| {
        let place = Place {
            item: format!("{item} {}", parameter.name),
            candidates: vec![format!("{words} {}", parameter.name)],
        };
        let mut ty = drafts.ty(&parameter.schema, direction, &place);
        // A parameter is text on the wire: what nothing is said of is a text, too.
        if ty == Type::Any && parameter.schema.says_nothing() {
            ty = Type::String;
        }
        self::parameter(parameter, name, ty, drafts.merged)
    });
    (lowered.collect(), body)
}

/// Methods of the emitted request builders.
const RESERVED_PARAMETERS: [&str; 6] = ["send", "pages", "items", "new", "client", "request"];

fn parameter(
    parameter: &document::Parameter,
    name: Name,
    ty: Type,
    merged: &Merged,
) -> ir::Parameter {
    let style = style(parameter);
    let location = parameter.location;
    let exploded = matches!(style, ParameterStyle::Form | ParameterStyle::DeepObject);
    ir::Parameter {
        wire_name: parameter.name.clone(),
        name,
        location,
        style,
        explode: parameter.facts.flag(Facet::Explode).unwrap_or(exploded),
        allow_reserved: parameter.facts.flag(Facet::AllowReserved) == Some(true),
        required: location == ParameterLocation::Path
            || parameter.facts.flag(Facet::Required) == Some(true),
        ty,
        default: parameter
            .schema
            .facts
            .get(Facet::Default)
            .map(|fact| (*fact.value).clone()),
        docs: parameter_docs(parameter, merged),
    }
}

fn parameter_docs(parameter: &document::Parameter, merged: &Merged) -> Docs {
    let own = docs::of_facts(&parameter.facts, &parameter.said, merged);
    let schema = docs::of_schema(&parameter.schema, merged);
    let mut notes = schema.notes;
    for alias in &parameter.aliases {
        notes.push(format!("Also called {}.", docs::code(alias)));
    }
    Docs {
        summary: own.summary,
        description: own.description.or(schema.description),
        deprecated: own.deprecated || schema.deprecated,
        notes,
        provenance: own.provenance,
        names_sources: own.names_sources,
    }
}

fn style(parameter: &document::Parameter) -> ParameterStyle {
    if parameter.media_type.is_some() {
        return ParameterStyle::Json;
    }
    let stated = parameter.facts.text(Facet::Style);
    stated
        .and_then(ParameterStyle::of_key)
        .unwrap_or(match parameter.location {
            ParameterLocation::Path | ParameterLocation::Header => ParameterStyle::Simple,
            ParameterLocation::Query | ParameterLocation::Cookie => ParameterStyle::Form,
        })
}

fn request_body(
    body: &document::Body,
    name: Name,
    (item, direction): (&str, Direction),
    words: &str,
    drafts: &mut Drafts<'_>,
) -> Option<RequestBody> {
    let place = Place {
        item: format!("{item} body"),
        candidates: vec![format!("{words} body")],
    };
    let contents = contents(&body.contents, direction, &place, drafts);
    if contents.is_empty() {
        return None;
    }
    Some(RequestBody {
        name,
        required: body.facts.flag(Facet::Required) == Some(true),
        contents,
        docs: docs::of_facts(&body.facts, &body.said, drafts.merged),
    })
}

fn responses(
    operation: &document::Operation,
    item: &str,
    words: &str,
    drafts: &mut Drafts<'_>,
) -> Vec<Response> {
    let statuses: Vec<Status> = operation.responses.keys().copied().collect();
    let names = unique(statuses.iter().map(|status| variant(*status)), &["Other"]);
    let mut lowered = Vec::new();
    for ((status, response), name) in operation.responses.iter().zip(names) {
        let place = response_place(*status, &statuses, item, words);
        let contents = match status {
            // These never have a body, whatever is described.
            Status::Code(204 | 205 | 304) => Vec::new(),
            _ => contents(&response.contents, Direction::Response, &place, drafts),
        };
        lowered.push(Response {
            status: *status,
            name,
            description: response.facts.text(Facet::Description).map(str::to_owned),
            contents,
            headers: headers(&response.headers, item, words, drafts),
        });
    }
    lowered
}

/// The body of a retrieval is named after what is retrieved, that of anything else after the operation.
fn response_place(status: Status, statuses: &[Status], item: &str, words: &str) -> Place {
    let only_success = statuses.iter().filter(|status| status.is_success()).count() == 1;
    let item = format!("{item} {status}");
    if !status.is_success() {
        let named = format!("{words} {}", variant(status).plain());
        return Place {
            item,
            candidates: vec![named],
        };
    }
    let noun = ["list ", "retrieve ", "get "]
        .iter()
        .find_map(|verb| words.strip_prefix(verb));
    let response = match only_success {
        true => format!("{words} response"),
        false => format!("{words} {} response", variant(status).plain()),
    };
    let candidates = noun
        .filter(|_| only_success)
        .map(str::to_owned)
        .into_iter()
        .chain([response])
        .collect();
    Place { item, candidates }
}

fn headers(
    headers: &IndexMap<String, document::Parameter>,
    item: &str,
    words: &str,
    drafts: &mut Drafts<'_>,
) -> Vec<ir::Header> {
    let names = unique(
        headers.keys().map(|name| case::snake(name, "header")),
        &["body"],
    );
    let lowered = headers.values().zip(names).map(|(header, name)| {
        let place = Place {
            item: format!("{item} header {}", header.name),
            candidates: vec![format!("{words} {}", header.name)],
        };
        let mut ty = drafts.ty(&header.schema, Direction::Response, &place);
        if ty == Type::Any {
            ty = Type::String;
        }
        ir::Header {
            wire_name: header.name.clone(),
            name,
            ty,
            required: header.facts.flag(Facet::Required) == Some(true),
            docs: header_docs(&header.facts, header, drafts.merged),
        }
    });
    lowered.collect()
}

fn header_docs(facts: &Facts, header: &document::Parameter, merged: &Merged) -> Docs {
    docs::of_facts(facts, &header.said, merged)
}

/// A list is paged when its response has a `Link` header, or when it takes a cursor.
fn pagination(
    operation: &document::Operation,
    parameters: &[ir::Parameter],
    responses: &[Response],
) -> Option<Pagination> {
    if operation.method != ir::HttpMethod::Get {
        return None;
    }
    let mut successes = responses
        .iter()
        .filter(|response| response.status.is_success());
    let (Some(success), None) = (successes.next(), successes.next()) else {
        return None;
    };
    let Some(Type::List(item)) = success.contents.first().map(|content| &content.ty) else {
        return None;
    };
    let linked = success
        .headers
        .iter()
        .any(|header| header.wire_name.eq_ignore_ascii_case("link"));
    let cursor = parameters
        .iter()
        .find(|parameter| {
            parameter.location == ParameterLocation::Query && parameter.wire_name == "cursor"
        })
        .map(|parameter| parameter.wire_name.clone());
    (linked || cursor.is_some()).then(|| Pagination::Link {
        cursor,
        item: (**item).clone(),
    })
}

/// The variant of a status: its reason phrase, as RFC 9110 has it.
fn variant(status: Status) -> Name {
    let text = match status {
        Status::Default => "Default".to_owned(),
        Status::Range(1) => "Informational".to_owned(),
        Status::Range(2) => "Success".to_owned(),
        Status::Range(3) => "Redirection".to_owned(),
        Status::Range(4) => "ClientError".to_owned(),
        Status::Range(_) => "ServerError".to_owned(),
        Status::Code(code) => reason(code).map_or_else(|| format!("Status{code}"), str::to_owned),
    };
    case::pascal(&text, "Status")
}

fn reason(code: u16) -> Option<&'static str> {
    Some(match code {
        100 => "Continue",
        101 => "SwitchingProtocols",
        200 => "Ok",
        201 => "Created",
        202 => "Accepted",
        203 => "NonAuthoritativeInformation",
        204 => "NoContent",
        205 => "ResetContent",
        206 => "PartialContent",
        207 => "MultiStatus",
        208 => "AlreadyReported",
        300 => "MultipleChoices",
        301 => "MovedPermanently",
        302 => "Found",
        303 => "SeeOther",
        304 => "NotModified",
        307 => "TemporaryRedirect",
        308 => "PermanentRedirect",
        400 => "BadRequest",
        401 => "Unauthorized",
        402 => "PaymentRequired",
        403 => "Forbidden",
        404 => "NotFound",
        405 => "MethodNotAllowed",
        406 => "NotAcceptable",
        408 => "RequestTimeout",
        409 => "Conflict",
        410 => "Gone",
        411 => "LengthRequired",
        412 => "PreconditionFailed",
        413 => "ContentTooLarge",
        414 => "UriTooLong",
        415 => "UnsupportedMediaType",
        416 => "RangeNotSatisfiable",
        417 => "ExpectationFailed",
        422 => "UnprocessableContent",
        423 => "Locked",
        424 => "FailedDependency",
        428 => "PreconditionRequired",
        429 => "TooManyRequests",
        431 => "RequestHeaderFieldsTooLarge",
        451 => "UnavailableForLegalReasons",
        500 => "InternalServerError",
        501 => "NotImplemented",
        502 => "BadGateway",
        503 => "ServiceUnavailable",
        504 => "GatewayTimeout",
        507 => "InsufficientStorage",
        _ => return None,
    })
}
