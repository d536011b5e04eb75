//! Unions: enums with a variant for each alternative of a `oneOf` or `anyOf`. The JSON value decides which alternative
//! it is decoded into.

use std::cell::Cell;
use std::str::FromStr;

use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

use super::object::Object;
use super::tree;
use super::{Base64, Date, Decode, DeviationKind, Timestamp, Uri};

/// The most failed attempts within one union; after them, the values of its inner unions become `Unknown`.
///
/// Every level of nested unions multiplies the attempts of the level above. Without a limit, a small malicious body would
/// keep a processor busy for years.
const MAX_FAILED_ATTEMPTS: u32 = 20_000;

thread_local! {
    /// How many nested alternatives are being decoded, and how many attempts failed within the outermost one.
    static ATTEMPTS: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// How an alternative is decoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    /// The whole value has to fit.
    Exact,
    /// Parts that do not fit are left out.
    Lenient,
}

/// Decodes an alternative.
pub(crate) fn decode<T: Decode>(value: &Value, fit: Fit) -> Option<T> {
    let (nesting, failed) = ATTEMPTS.get();
    if failed >= MAX_FAILED_ATTEMPTS {
        return None;
    }
    ATTEMPTS.set((nesting + 1, failed));
    let decoded = match fit {
        Fit::Exact => tree::exact(value),
        Fit::Lenient => tree::attempt(value),
    };
    let (_, failed) = ATTEMPTS.get();
    let failed = failed + u32::from(decoded.is_none());
    ATTEMPTS.set((nesting, if nesting == 0 { 0 } else { failed }));
    decoded
}

/// An enum with a variant `Unknown`.
pub(crate) trait Known {
    /// Whether the value is documented.
    fn is_known(&self) -> bool;
}

impl<T: Known> Known for Box<T> {
    fn is_known(&self) -> bool {
        T::is_known(self)
    }
}

/// Decodes an open enum, but only from a documented value: other alternatives may know the value.
pub(crate) fn decode_known<T: Decode + Known>(value: &Value, fit: Fit) -> Option<T> {
    decode(value, fit).filter(T::is_known)
}

/// An enum with a variant for each alternative of a schema, and `Unknown` for a value that fits none.
pub(crate) trait Union: Sized + 'static {
    /// The property of the discriminator. Where a value has it, it alone decides.
    const TAG: Option<&'static str> = None;

    /// The alternatives, in the order in which they are tried.
    const ALTERNATIVES: &'static [Alternative<Self>];

    /// The variant of a value that fits none.
    fn unknown(value: Value) -> Self;
}

type Names = &'static [&'static str];

/// An alternative: which values fit it, and how it is decoded.
pub(crate) struct Alternative<T> {
    is: fn(&Value) -> bool,
    decode: fn(&Value, Fit) -> Option<T>,
    or_null: bool,
    required: Names,
    constants: &'static [(&'static str, &'static str)],
    choices: &'static [(&'static str, Names)],
    tags: Names,
    /// The known properties, and whether others are kept, if adjacent alternatives are tried by how well they fit.
    compared: Option<(Names, bool)>,
}

impl<T> Alternative<T> {
    /// An alternative that values fit for which `is` is true.
    pub(crate) const fn new(is: fn(&Value) -> bool, decode: fn(&Value, Fit) -> Option<T>) -> Self {
        Self { is, decode, or_null: false, required: &[], constants: &[], choices: &[], tags: &[], compared: None }
    }

    /// Null fits, too.
    pub(crate) const fn or_null(mut self) -> Self {
        self.or_null = true;
        self
    }

    /// Only objects with all of these properties fit.
    pub(crate) const fn required(mut self, names: Names) -> Self {
        self.required = names;
        self
    }

    /// Only objects fit in which each of these properties is absent, null or has this value (JSON).
    pub(crate) const fn constants(mut self, of: &'static [(&'static str, &'static str)]) -> Self {
        self.constants = of;
        self
    }

