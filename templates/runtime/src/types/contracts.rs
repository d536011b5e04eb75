//! What the descriptions promise of responses, as data.
//!
//! Decoding accepts a property that is missing, null or unknown, and a value that is not documented. Only a client that is
//! asked to report deviations compares responses with this, and only a deviation is looked up in it.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::deviation::{copied, is_one_of, quoted, type_of};
use super::tree::push_step;
use super::{Deviation, DeviationKind, Deviations};

/// The deviations of a JSON body, in the order of its properties. There are none for an unknown operation or status, and
/// for a body that is not JSON.
pub(crate) fn compare(operation_id: &str, status: u16, body: &[u8]) -> Deviations {
    let mut comparison = Comparison::default();
    let schema = CONTRACTS.response(operation_id, status);
    if let (Some(schema), Ok(value)) = (schema, serde_json::from_slice(body)) {
        comparison.compare(&value, schema, &[]);
    }
    comparison.deviations
}

/// The sources that describe a property of a type.
pub(crate) fn sources(type_name: &str, property: &str) -> Vec<String> {
    let sources = match CONTRACTS.types.get(type_name) {
        Some(Schema::Object(object)) => object.properties.get(property),
        _ => None,
    };
    sources.map_or_else(Vec::new, |property| CONTRACTS.names(&property.sources))
}

/// The most further comparisons within one union. After them the first alternative that fits is taken, since every level of
/// nested unions multiplies the comparisons of the level above.
const MOST_ATTEMPTS: usize = 1_000;

/// The depth up to which names of names and unions of unions are resolved, since they may be recursive.
const DEPTH: usize = 32;

static CONTRACTS: LazyLock<Contracts> =
    LazyLock::new(|| serde_json::from_str(include_str!("response_contracts.json")).unwrap_or_default());

/// The schemas of responses.
#[derive(Default, Deserialize)]
struct Contracts {
    sources: Vec<String>,
    types: BTreeMap<String, Schema>,
    /// The schemas of bodies by operation id and status.
    operations: BTreeMap<String, BTreeMap<String, Schema>>,
}

impl Contracts {
    fn response(&self, operation_id: &str, status: u16) -> Option<&Schema> {
        let responses = self.operations.get(operation_id)?;
        let (status, range) = (status.to_string(), format!("{}XX", status / 100));
        [&*status, &range, "default"].into_iter().find_map(|key| responses.get(key))
    }

