//! Checking JSON values against the schemas of the description.

#![allow(dead_code, reason = "an API may have no operations")]

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::{LazyLock, OnceLock};

use serde::{Deserialize, Serialize};
use serde_json::{Map, Number, Value};

use super::pattern::Pattern;
use crate::operation::Operation;
use crate::types::deviation::{is_one_of, type_of};
use crate::types::tree::push_step;
use crate::types::{Base64, Date, Timestamp, Uri};

/// The schemas of the requests.
pub(crate) static SCHEMAS: LazyLock<Schemas> =
    LazyLock::new(|| serde_json::from_str(include_str!("request_schemas.json")).unwrap_or_default());

#[derive(Default, Deserialize)]
pub(crate) struct Schemas {
    schemas: BTreeMap<String, Schema>,
    operations: BTreeMap<String, RequestSchema>,
}

impl Schemas {
    /// The schemas of an operation.
    pub(crate) fn of(&self, operation: &Operation) -> Option<&RequestSchema> {
        self.operations.get(operation.id)
    }
}

/// The schemas of the parameters and bodies of an operation.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct RequestSchema {
    /// Whether anything is restricted beyond what the types of Rust are.
    pub(crate) restricted: bool,
    /// By location and name: `query limit`.
    pub(crate) parameters: BTreeMap<String, ParameterSchema>,
    pub(crate) required: bool,
    /// The bodies by media type.
    pub(crate) bodies: BTreeMap<String, Schema>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct ParameterSchema {
    pub(crate) required: bool,
    /// Whether anything is restricted beyond what the type of Rust is.
    pub(crate) restricted: bool,
    pub(crate) schema: Schema,
}

/// A JSON Schema, as far as it restricts values.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Schema {
    #[serde(rename = "$ref")]
    reference: Option<String>,
    #[serde(skip)]
    referenced: OnceLock<Option<&'static Schema>>,
    #[serde(rename = "type")]
    types: Option<Types>,
    #[serde(rename = "enum")]
    values: Option<Vec<Value>>,
    format: Option<String>,
    pattern: Option<String>,
    #[serde(skip)]
    compiled: OnceLock<Option<Pattern>>,
    minimum: Option<Number>,
    maximum: Option<Number>,
    exclusive_minimum: Option<Number>,
    exclusive_maximum: Option<Number>,
    multiple_of: Option<Number>,
    min_length: Option<usize>,
    max_length: Option<usize>,
    min_items: Option<usize>,
    max_items: Option<usize>,
    unique_items: bool,
    min_properties: Option<usize>,
    max_properties: Option<usize>,
    properties: BTreeMap<String, Schema>,
    required: BTreeSet<String>,
    additional_properties: Option<Additional>,
    read_only: bool,
    items: Option<Box<Schema>>,
    prefix_items: Vec<Schema>,
    one_of: Vec<Schema>,
    any_of: Vec<Schema>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Types {
    One(Type),
    Several(Vec<Type>),
}

impl Types {
    fn all(&self) -> &[Type] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Several(all) => all,
        }
    }
}

/// A type of JSON Schema.
#[derive(Clone, Copy, Deserialize)]
#[serde(from = "String")]
pub(super) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
    Array,
    Object,
    Unknown,
}

impl From<String> for Type {
    fn from(name: String) -> Self {
        Self::named(&name)
    }
}

impl Type {
    pub(super) fn named(name: &str) -> Self {
        match name {
            "null" => Self::Null,
            "boolean" => Self::Boolean,
            "integer" => Self::Integer,
            "number" => Self::Number,
            "string" => Self::String,
            "array" => Self::Array,
            "object" => Self::Object,
            _ => Self::Unknown,
        }
    }

    /// Whether a value is of this type.
    pub(super) fn has(self, value: &Value) -> bool {
        match self {
            Self::Null => value.is_null(),
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Number => value.is_number(),
            Self::String => value.is_string(),
            Self::Array => value.is_array(),
            Self::Object => value.is_object(),
            Self::Unknown => true,
        }
    }

    /// The type, as a violation names it.
    fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::Number => "a number",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
            Self::Unknown => "a value",
        }
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Additional {
    Allowed(bool),
    Schema(Box<Schema>),
}