    /// Only objects whose properties have one of these strings fit.
    pub(crate) const fn choices(mut self, of: &'static [(&'static str, Names)]) -> Self {
        self.choices = of;
        self
    }

    /// The values of the discriminator that select it.
    pub(crate) const fn tags(mut self, tags: Names) -> Self {
        self.tags = tags;
        self
    }

    /// It becomes the struct `O`; a neighbour that knows more properties of the object goes first.
    pub(crate) const fn compared<O: Object>(mut self) -> Self {
        self.compared = Some((O::SHAPE.properties, O::SHAPE.keeps_others));
        self
    }

    /// It becomes a map; a neighbour that knows properties of the object goes first.
    pub(crate) const fn compared_as_map(mut self) -> Self {
        self.compared = Some((&[], true));
        self
    }

    fn fits(&self, value: &Value) -> bool {
        let has_constant = |(name, json): &(&str, &str)| is_constant(value, name, json);
        let has_choice = |(name, texts): &(&str, Names)| {
            let text = value.get(*name).and_then(Value::as_str);
            text.is_some_and(|text| texts.contains(&text))
        };
        ((self.is)(value) || self.or_null && value.is_null())
            && self.required.iter().all(|name| value.get(*name).is_some())
            && self.constants.iter().all(has_constant)
            && self.choices.iter().all(has_choice)
    }

    /// How many properties of the object are unknown, and whether they are lost.
    fn misses(&self, object: &Map<String, Value>) -> (usize, bool) {
        let (names, keeps_others) = self.compared.unwrap_or_default();
        let is_unknown = |name: &&String| !names.contains(&name.as_str());
        let unknown = object.keys().filter(is_unknown).count();
        (unknown, unknown > 0 && !keeps_others)
    }
}

thread_local! {
    /// Whether a value fitted no alternative since this was last reset.
    static UNKNOWN: Cell<bool> = const { Cell::new(false) };
}

/// Starts to watch for values that fit no alternative. Returns what [`stop_watching`] has to know.
pub(super) fn watch_unknown() -> bool {
    UNKNOWN.replace(false)
}

/// Whether there was such a value.
pub(super) fn stop_watching(outer: bool) -> bool {
    let found = UNKNOWN.get();
    UNKNOWN.set(outer || found);
    found
}

/// Reads a union. In a lenient tree, a value that fits no alternative as a whole is read as the first one that it fits
/// without some of its parts.
pub(crate) fn read<'de, T: Union, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let value = Value::read(deserializer)?;
    let lenient = tree::is_lenient();
    let outer = watch_unknown();
    let chosen = choose::<T>(&value, Fit::Exact);
    let is_whole = !stop_watching(outer);
    match chosen {
        Some((_, whole)) if is_whole || !lenient => return Ok(whole),
        Some((alternative, _)) => {
            if let Some(part) = (alternative.decode)(&value, Fit::Lenient) {
                return Ok(part);
            }
        }
        None if lenient => {
            if let Some((_, part)) = choose(&value, Fit::Lenient) {
                return Ok(part);
            }
            tree::add(DeviationKind::Value, "one of several types", &value);
        }
        None => UNKNOWN.set(true),
    }
    Ok(T::unknown(value))
}

