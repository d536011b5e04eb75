//! Reading structs from JSON objects, and writing them. One visitor serves all structs: a struct says only which property
//! belongs to which field.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Change;
use super::decode::{Decode, Part, read_entry};
use super::tree::{add_absent, is_left_out};

/// A struct that is written as an object.
pub(crate) trait Object {
    /// Its name.
    const NAME: &'static str;

    /// The names of its properties.
    const NAMES: &'static [&'static str];

    /// Whether it keeps properties of any other name.
    const KEEPS_OTHERS: bool;

    /// Writes every property.
    fn write<S: SerializeMap>(&self, object: &mut Writer<S>);
}

/// A struct without required properties.
pub(crate) trait Fill: Default {
    /// Reads the value of a property into its field.
    fn fill<'de, A: MapAccess<'de>>(
        &mut self,
        name: Cow<'de, str>,
        object: &mut Reader<A>,
    ) -> Result<(), A::Error>;
}

/// A struct that is read from an object.
pub(crate) trait Build: Sized {
    /// Reads all properties.
    fn build<'de, A: MapAccess<'de>>(object: Reader<A>) -> Result<Self, A::Error>;
}

impl<T: Fill> Build for T {
    fn build<'de, A: MapAccess<'de>>(mut object: Reader<A>) -> Result<T, A::Error> {
        let mut value = T::default();
        while let Some(name) = object.next()? {
            value.fill(name, &mut object)?;
        }
        Ok(value)
    }
}

/// Implements serde's traits for a struct. Each line maps a field to a property: `optional` (left out without a value),
/// `nullable` (null without a value) or `change` (left out, null, or a value). `..field` holds all other properties. Of
/// several values of one property, the last one counts.
macro_rules! object {
    ($name:ident { $($presence:ident $field:ident = $wire:literal,)* $(..$others:ident,)? }) => {
        impl $crate::types::object::Fill for $name {
            #[allow(unused_variables, reason = "not every object keeps names")]
            fn fill<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                name: ::std::borrow::Cow<'de, str>,
                object: &mut $crate::types::object::Reader<A>,
            ) -> ::std::result::Result<(), A::Error> {
                match &*name {
                    $($wire => object.read(&mut self.$field),)*
                    _ => $crate::types::object::other!(object name $(self.$others)?),
                }
            }
        }

        $crate::types::object::serde!($name { $($presence $field = $wire,)* $(..$others,)? });
    };
}

/// [`object!`] for a struct with `required` properties.
macro_rules! object_with_required {
    ($name:ident { $($presence:ident $field:ident = $wire:literal,)* $(..$others:ident,)? }) => {
        impl $crate::types::object::Build for $name {
            fn build<'de, A: ::serde::de::MapAccess<'de>>(
                mut object: $crate::types::object::Reader<A>,
            ) -> ::std::result::Result<Self, A::Error> {
                $(let mut $field = ::std::default::Default::default();)*
                $(let mut $others = ::std::default::Default::default();)?
                while let ::std::option::Option::Some(name) = object.next()? {
                    match &*name {
                        $($wire => $crate::types::object::read!(object $presence $field),)*
                        _ => $crate::types::object::other!(object name $($others)?)?,
                    }
                }
                ::std::result::Result::Ok(Self {
                    $($field: $crate::types::object::given!($presence $wire $field),)*
                    $($others,)?
                })
            }
        }

        $crate::types::object::serde!($name { $($presence $field = $wire,)* $(..$others,)? });
    };
}

/// Reads the value of a property into a variable.
macro_rules! read {
    ($object:ident required $field:ident) => {
        $field = ::std::option::Option::Some($object.value()?)
    };
    ($object:ident $presence:ident $field:ident) => {
        $object.read(&mut $field)?
    };
}

/// The value of a field after all properties were read.
macro_rules! given {
    (required $wire:literal $field:ident) => {
        $crate::types::object::required($wire, $field)?
    };
    ($presence:ident $wire:literal $field:ident) => {
        $field
    };
}

macro_rules! other {
    ($object:ident $name:ident) => { $object.skip() };
    ($object:ident $name:ident $($others:tt)+) => { $object.other($name, &mut $($others)+) };
}

