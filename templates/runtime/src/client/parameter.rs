//! How parameter values are written: the styles of the OpenAPI specification.
//!
//! Values come as JSON. Where the specification leaves a case open, this is what happens: `null` and empty lists and
//! objects are left out, and lists and objects inside of lists and objects are written as JSON text (inside of
//! `deepObject` they nest).

use serde_json::Value;

use super::operation::{Parameter, Style};
use super::path::{encode_path, encode_query, refusal};

/// A parameter in a path, encoded.
///
/// # Errors
/// The value, or an item of it, may not stand in a path; the text says why.
pub fn path(parameter: &Parameter, value: &Value) -> Result<String, &'static str> {
    let encode = |text: &str| match refusal(text) {
        Some(reason) => Err(reason),
        None => Ok(encode_path(text)),
    };
    let name = encode_path(parameter.name);
    // The separator of exploded items, and what stands before the whole.
    let (separator, prefix) = match parameter.style {
        Style::Label => (".", "."),
        Style::Matrix => (";", ";"),
        _ => (",", ""),
    };
    let joined = match value {
        _ if parameter.style == Style::Json => encode(&value.to_string())?,
        Value::Array(items) => {
            let items = items.iter().map(|item| encode(&text(item)));
            let items = items.collect::<Result<Vec<_>, _>>()?;
            match (parameter.style, parameter.explode) {
                (Style::Matrix, true) => {
                    let pairs: Vec<_> = items.iter().map(|item| format!("{name}={item}")).collect();
                    pairs.join(";")
                }
                (Style::Matrix, false) => matrix(&name, &items.join(",")),
                (_, true) => items.join(separator),
                (_, false) => items.join(","),
            }
        }
        Value::Object(object) => {
            let link = if parameter.explode { "=" } else { "," };
            let pairs = object.iter().map(|(key, item)| {
                Ok(format!(
                    "{}{link}{}",
                    encode_path(key),
                    encode(&text(item))?
                ))
            });
            let pairs = pairs.collect::<Result<Vec<_>, &'static str>>()?;
            match (parameter.style, parameter.explode) {
                (Style::Matrix, false) => matrix(&name, &pairs.join(",")),
                (_, true) => pairs.join(separator),
                (_, false) => pairs.join(","),
            }
        }
        scalar => {
            let scalar = encode(&text(scalar))?;
            match parameter.style {
                Style::Matrix => matrix(&name, &scalar),
                _ => scalar,
            }
        }
    };
    match joined.is_empty() {
        true => Err("is empty"),
        false => Ok(format!("{prefix}{joined}")),
    }
}

fn matrix(name: &str, value: &str) -> String {
    match value {
        "" => String::new(),
        value => format!("{name}={value}"),
    }
}

/// A parameter in a query: encoded pairs `name=value`.
#[must_use]
pub fn query(parameter: &Parameter, value: &Value) -> Vec<String> {
    let Parameter {
        name,
        style,
        explode,
        allow_reserved,
        ..
    } = *parameter;
    pairs(name, style, explode, allow_reserved, value)
}

/// A value of a query or a form: encoded pairs `name=value`.
#[must_use]
pub fn pairs(
    plain_name: &str,
    style: Style,
    explode: bool,
    allow_reserved: bool,
    value: &Value,
) -> Vec<String> {
    let encode = |text: &str| encode_query(text, allow_reserved);
    let name = encode_query(plain_name, false);
    let separator = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    match (value, style) {
        (Value::Null, _) => Vec::new(),
        (_, Style::Json) => vec![format!("{name}={}", encode(&value.to_string()))],
        (Value::Array(_) | Value::Object(_), Style::DeepObject) => {
            let mut pairs = Vec::new();
            deep_object(plain_name, value, allow_reserved, &mut pairs);
            pairs
        }
        (Value::Array(items), _) => {
            let items = present(items).map(|item| encode(&text(item)));
            if explode {
                items.map(|item| format!("{name}={item}")).collect()
            } else {
                joined(&name, &items.collect::<Vec<_>>(), separator)
            }
        }
        (Value::Object(object), _) => {
            let pairs = object.iter().filter(|(_, item)| !item.is_null());
            let pairs = pairs.map(|(key, item)| (encode_query(key, false), encode(&text(item))));
            if explode {
                pairs.map(|(key, item)| format!("{key}={item}")).collect()
            } else {
                let items: Vec<_> = pairs.flat_map(|(key, item)| [key, item]).collect();
                joined(&name, &items, separator)
            }
        }
        (scalar, _) => vec![format!("{name}={}", encode(&text(scalar)))],
    }
}

/// A parameter in a header, style `simple`: nothing is encoded.
#[must_use]
pub fn header(parameter: &Parameter, value: &Value) -> Option<String> {
    let parts: Vec<String> = match value {
        Value::Null => return None,
        _ if parameter.style == Style::Json => return Some(value.to_string()),
        Value::Array(items) => present(items).map(text).collect(),
        Value::Object(object) => {
            let link = if parameter.explode { "=" } else { "," };
            let pairs = object.iter().filter(|(_, item)| !item.is_null());
            pairs
                .map(|(key, item)| format!("{key}{link}{}", text(item)))
                .collect()
        }
        scalar => return Some(text(scalar)),
    };
    (!parts.is_empty()).then(|| parts.join(","))
}

/// The texts of a list.
pub fn texts(items: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    items
        .into_iter()
        .map(|item| item.as_ref().to_owned())
        .collect()
}

/// The values of a list.
pub fn values<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// A value without quotes; lists and objects as JSON.
#[must_use]
pub fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

fn present(items: &[Value]) -> impl Iterator<Item = &Value> {
    items.iter().filter(|item| !item.is_null())
}

fn joined(name: &str, items: &[String], separator: &str) -> Vec<String> {
    match items {
        [] => Vec::new(),
        items => vec![format!("{name}={}", items.join(separator))],
    }
}

/// Depth is bounded by the value, and that by what `serde_json` makes of a model.
fn deep_object(name: &str, value: &Value, allow_reserved: bool, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, item) in object {
                deep_object(&format!("{name}[{key}]"), item, allow_reserved, pairs);
            }
        }
        Value::Array(items) => {
            for (index, item) in present(items).enumerate() {
                // Objects of a list are told apart by their number; for scalars the brackets say that it is a list.
                let name = match item {
                    Value::Array(_) | Value::Object(_) => format!("{name}[{index}]"),
                    _ => format!("{name}[]"),
                };
                deep_object(&name, item, allow_reserved, pairs);
            }
        }
        scalar => pairs.push(format!(
            "{}={}",
            encode_query(name, false),
            encode_query(&text(scalar), allow_reserved)
        )),
    }
}
