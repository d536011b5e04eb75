//! What a server answers otherwise than its descriptions promise.
//!
//! Reading an answer forgives: a property that is missing, null or new, a value that is not among the documented ones.
//! Here is who wants to know. Nothing is compared unless [`ClientBuilder::on_deviation`](super::ClientBuilder::on_deviation)
//! asks for it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;

use super::operation::Operation;

/// A place of an answer that is not as the descriptions promise.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Deviation {
    /// What is wrong.
    pub kind: DeviationKind,
    /// Where, as a JSON pointer into the body; of an absent property the place where it should be.
    pub pointer: String,
    /// What is promised, such as `a string`.
    pub expected: String,
    /// What is there, such as `null`. A value is told only where one of a list is expected.
    pub found: String,
    /// The sources that describe the place; empty where none does, and for a body as a whole.
    pub sources: Vec<String>,
}

/// What is wrong with a place of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum DeviationKind {
    /// A property that is always there is not.
    Absent,
    /// Null, where it is not allowed.
    Null,
    /// A value of another type.
    Type,
    /// A value that is not among the documented ones.
    Value,
    /// A property that no description knows.
    UnknownProperty,
}

impl fmt::Display for Deviation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            pointer,
            expected,
            found,
            ..
        } = self;
        write!(formatter, "{pointer}: expected {expected}, found {found}")?;
        if self.sources.is_empty() {
            return Ok(());
        }
        write!(formatter, " (described by {})", self.sources.join(", "))
    }
}

/// What is called with the deviations of an answer.
#[derive(Clone, Default)]
pub(super) struct Handler(pub(super) Option<Arc<Report>>);

type Report = dyn Fn(&'static Operation, StatusCode, &[Deviation]) + Send + Sync;

impl Handler {
    /// Reports the deviations of an answer, if there are any and somebody wants to know.
    pub(super) fn report(&self, operation: &'static Operation, status: StatusCode, body: &[u8]) {
        let Some(handler) = &self.0 else { return };
        let deviations = deviations(operation.id, status, body);
        if !deviations.is_empty() {
            handler(operation, status, &deviations);
        }
    }
}

impl fmt::Debug for Handler {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(if self.0.is_some() { "Handler" } else { "none" })
    }
}

/// All deviations of a JSON body, in the order of its properties. There are none where no JSON is promised: of an
/// operation or status that the descriptions do not know, of a body that is no JSON.
#[must_use]
pub fn deviations(operation_id: &str, status: StatusCode, body: &[u8]) -> Vec<Deviation> {
    let promised = PROMISES.response(operation_id, status);
    match (promised, serde_json::from_slice(body)) {
        (Some(schema), Ok(value)) => {
            let mut comparison = Comparison::default();
            comparison.compare(&value, schema, &[]);
            comparison.deviations
        }
        _ => Vec::new(),
    }
}

static PROMISES: LazyLock<Promises> =
    LazyLock::new(|| serde_json::from_str(include_str!("promises.json")).unwrap_or_default());

/// What the descriptions promise.
#[derive(Default, Deserialize)]
struct Promises {
    sources: Vec<String>,
    types: BTreeMap<String, Schema>,
    /// Schema of the body by operation id and status.
    operations: BTreeMap<String, BTreeMap<String, Schema>>,
}

