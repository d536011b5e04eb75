//! The frozen API in few words.
//!
//! A type: its fields with their Rust name, type and wire name where that is another one, and what the description says
//! beside; `response`, `request` or `both` is the way that it travels.
//!
//! ```text
//! struct Pet (response) {
//!     id: i64, promised
//!     nick_name "nickName": Option<String>
//!     ..more: Map<String>
//! }
//! enum Color (both) { Red = "red" }
//! union Owner (both) by "kind" { Person(Person) = "person", Shop(Shop) with "address" }
//! type Ids (both) = Vec<i64>
//! ```
//!
//! An operation: its parameters, bodies, responses by status, and what else there is to it.
//!
//! ```text
//! GET /pets/{id} -> pets::show_pet
//!     path id: String
//!     query limit: Option<i64>
//!     body: json Pet
//!     200 Ok: json Pet
//!     404 NotFound
//! ```

use generator::api::{
    Alternative, Api, BodyEncoding, Content, Docs, EnumValue, Field, IntegerKind, Operation,
    Pagination, Parameter, Presence, Type, TypeDefinition, TypeKind, Union,
};

/// All types, sorted by name.
pub(crate) fn types(api: &Api) -> String {
    let types = api.types.iter();
    let types: Vec<String> = types
        .map(|definition| type_definition(api, definition))
        .collect();
    types.join("\n")
}

/// All operations, sorted by path and method.
pub(crate) fn operations(api: &Api) -> String {
    let operations = api.operations.iter();
    let operations: Vec<String> = operations.map(|item| operation(api, item)).collect();
    operations.join("\n")
}

/// The operations and the types.
pub(crate) fn all(api: &Api) -> String {
    format!("{}\n{}", operations(api), types(api))
}

/// What the API calls at its user's.
pub(crate) fn webhooks(api: &Api) -> String {
    let operations = api.webhooks.iter().flat_map(|all| &all.operations);
    let operations: Vec<String> = operations.map(|item| operation(api, item)).collect();
    operations.join("\n")
}

fn type_definition(api: &Api, definition: &TypeDefinition) -> String {
    let way = match (definition.used.request, definition.used.response) {
        (true, true) => "both",
        (true, false) => "request",
        (false, true) => "response",
        (false, false) => "unused",
    };
    let head = format!("{} ({way})", definition.name);
    let body = match &definition.kind {
        TypeKind::Struct(object) => {
            let mut lines: Vec<String> =
                object.fields.iter().map(|item| field(api, item)).collect();
            if let Some(more) = &object.additional {
                lines.push(format!("..{}: Map<{}>", more.name, ty(api, &more.value)));
            }
            format!("struct {head}{}", block(&lines))
        }
        TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
            let values: Vec<String> = values.iter().map(enum_value).collect();
            format!("enum {head}{}", block(&values))
        }
        TypeKind::Union(union) => {
            let by = union.discriminator.as_ref();
            let by = by.map(|by| format!(" by {:?}", by.property));
            let alternatives = union.alternatives.iter().enumerate();
            let alternatives: Vec<String> = alternatives
                .map(|(index, alternative)| self::alternative(api, union, index, alternative))
                .collect();
            format!(
                "union {head}{}{}",
                by.unwrap_or_default(),
                block(&alternatives)
            )
        }
        TypeKind::Alias(target) => format!("type {head} = {}", ty(api, target)),
    };
    format!("{body}{}", documented(&definition.docs))
}

fn block(lines: &[String]) -> String {
    if lines.is_empty() {
        return " {}".to_owned();
    }
    format!(" {{\n    {}\n}}", lines.join("\n    "))
}

fn field(api: &Api, field: &Field) -> String {
    let value = ty(api, &field.ty);
    let value = match field.presence {
        Presence::Required => value,
        Presence::Optional => format!("Option<{value}>"),
        Presence::Nullable => format!("Option<{value}>, written as null"),
        Presence::ThreeState => format!("Change<{value}>"),
    };
    let mut text = format!("{}: {value}", named(field.name.plain(), &field.wire_name));
    if field.promised && field.presence == Presence::Optional {
        text.push_str(", promised");
    }
    if field.nullable {
        text.push_str(", nullable");
    }
    if let Some(default) = &field.default {
        text.push_str(&format!(", default {default}"));
    }
    text + &documented(&field.docs)
}

/// A Rust name, with the one on the wire where that is another one.
fn named(name: &str, wire_name: &str) -> String {
    if name == wire_name {
        name.to_owned()
    } else {
        format!("{name} {wire_name:?}")
    }
}

fn enum_value(value: &EnumValue) -> String {
    let description = value.description.as_ref();
    let description = description.map(|text| format!(" // {text}"));
    format!(
        "{} = {}{}",
        value.name,
        value.wire,
        description.unwrap_or_default()
    )
}

fn alternative(api: &Api, union: &Union, index: usize, alternative: &Alternative) -> String {
    let mut text = format!("{}({})", alternative.name, ty(api, &alternative.ty));
    let values = union.discriminator.iter().flat_map(|by| &by.mapping);
    for (value, _) in values.filter(|(_, alternative)| **alternative == index) {
        text.push_str(&format!(" = {value:?}"));
    }
    if !alternative.required.is_empty() {
        text.push_str(&format!(" with {:?}", alternative.required));
    }
    for (property, value) in &alternative.constants {
        text.push_str(&format!(" where {property:?} is {value}"));
    }
    for (property, values) in &alternative.choices {
        text.push_str(&format!(" where {property:?} is of {values:?}"));
    }
    text
}

