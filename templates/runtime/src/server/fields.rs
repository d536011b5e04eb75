//! Fields of forms: JSON values, and files, which JSON cannot contain.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

use crate::types::binary::{Binary, FILE};

/// A value that may contain files.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Field {
    Value(Value),
    File(Binary),
    List(Vec<Field>),
    Object(Vec<(String, Field)>),
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