impl Promises {
    fn response(&self, operation_id: &str, status: StatusCode) -> Option<&Schema> {
        let responses = self.operations.get(operation_id)?;
        let range = format!("{}XX", status.as_u16() / 100);
        responses
            .get(status.as_str())
            .or_else(|| responses.get(&range))
            .or_else(|| responses.get("default"))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Schema {
    Any,
    Null,
    Boolean,
    Integer,
    Number,
    String,
    List(Box<Schema>),
    Tuple(Vec<Schema>),
    Map(Box<Schema>),
    Nullable(Box<Schema>),
    Named(String),
    Object(Object),
    Values(Vec<Value>),
    Union(Vec<Arm>),
}

#[derive(Deserialize)]
struct Object {
    properties: BTreeMap<String, Property>,
    #[serde(default)]
    others: Option<Box<Schema>>,
}

#[derive(Deserialize)]
struct Property {
    schema: Schema,
    #[serde(default)]
    promised: bool,
    #[serde(default)]
    nullable: bool,
    sources: Vec<usize>,
}

#[derive(Deserialize)]
struct Arm {
    schema: Schema,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    constants: BTreeMap<String, Vec<Value>>,
}

impl Schema {
    /// The schema itself, where it goes by a name.
    fn resolved(&self) -> &Self {
        let mut schema = self;
        // A type that is only another name of itself ends here, too.
        for _ in 0..32 {
            match schema {
                Self::Named(name) => match PROMISES.types.get(name) {
                    Some(named) => schema = named,
                    None => return &Self::Any,
                },
                other => return other,
            }
        }
        &Self::Any
    }

    /// Whether a value is of this type, all that is in it aside.
    fn fits(&self, value: &Value) -> bool {
        self.fits_within(value, 32)
    }

    /// The same, looking into so many unions of unions: one may be an alternative of itself.
    fn fits_within(&self, value: &Value, depth: usize) -> bool {
        match self.resolved() {
            Self::Any | Self::Named(_) => true,
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::List(_) | Self::Tuple(_) => value.is_array(),
            Self::Map(_) | Self::Object(_) => value.is_object(),
            Self::Nullable(inner) => value.is_null() || inner.fits_within(value, depth),
            Self::Values(values) => values.iter().any(|known| {
                known.is_string() == value.is_string() && known.is_number() == value.is_number()
            }),
            Self::Union(arms) => match depth.checked_sub(1) {
                Some(depth) => arms.iter().any(|arm| arm.fits_within(value, depth)),
                None => false,
            },
        }
    }

    /// What it is, in words.
    fn words(&self) -> String {
        match self.resolved() {
            Self::Any | Self::Named(_) => "any value".to_owned(),
            Self::Null => "null".to_owned(),
            Self::Boolean => "a boolean".to_owned(),
            Self::Integer => "an integer".to_owned(),
            Self::Number => "a number".to_owned(),
            Self::String => "a string".to_owned(),
            Self::List(_) | Self::Tuple(_) => "an array".to_owned(),
            Self::Map(_) | Self::Object(_) => "an object".to_owned(),
            Self::Nullable(inner) => format!("{} or null", inner.words()),
            Self::Values(values) => {
                let values: Vec<String> = values.iter().map(Value::to_string).collect();
                format!("one of {}", values.join(", "))
            }
            Self::Union(_) => "one of several types".to_owned(),
        }
    }
}

impl Arm {
    fn fits(&self, value: &Value) -> bool {
        self.fits_within(value, 32)
    }

    fn fits_within(&self, value: &Value, depth: usize) -> bool {
        let has = |name: &String| value.get(name).is_some();
        let is = |(name, values): (&String, &Vec<Value>)| {
            value.get(name).is_some_and(|value| values.contains(value))
        };
        self.schema.fits_within(value, depth)
            && self.required.iter().all(has)
            && self.constants.iter().all(is)
    }
}

/// A body beside what is promised of it.
#[derive(Default)]
struct Comparison {
    /// Where the comparison is.
    pointer: String,
    deviations: Vec<Deviation>,
}

impl Comparison {
    fn compare(&mut self, value: &Value, schema: &Schema, sources: &[usize]) {
        let schema = schema.resolved();
        if let Schema::Nullable(inner) = schema {
            if !value.is_null() {
                self.compare(value, inner, sources);
            }
            return;
        }
        if !schema.fits(value) {
            let kind = match value {
                Value::Null => DeviationKind::Null,
                _ => DeviationKind::Type,
            };
            return self.add(kind, schema.words(), words(value).to_owned(), sources);
        }
        match (schema, value) {
            (Schema::List(item), Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.at(&index.to_string(), |this| {
                        this.compare(value, item, sources)
                    });
                }
            }
            (Schema::Tuple(items), Value::Array(values)) => {
                for (index, (value, item)) in values.iter().zip(items).enumerate() {
                    self.at(&index.to_string(), |this| {
                        this.compare(value, item, sources)
                    });
                }
            }
            (Schema::Map(item), Value::Object(values)) => {
                for (name, value) in values {
                    self.at(name, |this| this.compare(value, item, sources));
                }
            }
            (Schema::Object(object), Value::Object(values)) => self.object(object, values, sources),
            (Schema::Values(known), value) if !known.contains(value) => {
                self.add(
                    DeviationKind::Value,
                    schema.words(),
                    value.to_string(),
                    sources,
                );
            }
            (Schema::Union(arms), value) => {
                if let Some(arm) = arms.iter().find(|arm| arm.fits(value)) {
                    self.compare(value, &arm.schema, sources);
                }
            }
            _ => {}
        }
    }

    fn object(
        &mut self,
        object: &Object,
        values: &serde_json::Map<String, Value>,
        sources: &[usize],
    ) {
        for (name, property) in &object.properties {
            let sources = &property.sources;
            self.at(name, |this| match values.get(name) {
                None if property.promised => {
                    let (expected, found) = (property.schema.words(), "nothing".to_owned());
                    this.add(DeviationKind::Absent, expected, found, sources);
                }
                None => {}
                Some(Value::Null) if property.nullable => {}
                Some(value) => this.compare(value, &property.schema, sources),
            });
        }
        let known = &object.properties;
        for (name, value) in values.iter().filter(|(name, _)| !known.contains_key(*name)) {
            self.at(name, |this| match &object.others {
                Some(schema) => this.compare(value, schema, sources),
                None => {
                    let (expected, found) =
                        ("no such property".to_owned(), words(value).to_owned());
                    this.add(DeviationKind::UnknownProperty, expected, found, &[]);
                }
            });
        }
    }

    /// Goes one step down, and back.
    fn at(&mut self, step: &str, compare: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        self.pointer.push('/');
        self.pointer
            .push_str(&step.replace('~', "~0").replace('/', "~1"));
        compare(self);
        self.pointer.truncate(length);
    }

    fn add(&mut self, kind: DeviationKind, expected: String, found: String, sources: &[usize]) {
        let names = sources
            .iter()
            .filter_map(|source| PROMISES.sources.get(*source));
        self.deviations.push(Deviation {
            kind,
            pointer: self.pointer.clone(),
            expected,
            found,
            sources: names.cloned().collect(),
        });
    }
}

/// What a value is, in words.
fn words(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
