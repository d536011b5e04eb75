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
use super::promises;
use super::tree::{add_absent, is_left_out};

/// A struct that is written as an object.
pub(crate) trait Object {
    /// What it and its properties are called.
    const SHAPE: Shape;

    /// Visits the value of every property, in the order of the names.
    fn visit<V: Visit>(&self, visitor: &mut V);
}

/// What a struct and its properties are called. It is one constant, since every constant is work for the compiler.
pub(crate) struct Shape {
    /// The name of the struct.
    pub(crate) name: &'static str,
    /// The names of its fields, with spaces between them.
    pub(crate) fields: &'static str,
    /// The names of its properties.
    pub(crate) properties: &'static [&'static str],
    /// Whether it keeps properties of any other name.
    pub(crate) keeps_others: bool,
}

/// Visits the values of properties.
pub(crate) trait Visit: Sized {
    /// The next property, which has no value if it is left out.
    fn property<T: Optional>(&mut self, value: &T);

    /// The next property, which always has a value.
    fn always<T: Serialize + fmt::Debug>(&mut self, value: &T);

    /// All other properties.
    fn others<T: Serialize + fmt::Debug>(&mut self, values: &BTreeMap<String, T>);

    /// The next property is required.
    fn required(&mut self) -> Always<'_, Self> {
        Always(self)
    }

    /// The next property is null when it has no value.
    fn nullable(&mut self) -> Always<'_, Self> {
        Always(self)
    }

    /// A response of a server has to have a value of the next property.
    fn promised(&mut self) -> Promised<'_, Self> {
        Promised(self)
    }

    /// In a response of a server, the next property is null when it has no value.
    fn or_null(&mut self) -> OrNull<'_, Self> {
        OrNull(self)
    }

    /// The next property has no value, although it is promised.
    fn lacks(&mut self) {}
}

/// The next property always has a value.
pub(crate) struct Always<'v, V>(&'v mut V);

impl<V: Visit> Always<'_, V> {
    pub(crate) fn property<T: Serialize + fmt::Debug>(self, value: &T) {
        self.0.always(value);
    }
}

/// The next property is promised.
pub(crate) struct Promised<'v, V>(&'v mut V);

impl<V: Visit> Promised<'_, V> {
    pub(crate) fn property<T: Optional>(self, value: &T) {
        if value.is_left_out() {
            self.0.lacks();
        }
        self.0.property(value);
    }
}

/// The next property is promised, or null.
pub(crate) struct OrNull<'v, V>(&'v mut V);

impl<V: Visit> OrNull<'_, V> {
    pub(crate) fn property<T: Optional>(self, value: &T) {
        if value.is_left_out() && promises::are_kept() {
            self.0.always(&None::<()>);
        } else {
            self.0.property(value);
        }
    }
}

