//! Fields of forms: JSON values, and files, which JSON cannot contain.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Map, Value};

use super::schema::{Check, Schema, Violation};
use crate::types::binary::{Binary, FILE};
use crate::types::tree::push_step;

/// A value that may contain files.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Field {
    Value(Value),
    File(Binary),
    List(Vec<Field>),
    Object(Vec<(String, Field)>),
}

/// The fields of a form by their names, each with what was expected in its place where it cannot be read, as an object; and
/// all violations, those of the schema included, which says nothing of the content of files.
pub(crate) fn object(
    fields: impl IntoIterator<Item = (String, Result<Field, String>)>,
    schema: Option<&Schema>,
) -> (Field, Vec<Violation>) {
    let (mut check, mut described) = (Check::new("body", None), Check::new("body", None));
    let (mut properties, mut json, mut apart) = (Vec::new(), Map::new(), Vec::new());
    for (name, field) in fields {
        let mut pointer = String::new();
        push_step(&mut pointer, &name);
        match field {
            Ok(field) => {
                json.insert(name.clone(), field.json(pointer, &mut apart));
                properties.push((name, field));
            }
            Err(expected) => {
                check.at(&name, |check| check.add("type", expected));
                apart.push(pointer);
                json.insert(name, Value::Null);
            }
        }
    }
    if let Some(schema) = schema {
        described.value(&Value::Object(json), schema);
    }
    let described = described.violations.into_iter().filter(|one| !apart.contains(&one.pointer));
    check.violations.extend(described);
    (Field::Object(properties), check.violations)
}

impl Field {
    /// The value as JSON, with a text in place of each file, whose pointer is added to `files`.
    fn json(&self, pointer: String, files: &mut Vec<String>) -> Value {
        match self {
            Self::Value(value) => value.clone(),
            Self::File(_) => {
                files.push(pointer);
                Value::from("")
            }
            Self::List(items) => {
                let items = items.iter().enumerate();
                items.map(|(index, item)| item.json(format!("{pointer}/{index}"), files)).collect()
            }
            // Only a form as a whole is one.
            Self::Object(_) => Value::Null,
        }
    }
}

impl IntoDeserializer<'_, Error> for Field {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Field {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Value(value) => value.deserialize_any(visitor),
            Self::File(file) => visitor.visit_byte_buf(file.into_bytes().into()),
            Self::List(items) => SeqDeserializer::new(items.into_iter()).deserialize_any(visitor),
            Self::Object(properties) => MapDeserializer::new(properties.into_iter()).deserialize_any(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Value(Value::Null) => visitor.visit_none(),
            other => visitor.visit_some(other),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self {
            // A sequence of bytes, file name and media type.
            Self::File(file) if name == FILE && file != Binary::new(file.bytes().clone()) => {
                let about = [file.file_name(), file.content_type()];
                let about = about.map(|text| Self::Value(text.into()));
                let bytes = Self::File(Binary::new(file.into_bytes()));
                SeqDeserializer::new([bytes].into_iter().chain(about)).deserialize_any(visitor)
            }
            other => visitor.visit_newtype_struct(other),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Value(value) => value.deserialize_enum(name, variants, visitor),
            other => other.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}
