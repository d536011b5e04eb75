//! Reading a type from JSON that does not fit it.

use std::cell::RefCell;

use serde::de::value::BorrowedStrDeserializer;
use serde::de::{DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use serde_json::{Error, Number, Value, map};

use super::decode::{Decode, is_exhausted};
use super::deviation::{copied, quoted, type_of};
use super::{Deviation, DeviationKind, Deviations};

thread_local! {
    /// Where the value that is being read stands, and what has not fitted so far; `None` where nothing is left out.
    static POSITION: RefCell<Option<Position>> = const { RefCell::new(None) };
}

/// A place in a JSON text.
#[derive(Default)]
struct Position {
    /// The JSON pointer.
    pointer: String,
    /// The structs around it, and the lengths of their pointers.
    structs: Vec<(&'static str, usize)>,
    found: Deviations,
    /// Whether the reason of the error that is on its way is among them.
    noted: bool,
}

impl Position {
    fn add(&mut self, kind: DeviationKind, expected: &str, found: impl FnOnce() -> String) {
        let (pointer, structs) = (&self.pointer, &self.structs);
        self.found.add(|| Deviation {
            kind,
            pointer: copied(pointer),
            expected: expected.to_owned(),
            found: found(),
            sources: sources(pointer, structs),
        });
    }
}

/// Reads a value, and leaves out what does not fit.
pub(super) fn read(value: &Value, read: impl FnOnce(Tree<'_>) -> Result<(), Error>) -> (Result<(), Error>, Deviations) {
    let outer = POSITION.replace(Some(Position::default()));
    let decoded = read(Tree::lenient(value));
    let position = POSITION.replace(outer).unwrap_or_default();
    (decoded, position.found)
}

/// Whether parts that do not fit are left out.
pub(super) fn is_lenient() -> bool {
    POSITION.with_borrow(Option::is_some)
}

/// Reads a value that must fit as a whole, inside of one that need not.
pub(super) fn exact<T: Decode>(value: &Value) -> Option<T> {
    let outer = POSITION.take();
    let decoded = T::read(Tree { value, lenient: false }).ok();
    POSITION.set(outer);
    decoded
}

/// Reads a value at the current position. If it does not fit, its deviations are forgotten.
pub(super) fn attempt<T: Decode>(value: &Value) -> Option<T> {
    let before = total();
    let decoded = T::read(Tree::lenient(value)).ok();
    if decoded.is_none() {
        with(|position| {
            position.found.truncate(before);
            position.noted = false;
        });
    }
    decoded
}

/// `Ok` if the part whose value did not fit is left out, and the error if not.
#[cold]
pub(super) fn is_left_out<E>(error: E) -> Result<(), E> {
    if is_lenient() && !is_exhausted() {
        with(|position| position.noted = false);
        Ok(())
    } else {
        Err(error)
    }
}

/// Notes that the value at the current position does not fit.
pub(super) fn add(kind: DeviationKind, expected: &str, found: &Value) {
    with(|position| position.add(kind, expected, || described(found)));
}

/// Notes that the object at the current position does not fit, because it lacks a property.
#[cold]
pub(super) fn add_absent(name: &str) {
    with(|position| {
        if position.noted {
            return;
        }
        let length = position.pointer.len();
        push_step(&mut position.pointer, name);
        position.add(DeviationKind::Absent, "a value", || "nothing".to_owned());
        position.pointer.truncate(length);
        position.noted = true;
    });
}

fn with(change: impl FnOnce(&mut Position)) {
    POSITION.with_borrow_mut(|position| position.as_mut().map(change));
}

/// Whether the reason of the error that is on its way was added.
fn is_noted() -> bool {
    POSITION.with_borrow(|position| position.as_ref().is_some_and(|one| one.noted))
}

/// The number of deviations so far.
fn total() -> usize {
    POSITION.with_borrow(|position| position.as_ref().map_or(0, |one| one.found.total()))
}

/// What a deviation says of a value: of a text, which may be secret or long, only that it is one.
fn described(value: &Value) -> String {
    match value {
        Value::Bool(value) => format!("the boolean {value}"),
        Value::Number(value) => quoted(format!("the number {value}")),
        _ => type_of(value).to_owned(),
    }
}

/// The sources that describe a place.
#[cfg(feature = "deviations")]
fn sources(pointer: &str, structs: &[(&'static str, usize)]) -> Vec<String> {
    let sources = structs.iter().rev().find(|(_, length)| *length < pointer.len()).and_then(|(name, length)| {
        let property = pointer.get(*length..)?.split('/').nth(1)?.replace("~1", "/").replace("~0", "~");
        Some(super::contracts::sources(name, &property))
    });
    sources.unwrap_or_default()
}

#[cfg(not(feature = "deviations"))]
fn sources(_: &str, _: &[(&'static str, usize)]) -> Vec<String> {
    Vec::new()
}

/// A step of a JSON pointer.
pub(crate) fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    if step.contains(['~', '/']) {
        pointer.push_str(&step.replace('~', "~0").replace('/', "~1"));
    } else {
        pointer.push_str(step);
    }
}

/// Deserializes a JSON value. A lenient tree converts values where nothing is lost, and notes values that do not fit.
#[derive(Clone, Copy)]
pub(super) struct Tree<'de> {
    value: &'de Value,
    lenient: bool,
}

impl<'de> Tree<'de> {
    fn lenient(value: &'de Value) -> Self {
        Self { value, lenient: true }
    }

    /// The same for a part of the value.
    fn part<T>(self, value: &'de Value, step: impl FnOnce(&mut String), read: impl FnOnce(Self) -> T) -> T {
        let part = Self { value, ..self };
        if !self.lenient {
            return read(part);
        }
        let mut length = 0;
        with(|position| {
            length = position.pointer.len();
            step(&mut position.pointer);
        });
        let result = read(part);
        with(|position| position.pointer.truncate(length));
        result
    }

    /// Reads the value. If that fails and no value inside was noted as the reason, this one is.
    fn read<T>(self, expected: &str, read: impl FnOnce() -> Option<Result<T, Error>>) -> Result<T, Error> {
        let result = read().unwrap_or_else(|| {
            let found = described(self.value);
            Err(Error::custom(format_args!("expected {expected}, found {found}")))
        });
        if result.is_err() && self.lenient && !is_noted() {
            let kind = if self.value.is_null() { DeviationKind::Null } else { DeviationKind::Type };
            add(kind, expected, self.value);
            with(|position| position.noted = true);
        }
        result
    }

    /// Notes that the value was converted.
    fn converted<T>(self, expected: &str, result: Result<T, Error>) -> Result<T, Error> {
        if result.is_ok() {
            add(DeviationKind::Converted, expected, self.value);
        }
        result
    }

    fn integer<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let expected = "an integer";
        self.read(expected, || match self.value {
            Value::Number(number) => Some(match (number.as_i64(), number.as_u64()) {
                (Some(number), _) => visitor.visit_i64(number),
                (None, Some(number)) => visitor.visit_u64(number),
                (None, None) => {
                    let number = integral(number).filter(|_| self.lenient)?;
                    self.converted(expected, visitor.visit_i64(number))
                }
            }),
            _ => None,
        })
    }

    fn float<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read("a number", || self.value.as_f64().map(|number| visitor.visit_f64(number)))
    }

    fn text<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let expected = "a string";
        self.read(expected, || match self.value {
            Value::String(text) => Some(visitor.visit_borrowed_str(text)),
            // A large number that is no integer of 64 bits was rounded when the tree was read.
            Value::Number(number) if is_rounded(number) => None,
            Value::Number(_) | Value::Bool(_) if self.lenient => {
                let text = self.value.to_string();
                Some(self.converted(expected, visitor.visit_string(text)))
            }
            _ => None,
        })
    }

    fn array<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read("an array", || {
            let items = self.value.as_array()?.iter().enumerate();
            Some(visitor.visit_seq(Items { tree: self, items }))
        })
    }

    fn object<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read("an object", || {
            Some(visitor.visit_map(Entries { tree: self, entries: self.value.as_object()?.iter(), current: None }))
        })
    }
}

