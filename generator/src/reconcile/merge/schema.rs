//! Merges schemas of the same model.

use std::collections::HashSet;
use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::claims::{Claim, ClaimJudge, Item, claims_of};
use super::classes::Classes;
use super::subject::Subject;
use crate::description::document::{Facet, Provenance, Schema, SourceId};
use crate::http::Direction;

/// Facets of the use of a schema rather than of the schema itself.
const USAGE_FACETS: [Facet; 11] = [
    Facet::Title,
    Facet::Required,
    Facet::Nullable,
    Facet::Deprecated,
    Facet::ReadOnly,
    Facet::WriteOnly,
    Facet::Description,
    Facet::Default,
    Facet::Refuted,
    Facet::Reason,
    Facet::Chosen,
];

/// Merges schemas, and records every facet that several sources claim.
pub(super) struct SchemaMerger<'m, 'd, 'l> {
    pub(super) classes: &'m Classes<'d>,
    pub(super) judge: &'m mut ClaimJudge<'l>,
}

impl SchemaMerger<'_, '_, '_> {
    /// Merges the schemas that several sources have at one position.
    pub(super) fn merge(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
    ) -> Option<Schema> {
        let provenance =
            Provenance::from_all(schemas.iter().flat_map(|schema| schema.provenance.iter()))?;
        let mut result = Schema::empty(provenance);
        self.merge_type(subject, schemas, direction, &mut result);
        let fitting: Vec<&Schema> = schemas
            .iter()
            .copied()
            .filter(|schema| self.fits(schema, &result))
            .collect();
        let is_of_use = |facet| USAGE_FACETS.contains(&facet);
        self.merge_facets(subject, schemas, direction, &mut result, |facet| {
            is_of_use(facet) && facet != Facet::Default
        });
        self.merge_facets(subject, &fitting, direction, &mut result, |facet| {
            facet == Facet::Default
        });
        let references = self.classes.references(&fitting);
        let mut described = fitting;
        described.retain(|schema| schema.reference.is_none());
        let others: Vec<&Schema> = described
            .iter()
            .copied()
            .filter(|schema| self.classes.is_other(schema, &references))
            .collect();
        let are_alternatives = others.iter().any(|schema| !schema.alternatives.is_empty());
        if are_alternatives {
            // A reference is an alternative among others.
            described.extend(&references);
            described.sort_by_key(|schema| schema.provenance.first().source);
        } else if !references.is_empty() {
            self.merge_reference(subject, &references, &others, direction, &mut result);
            if result.reference.is_some() {
                return Some(result);
            }
        }
        self.merge_facets(subject, &described, direction, &mut result, |facet| {
            !is_of_use(facet) && facet != Facet::Type
        });
        self.merge_children(subject, &described, direction, &mut result);
        if are_alternatives && !references.is_empty() && result.alternatives.is_empty() {
            // The alternatives were those of sources that yield.
            self.merge_reference(subject, &references, &[], direction, &mut result);
        }
        Some(result)
    }

    /// The types of a schema, or of the component that it refers to.
    fn types(&self, schema: &Schema) -> Option<Arc<Json>> {
        if let Some(fact) = schema.facts.get(Facet::Type) {
            return Some(fact.value.clone());
        }
        self.classes.types(schema)
    }

    fn merge_type(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let one_source = schemas
            .iter()
            .all(|schema| schema.provenance.first().source == result.provenance.first().source);
        let mut claims = Vec::new();
        for schema in schemas {
            let value = if one_source {
                schema.facts.get(Facet::Type).map(|fact| fact.value.clone())
            } else {
                self.types(schema)
            };
            if let Some(value) = value {
                let origin = schema
                    .facts
                    .get(Facet::Type)
                    .map_or(schema.provenance.first(), |fact| fact.provenance.first());
                claims.push(Claim { value, origin });
            }
        }
        let item = Item::new(subject, direction, &result.provenance);
        if let Some(fact) = self.judge.settle(item, Facet::Type, claims) {
            result.facts.set(Facet::Type, fact);
        }
    }

    /// Whether a schema allows the types that were decided. If it does not, its other facets are ignored.
    fn fits(&self, schema: &Schema, decided: &Schema) -> bool {
        let decided: Vec<&str> = decided.types().collect();
        let Some(types) = self.types(schema) else {
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

    /// Decides on the model that references lead to. That there is none is what sources claim that describe something else
    /// themselves.
    fn merge_reference(
        &mut self,
        subject: &Subject<'_>,
        references: &[&Schema],
        others: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let claim = |schema: &Schema, value: Json| Claim {
            value: value.into(),
            origin: schema.provenance.first(),
        };
        let keys = references.iter().filter_map(|schema| {
            let key = self.classes.canonical(schema)?;
            Some(claim(schema, json!(key)))
        });
        let none = others.iter().map(|schema| claim(schema, json!(false)));
        let mut claims: Vec<Claim> = keys.chain(none).collect();
        claims.sort_by_key(|claim| claim.origin.source);
        let item = Item::new(subject, direction, &result.provenance);
        if let Some(fact) = self.judge.settle(item, Facet::Reference, claims) {
            result.reference = fact.value.as_str().map(str::to_owned);
            if result.reference.is_some() {
                result.facts.take(Facet::Type);
            }
        }
    }

    fn merge_facets(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
        wanted: impl Fn(Facet) -> bool,
    ) {
        let mut claims: Vec<(Facet, Claim)> = Vec::new();
        for schema in schemas {
            for (facet, fact) in schema.facts.iter().filter(|(facet, _)| wanted(*facet)) {
                // A format belongs to its type. If the type was widened, the format no longer applies.
                if facet == Facet::Format && !same_types(schema, result) {
                    continue;
                }
                claims.extend(claims_of(facet, fact));
            }
        }
        // A schema for additional properties allows them.
        let of_further = |(facet, _): &(Facet, Claim)| *facet == Facet::AdditionalProperties;
        if claims.iter().any(of_further) {
            let allowing = schemas
                .iter()
                .filter_map(|schema| schema.additional.as_deref());
            claims.extend(allowing.map(|schema| {
                let (value, origin) = (json!(true).into(), schema.provenance.first());
                (Facet::AdditionalProperties, Claim { value, origin })
            }));
        }
        claims.extend(opposites(&claims));
        let item = Item::new(subject, direction, &result.provenance);
        self.judge.settle_all(item, claims, &mut result.facts);
    }

    /// The sources that describe properties of an object. Those that describe none are recorded here, once for all
    /// properties.
    fn sources_with_properties(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
    ) -> Vec<SourceId> {
        let describing = schemas.iter().copied();
        let describing = describing.filter(|schema| !schema.properties.is_empty());
        let origins = describing
            .clone()
            .flat_map(|schema| schema.provenance.iter());
        let Some(provenance) = Provenance::from_all(origins).filter(|_| self.judge.is_recording())
        else {
            return Vec::new();
        };
        let all = sources(schemas.iter().copied()).into_iter();
        self.judge
            .record_presence(subject, "properties", all, &provenance);
        sources(describing)
    }

    /// Merges the schemas below a schema, and its alternatives.
    fn merge_children(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        self.merge_properties(subject, schemas, direction, result);
        let owners = if self.judge.is_recording() {
            sources(schemas.iter().copied())
        } else {
            Vec::new()
        };
        let items = schemas.iter().filter_map(|schema| schema.items.as_deref());
        let of_items = Subject::Items(subject);
        result.items = self
            .merge_part(&of_items, "items", &owners, items.collect(), direction)
            .map(Box::new);
        let further = schemas
            .iter()
            .filter_map(|schema| schema.additional.as_deref());
        let of_further = Subject::AdditionalProperties(subject);
        let kind = "additional properties";
        result.additional = self
            .merge_part(&of_further, kind, &owners, further.collect(), direction)
            .map(Box::new);
        let lengths = schemas.iter().map(|schema| schema.prefix_items.len());
        for index in 0..lengths.max().unwrap_or(0) {
            let items = schemas
                .iter()
                .filter_map(|schema| schema.prefix_items.get(index));
            let subject = Subject::ItemAt(subject, index);
            let item = self.merge_part(&subject, "item", &owners, items.collect(), direction);
            result.prefix_items.extend(item);
        }
        let mut seen: HashSet<&str> = HashSet::new();
        let required = schemas.iter().flat_map(|schema| &schema.required_elsewhere);
        let required = required.filter(|(name, _)| seen.insert(name));
        result.required_elsewhere.extend(required.cloned());
        self.merge_alternatives(subject, schemas, direction, result);
    }

    fn merge_properties(
        &mut self,
        subject: &Subject<'_>,
        schemas: &[&Schema],
        direction: Direction,
        result: &mut Schema,
    ) {
        let owners = self.sources_with_properties(subject, schemas);
        let properties = schemas.iter().flat_map(|schema| &schema.properties);
        let mut properties: Vec<(&String, &Schema)> = properties.collect();
        properties.sort_by_key(|(name, _)| *name);
        result.properties.reserve(properties.len());
        for same in properties.chunk_by(|(a, _), (b, _)| a == b) {
            let Some((name, _)) = same.first() else {
                continue;
            };
            let same = same.iter().map(|(_, property)| *property).collect();
            let subject = Subject::Property(subject, name);
            if let Some(property) = self.merge_part(&subject, "property", &owners, same, direction)
            {
                result.properties.insert((*name).clone(), property);
            }
        }
    }

    /// Merges a part of a schema, and records it if only some of its owners have it. `None` if no schema has it.
    fn merge_part(
        &mut self,
        subject: &Subject<'_>,
        kind: &'static str,
        owners: &[SourceId],
        schemas: Vec<&Schema>,
        direction: Direction,
    ) -> Option<Schema> {
        let part = self.merge(subject, &schemas, direction)?;
        let owners = owners.iter().copied();
        self.judge
            .record_presence(subject, kind, owners, &part.provenance);
        Some(part)
    }
}

/// Who calls a value `readOnly` says that it is not `writeOnly`, and the other way round, where sources differ about that.
fn opposites(claims: &[(Facet, Claim)]) -> Vec<(Facet, Claim)> {
    let flagged = |facet| {
        let of_facet = claims.iter().filter(move |(other, _)| *other == facet);
        of_facet.filter(|(_, claim)| *claim.value == json!(true))
    };
    let pairs = [
        (Facet::ReadOnly, Facet::WriteOnly),
        (Facet::WriteOnly, Facet::ReadOnly),
    ];
    let mut opposites = Vec::new();
    for (facet, other) in pairs {
        for (_, claim) in flagged(facet) {
            let source = claim.origin.source;
            let mut others = flagged(other).map(|(_, claim)| claim.origin.source);
            let differ = others.clone().count() > 0 && others.all(|other| other != source);
            if differ {
                let (value, origin) = (json!(false).into(), claim.origin);
                opposites.push((other, Claim { value, origin }));
            }
        }
    }
    opposites
}

/// The sources of schemas, sorted, each once.
fn sources<'s>(schemas: impl Iterator<Item = &'s Schema>) -> Vec<SourceId> {
    let origins = schemas.flat_map(|schema| schema.provenance.iter());
    let mut sources: Vec<SourceId> = origins.map(|origin| origin.source).collect();
    sources.sort_unstable();
    sources.dedup();
    sources
}

/// Whether a schema has exactly the types of another schema, or states no type.
fn same_types(schema: &Schema, other: &Schema) -> bool {
    schema.facts.get(Facet::Type).is_none()
        || schema.facts.get(Facet::Type).map(|fact| &fact.value)
            == other.facts.get(Facet::Type).map(|fact| &fact.value)
}