/// Something in a request that is not as described.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// `path`, `query`, `header`, `cookie` or `body`.
    #[serde(rename = "in")]
    pub location: &'static str,
    /// The name of the parameter.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The JSON pointer of the value in the parameter or body.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub pointer: String,
    /// The keyword of JSON Schema that it violates: `maximum`.
    pub rule: &'static str,
    /// What is expected: `at most 100`.
    pub expected: String,
}

impl Display for Violation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.location, &self.name) {
            ("body", _) => formatter.write_str("request body")?,
            ("header", Some(name)) => write!(formatter, "header `{name}`")?,
            ("cookie", Some(name)) => write!(formatter, "cookie `{name}`")?,
            (location, name) => {
                let name = name.as_deref().unwrap_or_default();
                write!(formatter, "{location} parameter `{name}`")?;
            }
        }
        if !self.pointer.is_empty() {
            write!(formatter, ": `{}`", self.pointer)?;
        }
        write!(formatter, ": expected {}", self.expected)
    }
}

/// The most violations that are told.
const MOST: usize = 50;

/// The most alternatives that a value is compared with, since alternatives of alternatives multiply.
const ATTEMPTS: usize = 10_000;

/// How deep references and alternatives are followed, since they may be recursive.
const DEPTH: usize = 64;

/// The least number above `i64::MAX`.
const ABOVE_I64: f64 = 9_223_372_036_854_775_808.0;

/// The check of one parameter or body.
pub(crate) struct Check {
    location: &'static str,
    name: Option<String>,
    depth: usize,
    /// How many alternatives are around the current value, and how many were compared within the outermost ones.
    nesting: usize,
    attempts: usize,
    pub(crate) violations: Vec<Violation>,
}

impl Check {
    pub(crate) fn new(location: &'static str, name: Option<&str>) -> Self {
        Self { location, name: name.map(str::to_owned), depth: 0, nesting: 0, attempts: 0, violations: Vec::new() }
    }

    pub(crate) fn add(&mut self, rule: &'static str, expected: impl Into<String>) {
        if self.violations.len() < MOST {
            self.violations.push(Violation {
                location: self.location,
                name: self.name.clone(),
                pointer: String::new(),
                rule,
                expected: expected.into(),
            });
        }
    }

    fn unless(&mut self, fits: bool, rule: &'static str, expected: impl FnOnce() -> String) {
        if !fits {
            self.add(rule, expected());
        }
    }

    /// Compares a value with a schema.
    pub(crate) fn value(&mut self, value: &Value, schema: &Schema) {
        if self.depth >= DEPTH {
            return;
        }
        self.depth += 1;
        match &schema.reference {
            Some(name) => {
                if let Some(schema) = schema.referenced.get_or_init(|| SCHEMAS.schemas.get(name)) {
                    self.value(value, schema);
                }
            }
            None => self.own(value, schema),
        }
        self.depth -= 1;
    }

    fn own(&mut self, value: &Value, schema: &Schema) {
        if let Some(types) = &schema.types
            && !types.all().iter().any(|one| one.has(value))
        {
            let (names, found) = (types.all().iter().map(|one| one.name()), type_of(value));
            let names = names.collect::<Vec<_>>().join(" or ");
            return self.add("type", format!("{names}, found {found}"));
        }
        if let Some(values) = &schema.values {
            let known = || values.iter().map(Value::to_string).collect::<Vec<_>>();
            let expected = || format!("one of {}", known().join(", "));
            self.unless(is_one_of(value, values), "enum", expected);
        }
        match value {
            Value::String(text) => self.text(text, schema),
            Value::Number(number) => self.number(number, schema),
            Value::Array(items) => self.array(items, schema),
            Value::Object(properties) => self.object(properties, schema),
            Value::Null | Value::Bool(_) => {}
        }
        self.alternatives(value, &schema.one_of, "oneOf");
        self.alternatives(value, &schema.any_of, "anyOf");
    }

