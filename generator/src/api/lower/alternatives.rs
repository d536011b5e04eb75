//! The alternatives of unions: their names, and the properties that tell an object of one from an object of another.

use std::collections::{HashMap, HashSet};

use indexmap::{IndexMap, IndexSet};

use crate::api::{Alternative, Name, Type};
use crate::description::document::{Facet, Schema, SchemaKey, key};

use super::type_builder::TypeBuilder;

impl TypeBuilder<'_> {
    /// The alternative of a schema, which may refer to a component.
    pub(super) fn alternative(&self, name: Name, ty: Type, described: &Schema) -> Alternative {
        let schemas = &self.merged.document.schemas;
        let schema = described.with_referred(schemas).last();
        let schema = schema.unwrap_or(described);
        let required = schema
            .properties
            .iter()
            .filter(|(_, property)| property.facts.flag(Facet::Required) == Some(true));
        let constant = |(name, property): (&String, &Schema)| match enumerated(property, schemas) {
            [single] => Some((name.clone(), single.clone())),
            _ => None,
        };
        let choice = |(name, property): (&String, &Schema)| {
            let values = enumerated(property, schemas).iter();
            let texts: Option<Vec<String>> = values
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            let is_required = property.facts.flag(Facet::Required) == Some(true);
            let texts = texts.filter(|texts| is_required && texts.len() > 1)?;
            Some((name.clone(), texts))
        };
        Alternative {
            required: required.map(|(name, _)| name.clone()).collect(),
            constants: schema.properties.iter().filter_map(constant).collect(),
            choices: schema.properties.iter().filter_map(choice).collect(),
            description: described.facts.text(Facet::Description).map(str::to_owned),
            ..Alternative::new(name, ty)
        }
    }
}

/// The values of an enum, which may stand in a component.
fn enumerated<'s>(
    property: &'s Schema,
    schemas: &'s IndexMap<SchemaKey, Schema>,
) -> &'s [serde_json::Value] {
    let referred = property.with_referred(schemas);
    let mut values = referred.map(|schema| schema.facts.list(Facet::Enum));
    values.find(|values| !values.is_empty()).unwrap_or_default()
}

/// Removes the choices that do not tell alternatives apart: those with every value that the property has in any
/// alternative.
pub(super) fn keep_distinguishing_choices(alternatives: &mut [Alternative]) {
    let mut values: HashMap<String, HashSet<String>> = HashMap::new();
    for alternative in alternatives.iter() {
        let constants = alternative.constants.iter();
        let constants = constants.filter_map(|(name, value)| Some((name, value.as_str()?)));
        let choices = alternative.choices.iter();
        let choices =
            choices.flat_map(|(name, texts)| texts.iter().map(move |text| (name, text.as_str())));
        for (name, text) in constants.chain(choices) {
            values
                .entry(name.clone())
                .or_default()
                .insert(text.to_owned());
        }
    }
    for alternative in alternatives {
        alternative.choices.retain(|name, texts| {
            let own: HashSet<&str> = texts.iter().map(String::as_str).collect();
            values.get(name).is_some_and(|all| all.len() > own.len())
        });
    }
}

/// The name of an alternative: its own title, which may stand beside a `$ref`, that of its component, its distinguishing
/// text, or its type.
pub(super) fn name(alternative: &Schema, index: usize, distinguishing: Option<&str>) -> String {
    if let Some(title) = alternative.facts.text(Facet::Title) {
        return title.to_owned();
    }
    if let Some(key) = &alternative.reference {
        return key::name(key);
    }
    match (alternative.only_type(), distinguishing) {
        (Some("array"), _) => match alternative.items.as_deref() {
            Some(items) if !items.is_unconstrained() => {
                format!("{} list", name(items, index, None))
            }
            _ => "list".to_owned(),
        },
        (Some("object"), _) if alternative.properties.is_empty() => "map".to_owned(),
        (Some("object"), Some(text)) => text.to_owned(),
        (Some("object") | None, _) => format!("variant {index}"),
        (Some(kind), _) => kind.to_owned(),
    }
}

/// For each alternative, a text that tells it from the others: the constant value of one of its properties, or the name
/// of a property that no other alternative has, if it is the only required one or the only one. Empty if two of the texts
/// are equal.
pub(super) fn distinguishing_texts(alternatives: &[Schema]) -> Vec<Option<&str>> {
    let mut occurrences: HashMap<&str, usize> = HashMap::new();
    for name in alternatives
        .iter()
        .flat_map(|schema| schema.properties.keys())
    {
        *occurrences.entry(name).or_default() += 1;
    }
    let is_required = |schema: &Schema, name: &str| {
        let property = schema.properties.get(name);
        property.is_some_and(|property| property.facts.flag(Facet::Required) == Some(true))
    };
    let texts = alternatives.iter().map(|schema| {
        let constant = schema.properties.values().find_map(|property| {
            match property.facts.list(Facet::Enum) {
                [constant] => constant.as_str(),
                _ => None,
            }
        });
        let names = schema.properties.keys().map(String::as_str);
        let required = only(names.clone().filter(|name| is_required(schema, name)));
        let own = required.or(only(names));
        constant.or(own.filter(|name| occurrences.get(name) == Some(&1)))
    });
    let texts: Vec<Option<&str>> = texts.collect();
    let mut known = IndexSet::new();
    if texts.iter().flatten().all(|text| known.insert(*text)) {
        texts
    } else {
        Vec::new()
    }
}

/// The item of an iterator with exactly one.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}
