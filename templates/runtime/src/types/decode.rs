//! Decoding JSON so that a value of an unexpected type does not make the whole fail: it is converted or left out.
//!
//! JSON that fits is read once, straight into the type. Only JSON that does not fit is parsed into a tree, which is read
//! again by [`Tree`](super::tree::Tree): fields and items whose value does not fit are then left out.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::tree::{self, Tree, is_left_out};
use super::{Base64, Binary, Change, Date, Deviation, DeviationKind, Deviations, Secret, Timestamp, Uri, union};

/// A decoded value, and where its JSON was not as described.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Decoded<T> {
    /// The value.
    pub value: T,
    /// What was converted or left out, because it has another type than described.
    pub deviations: Deviations,
}

impl<T> Decoded<T> {
    /// The same with a converted value.
    pub fn map<U>(self, convert: impl FnOnce(T) -> U) -> Decoded<U> {
        Decoded { value: convert(self.value), deviations: self.deviations }
    }
}

/// The default limit of the memory that a decoded value takes, in bytes, not counting the characters of strings.
pub(crate) const MEMORY: usize = 256 * 1024 * 1024;

/// Decodes JSON: the body of a webhook, a file, a response that another client received.
///
/// A value that has another type than described is no error. Where nothing is lost, it is converted: a number without
/// fraction to an integer, a number or boolean to a text. Otherwise its field is absent, and an item is left out of its
/// list. Each such place is a [`Deviation`](super::Deviation). Serde's `Deserialize` of the same types fails instead.
///
/// # Errors
/// The text is not JSON, nests more than 127 levels, or its outermost value has another JSON type than `T`: no object for a
/// struct, no array for a list. Or the value takes more than 256 MiB of memory, not counting the characters of strings: a
/// long list of empty objects takes much more than its JSON. So does JSON with deviations, while it is read.
pub fn decode<T: Decode>(json: &[u8]) -> Result<Decoded<T>, serde_json::Error> {
    let mut place = None;
    let deviations = decode_into(&mut place, json, MEMORY).map_err(|failure| match failure {
        Failure::Json(error) => error,
        Failure::Memory => serde_json::Error::custom("the value takes too much memory"),
    })?;
    let value = place.ok_or_else(|| serde_json::Error::custom("nothing was read"))?;
    Ok(Decoded { value, deviations })
}

/// Why JSON cannot be decoded.
pub(crate) enum Failure {
    Json(serde_json::Error),
    /// The value takes more memory than allowed.
    Memory,
}

/// What a value is read from.
enum Input<'a> {
    Text(&'a str),
    Tree(Tree<'a>),
}

/// Reads a value to where it is wanted. So what else decoding does is compiled once, and no value moves through it: some
/// have thousands of bytes.
type Read<'a> = dyn FnMut(Input<'_>) -> Result<(), serde_json::Error> + 'a;

/// [`decode`] with a limit of its own. The value is at its place unless that fails.
pub(crate) fn decode_into<T: Decode>(place: &mut Option<T>, json: &[u8], memory: usize) -> Result<Deviations, Failure> {
    decode_with(json, memory, &mut |input| match input {
        Input::Text(text) => from_text(place, text),
        Input::Tree(tree) => T::read(tree).map(|value| *place = Some(value)),
    })
}

fn decode_with(json: &[u8], memory: usize, read: &mut Read<'_>) -> Result<Deviations, Failure> {
    let outer = MEMORY_LEFT.replace(memory);
    let decoded = decode_or_fail(json, memory, read);
    let exhausted = MEMORY_LEFT.replace(outer) == 0;
    decoded.map_err(|error| if exhausted { Failure::Memory } else { Failure::Json(error) })
}

