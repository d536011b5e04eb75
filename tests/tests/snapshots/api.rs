//! The frozen API, one file a group of operations and one for the types, so that a change of it is reviewed as data.

use generator::ir::Api;
use serde_json::{Map, Value, json};

use super::assert_text;
use crate::workspace;

#[test]
fn operations_by_group() {
    let api = workspace::api();
    for tag in &api.tags {
        let operations: Vec<Value> = api
            .operations_of(tag)
            .map(|operation| tidy(api, operation))
            .collect();
        assert_text(
            "api",
            &format!("operations_{}", tag.module.plain()),
            &yaml(&operations),
        );
    }
}

#[test]
fn types() {
    let api = workspace::api();
    let types: Vec<Value> = api
        .types
        .iter()
        .map(|definition| tidy(api, definition))
        .collect();
    assert_text("api", "types", &yaml(&types));
}

#[test]
fn everything_else() {
    let api = workspace::api();
    let rest = json!({
        "title": api.title,
        "version": api.version,
        "description": api.description,
        "servers": api.servers,
        "sources": api.sources,
        "security_schemes": api.security_schemes,
        "tags": api.tags,
    });
    assert_text("api", "root", &yaml(&rest));
}

fn yaml(value: &impl serde::Serialize) -> String {
    serde_yaml::to_string(value).expect("is written")
}

/// The value without what says nothing, and with the names of types in the place of their positions: one type more must not
/// change a line of every other.
fn tidy(api: &Api, value: &impl serde::Serialize) -> Value {
    shortened(api, serde_json::to_value(value).expect("is written"))
}

fn shortened(api: &Api, value: Value) -> Value {
    match value {
        Value::Array(items) => items.into_iter().map(|item| shortened(api, item)).collect(),
        Value::Object(map) => {
            if let Some(name) = type_name(api, &map) {
                return json!(name);
            }
            let kept = map
                .into_iter()
                .map(|(key, value)| match key.as_str() {
                    // A scheme without scopes is an empty list, and no alternative is not the same as none stated.
                    "security" => (key, value),
                    _ => (key, shortened(api, value)),
                })
                .filter(|(_, value)| !says_nothing(value));
            Value::Object(kept.collect())
        }
        value => value,
    }
}

/// The name of the type that `{"named": 7}` or `{"boxed": 7}` stands for.
fn type_name(api: &Api, map: &Map<String, Value>) -> Option<String> {
    let (key, index) = map.iter().next().filter(|_| map.len() == 1)?;
    let name = &api.types.get(usize::try_from(index.as_u64()?).ok()?)?.name;
    match key.as_str() {
        "named" => Some(name.to_string()),
        "boxed" => Some(format!("Box<{name}>")),
        _ => None,
    }
}

fn says_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(map) => map.is_empty(),
        _ => false,
    }
}
