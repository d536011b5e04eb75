//! Types, with their fields, values and alternatives.

use super::{ItemReader, examples, json, presence_promise, stated};
use crate::api::{
    Docs, EnumValue, Field, Presence, Provenance, Struct, TypeDefinition, TypeKind, Union,
};
use crate::description::document::Facet;
use crate::diff::Claim;
use crate::diff::items::{Kind, MAJOR, PATCH, Rule};

impl ItemReader<'_> {
    pub(super) fn definition(&mut self, definition: &TypeDefinition) {
        let name = self.later_name(definition.name.plain()).to_owned();
        let (kind, target) = match &definition.kind {
            TypeKind::Struct(_) => ("struct", String::new()),
            TypeKind::StringEnum(_) => ("enum of strings", String::new()),
            TypeKind::IntegerEnum(_) => ("enum of integers", String::new()),
            TypeKind::Union(_) => ("union", String::new()),
            TypeKind::Alias(target) => ("alias", self.ty(target)),
        };
        let stated: &[Provenance] = match &definition.kind {
            TypeKind::Union(Union {
                discriminator: Some(discriminator),
                ..
            }) => &discriminator.provenance,
            _ => &[],
        };
        let is_sent = definition.used.request;
        let closed = if is_sent { Rule::Least } else { PATCH };
        let item = self
            .item(
                Kind::Type,
                None,
                definition.name.to_string(),
                &definition.docs,
            )
            .facet("kind", kind.to_owned(), MAJOR)
            .facet("target", target, MAJOR)
            .facet("discriminator", discriminator(&definition.kind), PATCH)
            .stated("discriminator", self.claims(stated))
            .facet("alternative-order", alternatives(&definition.kind), PATCH)
            .facet("value-order", values(&definition.kind), PATCH)
            .facet("examples", examples(&definition.examples), PATCH)
            .facet("additional-properties", forbidden(&definition.kind), closed)
            .bounds(&definition.docs, is_sent);
        self.add(name.clone(), item);
        let rust = definition.name.plain();
        self.items(&name, rust, &definition.docs, is_sent);
        match &definition.kind {
            TypeKind::Struct(structure) => self.structure(&name, definition, structure),
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                self.values(&name, definition, values);
            }
            TypeKind::Union(union) => self.union(&name, definition, union),
            TypeKind::Alias(_) => {}
        }
    }

    fn structure(&mut self, name: &str, definition: &TypeDefinition, structure: &Struct) {
        for field in &structure.fields {
            let ty = self.field_type(field);
            let rust = format!("{}::{}", definition.name, field.name);
            let (access, stated) = self.access(definition, field);
            let mut item = self
                .item(Kind::Field, Some(name), rust.clone(), &field.docs)
                .facet("type", ty, MAJOR)
                .facet("promise", promise(field, definition.used.response), PATCH)
                .facet("default", json(field.default.as_ref()), PATCH)
                .facet("access", access.to_owned(), PATCH)
                .stated("access", stated)
                .bounds(&field.docs, definition.used.request);
            item.is_demanded = field.presence == Presence::Required;
            let key = format!("{name}.{}", field.wire_name);
            self.add(key.clone(), item);
            self.items(&key, &rust, &field.docs, definition.used.request);
        }
        if let Some(map) = &structure.additional {
            let rust = format!("{}::{}", definition.name, map.name);
            let docs = stated(None, definition.docs.provenance.clone());
            let item = self.item(Kind::Field, Some(name), rust, &docs).facet(
                "type",
                format!("BTreeMap<String, {}>", self.ty(&map.value)),
                MAJOR,
            );
            self.add(format!("{name}.*"), item);
        }
    }

    /// Whether the schema of a component calls a property read-only or write-only, which the description of the crate shows,
    /// and where.
    fn access(&self, definition: &TypeDefinition, field: &Field) -> (&'static str, Vec<Claim>) {
        let schemas = self.version.merged.map(|merged| &merged.document.schemas);
        let key = definition.schema.strip_prefix("#/components/schemas/");
        let schema = key.and_then(|key| schemas?.get(key));
        let property = schema.and_then(|schema| schema.properties.get(&field.wire_name));
        let Some(facts) = property.map(|property| &property.facts) else {
            return ("", Vec::new());
        };
        let known = [
            (Facet::ReadOnly, "read-only"),
            (Facet::WriteOnly, "write-only"),
        ];
        let mut stated = known.into_iter();
        match stated.find(|(facet, _)| facts.flag(*facet) == Some(true)) {
            Some((facet, access)) => (access, self.claims_of(facts.get(facet))),
            None => ("", Vec::new()),
        }
    }

    fn field_type(&self, field: &Field) -> String {
        let ty = self.ty(&field.ty);
        match field.presence {
            Presence::Required => ty,
            Presence::Optional | Presence::Nullable => format!("Option<{ty}>"),
            Presence::ThreeState => format!("Change<{ty}>"),
        }
    }

    fn values(&mut self, name: &str, definition: &TypeDefinition, values: &[EnumValue]) {
        for value in values {
            let docs = Docs {
                description: value.description.clone(),
                provenance: definition.docs.provenance.clone(),
                ..Docs::default()
            };
            let rust = format!("{}::{}", definition.name, value.name);
            let item = self.item(Kind::EnumValue, Some(name), rust, &docs);
            self.add(format!("{name} = {}", value.wire), item);
        }
    }

    fn union(&mut self, name: &str, definition: &TypeDefinition, union: &Union) {
        for alternative in &union.alternatives {
            let docs = Docs {
                description: alternative.description.clone(),
                provenance: definition.docs.provenance.clone(),
                ..Docs::default()
            };
            let rust = format!("{}::{}", definition.name, alternative.name);
            let ty = self.ty(&alternative.ty);
            let item = self.item(Kind::Alternative, Some(name), rust, &docs).facet(
                "type",
                ty.clone(),
                MAJOR,
            );
            self.add(format!("{name} | {ty}"), item);
        }
    }
}

/// What a response promises of a field.
fn promise(field: &Field, is_received: bool) -> String {
    if !is_received {
        return String::new();
    }
    let presence = presence_promise(field.promised);
    let null = if field.nullable { ", may be null" } else { "" };
    format!("{presence}{null}")
}

/// The property that tells the alternatives of a union apart, and its values.
fn discriminator(kind: &TypeKind) -> String {
    let TypeKind::Union(union) = kind else {
        return String::new();
    };
    let Some(discriminator) = &union.discriminator else {
        return String::new();
    };
    let mapping = discriminator.mapping.iter().filter_map(|(value, index)| {
        let alternative = union.alternatives.get(*index)?;
        Some(format!("{value}: {}", alternative.name))
    });
    let mut mapping: Vec<String> = mapping.collect();
    mapping.sort();
    format!("{} ({})", discriminator.property, mapping.join(", "))
}

/// The alternatives of a union in the order in which they are tried, unless a property tells them apart.
fn alternatives(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Union(union) if union.discriminator.is_none() => {
            let names = union.alternatives.iter().map(|it| it.name.to_string());
            names.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// The values of an enum in their order.
fn values(kind: &TypeKind) -> String {
    match kind {
        TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
            let names = values.iter().map(|it| it.name.to_string());
            names.collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    }
}

/// Whether the schema of a type forbids properties that it does not describe.
fn forbidden(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Struct(structure) if structure.is_closed => "forbidden".to_owned(),
        _ => String::new(),
    }
}
