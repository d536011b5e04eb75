//! The schema of a recorded value, as a place to begin: types alone, never values.

use serde_json::{Map, Value as Json, json};

use super::scrub;
use crate::description::document::conformance::{is_date, is_date_time, type_of};

/// How deep values are described; what is deeper may be anything.
const DEPTH: usize = 6;

/// The schema of a value.
pub(super) fn schema(value: &Json) -> Json {
    below(value, DEPTH)
}

fn below(value: &Json, depth: usize) -> Json {
    if depth == 0 {
        return json!({});
    }
    match value {
        // What else it may be is not known.
        Json::Null => json!({}),
        Json::String(text) if is_date_time(text) => {
            json!({"type": "string", "format": "date-time"})
        }
        Json::String(text) if is_date(text) => json!({"type": "string", "format": "date"}),
        Json::Array(items) => match items.first() {
            Some(first) => json!({"type": "array", "items": below(first, depth - 1)}),
            None => json!({"type": "array", "items": {}}),
        },
        Json::Object(object) => {
            let names = object.keys();
            // The keys are data, as in a map from identifiers to values.
            if names
                .clone()
                .any(|it| scrub::is_value(it) || scrub::name(it) != it)
            {
                let first = object.values().next().map(|it| below(it, depth - 1));
                return json!({"type": "object", "additionalProperties": first});
            }
            let properties: Map<String, Json> = object
                .iter()
                .map(|(name, value)| (name.clone(), below(value, depth - 1)))
                .collect();
            json!({"type": "object", "properties": properties})
        }
        _ => json!({"type": type_of(value)}),
    }
}
