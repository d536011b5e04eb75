//! Merging schemas that are the same.

use std::collections::HashSet;
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::classes::Classes;
use super::ledger::{Claim, Ledger, claims_of};
use super::rules::Direction;
use super::subject::Subject;
use crate::document::{Discriminator, Facet, SaidBy, Schema, write};

/// Facets that concern the place where a schema is used rather than the schema.
const OF_THE_PLACE: [Facet; 7] = [
    Facet::Required,
    Facet::Nullable,
    Facet::Deprecated,
    Facet::ReadOnly,
    Facet::WriteOnly,
    Facet::Description,
    Facet::Default,
];

/// Merges schemas into one, and records every facet that more than one source speaks of.
pub(super) struct SchemaMerger<'m, 'd, 'l> {
    pub(super) classes: &'m Classes<'d>,
    pub(super) ledger: &'m mut Ledger<'l>,
}

impl SchemaMerger<'_, '_, '_> {
    /// Merges the schemas that stand in one place.
    pub(super) fn merge(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
    ) -> Option<Schema> {
        let said = SaidBy::all(members.iter().flat_map(|member| member.said.iter()))?;
        let mut result = Schema::empty(said);
        self.merge_type(subject, members, direction, &mut result);
        let fitting: Vec<&Schema> = members
            .iter()
            .copied()
            .filter(|member| self.fits(member, &result))
            .collect();
        if fitting.iter().any(|member| member.reference.is_some()) {
            self.merge_reference(subject, &fitting, direction, &mut result);
            self.merge_facets(subject, members, direction, &mut result, |facet| {
                OF_THE_PLACE.contains(&facet)
            });
            return Some(result);
        }
        self.merge_facets(subject, members, direction, &mut result, |facet| {
            OF_THE_PLACE.contains(&facet)
        });
        self.merge_facets(subject, &fitting, direction, &mut result, |facet| {
            !OF_THE_PLACE.contains(&facet) && facet != Facet::Type
        });
        self.merge_children(subject, &fitting, direction, &mut result);
        Some(result)
    }

    /// Types of a schema or of the component that it refers to.
    fn types(&self, schema: &Schema) -> Option<Arc<Json>> {
        if let Some(fact) = schema.facts.get(Facet::Type) {
            return Some(fact.value.clone());
        }
        self.classes.types(schema)
    }

    fn merge_type(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let one_source = members
            .iter()
            .all(|member| member.said.first().by == result.said.first().by);
        let mut claims = Vec::new();
        for member in members {
            let value = match (&member.facts.get(Facet::Type), one_source) {
                (Some(fact), _) => Some(fact.value.clone()),
                (None, true) => None,
                (None, false) => self.types(member),
            };
            if let Some(value) = value {
                let said = member
                    .facts
                    .get(Facet::Type)
                    .map_or(member.said.first(), |fact| fact.said.first());
                claims.push(Claim { value, said });
            }
        }
        if let Some(fact) = self.ledger.settle(subject, Facet::Type, direction, claims) {
            result.facts.set(Facet::Type, fact);
        }
    }

    /// Whether a member can be what was decided on; one that cannot has nothing more to say of the value.
    fn fits(&self, member: &Schema, decided: &Schema) -> bool {
        let decided: Vec<&str> = decided.types().collect();
        let Some(types) = self.types(member) else {
            return true;
        };
        let types: Vec<&str> = types
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Json::as_str)
            .collect();
        let within = |kind: &&str| {
            decided.contains(kind)
                || (*kind == "integer" && decided.contains(&"number"))
                || (*kind == "number" && decided.contains(&"integer"))
        };
        decided.is_empty() || types.is_empty() || types.iter().any(within)
    }

    fn merge_reference(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let mut claims = Vec::new();
        for member in members {
            if let Some(key) = self.classes.canonical(member) {
                claims.push(Claim {
                    value: json!(key).into(),
                    said: member.said.first(),
                });
            }
        }
        if let Some(fact) = self
            .ledger
            .settle(subject, Facet::Reference, direction, claims)
        {
            result.reference = fact.value.as_str().map(str::to_owned);
            result.facts.take(Facet::Type);
        }
    }

    fn merge_facets(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
        wanted: impl Fn(Facet) -> bool,
    ) {
        let mut claims: Vec<(Facet, Claim)> = Vec::new();
        for member in members {
            for (facet, fact) in member.facts.iter().filter(|(facet, _)| wanted(*facet)) {
                // A format is one of its type: where the types were widened, it no longer holds.
                if facet == Facet::Format && !same_types(member, result) {
                    continue;
                }
                claims.extend(claims_of(facet, fact));
            }
        }
        // The schema of further properties allows them.
        let of_further = |(facet, _): &(Facet, Claim)| *facet == Facet::AdditionalProperties;
        if claims.iter().any(of_further) {
            let allowing = members
                .iter()
                .filter_map(|member| member.additional.as_deref());
            claims.extend(allowing.map(|schema| {
                let (value, said) = (json!(true).into(), schema.said.first());
                (Facet::AdditionalProperties, Claim { value, said })
            }));
        }
        self.ledger
            .settle_all(subject, direction, claims, &mut result.facts);
    }

    fn merge_children(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let properties = members.iter().flat_map(|member| &member.properties);
        let mut properties: Vec<(&String, &Schema)> = properties.collect();
        properties.sort_by_key(|(name, _)| *name);
        result.properties.reserve(properties.len());
        for same in properties.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((name, _)) = same.first() else {
                continue;
            };
            let same: Vec<&Schema> = same.iter().map(|(_, property)| *property).collect();
            if let Some(property) = self.merge(&Subject::Property(subject, name), &same, direction)
            {
                result.properties.insert((*name).clone(), property);
            }
        }
        let items: Vec<&Schema> = members
            .iter()
            .filter_map(|member| member.items.as_deref())
            .collect();
        result.items = self
            .merge(&Subject::Items(subject), &items, direction)
            .map(Box::new);
        let further: Vec<&Schema> = members
            .iter()
            .filter_map(|member| member.additional.as_deref())
            .collect();
        result.additional = self
            .merge(&Subject::FurtherProperties(subject), &further, direction)
            .map(Box::new);
        let longest = members
            .iter()
            .map(|member| member.prefix_items.len())
            .max()
            .unwrap_or(0);
        for index in 0..longest {
            let same: Vec<&Schema> = members
                .iter()
                .filter_map(|member| member.prefix_items.get(index))
                .collect();
            if let Some(item) = self.merge(&Subject::ItemAt(subject, index), &same, direction) {
                result.prefix_items.push(item);
            }
        }
        let mut seen: HashSet<&str> = HashSet::new();
        let required = members.iter().flat_map(|member| &member.required_elsewhere);
        let required = required.filter(|(name, _)| seen.insert(name));
        result.required_elsewhere.extend(required.cloned());
        self.merge_alternatives(subject, members, direction, result);
    }

    /// Alternatives are united by structure; in a request a difference contradicts.
    fn merge_alternatives(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let Some(first) = members
            .iter()
            .find(|member| !member.alternatives.is_empty())
        else {
            return;
        };
        let mut speaking: Vec<&&Schema> = members
            .iter()
            .filter(|member| !member.says_nothing() && !is_bare_object(member))
            .collect();
        // A source that yields has no say in what the alternatives are where another one has.
        let is_firm = |member: &&&Schema| {
            let mut said = member.said.iter();
            said.any(|said| !self.ledger.yields(said.by))
        };
        let (firm, mut yielding): (Vec<&&Schema>, Vec<&&Schema>) =
            speaking.iter().partition(|member| is_firm(member));
        if firm.is_empty() {
            yielding.clear();
        } else {
            speaking = firm;
        }
        let signature =
            |arm: &Schema| write::structure(arm, &|schema| self.classes.canonical(schema));
        let mut arms: IndexMap<Json, Vec<&Schema>> = IndexMap::new();
        let mut claims = Vec::new();
        let mut claim = |member: &Schema, mut signatures: Vec<Json>| {
            signatures.sort_by_key(Json::to_string);
            claims.push(Claim {
                value: Json::Array(signatures).into(),
                said: member.said.first(),
            });
        };
        let is_plain = speaking.iter().all(|member| member.alternatives.is_empty());
        for member in &speaking {
            let mut signatures = Vec::new();
            for arm in arms_of(member) {
                let signature = signature(arm);
                arms.entry(signature.clone()).or_default().push(arm);
                signatures.push(signature);
            }
            // Without alternatives, differences are judged facet by facet: there is one arm.
            match arms.first().filter(|_| is_plain) {
                Some((only, _)) => claim(member, vec![only.clone()]),
                None => claim(member, signatures),
            }
        }
        // In a response more alternatives do no harm; in a request somebody is wrong, and it is recorded who gave way.
        if direction == Direction::Request {
            for member in yielding {
                claim(member, arms_of(member).map(signature).collect());
            }
        }
        if is_plain && claims.len() == speaking.len() {
            return;
        }
        let decided = self
            .ledger
            .settle(subject, Facet::Alternatives, direction, claims);
        if let Some(decided) = decided {
            let kept: HashSet<&Json> = decided.value.as_array().into_iter().flatten().collect();
            arms.retain(|signature, _| kept.contains(signature));
        }
        if is_plain {
            return;
        }
        for (index, same) in arms.values().enumerate() {
            if let Some(arm) = self.merge(&Subject::Alternative(subject, index), same, direction) {
                result.alternatives.push(arm);
            }
        }
        if result.alternatives.len() > 1 {
            result.facts.take(Facet::Type);
        }
        result.alternatives_kind = first.alternatives_kind;
        self.merge_discriminator(subject, members, direction, result);
    }

    fn merge_discriminator(
        &mut self,
        subject: &Subject<'_>,
        members: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let telling: Vec<Discriminator> = members
            .iter()
            .filter_map(|member| Some(self.discriminator(member, member.discriminator.as_ref()?)))
            .collect();
        let claims = members.iter().filter_map(|member| {
            let property = &member.discriminator.as_ref()?.property;
            Some(Claim {
                value: json!(property).into(),
                said: member.said.first(),
            })
        });
        let decided = self
            .ledger
            .settle(subject, Facet::Discriminator, direction, claims);
        let Some(property) = decided.as_ref().and_then(|fact| fact.value.as_str()) else {
            return;
        };
        let mut mapping = IndexMap::new();
        for discriminator in telling
            .iter()
            .filter(|discriminator| discriminator.property == property)
        {
            for (value, key) in &discriminator.mapping {
                mapping.entry(value.clone()).or_insert_with(|| key.clone());
            }
        }
        mapping.sort_unstable_keys();
        let property = property.to_owned();
        result.discriminator = Some(Box::new(Discriminator { property, mapping }));
    }

    fn discriminator(&self, member: &Schema, discriminator: &Discriminator) -> Discriminator {
        let source = member.said.first().by;
        let canonical = |key: &String| {
            self.classes
                .canonical_key(source, key)
                .unwrap_or_else(|| key.clone())
        };
        Discriminator {
            property: discriminator.property.clone(),
            mapping: discriminator
                .mapping
                .iter()
                .map(|(value, key)| (value.clone(), canonical(key)))
                .collect(),
        }
    }
}

/// The alternatives of a schema, or itself as the only one.
fn arms_of<'s>(schema: &&'s Schema) -> impl Iterator<Item = &'s Schema> {
    let itself = schema.alternatives.is_empty().then_some(*schema);
    schema.alternatives.iter().chain(itself)
}

/// Whether a schema says no more than that the value is an object.
fn is_bare_object(schema: &Schema) -> bool {
    schema.only_type() == Some("object")
        && schema.reference.is_none()
        && schema.children().next().is_none()
        && schema.facts.get(Facet::Enum).is_none()
}

/// Whether a schema has just the types of another one, or says nothing of them.
fn same_types(schema: &Schema, other: &Schema) -> bool {
    schema.facts.get(Facet::Type).is_none()
        || schema.facts.get(Facet::Type).map(|fact| &fact.value)
            == other.facts.get(Facet::Type).map(|fact| &fact.value)
}
