//! Values of schemas: the same key gives the same value.

use std::sync::LazyLock;

use serde_json::{Map, Number, Value, json};

use super::super::document::OPENAPI;
use super::super::schema::Type;
use crate::types::deviation::is_one_of;

/// The description.
pub(super) static DOCUMENT: LazyLock<Value> = LazyLock::new(|| serde_json::from_str(OPENAPI).unwrap_or_default());

/// The depth from which on lists are empty, and objects have their required properties and their texts and numbers.
const SHALLOW: usize = 3;

/// The depth at which even required properties end, since a schema may require itself.
const DEEPEST: usize = 16;

/// A key that follows from another one (FNV-1a, and a last step that spreads what differs).
pub(super) fn mix(key: u64, text: &str) -> u64 {
    let mut hash = key ^ 0xcbf2_9ce4_8422_2325;
    for byte in text.bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 33;
    hash.wrapping_mul(0xff51_afd7_ed55_8ccd) ^ (hash >> 29)
}

/// One of so many.
pub(super) fn pick(key: u64, count: usize) -> usize {
    usize::try_from(key >> 16).unwrap_or_default() % count.max(1)
}

/// The component that a reference leads to, or the value itself.
pub(super) fn resolved(mut value: &'static Value) -> &'static Value {
    for _ in 0..DEEPEST {
        let Some(reference) = value["$ref"].as_str() else {
            break;
        };
        let target = reference.strip_prefix('#');
        value = target.and_then(|it| DOCUMENT.pointer(it)).unwrap_or(&Value::Null);
    }
    value
}

/// The alternatives of a schema that are not null.
fn alternatives(schema: &'static Value) -> impl Iterator<Item = &'static Value> {
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array());
    lists.flatten().filter(|one| one["type"] != "null")
}

/// The schema of a property.
pub(super) fn property(schema: &'static Value, name: &str) -> Option<&'static Value> {
    let schema = resolved(schema);
    let own = schema["properties"].get(name);
    own.or_else(|| alternatives(schema).find_map(|one| resolved(one)["properties"].get(name)))
}

/// The type of a schema, or the one that its keywords are for.
fn type_of(schema: &Value) -> &str {
    let types = match &schema["type"] {
        Value::Array(types) => types.as_slice(),
        one => std::slice::from_ref(one),
    };
    let mut types = types.iter().filter_map(Value::as_str);
    let found = types.find(|name| *name != "null");
    found.unwrap_or_else(|| match schema {
        _ if schema["type"].is_string() => "null",
        _ if schema["properties"].is_object() || schema["additionalProperties"].is_object() => "object",
        _ if schema["items"].is_object() => "array",
        _ => "string",
    })
}

/// A value of a schema. `name` is the property that it is for.
pub(super) fn value(schema: &'static Value, name: &str, key: u64, depth: usize) -> Value {
    let schema = resolved(schema);
    let examples = schema["examples"].as_array().map_or(&[][..], Vec::as_slice);
    let is_right = |example: &&Value| !example.is_null() && fits(schema, example, 0);
    let examples: Vec<_> = examples.iter().filter(is_right).collect();
    if let Some(example) = examples.get(pick(key, examples.len())) {
        return (*example).clone();
    }
    let values = schema["enum"].as_array().map_or(&[][..], Vec::as_slice);
    let values: Vec<_> = values.iter().filter(|value| !value.is_null()).collect();
    if let Some(value) = values.get(pick(key, values.len())) {
        return (*value).clone();
    }
    let all: Vec<_> = alternatives(schema).collect();
    if let Some(one) = all.get(pick(key, all.len())).filter(|_| depth < DEEPEST) {
        let mut chosen = value(one, name, key, depth + 1);
        if let Some(object) = chosen.as_object_mut() {
            object.extend(own_properties(schema, key, depth));
            object.extend(discriminator(schema, one));
        }
        return chosen;
    }
    match type_of(schema) {
        "object" => own_properties(schema, key, depth).into(),
        "array" => list(schema, name, key, depth),
        "integer" => integer(schema, key).into(),
        "number" => Number::from_f64(integer(schema, key) as f64).into(),
        "boolean" => (pick(key, 2) == 1).into(),
        "null" => Value::Null,
        _ => text(schema, name, key).into(),
    }
}

fn own_properties(schema: &'static Value, key: u64, depth: usize) -> Map<String, Value> {
    let mut object = Map::new();
    let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
    let is_required = |name: &str| required.iter().any(|one| one == name);
    if depth >= DEEPEST {
        return object;
    }
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let target = resolved(property);
        let is_small = !matches!(type_of(target), "object" | "array") && alternatives(target).next().is_none();
        if is_required(name) || depth < SHALLOW || is_small {
            object.insert(name.clone(), value(property, name, mix(key, name), depth + 1));
        }
    }
    let others = &schema["additionalProperties"];
    let missing = required.iter().filter_map(Value::as_str);
    let some = (object.is_empty() && others.is_object() && depth < SHALLOW).then_some("key");
    for name in missing.chain(some).map(str::to_owned) {
        let value = || value(others, &name, mix(key, &name), depth + 1);
        if !object.contains_key(&name) {
            let value = value();
            object.insert(name, value);
        }
    }
    object
}

/// The property that tells which of the alternatives a value is.
fn discriminator(schema: &Value, chosen: &Value) -> Option<(String, Value)> {
    let discriminator = &schema["discriminator"];
    let name = discriminator["propertyName"].as_str()?;
    let mut mapping = discriminator["mapping"].as_object()?.iter();
    let (value, _) = mapping.find(|(_, target)| **target == chosen["$ref"])?;
    Some((name.to_owned(), value.as_str().into()))
}

fn list(schema: &'static Value, name: &str, key: u64, depth: usize) -> Value {
    let count = |name: &str| schema[name].as_u64().and_then(|count| usize::try_from(count).ok());
    let usual = if depth < SHALLOW { 1 } else { 0 };
    let least = usual.max(count("minItems").unwrap_or(0));
    let most = count("maxItems").unwrap_or(usize::MAX);
    let first = schema["prefixItems"].as_array().map_or(&[][..], Vec::as_slice);
    let rest = (first.len()..least.min(most)).map(|_| &schema["items"]);
    let all = first.iter().chain(rest).enumerate();
    all.map(|(index, item)| value(item, name, mix(key, &index.to_string()), depth + 1)).collect()
}

fn integer(schema: &Value, key: u64) -> i64 {
    let bound = |name: &str| schema[name].as_f64().map(|bound| bound as i64);
    let least = bound("minimum").or(bound("exclusiveMinimum").map(|bound| bound.saturating_add(1)));
    let most = bound("maximum").or(bound("exclusiveMaximum").map(|bound| bound.saturating_sub(1)));
    let least = least.unwrap_or_else(|| most.unwrap_or(1).min(1));
    let range = most.unwrap_or(i64::MAX).saturating_sub(least).clamp(0, 999);
    let found = least.saturating_add(i64::try_from(pick(key, 1000)).unwrap_or(0) % (range + 1));
    match bound("multipleOf").filter(|step| *step > 1) {
        Some(step) => (found - found.rem_euclid(step)).max(least.saturating_add(step - 1) / step * step),
        None => found,
    }
}

fn text(schema: &Value, name: &str, key: u64) -> String {
    let number = pick(key, 100_000);
    let second = 1_700_000_000 + i64::try_from(number).unwrap_or(0) * 311;
    let instant = || jiff::Timestamp::from_second(second).unwrap_or_default().to_string();
    let mut text = match schema["format"].as_str().unwrap_or_default() {
        "date-time" => instant(),
        "date" => instant().chars().take(10).collect(),
        "uuid" => format!("{:08x}-0000-4000-8000-{:012x}", key >> 32, key & 0xffff_ffff),
        "email" => format!("user{number}@example.com"),
        "uri" | "url" => format!("https://example.com/{number}"),
        "hostname" => format!("host{number}.example.com"),
        "ipv4" => format!("192.0.2.{}", number % 256),
        "ipv6" => format!("2001:db8::{number:x}"),
        "byte" => "ZmFrZQ==".to_owned(),
        _ if name == "id" || name.ends_with("Id") || name.ends_with("_id") => (number + 1).to_string(),
        _ if name.is_empty() => format!("text-{number}"),
        _ => format!("{name}-{number}"),
    };
    let length = |name: &str| schema[name].as_u64().and_then(|length| usize::try_from(length).ok());
    while text.chars().count() < length("minLength").unwrap_or(0).min(100_000) {
        text.push('0');
    }
    text.chars().take(length("maxLength").unwrap_or(usize::MAX)).collect()
}

/// Whether a value is one of a schema. Properties that no schema has are not.
pub(super) fn fits(schema: &'static Value, value: &Value, depth: usize) -> bool {
    let schema = resolved(schema);
    if depth >= DEEPEST {
        return false;
    }
    let types = match &schema["type"] {
        Value::Array(types) => types.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    let is_of = |name: &Value| name.as_str().is_some_and(|name| Type::named(name).has(value));
    let known = schema["enum"].as_array();
    let own = (types.is_empty() || types.iter().any(is_of)) && known.is_none_or(|known| is_one_of(value, known));
    let lists = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array());
    let mut lists = lists.map(|list| list.iter().any(|one| fits(one, value, depth + 1)));
    own && lists.all(|fits| fits)
        && match value {
            Value::Array(items) => {
                let of_item = schema["items"].is_object();
                !of_item || items.iter().all(|item| fits(&schema["items"], item, depth + 1))
            }
            Value::Object(object) if schema["properties"].is_object() || schema["additionalProperties"].is_object() => {
                let required = schema["required"].as_array().map_or(&[][..], Vec::as_slice);
                let is_there = |name: &Value| name.as_str().is_some_and(|name| object.contains_key(name));
                required.iter().all(is_there)
                    && object.iter().all(|(name, value)| {
                        match (schema["properties"].get(name), &schema["additionalProperties"]) {
                            (Some(property), _) => fits(property, value, depth + 1),
                            (None, Value::Bool(allowed)) => *allowed,
                            (None, Value::Null) => false,
                            (None, others) => fits(others, value, depth + 1),
                        }
                    })
            }
            _ => true,
        }
}

/// A value of a schema with what is known of it, as far as that fits.
pub(super) fn view(schema: &'static Value, key: u64, known: &Map<String, Value>, depth: usize) -> Value {
    let mut value = value(schema, "", key, depth);
    if let Some(object) = value.as_object_mut() {
        for (name, known) in known {
            if property(schema, name).is_some_and(|property| fits(property, known, 0)) {
                object.insert(name.clone(), known.clone());
            }
        }
    }
    value
}

/// The property of a list in a schema, if it is not the list itself, and the schema of its items.
pub(super) fn items(schema: &'static Value) -> Option<(Option<&'static str>, &'static Value)> {
    let schema = resolved(schema);
    let of_list = |list: &'static Value| {
        let items = &resolved(list)["items"];
        (type_of(resolved(items)) == "object" && items.is_object()).then_some(items)
    };
    if let Some(items) = of_list(schema) {
        return Some((None, items));
    }
    let mut properties = schema["properties"].as_object()?.iter();
    properties.find_map(|(name, list)| Some((Some(name.as_str()), of_list(list)?)))
}

/// A page of a list that is a property of an object.
pub(super) fn wrapped(schema: &'static Value, key: u64, name: &str, all: Value) -> Value {
    let count = all.as_array().map_or(0, Vec::len);
    let mut page = value(schema, "", key, 0);
    if let Some(object) = page.as_object_mut() {
        let totals = object.iter_mut().filter(|(name, value)| name.starts_with("total") && value.is_number());
        totals.for_each(|(_, total)| *total = json!(count));
        object.insert(name.to_owned(), all);
    }
    page
}
