//! The arms of unions: what they are called, and what tells an object of one from an object of another.

use std::collections::{HashMap, HashSet};

use indexmap::IndexSet;

use crate::document::{Facet, Schema, key};
use crate::ir::{Arm, Name, Type};

use super::drafts::Drafts;

impl Drafts<'_> {
    /// The arm that an alternative becomes.
    pub(super) fn arm(&self, name: Name, ty: Type, alternative: &Schema) -> Arm {
        let schemas = &self.merged.document.schemas;
        let schema = alternative.with_referred(schemas).last();
        let schema = schema.unwrap_or(alternative);
        let listed = schema
            .properties
            .iter()
            .filter(|(_, property)| property.facts.flag(Facet::Required) == Some(true));
        let constant = |(name, property): (&String, &Schema)| match property.facts.list(Facet::Enum)
        {
            [single] => Some((name.clone(), single.clone())),
            _ => None,
        };
        let choice = |(name, property): (&String, &Schema)| {
            let values = property.facts.list(Facet::Enum).iter();
            let texts: Option<Vec<String>> = values
                .map(|value| value.as_str().map(str::to_owned))
                .collect();
            let is_required = property.facts.flag(Facet::Required) == Some(true);
            let texts = texts.filter(|texts| is_required && texts.len() > 1)?;
            Some((name.clone(), texts))
        };
        Arm {
            name,
            ty,
            required: listed.map(|(name, _)| name.clone()).collect(),
            constants: schema.properties.iter().filter_map(constant).collect(),
            choices: schema.properties.iter().filter_map(choice).collect(),
            description: alternative
                .facts
                .text(Facet::Description)
                .map(str::to_owned),
        }
    }
}

/// Keeps the choices of properties that tell arms apart: those that do not hold every value that some arm has there.
pub(super) fn keep_telling_choices(arms: &mut [Arm]) {
    let mut values: HashMap<String, HashSet<String>> = HashMap::new();
    for arm in arms.iter() {
        let constants = arm.constants.iter();
        let constants = constants.filter_map(|(name, value)| Some((name, value.as_str()?)));
        let choices = arm.choices.iter();
        let choices =
            choices.flat_map(|(name, texts)| texts.iter().map(move |text| (name, text.as_str())));
        for (name, text) in constants.chain(choices) {
            values
                .entry(name.clone())
                .or_default()
                .insert(text.to_owned());
        }
    }
    for arm in arms {
        arm.choices.retain(|name, texts| {
            let own: HashSet<&str> = texts.iter().map(String::as_str).collect();
            values.get(name).is_some_and(|all| all.len() > own.len())
        });
    }
}

/// What an arm is called: its component, its title, what tells it apart, or its type.
pub(super) fn words(alternative: &Schema, index: usize, telling: Option<&str>) -> String {
    if let Some(key) = &alternative.reference {
        return key::name(key);
    }
    if let Some(title) = alternative.facts.text(Facet::Title) {
        return title.to_owned();
    }
    match (alternative.only_type(), telling) {
        (Some("array"), _) => match alternative.items.as_deref() {
            Some(items) if !items.says_nothing() => {
                format!("{} list", words(items, index, None))
            }
            _ => "list".to_owned(),
        },
        (Some("object"), _) if alternative.properties.is_empty() => "map".to_owned(),
        (Some("object"), Some(telling)) => telling.to_owned(),
        (Some("object") | None, _) => format!("variant {index}"),
        (Some(kind), _) => kind.to_owned(),
    }
}

/// For each alternative what tells it apart, if something does: a text that one of its properties always is, or else
/// the only property that it must have, or may have at all, and that no other has.
pub(super) fn telling_words(alternatives: &[Schema]) -> Vec<Option<&str>> {
    let mut occurrences: HashMap<&str, usize> = HashMap::new();
    for name in alternatives.iter().flat_map(|arm| arm.properties.keys()) {
        *occurrences.entry(name).or_default() += 1;
    }
    let is_required = |arm: &Schema, name: &str| {
        let property = arm.properties.get(name);
        property.is_some_and(|property| property.facts.flag(Facet::Required) == Some(true))
    };
    let words = alternatives.iter().map(|arm| {
        let constant =
            arm.properties
                .values()
                .find_map(|property| match property.facts.list(Facet::Enum) {
                    [constant] => constant.as_str(),
                    _ => None,
                });
        let names = arm.properties.keys().map(String::as_str);
        let required = only(names.clone().filter(|name| is_required(arm, name)));
        let own = required.or(only(names));
        constant.or(own.filter(|name| occurrences.get(name) == Some(&1)))
    });
    let words: Vec<Option<&str>> = words.collect();
    let mut known = IndexSet::new();
    match words.iter().flatten().all(|word| known.insert(*word)) {
        true => words,
        false => Vec::new(),
    }
}

/// The item of an iterator that has no other.
fn only<T>(mut items: impl Iterator<Item = T>) -> Option<T> {
    items.next().filter(|_| items.next().is_none())
}
