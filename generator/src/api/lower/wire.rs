//! Decides what is sent where the description leaves it open: the media types of bodies and of the header `Accept`, the
//! styles of form properties, the defaults that a server uses, and which keys of a query belong to which parameter.

use serde_json::Value;

use crate::api::{
    Api, BodyEncoding, Content, IntegerKind, Operation, Parameter, ParameterLocation,
    ParameterStyle, Response, Type, TypeKind,
};

use crate::media_type::is_json;

/// Decides this for all operations and webhooks.
pub(super) fn settle(api: &mut Api) {
    let defaults: Vec<Vec<Settled>> = operations(api)
        .map(|operation| parameters(api, operation))
        .collect();
    let webhooks = api.webhooks.iter_mut().flat_map(|all| &mut all.operations);
    let operations = api.operations.iter_mut().chain(webhooks);
    for (operation, defaults) in operations.zip(defaults) {
        for (parameter, settled) in operation.parameters.iter_mut().zip(defaults) {
            parameter.server_default = settled.server_default;
            parameter.except = settled.except;
        }
        let bodies = operation.request_body.iter_mut();
        let bodies = bodies.flat_map(|body| &mut body.contents);
        let responses = operation.responses.iter_mut();
        let responses = responses.flat_map(|response| &mut response.contents);
        for content in bodies.chain(responses) {
            content.sent_media_type = sent_media_type(content).to_owned();
            content.form_styles = form_styles(content);
        }
        operation.accept = accept(operation);
    }
}

fn operations(api: &Api) -> impl Iterator<Item = &Operation> {
    let webhooks = api.webhooks.iter().flat_map(|all| &all.operations);
    api.operations.iter().chain(webhooks)
}

/// The media type to send. A range such as `*/*`, and a text that no header can contain, is replaced.
fn sent_media_type(content: &Content) -> &str {
    let media_type = &content.media_type;
    if !media_type.contains('*') && is_header_text(media_type) {
        return media_type;
    }
    match content.encoding {
        BodyEncoding::Json => "application/json",
        BodyEncoding::Text => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a text can be the value of a header: printable ASCII, not empty.
fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// The value of `Accept`: the preferred media type of each response, successes before errors, and the others of errors in
/// JSON, since the client reads each of them.
fn accept(operation: &Operation) -> String {
    let mut accepted: Vec<&str> = Vec::new();
    let successes = operation.successes();
    let first = successes.iter().copied().chain(&operation.responses);
    let is_success = |of: &&Response| successes.iter().any(|one| one.status == of.status);
    let others = operation.responses.iter();
    let others = others.filter(|response| !is_success(response));
    let others = others.flat_map(|response| &response.contents);
    let others = others.filter(|content| content.encoding == BodyEncoding::Json);
    for content in first
        .filter_map(|response| response.contents.first())
        .chain(others)
    {
        let media_type = content.media_type.as_str();
        if is_header_text(media_type) && !accepted.contains(&media_type) {
            accepted.push(media_type);
        }
    }
    accepted.join(", ")
}

/// The properties of a form that are not in the default style (`form`, exploded): name, style, explode.
fn form_styles(content: &Content) -> Vec<(String, ParameterStyle, bool)> {
    if content.encoding != BodyEncoding::Form {
        return Vec::new();
    }
    let mut styles = Vec::new();
    for (name, encoding) in &content.properties {
        let style = match encoding.style {
            None if encoding.content_type.as_deref().is_some_and(is_json) => ParameterStyle::Json,
            None if encoding.explode => continue,
            Some(
                style @ (ParameterStyle::Json
                | ParameterStyle::SpaceDelimited
                | ParameterStyle::PipeDelimited
                | ParameterStyle::DeepObject),
            ) => style,
            // OpenAPI defines no other style for forms.
            _ => ParameterStyle::Form,
        };
        styles.push((name.clone(), style, encoding.explode));
    }
    styles
}

/// What is decided for a parameter.
struct Settled {
    server_default: Option<Value>,
    except: Vec<String>,
}

fn parameters(api: &Api, operation: &Operation) -> Vec<Settled> {
    let settled = operation.parameters.iter().map(|parameter| {
        let default = parameter.default.as_ref();
        let default =
            default.filter(|value| !parameter.required && fits(api, &parameter.ty, value));
        let except = if takes_arbitrary_keys(api, parameter) {
            others_keys(api, operation, parameter)
        } else {
            Vec::new()
        };
        Settled {
            server_default: default.cloned(),
            except,
        }
    });
    settled.collect()
}

/// Whether a value certainly fits a type.
fn fits(api: &Api, ty: &Type, value: &Value) -> bool {
    match api.resolve(ty) {
        Type::Any => true,
        Type::Boolean => value.is_boolean(),
        Type::Integer(IntegerKind::I32) => value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        Type::Integer(IntegerKind::I64) => value.is_i64(),
        Type::Integer(IntegerKind::U32) => value.as_u64().is_some_and(|n| u32::try_from(n).is_ok()),
        Type::Integer(IntegerKind::U64) => value.is_u64(),
        Type::Number | Type::Float => value.is_number(),
        Type::String => value.is_string(),
        Type::List(item) => value
            .as_array()
            .is_some_and(|items| items.iter().all(|value| fits(api, item, value))),
        Type::Named(id) | Type::Boxed(id) => match api.definition(*id).kind {
            TypeKind::StringEnum(_) => value.is_string(),
            TypeKind::IntegerEnum(_) => value.is_i64(),
            _ => false,
        },
        _ => false,
    }
}

/// Whether each property of the parameter becomes a key of the query.
fn is_exploded_object(parameter: &Parameter) -> bool {
    parameter.location == ParameterLocation::Query
        && parameter.style == ParameterStyle::Form
        && parameter.explode
}

fn takes_arbitrary_keys(api: &Api, parameter: &Parameter) -> bool {
    let is_open = || match api.kind_of(&parameter.ty) {
        Some(TypeKind::Struct(structure)) => structure.additional.is_some(),
        Some(TypeKind::Union(_)) => true,
        Some(_) => false,
        None => matches!(api.resolve(&parameter.ty), Type::Map(_)),
    };
    is_exploded_object(parameter) && is_open()
}

/// The keys of the operation's other query parameters.
fn others_keys(api: &Api, operation: &Operation, parameter: &Parameter) -> Vec<String> {
    let mut keys = Vec::new();
    for other in &operation.parameters {
        if other.location != ParameterLocation::Query || other.wire_name == parameter.wire_name {
            continue;
        }
        keys.push(other.wire_name.clone());
        if let Some(TypeKind::Struct(structure)) = api.kind_of(&other.ty)
            && is_exploded_object(other)
        {
            let fields = structure.fields.iter();
            keys.extend(fields.map(|field| field.wire_name.clone()));
        }
    }
    keys
}
