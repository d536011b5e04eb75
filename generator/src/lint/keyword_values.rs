//! Keywords of schemas whose values are not of the form that JSON Schema demands, so that they say nothing.

use super::walk;
use super::{Described, Findings};
use crate::description::tree::{Mapping, Node, Value};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    walk::written_schemas(described.tree, &mut |schema| values(schema, findings));
}

fn values(schema: &Mapping, findings: &mut Findings) {
    for (keyword, value) in schema.iter() {
        let Some(form) = Form::of(keyword).filter(|form| !form.has(value)) else {
            continue;
        };
        let message = format!("`{keyword}` has to be {}", form.name());
        let text = format!("this is {}", shown(value));
        findings.add("invalid-keyword-value", message, value.span, &text);
    }
}

/// The form of a keyword's value.
#[derive(Clone, Copy)]
enum Form {
    Number,
    PositiveNumber,
    /// A boolean in OpenAPI 3.0, and a number since.
    ExclusiveBound,
    Count,
    Text,
    Boolean,
}

impl Form {
    /// The form that a keyword demands, if it is one of those that are checked.
    fn of(keyword: &str) -> Option<Self> {
        Some(match keyword {
            "minimum" | "maximum" => Self::Number,
            "multipleOf" => Self::PositiveNumber,
            "exclusiveMinimum" | "exclusiveMaximum" => Self::ExclusiveBound,
            "minLength" | "maxLength" | "minItems" | "maxItems" | "minProperties"
            | "maxProperties" => Self::Count,
            "title" | "description" | "pattern" | "format" => Self::Text,
            "nullable" | "uniqueItems" | "readOnly" | "writeOnly" => Self::Boolean,
            _ => return None,
        })
    }

    fn has(self, value: &Node) -> bool {
        let number = number(value);
        match self {
            Self::Number => number.is_some(),
            Self::PositiveNumber => number.is_some_and(|it| it > 0.0),
            Self::ExclusiveBound => number.is_some() || value.as_bool().is_some(),
            Self::Count => number.is_some_and(|it| it >= 0.0 && it.fract() == 0.0),
            Self::Text => value.as_str().is_some(),
            Self::Boolean => value.as_bool().is_some(),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::PositiveNumber => "a number greater than 0",
            Self::ExclusiveBound => "a number, or a boolean in OpenAPI 3.0",
            Self::Count => "an integer of 0 or more",
            Self::Text => "a string",
            Self::Boolean => "a boolean",
        }
    }
}

fn number(value: &Node) -> Option<f64> {
    match &value.value {
        Value::Number(number) => number.as_f64(),
        Value::BigInteger(text) => text.parse().ok(),
        _ => None,
    }
}

/// What a value is: a number itself, and else its type.
fn shown(value: &Node) -> String {
    match &value.value {
        Value::Number(number) => number.to_string(),
        Value::BigInteger(text) => text.clone(),
        Value::Null => "null".to_owned(),
        Value::Sequence(_) | Value::Mapping(_) => format!("an {}", value.kind()),
        Value::Boolean(_) | Value::String(_) => format!("a {}", value.kind()),
    }
}