fn decode_or_fail(json: &[u8], memory: usize, read: &mut Read<'_>) -> Result<Deviations, serde_json::Error> {
    // Some servers begin with a byte order mark, which a reader may ignore (RFC 8259).
    let json = json.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(json);
    // One check of all bytes is faster than one of every string.
    let text = match std::str::from_utf8(json) {
        Ok(text) => text,
        Err(error) => {
            let located = serde_json::from_slice::<Value>(json).err();
            return Err(located.unwrap_or_else(|| serde_json::Error::custom(error)));
        }
    };
    match decode_text(text, memory, read) {
        Err(error) if error.is_syntax() => {
            let mended = Mended::new(text).ok_or(error)?;
            MEMORY_LEFT.set(memory);
            let mut deviations = decode_text(&mended.text, memory, read)?;
            let Mended { surrogates, numbers, .. } = mended;
            for (expected, found, count) in [
                ("Unicode", "lone surrogates", surrogates),
                ("numbers of 64 bits", "numbers out of range, read as strings", numbers),
            ] {
                if count > 0 {
                    deviations.add(|| Deviation {
                        kind: DeviationKind::Converted,
                        pointer: String::new(),
                        expected: expected.to_owned(),
                        found: format!("{found}: {count}"),
                        sources: Vec::new(),
                    });
                }
            }
            Ok(deviations)
        }
        decoded => decoded,
    }
}

/// A text that `serde_json` reads, of one that is JSON by its grammar alone.
#[derive(Default)]
struct Mended {
    text: String,
    /// How many escapes that are half of a surrogate pair have U+FFFD in their place. A server writes them that cuts strings
    /// between the halves.
    surrogates: usize,
    /// How many numbers beyond those of 64 bits, such as `1e999`, are now strings, which fit no place for a number.
    numbers: usize,
}

impl Mended {
    /// `None` where there is nothing to mend.
    fn new(text: &str) -> Option<Self> {
        let unit = |at: usize| {
            let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
            u32::from_str_radix(digits, 16).ok()
        };
        let is_of_number = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
        let (mut mended, mut copied, mut at, mut in_string) = (Self::default(), 0, 0, false);
        while let Some(byte) = text.as_bytes().get(at) {
            let start = at;
            match byte {
                b'\\' => match (unit(at), unit(at + 6)) {
                    (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => at += 12,
                    (Some(0xD800..=0xDFFF), _) => {
                        at += 6;
                        mended.surrogates += 1;
                        mended.text.extend([&text[copied..start], "\\ufffd"]);
                        copied = at;
                    }
                    // What is escaped may be a quotation mark or a backslash.
                    _ => at += 2,
                },
                b'-' | b'0'..=b'9' if !in_string => {
                    at += text.as_bytes()[at..].iter().take_while(|byte| is_of_number(byte)).count();
                    let number = &text[start..at];
                    if number.parse().is_ok_and(f64::is_infinite) {
                        mended.numbers += 1;
                        mended.text.extend([&text[copied..start], "\"", number, "\""]);
                        copied = at;
                    }
                }
                _ => {
                    in_string ^= *byte == b'"';
                    at += 1;
                }
            }
        }
        mended.text.push_str(&text[copied..]);
        (mended.surrogates + mended.numbers > 0).then_some(mended)
    }
}

fn decode_text(text: &str, memory: usize, read: &mut Read<'_>) -> Result<Deviations, serde_json::Error> {
    let outer = union::watch_unknown();
    let decoded = read(Input::Text(text));
    let error = match (decoded, union::stop_watching(outer)) {
        (Ok(()), false) => return Ok(Deviations::default()),
        (Ok(()), true) => None,
        (Err(error), _) if !error.is_data() || MEMORY_LEFT.get() == 0 => return Err(error),
        (Err(error), _) => Some(error),
    };
    // What was decoded so far is given up.
    MEMORY_LEFT.set(memory);
    let mut value = None;
    from_text::<Value>(&mut value, text)?;
    MEMORY_LEFT.set(memory);
    let (decoded, deviations) = tree::read(&value.unwrap_or_default(), |tree| read(Input::Tree(tree)));
    match decoded {
        Ok(()) => Ok(deviations),
        // The first error knows line and column.
        Err(later) => Err(error.unwrap_or(later)),
    }
}

fn from_text<T: Decode>(place: &mut Option<T>, text: &str) -> Result<(), serde_json::Error> {
    let mut deserializer = serde_json::Deserializer::from_str(text);
    *place = Some(T::read(&mut deserializer)?);
    deserializer.end()
}

/// A type that [`decode`] reads: the models, and what they are made of.
pub trait Decode: Sized {
    /// Reads a value. In a [`Tree`](super::tree::Tree), a part that does not fit is left out.
    #[doc(hidden)]
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

/// Reads a part of a value.
pub(crate) struct Part<T>(PhantomData<T>);

impl<T> Part<T> {
    pub(crate) fn new() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Decode> DeserializeSeed<'de> for Part<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        T::read(deserializer)
    }
}

thread_local! {
    /// How much more memory the value that is being decoded may take; `usize::MAX` without a limit.
    static MEMORY_LEFT: Cell<usize> = const { Cell::new(usize::MAX) };
}

/// Whether memory has run out.
pub(super) fn is_exhausted() -> bool {
    MEMORY_LEFT.get() == 0
}

/// Counts memory that is about to be allocated.
fn take_memory<E: serde::de::Error>(bytes: usize) -> Result<(), E> {
    let left = match MEMORY_LEFT.get() {
        usize::MAX => return Ok(()),
        left => left.saturating_sub(bytes),
    };
    MEMORY_LEFT.set(left);
    match left {
        0 => Err(E::custom("the value takes too much memory")),
        _ => Ok(()),
    }
}

impl<T: Decode> Decode for Box<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        take_memory(size_of::<T>())?;
        T::read(deserializer).map(Box::new)
    }
}

