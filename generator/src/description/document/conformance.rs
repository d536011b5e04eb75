//! Compares a JSON value with a schema: what an example, or a recorded response, has that its description does not.

use std::collections::HashSet;
use std::ops::RangeInclusive;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::{Facet, Schema, SchemaKey, key};
use crate::http::Direction;

/// What stands for a key of a map in a pointer: such keys are data, as the indices of arrays are.
pub const MAP_KEY: &str = "{}";

/// How a value differs from its schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MismatchKind {
    /// The value has another type.
    Type,
    /// The value is null, and the schema does not allow it.
    Null,
    /// The value is none of the enum's.
    EnumValue,
    /// The value has another format: no date, no date-time.
    Format,
    /// A required property is absent.
    MissingRequired,
    /// The schema does not have the property.
    UndocumentedProperty,
    /// The discriminator's property has a value that stands for none of the alternatives.
    UnknownAlternative,
}

impl MismatchKind {
    /// The name in reports: `missing-required`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Null => "null",
            Self::EnumValue => "enum-value",
            Self::Format => "format",
            Self::MissingRequired => "missing-required",
            Self::UndocumentedProperty => "undocumented-property",
            Self::UnknownAlternative => "unknown-alternative",
        }
    }
}

/// A difference between a value and its schema.
#[derive(Debug, Clone)]
pub struct Mismatch<'a> {
    /// How it differs.
    pub kind: MismatchKind,
    /// The JSON pointer of the value, with `*` for each index of an array and [`MAP_KEY`] for each key of a map; that of the
    /// absent property, if one is.
    pub pointer: String,
    /// What the schema demands, in words.
    pub expected: String,
    /// The value. `None` for a property that is absent.
    pub value: Option<&'a Json>,
    /// The schema that the value differs from; of the object for a property that it does not have.
    pub schema: &'a Schema,
}

impl std::fmt::Display for Mismatch<'_> {
    /// One sentence without a full stop: `"old" at /age is not of the type integer`.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let at = match self.pointer.as_str() {
            "" => String::new(),
            pointer => format!(" at `{pointer}`"),
        };
        let value = self.value.map(shown).unwrap_or_default();
        let (pointer, expected) = (&self.pointer, &self.expected);
        match self.kind {
            MismatchKind::Type => write!(formatter, "{value}{at} is not of the type {expected}"),
            MismatchKind::Null => write!(formatter, "null{at} is not allowed"),
            MismatchKind::EnumValue => write!(formatter, "{value}{at} is not {expected}"),
            MismatchKind::Format => write!(formatter, "{value}{at} is no `{expected}`"),
            MismatchKind::MissingRequired => {
                write!(formatter, "`{pointer}` is required and absent")
            }
            MismatchKind::UndocumentedProperty => {
                write!(formatter, "`{pointer}` is not described")
            }
            MismatchKind::UnknownAlternative => {
                write!(formatter, "{value}{at} is no alternative: {expected}")
            }
        }
    }
}

/// A value in a sentence: its JSON, cut after 40 characters.
#[must_use]
pub fn shown(value: &Json) -> String {
    let text = value.to_string();
    if text.chars().count() <= 40 {
        format!("`{text}`")
    } else {
        let start: String = text.chars().take(39).collect();
        format!("`{start}\u{2026}`")
    }
}

/// The most schemas that are compared with parts of one value. Alternatives inside alternatives multiply.
const BUDGET: usize = 50_000;

/// How deep alternatives of alternatives are followed.
const DEPTH: usize = 48;

/// All differences between a value and a schema with references to components. `direction` is `None` for a value that is sent
/// in either, such as an example of a component.
#[must_use]
pub fn mismatches<'a>(
    value: &'a Json,
    schema: &'a Schema,
    components: &'a IndexMap<SchemaKey, Schema>,
    direction: Option<Direction>,
) -> Vec<Mismatch<'a>> {
    let mut comparison = Comparison {
        components,
        direction,
        budget: BUDGET,
    };
    let mut found = Vec::new();
    comparison.compare(
        value,
        schema,
        &Context {
            pointer: String::new(),
            depth: 0,
            known: HashSet::new(),
        },
        &mut found,
    );
    found
}