    fn names(&self, sources: &[usize]) -> Vec<String> {
        sources.iter().filter_map(|one| self.sources.get(*one)).cloned().collect()
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
    Union(Vec<Alternative>),
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
struct Alternative {
    schema: Schema,
    #[serde(default)]
    required: Vec<String>,
    #[serde(default)]
    constants: BTreeMap<String, Vec<Value>>,
}

impl Schema {
    /// The schema that a name refers to.
    fn resolved(&self) -> &Self {
        let mut schema = self;
        for _ in 0..DEPTH {
            let Self::Named(name) = schema else {
                return schema;
            };
            schema = CONTRACTS.types.get(name).unwrap_or(&Self::Any);
        }
        &Self::Any
    }

    /// Whether a value has this type, without regard to its properties and items. `depth` limits unions of unions.
    fn fits(&self, value: &Value, depth: usize) -> bool {
        match self.resolved() {
            Self::Any | Self::Named(_) => true,
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::List(_) | Self::Tuple(_) => value.is_array(),
            Self::Map(_) | Self::Object(_) => value.is_object(),
            Self::Nullable(inner) => {
                let depth = depth.checked_sub(1);
                value.is_null() || depth.is_some_and(|depth| inner.fits(value, depth))
            }
            Self::Values(values) => values
                .iter()
                .any(|known| known.is_string() == value.is_string() && known.is_number() == value.is_number()),
            Self::Union(alternatives) => {
                depth.checked_sub(1).is_some_and(|depth| alternatives.iter().any(|one| one.fits(value, depth)))
            }
        }
    }

    /// The type, as a deviation names it.
    fn name(&self) -> String {
        let name = match self.resolved() {
            Self::Any | Self::Named(_) => "any value",
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::List(_) | Self::Tuple(_) => "an array",
            Self::Map(_) | Self::Object(_) => "an object",
            Self::Nullable(inner) => return format!("{} or null", inner.name()),
            Self::Values(values) => {
                let values: Vec<String> = values.iter().map(Value::to_string).collect();
                return format!("one of {}", values.join(", "));
            }
            Self::Union(_) => "one of several types",
        };
        name.to_owned()
    }
}

impl Alternative {
    fn fits(&self, value: &Value, depth: usize) -> bool {
        let has = |name: &String| value.get(name).is_some();
        let is = |(name, values): (&String, &Vec<Value>)| value.get(name).is_some_and(|value| is_one_of(value, values));
        self.schema.fits(value, depth) && self.required.iter().all(has) && self.constants.iter().all(is)
    }
}

/// The comparison of a body with its schema.
#[derive(Default)]
struct Comparison {
    /// The JSON pointer of the current value.
    pointer: String,
    deviations: Deviations,
    /// How many unions are around the current value, and how many further alternatives were compared in the outermost one.
    nesting: usize,
    attempts: usize,
}

impl Comparison {
    fn compare(&mut self, value: &Value, schema: &Schema, sources: &[usize]) {
        match (schema.resolved(), value) {
            (Schema::Nullable(_), Value::Null) => {}
            (Schema::Nullable(inner), value) => self.compare(value, inner, sources),
            (schema, value) if !schema.fits(value, DEPTH) => {
                let kind = if value.is_null() { DeviationKind::Null } else { DeviationKind::Type };
                self.add(kind, schema.name(), type_of(value), sources);
            }
            (Schema::List(item), Value::Array(values)) => {
                for (index, value) in values.iter().enumerate() {
                    self.at(index, |this| this.compare(value, item, sources));
                }
            }
            (Schema::Tuple(items), Value::Array(values)) => {
                for (index, (value, item)) in values.iter().zip(items).enumerate() {
                    self.at(index, |this| this.compare(value, item, sources));
                }
            }
            (Schema::Map(item), Value::Object(values)) => {
                for (name, value) in values {
                    self.at(name, |this| this.compare(value, item, sources));
                }
            }
            (Schema::Object(object), Value::Object(values)) => self.object(object, values, sources),
            (schema @ Schema::Values(known), value) if !is_one_of(value, known) => {
                self.add(DeviationKind::Value, schema.name(), value, sources);
            }
            (Schema::Union(alternatives), value) => self.union(alternatives, value, sources),
            _ => {}
        }
    }

    /// Compares a value with the alternative that it deviates from least, the first of several.
    fn union(&mut self, alternatives: &[Alternative], value: &Value, sources: &[usize]) {
        let mut fitting = alternatives.iter().filter(|one| one.fits(value, DEPTH));
        let Some(first) = fitting.next() else {
            return;
        };
        if self.nesting == 0 {
            self.attempts = 0;
        }
        self.nesting += 1;
        let before = std::mem::take(&mut self.deviations);
        self.compare(value, &first.schema, sources);
        for alternative in fitting {
            if self.deviations.total() == 0 || self.attempts >= MOST_ATTEMPTS {
                break;
            }
            self.attempts += 1;
            let least = std::mem::take(&mut self.deviations);
            self.compare(value, &alternative.schema, sources);
            if self.deviations.total() >= least.total() {
                self.deviations = least;
            }
        }
        self.nesting -= 1;
        let found = std::mem::replace(&mut self.deviations, before);
        self.deviations.append(found);
    }

    fn object(&mut self, object: &Object, values: &Map<String, Value>, sources: &[usize]) {
        let known = &object.properties;
        for (name, property) in known {
            let (schema, sources) = (&property.schema, &property.sources);
            self.at(name, |this| match values.get(name) {
                None if property.promised => this.add(DeviationKind::Absent, schema.name(), "nothing", sources),
                Some(value) if !(property.nullable && value.is_null()) => this.compare(value, schema, sources),
                _ => {}
            });
        }
        for (name, value) in values.iter().filter(|(name, _)| !known.contains_key(*name)) {
            self.at(name, |this| match &object.others {
                Some(schema) => this.compare(value, schema, sources),
                None => this.add(DeviationKind::UnknownProperty, "no such property", type_of(value), &[]),
            });
        }
    }

    /// Compares a property or item.
    fn at(&mut self, step: impl ToString, compare: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        push_step(&mut self.pointer, &step.to_string());
        compare(self);
        self.pointer.truncate(length);
    }

    fn add(&mut self, kind: DeviationKind, expected: impl fmt::Display, found: impl fmt::Display, sources: &[usize]) {
        let pointer = &self.pointer;
        self.deviations.add(|| Deviation {
            kind,
            pointer: copied(pointer),
            expected: expected.to_string(),
            found: quoted(found.to_string()),
            sources: CONTRACTS.names(sources),
        });
    }
}
