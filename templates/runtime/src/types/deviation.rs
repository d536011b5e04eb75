//! Differences between JSON and its description.

use std::fmt;
use std::ops::Deref;

use serde_json::Value;

/// A value that differs from its description.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{pointer}: expected {expected}, found {found}{}", described_by(.sources))]
#[non_exhaustive]
pub struct Deviation {
    /// The kind of the difference.
    pub kind: DeviationKind,
    /// The JSON pointer of the value, also of an absent one; cut after 1,000 characters.
    pub pointer: String,
    /// The description of the value, such as `a string`.
    pub expected: String,
    /// What was found: the type of the value, such as `null`, or the value itself.
    pub found: String,
    /// The sources that describe the value; empty without the feature `deviations`.
    pub sources: Vec<String>,
}

/// How a value differs from its description.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A property that should always be present is absent.
    Absent,
    /// Null is not allowed.
    Null,
    /// The value has another type, and was left out if it was decoded.
    Type,
    /// The value has another type, and was converted without a loss.
    Converted,
    /// The value is not documented.
    Value,
    /// No description has the property.
    UnknownProperty,
}

fn described_by(sources: &[String]) -> String {
    match sources {
        [] => String::new(),
        _ => format!(" (described by {})", sources.join(", ")),
    }
}

/// The deviations of a JSON text, in its order: the first [`MOST`](Self::MOST) as a slice, and the number of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deviations {
    first: Vec<Deviation>,
    total: usize,
}

impl Deviations {
    /// The most deviations that are kept.
    pub const MOST: usize = 100;

    /// The number of deviations, including those that are not kept.
    pub fn total(&self) -> usize {
        self.total
    }

    /// Adds a deviation, which is made only if it is kept.
    pub(crate) fn add(&mut self, make: impl FnOnce() -> Deviation) {
        self.total += 1;
        if self.first.len() < Self::MOST {
            self.first.push(make());
        }
    }

    /// Adds the deviations of another place.
    #[cfg(feature = "deviations")]
    pub(crate) fn append(&mut self, others: Self) {
        let room = Self::MOST.saturating_sub(self.first.len());
        self.first.extend(others.first.into_iter().take(room));
        self.total += others.total;
    }

    /// Removes the deviations after the first ones.
    pub(crate) fn truncate(&mut self, total: usize) {
        self.total = total;
        self.first.truncate(total);
    }
}

impl Deref for Deviations {
    type Target = [Deviation];

    fn deref(&self) -> &[Deviation] {
        &self.first
    }
}

impl IntoIterator for Deviations {
    type Item = Deviation;
    type IntoIter = std::vec::IntoIter<Deviation>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.into_iter()
    }
}

impl<'a> IntoIterator for &'a Deviations {
    type Item = &'a Deviation;
    type IntoIter = std::slice::Iter<'a, Deviation>;

    fn into_iter(self) -> Self::IntoIter {
        self.first.iter()
    }
}

/// The type of a value, as a deviation names it.
pub(crate) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// The most characters of a value that a deviation quotes.
const MOST_QUOTED: usize = 100;

/// The most characters of a pointer.
const MOST_OF_POINTER: usize = 1000;

/// The beginning of a value.
pub(crate) fn quoted(value: String) -> String {
    beginning(&value, MOST_QUOTED).unwrap_or(value)
}

/// A copy of a pointer, or of its beginning.
pub(crate) fn copied(pointer: &str) -> String {
    beginning(pointer, MOST_OF_POINTER).unwrap_or_else(|| pointer.to_owned())
}

/// The beginning of a text with more characters than this.
fn beginning(text: &str, most: usize) -> Option<String> {
    let (end, _) = text.char_indices().nth(most)?;
    Some(format!("{}...", &text[..end]))
}

/// Whether a value is one of the documented ones. Numbers are compared as numbers: `1` equals `1.0`.
pub(crate) fn is_one_of(value: &Value, known: &[Value]) -> bool {
    let equals = |known: &Value| *known == *value || known.is_number() && known.as_f64() == value.as_f64();
    known.iter().any(equals)
}
