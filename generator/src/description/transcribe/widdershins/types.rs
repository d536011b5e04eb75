//! Parses the Type column: `string(date-time)`, `[string]`, `[[Pet](#schemapet)]`, `string¦null`.

/// A type in the Type column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Type {
    /// `any`: no claim about the type.
    Any,
    /// A JSON Schema type, perhaps with a format.
    Named {
        /// `string`.
        name: String,
        /// `date-time`.
        format: Option<String>,
    },
    /// A link to a component.
    Reference {
        /// The text of the link.
        text: String,
        /// The anchor that it leads to.
        anchor: String,
    },
    /// An array, with the type of its items if it is stated.
    Array(Option<Box<Type>>),
    /// A type or null.
    Nullable(Box<Type>),
}

/// The limit for nested arrays. No renderer writes deeper ones.
const MAX_DEPTH: usize = 16;

impl Type {
    /// Parses a cell. Returns `None` if the dialect has no such type.
    pub(super) fn parse(text: &str) -> Option<Self> {
        parse(text.trim(), MAX_DEPTH)
    }

    /// The innermost type: that of the items of an array, or of a nullable type.
    pub(super) fn innermost(&self) -> &Self {
        match self {
            Self::Array(Some(inner)) | Self::Nullable(inner) => inner.innermost(),
            _ => self,
        }
    }
}

fn parse(text: &str, depth: usize) -> Option<Type> {
    let depth = depth.checked_sub(1)?;
    if let Some(inner) = text.strip_suffix("¦null") {
        return Some(Type::Nullable(Box::new(parse(inner, depth)?)));
    }
    if let Some(link) = link(text) {
        return Some(link);
    }
    let items = text
        .strip_prefix("array[")
        .or_else(|| text.strip_prefix('['))
        .and_then(|rest| rest.strip_suffix(']'));
    if let Some(items) = items {
        return Some(Type::Array(Some(Box::new(parse(items, depth)?))));
    }
    let (name, format) = match text.strip_suffix(')').and_then(|rest| rest.split_once('(')) {
        Some((name, format)) => (name, Some(format.to_owned())),
        None => (text, None),
    };
    // An OpenAPI 3.1 document may list types: `integer,null(int64)`.
    if let Some(name) = name.strip_suffix(",null") {
        let single = named(name, format)?;
        return Some(Type::Nullable(Box::new(single)));
    }
    named(name, format)
}

fn named(name: &str, format: Option<String>) -> Option<Type> {
    match name {
        "any" => Some(Type::Any),
        "array" => Some(Type::Array(None)),
        "string" | "integer" | "number" | "boolean" | "object" | "null" => Some(Type::Named {
            name: name.to_owned(),
            format,
        }),
        _ => None,
    }
}

/// `[Pet](#schemapet)`.
fn link(text: &str) -> Option<Type> {
    let (label, anchor) = text
        .strip_prefix('[')?
        .strip_suffix(')')?
        .split_once("](#")?;
    (!label.contains(['[', ']']) && !anchor.contains(['(', ')'])).then(|| Type::Reference {
        text: label.to_owned(),
        anchor: anchor.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, format: Option<&str>) -> Type {
        Type::Named {
            name: name.to_owned(),
            format: format.map(str::to_owned),
        }
    }

    fn array(items: Type) -> Type {
        Type::Array(Some(Box::new(items)))
    }

    #[test]
    fn every_spelling_is_read() {
        let pet = || Type::Reference {
            text: "Pet".to_owned(),
            anchor: "schemapet".to_owned(),
        };
        for (text, expected) in [
            ("string", named("string", None)),
            ("string(date-time)", named("string", Some("date-time"))),
            ("[string]", array(named("string", None))),
            ("array[string]", array(named("string", None))),
            ("array", Type::Array(None)),
            ("[integer(int64)]", array(named("integer", Some("int64")))),
            ("[Pet](#schemapet)", pet()),
            ("[[Pet](#schemapet)]", array(pet())),
            ("[[[Pet](#schemapet)]]", array(array(pet()))),
            (
                "string¦null",
                Type::Nullable(Box::new(named("string", None))),
            ),
            (
                "integer,null(int64)",
                Type::Nullable(Box::new(named("integer", Some("int64")))),
            ),
            ("[Pet](#schemapet)¦null", Type::Nullable(Box::new(pet()))),
            ("any", Type::Any),
        ] {
            assert_eq!(Type::parse(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn other_spellings_are_not_types() {
        let deep = "[".repeat(100_000);
        for text in [
            "",
            "none",
            "oneOf",
            "[oneOf]",
            "[Pet](schemapet",
            deep.as_str(),
        ] {
            assert_eq!(Type::parse(text), None);
        }
    }
}