macro_rules! serde {
    ($name:ident { $($presence:ident $field:ident = $wire:literal,)* $(..$others:ident,)? }) => {
        impl $crate::types::object::Object for $name {
            const NAME: &'static str = ::std::stringify!($name);
            const NAMES: &'static [&'static str] = &[$($wire,)*];
            const KEEPS_OTHERS: bool = false $(|| !stringify!($others).is_empty())?;

            #[allow(unused_variables, reason = "not every object has properties")]
            fn write<S: ::serde::ser::SerializeMap>(
                &self,
                object: &mut $crate::types::object::Writer<S>,
            ) {
                $(object.$presence($wire, &self.$field);)*
                $(object.others(&self.$others);)?
            }
        }

        $crate::types::serde_by::serde_by!(
            $name,
            |value, serializer| $crate::types::object::write(value, serializer),
            |deserializer| $crate::types::object::build(deserializer)
        );
    };
}

pub(crate) use {given, object, object_with_required, other, read, serde};

/// Writes a struct as an object.
pub(crate) fn write<T: Object, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
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

/// An object that is being written. After a failure, nothing more is written.
pub(crate) struct Writer<S: SerializeMap> {
    map: S,
    failure: Option<S::Error>,
}

impl<S: SerializeMap> Writer<S> {
    /// A property that is always written.
    pub(crate) fn required<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.map.serialize_entry(name, value).err();
        }
    }

    /// A property that is null when there is no value.
    pub(crate) fn nullable<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        self.required(name, value);
    }

    /// A property that is left out when there is no value.
    pub(crate) fn optional<T: Serialize>(&mut self, name: &str, value: &Option<T>) {
        if let Some(value) = value {
            self.required(name, value);
        }
    }

    /// A property that is left out for [`Change::Keep`].
    pub(crate) fn change<T: Serialize>(&mut self, name: &str, value: &Change<T>) {
        if !value.is_keep() {
            self.required(name, value);
        }
    }

    /// All other properties.
    pub(crate) fn others<T: Serialize>(&mut self, values: &BTreeMap<String, T>) {
        for (name, value) in values {
            self.required(name, value);
        }
    }
}

/// Reads a struct from an object.
pub(crate) fn build<'de, T: Object + Build, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::NAME, T::NAMES, Builder(PhantomData))
}

struct Builder<T>(PhantomData<T>);

impl<'de, T: Build> Visitor<'de> for Builder<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::build(Reader(map))
    }
}

/// An object that is being read.
pub(crate) struct Reader<A>(A);

impl<'de, A: MapAccess<'de>> Reader<A> {
    /// The name of the next property; `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Cow<'de, str>>, A::Error> {
        self.0.next_key_seed(Name)
    }

    /// The value of the property whose name was just read.
    pub(crate) fn value<T: Decode>(&mut self) -> Result<T, A::Error> {
        self.0.next_value_seed(Part::new())
    }

    /// Reads the value into a field, which keeps its value if it is left out.
    pub(crate) fn read<T: Decode>(&mut self, field: &mut T) -> Result<(), A::Error> {
        match self.value() {
            Ok(value) => {
                *field = value;
                Ok(())
            }
            Err(error) => is_left_out(error),
        }
    }

    /// Ignores the value.
    pub(crate) fn skip(&mut self) -> Result<(), A::Error> {
        self.0.next_value::<IgnoredAny>().map(drop)
    }

    /// Reads the value of a property without a field.
    pub(crate) fn other<T: Decode>(
        &mut self,
        name: Cow<'de, str>,
        others: &mut BTreeMap<String, T>,
    ) -> Result<(), A::Error> {
        read_entry(name.into_owned(), &mut self.0, others)
    }
}

/// The value of a required property. Its absence is an error, unless the type has a value for null.
pub(crate) fn required<'de, T: Deserialize<'de>, E: serde::de::Error>(
    name: &'static str,
    value: Option<T>,
) -> Result<T, E> {
    match value {
        Some(value) => Ok(value),
        None => T::deserialize(Absent(name, PhantomData)).inspect_err(|_| add_absent(name)),
    }
}

/// Reads the name of a property, without a copy where the input has it without escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a property")
    }

    fn visit_borrowed_str<E: serde::de::Error>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(name))
    }

    fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name.to_owned()))
    }

    fn visit_string<E: serde::de::Error>(self, name: String) -> Result<Self::Value, E> {
        Ok(Cow::Owned(name))
    }
}

/// Deserializes an absent property: as null into types that have a value for it.
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
