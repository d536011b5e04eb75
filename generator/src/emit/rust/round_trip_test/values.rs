//! Values that are valid by a schema: everything, only what is required, null where it may be, each value of an enum and
//! each alternative.

use serde_json::{Map, Value, json};

use crate::api::TypeUse;
use crate::description::document::conformance::is_of_any;
use crate::description::document::{Document, Facet, Schema};

/// Schemas nested deeper than this have only what is required.
const DEEPEST_COMPLETE: usize = 3;

/// Schemas nested deeper than this have no value: what requires itself would have no end.
const DEEPEST: usize = 24;

/// A sample has at most so many values.
const MOST_VALUES: usize = 2_000;

/// At most so many alternatives and values of enums of one schema are tried.
const MOST_CHOICES: usize = 40;

/// What a sample has of what it may leave out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    All,
    Required,
    Null,
}

/// Makes values of schemas.
pub(super) struct Sampler<'a> {
    document: &'a Document,
    /// Properties with one of these flags are left out.
    without: &'static [Facet],
    mode: Mode,
    /// Which enum value or alternative is taken at the top or in the property at that position.
    choice: usize,
    chosen_property: Option<usize>,
    written: usize,
}

impl<'a> Sampler<'a> {
    pub(super) fn new(document: &'a Document, used: TypeUse) -> Self {
        let without: &[Facet] = match (used.request, used.response) {
            (true, false) => &[Facet::ReadOnly],
            (false, true) => &[Facet::WriteOnly],
            (true, true) => &[],
            // A type that no operation has may have parts that operations have.
            (false, false) => &[Facet::ReadOnly, Facet::WriteOnly],
        };
        Self {
            document,
            without,
            mode: Mode::All,
            choice: 0,
            chosen_property: None,
            written: 0,
        }
    }

    /// All samples of a schema, each once.
    pub(super) fn all(mut self, schema: &Schema) -> Vec<Value> {
        let mut samples = Vec::new();
        for mode in [Mode::All, Mode::Required, Mode::Null] {
            self.mode = mode;
            self.add(schema, &mut samples);
        }
        self.mode = Mode::All;
        let resolved = self.resolved(schema);
        for choice in 1..self.choices(resolved) {
            self.choice = choice;
            self.add(schema, &mut samples);
        }
        self.mode = Mode::Required;
        for choice in 1..self.choices(resolved) {
            self.choice = choice;
            self.add(schema, &mut samples);
        }
        for (position, property) in resolved.properties.values().enumerate() {
            self.chosen_property = Some(position);
            for choice in 0..self.choices(self.chosen_place(property)) {
                self.choice = choice;
                self.add(schema, &mut samples);
            }
        }
        samples
    }

    fn add(&mut self, schema: &Schema, samples: &mut Vec<Value>) {
        self.written = 0;
        if let Some(sample) = self.value(schema, 0, self.choice_at_top())
            && !samples.contains(&sample)
        {
            samples.push(sample);
        }
    }

    fn choice_at_top(&self) -> usize {
        match self.chosen_property {
            Some(_) => 0,
            None => self.choice,
        }
    }

