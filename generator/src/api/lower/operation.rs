//! Turns operations of the document into operations of the API.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use crate::api::names::{Lock, case, stem as stem_of, unique};
use crate::api::{
    self, Docs, Name, Operation, OperationType, Pagination, ParameterLocation, ParameterStyle,
    PathPart, PathTemplate, RequestBody, Response, Status, Type,
};
use crate::description::document::{self, Facet, Facts};
use crate::http::{Direction, reason_phrase};
use crate::path_template::{self, Part};
use crate::reconcile::merge::Merged;

use super::content::contents;
use super::docs;
use super::type_builder::{SchemaPosition, TypeBuilder};

/// The names of an operation.
#[derive(Debug, Clone)]
pub(super) struct OperationNames {
    pub(super) method: Name,
    pub(super) type_name: Name,
    pub(super) tag: String,
    pub(super) tag_module: Name,
    /// The names of the path's parameters, in order.
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

/// The stems of the operations' types, in the order of `methods`. `items` are the operations' keys in `names.lock`.
///
/// The types of an operation `getError` could have the same name as the error type of an operation `get`. The former gets
/// another stem, `GetErrorOperation`, unless it is in `known`. An operation in `known` keeps its stem: the one in `pinned`,
/// or else the one that follows from its method.
pub(super) fn type_names(
    methods: &[Name],
    items: &[String],
    known: &BTreeMap<String, String>,
    pinned: &BTreeMap<String, String>,
) -> Vec<Name> {
    let wanted: Vec<Name> = methods.iter().map(type_name).collect();
    let is_known = |index: &usize| {
        items
            .get(*index)
            .is_some_and(|item| known.contains_key(item))
    };
    let stems: HashSet<&str> = wanted.iter().map(Name::plain).collect();
    let firm: HashSet<&str> = wanted
        .iter()
        .enumerate()
        .filter(|(index, _)| is_known(index))
        .map(|(_, name)| name.plain())
        .collect();
    let collides = |name: &Name| {
        let suffixes = OperationType::OF_CLIENT.map(OperationType::suffix);
        let mut suffixes = suffixes.iter().filter(|suffix| !suffix.is_empty());
        suffixes.any(|suffix| {
            let stem = name.plain().strip_suffix(suffix);
            let longer = format!("{}{suffix}", stem_of(name));
            stem.is_some_and(|stem| stems.contains(stem)) || firm.contains(longer.as_str())
        })
    };
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|index| !is_known(index));
    let named = order.iter().filter_map(|index| {
        let name = wanted.get(*index)?;
        let pin = items.get(*index).and_then(|item| pinned.get(item));
        if let Some(pin) = pin.and_then(|pin| Name::new(pin).ok()) {
            return Some(pin);
        }
        Some(if !is_known(index) && collides(name) {
            case::pascal(&format!("{} Operation", name.plain()), "Operation")
        } else {
            name.clone()
        })
    });
    let mut named: Vec<(usize, Name)> = order
        .iter()
        .copied()
        .zip(unique(named.collect::<Vec<_>>(), &[]))
        .collect();
    named.sort_by_key(|(index, _)| *index);
    named.into_iter().map(|(_, name)| name).collect()
}

/// The stem of an operation's types that follows from its method.
pub(super) fn type_name(method: &Name) -> Name {
    case::pascal(method.plain(), "Operation")
}

/// Pins the stem of an operation's types if it does not follow from its method.
pub(super) fn pin_type_name(names: &OperationNames, item: &str, locked: &mut Lock) {
    if names.type_name != type_name(&names.method) {
        let name = names.type_name.plain().to_owned();
        locked.operation_types.insert(item.to_owned(), name);
    }
}

/// Lowers an operation. `item` is its key in `names.lock`, `direction` that of its parameters and body.
pub(super) fn lower(
    operation: &document::Operation,
    names: &OperationNames,
    item: &str,
    direction: Direction,
    types: &mut TypeBuilder<'_>,
) -> Operation {
    let merged = types.merged;
    let words = names.method.plain().replace('_', " ");
    let (parameters, body_name) = parameters(operation, names, (item, direction), &words, types);
    let responses = responses(operation, item, &words, types);
    let security = operation.facts.get(Facet::Security);
    Operation {
        id: operation
            .facts
            .text(Facet::OperationId)
            .unwrap_or(names.method.plain())
            .to_owned(),
        name: names.method.clone(),
        type_name: names.type_name.clone(),
        constant: Name::placeholder(),
        client_method: Name::placeholder(),
        required_type: None,
        tag: names.tag_module.clone(),
        method: operation.method,
        path: path(&operation.path),
        is_served: !operation.is_shadowed,
        docs: docs::of_operation(&operation.facts, &operation.provenance, merged),
        pagination: pagination(operation, &parameters, &responses),
        request_body: operation
            .body
            .as_ref()
            .and_then(|body| request_body(body, body_name, (item, direction), &words, types)),
        parameters,
        responses,
        security: security.map(|fact| super::security(&fact.value)),
        security_provenance: security
            .map(|fact| docs::provenance(&fact.provenance, merged))
            .unwrap_or_default(),
        servers: servers(operation),
        accept: String::new(),
    }
}