type Chosen<T> = (&'static Alternative<T>, T);

/// The alternative that a value fits.
fn choose<T: Union>(value: &Value, fit: Fit) -> Option<Chosen<T>> {
    let decode = |one: &'static Alternative<T>| Some((one, (one.decode)(value, fit)?));
    if let Some(tag) = T::TAG.and_then(|property| tag(value, property)) {
        let has_tag = |alternative: &&Alternative<T>| alternative.tags.contains(&&*tag);
        return decode(T::ALTERNATIVES.iter().find(has_tag)?);
    }
    let mut rest = T::ALTERNATIVES;
    while let Some(first) = rest.first() {
        let compared = rest.iter().take_while(|one| one.compared.is_some());
        let (group, after) = rest.split_at(compared.count().max(1));
        rest = after;
        let found = match value.as_object() {
            Some(object) if group.len() > 1 => {
                let mut ranked: Vec<_> = group.iter().filter(|one| one.fits(value)).collect();
                ranked.sort_by_key(|one| one.misses(object));
                ranked.into_iter().find_map(decode)
            }
            _ if group.len() == 1 && first.fits(value) => decode(first),
            _ => None,
        };
        if found.is_some() {
            return found;
        }
    }
    None
}

/// Writes an object together with the value of the discriminator, which its type does not have.
pub(crate) fn write_tagged<T: Union, S: Serializer>(
    value: &impl Serialize,
    tag: &str,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut value = serde_json::to_value(value).map_err(S::Error::custom)?;
    if let (Some(property), Some(object)) = (T::TAG, value.as_object_mut()) {
        object.entry(property).or_insert_with(|| tag.into());
    }
    value.serialize(serializer)
}

/// Writes an alternative of a union.
macro_rules! write_alternative {
    ($union:ident, $value:ident, $serializer:ident) => {
        ::serde::Serialize::serialize($value, $serializer)
    };
    ($union:ident, $value:ident, $serializer:ident, $tag:literal) => {
        $crate::types::union::write_tagged::<$union, _>($value, $tag, $serializer)
    };
}
pub(crate) use write_alternative;

/// Declares a union. Behind each variant is how it is decoded, and what a value has to be: `Team(Team) = decode object`.
/// What is `#[from]` converts into the union, and what is `#[from str]` from a `&str`, too. `by "property"` names the
/// property that tells the alternatives apart; an alternative without that property is written with it, as what stands after
/// `as`. Beside the variants, it has `Unknown(Value)`.
macro_rules! union {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident $(by $tag:literal)? {
            $(
                $(#[$of_variant:meta])*
                $variant:ident($(#[$from:ident $($text:ident)?])? $ty:ty $(,)?)
                    $(as $added:literal)? = $decode:ident $kind:ident $(.$method:ident $(::<$of:ty>)? ($($argument:expr)?))*,
            )*
        }
    ) => {
        $(#[$attribute])*
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$of_variant])* $variant($ty),)*
            /// A value that fits none of the documented alternatives.
            Unknown(::serde_json::Value),
        }

        $($(impl ::std::convert::From<$ty> for $name {
            fn $from(value: $ty) -> Self {
                Self::$variant(value)
            }
        }

        $(impl ::std::convert::From<&$text> for $name {
            fn $from(value: &$text) -> Self {
                Self::$variant(value.into())
            }
        })?)?)*

        impl $crate::types::union::Union for $name {
            $(const TAG: ::std::option::Option<&'static str> = ::std::option::Option::Some($tag);)?
            const ALTERNATIVES: &'static [$crate::types::union::Alternative<Self>] = &[
                $($crate::types::union::Alternative::new(
                    $crate::types::union::$kind,
                    |value, fit| $crate::types::union::$decode(value, fit).map(Self::$variant),
                )$(.$method$(::<$of>)?($($argument)?))*,)*
            ];

            fn unknown(value: ::serde_json::Value) -> Self {
                Self::Unknown(value)
            }
        }

        impl $name {
            /// Whether the value fits one of the documented alternatives.
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }
        }

        impl $crate::types::union::Known for $name {
            fn is_known(&self) -> bool {
                self.is_known()
            }
        }

        $crate::types::serde_by::serde_by!(
            $name,
            |union, serializer| match union {
                $(Self::$variant(value) => $crate::types::union::write_alternative!($name, value, serializer $(, $added)?),)*
                Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer),
            },
            |deserializer| $crate::types::union::read(deserializer)
        );
    };
}

pub(crate) use union;

/// The value of the discriminator; a number or boolean as JSON writes it.
fn tag(value: &Value, property: &str) -> Option<String> {
    match value.get(property)? {
        Value::String(text) => Some(text.clone()),
        scalar @ (Value::Bool(_) | Value::Number(_)) => Some(scalar.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether a property is absent, null or has a value, given as JSON text. Numbers are compared as numbers: `1` equals `1.0`.
fn is_constant(value: &Value, property: &str, constant: &str) -> bool {
    match (value.get(property), serde_json::from_str::<Value>(constant)) {
        (None | Some(Value::Null), _) => true,
        (Some(found), Ok(constant)) => *found == constant || found.is_number() && found.as_f64() == constant.as_f64(),
        (Some(_), Err(_)) => false,
    }
}

/// Whether a value is of a kind.
macro_rules! kinds {
    ($($kind:ident = $is:expr;)*) => {
        $(pub(crate) fn $kind(value: &Value) -> bool {
            $is(value)
        })*
    };
}

kinds! {
    any = |_| true;
    null = Value::is_null;
    boolean = Value::is_boolean;
    integer = |value: &Value| value.is_i64() || value.is_u64();
    number = Value::is_number;
    float = Value::is_f64;
    string = Value::is_string;
    array = Value::is_array;
    object = Value::is_object;
    timestamp = parses::<Timestamp>;
    date = parses::<Date>;
    uri = parses::<Uri>;
    base64 = parses::<Base64>;
}

fn parses<T: FromStr>(value: &Value) -> bool {
    value.as_str().is_some_and(|text| text.parse::<T>().is_ok())
}