    /// The schema that a reference leads to.
    fn resolved<'s>(&self, schema: &'s Schema) -> &'s Schema
    where
        'a: 's,
    {
        let mut schema = schema;
        for _ in 0..DEEPEST {
            match schema
                .reference
                .as_ref()
                .and_then(|key| self.document.schemas.get(key))
            {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }

    /// The schema in which a choice for a property is made: that of its items, if it is a list.
    fn chosen_place<'s>(&self, schema: &'s Schema) -> &'s Schema
    where
        'a: 's,
    {
        let schema = self.resolved(schema);
        match &schema.items {
            Some(items) => self.resolved(items),
            None => schema,
        }
    }

    /// How many values a schema leaves to choose from.
    fn choices(&self, schema: &Schema) -> usize {
        let values = enumerated(schema).count();
        values.max(schema.alternatives.len()).min(MOST_CHOICES)
    }

    /// A value, or none where there is no finite one.
    fn value(&mut self, schema: &Schema, depth: usize, choice: usize) -> Option<Value> {
        self.written += 1;
        if depth > DEEPEST || self.written > MOST_VALUES {
            return None;
        }
        if self.mode == Mode::Null && depth > 0 && self.is_nullable(schema) {
            return Some(Value::Null);
        }
        let schema = self.resolved(schema);
        if let Some(value) = enumerated(schema).cycle().nth(choice) {
            return Some(value.clone());
        }
        if schema.properties.is_empty() && !schema.alternatives.is_empty() {
            return self.alternative(schema, depth, choice);
        }
        let ty = schema.types().find(|ty| *ty != "null").map(str::to_owned);
        let is_object = !schema.properties.is_empty() || schema.additional.is_some();
        let is_array = schema.items.is_some() || !schema.prefix_items.is_empty();
        match ty.as_deref() {
            Some("object") => self.object(schema, depth, choice),
            Some("array") => self.array(schema, depth, choice),
            Some("string") => Some(json!(text(schema, self.mode))),
            Some("integer") => Some(number(schema, true)),
            Some("number") => Some(number(schema, false)),
            Some("boolean") => Some(json!(true)),
            Some(_) => Some(Value::Null),
            None if is_object => self.object(schema, depth, choice),
            None if is_array => self.array(schema, depth, choice),
            None => Some(json!({"any": ["thing", 1, null]})),
        }
    }

    fn is_nullable(&self, schema: &Schema) -> bool {
        let says = |schema: &Schema| {
            let fact = schema.facts.get(Facet::Nullable);
            fact.is_some_and(|fact| *fact.value == json!(true))
        };
        says(schema) || says(self.resolved(schema))
    }

    fn alternative(&mut self, schema: &Schema, depth: usize, choice: usize) -> Option<Value> {
        let index = choice % schema.alternatives.len();
        let alternative = schema.alternatives.get(index)?;
        let mut value = self.value(alternative, depth + 1, choice / schema.alternatives.len())?;
        if let (Some(discriminator), Value::Object(object)) = (&schema.discriminator, &mut value) {
            let key = alternative.reference.as_ref()?;
            let mapped = discriminator
                .mapping
                .iter()
                .find(|(_, target)| *target == key);
            let tag = mapped.map_or(key, |(tag, _)| tag);
            // What the property itself says holds.
            let own = self
                .resolved(alternative)
                .properties
                .get(&discriminator.property);
            let tag = json!(tag);
            if own.is_none_or(|own| allows(self.resolved(own), &tag)) {
                object.insert(discriminator.property.clone(), tag);
            }
        }
        Some(value)
    }

    fn object(&mut self, schema: &Schema, depth: usize, choice: usize) -> Option<Value> {
        let complete = self.mode != Mode::Required && depth <= DEEPEST_COMPLETE;
        let mut object = Map::new();
        if !schema.alternatives.is_empty()
            && let Some(Value::Object(more)) = self.alternative(schema, depth, choice)
        {
            object.extend(more);
        }
        for (position, (name, property)) in schema.properties.iter().enumerate() {
            let is_true = |facet| {
                let fact = property.facts.get(facet);
                fact.is_some_and(|fact| *fact.value == json!(true))
            };
            let required = is_true(Facet::Required);
            let chosen = depth == 0 && self.chosen_property == Some(position);
            let is_left_out = self.without.iter().copied().any(is_true);
            if is_left_out || !(required || complete || chosen) {
                continue;
            }
            let choice = if chosen { self.choice } else { 0 };
            match self.value(property, depth + 1, choice) {
                Some(value) => {
                    object.insert(name.clone(), value);
                }
                None if required => return None,
                None => {}
            }
        }
        if let (Some(additional), true) = (&schema.additional, complete)
            && let Some(value) = self.value(additional, depth + 1, 0)
        {
            object.insert("x-additional key".to_owned(), value);
        }
        Some(Value::Object(object))
    }

    fn array(&mut self, schema: &Schema, depth: usize, choice: usize) -> Option<Value> {
        let mut items = Vec::new();
        for item in &schema.prefix_items {
            items.push(self.value(item, depth + 1, choice)?);
        }
        let least = bound(schema, Facet::MinItems).map_or(0, |least| least as usize);
        let wanted = match self.mode {
            Mode::Required => least,
            _ if depth > DEEPEST_COMPLETE => least,
            _ => least.max(1),
        };
        if let Some(item) = &schema.items {
            while items.len() < wanted.min(MOST_CHOICES) {
                match self.value(item, depth + 1, choice) {
                    Some(value) => items.push(value),
                    None if least > 0 => return None,
                    None => break,
                }
            }
        }
        Some(Value::Array(items))
    }
}

