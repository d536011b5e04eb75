//! JSON that borrows its values from a document, so that writing copies nothing and looks up no key.

use std::borrow::Cow;

use serde::{Serialize, Serializer};
use serde_json::{Map, Value as Json};

/// A JSON value that borrows from a document.
#[derive(Debug, Clone)]
pub enum Written<'a> {
    /// A JSON value of the document.
    Value(&'a Json),
    /// A string.
    Text(Cow<'a, str>),
    /// A boolean.
    Flag(bool),
    /// A count.
    Count(usize),
    /// An array.
    List(Vec<Self>),
    /// An object.
    Object(Object<'a>),
}

/// A JSON object that borrows from a document. Its entries keep their order.
#[derive(Debug, Clone, Default)]
pub struct Object<'a> {
    entries: Vec<(Cow<'a, str>, Written<'a>)>,
}

impl<'a> Object<'a> {
    /// Appends an entry. The caller makes sure that the object does not have the key.
    pub fn push(&mut self, key: impl Into<Cow<'a, str>>, value: impl Into<Written<'a>>) {
        self.entries.push((key.into(), value.into()));
    }

    /// Adds an entry, or replaces the value of an existing key.
    pub fn set(&mut self, key: &'a str, value: impl Into<Written<'a>>) {
        match self.entries.iter_mut().find(|(other, _)| other == key) {
            Some((_, old)) => *old = value.into(),
            None => self.push(key, value),
        }
    }

    /// Appends an entry if there is a value.
    pub fn push_some(&mut self, key: &'a str, value: Option<impl Into<Written<'a>>>) {
        if let Some(value) = value {
            self.push(key, value);
        }
    }

    /// Appends an entry if the list is not empty.
    pub fn push_list(&mut self, key: &'a str, list: Vec<Written<'a>>) {
        if !list.is_empty() {
            self.push(key, list);
        }
    }

    /// Appends an entry if the object is not empty.
    pub fn push_object(&mut self, key: &'a str, object: Self) {
        if !object.is_empty() {
            self.push(key, object);
        }
    }

    /// Whether the object has no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Written<'a>)> {
        self.entries.iter().map(|(key, value)| (&**key, value))
    }

    /// Sorts the entries by key.
    pub fn sort(&mut self) {
        self.entries.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    }
}

impl Written<'_> {
    /// Copies the value to owned JSON.
    #[must_use]
    pub fn to_json(&self) -> Json {
        match self {
            Self::Value(value) => (*value).clone(),
            Self::Text(text) => Json::from(&**text),
            Self::Flag(flag) => Json::from(*flag),
            Self::Count(count) => Json::from(*count),
            Self::List(items) => items.iter().map(Self::to_json).collect(),
            Self::Object(object) => {
                let entries = object.iter();
                let entries = entries.map(|(key, value)| (key.to_owned(), value.to_json()));
                Json::Object(entries.collect::<Map<_, _>>())
            }
        }
    }
}

impl Serialize for Written<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::Flag(flag) => serializer.serialize_bool(*flag),
            Self::Count(count) => count.serialize(serializer),
            Self::List(items) => serializer.collect_seq(items),
            Self::Object(object) => object.serialize(serializer),
        }
    }
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'a, K: Into<Cow<'a, str>>, V: Into<Written<'a>>> FromIterator<(K, V)> for Object<'a> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let entries = entries.into_iter();
        let entries = entries.map(|(key, value)| (key.into(), value.into()));
        Self {
            entries: entries.collect(),
        }
    }
}

impl<'a, T: Into<Self>> FromIterator<T> for Written<'a> {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(T::into).collect())
    }
}

impl<'a> From<&'a Json> for Written<'a> {
    fn from(value: &'a Json) -> Self {
        Self::Value(value)
    }
}

impl<'a> From<&'a str> for Written<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl<'a> From<&'a String> for Written<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Written<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

impl From<bool> for Written<'_> {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<usize> for Written<'_> {
    fn from(count: usize) -> Self {
        Self::Count(count)
    }
}

impl<'a> From<Vec<Self>> for Written<'a> {
    fn from(list: Vec<Self>) -> Self {
        Self::List(list)
    }
}

impl<'a> From<Object<'a>> for Written<'a> {
    fn from(object: Object<'a>) -> Self {
        Self::Object(object)
    }
}
