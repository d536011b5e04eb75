//! The spanned tree: a YAML or JSON document in which every node has its position.

mod entries;

use std::borrow::Cow;

use serde_json::Number;

use crate::description::source::Span;

pub use entries::Entries;

/// A value with its position.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the node starts.
    pub span: Span,
    /// The value.
    pub value: Value,
}

/// A YAML or JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`, `~` or an empty value.
    Null,
    /// `true` or `false` (YAML 1.2: `yes` and `no` are strings).
    Boolean(bool),
    /// A number that fits an `i64`, `u64` or `f64` without loss of kind.
    Number(Number),
    /// An integer beyond 64 bits, as the document spells it.
    BigInteger(String),
    /// A string.
    String(String),
    /// A sequence.
    Sequence(Vec<Node>),
    /// A mapping in the order of the document; keys are unique.
    Mapping(Mapping),
}

/// A mapping in the order of the document, with the position of each key.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Mapping {
    /// The entries; keys are unique.
    pub entries: Entries,
}

/// One entry of a [`Mapping`].
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key. A scalar other than a string is a key by its spelling (`200` is `"200"`).
    pub key: String,
    /// The position of the key.
    pub key_span: Span,
    /// The value.
    pub value: Node,
}

impl Mapping {
    /// The value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The entry of a key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries.get(self.entries.position(key)?)
    }

    /// The value of a key, mutable.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        self.entries.value_mut(self.entries.position(key)?)
    }

    /// Removes a key and returns its value.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        self.entries.remove_key(key).map(|entry| entry.value)
    }

    /// Appends an entry. The caller makes sure that the mapping does not have the key.
    pub(crate) fn append(&mut self, key: String, key_span: Span, value: Node) {
        self.entries.append(Entry {
            key,
            key_span,
            value,
        });
    }

    /// Sets a key: replaces its value in place or appends an entry.
    pub fn insert(&mut self, key: String, key_span: Span, value: Node) {
        let position = self.entries.position(&key);
        match position.and_then(|position| self.entries.value_mut(position)) {
            Some(existing) => *existing = value,
            None => self.append(key, key_span, value),
        }
    }

    /// Keys and values in the order of the document.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Node)> {
        self.entries
            .iter()
            .map(|entry| (entry.key.as_str(), &entry.value))
    }
}

impl Node {
    /// The mapping, if it is one.
    #[must_use]
    pub fn as_mapping(&self) -> Option<&Mapping> {
        match &self.value {
            Value::Mapping(mapping) => Some(mapping),
            _ => None,
        }
    }

    /// The sequence, if it is one.
    #[must_use]
    pub fn as_sequence(&self) -> Option<&[Node]> {
        match &self.value {
            Value::Sequence(items) => Some(items),
            _ => None,
        }
    }

    /// The string, if it is one.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            _ => None,
        }
    }

    /// The boolean, if it is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.value {
            Value::Boolean(value) => Some(value),
            _ => None,
        }
    }

    /// The value of a key, if this is a mapping that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.as_mapping()?.get(key)
    }

    /// Follows a JSON pointer (RFC 6901).
    #[must_use]
    pub fn pointer(&self, pointer: &str) -> Option<&Node> {
        let mut node = self;
        for token in pointer.split('/').skip(1) {
            let token = &*unescape_token(token);
            node = match &node.value {
                Value::Mapping(mapping) => mapping.get(token)?,
                Value::Sequence(items) => items.get(token.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        Some(node)
    }

    /// The name of the node's type in JSON Schema: `"null"`, `"boolean"`, `"integer"`, and so on.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match &self.value {
            Value::Null => "null",
            Value::Boolean(_) => "boolean",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) | Value::BigInteger(_) => "integer",
            Value::String(_) => "string",
            Value::Sequence(_) => "array",
            Value::Mapping(_) => "object",
        }
    }

    /// Converts the node to JSON without positions. A big integer becomes a float, or a string if the float overflows.
    #[must_use]
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Boolean(value) => (*value).into(),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::BigInteger(text) => match text.parse::<f64>().ok().and_then(Number::from_f64) {
                Some(number) => serde_json::Value::Number(number),
                None => text.clone().into(),
            },
            Value::String(text) => text.clone().into(),
            Value::Sequence(items) => items.iter().map(Node::to_json).collect(),
            Value::Mapping(mapping) => mapping
                .iter()
                .map(|(key, value)| (key.to_owned(), value.to_json()))
                .collect::<serde_json::Map<_, _>>()
                .into(),
        }
    }

    /// Converts a JSON value to a tree in which every node has the position `span`.
    #[must_use]
    pub fn from_json(json: &serde_json::Value, span: Span) -> Self {
        let value = match json {
            serde_json::Value::Null => Value::Null,
            serde_json::Value::Bool(value) => Value::Boolean(*value),
            serde_json::Value::Number(number) => Value::Number(number.clone()),
            serde_json::Value::String(text) => Value::String(text.clone()),
            serde_json::Value::Array(items) => Value::Sequence(
                items
                    .iter()
                    .map(|item| Self::from_json(item, span))
                    .collect(),
            ),
            serde_json::Value::Object(map) => Value::Mapping(Mapping {
                entries: map
                    .iter()
                    .map(|(key, value)| Entry {
                        key: key.clone(),
                        key_span: span,
                        value: Self::from_json(value, span),
                    })
                    .collect(),
            }),
        };
        Self { span, value }
    }
}

/// Appends a token to a JSON pointer, escaped.
#[must_use]
pub fn push_token(pointer: &str, token: &str) -> String {
    if token.contains(['~', '/']) {
        format!("{pointer}/{}", token.replace('~', "~0").replace('/', "~1"))
    } else {
        format!("{pointer}/{token}")
    }
}

/// Removes the escapes from a token of a JSON pointer.
#[must_use]
pub fn unescape_token(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        token.replace("~1", "/").replace("~0", "~").into()
    } else {
        token.into()
    }
}
