//! A mapping of the YAML under construction, with the positions of its facts.

use serde_json::{Map, Value};

use crate::description::source::Span;

/// A mapping for an object of the page. `x-origin` is its first key.
#[derive(Debug, Clone)]
pub(super) struct Object {
    origin: Span,
    origins: Map<String, Value>,
    entries: Map<String, Value>,
}

impl Object {
    /// An empty object that the page states at `origin`.
    pub(super) fn at(origin: Span) -> Self {
        Self {
            origin,
            origins: Map::new(),
            entries: Map::new(),
        }
    }

    /// The position where the page states the object.
    pub(super) fn origin(&self) -> Span {
        self.origin
    }

    /// Sets a key that is stated at the position of the object.
    pub(super) fn set(&mut self, key: &str, value: impl Into<Value>) {
        self.entries.insert(key.to_owned(), value.into());
    }

    /// Sets a key that is stated at `origin`, which is recorded if it is on another line.
    pub(super) fn set_from(&mut self, key: &str, value: impl Into<Value>, origin: Span) {
        if origin.line != self.origin.line {
            self.origins.insert(key.to_owned(), position(origin).into());
        }
        self.set(key, value);
    }

    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<&Value> {
        self.entries.get(key)
    }

    /// Moves the keys and origins of another object to this one.
    pub(super) fn absorb(&mut self, other: Self) {
        for (key, value) in other.entries {
            let same_line = other.origin.line == self.origin.line;
            match other.origins.get(&key) {
                Some(origin) => {
                    self.origins.insert(key.clone(), origin.clone());
                }
                None if same_line => {}
                None => {
                    self.origins
                        .insert(key.clone(), position(other.origin).into());
                }
            }
            self.entries.insert(key, value);
        }
    }

    /// The mapping: `x-origin`, then `x-origins` if there are any, then the keys in order.
    pub(super) fn into_value(self) -> Value {
        let mut mapping = Map::new();
        mapping.insert("x-origin".to_owned(), position(self.origin).into());
        if !self.origins.is_empty() {
            mapping.insert("x-origins".to_owned(), Value::Object(self.origins));
        }
        mapping.extend(self.entries);
        Value::Object(mapping)
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        object.into_value()
    }
}

/// `line:column`.
fn position(span: Span) -> String {
    format!("{}:{}", span.line, span.column)
}
