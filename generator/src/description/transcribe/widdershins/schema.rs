//! Builds schemas from the trees of rows, and compares repeated rows with those of the component.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::description::source::Span;
use crate::description::transcribe::object::Object;
use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;
use crate::description::transcribe::table::cell_prose;

use super::combined::{Combination, SchemaRows};
use super::rows::{ANONYMOUS, PropertyRow};
use super::types::Type;

/// The component schemas of the page.
#[derive(Debug, Default)]
pub(super) struct Components<'a> {
    /// The name of the component for each anchor.
    pub(super) anchors: BTreeMap<String, String>,
    /// The rows of each component.
    pub(super) rows: BTreeMap<String, SchemaRows<'a>>,
}

/// The name of a row for all properties without a row.
const ADDITIONAL_PROPERTIES: &str = "**additionalProperties**";

/// Builds schemas. Links lead to the components.
pub(super) struct Schemas<'c, 'a> {
    pub(super) components: &'c Components<'a>,
}

impl<'a> Schemas<'_, 'a> {
    /// The schema of a section: its own rows with its alternatives or parts.
    pub(super) fn of_rows(
        &self,
        reader: &mut PageReader<'a, '_>,
        at: Passage<'a>,
        rows: &SchemaRows<'a>,
    ) -> Option<Object> {
        if let [row] = rows.own.as_slice()
            && rows.of_items
        {
            return Some(self.list_of_combined(reader, row, &rows.combinations));
        }
        let own = self.of_own_rows(reader, at, &rows.own);
        if rows.combinations.is_empty() {
            return own;
        }
        let mut schema = own.unwrap_or_else(|| reader.object(at));
        self.add_combinations(reader, &mut schema, &rows.combinations);
        Some(schema)
    }

    /// The schema of a table: of its only anonymous row, or an object with the rows as properties.
    fn of_own_rows(
        &self,
        reader: &mut PageReader<'a, '_>,
        at: Passage<'a>,
        rows: &[PropertyRow<'a>],
    ) -> Option<Object> {
        match rows {
            [] => None,
            [row] if row.name == ANONYMOUS => Some(self.property(reader, row)),
            _ => {
                let mut schema = reader.object(at);
                schema.set("type", "object");
                self.add_properties(reader, &mut schema, rows);
                Some(schema)
            }
        }
    }

    /// A list, whose items have the alternatives or parts.
    fn list_of_combined(
        &self,
        reader: &mut PageReader<'a, '_>,
        row: &PropertyRow<'a>,
        combinations: &[Combination<'a>],
    ) -> Object {
        let mut untyped = row.clone();
        untyped.data_type = None;
        let mut schema = self.property(reader, &untyped);
        schema.set("type", "array");
        let mut items = reader.object(row.at);
        self.add_combinations(reader, &mut items, combinations);
        schema.set("items", items);
        schema
    }

    /// Sets `oneOf`, `anyOf` and `allOf`. One with an alternative whose type is not stated is left out: the alternative would
    /// permit anything.
    fn add_combinations(
        &self,
        reader: &mut PageReader<'a, '_>,
        schema: &mut Object,
        combinations: &[Combination<'a>],
    ) {
        for Combination { keyword, rows } in combinations {
            let mut parts = Vec::new();
            for row in rows {
                let part = self.property(reader, row);
                let is_typed = ["type", "$ref", "anyOf", "properties", "enum"];
                if is_typed.iter().any(|key| part.get(key).is_some()) {
                    parts.push(part.into_value());
                } else {
                    reader.warn(
                        "combined-schema",
                        row.at,
                        format!("the table does not state the type of this part of `{keyword}`"),
                        "the schema is transcribed without its alternatives or parts; describe it in an overlay",
                    );
                }
            }
            if let (Some(first), true) = (rows.first(), parts.len() == rows.len()) {
                schema.set_from(keyword, parts, reader.span(first.at));
            }
        }
    }

    /// The schema of a property: type, restrictions and description.
    pub(super) fn property(
        &self,
        reader: &mut PageReader<'a, '_>,
        row: &PropertyRow<'a>,
    ) -> Object {
        let mut schema = self
            .of_type(reader, row)
            .unwrap_or_else(|| reader.object(row.at));
        // A row that links to the items of a list has their name.
        if let Some(title) = &row.title
            && self.linked(row) != Some(title)
        {
            schema.set("title", title.as_str());
        }
        if let Some(cell) = row.description
            && let Some(text) = cell_prose(cell)
        {
            schema.set_from("description", text, reader.span(cell));
        }
        match row.restrictions.map(|cell| cell.text) {
            None => {}
            Some("read-only") => schema.set("readOnly", true),
            Some("write-only") => schema.set("writeOnly", true),
            Some(other) => reader.warn(
                "unknown-restriction",
                row.at,
                format!("`{other}` is not a restriction of this dialect"),
                "it is not transcribed",
            ),
        }
        schema
    }

    /// The schema for the Type column, with the enum and the nested rows. `None` if the cell states no type.
    pub(super) fn of_type(
        &self,
        reader: &mut PageReader<'a, '_>,
        row: &PropertyRow<'a>,
    ) -> Option<Object> {
        let cell = row.data_type?;
        let Some(data_type) = Type::parse(cell.text) else {
            reader.warn(
                "unknown-type",
                row.at,
                format!("`{}` is not a type of this dialect", cell.text),
                "it is transcribed without a type; describe it in an overlay",
            );
            return None;
        };
        self.of_parsed(reader, &data_type, row)
    }

    fn of_parsed(
        &self,
        reader: &mut PageReader<'a, '_>,
        data_type: &Type,
        row: &PropertyRow<'a>,
    ) -> Option<Object> {
        let mut schema = reader.object(row.at);
        match data_type {
            Type::Any => self.add_parts(reader, &mut schema, data_type, row),
            Type::Named { name, format } => {
                schema.set("type", name.as_str());
                if let Some(format) = format {
                    schema.set("format", format.as_str());
                }
                self.add_parts(reader, &mut schema, data_type, row);
            }
            Type::Reference { text, anchor } => {
                let Some(name) = self.components.anchors.get(anchor) else {
                    reader.warn(
                        "unresolved-link",
                        row.at,
                        format!(
                            "`{text}` links to `#{anchor}`, which is not the anchor of a schema"
                        ),
                        "it is transcribed without a type; describe it in an overlay",
                    );
                    return None;
                };
                schema.set("$ref", reference(name));
                self.compare(reader, name, &row.children);
                self.compare_values(reader, name, row);
            }
            Type::Array(items) => {
                schema.set("type", "array");
                let items = items
                    .as_ref()
                    .and_then(|items| self.of_parsed(reader, items, row));
                if let Some(items) = items {
                    schema.set("items", items);
                }
            }
            Type::Nullable(inner) => {
                let inner = self.of_parsed(reader, inner, row)?;
                return Some(nullable(inner));
            }
        }
        Some(schema)
    }

    /// Adds the enum and the properties to the innermost schema of a row.
    fn add_parts(
        &self,
        reader: &mut PageReader<'a, '_>,
        schema: &mut Object,
        data_type: &Type,
        row: &PropertyRow<'a>,
    ) {
        if let Some(first) = row.values.first() {
            let values: Vec<_> = row
                .values
                .iter()
                .map(|cell| literal(data_type, cell.text))
                .collect();
            let origin: Span = reader.span(*first);
            schema.set_from("enum", values, origin);
        }
        if !row.children.is_empty() {
            self.add_properties(reader, schema, &row.children);
        }
    }

    /// Sets `properties` and `additionalProperties`, and `required` if at least one row states it.
    fn add_properties(
        &self,
        reader: &mut PageReader<'a, '_>,
        schema: &mut Object,
        rows: &[PropertyRow<'a>],
    ) {
        let mut properties: Map<String, Value> = Map::new();
        let mut required: Vec<Value> = Vec::new();
        for row in rows {
            match row.name.as_str() {
                ANONYMOUS => reader.warn(
                    "combined-schema",
                    row.at,
                    "an anonymous row among properties belongs to a combined schema; the table does not state which kind",
                    "the row is not transcribed; describe the schema in an overlay",
                ),
                ADDITIONAL_PROPERTIES => {
                    let value = self.property(reader, row);
                    schema.set_from("additionalProperties", value, reader.span(row.at));
                }
                name if properties.contains_key(name) => reader.warn(
                    "duplicate-property",
                    row.at,
                    format!("the property `{name}` is described twice"),
                    "the first row counts",
                ),
                name => {
                    let property = self.property(reader, row);
                    properties.insert(name.to_owned(), property.into_value());
                    if row.required == Some(true) {
                        required.push(name.into());
                    }
                }
            }
        }
        if !properties.is_empty() {
            schema.set("properties", properties);
        }
        if !required.is_empty() {
            schema.set("required", required);
        }
    }

    /// Compares the rows below a link with the rows of the component, which they should repeat.
    fn compare(&self, reader: &mut PageReader<'a, '_>, name: &str, repeated: &[PropertyRow<'a>]) {
        let (Some(first), Some(stated)) = (repeated.first(), self.components.rows.get(name)) else {
            return;
        };
        if stated.is_partial || !stated.combinations.is_empty() {
            return;
        }
        let stated = match stated.own.as_slice() {
            [row] if row.name == ANONYMOUS => row.children.as_slice(),
            rows => rows,
        };
        // The renderer wraps the rows of a titled schema in one more row that links to the schema itself.
        if let [row] = repeated
            && !stated.iter().any(|each| each.name == row.name)
            && self.linked(row) == Some(name)
        {
            return self.compare(reader, name, &row.children);
        }
        self.compare_rows(reader, name, first.at, repeated, stated);
    }

    /// Compares the values that a row with a link lists with those of the component.
    fn compare_values(&self, reader: &mut PageReader<'a, '_>, name: &str, row: &PropertyRow<'a>) {
        let stated = self.components.rows.get(name);
        let Some([component]) = stated.map(|rows| rows.own.as_slice()) else {
            return;
        };
        if row.values.is_empty() || component.name != ANONYMOUS || component.values.is_empty() {
            return;
        }
        let texts = |row: &PropertyRow<'a>| -> BTreeSet<&'a str> {
            row.values.iter().map(|value| value.text).collect()
        };
        let (here, there) = (texts(row), texts(component));
        let added = here
            .difference(&there)
            .map(|value| format!("`{value}` is not there"));
        let omitted = there
            .difference(&here)
            .map(|value| format!("`{value}` is not here"));
        let differences: Vec<String> = added.chain(omitted).collect();
        if let (Some(first), false) = (row.values.first(), differences.is_empty()) {
            reader.warn(
                "schema-row-disagrees",
                *first,
                format!(
                    "the values of `{}` differ from those of the schema `{name}`: {}",
                    row.name,
                    differences.join(", ")
                ),
                "the component counts; correct one of the two in an overlay",
            );
        }
    }

    /// The component that a row links to, also as array items or nullable.
    fn linked(&self, row: &PropertyRow<'_>) -> Option<&str> {
        let data_type = Type::parse(row.data_type?.text)?;
        match data_type.innermost() {
            Type::Reference { anchor, .. } => {
                self.components.anchors.get(anchor).map(String::as_str)
            }
            _ => None,
        }
    }

    fn compare_rows(
        &self,
        reader: &mut PageReader<'a, '_>,
        component: &str,
        first: Passage<'a>,
        repeated: &[PropertyRow<'a>],
        stated: &[PropertyRow<'a>],
    ) {
        let help = "the component counts; correct one of the two in an overlay";
        for row in repeated {
            let Some(original) = stated.iter().find(|each| each.name == row.name) else {
                let message = format!("the schema `{component}` has no property `{}`", row.name);
                reader.warn("schema-row-disagrees", row.at, message, help);
                continue;
            };
            for difference in differences(row, original) {
                let message = format!(
                    "the schema `{component}` differs for `{}`: {difference}",
                    row.name
                );
                reader.warn("schema-row-disagrees", row.at, message, help);
            }
            match self.linked(row) {
                Some(name) => self.compare(reader, name, &row.children),
                None if row.children.is_empty() => {}
                None => {
                    self.compare_rows(reader, component, row.at, &row.children, &original.children);
                }
            }
        }
        for original in stated {
            if !repeated.iter().any(|row| row.name == original.name) {
                let message = format!(
                    "the table omits `{}`, which the schema `{component}` has",
                    original.name
                );
                reader.warn("schema-row-disagrees", first, message, help);
            }
        }
    }
}

/// The reference to a component.
pub(super) fn reference(name: &str) -> String {
    format!(
        "#/components/schemas/{}",
        name.replace('~', "~0").replace('/', "~1")
    )
}

/// The differences between two rows of the same property.
fn differences(row: &PropertyRow<'_>, original: &PropertyRow<'_>) -> Vec<String> {
    let text = |cell: Option<Passage<'_>>| cell.map_or("nothing".to_owned(), |c| c.text.to_owned());
    let flag = |value: Option<bool>| value.map_or("nothing".to_owned(), |value| value.to_string());
    [
        ("type", text(row.data_type), text(original.data_type)),
        ("required", flag(row.required), flag(original.required)),
        (
            "restrictions",
            text(row.restrictions),
            text(original.restrictions),
        ),
        (
            "description",
            text(row.description),
            text(original.description),
        ),
    ]
    .into_iter()
    .filter(|(_, here, there)| here != there)
    .map(|(column, here, there)| format!("{column} `{there}`, here `{here}`"))
    .collect()
}

/// A schema that also allows null: in `type` for a named type, as an alternative for a reference.
fn nullable(inner: Object) -> Object {
    let mut schema = Object::at(inner.origin());
    match inner.get("type").cloned() {
        Some(name) => {
            schema = inner;
            schema.set("type", json!([name, "null"]));
        }
        None if inner.get("$ref").is_some() => {
            let null = json!({ "type": "null" });
            schema.set("anyOf", Value::Array(vec![inner.into_value(), null]));
        }
        None => schema = inner,
    }
    schema
}

/// A value of an enum: of the stated type if it parses as one, else a string.
fn literal(data_type: &Type, text: &str) -> Value {
    let is_text = !matches!(data_type, Type::Named { name, .. } if name != "string");
    if is_text {
        return text.into();
    }
    serde_json::from_str(text).unwrap_or_else(|_| text.into())
}
