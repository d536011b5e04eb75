//! Reading values in the styles of the OpenAPI specification.

#![allow(dead_code, reason = "an API uses what it needs")]

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::percent::{decode, decode_form};
use crate::operation::{Parameter, Style, ValueType, query};

/// A pair of a query, form or cookie header: the key is decoded, the value is not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) key: String,
    pub(super) raw: String,
}

/// What was expected instead of the text.
type Expected = String;

/// How the items of a value are decoded.
type Decode = fn(&str) -> Option<String>;

fn text(decode: Decode, raw: &str) -> Result<String, Expected> {
    decode(raw).ok_or_else(|| "percent-encoded UTF-8".to_owned())
}

fn scalar(ty: &ValueType, decode: Decode, raw: &str) -> Result<Value, Expected> {
    let text = text(decode, raw)?;
    if let ValueType::Text | ValueType::Any = ty {
        return Ok(Value::String(text));
    }
    let value = ty.value(&text);
    value.map_err(|expected| format!("{expected}, found `{text}`"))
}

fn json(decode: Decode, raw: &str) -> Result<Value, Expected> {
    serde_json::from_str(&text(decode, raw)?).map_err(|error| format!("JSON: {error}"))
}

/// A path parameter.
pub(super) fn single(parameter: &Parameter, raw: &str) -> Result<Value, Expected> {
    let (ty, explode) = (&parameter.value, parameter.explode);
    match parameter.style {
        Style::Json => json(decode, raw),
        Style::Label => {
            let raw = raw.strip_prefix('.').unwrap_or(raw);
            delimited(ty, decode, raw, if explode { "." } else { "," }, explode)
        }
        Style::Matrix => {
            let raw = raw.strip_prefix(';').unwrap_or(raw);
            if explode && ty.is_object() {
                return delimited(ty, decode, raw, ";", true);
            }
            let prefix = format!("{}=", parameter.name);
            let items = raw.split(';');
            let mut values = items.map(|item| item.strip_prefix(&prefix).unwrap_or(item));
            if explode && ty.is_list() {
                return list(ty, decode, values);
            }
            delimited(ty, decode, values.next().unwrap_or_default(), ",", false)
        }
        _ => delimited(ty, decode, raw, ",", explode),
    }
}

/// A header: like a path parameter, but with space around the commas and nothing percent-encoded.
pub(super) fn header(parameter: &Parameter, raw: &str) -> Result<Value, Expected> {
    let plain: Decode = |raw| Some(raw.trim().to_owned());
    match parameter.style {
        Style::Json => json(plain, raw),
        _ => delimited(&parameter.value, plain, raw, ",", parameter.explode),
    }
}

/// A query parameter or a cookie; `None` where no pair belongs to it.
pub(super) fn pairs(parameter: &Parameter, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let ty = &parameter.value;
    let own = pairs.iter().filter(|pair| pair.key == parameter.name);
    let values: Vec<&str> = own.map(|pair| pair.raw.as_str()).collect();
    let (style, explode) = match parameter.style {
        Style::DeepObject if ty.is_object() || values.is_empty() => {
            return deep_object(parameter.name, ty, pairs);
        }
        // A scalar has no keys, and a list may be without them.
        Style::DeepObject => (Style::Form, true),
        style => (style, parameter.explode),
    };
    if style == Style::Form && explode && ty.is_object() {
        return exploded_object(parameter, pairs);
    }
    let [first, ..] = values.as_slice() else {
        return Ok(None);
    };
    if style == Style::Json {
        return json(decode_form, first).map(Some);
    }
    if explode || values.len() > 1 {
        return values_of(ty, &values).map(Some);
    }
    let (delimiter, raw) = match style {
        // In a query, a space is always encoded, and a pipe should be.
        Style::SpaceDelimited => (" ", first.replace("%20", " ").replace('+', " ")),
        Style::PipeDelimited => ("|", first.replace("%7C", "|").replace("%7c", "|")),
        _ => (",", (*first).to_owned()),
    };
    delimited(ty, decode_form, &raw, delimiter, false).map(Some)
}

/// A value of several items in one text. `keyed` means that properties are written `key=value`.
fn delimited(ty: &ValueType, decode: Decode, raw: &str, delimiter: &str, keyed: bool) -> Result<Value, Expected> {
    if let ValueType::Text = ty {
        return scalar(ty, decode, raw);
    }
    if ty.is_object() {
        return object(ty, decode, raw, delimiter, keyed);
    }
    if ty.is_list() && raw.is_empty() {
        return Ok(Value::Array(Vec::new()));
    }
    if ty.is_list() || (ty.list_item().is_some() && raw.contains(delimiter)) {
        return list(ty, decode, raw.split(delimiter));
    }
    scalar(ty, decode, raw)
}

fn list<'raw>(ty: &ValueType, decode: Decode, items: impl Iterator<Item = &'raw str>) -> Result<Value, Expected> {
    let item = ty.list_item().unwrap_or(ValueType::Any);
    let items = items.map(|raw| scalar(&item, decode, raw));
    items.collect::<Result<_, _>>().map(Value::Array)
}

