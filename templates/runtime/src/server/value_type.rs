//! Reading text as a value of a type.

use serde_json::{Number, Value};

use crate::operation::ValueType;

impl ValueType {
    /// The value of a single text.
    ///
    /// # Errors
    /// What was expected instead, such as "an integer".
    pub(super) fn value(&self, text: &str) -> Result<Value, String> {
        let value = match self {
            Self::Text | Self::Bytes | Self::Any => Some(Value::from(text)),
            Self::Integer => integer(text),
            Self::Number => integer(text).or_else(|| number(text)),
            Self::Boolean => boolean(text).map(Value::Bool),
            Self::List(item) => match serde_json::from_str(text) {
                Ok(list @ Value::Array(_)) => Some(list),
                _ => Some(Value::Array(vec![item.value(text)?])),
            },
            Self::Map(_) | Self::Object(_) | Self::Open(..) => serde_json::from_str(text).ok().filter(Value::is_object),
            Self::OneOf(types) => {
                let mut sorted: Vec<&Self> = types.iter().collect();
                sorted.sort_by_key(|ty| ty.looseness());
                // `1` is a boolean only where it can be nothing else.
                let is_exact = |ty: &&&Self| **ty != &Self::Boolean || matches!(text, "true" | "false");
                let (exact, lenient) = (sorted.iter().filter(is_exact), sorted.iter());
                exact.chain(lenient).find_map(|ty| ty.value(text).ok())
            }
        };
        value.ok_or_else(|| self.expectation())
    }

    /// The type of the items, if the type allows a list.
    pub(super) fn list_item(&self) -> Option<Self> {
        match self {
            Self::List(item) => Some(**item),
            Self::OneOf(types) => types.iter().find_map(Self::list_item),
            _ => None,
        }
    }

    /// The type of a property, if the type allows an object.
    pub(super) fn property(&self, name: &str) -> Option<Self> {
        match self {
            Self::Map(value) => Some(**value),
            Self::Object(properties) => Some(known(properties, name).unwrap_or(Self::Text)),
            Self::Open(properties, others) => Some(known(properties, name).unwrap_or(**others)),
            Self::OneOf(types) => types.iter().find_map(|ty| ty.property(name)),
            _ => None,
        }
    }

    /// Whether the type allows only objects.
    pub(super) fn is_object(&self) -> bool {
        self.is_only(|ty| matches!(ty, Self::Map(_) | Self::Object(_) | Self::Open(..)))
    }

    /// Whether the type allows only lists.
    pub(super) fn is_list(&self) -> bool {
        self.is_only(|ty| matches!(ty, Self::List(_)))
    }

    fn is_only(&self, is: fn(&Self) -> bool) -> bool {
        match self {
            Self::OneOf(types) => !types.is_empty() && types.iter().all(|ty| ty.is_only(is)),
            ty => is(ty),
        }
    }

    /// Whether the type allows bytes.
    pub(super) fn is_bytes(&self) -> bool {
        match self {
            Self::Bytes => true,
            Self::OneOf(types) => types.iter().any(Self::is_bytes),
            _ => false,
        }
    }

    /// The order in which alternatives are tried: every text is a text, so texts come late.
    fn looseness(&self) -> u8 {
        match self {
            Self::Boolean => 0,
            Self::Integer => 1,
            Self::Number => 2,
            Self::Map(_) | Self::Object(_) | Self::Open(..) => 3,
            Self::OneOf(_) => 4,
            Self::Text | Self::Bytes | Self::Any => 5,
            Self::List(_) => 6,
        }
    }

    /// The type, as an error text names it.
    pub(super) fn expectation(&self) -> String {
        let name = match self {
            Self::Text => "text",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::Boolean => "`true` or `false`",
            Self::Bytes => "bytes",
            Self::List(_) => "a list",
            Self::Map(_) | Self::Object(_) | Self::Open(..) => "an object",
            Self::OneOf(types) => {
                let names: Vec<_> = types.iter().map(Self::expectation).collect();
                return names.join(" or ");
            }
            Self::Any => "a value",
        };
        name.to_owned()
    }
}

fn known(properties: &[(&str, ValueType)], name: &str) -> Option<ValueType> {
    let found = properties.iter().find(|(key, _)| *key == name);
    found.map(|(_, ty)| *ty)
}

/// A boolean as clients write it: `true` and `false` as JSON has them, `True` and `False` as Python writes them, and `1` and
/// `0` for forms and flags.
fn boolean(text: &str) -> Option<bool> {
    match text {
        "true" | "True" | "1" => Some(true),
        "false" | "False" | "0" => Some(false),
        _ => None,
    }
}

fn integer(text: &str) -> Option<Value> {
    // `+1` parses in Rust, but it is not JSON.
    if text.starts_with('+') {
        return None;
    }
    let signed = text.parse::<i64>().map(Value::from);
    let value = signed.or_else(|_| text.parse::<u64>().map(Value::from));
    value.ok()
}

fn number(text: &str) -> Option<Value> {
    Number::from_f64(text.parse().ok()?).map(Value::Number)
}