/// What is known about the place of a value.
struct Context<'a> {
    pointer: String,
    depth: usize,
    /// The properties that the schemas around alternatives have.
    known: HashSet<&'a str>,
}

struct Comparison<'a> {
    components: &'a IndexMap<SchemaKey, Schema>,
    direction: Option<Direction>,
    budget: usize,
}

impl<'a> Comparison<'a> {
    fn compare(
        &mut self,
        value: &'a Json,
        schema: &'a Schema,
        place: &Context<'a>,
        found: &mut Vec<Mismatch<'a>>,
    ) {
        if self.budget == 0 || place.depth > DEPTH {
            return;
        }
        self.budget -= 1;
        let chain: Vec<&Schema> = schema.with_referred(self.components).collect();
        let mismatch = |kind, schema, expected: String| Mismatch {
            kind,
            pointer: place.pointer.clone(),
            expected,
            value: Some(value),
            schema,
        };
        let stating = |facet| stating(&chain, facet, schema);
        if value.is_null() {
            if !self.may_be_null(&chain) {
                found.push(mismatch(MismatchKind::Null, schema, "a value".to_owned()));
            }
            return;
        }
        let types = first_list(&chain, Facet::Type);
        let types: Vec<&str> = types.iter().filter_map(Json::as_str).collect();
        if !types.is_empty() && !types.iter().any(|ty| is_of(value, ty)) {
            found.push(mismatch(
                MismatchKind::Type,
                stating(Facet::Type),
                types.join(" or "),
            ));
            return;
        }
        let values = first_list(&chain, Facet::Enum);
        if !values.is_empty() && !values.iter().any(|allowed| is_equal(allowed, value)) {
            let listed: Vec<String> = values.iter().take(8).map(Json::to_string).collect();
            let more = if values.len() > 8 { ", …" } else { "" };
            let expected = format!("one of {}{more}", listed.join(", "));
            found.push(mismatch(
                MismatchKind::EnumValue,
                stating(Facet::Enum),
                expected,
            ));
        }
        if let (Some(text), Some(format)) = (value.as_str(), first_text(&chain, Facet::Format))
            && !has_format(text, format)
        {
            found.push(mismatch(
                MismatchKind::Format,
                stating(Facet::Format),
                format.to_owned(),
            ));
        }
        let mut known = HashSet::new();
        match value {
            Json::Object(object) => {
                let properties = chain.iter().flat_map(|it| it.properties.keys());
                known.clone_from(&place.known);
                known.extend(properties.map(String::as_str));
                self.compare_object(object, schema, &chain, &known, place, found);
            }
            Json::Array(items) => self.compare_items(items, &chain, place, found),
            _ => {}
        }
        self.compare_alternatives(value, &chain, known, place, found);
    }

