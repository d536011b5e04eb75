//! Turns schemas into types.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::Value as Json;

use crate::api::names::{case, unique};
use crate::api::{
    Alternative, Discriminator, EnumValue, Field, IntegerKind, Map, Name, Presence, Struct, Type,
    TypeKind, Union,
};
use crate::description::document::{Facet, Schema, SchemaKey};
use crate::http::Direction;

use super::type_builder::{SchemaPosition, TypeBuilder};
use super::{alternatives, docs};

impl TypeBuilder<'_> {
    /// The type of a schema. It is [`Type::Nullable`] if the schema allows null.
    pub(super) fn nullable_type(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Type {
        let ty = self.ty(schema, direction, position);
        match (&ty, self.is_nullable(schema)) {
            (Type::Any | Type::Null, _) | (_, false) => ty,
            (_, true) => Type::Nullable(Box::new(ty)),
        }
    }

    /// Whether a schema, or the component that it refers to, allows null.
    pub(super) fn is_nullable(&self, schema: &Schema) -> bool {
        schema
            .with_referred(&self.merged.document.schemas)
            .any(|schema| schema.facts.flag(Facet::Nullable) == Some(true))
    }

    /// Whether null is a value of a schema's Rust type: that of arbitrary JSON.
    fn has_null(&self, schema: &Schema) -> bool {
        let components = &self.merged.document.schemas;
        let target = schema.with_referred(components).last().unwrap_or(schema);
        !self.needs_name(target) && matches!(target.only_type(), None | Some("null"))
    }

    /// The type of a schema for values other than null.
    pub(super) fn ty(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Type {
        if let Some(key) = &schema.reference {
            return match self.component(key, direction) {
                Some(id) => Type::Named(id),
                None => Type::Any,
            };
        }
        if self.needs_name(schema) {
            Type::Named(self.hoist(schema, direction, position))
        } else {
            self.unnamed_type(schema, direction, position)
        }
    }

    /// Whether a schema becomes a struct, enum or union.
    fn needs_name(&self, schema: &Schema) -> bool {
        is_struct(schema) || is_enumeration(schema).is_some() || self.is_union(schema)
    }

    fn is_union(&self, schema: &Schema) -> bool {
        !schema.alternatives.is_empty() || schema.types().count() > 1
    }

    /// The definition of a named type.
    pub(super) fn kind(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> TypeKind {
        if schema.reference.is_some() {
            return TypeKind::Alias(self.ty(schema, direction, position));
        }
        match is_enumeration(schema) {
            Some("string") => return TypeKind::StringEnum(enum_values(schema)),
            Some(_) => return TypeKind::IntegerEnum(enum_values(schema)),
            None => {}
        }
        if !schema.alternatives.is_empty() {
            return self.union(schema, direction, position);
        }
        if is_struct(schema) {
            return TypeKind::Struct(self.struct_of(schema, direction, position));
        }
        if self.is_union(schema) {
            return self.union_of_types(schema, direction, position);
        }
        TypeKind::Alias(self.unnamed_type(schema, direction, position))
    }

    /// The type of a schema that needs no name.
    fn unnamed_type(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Type {
        match schema.only_type() {
            Some("string") => string(schema),
            Some("integer") => Type::Integer(integer(schema)),
            Some("number") => Type::Number,
            Some("boolean") => Type::Boolean,
            Some("null") => Type::Null,
            Some("array") => self.array(schema, direction, position),
            Some("object") => {
                Type::Map(Box::new(self.additional_type(schema, direction, position)))
            }
            _ => Type::Any,
        }
    }

    fn array(&mut self, schema: &Schema, direction: Direction, position: &SchemaPosition) -> Type {
        if !schema.prefix_items.is_empty() && schema.items.is_none() {
            let positions = schema.prefix_items.iter().enumerate();
            let items: Vec<Type> = positions
                .map(|(index, item)| {
                    let position = position.part(&format!("item {index}"), &format!("[{index}]"));
                    self.nullable_type(item, direction, &position)
                })
                .collect();
            return Type::Tuple(items);
        }
        match &schema.items {
            Some(items) if schema.prefix_items.is_empty() => Type::List(Box::new(
                self.nullable_type(items, direction, &position.items()),
            )),
            _ => Type::List(Box::new(Type::Any)),
        }
    }

    /// The type of an object's additional properties.
    fn additional_type(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Type {
        match &schema.additional {
            Some(additional) => {
                self.nullable_type(additional, direction, &position.part("value", "{}"))
            }
            None => Type::Any,
        }
    }

    fn struct_of(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Struct {
        let unwanted = match direction {
            Direction::Request => Facet::ReadOnly,
            Direction::Response => Facet::WriteOnly,
        };
        let kept: Vec<(&String, &Schema)> = schema
            .properties
            .iter()
            .filter(|(_, property)| property.facts.flag(unwanted) != Some(true))
            .collect();
        let names = kept.iter().map(|(name, _)| case::snake(name, "field"));
        let mut names = unique(names, &[]);
        let additional = schema.additional.as_ref().map(|_| ()).and_then(|()| {
            names = unique(names.clone(), &["additional_properties"]);
            let name = Name::new("additional_properties").ok()?;
            Some(Map {
                name,
                value: self.additional_type(schema, direction, position),
            })
        });
        let fields = kept
            .into_iter()
            .zip(names)
            .map(|((wire_name, property), name)| {
                self.field(wire_name, name, property, direction, position)
            })
            .collect();
        Struct {
            fields,
            additional,
            is_closed: schema.facts.flag(Facet::AdditionalProperties) == Some(false),
        }
    }

    fn field(
        &mut self,
        wire_name: &str,
        name: Name,
        property: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> Field {
        let ty = self.ty(property, direction, &position.property(wire_name));
        let promised = property.facts.flag(Facet::Required) == Some(true);
        let has_null = self.has_null(property);
        let nullable = has_null || self.is_nullable(property);
        let presence = match (direction, promised, nullable) {
            (Direction::Request, true, _) if has_null => Presence::Required,
            (Direction::Request, false, _) if has_null => Presence::Optional,
            (Direction::Request, true, true) => Presence::Nullable,
            (Direction::Request, true, false) => Presence::Required,
            (Direction::Request, false, true) => Presence::ThreeState,
            (Direction::Request, false, false) | (Direction::Response, _, _) => Presence::Optional,
        };
        Field {
            wire_name: wire_name.to_owned(),
            name,
            ty,
            presence,
            promised,
            nullable,
            default: docs::default(property, self.merged).cloned(),
            docs: docs::of_use(property, self.merged),
        }
    }

    fn union(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> TypeKind {
        let mut described: IndexMap<Type, (String, &Schema)> = IndexMap::new();
        let distinguishing = alternatives::distinguishing_texts(&schema.alternatives);
        for (index, alternative) in schema.alternatives.iter().enumerate() {
            let text = distinguishing.get(index).copied().flatten();
            let name = alternatives::name(alternative, index, text);
            let position = position.part(&name, &format!("|{index}"));
            let ty = self.ty(alternative, direction, &position);
            described.entry(ty).or_insert((name, alternative));
        }
        let names = unique(
            described
                .values()
                .map(|(name, _)| case::pascal(name, "Value")),
            &["Unknown"],
        );
        let mut alternatives: Vec<Alternative> = described
            .into_iter()
            .zip(names)
            .map(|((ty, (_, schema)), name)| self.alternative(name, ty, schema))
            .collect();
        alternatives::keep_distinguishing_choices(&mut alternatives);
        let discriminator = self.discriminator(schema, direction, &alternatives);
        TypeKind::Union(Union {
            discriminator,
            alternatives,
        })
    }

    fn discriminator(
        &self,
        schema: &Schema,
        direction: Direction,
        alternatives: &[Alternative],
    ) -> Option<Discriminator> {
        let discriminator = schema.discriminator.as_ref()?;
        // No two alternatives have the same type.
        let indices = alternatives.iter().enumerate();
        let indices: HashMap<&Type, usize> = indices
            .map(|(index, alternative)| (&alternative.ty, index))
            .collect();
        let index_of = |key: &SchemaKey| {
            let ty = Type::Named(self.component(key, direction)?);
            indices.get(&ty).copied()
        };
        let mut mapping = IndexMap::new();
        let mut mapped = HashSet::new();
        for (value, key) in &discriminator.mapping {
            if let Some(index) = index_of(key) {
                mapping.insert(value.clone(), index);
                mapped.insert(index);
            }
        }
        // A component without a mapping is identified by its name.
        for alternative in &schema.alternatives {
            let Some(key) = &alternative.reference else {
                continue;
            };
            if let Some(index) = index_of(key).filter(|index| !mapped.contains(index)) {
                mapping.entry(key.clone()).or_insert(index);
                mapped.insert(index);
            }
        }
        Some(Discriminator {
            provenance: docs::provenance(&discriminator.provenance, self.merged),
            property: discriminator.property.clone(),
            mapping,
        })
    }

    /// `type: [string, integer]` is a union of both.
    fn union_of_types(
        &mut self,
        schema: &Schema,
        direction: Direction,
        position: &SchemaPosition,
    ) -> TypeKind {
        let mut alternatives = Vec::new();
        let kinds: Vec<String> = schema.types().map(str::to_owned).collect();
        for kind in &kinds {
            // Every integer is a number.
            if kind == "integer" && kinds.iter().any(|other| other == "number") {
                continue;
            }
            let mut alone = schema.clone();
            if let Some(mut fact) = alone.facts.take(Facet::Type) {
                fact.value = serde_json::json!([kind]).into();
                alone.facts.set(Facet::Type, fact);
            }
            alone.facts.take(Facet::Enum);
            let ty = self.ty(&alone, direction, &position.part(kind, &format!("|{kind}")));
            alternatives.push(Alternative::new(case::pascal(kind, "Value"), ty));
        }
        match alternatives.as_slice() {
            [single] => TypeKind::Alias(single.ty.clone()),
            _ => TypeKind::Union(Union {
                discriminator: None,
                alternatives,
            }),
        }
    }
}

/// Whether a schema allows only objects, and has properties.
fn is_struct(schema: &Schema) -> bool {
    !schema.properties.is_empty() && schema.types().all(|kind| kind == "object")
}

/// `"string"` or `"integer"` if the schema is an enumeration of such values.
fn is_enumeration(schema: &Schema) -> Option<&'static str> {
    let values = schema.facts.list(Facet::Enum);
    if values.is_empty() {
        return None;
    }
    let own = schema.only_type();
    if values.iter().all(Json::is_string) && matches!(own, None | Some("string")) {
        return Some("string");
    }
    let integer = |value: &Json| value.as_i64().is_some();
    (values.iter().all(integer) && matches!(own, None | Some("integer"))).then_some("integer")
}

fn enum_values(schema: &Schema) -> Vec<EnumValue> {
    let values: IndexSet<&Json> = schema.facts.list(Facet::Enum).iter().collect();
    let given = schema.facts.list(Facet::EnumNames);
    let descriptions = schema.facts.list(Facet::EnumDescriptions);
    let mut plain: Vec<Name> = Vec::new();
    for (index, value) in values.iter().enumerate() {
        plain.push(match given.get(index).and_then(Json::as_str) {
            Some(words) => case::pascal(words, "Value"),
            None => variant_name(value),
        });
    }
    // Where values differ only in signs, the signs of all of them are spelled out.
    let mut wishes: HashMap<&Name, usize> = HashMap::new();
    for name in &plain {
        *wishes.entry(name).or_default() += 1;
    }
    let clash = |name: &Name| wishes.get(name).is_some_and(|count| *count > 1);
    let spelled: Vec<Name> = plain
        .iter()
        .zip(&values)
        .map(|(name, value)| {
            if clash(name) {
                case::pascal_with_signs(&wire_text(value), "Value")
            } else {
                name.clone()
            }
        })
        .collect();
    unique(spelled, &["Unknown"])
        .into_iter()
        .zip(values)
        .enumerate()
        .map(|(index, (name, value))| EnumValue {
            wire: value.clone(),
            name,
            description: descriptions
                .get(index)
                .and_then(Json::as_str)
                .filter(|text| !text.is_empty())
                .map(str::to_owned),
        })
        .collect()
}

/// The variant of a value, without regard to the other values. The sign of a negative number is spelled out.
pub(super) fn variant_name(value: &Json) -> Name {
    let text = wire_text(value);
    let plain = case::pascal(&text, "Value");
    let is_negative = value.as_i64().is_some_and(|value| value < 0);
    if plain.plain() == "Value" || is_negative {
        case::pascal_with_signs(&text, "Value")
    } else {
        plain
    }
}

/// The text from which the name of a value's variant follows.
pub(super) fn wire_text(value: &Json) -> String {
    match value {
        Json::String(text) if text.is_empty() => "Empty".to_owned(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn string(schema: &Schema) -> Type {
    if schema.facts.text(Facet::ContentEncoding) == Some("base64") {
        return Type::Base64;
    }
    match schema.facts.text(Facet::Format) {
        Some("date-time") => Type::Timestamp,
        Some("date") => Type::Date,
        Some("uri" | "url" | "uri-reference" | "iri") => Type::Uri,
        Some("password") => Type::Secret,
        Some("byte") => Type::Base64,
        Some("binary") => Type::Binary,
        _ => Type::String,
    }
}

fn integer(schema: &Schema) -> IntegerKind {
    let bound = |facet: Facet| {
        let fact = schema.facts.get(facet);
        fact.and_then(|fact| fact.value.as_f64())
    };
    let is_negative = bound(Facet::Minimum).is_some_and(|least| least < 0.0);
    match schema.facts.text(Facet::Format) {
        Some("int32") => IntegerKind::I32,
        Some("int64") => IntegerKind::I64,
        Some("uint32") => IntegerKind::U32,
        Some("uint64") => IntegerKind::U64,
        _ if !is_negative && bound(Facet::Maximum) > Some(ABOVE_I64) => IntegerKind::U64,
        _ => IntegerKind::I64,
    }
}

/// The least number above `i64::MAX`. It is also what `i64::MAX` becomes in descriptions that programs wrote with floating-point
/// numbers, as `9223372036854776000`.
const ABOVE_I64: f64 = 9_223_372_036_854_775_808.0;
