//! How the arms of a union are told apart: by the JSON value, before an arm is decoded from it.
#![allow(
    dead_code,
    reason = "an API may have no union, or none that asks all of these questions"
)]

use std::cell::Cell;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Base64, Date, Timestamp, Uri};

/// Failed attempts after which what is inside of one union is no longer decoded but kept as unknown.
///
/// Where arms contain unions and fail late, every level of nesting multiplies the attempts of the level above; without
/// a limit, a small body made for that purpose keeps a processor busy for years.
const MOST_FAILED_ATTEMPTS: u32 = 200_000;

thread_local! {
    /// How many arms are being decoded, one inside of the other, and how many attempts failed inside the outermost.
    static ATTEMPTS: Cell<(u32, u32)> = const { Cell::new((0, 0)) };
}

/// Decodes an arm, without taking the value apart: the next arm may need it.
pub(crate) fn decode<T: DeserializeOwned>(value: &Value) -> Option<T> {
    let (nesting, failed) = ATTEMPTS.get();
    if failed >= MOST_FAILED_ATTEMPTS {
        return None;
    }
    ATTEMPTS.set((nesting + 1, failed));
    let decoded = T::deserialize(value).ok();
    let (_, failed) = ATTEMPTS.get();
    let failed = failed + u32::from(decoded.is_none());
    ATTEMPTS.set((nesting, if nesting == 0 { 0 } else { failed }));
    decoded
}

/// An arm that is an object.
pub(crate) struct ObjectArm {
    fits: bool,
    names: &'static [&'static str],
    keeps_others: bool,
}

/// An arm that loses all properties but these; the names are in ascending order.
pub(crate) fn closed(fits: bool, names: &'static [&'static str]) -> ObjectArm {
    ObjectArm {
        fits,
        names,
        keeps_others: false,
    }
}

/// An arm that keeps all properties and knows these; the names are in ascending order.
pub(crate) fn open(fits: bool, names: &'static [&'static str]) -> ObjectArm {
    ObjectArm {
        fits,
        names,
        keeps_others: true,
    }
}

/// The indices of the arms that an object fits, first of those that know most of its properties, then of those that
/// lose fewest, in the order of the arms where both are equal. None if the value is no object.
pub(crate) fn ranked(value: &Value, arms: &[ObjectArm]) -> Vec<usize> {
    let Some(object) = value.as_object() else {
        return Vec::new();
    };
    let fitting = arms.iter().enumerate().filter(|(_, arm)| arm.fits);
    let mut ranked: Vec<_> = fitting
        .map(|(index, arm)| {
            let names = object.keys().map(String::as_str);
            let unknown = names.filter(|name| arm.names.binary_search(name).is_err());
            let unknown = unknown.count();
            (unknown, unknown > 0 && !arm.keeps_others, index)
        })
        .collect();
    ranked.sort_unstable();
    ranked.into_iter().map(|(.., index)| index).collect()
}

/// The text of a discriminator. A number or boolean is given as JSON writes it.
pub(crate) fn tag(value: &Value, property: &str) -> Option<String> {
    match value.get(property)? {
        Value::String(text) => Some(text.clone()),
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Whether the value is an object that has all of these properties.
pub(crate) fn has(value: &Value, required: &[&str]) -> bool {
    value
        .as_object()
        .is_some_and(|object| required.iter().all(|name| object.contains_key(*name)))
}

/// Whether a property has a value, given as JSON text. Numbers are compared as numbers: `1` is `1.0`.
pub(crate) fn is(value: &Value, property: &str, constant: &str) -> bool {
    let Some(found) = value.get(property) else {
        return false;
    };
    match serde_json::from_str::<Value>(constant) {
        Ok(constant) => {
            *found == constant || found.is_number() && found.as_f64() == constant.as_f64()
        }
        Err(_) => false,
    }
}

/// Whether a property is this text.
pub(crate) fn is_text(value: &Value, property: &str, constant: &str) -> bool {
    value.get(property).and_then(Value::as_str) == Some(constant)
}

/// Whether a property is one of these texts.
pub(crate) fn is_one_of(value: &Value, property: &str, texts: &[&str]) -> bool {
    let text = value.get(property).and_then(Value::as_str);
    text.is_some_and(|text| texts.contains(&text))
}

/// Whether the value is an integer.
pub(crate) fn integer(value: &Value) -> bool {
    value.is_i64() || value.is_u64()
}

/// Whether the value is a point in time.
pub(crate) fn timestamp(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<Timestamp>().is_ok())
}

/// Whether the value is a date.
pub(crate) fn date(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<Date>().is_ok())
}

/// Whether the value is an absolute URI.
pub(crate) fn uri(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<Uri>().is_ok())
}

/// Whether the value is base64.
pub(crate) fn base64(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.parse::<Base64>().is_ok())
}