    /// Whether a schema allows null. `chain` is the schema with those that it refers to.
    fn may_be_null(&self, chain: &[&'a Schema]) -> bool {
        let is_nullable = |it: &&Schema| it.facts.flag(Facet::Nullable) == Some(true);
        let is_free = |it: &&Schema| it.is_unconstrained() || it.reference.is_some();
        chain.iter().any(is_nullable)
            || chain.iter().all(is_free)
            || first_list(chain, Facet::Enum).iter().any(Json::is_null)
            || chain.iter().any(|it| self.allows_null(it, DEPTH))
    }

    fn compare_items(
        &mut self,
        items: &'a [Json],
        chain: &[&'a Schema],
        place: &Context<'a>,
        found: &mut Vec<Mismatch<'a>>,
    ) {
        let of_items = chain.iter().find_map(|it| it.items.as_deref());
        let has_positions = chain.iter().any(|it| !it.prefix_items.is_empty());
        let Some(of_items) = of_items.filter(|_| !has_positions) else {
            return;
        };
        let place = place.below("*");
        for item in items {
            self.compare(item, of_items, &place, found);
        }
    }

    fn compare_object(
        &mut self,
        object: &'a serde_json::Map<String, Json>,
        schema: &'a Schema,
        chain: &[&'a Schema],
        known: &HashSet<&'a str>,
        place: &Context<'a>,
        found: &mut Vec<Mismatch<'a>>,
    ) {
        let property = |name: &str| chain.iter().find_map(|it| it.properties.get(name));
        let additional = chain.iter().find_map(|it| it.additional.as_deref());
        let is_closed = additional.is_none()
            && !known.is_empty()
            && chain
                .iter()
                .all(|it| it.facts.flag(Facet::AdditionalProperties) != Some(true));
        let with_properties = chain.iter().find(|it| !it.properties.is_empty());
        let object_schema = with_properties.copied().unwrap_or(schema);
        let mut alternatives = HashSet::new();
        for schema in chain {
            self.names_of_alternatives(schema, DEPTH, &mut alternatives);
        }
        for (name, value) in object {
            match (property(name), additional) {
                (Some(of_value), _) => self.compare(value, of_value, &place.below(name), found),
                (None, Some(of_value)) => {
                    self.compare(value, of_value, &place.below(MAP_KEY), found);
                }
                (None, None)
                    if is_closed
                        && !known.contains(name.as_str())
                        && !alternatives.contains(name.as_str()) =>
                {
                    found.push(Mismatch {
                        kind: MismatchKind::UndocumentedProperty,
                        pointer: place.below(name).pointer,
                        expected: "nothing".to_owned(),
                        value: Some(value),
                        schema: object_schema,
                    });
                }
                (None, None) => {}
            }
        }
        let required = chain.iter().flat_map(|it| &it.properties);
        for (name, of_property) in required {
            let is_required = of_property.facts.flag(Facet::Required) == Some(true);
            if is_required && !object.contains_key(name) && !self.may_be_absent(of_property) {
                found.push(Mismatch {
                    kind: MismatchKind::MissingRequired,
                    pointer: place.below(name).pointer,
                    expected: "a value".to_owned(),
                    value: None,
                    schema: of_property,
                });
            }
        }
    }

    /// Whether a required property is not sent in the direction.
    fn may_be_absent(&self, property: &Schema) -> bool {
        let flag = |facet| {
            property
                .with_referred(self.components)
                .any(|it| it.facts.flag(facet) == Some(true))
        };
        match self.direction {
            Some(Direction::Request) => flag(Facet::ReadOnly),
            Some(Direction::Response) => flag(Facet::WriteOnly),
            None => flag(Facet::ReadOnly) || flag(Facet::WriteOnly),
        }
    }

    /// Compares with the alternative that fits best.
    fn compare_alternatives(
        &mut self,
        value: &'a Json,
        chain: &[&'a Schema],
        known: HashSet<&'a str>,
        place: &Context<'a>,
        found: &mut Vec<Mismatch<'a>>,
    ) {
        let Some(schema) = chain.iter().find(|it| !it.alternatives.is_empty()) else {
            return;
        };
        if let Some(expected) = self.unknown_alternative(value, schema) {
            found.push(Mismatch {
                kind: MismatchKind::UnknownAlternative,
                pointer: place.pointer.clone(),
                expected,
                value: Some(value),
                schema,
            });
            return;
        }
        let place = Context {
            pointer: place.pointer.clone(),
            depth: place.depth + 1,
            known,
        };
        let mut best: Option<(usize, Vec<Mismatch<'a>>)> = None;
        for alternative in &schema.alternatives {
            let mut of_alternative = Vec::new();
            self.compare(value, alternative, &place, &mut of_alternative);
            // A value of another type is farther from an alternative than one with properties that it lacks.
            let distance = of_alternative.iter().map(|it| match it.kind {
                MismatchKind::Type | MismatchKind::Null if it.pointer == place.pointer => 1_000,
                MismatchKind::UnknownAlternative => 20,
                MismatchKind::EnumValue => 20,
                MismatchKind::MissingRequired => 5,
                _ => 1,
            });
            let distance = distance.sum();
            if best.as_ref().is_none_or(|(least, _)| distance < *least) {
                best = Some((distance, of_alternative));
            }
            if distance == 0 {
                break;
            }
        }
        found.extend(
            best.into_iter()
                .flat_map(|(_, of_alternative)| of_alternative),
        );
    }

    /// What the discriminator's property may be, if it has another value and all values are known.
    fn unknown_alternative(&self, value: &Json, schema: &'a Schema) -> Option<String> {
        let discriminator = schema.discriminator.as_ref()?;
        let property = &discriminator.property;
        let text = value.get(property)?.as_str()?;
        let mapping = discriminator.mapping.iter();
        let mut known: Vec<String> = mapping.clone().map(|(value, _)| value.clone()).collect();
        for alternative in &schema.alternatives {
            let key = alternative.reference.as_ref();
            if mapping.clone().any(|(_, mapped)| Some(mapped) == key) {
                continue;
            }
            let mut chain = alternative.with_referred(self.components);
            let listed = chain.find_map(|it| {
                let of_property = it.properties.get(property)?;
                let values = of_property.facts.list(Facet::Enum);
                (!values.is_empty()).then_some(values)
            });
            match (listed, key) {
                (Some(values), _) => {
                    known.extend(values.iter().filter_map(Json::as_str).map(str::to_owned));
                }
                (None, Some(key)) => known.push(key::name(key)),
                (None, None) => return None,
            }
        }
        let is_known = known.iter().any(|known| known == text);
        (!is_known).then(|| format!("`{property}` is one of {}", known.join(", ")))
    }

    /// Whether an alternative of a schema allows null.
    fn allows_null(&self, schema: &Schema, depth: usize) -> bool {
        depth > 0
            && schema.alternatives.iter().any(|alternative| {
                let mut chain = alternative.with_referred(self.components);
                chain.any(|it| {
                    it.facts.flag(Facet::Nullable) == Some(true)
                        || it.facts.list(Facet::Enum).iter().any(Json::is_null)
                        || it.is_unconstrained()
                        || self.allows_null(it, depth / 2)
                })
            })
    }

    /// The properties of the alternatives of a schema.
    fn names_of_alternatives(
        &self,
        schema: &'a Schema,
        depth: usize,
        names: &mut HashSet<&'a str>,
    ) {
        if depth == 0 {
            return;
        }
        for alternative in &schema.alternatives {
            for part in alternative.with_referred(self.components) {
                names.extend(part.properties.keys().map(String::as_str));
                self.names_of_alternatives(part, depth / 4, names);
            }
        }
    }
}

impl<'a> Context<'a> {
    fn below(&self, token: &str) -> Context<'a> {
        Context {
            pointer: crate::description::tree::push_token(&self.pointer, token),
            depth: 0,
            known: HashSet::new(),
        }
    }
}

fn first_list<'a>(chain: &[&'a Schema], facet: Facet) -> &'a [Json] {
    let mut lists = chain.iter().map(|it| it.facts.list(facet));
    lists.find(|list| !list.is_empty()).unwrap_or_default()
}

/// The schema of a chain that states a facet.
fn stating<'a>(chain: &[&'a Schema], facet: Facet, otherwise: &'a Schema) -> &'a Schema {
    let mut stating = chain.iter().filter(|it| it.facts.get(facet).is_some());
    stating.next().copied().unwrap_or(otherwise)
}

