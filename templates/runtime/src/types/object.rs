//! How structs are read from JSON objects and written as such.
//!
//! Serde's derive would write out a visitor for every struct, and most of the time that a compiler spends on a large API
//! would go into those visitors. Here is one for all of them; a struct says only which property belongs to which field.

#![allow(
    dead_code,
    unused_imports,
    unused_macros,
    reason = "an API may have no struct of one of the kinds"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Change;

/// A struct that is written as an object.
pub(crate) trait Write {
    /// Writes every property.
    fn write<S: SerializeMap>(&self, object: &mut Writer<S>);
}

/// A struct that is read from an object, and of which nothing has to be there.
pub(crate) trait Fill: Default {
    /// Names of the properties, in ascending order.
    const NAMES: &'static [&'static str];

    /// Reads the value of the property with this index among the names; any other index is that of an unknown property.
    fn fill<'de, A: MapAccess<'de>>(
        &mut self,
        index: usize,
        object: &mut Reader<A>,
    ) -> Result<(), A::Error>;
}

/// A struct that is read from an object, and of which something has to be there.
pub(crate) trait Build: Sized {
    /// Names of the properties, in ascending order.
    const NAMES: &'static [&'static str];

    /// Reads all properties.
    fn build<'de, A: MapAccess<'de>>(object: Reader<A>) -> Result<Self, A::Error>;
}

/// Implements serde's traits for a struct that is written by [`Write`] and read by [`Fill`] or [`Build`].
macro_rules! object {
    ($name:ident, $read:ident) => {
        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                crate::types::object::write(self, serializer)
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                crate::types::object::$read(deserializer)
            }
        }
    };
}

pub(crate) use object;

/// Writes a struct as an object.
pub(crate) fn write<T: Write, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut object = Writer {
        map: serializer.serialize_map(None)?,
        failure: None,
    };
    value.write(&mut object);
    match object.failure {
        Some(failure) => Err(failure),
        None => object.map.end(),
    }
}

/// An object that is being written. After a failure it takes no more.
pub(crate) struct Writer<S: SerializeMap> {
    map: S,
    failure: Option<S::Error>,
}

impl<S: SerializeMap> Writer<S> {
    /// A property that is always there.
    pub(crate) fn always<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.map.serialize_entry(name, value).err();
        }
    }

    /// A property that is left out when there is no value.
    pub(crate) fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.always(name, value);
        }
    }

    /// A property that is left out when it is to be kept.
    pub(crate) fn change<T: Serialize>(&mut self, name: &str, value: &Change<T>) {
        if !value.is_keep() {
            self.always(name, value);
        }
    }

    /// All other properties.
    pub(crate) fn others<T: Serialize>(&mut self, values: &BTreeMap<String, T>) {
        for (name, value) in values {
            self.always(name, value);
        }
    }
}

/// Reads a struct of which nothing has to be there.
pub(crate) fn fill<'de, T: Fill, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Filler(PhantomData))
}

/// Reads a struct of which something has to be there.
pub(crate) fn build<'de, T: Build, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(Builder(PhantomData))
}

struct Filler<T>(PhantomData<T>);

impl<'de, T: Fill> Visitor<'de> for Filler<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        let mut value = T::default();
        let mut object = Reader::new(map, T::NAMES);
        while let Some(index) = object.next()? {
            value.fill(index, &mut object)?;
        }
        Ok(value)
    }
}

struct Builder<T>(PhantomData<T>);

impl<'de, T: Build> Visitor<'de> for Builder<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::build(Reader::new(map, T::NAMES))
    }
}

/// An object that is being read.
pub(crate) struct Reader<A> {
    map: A,
    names: &'static [&'static str],
    /// One bit for every name: whether its property was there already.
    seen: Vec<u64>,
    /// Name of the current property if it is none of the names.
    unknown: String,
}

impl<'de, A: MapAccess<'de>> Reader<A> {
    fn new(map: A, names: &'static [&'static str]) -> Self {
        Self {
            map,
            names,
            seen: vec![0; names.len().div_ceil(64)],
            unknown: String::new(),
        }
    }

    /// Index of the next property among the names, or their number for an unknown property; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<usize>, A::Error> {
        let name = Name {
            names: self.names,
            unknown: &mut self.unknown,
        };
        let Some(index) = self.map.next_key_seed(name)? else {
            return Ok(None);
        };
        if let Some(name) = self.names.get(index)
            && let Some(seen) = self.seen.get_mut(index / 64)
        {
            let bit = 1 << (index % 64);
            if *seen & bit != 0 {
                return Err(A::Error::duplicate_field(name));
            }
            *seen |= bit;
        }
        Ok(Some(index))
    }

    /// Reads a value that has a default.
    pub(crate) fn read<T: Deserialize<'de>>(&mut self, field: &mut T) -> Result<(), A::Error> {
        *field = self.map.next_value()?;
        Ok(())
    }

    /// Reads a value that has to be there.
    pub(crate) fn demand<T: Deserialize<'de>>(
        &mut self,
        field: &mut Option<T>,
    ) -> Result<(), A::Error> {
        *field = Some(self.map.next_value()?);
        Ok(())
    }

    /// Passes over the value of an unknown property.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.map.next_value::<IgnoredAny>()?;
        Ok(())
    }

    /// Reads the value of an unknown property.
    pub(crate) fn other<T: Deserialize<'de>>(
        &mut self,
        others: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        let value = self.map.next_value()?;
        others.insert(std::mem::take(&mut self.unknown), value);
        Ok(())
    }
}

/// The value of a property that has to be there. Absent is an error, unless the type reads it as null.
pub(crate) fn given<'de, T: Deserialize<'de>, E: serde::de::Error>(
    name: &'static str,
    value: Option<T>,
) -> Result<T, E> {
    match value {
        Some(value) => Ok(value),
        None => T::deserialize(Absent(name, PhantomData)),
    }
}

/// Reads the name of a property.
struct Name<'a> {
    names: &'static [&'static str],
    unknown: &'a mut String,
}

impl<'de> DeserializeSeed<'de> for Name<'_> {
    type Value = usize;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name<'_> {
    type Value = usize;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a property")
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<usize, E> {
        Ok(self.names.binary_search(&name).unwrap_or_else(|_| {
            self.unknown.clear();
            self.unknown.push_str(name);
            self.names.len()
        }))
    }
}

/// What there is to read when a property is absent.
struct Absent<E>(&'static str, PhantomData<E>);

impl<'de, E: serde::de::Error> Deserializer<'de> for Absent<E> {
    type Error = E;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, E> {
        Err(E::missing_field(self.0))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, E> {
        visitor.visit_none()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