    /// The violations are those of the alternative that has the fewest.
    fn alternatives(&mut self, value: &Value, alternatives: &[Schema], rule: &'static str) {
        if alternatives.is_empty() {
            return;
        }
        let before = std::mem::take(&mut self.violations);
        if self.nesting == 0 {
            self.attempts = 0;
        }
        self.nesting += 1;
        let mut least: Option<Vec<Violation>> = None;
        for alternative in alternatives {
            self.attempts += 1;
            self.value(value, alternative);
            let found = std::mem::take(&mut self.violations);
            let is_less = |least: &Vec<Violation>| found.len() < least.len();
            if least.as_ref().is_none_or(is_less) {
                least = Some(found);
            }
            if least.as_ref().is_some_and(Vec::is_empty) || self.attempts > ATTEMPTS {
                break;
            }
        }
        self.nesting -= 1;
        self.violations = before;
        let least = least.unwrap_or_default();
        // None of several types.
        if alternatives.len() > 1 && least.iter().any(|one| one.pointer.is_empty() && one.rule == "type") {
            self.add(rule, "one of the described alternatives");
        } else {
            self.violations.extend(least);
        }
    }

    fn text(&mut self, text: &str, schema: &Schema) {
        let least = schema.min_length.unwrap_or_default();
        let most = schema.max_length.unwrap_or(usize::MAX);
        // A character has one to four bytes, which mostly decides.
        if text.len().div_ceil(4) < least || text.len() > most {
            let length = text.chars().count();
            self.count(length, schema.min_length, "minLength", "character");
            self.count_most(length, schema.max_length, "maxLength", "character");
        }
        if let Some(pattern) = &schema.pattern {
            let compiled = schema.compiled.get_or_init(|| Pattern::new(pattern));
            let fits = compiled.as_ref().is_none_or(|compiled| compiled.is_match(text));
            self.unless(fits, "pattern", || format!("a text that matches `{pattern}`"));
        }
        let expected = match schema.format.as_deref() {
            Some("date-time") if Timestamp::from_text(text).instant().is_none() => "a date-time",
            Some("date") if Date::from_text(text).date().is_none() => "a date",
            Some("uuid") if !is_uuid(text) => "a UUID",
            Some("ipv4") if text.parse::<Ipv4Addr>().is_err() => "an IPv4 address",
            Some("ipv6") if text.parse::<Ipv6Addr>().is_err() => "an IPv6 address",
            Some("email") if !is_email(text) => "an email address",
            Some("uri" | "url") if Uri::from_text(text).check().is_err() => "a URI",
            Some("byte") if Base64::from_text(text).decode().is_err() => "base64",
            _ => return,
        };
        self.add("format", expected);
    }