fn first_text<'a>(chain: &[&'a Schema], facet: Facet) -> Option<&'a str> {
    chain.iter().find_map(|it| it.facts.text(facet))
}

/// The JSON type of a value; `integer` for a number without a fraction.
#[must_use]
pub fn type_of(value: &Json) -> &'static str {
    match value {
        Json::Null => "null",
        Json::Bool(_) => "boolean",
        Json::Number(_) if is_of(value, "integer") => "integer",
        Json::Number(_) => "number",
        Json::String(_) => "string",
        Json::Array(_) => "array",
        Json::Object(_) => "object",
    }
}

/// Whether a value is of one of some types; an `integer` is a `number`, too. No value is of a type that nobody knows.
pub fn is_of_any<'t>(value: &Json, mut types: impl Iterator<Item = &'t str>) -> bool {
    let of_value = type_of(value);
    types.any(|ty| ty == of_value || (ty == "number" && of_value == "integer"))
}

fn is_of(value: &Json, ty: &str) -> bool {
    match ty {
        "integer" => {
            value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|it| it.fract() == 0.0)
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // A type that nobody knows is reported where it is read.
        _ => true,
    }
}

fn is_equal(one: &Json, other: &Json) -> bool {
    match (one.as_f64(), other.as_f64()) {
        (Some(one), Some(other)) => one == other,
        _ => one == other,
    }
}