/// What the docs of an item say beside its prose: that it is deprecated, notes, and the sources where there are several.
fn documented(docs: &Docs) -> String {
    let mut text = String::new();
    if docs.deprecated {
        text.push_str(", deprecated");
    }
    for note in &docs.notes {
        text.push_str(&format!(", {note}"));
    }
    if docs.names_sources {
        let mut sources: Vec<&str> = docs.provenance.iter().map(|said| &*said.source).collect();
        sources.dedup();
        text.push_str(&format!(" // {}", sources.join(", ")));
    }
    text
}

/// A type as Rust has it.
pub(crate) fn ty(api: &Api, ty: &Type) -> String {
    let inner = |ty: &Type| self::ty(api, ty);
    match ty {
        Type::Any => "Value".to_owned(),
        Type::Null => "()".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Integer(IntegerKind::I32) => "i32".to_owned(),
        Type::Integer(IntegerKind::I64) => "i64".to_owned(),
        Type::Integer(IntegerKind::U32) => "u32".to_owned(),
        Type::Integer(IntegerKind::U64) => "u64".to_owned(),
        Type::Number => "f64".to_owned(),
        Type::Float => "f32".to_owned(),
        Type::String => "String".to_owned(),
        Type::Timestamp => "Timestamp".to_owned(),
        Type::Date => "Date".to_owned(),
        Type::Uri => "Uri".to_owned(),
        Type::Secret => "Secret".to_owned(),
        Type::Base64 => "Base64".to_owned(),
        Type::Binary => "Bytes".to_owned(),
        Type::List(item) => format!("Vec<{}>", inner(item)),
        Type::Tuple(items) => {
            let items: Vec<String> = items.iter().map(inner).collect();
            format!("({})", items.join(", "))
        }
        Type::Map(value) => format!("Map<{}>", inner(value)),
        Type::Nullable(value) => format!("Option<{}>", inner(value)),
        Type::Named(id) => api.definition(*id).name.to_string(),
        Type::Boxed(id) => format!("Box<{}>", api.definition(*id).name),
    }
}

fn operation(api: &Api, operation: &Operation) -> String {
    let mut lines = vec![format!(
        "{} {} -> {}::{}{}",
        operation.method,
        operation.path.template,
        operation.tag.plain(),
        operation.name.plain(),
        documented(&operation.docs),
    )];
    lines.extend(operation.parameters.iter().map(|item| parameter(api, item)));
    if let Some(body) = &operation.request_body {
        let optional = if body.required { "" } else { "optional " };
        lines.push(format!(
            "{optional}{}: {}",
            body.name,
            contents(api, &body.contents)
        ));
    }
    for response in &operation.responses {
        let mut line = format!("{} {}", response.status, response.name);
        if !response.contents.is_empty() {
            line.push_str(&format!(": {}", contents(api, &response.contents)));
        }
        for header in &response.headers {
            let optional = if header.required { "" } else { "optional " };
            let name = named(header.name.plain(), &header.wire_name);
            line.push_str(&format!(
                "; {optional}header {name}: {}",
                ty(api, &header.ty)
            ));
        }
        lines.push(line);
    }
    if let Some(security) = &operation.security {
        let alternatives = security.iter().map(|needed| {
            let needed: Vec<String> = needed.iter().map(scheme).collect();
            if needed.is_empty() {
                "nothing".to_owned()
            } else {
                needed.join(" and ")
            }
        });
        let alternatives: Vec<String> = alternatives.collect();
        lines.push(format!("secured by [{}]", alternatives.join(" or ")));
    }
    for server in &operation.servers {
        lines.push(format!("server {}", server.url));
    }
    if let Some(Pagination::Link { cursor, item }) = &operation.pagination {
        let cursor = cursor.as_deref().unwrap_or("no cursor");
        lines.push(format!("pages of {} by {cursor}", ty(api, item)));
    }
    lines.join("\n    ")
}

fn scheme((name, scopes): (&String, &Vec<String>)) -> String {
    if scopes.is_empty() {
        name.clone()
    } else {
        format!("{name} {scopes:?}")
    }
}

fn parameter(api: &Api, parameter: &Parameter) -> String {
    let value = ty(api, &parameter.ty);
    let value = if parameter.required {
        value
    } else {
        format!("Option<{value}>")
    };
    let name = named(parameter.name.plain(), &parameter.wire_name);
    let style = parameter.style.key().unwrap_or("json");
    let explode = if parameter.explode { " exploded" } else { "" };
    let reserved = if parameter.allow_reserved {
        " reserved"
    } else {
        ""
    };
    let default = parameter.default.as_ref();
    let default = default.map(|value| format!(", default {value}"));
    format!(
        "{} {name}: {value} as {style}{explode}{reserved}{}{}",
        parameter.location.key(),
        default.unwrap_or_default(),
        documented(&parameter.docs),
    )
}

fn contents(api: &Api, contents: &[Content]) -> String {
    let contents = contents.iter().map(|content| {
        let encoding = match content.encoding {
            BodyEncoding::Json => "json",
            BodyEncoding::Form => "form",
            BodyEncoding::Multipart => "multipart",
            BodyEncoding::Text => "text",
            BodyEncoding::EventStream => "events",
            BodyEncoding::JsonLines => "lines",
            BodyEncoding::Binary => "binary",
        };
        let parts = content
            .properties
            .iter()
            .filter_map(|(name, part)| Some(format!(" {name} as {}", part.content_type.as_ref()?)));
        let parts: String = parts.collect();
        let same = if content.distinct { "" } else { ", the same" };
        format!(
            "{encoding} {} ({}{parts}{same})",
            ty(api, &content.ty),
            content.media_type
        )
    });
    let contents: Vec<String> = contents.collect();
    contents.join(" or ")
}
