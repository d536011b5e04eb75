//! The pages of types.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::claims::Claims;
use super::words::{Links, operation_file, value, webhook_file};
use super::{Builder, markdown};
use crate::api::{
    Alternative, Api, Docs, EnumValue, Field, Operation, Type, TypeDefinition, TypeId, TypeKind,
};
use crate::prose;

#[derive(Serialize)]
pub(super) struct TypeList {
    groups: Vec<Letter>,
}

#[derive(Serialize)]
struct Letter {
    letter: String,
    types: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    name: String,
    file: String,
    kind: &'static str,
    summary: String,
}

#[derive(Serialize)]
pub(super) struct TypePage {
    name: String,
    kind: &'static str,
    description: String,
    notes: Vec<String>,
    sources: Vec<String>,
    path: Option<String>,
    fields: Vec<FieldLine>,
    values: Vec<ValueLine>,
    /// The property that tells the alternatives apart.
    discriminator: Option<String>,
    alternatives: Vec<AlternativeLine>,
    target: Option<String>,
    /// What the target is in JSON.
    target_json: String,
    used_by: Vec<UsedBy>,
    claims: Claims,
}

#[derive(Serialize)]
struct FieldLine {
    json: String,
    json_type: String,
    rust: String,
    rust_type: String,
    is_promised: bool,
    is_nullable: bool,
    is_deprecated: bool,
    description: String,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct ValueLine {
    json: String,
    rust: String,
    description: String,
}

#[derive(Serialize)]
struct AlternativeLine {
    /// The values of the discriminator that mean it.
    values: Vec<String>,
    rust: String,
    rust_type: String,
    description: String,
}

#[derive(Clone, Serialize)]
pub(super) struct UsedBy {
    name: String,
    page: String,
}

/// The kind of a type in the words of JSON Schema.
fn kind(definition: &TypeDefinition) -> &'static str {
    match &definition.kind {
        TypeKind::Struct(_) => "object",
        TypeKind::StringEnum(_) => "enumeration of strings",
        TypeKind::IntegerEnum(_) => "enumeration of integers",
        TypeKind::Union(_) => "one of several types",
        TypeKind::Alias(_) => "another name for a type",
    }
}

/// The names of a type's properties and values, for the search.
pub(super) fn property_names(definition: &TypeDefinition) -> Vec<String> {
    match &definition.kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter();
            fields.map(|field| field.wire_name.clone()).collect()
        }
        TypeKind::StringEnum(values) => values.iter().map(|it| value(&it.wire)).collect(),
        _ => Vec::new(),
    }
}

/// The first sentence about an item.
pub(super) fn first_sentence(docs: &Docs) -> String {
    let text = docs.summary.as_deref().or(docs.description.as_deref());
    let sentences = prose::sentences(text.unwrap_or_default());
    sentences.into_iter().next().unwrap_or_default()
}

impl Builder<'_> {
    pub(super) fn type_list(&self) -> TypeList {
        let mut groups: BTreeMap<String, Vec<Line>> = BTreeMap::new();
        for definition in &self.api.types {
            let letter: String = definition.name.plain().chars().take(1).collect();
            let docs = &definition.docs;
            groups.entry(letter.to_uppercase()).or_default().push(Line {
                name: definition.name.to_string(),
                file: self.links.file_of(definition).to_owned(),
                kind: kind(definition),
                summary: markdown::to_inline_html(&first_sentence(docs)),
            });
        }
        let groups = groups.into_iter();
        TypeList {
            groups: groups
                .map(|(letter, types)| Letter { letter, types })
                .collect(),
        }
    }

    pub(super) fn type_page(&self, definition: &TypeDefinition) -> TypePage {
        let mut page = TypePage {
            name: definition.name.to_string(),
            kind: kind(definition),
            description: self.prose(&definition.docs),
            notes: notes(&definition.docs),
            sources: sources(&definition.docs),
            path: self
                .library
                .map(|it| format!("{it}::models::{}", definition.name)),
            fields: Vec::new(),
            values: Vec::new(),
            discriminator: None,
            alternatives: Vec::new(),
            target: None,
            target_json: String::new(),
            used_by: self
                .users
                .get(self.links.index_of(definition))
                .cloned()
                .unwrap_or_default(),
            claims: self.claims.of(self.links.subject_of(definition)),
        };
        match &definition.kind {
            TypeKind::Struct(structure) => {
                let subject = self.links.subject_of(definition);
                let fields = structure.fields.iter();
                page.fields = fields.map(|it| self.field(subject, it)).collect();
            }
            TypeKind::StringEnum(values) | TypeKind::IntegerEnum(values) => {
                let line = |it: &EnumValue| ValueLine {
                    json: value(&it.wire),
                    rust: it.name.to_string(),
                    description: markdown::to_html(it.description.as_deref().unwrap_or_default()),
                };
                page.values = values.iter().map(line).collect();
            }
            TypeKind::Union(union) => {
                let values = |index: usize| {
                    let mapping = union.discriminator.iter().flat_map(|it| &it.mapping);
                    let values = mapping.filter(|(_, of)| **of == index);
                    values.map(|(value, _)| value.clone()).collect()
                };
                let line = |(index, it): (usize, &Alternative)| AlternativeLine {
                    values: values(index),
                    rust: it.name.to_string(),
                    rust_type: self.links.rust(self.api, &it.ty, "../"),
                    description: markdown::to_html(it.description.as_deref().unwrap_or_default()),
                };
                page.alternatives = union.alternatives.iter().enumerate().map(line).collect();
                page.discriminator = union.discriminator.as_ref().map(|it| it.property.clone());
            }
            TypeKind::Alias(target) => {
                let subject = self.links.subject_of(definition);
                page.target = Some(self.links.rust(self.api, target, "../"));
                page.target_json = self.formats.json_type(self.api, target, subject);
            }
        }
        page
    }

    /// `subject` is that of the object.
    fn field(&self, subject: &str, field: &Field) -> FieldLine {
        let subject = format!("{subject}.{}", field.wire_name);
        FieldLine {
            json: field.wire_name.clone(),
            json_type: self.formats.json_type(self.api, &field.ty, &subject),
            rust: field.name.to_string(),
            rust_type: self.links.field(self.api, &field.ty, field.presence, "../"),
            is_promised: field.promised,
            is_nullable: field.nullable,
            is_deprecated: field.docs.deprecated,
            description: self.prose(&field.docs),
            notes: notes(&field.docs),
        }
    }

    /// Summary and description as HTML.
    pub(super) fn prose(&self, docs: &Docs) -> String {
        let parts = [docs.summary.as_deref(), docs.description.as_deref()];
        let parts: Vec<&str> = parts.into_iter().flatten().collect();
        markdown::to_html(&parts.join("\n\n"))
    }
}