/// Whether a text has a format, as far as it is checked: `date`, `date-time` and `uuid`.
fn has_format(text: &str, format: &str) -> bool {
    match format {
        "date" => is_date(text),
        "date-time" => is_date_time(text),
        "uuid" => is_like(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        _ => true,
    }
}

/// Whether a text is a `full-date` of RFC 3339.
#[must_use]
pub fn is_date(text: &str) -> bool {
    is_like(text, "dddd-dd-dd")
        && is_within(text.get(5..7), "01"..="12")
        && is_within(text.get(8..), "01"..="31")
}

/// Whether a text is a `date-time` of RFC 3339.
#[must_use]
pub fn is_date_time(text: &str) -> bool {
    let Some((date, time)) = text.split_once(['T', 't']) else {
        return false;
    };
    let Some(end) = time.find(['Z', 'z', '+', '-']) else {
        return false;
    };
    let (clock, zone) = time.split_at(end);
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, "0"));
    let is_hour_and_minute = |text: &str| {
        is_like(text, "dd:dd")
            && is_within(text.get(..2), "00"..="23")
            && is_within(text.get(3..), "00"..="59")
    };
    let is_offset = |text: &str| {
        text.strip_prefix(['+', '-'])
            .is_some_and(is_hour_and_minute)
    };
    is_date(date)
        && is_like(clock, "dd:dd:dd")
        && clock.get(..5).is_some_and(is_hour_and_minute)
        && is_within(clock.get(6..), "00"..="60")
        && !fraction.is_empty()
        && fraction.bytes().all(|byte| byte.is_ascii_digit())
        && (zone.eq_ignore_ascii_case("z") || is_offset(zone))
}

/// Whether two digits are in a range.
fn is_within(digits: Option<&str>, range: RangeInclusive<&str>) -> bool {
    digits.is_some_and(|digits| range.contains(&digits))
}

/// Whether a text has a digit for each `d`, a hexadecimal digit for each `x`, and else the characters of the pattern.
fn is_like(text: &str, pattern: &str) -> bool {
    text.len() == pattern.len()
        && text
            .bytes()
            .zip(pattern.bytes())
            .all(|(byte, expected)| match expected {
                b'd' => byte.is_ascii_digit(),
                b'x' => byte.is_ascii_hexdigit(),
                _ => byte == expected,
            })
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_date_time};

    #[test]
    fn dates_and_times_have_their_form_and_are_possible() {
        assert!(is_date("2024-02-29") && !is_date("2024-13-01") && !is_date("2024-99-99"));
        let are_times = ["2024-01-31T23:59:60Z", "2024-01-31t00:00:00.5+01:30"];
        assert!(are_times.into_iter().all(is_date_time));
        let are_none = [
            "2024-01-31T24:00:00Z",
            "2024-01-31T25:61:61Z",
            "2024-01-31T00:00:00+25:00",
            "2024-01-31T00:00:00.Z",
            "2024-01-31",
        ];
        assert!(!are_none.into_iter().any(is_date_time));
    }
}