/// A struct without required properties.
pub(crate) trait Fill: Default {
    /// Reads the value of a property into its field.
    fn fill<'de, A: MapAccess<'de>>(&mut self, name: &str, object: &mut Reader<'de, A>);
}

/// A struct with required properties, which is made when all of them were read.
pub(crate) trait Make: Object + Sized {
    /// Reads all properties.
    fn make<'de, A: MapAccess<'de>>(object: Reader<'de, A>) -> Result<Self, A::Error>;
}

/// Reads a struct without required properties.
pub(crate) fn fill<'de, T: Object + Fill, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut value = T::default();
    deserializer.deserialize_struct(T::SHAPE.name, T::SHAPE.properties, Filler(&mut value))?;
    Ok(value)
}

/// Declares a struct that is an object in JSON. A property has the name of its field, or the one behind it. It is left out
/// when it has no value, or null if it is `nullable`. A server sends no response without one that is `promised`, and null for
/// one that is promised `or_null`. `..field` holds all other properties. Of several values of one property, the last one
/// counts.
///
/// A struct with `required` properties has a constructor, `new`, which names their fields. The other functions are setters.
macro_rules! object {
    (
        $(#[$attribute:meta])*
        pub struct $name:ident {
            $($(#[$of_field:meta])* pub $field:ident: $ty:ty $(= $($presence:ident)? $($wire:literal)?)?,)*
            $(pub ..$others:ident: $map:ty,)?
        }
        $($function:tt)*
    ) => {
        $(#[$attribute])*
        #[derive(Clone, PartialEq)]
        pub struct $name {
            $($(#[$of_field])* pub $field: $ty,)*
            $(/// All other properties, by their name.
            pub $others: $map,)?
        }

        impl $crate::types::object::Object for $name {
            const SHAPE: $crate::types::object::Shape = $crate::types::object::Shape {
                name: ::std::stringify!($name),
                fields: ::std::stringify!($($field)* $($others)?),
                properties: &[$($crate::types::object::name!($field $($($wire)?)?),)*],
                keeps_others: false $(|| !stringify!($others).is_empty())?,
            };

            #[allow(unused_variables, reason = "not every object has properties")]
            fn visit<V: $crate::types::object::Visit>(&self, visitor: &mut V) {
                $(visitor$($(.$presence())?)?.property(&self.$field);)*
                $(visitor.others(&self.$others);)?
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                $crate::types::object::debug(self, formatter)
            }
        }

        $crate::types::object::functions! {
            $name { $($field = $($($presence)?)? $($($wire)?)?,)* $(..$others,)? }
            $($function)*
        }
    };
}

/// How a struct is made: of its default if it has no constructor.
macro_rules! functions {
    (
        $name:ident { $($field:ident = $($presence:ident)? $($wire:literal)?,)* $(..$others:ident,)? }
        $($(pub fn $setter:ident(self, $set:ident: $value:ty $(,)?);)+)?
    ) => {
        $(impl $name {
            $(#[must_use]
            pub fn $setter(mut self, $set: $value) -> Self {
                $crate::types::object::Settable::set(&mut self.$set, $set);
                self
            })+
        })?

        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self {
                    $($field: ::std::default::Default::default(),)*
                    $($others: ::std::default::Default::default(),)?
                }
            }
        }

        $crate::types::serde_by::serde_by!(
            $name,
            |value, serializer| $crate::types::object::write(value, serializer),
            |deserializer| $crate::types::object::fill(deserializer)
        );

        impl $crate::types::object::Fill for $name {
            fn fill<'de, A: ::serde::de::MapAccess<'de>>(
                &mut self,
                name: &str,
                object: &mut $crate::types::object::Reader<'de, A>,
            ) {
                match name {
                    $($crate::types::object::name!($field $($wire)?) => {
                        object.read(&mut self.$field)
                    })*
                    _ => $crate::types::object::other!(object name $(self.$others)?),
                }
            }
        }
    };
    (
        $name:ident { $($field:ident = $($presence:ident)? $($wire:literal)?,)* $(..$others:ident,)? }
        pub fn new($($argument:ident: $taken:ty),* $(,)?);
        $(pub fn $setter:ident(self, $set:ident: $value:ty $(,)?);)*
    ) => {
        impl $name {
            /// Makes a value of its required properties.
            #[must_use]
            pub fn new($($argument: $taken),*) -> Self {
                Self {
                    $($field: $crate::types::object::initial!($field $($presence)?),)*
                    $($others: ::std::default::Default::default(),)?
                }
            }

            $(#[must_use]
            pub fn $setter(mut self, $set: $value) -> Self {
                $crate::types::object::Settable::set(&mut self.$set, $set);
                self
            })*
        }

        $crate::types::serde_by::serde_by!(
            $name,
            |value, serializer| $crate::types::object::write(value, serializer),
            |deserializer| $crate::types::object::make(deserializer)
        );

        impl $crate::types::object::Make for $name {
            fn make<'de, A: ::serde::de::MapAccess<'de>>(
                mut object: $crate::types::object::Reader<'de, A>,
            ) -> ::std::result::Result<Self, A::Error> {
                $(let mut $field = ::std::default::Default::default();)*
                $(let mut $others = ::std::default::Default::default();)?
                while let Some(name) = object.next() {
                    match &*name {
                        $($crate::types::object::name!($field $($wire)?) => {
                            $crate::types::object::read!(object $field $($presence)?)
                        })*
                        _ => $crate::types::object::other!(object (&name) $($others)?),
                    }
                }
                object.end()?;
                ::std::result::Result::Ok(Self {
                    $($field: $crate::types::object::given!($field $($presence)? $($wire)?),)*
                    $($others,)?
                })
            }
        }
    };
}

/// The name of a property: that of its field, unless it has another one.
macro_rules! name {
    ($field:ident) => {
        ::std::stringify!($field)
    };
    ($field:ident $wire:literal) => {
        $wire
    };
}

/// The value of a field in `new`.
macro_rules! initial {
    ($argument:ident required) => {
        ::std::convert::Into::into($argument)
    };
    ($field:ident $($presence:ident)?) => {
        ::std::default::Default::default()
    };
}

/// Reads the value of a property into a variable.
macro_rules! read {
    ($object:ident $field:ident required) => {
        $object.required(&mut $field)
    };
    ($object:ident $field:ident $($presence:ident)?) => {
        $object.read(&mut $field)
    };
}

/// The value of a field after all properties were read.
macro_rules! given {
    ($field:ident required $($wire:literal)?) => {
        $crate::types::object::required($crate::types::object::name!($field $($wire)?), $field)?
    };
    ($field:ident $($rest:tt)*) => {
        $field
    };
}

macro_rules! other {
    ($object:ident $name:tt) => { $object.skip() };
    ($object:ident $name:tt $($others:tt)+) => { $object.other($name, &mut $($others)+) };
}

pub(crate) use {functions, given, initial, name, object, other, read};

/// Writes a struct as an object.
pub(crate) fn write<T: Object, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let map = serializer.serialize_map(None)?;
    let mut object = Writer { map, of: T::SHAPE.name, names: T::SHAPE.properties.iter(), failure: None };
    value.visit(&mut object);
    match object.failure {
        Some(failure) => Err(failure),
        None => object.map.end(),
    }
}

/// An object that is being written. After a failure, nothing more is written.
pub(crate) struct Writer<S: SerializeMap> {
    map: S,
    /// The name of its type.
    of: &'static str,
    names: std::slice::Iter<'static, &'static str>,
    failure: Option<S::Error>,
}

impl<S: SerializeMap> Visit for Writer<S> {
    fn property<T: Optional>(&mut self, value: &T) {
        let name = self.names.next();
        if !value.is_left_out() {
            self.entry(name.copied().unwrap_or_default(), value);
        }
    }

    fn always<T: Serialize + fmt::Debug>(&mut self, value: &T) {
        let name = self.names.next();
        self.entry(name.copied().unwrap_or_default(), value);
    }

    fn others<T: Serialize + fmt::Debug>(&mut self, values: &BTreeMap<String, T>) {
        for (name, value) in values {
            self.entry(name, value);
        }
    }

    fn lacks(&mut self) {
        let name = self.names.as_slice().first();
        promises::lacks(self.of, name.copied().unwrap_or_default());
    }
}

impl<S: SerializeMap> Writer<S> {
    fn entry<T: Serialize>(&mut self, name: &str, value: &T) {
        if self.failure.is_none() {
            self.failure = self.map.serialize_entry(name, value).err();
        }
    }
}

/// Shows a struct as `Debug` of the standard library would be derived, with the names of its fields.
pub(crate) fn debug<T: Object>(value: &T, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    let fields = T::SHAPE.fields.split_whitespace();
    let mut shown = Shown { fields, debug: formatter.debug_struct(T::SHAPE.name) };
    value.visit(&mut shown);
    shown.debug.finish()
}

/// A struct that is being shown.
struct Shown<'a, 'b> {
    fields: std::str::SplitWhitespace<'static>,
    debug: fmt::DebugStruct<'a, 'b>,
}

impl Shown<'_, '_> {
    fn field(&mut self, value: &dyn fmt::Debug) {
        let name = self.fields.next().unwrap_or_default();
        let name = name.strip_prefix("r#").unwrap_or(name);
        self.debug.field(name, value);
    }
}

impl Visit for Shown<'_, '_> {
    fn property<T: Optional>(&mut self, value: &T) {
        self.field(value);
    }

    fn always<T: Serialize + fmt::Debug>(&mut self, value: &T) {
        self.field(value);
    }

    fn others<T: Serialize + fmt::Debug>(&mut self, values: &BTreeMap<String, T>) {
        self.field(values);
    }
}

/// The value of a property that can be left out.
pub(crate) trait Optional: Serialize + fmt::Debug {
    fn is_left_out(&self) -> bool;
}

impl<T: Serialize + fmt::Debug> Optional for Option<T> {
    fn is_left_out(&self) -> bool {
        self.is_none()
    }
}

impl<T: Serialize + fmt::Debug> Optional for Change<T> {
    fn is_left_out(&self) -> bool {
        self.is_keep()
    }
}

/// A field that has a setter, which takes what converts into its value.
pub(crate) trait Settable<V> {
    fn set(&mut self, value: V);
}

impl<T, V: Into<T>> Settable<V> for Option<T> {
    fn set(&mut self, value: V) {
        *self = Some(value.into());
    }
}

impl<T, V: Into<Change<T>>> Settable<V> for Change<T> {
    fn set(&mut self, value: V) {
        *self = value.into();
    }
}

/// Reads a struct with required properties.
pub(crate) fn make<'de, T: Make, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_struct(T::SHAPE.name, T::SHAPE.properties, Maker(PhantomData))
}

struct Maker<T>(PhantomData<T>);

impl<'de, T: Make> Visitor<'de> for Maker<T> {
    type Value = T;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::make(Reader { map, failure: None })
    }
}

/// Fills a struct where it is, since a deserializer would move it several times.
struct Filler<'a, T>(&'a mut T);

impl<'de, T: Fill> Visitor<'de> for Filler<'_, T> {
    type Value = ();

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<(), A::Error> {
        let mut object = Reader { map, failure: None };
        while let Some(name) = object.next() {
            self.0.fill(&name, &mut object);
        }
        object.end()
    }
}