/// The operations, webhooks and types that use each type in a body, a parameter or a field, by the index of the type.
pub(super) fn users(api: &Api, links: &Links) -> Vec<Vec<UsedBy>> {
    let mut users: Vec<Vec<UsedBy>> = api.types.iter().map(|_| Vec::new()).collect();
    let mut add = |types: &mut dyn Iterator<Item = &Type>, user: &UsedBy| {
        let mut used = BTreeSet::new();
        types.for_each(|ty| named(ty, &mut used));
        for id in used {
            if let Some(users) = users.get_mut(id.index()) {
                users.push(user.clone());
            }
        }
    };
    for operation in &api.operations {
        let name = operation.name.plain().to_owned();
        let page = format!("operations/{}.html", operation_file(operation));
        add(&mut types_of(operation), &UsedBy { name, page });
    }
    for operation in api.webhooks.iter().flat_map(|it| &it.operations) {
        let page = format!("operations/{}.html", webhook_file(operation));
        let name = operation.name.plain().to_owned();
        add(&mut types_of(operation), &UsedBy { name, page });
    }
    for definition in &api.types {
        let page = format!("types/{}.html", links.file_of(definition));
        let name = definition.name.to_string();
        add(
            &mut parts_of(definition).into_iter(),
            &UsedBy { name, page },
        );
    }
    users
}

/// The further facts of an item, as HTML.
pub(super) fn notes(docs: &Docs) -> Vec<String> {
    docs.notes
        .iter()
        .map(|note| markdown::to_html(note))
        .collect()
}

/// The ids of the sources that describe an item.
pub(super) fn sources(docs: &Docs) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for provenance in &docs.provenance {
        if !sources.contains(&provenance.source) {
            sources.push(provenance.source.clone());
        }
    }
    sources
}

fn types_of(operation: &Operation) -> impl Iterator<Item = &Type> {
    let parameters = operation.parameters.iter().map(|it| &it.ty);
    let body = operation.request_body.iter().flat_map(|it| &it.contents);
    let responses = operation.responses.iter().flat_map(|it| &it.contents);
    parameters.chain(body.chain(responses).map(|it| &it.ty))
}

fn parts_of(definition: &TypeDefinition) -> Vec<&Type> {
    match &definition.kind {
        TypeKind::Struct(structure) => {
            let fields = structure.fields.iter().map(|it| &it.ty);
            fields
                .chain(structure.additional.iter().map(|it| &it.value))
                .collect()
        }
        TypeKind::Union(union) => union.alternatives.iter().map(|it| &it.ty).collect(),
        TypeKind::Alias(target) => vec![target],
        TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => Vec::new(),
    }
}

fn named(ty: &Type, found: &mut BTreeSet<TypeId>) {
    match ty {
        Type::List(inner) | Type::Map(inner) | Type::Nullable(inner) => named(inner, found),
        Type::Tuple(items) => items.iter().for_each(|it| named(it, found)),
        Type::Named(id) | Type::Boxed(id) => drop(found.insert(*id)),
        _ => {}
    }
}
