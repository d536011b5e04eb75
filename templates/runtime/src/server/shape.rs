//! What text is expected to stand for: text itself knows no types.

use serde_json::{Number, Value};

/// The kind of value that a parameter or a field of a form has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// Any text.
    Text,
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// Octets.
    Octets,
    /// Several values.
    List(&'static Shape),
    /// Values by arbitrary keys.
    Map(&'static Shape),
    /// Values by these keys; other keys are text.
    Object(&'static [(&'static str, Shape)]),
    /// Values by these keys, and values of one kind by arbitrary others.
    Open(&'static [(&'static str, Shape)], &'static Shape),
    /// Any one of these.
    OneOf(&'static [Shape]),
    /// Any JSON value.
    Any,
}

impl Shape {
    /// The value that a single text stands for.
    ///
    /// # Errors
    /// What was expected instead, such as "an integer".
    pub(super) fn value(&self, text: &str) -> Result<Value, String> {
        match self {
            Self::Text | Self::Octets | Self::Any => Ok(Value::String(text.to_owned())),
            Self::Integer => integer(text).ok_or_else(|| self.expectation()),
            Self::Number => integer(text)
                .or_else(|| number(text))
                .ok_or_else(|| self.expectation()),
            Self::Boolean => match text {
                "true" => Ok(Value::Bool(true)),
                "false" => Ok(Value::Bool(false)),
                _ => Err(self.expectation()),
            },
            Self::List(item) => match serde_json::from_str(text) {
                Ok(list @ Value::Array(_)) => Ok(list),
                _ => Ok(Value::Array(vec![item.value(text)?])),
            },
            Self::Map(_) | Self::Object(_) | Self::Open(..) => match serde_json::from_str(text) {
                Ok(object @ Value::Object(_)) => Ok(object),
                _ => Err(self.expectation()),
            },
            Self::OneOf(shapes) => {
                let mut sorted: Vec<&Self> = shapes.iter().collect();
                sorted.sort_by_key(|shape| shape.looseness());
                sorted
                    .iter()
                    .find_map(|shape| shape.value(text).ok())
                    .ok_or_else(|| self.expectation())
            }
        }
    }

    /// The shape to read several values by: that of a list, if one is possible.
    pub(super) fn list_item(&self) -> Option<Self> {
        match self {
            Self::List(item) => Some(**item),
            Self::OneOf(shapes) => shapes.iter().find_map(Self::list_item),
            _ => None,
        }
    }

    /// The shape of a property, if there can be properties.
    pub(super) fn property(&self, name: &str) -> Option<Self> {
        match self {
            Self::Map(value) => Some(**value),
            Self::Object(properties) => Some(known(properties, name).unwrap_or(Self::Text)),
            Self::Open(properties, others) => Some(known(properties, name).unwrap_or(**others)),
            Self::OneOf(shapes) => shapes.iter().find_map(|shape| shape.property(name)),
            _ => None,
        }
    }

    /// Whether only a value with properties will do.
    pub(super) fn is_object(&self) -> bool {
        match self {
            Self::Map(_) | Self::Object(_) | Self::Open(..) => true,
            Self::OneOf(shapes) => !shapes.is_empty() && shapes.iter().all(Self::is_object),
            _ => false,
        }
    }

    /// Whether only a list will do.
    pub(super) fn is_list(&self) -> bool {
        match self {
            Self::List(_) => true,
            Self::OneOf(shapes) => !shapes.is_empty() && shapes.iter().all(Self::is_list),
            _ => false,
        }
    }

    /// Whether octets will do.
    pub(super) fn is_octets(&self) -> bool {
        match self {
            Self::Octets => true,
            Self::OneOf(shapes) => shapes.iter().any(Self::is_octets),
            _ => false,
        }
    }

    /// Strict shapes are tried before loose ones: every text is a text.
    fn looseness(&self) -> u8 {
        match self {
            Self::Boolean => 0,
            Self::Integer => 1,
            Self::Number => 2,
            Self::Map(_) | Self::Object(_) | Self::Open(..) => 3,
            Self::OneOf(_) => 4,
            Self::Text | Self::Octets | Self::Any => 5,
            Self::List(_) => 6,
        }
    }

    /// What the shape is, in words.
    pub(super) fn expectation(&self) -> String {
        match self {
            Self::Text => "text".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::Octets => "octets".to_owned(),
            Self::List(_) => "a list".to_owned(),
            Self::Map(_) | Self::Object(_) | Self::Open(..) => "an object".to_owned(),
            Self::OneOf(shapes) => {
                let words: Vec<_> = shapes.iter().map(Self::expectation).collect();
                words.join(" or ")
            }
            Self::Any => "a value".to_owned(),
        }
    }
}

fn known(properties: &[(&str, Shape)], name: &str) -> Option<Shape> {
    properties
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, shape)| *shape)
}

fn integer(text: &str) -> Option<Value> {
    // `+1` parses in Rust and is no integer in JSON.
    if text.starts_with('+') {
        return None;
    }
    if let Ok(value) = text.parse::<i64>() {
        return Some(value.into());
    }
    text.parse::<u64>().ok().map(Value::from)
}

fn number(text: &str) -> Option<Value> {
    text.parse()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
}
