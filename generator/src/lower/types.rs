//! From schemas to types.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};
use serde_json::Value as Json;

use crate::document::{Facet, Schema, SchemaKey};
use crate::ir::{
    Arm, Discriminator, EnumValue, Field, IntegerKind, Map, Name, Presence, Struct, Type, TypeKind,
    Union,
};
use crate::names::{case, unique};

use super::arms;
use super::docs;
use super::drafts::{Direction, Drafts, Place};

impl Drafts<'_> {
    /// The type of a schema, null included.
    pub(super) fn nullable_type(
        &mut self,
        schema: &Schema,
        direction: Direction,
        place: &Place,
    ) -> Type {
        let ty = self.ty(schema, direction, place);
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

    /// The type of a schema, null aside.
    pub(super) fn ty(&mut self, schema: &Schema, direction: Direction, place: &Place) -> Type {
        if let Some(key) = &schema.reference {
            return match self.component(key, direction) {
                Some(id) => Type::Named(id),
                None => Type::Any,
            };
        }
        match self.needs_name(schema) {
            true => Type::Named(self.hoist(schema, direction, place)),
            false => self.plain(schema, direction, place),
        }
    }

    /// Whether a schema becomes a struct, enum or union.
    fn needs_name(&self, schema: &Schema) -> bool {
        is_struct(schema) || is_enumeration(schema).is_some() || self.is_union(schema)
    }

    fn is_union(&self, schema: &Schema) -> bool {
        !schema.alternatives.is_empty() || schema.types().count() > 1
    }

    /// What a named type is.
    pub(super) fn kind(
        &mut self,
        schema: &Schema,
        direction: Direction,
        place: &Place,
    ) -> TypeKind {
        if schema.reference.is_some() {
            return TypeKind::Alias(self.ty(schema, direction, place));
        }
        match is_enumeration(schema) {
            Some("string") => return TypeKind::StringEnum(enum_values(schema)),
            Some(_) => return TypeKind::IntegerEnum(enum_values(schema)),
            None => {}
        }
        if !schema.alternatives.is_empty() {
            return self.union(schema, direction, place);
        }
        if is_struct(schema) {
            return TypeKind::Struct(self.structure_of(schema, direction, place));
        }
        if self.is_union(schema) {
            return self.union_of_types(schema, direction, place);
        }
        TypeKind::Alias(self.plain(schema, direction, place))
    }

    /// A type that has no name.
    fn plain(&mut self, schema: &Schema, direction: Direction, place: &Place) -> Type {
        match schema.only_type() {
            Some("string") => string(schema),
            Some("integer") => Type::Integer(integer(schema)),
            Some("number") => Type::Number,
            Some("boolean") => Type::Boolean,
            Some("null") => Type::Null,
            Some("array") => self.array(schema, direction, place),
            Some("object") => Type::Map(Box::new(self.further(schema, direction, place))),
            _ => Type::Any,
        }
    }

    fn array(&mut self, schema: &Schema, direction: Direction, place: &Place) -> Type {
        if !schema.prefix_items.is_empty() && schema.items.is_none() {
            let positions = schema.prefix_items.iter().enumerate();
            let items: Vec<Type> = positions
                .map(|(index, item)| {
                    let place = place.part(&format!("item {index}"), &format!("[{index}]"));
                    self.nullable_type(item, direction, &place)
                })
                .collect();
            return Type::Tuple(items);
        }
        match &schema.items {
            Some(items) if schema.prefix_items.is_empty() => Type::List(Box::new(
                self.nullable_type(items, direction, &place.items()),
            )),
            _ => Type::List(Box::new(Type::Any)),
        }
    }

    /// The type of an object's values by arbitrary keys.
    fn further(&mut self, schema: &Schema, direction: Direction, place: &Place) -> Type {
        match &schema.additional {
            Some(additional) => {
                self.nullable_type(additional, direction, &place.part("value", "{}"))
            }
            None => Type::Any,
        }
    }

    fn structure_of(&mut self, schema: &Schema, direction: Direction, place: &Place) -> Struct {
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
                value: self.further(schema, direction, place),
            })
        });
        let fields = kept
            .into_iter()
            .zip(names)
            .map(|((wire_name, property), name)| {
                self.field(wire_name, name, property, direction, place)
            })
            .collect();
        Struct { fields, additional }
    }

    fn field(
        &mut self,
        wire_name: &str,
        name: Name,
        property: &Schema,
        direction: Direction,
        place: &Place,
    ) -> Field {
        let ty = self.ty(property, direction, &place.property(wire_name));
        let promised = property.facts.flag(Facet::Required) == Some(true);
        let nullable = self.is_nullable(property);
        let presence = match (direction, promised, nullable) {
            (Direction::Request, true, true) | (Direction::Response, true, true) => {
                Presence::Nullable
            }
            (Direction::Request, true, false) => Presence::Required,
            (Direction::Request, false, true) => Presence::ThreeState,
            (_, _, false) | (Direction::Response, false, true) => Presence::Optional,
        };
        Field {
            wire_name: wire_name.to_owned(),
            name,
            ty,
            presence,
            promised,
            nullable,
            default: property
                .facts
                .get(Facet::Default)
                .map(|fact| (*fact.value).clone()),
            docs: docs::of_schema(property, self.merged),
        }
    }

    fn union(&mut self, schema: &Schema, direction: Direction, place: &Place) -> TypeKind {
        let mut arms: IndexMap<Type, (String, &Schema)> = IndexMap::new();
        let telling = arms::telling_words(&schema.alternatives);
        for (index, alternative) in schema.alternatives.iter().enumerate() {
            let words = arms::words(alternative, index, telling.get(index).copied().flatten());
            let place = place.part(&words, &format!("|{index}"));
            let ty = self.ty(alternative, direction, &place);
            arms.entry(ty).or_insert((words, alternative));
        }
        let names = unique(
            arms.values().map(|(words, _)| case::pascal(words, "Value")),
            &["Unknown"],
        );
        let mut arms: Vec<Arm> = arms
            .into_iter()
            .zip(names)
            .map(|((ty, (_, alternative)), name)| self.arm(name, ty, alternative))
            .collect();
        arms::keep_telling_choices(&mut arms);
        let discriminator = self.discriminator(schema, direction, &arms);
        TypeKind::Union(Union {
            discriminator,
            arms,
        })
    }

    fn discriminator(
        &self,
        schema: &Schema,
        direction: Direction,
        arms: &[Arm],
    ) -> Option<Discriminator> {
        let discriminator = schema.discriminator.as_ref()?;
        // The arms have different types.
        let places = arms.iter().enumerate();
        let places: HashMap<&Type, usize> = places.map(|(index, arm)| (&arm.ty, index)).collect();
        let place = |key: &SchemaKey| {
            let ty = Type::Named(self.component(key, direction)?);
            places.get(&ty).copied()
        };
        let mut mapping = IndexMap::new();
        let mut mapped = HashSet::new();
        for (value, key) in &discriminator.mapping {
            if let Some(index) = place(key) {
                mapping.insert(value.clone(), index);
                mapped.insert(index);
            }
        }
        // Without a mapping the value is the name of the component.
        for alternative in &schema.alternatives {
            let Some(key) = &alternative.reference else {
                continue;
            };
            if let Some(index) = place(key).filter(|index| !mapped.contains(index)) {
                mapping.entry(key.clone()).or_insert(index);
                mapped.insert(index);
            }
        }
        Some(Discriminator {
            property: discriminator.property.clone(),
            mapping,
        })
    }

    /// `type: [string, integer]` is a union of both.
    fn union_of_types(&mut self, schema: &Schema, direction: Direction, place: &Place) -> TypeKind {
        let mut arms = Vec::new();
        let kinds: Vec<String> = schema.types().map(str::to_owned).collect();
        for kind in &kinds {
            // A number takes integers too.
            if kind == "integer" && kinds.iter().any(|other| other == "number") {
                continue;
            }
            let mut alone = schema.clone();
            if let Some(mut fact) = alone.facts.take(Facet::Type) {
                fact.value = serde_json::json!([kind]).into();
                alone.facts.set(Facet::Type, fact);
            }
            alone.facts.take(Facet::Enum);
            let ty = self.ty(&alone, direction, &place.part(kind, &format!("|{kind}")));
            let name = case::pascal(kind, "Value");
            arms.push(Arm {
                name,
                ty,
                required: Vec::new(),
                constants: IndexMap::new(),
                choices: IndexMap::new(),
                description: None,
            });
        }
        match arms.as_slice() {
            [single] => TypeKind::Alias(single.ty.clone()),
            _ => TypeKind::Union(Union {
                discriminator: None,
                arms,
            }),
        }
    }
}