fn servers(operation: &document::Operation) -> Vec<api::Server> {
    let texts = |value: &serde_json::Value, key: &str| {
        value
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(str::to_owned)
    };
    let listed = operation.facts.list(Facet::Servers).iter();
    listed
        .filter_map(|server| {
            Some(api::Server {
                url: texts(server, "url")?,
                name: Name::placeholder(),
                description: texts(server, "description"),
                variables: IndexMap::new(),
                provenance: Vec::new(),
            })
        })
        .collect()
}

fn path(template: &str) -> PathTemplate {
    let parts = path_template::parts(template).into_iter();
    PathTemplate {
        template: template.to_owned(),
        parts: parts
            .map(|part| match part {
                Part::Literal(text) => PathPart::Literal(text.to_owned()),
                Part::Parameter(name) => PathPart::Parameter(name.to_owned()),
            })
            .collect(),
    }
}

/// The parameters, and the name of the argument for the body.
fn parameters(
    operation: &document::Operation,
    names: &OperationNames,
    (item, direction): (&str, Direction),
    words: &str,
    types: &mut TypeBuilder<'_>,
) -> (Vec<api::Parameter>, Name) {
    let body = case::snake("body", "body");
    let in_path: Vec<&str> = path_template::template_names(&operation.path).collect();
    let wanted = operation.parameters.iter().map(|parameter| {
        let position = in_path.iter().position(|name| {
            parameter.location == ParameterLocation::Path && *name == parameter.name
        });
        let pinned = position.and_then(|position| names.path_parameters.get(position));
        case::snake(pinned.unwrap_or(&parameter.name), "parameter")
    });
    let names = unique(std::iter::once(body).chain(wanted), &[]);
    let (body, names) = match names.split_first() {
        Some((body, names)) => (body.clone(), names.to_vec()),
        None => (Name::placeholder(), Vec::new()),
    };
    let lowered = operation.parameters.iter().zip(names);
    let lowered = lowered.map(|(parameter, name)| {
        let position = SchemaPosition {
            item: format!("{item} {}", parameter.name),
            candidates: vec![format!("{words} {}", parameter.name)],
        };
        let mut ty = types.ty(&parameter.schema, direction, &position);
        // A parameter is text on the wire, so that one with an empty schema is a string.
        if ty == Type::Any && parameter.schema.is_unconstrained() {
            ty = Type::String;
        }
        self::parameter(parameter, name, ty, types.merged)
    });
    (lowered.collect(), body)
}

fn parameter(
    parameter: &document::Parameter,
    name: Name,
    ty: Type,
    merged: &Merged,
) -> api::Parameter {
    let style = style(parameter);
    let location = parameter.location;
    let exploded = matches!(style, ParameterStyle::Form | ParameterStyle::DeepObject);
    api::Parameter {
        wire_name: parameter.name.clone(),
        name,
        setter: Name::placeholder(),
        location,
        style,
        explode: parameter.facts.flag(Facet::Explode).unwrap_or(exploded),
        allow_reserved: parameter.facts.flag(Facet::AllowReserved) == Some(true),
        required: location == ParameterLocation::Path
            || parameter.facts.flag(Facet::Required) == Some(true),
        ty,
        default: docs::default(&parameter.schema, merged).cloned(),
        server_default: None,
        except: Vec::new(),
        docs: parameter_docs(parameter, merged),
    }
}

