//! Parses the JSON of examples, and reports what a JSON value cannot hold: duplicate keys and integers beyond 64 bits.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

/// A JSON value with the losses of parsing it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Example {
    /// The value. Of a duplicate key it has the last value, as in other JSON parsers.
    pub(super) value: Value,
    /// The losses, in the order of the text.
    pub(super) losses: Vec<String>,
}

/// Two to the power of 64. A float at least half as large may have been an integer that fits neither `i64` nor `u64`.
const BEYOND_64_BITS: f64 = 18_446_744_073_709_551_616.0;

impl<'de> Deserialize<'de> for Example {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ExampleVisitor)
    }
}

impl From<Value> for Example {
    fn from(value: Value) -> Self {
        Self {
            value,
            losses: Vec::new(),
        }
    }
}

struct ExampleVisitor;

impl<'de> Visitor<'de> for ExampleVisitor {
    type Value = Example;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Example, E> {
        Ok(Value::Null.into())
    }

    fn visit_bool<E>(self, value: bool) -> Result<Example, E> {
        Ok(Value::Bool(value).into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Example, E> {
        Ok(Value::from(value).into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Example, E> {
        Ok(Value::from(value).into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Example, E> {
        let number = Number::from_f64(value).map_or(Value::Null, Value::Number);
        let mut example = Example::from(number);
        if value.abs() >= BEYOND_64_BITS / 2.0 {
            let loss = format!("a number beyond 64 bits, which becomes {value:e}");
            example.losses.push(loss);
        }
        Ok(example)
    }

    fn visit_str<E>(self, value: &str) -> Result<Example, E> {
        Ok(Value::from(value).into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Example, A::Error> {
        let mut items = Vec::new();
        let mut losses = Vec::new();
        while let Some(item) = access.next_element::<Example>()? {
            items.push(item.value);
            losses.extend(item.losses);
        }
        let value = Value::Array(items);
        Ok(Example { value, losses })
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Example, A::Error> {
        let mut entries = Map::new();
        let mut losses = Vec::new();
        while let Some((key, item)) = access.next_entry::<String, Example>()? {
            losses.extend(item.losses);
            if entries.contains_key(&key) {
                losses.push(format!("the key `{key}` twice; the last value is kept"));
            }
            entries.insert(key, item.value);
        }
        let value = Value::Object(entries);
        Ok(Example { value, losses })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn losses(text: &str) -> usize {
        serde_json::from_str::<Example>(text).unwrap().losses.len()
    }

    #[test]
    fn an_example_keeps_json_values() {
        let text = r#"{"b": [1, -2, 0.5, null, true, "x\n"], "a": {}}"#;
        let example: Example = serde_json::from_str(text).unwrap();
        assert_eq!(example, serde_json::from_str::<Value>(text).unwrap().into());
        assert_eq!(
            example.value.to_string(),
            serde_json::from_str::<Value>(text).unwrap().to_string()
        );
    }

    #[test]
    fn losses_are_reported() {
        assert_eq!(losses(r#"[{"a": 1, "a": 2}]"#), 1);
        assert_eq!(losses("[18446744073709551615, 9223372036854775807]"), 0);
        assert_eq!(losses("[18446744073709551616, -9223372036854775809]"), 2);
    }
}