fn object(ty: &ValueType, decode: Decode, raw: &str, delimiter: &str, keyed: bool) -> Result<Value, Expected> {
    let mut object = Map::new();
    let mut items = raw.split(delimiter).filter(|item| !item.is_empty());
    while let Some(item) = items.next() {
        let pair = if keyed { item.split_once('=') } else { items.next().map(|value| (item, value)) };
        let (key, value) = pair.ok_or_else(|| format!("a value for the key `{item}`"))?;
        let key = text(decode, key)?;
        insert(&mut object, ty, &key, |ty| scalar(ty, decode, value))?;
    }
    Ok(Value::Object(object))
}

/// Adds a property to an object; `read` gets its type.
fn insert(
    object: &mut Map<String, Value>,
    ty: &ValueType,
    key: &str,
    read: impl FnOnce(&ValueType) -> Result<Value, Expected>,
) -> Result<(), Expected> {
    let value = read(&ty.property(key).unwrap_or(ValueType::Any));
    let value = value.map_err(|error| format!("{error} in `{key}`"))?;
    object.insert(key.to_owned(), value);
    Ok(())
}

/// `key=value&key=value`, without the parameter's own name: pairs with known keys, or where any key is allowed, pairs that
/// belong to no other parameter. A list is one pair per item, or JSON.
fn exploded_object(parameter: &Parameter, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let ty = &parameter.value;
    let mut groups: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for pair in pairs {
        let known = match ty {
            ValueType::Object(properties) => properties.iter().any(|(key, _)| *key == pair.key),
            _ => !parameter.except.iter().any(|name| is_of(name, &pair.key)),
        };
        if known {
            groups.entry(&pair.key).or_default().push(&pair.raw);
        }
    }
    if groups.is_empty() {
        return Ok(None);
    }
    let mut object = Map::new();
    for (key, values) in groups {
        insert(&mut object, ty, key, |ty| match values.as_slice() {
            [value] => scalar(ty, decode_form, value),
            values => values_of(ty, values),
        })?;
    }
    Ok(Some(Value::Object(object)))
}

/// Whether a key is `name` or `name[...]`.
fn is_of(name: &str, key: &str) -> bool {
    let rest = key.strip_prefix(name);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('['))
}

/// The most keys in brackets: `name[a][b]` has two.
const DEPTH: usize = 16;

/// `name[key]=value`. Several pairs of one key, or `name[key][]=value`, are a list; `name[a][b]=value` nests.
fn deep_object(name: &str, ty: &ValueType, pairs: &[Pair]) -> Result<Option<Value>, Expected> {
    let mut entries = Vec::new();
    for pair in pairs {
        let brackets = pair.key.strip_prefix(name);
        let keys = brackets.and_then(|keys| keys.strip_prefix('[')?.strip_suffix(']'));
        if let Some(keys) = keys {
            let keys = keys.strip_suffix("][").unwrap_or(keys);
            let keys = keys.split("][").filter(|_| !keys.is_empty());
            let keys: Vec<&str> = keys.collect();
            if keys.len() > DEPTH {
                return Err(format!("at most {DEPTH} keys in brackets"));
            }
            entries.push((keys, pair.raw.as_str()));
        }
    }
    if entries.is_empty() {
        return Ok(None);
    }
    nested(ty, &entries, 0).map(Some)
}

/// The value of pairs whose first `depth` keys are the same.
fn nested(ty: &ValueType, entries: &[(Vec<&str>, &str)], depth: usize) -> Result<Value, Expected> {
    let mut groups: BTreeMap<&str, Vec<(Vec<&str>, &str)>> = BTreeMap::new();
    for entry in entries {
        if let Some(key) = entry.0.get(depth) {
            groups.entry(key).or_default().push(entry.clone());
        }
    }
    if groups.is_empty() {
        let values: Vec<&str> = entries.iter().map(|(_, raw)| *raw).collect();
        return values_of(ty, &values);
    }
    if let Some(item) = ty.list_item() {
        let mut items = BTreeMap::new();
        for (key, entries) in groups {
            let index = key.parse::<u32>();
            let index = index.map_err(|_| format!("a list, found the key `{key}`"))?;
            items.insert(index, nested(&item, &entries, depth + 1)?);
        }
        return Ok(Value::Array(items.into_values().collect()));
    }
    let mut object = Map::new();
    for (key, entries) in groups {
        insert(&mut object, ty, key, |ty| nested(ty, &entries, depth + 1))?;
    }
    Ok(Value::Object(object))
}

/// The value of all pairs with one key.
pub(super) fn values_of(ty: &ValueType, values: &[&str]) -> Result<Value, Expected> {
    match values {
        _ if ty.is_list() => list(ty, decode_form, values.iter().copied()),
        [value] => scalar(ty, decode_form, value),
        _ if ty.list_item().is_some() => list(ty, decode_form, values.iter().copied()),
        _ => Err(format!("one value, found {}", values.len())),
    }
}

/// The value of a form's property with a style of its own; removes its pairs.
pub(super) fn property(
    name: &'static str,
    style: Style,
    explode: bool,
    ty: ValueType,
    pairs: &mut Vec<Pair>,
) -> Result<Option<Value>, Expected> {
    let is_own = |pair: &mut Pair| match ty {
        ValueType::Object(properties) if style == Style::Form && explode => {
            properties.iter().any(|(key, _)| *key == pair.key)
        }
        _ => is_of(name, &pair.key),
    };
    let own: Vec<Pair> = pairs.extract_if(.., is_own).collect();
    self::pairs(&query(name).style(style, explode).of(ty), &own)
}