fn parameter_docs(parameter: &document::Parameter, merged: &Merged) -> Docs {
    let own = docs::of_facts(&parameter.facts, &parameter.provenance, merged);
    let schema = docs::of_use(&parameter.schema, merged);
    let mut notes = schema.notes;
    for alias in &parameter.aliases {
        notes.push(format!("Also called {}.", docs::code(alias)));
    }
    Docs {
        summary: own.summary,
        description: own.description.or(schema.description),
        deprecated: own.deprecated || schema.deprecated,
        deprecation: own.deprecation.or(schema.deprecation),
        notes,
        provenance: own.provenance,
        format: schema.format,
        items: schema.items,
        values: schema.values,
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
    types: &mut TypeBuilder<'_>,
) -> Option<RequestBody> {
    let position = SchemaPosition {
        item: format!("{item} body"),
        candidates: vec![format!("{words} body")],
    };
    let contents = contents(&body.contents, direction, &position, types);
    if contents.is_empty() {
        return None;
    }
    Some(RequestBody {
        name,
        setter: Name::placeholder(),
        required: body.facts.flag(Facet::Required) == Some(true),
        contents,
        docs: docs::of_facts(&body.facts, &body.provenance, types.merged),
    })
}

fn responses(
    operation: &document::Operation,
    item: &str,
    words: &str,
    types: &mut TypeBuilder<'_>,
) -> Vec<Response> {
    let statuses: Vec<Status> = operation.responses.keys().copied().collect();
    let names = unique(statuses.iter().map(|status| variant(*status)), &["Other"]);
    let mut lowered = Vec::new();
    for ((status, response), name) in operation.responses.iter().zip(names) {
        let position = response_place(*status, &statuses, item, words);
        let contents = match status {
            // HTTP allows no body here, whatever the description says.
            status if status.is_without_body() => Vec::new(),
            _ => contents(&response.contents, Direction::Response, &position, types),
        };
        lowered.push(Response {
            status: *status,
            name,
            description: response.facts.text(Facet::Description).map(str::to_owned),
            contents,
            headers: headers(&response.headers, item, words, types),
            provenance: docs::provenance(&response.provenance, types.merged),
        });
    }
    lowered
}

/// The position of a response body. The body of a success is named after the noun of `list …`, `retrieve …` and `get …`, any
/// other body after its operation.
fn response_place(status: Status, statuses: &[Status], item: &str, words: &str) -> SchemaPosition {
    let only_success = statuses.iter().filter(|status| status.is_success()).count() == 1;
    let item = format!("{item} {status}");
    if !status.is_success() {
        let named = format!("{words} {}", variant(status).plain());
        return SchemaPosition {
            item,
            candidates: vec![named],
        };
    }
    let noun = ["list ", "retrieve ", "get "]
        .iter()
        .find_map(|verb| words.strip_prefix(verb));
    let response = if only_success {
        format!("{words} response")
    } else {
        format!("{words} {} response", variant(status).plain())
    };
    let candidates = noun
        .filter(|_| only_success)
        .map(str::to_owned)
        .into_iter()
        .chain([response])
        .collect();
    SchemaPosition { item, candidates }
}

fn headers(
    headers: &IndexMap<String, document::Parameter>,
    item: &str,
    words: &str,
    types: &mut TypeBuilder<'_>,
) -> Vec<api::Header> {
    let names = unique(
        headers.keys().map(|name| case::snake(name, "header")),
        &["body"],
    );
    let lowered = headers.values().zip(names).map(|(header, name)| {
        let position = SchemaPosition {
            item: format!("{item} header {}", header.name),
            candidates: vec![format!("{words} {}", header.name)],
        };
        let mut ty = types.ty(&header.schema, Direction::Response, &position);
        if ty == Type::Any {
            ty = Type::String;
        }
        api::Header {
            wire_name: header.name.clone(),
            name,
            ty,
            required: header.facts.flag(Facet::Required) == Some(true),
            docs: header_docs(&header.facts, header, types.merged),
        }
    });
    lowered.collect()
}

fn header_docs(facts: &Facts, header: &document::Parameter, merged: &Merged) -> Docs {
    docs::of_facts(facts, &header.provenance, merged)
}

/// A list is paged if its response has a `Link` header, or if it has a `cursor` parameter.
fn pagination(
    operation: &document::Operation,
    parameters: &[api::Parameter],
    responses: &[Response],
) -> Option<Pagination> {
    if operation.method != api::HttpMethod::Get {
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
    let cursor = api::cursor(parameters).map(|parameter| parameter.wire_name.clone());
    (linked || cursor.is_some()).then(|| Pagination::Link {
        cursor,
        item: (**item).clone(),
    })
}

/// The variant of a status: its reason phrase in RFC 9110.
fn variant(status: Status) -> Name {
    let text = match status {
        Status::Default => "Default".to_owned(),
        Status::Range(1) => "Informational".to_owned(),
        Status::Range(2) => "Success".to_owned(),
        Status::Range(3) => "Redirection".to_owned(),
        Status::Range(4) => "ClientError".to_owned(),
        Status::Range(_) => "ServerError".to_owned(),
        Status::Code(code) => {
            reason_phrase(code).map_or_else(|| format!("Status{code}"), str::to_owned)
        }
    };
    case::pascal(&text, "Status")
}
