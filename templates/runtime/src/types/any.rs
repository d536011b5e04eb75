//! Reading JSON of any type.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use super::decode::{Decode, ListVisitor, Part, take_entry};

impl Decode for Value {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyVisitor)
    }
}

/// Reads any JSON as serde does, and counts its memory.
struct AnyVisitor;

/// The property that stands for a number if some crate turns on `arbitrary_precision` of `serde_json`.
const NUMBER: &str = "$serde_json::private::Number";

macro_rules! any_scalars {
    ($($method:ident($kind:ty),)*) => {
        $(fn $method<E>(self, value: $kind) -> Result<Value, E> {
            Ok(Value::from(value))
        })*
    };
}

impl<'de> Visitor<'de> for AnyVisitor {
    type Value = Value;

    any_scalars! {
        visit_bool(bool),
        visit_i64(i64),
        visit_u64(u64),
        visit_f64(f64),
        visit_str(&str),
        visit_string(String),
    }

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Value, A::Error> {
        ListVisitor(PhantomData).visit_seq(items).map(Value::Array)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            let value = entries.next_value_seed(Part::<Value>::new())?;
            let number = value.as_str().filter(|_| name == NUMBER);
            if let Some(number) = number.and_then(|text| text.parse().ok()) {
                return Ok(Value::Number(number));
            }
            take_entry::<Value, _>(map.is_empty())?;
            map.insert(name, value);
        }
        Ok(Value::Object(map))
    }
}