/// 2^53: beyond it, neighbouring integers are the same floating-point number.
const MOST_EXACT: f64 = 9_007_199_254_740_992.0;

/// The integer that a floating-point number equals, if it is at most 2^53.
fn integral(number: &Number) -> Option<i64> {
    let number = number.as_f64()?;
    let is_exact = number.fract() == 0.0 && number.abs() <= MOST_EXACT;
    #[allow(clippy::cast_possible_truncation, reason = "it is an integer in range")]
    is_exact.then_some(number as i64)
}

/// Whether the digits of a number may be others than those of the text.
fn is_rounded(number: &Number) -> bool {
    number.is_f64() && number.as_f64().is_some_and(|number| number.abs() > MOST_EXACT)
}

macro_rules! deserialize {
    ($($method:ident)* => $read:ident) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.$read(visitor)
        })*
    };
}

impl<'de> Deserializer<'de> for Tree<'de> {
    type Error = Error;

    /// A value of any type always fits.
    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.value.deserialize_any(visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read("a boolean", || self.value.as_bool().map(|value| visitor.visit_bool(value)))
    }

    deserialize!(deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 => integer);
    deserialize!(deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 => integer);
    deserialize!(deserialize_f32 deserialize_f64 => float);
    deserialize!(deserialize_str deserialize_string => text);
    deserialize!(deserialize_seq => array);
    deserialize!(deserialize_map => object);

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.value {
            Value::Null => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.read("null", || self.value.as_null().map(|()| visitor.visit_unit()))
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Error> {
        self.read(&format!("an array of {length} items"), || {
            let items = self.value.as_array().filter(|items| items.len() == length)?;
            Some(visitor.visit_seq(Items { tree: self, items: items.iter().enumerate() }))
        })
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        if !self.lenient {
            return self.object(visitor);
        }
        with(|position| position.structs.push((name, position.pointer.len())));
        let result = self.object(visitor);
        with(|position| _ = position.structs.pop());
        result
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, name: &'static str, visitor: V) -> Result<V::Value, Error> {
        self.read("a string", || Some(self.value.deserialize_newtype_struct(name, visitor)))
    }

    forward_to_deserialize_any! {
        i128 u128 char bytes byte_buf unit_struct tuple_struct enum identifier ignored_any
    }
}

/// The items of an array.
struct Items<'de> {
    tree: Tree<'de>,
    items: std::iter::Enumerate<std::slice::Iter<'de, Value>>,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((index, item)) = self.items.next() else {
            return Ok(None);
        };
        let step = |pointer: &mut String| push_step(pointer, &index.to_string());
        self.tree.part(item, step, |item| seed.deserialize(item)).map(Some)
    }
}

/// The properties of an object.
struct Entries<'de> {
    tree: Tree<'de>,
    entries: map::Iter<'de>,
    current: Option<(&'de str, &'de Value)>,
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, Error> {
        let Some((name, value)) = self.entries.next() else {
            return Ok(None);
        };
        self.current = Some((name, value));
        seed.deserialize(BorrowedStrDeserializer::<Error>::new(name)).map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Error> {
        let (name, value) = self.current.take().unwrap_or(("", &Value::Null));
        self.tree.part(value, |pointer| push_step(pointer, name), |value| seed.deserialize(value))
    }
}