/// An object that is being read. After a failure, it has no more properties.
pub(crate) struct Reader<'de, A: MapAccess<'de>> {
    map: A,
    failure: Option<A::Error>,
}

impl<'de, A: MapAccess<'de>> Reader<'de, A> {
    /// The name of the next property; `None` at the end.
    pub(crate) fn next(&mut self) -> Option<Cow<'de, str>> {
        if self.failure.is_some() {
            return None;
        }
        match self.map.next_key_seed(Name) {
            Ok(name) => name,
            Err(error) => {
                self.failure = Some(error);
                None
            }
        }
    }

    /// The failure, if there was one.
    pub(crate) fn end(self) -> Result<(), A::Error> {
        self.failure.map_or(Ok(()), Err)
    }

    /// Reads the value of a required property.
    pub(crate) fn required<T: Decode>(&mut self, field: &mut Option<T>) {
        match self.map.next_value_seed(Part::new()) {
            Ok(value) => *field = Some(value),
            Err(error) => self.failure = Some(error),
        }
    }

    /// Reads the value into a field, which keeps its value if it is left out.
    pub(crate) fn read<T: Decode>(&mut self, field: &mut T) {
        match self.map.next_value_seed(Part::new()) {
            Ok(value) => *field = value,
            Err(error) => self.failure = is_left_out(error).err(),
        }
    }

    /// Ignores the value.
    pub(crate) fn skip(&mut self) {
        self.failure = self.map.next_value::<IgnoredAny>().err();
    }

    /// Reads the value of a property without a field.
    pub(crate) fn other<T: Decode>(&mut self, name: &str, others: &mut BTreeMap<String, T>) {
        self.failure = read_entry(name.to_owned(), &mut self.map, others).err();
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