impl<T: Decode> Decode for Change<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Option::read(deserializer).map(Self::set_or_clear)
    }
}

impl<T: Decode> Decode for Option<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_option(OptionVisitor(PhantomData))
    }
}

struct OptionVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for OptionVisitor<T> {
    type Value = Option<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value or null")
    }

    fn visit_unit<E: serde::de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_none<E: serde::de::Error>(self) -> Result<Option<T>, E> {
        Ok(None)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<T>, D::Error> {
        T::read(deserializer).map(Some)
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(ListVisitor(PhantomData))
    }
}

pub(super) struct ListVisitor<T>(pub(super) PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for ListVisitor<T> {
    type Value = Vec<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        loop {
            match items.next_element_seed(Part::new()) {
                Ok(Some(item)) => {
                    if list.len() == list.capacity() {
                        grow(&mut list)?;
                    }
                    list.push(item);
                }
                Ok(None) => return Ok(list),
                Err(error) => is_left_out(error)?,
            }
        }
    }
}

/// Doubles the capacity of a full list.
fn grow<T, E: serde::de::Error>(list: &mut Vec<T>) -> Result<(), E> {
    let least = if size_of::<T>() > 1024 { 1 } else { 4 };
    let more = list.capacity().max(least);
    take_memory(more.saturating_mul(size_of::<T>()))?;
    list.reserve_exact(more);
    Ok(())
}

impl<T: Decode> Decode for BTreeMap<String, T> {
    fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MapVisitor(PhantomData))
    }
}

struct MapVisitor<T>(PhantomData<T>);

impl<'de, T: Decode> Visitor<'de> for MapVisitor<T> {
    type Value = BTreeMap<String, T>;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some(name) = entries.next_key()? {
            read_entry(name, &mut entries, &mut map)?;
        }
        Ok(map)
    }
}

/// Reads the value of an entry into a map.
pub(super) fn read_entry<'de, T: Decode, A: MapAccess<'de>>(
    name: String,
    entries: &mut A,
    map: &mut BTreeMap<String, T>,
) -> Result<(), A::Error> {
    match entries.next_value_seed(Part::new()) {
        Ok(value) => {
            take_entry::<T, _>(map.is_empty())?;
            map.insert(name, value);
            Ok(())
        }
        Err(error) => is_left_out(error),
    }
}

/// Counts the memory of an entry of a map. The first one allocates room for eleven, and no later room is less than half full.
pub(super) fn take_entry<T, E: serde::de::Error>(is_first: bool) -> Result<(), E> {
    let entries = if is_first { 11 } else { 2 };
    take_memory(entries * size_of::<(String, T)>())
}

macro_rules! decode_by_serde {
    ($($name:ty),*) => {
        $(impl Decode for $name {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        })*
    };
}

decode_by_serde!((), bool, i32, i64, u32, u64, f32, f64, String, Base64, Binary, Date, Secret, Timestamp, Uri);

/// A tuple fits as a whole or not at all: without one of its items, the others would move.
macro_rules! decode_tuples {
    ($first:ident $($rest:ident)*) => {
        impl<$first, $($rest),*> Decode for ($first, $($rest,)*)
        where
            Self: DeserializeOwned,
        {
            fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::deserialize(deserializer)
            }
        }

        decode_tuples!($($rest)*);
    };
    () => {};
}

decode_tuples!(T0 T1 T2 T3 T4 T5 T6 T7 T8 T9 T10 T11);
