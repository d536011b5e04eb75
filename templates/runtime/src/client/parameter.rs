//! Writing parameters in the styles of the OpenAPI specification.
//!
//! `null`, empty lists and empty objects are left out. A list or object inside of another one is written as JSON, except
//! in the style `deepObject`, where they nest.

use std::borrow::Cow;

use serde_json::Value;

use super::path::{encode_path, encode_query, refusal};
use crate::operation::{Parameter, Style};

/// Adds an encoded path parameter to a path.
///
/// # Errors
/// Why the value, or an item of it, is not allowed in a path.
pub fn path(parameter: &Parameter, value: &Value, path: &mut String) -> Result<(), &'static str> {
    let Parameter { style, explode, .. } = *parameter;
    let mut push = |before: &str, item: &str| match refusal(item) {
        None => {
            path.push_str(before);
            path.extend(encode_path(item));
            Ok(())
        }
        Some(reason) => Err(reason),
    };
    // Most parameters are texts and numbers.
    match value {
        _ if style == Style::Json => return push("", &value.to_string()),
        Value::Array(_) | Value::Object(_) => {}
        scalar if style == Style::Simple => return push("", &text(scalar)),
        _ => {}
    }
    let (prefix, separator) = match style {
        Style::Label => (".", "."),
        Style::Matrix => (";", ";"),
        _ => ("", ","),
    };
    // The style `matrix` repeats the name, except before the properties of an exploded object.
    let name = if style == Style::Matrix && !(explode && value.is_object()) {
        encode_path(parameter.name).to_string() + "="
    } else {
        String::new()
    };
    let first = format!("{prefix}{name}");
    let further = if explode { format!("{separator}{name}") } else { ",".to_owned() };
    let separators = std::iter::once(&first).chain(std::iter::repeat(&further));
    match value {
        Value::Array(items) if !items.is_empty() => {
            items.iter().zip(separators).try_for_each(|(item, separator)| push(separator, &text(item)))
        }
        Value::Object(object) if !object.is_empty() => {
            let equals = if explode { "=" } else { "," };
            object.iter().zip(separators).try_for_each(|((key, item), separator)| {
                push(&format!("{separator}{}{equals}", encode_path(key)), &text(item))
            })
        }
        Value::Array(_) | Value::Object(_) => Err("is empty"),
        scalar => push(&first, &text(scalar)),
    }
}

/// A query parameter or cookie: encoded pairs `name=value`.
pub fn query(parameter: &Parameter, value: &Value) -> Vec<String> {
    let Parameter { style, explode, .. } = *parameter;
    pairs(parameter.name, style, explode, parameter.allow_reserved, value)
}

/// A value of a query or a form: encoded pairs `name=value`.
pub fn pairs(name: &str, style: Style, explode: bool, allow_reserved: bool, value: &Value) -> Vec<String> {
    let encode = |text: &str| encode_query(text, allow_reserved);
    let separator = match style {
        Style::SpaceDelimited => "%20",
        Style::PipeDelimited => "%7C",
        _ => ",",
    };
    let items: Vec<String> = match value {
        Value::Null => return Vec::new(),
        _ if style == Style::Json => vec![encode(&value.to_string())],
        Value::Array(_) | Value::Object(_) if style == Style::DeepObject => {
            let mut pairs = Vec::new();
            deep_object(name, value, &encode, &mut pairs);
            return pairs;
        }
        Value::Array(items) => present(items).map(|item| encode(&text(item))).collect(),
        Value::Object(object) => {
            let properties = object.iter().filter(|(_, item)| !item.is_null());
            let pairs = properties.map(|(key, item)| [encode_query(key, false), encode(&text(item))]);
            if explode {
                return pairs.map(|pair| pair.join("=")).collect();
            }
            pairs.flatten().collect()
        }
        scalar => vec![encode(&text(scalar))],
    };
    let name = encode_query(name, false);
    if explode || items.is_empty() {
        items.iter().map(|item| format!("{name}={item}")).collect()
    } else {
        vec![format!("{name}={}", items.join(separator))]
    }
}

/// A header in the style `simple`, without encoding.
pub fn header(parameter: &Parameter, value: &Value) -> Option<String> {
    let items: Vec<String> = match value {
        Value::Null => return None,
        _ if parameter.style == Style::Json => return Some(value.to_string()),
        Value::Array(items) => present(items).map(|item| text(item).into_owned()).collect(),
        Value::Object(object) => {
            let equals = if parameter.explode { "=" } else { "," };
            let properties = object.iter().filter(|(_, item)| !item.is_null());
            let pair = |(key, item)| format!("{key}{equals}{}", text(item));
            properties.map(pair).collect()
        }
        scalar => return Some(text(scalar).into_owned()),
    };
    (!items.is_empty()).then(|| items.join(","))
}

/// The texts of a list.
pub fn texts(items: impl IntoIterator<Item = impl AsRef<str>>) -> Vec<String> {
    items.into_iter().map(|text| text.as_ref().to_owned()).collect()
}

/// The values of a list.
pub fn values<T>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    items.into_iter().collect()
}

/// A value without quotes; lists and objects as JSON.
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => text.into(),
        Value::Null => "".into(),
        other => other.to_string().into(),
    }
}

fn present(items: &[Value]) -> impl Iterator<Item = &Value> {
    items.iter().filter(|item| !item.is_null())
}

/// Adds the pairs of a value. The value was made from a model, which bounds its depth.
fn deep_object(name: &str, value: &Value, encode: &impl Fn(&str) -> String, pairs: &mut Vec<String>) {
    match value {
        Value::Null => {}
        Value::Object(object) => {
            for (key, item) in object {
                deep_object(&format!("{name}[{key}]"), item, encode, pairs);
            }
        }
        Value::Array(items) => {
            for (index, item) in present(items).enumerate() {
                // Numbers tell the objects of a list apart; for scalars, empty brackets mark the list.
                let name = match item {
                    Value::Array(_) | Value::Object(_) => format!("{name}[{index}]"),
                    _ => format!("{name}[]"),
                };
                deep_object(&name, item, encode, pairs);
            }
        }
        scalar => pairs.push(encode_query(name, false) + "=" + &encode(&text(scalar))),
    }
}