/// Whether a schema allows objects with properties that are known, and nothing else.
fn is_struct(schema: &Schema) -> bool {
    !schema.properties.is_empty() && schema.types().all(|kind| kind == "object")
}

/// `"string"` or `"integer"` when the schema is an enumeration of such.
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
    // Values that only signs tell apart get words for their signs, all of them.
    let mut wishes: HashMap<&Name, usize> = HashMap::new();
    for name in &plain {
        *wishes.entry(name).or_default() += 1;
    }
    let clash = |name: &Name| wishes.get(name).is_some_and(|count| *count > 1);
    let spelled: Vec<Name> = plain
        .iter()
        .zip(&values)
        .map(|(name, value)| match clash(name) {
            true => case::pascal_with_signs(&wire_text(value), "Value"),
            false => name.clone(),
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

/// The variant of a value that has no fellows. A negative number has a word for its sign.
pub(super) fn variant_name(value: &Json) -> Name {
    let text = wire_text(value);
    let plain = case::pascal(&text, "Value");
    let is_negative = value.as_i64().is_some_and(|value| value < 0);
    match plain.plain() == "Value" || is_negative {
        true => case::pascal_with_signs(&text, "Value"),
        false => plain,
    }
}

/// A value in words.
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
    let above = |facet: Facet| {
        schema
            .facts
            .get(facet)
            .and_then(|fact| fact.value.as_f64())
            .is_some_and(|bound| bound > 9.3e18)
    };
    match schema.facts.text(Facet::Format) {
        Some("int32") => IntegerKind::I32,
        Some("uint32") => IntegerKind::U32,
        Some("uint64") => IntegerKind::U64,
        _ if above(Facet::Maximum) => IntegerKind::U64,
        _ => IntegerKind::I64,
    }
}