/// A bound that is a number.
fn bound(schema: &Schema, facet: Facet) -> Option<f64> {
    schema.facts.get(facet).and_then(|fact| fact.value.as_f64())
}

fn number(schema: &Schema, whole: bool) -> Value {
    let format = schema
        .facts
        .get(Facet::Format)
        .and_then(|fact| fact.value.as_str());
    let bounds = [
        Facet::Minimum,
        Facet::Maximum,
        Facet::ExclusiveMinimum,
        Facet::ExclusiveMaximum,
        Facet::MultipleOf,
    ];
    let [least, most, above, below, step] = bounds.map(|facet| bound(schema, facet));
    let step = step.filter(|step| *step > 0.0).unwrap_or(1.0);
    let is_free = least.or(most).or(above).or(below).is_none();
    if whole && is_free {
        // Beyond what a double tells apart, where the format has room for it.
        return match format {
            Some("int32" | "int16" | "int8" | "uint8" | "uint16" | "uint32") => json!(7),
            _ => json!(9_007_199_254_740_993_i64),
        };
    }
    let start = least
        .or(above.map(|above| above + step))
        .unwrap_or_else(|| most.map_or(1.0, |most| most.min(1.0)));
    let value = (start / step).ceil() * step;
    let value = match below {
        Some(below) if value >= below => below - step,
        _ => value,
    };
    if whole {
        json!(value as i64)
    } else if is_free {
        json!(1.5)
    } else {
        json!(value)
    }
}

/// The values of a schema's enum, without null, and without those that its type excludes: in `type: string` with
/// `enum: [1, 2]`, which people write who mean texts, one of the two is wrong.
fn enumerated(schema: &Schema) -> impl Iterator<Item = &Value> + Clone {
    let values = schema.facts.list(Facet::Enum).iter();
    values.filter(|value| !value.is_null() && has_type(schema, value))
}

/// Whether a schema's type, and its enum if it has one, allow a value.
fn allows(schema: &Schema, value: &Value) -> bool {
    let values = schema.facts.list(Facet::Enum);
    has_type(schema, value) && (values.is_empty() || values.contains(value))
}

fn has_type(schema: &Schema, value: &Value) -> bool {
    schema.types().next().is_none() || is_of_any(value, schema.types())
}

/// A text of the schema's format and length. Patterns are not followed: no model asks for them.
fn text(schema: &Schema, mode: Mode) -> String {
    let fact = |facet| schema.facts.get(facet).and_then(|fact| fact.value.as_str());
    let long = mode != Mode::Required;
    let text = match fact(Facet::Format).unwrap_or_default() {
        "date-time" if long => "2024-01-02T03:04:05.120+02:00",
        "date-time" => "2024-01-02T03:04:05Z",
        "date" => "2024-02-29",
        "time" => "03:04:05Z",
        "duration" => "P1DT2H",
        "uri" | "url" | "iri" if long => "https://example.org",
        "uri" | "url" | "iri" => "https://example.org/a%20b/../c?d=%C3%A9#e",
        "uuid" => "00000000-0000-4000-8000-00000000000a",
        "email" => "someone@example.org",
        "hostname" => "example.org",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" | "base64" => "dGV4dA==",
        _ if fact(Facet::ContentEncoding) == Some("base64") => "dGV4dA==",
        _ if long => "te\u{e9}xt \"\\/",
        _ => "",
    };
    // A text of a format has the length that it needs.
    if fact(Facet::Format).is_some() {
        return text.to_owned();
    }
    let least = bound(schema, Facet::MinLength).map_or(0, |least| least.min(1000.0) as usize);
    let most = bound(schema, Facet::MaxLength).map_or(usize::MAX, |most| most as usize);
    let missing = least.saturating_sub(text.chars().count());
    let filling = std::iter::repeat_n('x', missing);
    text.chars().take(most).chain(filling).collect()
}