    fn number(&mut self, number: &Number, schema: &Schema) {
        type Bound<'s> = (&'s Option<Number>, fn(Ordering) -> bool, &'static str, &'static str);
        let bounds: [Bound<'_>; 4] = [
            (&schema.minimum, Ordering::is_ge, "minimum", "at least"),
            (&schema.maximum, Ordering::is_le, "maximum", "at most"),
            (&schema.exclusive_minimum, Ordering::is_gt, "exclusiveMinimum", "more than"),
            (&schema.exclusive_maximum, Ordering::is_lt, "exclusiveMaximum", "less than"),
        ];
        for (bound, fits, rule, words) in bounds {
            if let Some(bound) = bound {
                let fits = order(number, bound).is_none_or(fits);
                self.unless(fits, rule, || format!("{words} {bound}"));
            }
        }
        if let Some(of) = &schema.multiple_of {
            self.unless(is_multiple(number, of), "multipleOf", || format!("a multiple of {of}"));
        }
        let is_long = || {
            let bound = |bound: &Option<Number>| bound.as_ref().and_then(Number::as_f64);
            let is_negative = bound(&schema.minimum).is_some_and(|least| least < 0.0);
            let is_i64 = is_negative || schema.format.as_deref() == Some("int64");
            !is_i64 && bound(&schema.maximum) > Some(ABOVE_I64)
        };
        let is_integer = |types: &Types| types.all().iter().all(|one| matches!(one, Type::Integer | Type::Null));
        let (fits, bits) = match schema.format.as_deref() {
            _ if number.is_f64() => return,
            Some("int32") => (number.as_i64().is_some_and(|it| i32::try_from(it).is_ok()), 32),
            Some("uint32") => (number.as_i64().is_some_and(|it| u32::try_from(it).is_ok()), 32),
            Some("uint64") => (number.is_u64(), 64),
            // What the types of Rust read as `i64`.
            _ if schema.types.as_ref().is_some_and(is_integer) && !is_long() => (number.is_i64(), 64),
            _ => return,
        };
        self.unless(fits, "format", || format!("an integer of {bits} bits"));
    }

    fn array(&mut self, items: &[Value], schema: &Schema) {
        self.count(items.len(), schema.min_items, "minItems", "item");
        self.count_most(items.len(), schema.max_items, "maxItems", "item");
        if schema.unique_items {
            let mut seen = BTreeSet::new();
            let fits = items.iter().all(|item| seen.insert(item.to_string()));
            self.unless(fits, "uniqueItems", || "different items".to_owned());
        }
        for (index, item) in items.iter().enumerate() {
            let schema = schema.prefix_items.get(index).or(schema.items.as_deref());
            if let Some(schema) = schema {
                self.at(index, |check| check.value(item, schema));
            }
        }
    }

    fn object(&mut self, properties: &Map<String, Value>, schema: &Schema) {
        self.count(properties.len(), schema.min_properties, "minProperties", "property");
        self.count_most(properties.len(), schema.max_properties, "maxProperties", "property");
        for name in &schema.required {
            // A client does not send what it can only read.
            let is_read_only = || schema.properties.get(name).is_some_and(|one| one.read_only);
            if !properties.contains_key(name) && !is_read_only() {
                self.at(name, |check| check.add("required", "a value"));
            }
        }
        for (name, value) in properties {
            self.at(name, |check| match (schema.properties.get(name), &schema.additional_properties) {
                (Some(schema), _) => check.value(value, schema),
                (None, Some(Additional::Schema(schema))) => check.value(value, schema),
                (None, Some(Additional::Allowed(false))) => {
                    check.add("additionalProperties", "no such property");
                }
                (None, _) => {}
            });
        }
    }

    fn count(&mut self, found: usize, least: Option<usize>, rule: &'static str, unit: &str) {
        let least = least.unwrap_or_default();
        self.unless(found >= least, rule, || counted("at least", least, unit));
    }

    fn count_most(&mut self, found: usize, most: Option<usize>, rule: &'static str, unit: &str) {
        let most = most.unwrap_or(usize::MAX);
        self.unless(found <= most, rule, || counted("at most", most, unit));
    }

    /// Checks a property or an item: the pointers of its violations begin with it.
    pub(super) fn at(&mut self, step: impl Display, check: impl FnOnce(&mut Self)) {
        let before = self.violations.len();
        check(self);
        for violation in self.violations.iter_mut().skip(before) {
            let inner = std::mem::take(&mut violation.pointer);
            push_step(&mut violation.pointer, &step.to_string());
            violation.pointer.push_str(&inner);
        }
    }
}

fn counted(bound: &str, count: usize, unit: &str) -> String {
    match (count, unit) {
        (1, unit) => format!("{bound} 1 {unit}"),
        (count, "property") => format!("{bound} {count} properties"),
        (count, unit) => format!("{bound} {count} {unit}s"),
    }
}

/// An integer, of which an `f64` may have lost digits.
fn whole(number: &Number) -> Option<i128> {
    number.as_i64().map(i128::from).or_else(|| number.as_u64().map(i128::from))
}

fn order(one: &Number, other: &Number) -> Option<Ordering> {
    match (whole(one), whole(other)) {
        (Some(one), Some(other)) => Some(one.cmp(&other)),
        _ => one.as_f64()?.partial_cmp(&other.as_f64()?),
    }
}

fn is_multiple(value: &Number, of: &Number) -> bool {
    if let (Some(value), Some(of)) = (whole(value), whole(of)) {
        return value.checked_rem(of).is_none_or(|rest| rest == 0);
    }
    let (Some(value), Some(of)) = (value.as_f64(), of.as_f64()) else {
        return true;
    };
    let quotient = value / of;
    (quotient - quotient.round()).abs() <= f64::EPSILON * quotient.abs().max(1.0)
}

fn is_uuid(text: &str) -> bool {
    let is_group =
        |(part, length): (&str, usize)| part.len() == length && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    text.len() == 36 && text.split('-').zip([8, 4, 4, 4, 12]).all(is_group)
}

fn is_email(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    parts.is_some_and(|(user, host)| !user.is_empty() && !host.is_empty()) && !text.contains(char::is_whitespace)
}
