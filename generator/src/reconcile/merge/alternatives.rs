//! Merges the alternatives (`oneOf`, `anyOf`) of schemas of the same model.

use std::collections::HashSet;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::claims::{Claim, Item};
use super::rules::Judgement;
use super::schema::SchemaMerger;
use super::subject::Subject;
use crate::description::document::{Discriminator, Facet, Origin, Schema, json_schema};
use crate::http::Direction;

/// The alternatives of a schema, each with its structure.
struct AlternativeSet<'s> {
    origin: Origin,
    alternatives: Vec<(Json, &'s Schema)>,
}

impl AlternativeSet<'_> {
    /// The claim that the value is one of exactly these alternatives.
    fn claim(&self) -> Claim {
        let mut structures: Vec<Json> = self
            .alternatives
            .iter()
            .map(|(structure, _)| structure.clone())
            .collect();
        structures.sort_by_key(Json::to_string);
        Claim {
            value: Json::Array(structures).into(),
            origin: self.origin,
        }
    }
}

impl SchemaMerger<'_, '_, '_> {
    /// Unites alternatives by structure. In a request, a difference is a contradiction.
    pub(super) fn merge_alternatives(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let mut with_alternatives = schemas
            .iter()
            .filter(|schema| !schema.alternatives.is_empty());
        let Some(first) = with_alternatives.next() else {
            return;
        };
        let (firm, mut yielding) = self.split_firm_and_yielding(schemas);
        // More alternatives do no harm in a response. In a request, the yielding sources are recorded.
        if direction == Direction::Response {
            yielding.clear();
        }
        let without_alternatives = firm.iter().all(|schema| schema.alternatives.is_empty());
        if without_alternatives && yielding.is_empty() {
            return;
        }
        let sets: Vec<AlternativeSet<'_>> = firm
            .iter()
            .map(|schema| self.alternative_set(schema))
            .collect();
        let mut claims: Vec<Claim> = sets.iter().map(AlternativeSet::claim).collect();
        if without_alternatives {
            equalize_claims(&mut claims);
        }
        claims.extend(
            yielding
                .iter()
                .map(|schema| self.alternative_set(schema).claim()),
        );
        let item = Item::new(subject, direction, &result.provenance);
        let decided = self.judge.settle(item, Facet::Alternatives, claims);
        if without_alternatives {
            return;
        }
        let mut united = united(sets);
        if let Some(decided) = decided {
            let kept: HashSet<&Json> = decided.value.as_array().into_iter().flatten().collect();
            united.retain(|structure, _| kept.contains(structure));
        }
        for (index, same) in united.values().enumerate() {
            let subject = Subject::Alternative(subject, index);
            result
                .alternatives
                .extend(self.merge(&subject, same, direction));
        }
        if result.alternatives.len() > 1 {
            result.facts.take(Facet::Type);
        }
        result.alternatives_kind = first.alternatives_kind;
        self.merge_alternatives_kind(subject, schemas, direction, result);
        self.merge_discriminator(subject, schemas, direction, result);
    }

    /// The schemas that constrain the value, divided into those of firm sources and those of sources that yield to them.
    fn split_firm_and_yielding<'s>(
        &self,
        schemas: &[&'s Schema],
    ) -> (Vec<&'s Schema>, Vec<&'s Schema>) {
        let is_firm = |schema: &&Schema| {
            let mut provenance = schema.provenance.iter();
            provenance.any(|origin| !self.judge.yields(origin.source))
        };
        let (firm, yielding): (Vec<&Schema>, Vec<&Schema>) = schemas
            .iter()
            .copied()
            .filter(|schema| !schema.is_unconstrained() && !is_bare_object(schema))
            .partition(is_firm);
        if firm.is_empty() {
            (yielding, Vec::new())
        } else {
            (firm, yielding)
        }
    }

    /// The alternatives of a schema. A schema without alternatives is its only one.
    fn alternative_set<'s>(&self, schema: &'s Schema) -> AlternativeSet<'s> {
        let structure = |schema: &Schema| {
            let canonical = |schema: &Schema| self.classes.canonical(schema);
            let mut structure = json_schema::structure(schema, &canonical);
            // The order of keys in the document must not reach the claims.
            structure.sort_all_objects();
            structure
        };
        let itself = schema.alternatives.is_empty().then_some(schema);
        let alternatives = schema.alternatives.iter().chain(itself);
        AlternativeSet {
            origin: schema.provenance.first(),
            alternatives: alternatives
                .map(|alternative| (structure(alternative), alternative))
                .collect(),
        }
    }

    fn merge_alternatives_kind(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        // With one alternative, both keywords mean the same.
        let several = schemas
            .iter()
            .filter(|schema| schema.alternatives.len() > 1);
        let claims = several.map(|schema| Claim {
            value: json!(schema.alternatives_kind.key()).into(),
            origin: schema.provenance.first(),
        });
        // Who has no alternatives is recorded for the alternatives themselves.
        let item = Item {
            provenance: None,
            ..Item::new(subject, direction, &result.provenance)
        };
        let decided = self.judge.settle(item, Facet::AlternativesKind, claims);
        let keyword = decided.as_ref().and_then(|fact| fact.value.as_str());
        let mut kinds = schemas.iter().map(|schema| schema.alternatives_kind);
        if let Some(kind) = kinds.find(|kind| Some(kind.key()) == keyword) {
            result.alternatives_kind = kind;
        }
    }

    fn merge_discriminator(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let discriminators: Vec<Discriminator> = schemas
            .iter()
            .filter_map(|schema| Some(self.discriminator(schema, schema.discriminator.as_ref()?)))
            .collect();
        let claims = schemas.iter().filter_map(|schema| {
            let discriminator = schema.discriminator.as_ref()?;
            Some(Claim {
                value: json!(discriminator.property).into(),
                origin: discriminator.provenance.first(),
            })
        });
        let item = Item::new(subject, direction, &result.provenance);
        let decided = self.judge.settle(item, Facet::Discriminator, claims);
        let Some((fact, property)) = decided
            .as_ref()
            .and_then(|it| Some((it, it.value.as_str()?)))
        else {
            return;
        };
        let of_property = discriminators
            .iter()
            .filter(|discriminator| discriminator.property == property);
        let mapping = self.merge_mappings(subject, &of_property.collect::<Vec<_>>());
        result.discriminator = Some(Box::new(Discriminator {
            provenance: fact.provenance.clone(),
            property: property.to_owned(),
            mapping,
        }));
    }

    /// Unites the mappings of discriminators, and records them. Two models for one value are a contradiction.
    fn merge_mappings(
        &mut self,
        subject: &Subject<'_>,
        discriminators: &[&Discriminator],
    ) -> IndexMap<String, String> {
        let mut united: IndexMap<String, String> = IndexMap::new();
        let mut is_contradictory = false;
        for (value, key) in discriminators.iter().flat_map(|it| &it.mapping) {
            let known = united.entry(value.clone()).or_insert_with(|| key.clone());
            is_contradictory |= known != key;
        }
        united.sort_unstable_keys();
        let claims = discriminators.iter().map(|discriminator| {
            let mut value = json!(discriminator.mapping);
            value.sort_all_objects();
            Claim {
                value: value.into(),
                origin: discriminator.provenance.first(),
            }
        });
        let facet = Facet::DiscriminatorMapping;
        let claims: Vec<Claim> = claims.collect();
        if !is_contradictory && discriminators.iter().any(|other| other.mapping != united) {
            let judgement = Judgement::of_mappings(json!(united));
            self.judge.record(subject, facet, claims, judgement);
            return united;
        }
        // Who has no discriminator is recorded for the discriminator itself.
        let item = Item {
            subject,
            direction: Direction::Response,
            provenance: None,
        };
        let decided = self.judge.settle(item, facet, claims);
        let decided = decided.as_ref().and_then(|fact| fact.value.as_object());
        // What only one source maps is not disputed.
        for (value, key) in decided.into_iter().flatten() {
            united.extend(key.as_str().map(|key| (value.clone(), key.to_owned())));
        }
        united.sort_unstable_keys();
        united
    }

    fn discriminator(&self, schema: &Schema, discriminator: &Discriminator) -> Discriminator {
        let source = schema.provenance.first().source;
        let canonical = |key: &String| {
            self.classes
                .canonical_key(source, key)
                .unwrap_or_else(|| key.clone())
        };
        Discriminator {
            provenance: discriminator.provenance.clone(),
            property: discriminator.property.clone(),
            mapping: discriminator
                .mapping
                .iter()
                .map(|(value, key)| (value.clone(), canonical(key)))
                .collect(),
        }
    }
}

/// Sets all claims to the first one. Without alternatives, other facets show the differences.
fn equalize_claims(claims: &mut [Claim]) {
    if let Some((first, others)) = claims.split_first_mut() {
        for other in others {
            other.value.clone_from(&first.value);
        }
    }
}

/// The alternatives of all schemas by structure, in order of first occurrence.
fn united(sets: Vec<AlternativeSet<'_>>) -> IndexMap<Json, Vec<&Schema>> {
    let mut united: IndexMap<Json, Vec<&Schema>> = IndexMap::new();
    let alternatives = sets.into_iter().flat_map(|set| set.alternatives);
    for (structure, alternative) in alternatives {
        united.entry(structure).or_default().push(alternative);
    }
    united
}

/// Whether a schema only states that the value is an object.
fn is_bare_object(schema: &Schema) -> bool {
    schema.only_type() == Some("object")
        && schema.reference.is_none()
        && schema.children().next().is_none()
        && schema.facts.get(Facet::Enum).is_none()
}
