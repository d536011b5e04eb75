//! Unifies the location of an input that several sources describe in different locations.
//!
//! One source may describe `name` as a query parameter, and another one as a property of the body. Each description is
//! moved to the location that was decided, so that its facts stay claims on the same input.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::json;

use super::claims::{Claim, ClaimJudge, Item};
use super::groups::operations;
use crate::description::document::{
    Body, Content, Document, Facet, Fact, Facts, Operation, Origin, Parameter, Provenance, Schema,
};
use crate::http::{Direction, ParameterLocation};

/// The location of an input in the body.
const BODY: &str = "body";

/// Facets of a parameter that become facets of the property's schema, and the other way round.
const MOVED_FACETS: [Facet; 5] = [
    Facet::Description,
    Facet::Required,
    Facet::Deprecated,
    Facet::Refuted,
    Facet::Reason,
];

/// For each input, the locations in the description of one source, with their origins.
type InputLocations = BTreeMap<String, BTreeMap<&'static str, Origin>>;

/// Unifies the locations of all inputs of one operation. `described` are the (document, operation) indices of its
/// descriptions.
pub(super) fn unify(
    subject: &str,
    described: &[(usize, usize)],
    documents: &mut [Document],
    judge: &mut ClaimJudge<'_>,
) {
    if described.len() < 2 {
        return;
    }
    let locations = described.iter().filter_map(|(document, operation)| {
        let document = documents.get(*document)?;
        Some(locations(document, document.operations.get(*operation)?))
    });
    let locations: Vec<InputLocations> = locations.collect();
    let names: BTreeSet<&String> = locations.iter().flat_map(BTreeMap::keys).collect();
    for name in names {
        let stated = locations.iter().filter_map(|all| all.get(name));
        let stated: Vec<&BTreeMap<&str, Origin>> = stated.collect();
        let subject = format!("{subject} input {name}");
        let fact = is_apart(&stated).then(|| decided(&subject, &stated, judge));
        let Some(fact) = fact.flatten() else { continue };
        let Some(location) = fact.value.as_str() else {
            continue;
        };
        let media_type = media_type_of_body(described, documents);
        for (document, operation) in described {
            if let Some(document) = documents.get_mut(*document) {
                relocate(document, *operation, name, location, &media_type);
            }
        }
    }
}

/// Whether two descriptions have no location of an input in common.
fn is_apart(stated: &[&BTreeMap<&'static str, Origin>]) -> bool {
    let has_common = |a: &BTreeMap<&str, Origin>, b: &BTreeMap<&str, Origin>| {
        a.keys().any(|location| b.contains_key(location))
    };
    let mut pairs = stated
        .iter()
        .flat_map(|a| stated.iter().map(move |b| (a, b)));
    pairs.any(|(a, b)| !has_common(a, b))
}

/// The location of an input that several descriptions have in different ones.
fn decided(
    subject: &str,
    stated: &[&BTreeMap<&'static str, Origin>],
    judge: &mut ClaimJudge<'_>,
) -> Option<Fact> {
    let claims = stated.iter().flat_map(|locations| locations.iter());
    let claims = claims.map(|(location, origin)| Claim {
        value: json!(location).into(),
        origin: *origin,
    });
    let item = Item {
        subject: &subject,
        direction: Direction::Request,
        provenance: None,
    };
    judge.settle(item, Facet::Location, claims)
}

/// The media type that the first description with a body has.
fn media_type_of_body(described: &[(usize, usize)], documents: &[Document]) -> String {
    operations(documents, described)
        .filter_map(|operation| operation.body.as_ref())
        .find_map(|body| body.contents.keys().next().cloned())
        .unwrap_or_else(|| "application/json".to_owned())
}

fn locations(document: &Document, operation: &Operation) -> InputLocations {
    let mut locations = InputLocations::new();
    for parameter in &operation.parameters {
        // The location of a path parameter follows from the path.
        if parameter.location != ParameterLocation::Path {
            let origin = parameter.provenance.first();
            locations
                .entry(parameter.name.clone())
                .or_default()
                .insert(parameter.location.key(), origin);
        }
    }
    for schema in body_schemas(operation) {
        for (name, property) in &resolved(document, schema).properties {
            locations
                .entry(name.clone())
                .or_default()
                .insert(BODY, property.provenance.first());
        }
    }
    locations
}

fn body_schemas(operation: &Operation) -> impl Iterator<Item = &Schema> {
    operation
        .body
        .iter()
        .flat_map(|body| body.contents.values())
        .filter_map(|content| content.schema.as_ref())
}

fn resolved<'d>(document: &'d Document, schema: &'d Schema) -> &'d Schema {
    schema
        .reference
        .as_ref()
        .and_then(|key| document.schemas.get(key))
        .unwrap_or(schema)
}

/// Moves an input of one description to the location that was decided.
fn relocate(
    document: &mut Document,
    operation: usize,
    name: &str,
    decided: &str,
    media_type: &str,
) {
    let Some(described) = document.operations.get(operation) else {
        return;
    };
    let in_body = locations(document, described)
        .get(name)
        .is_some_and(|locations| locations.contains_key(BODY));
    if in_body && decided != BODY {
        inline_body(document, operation);
    }
    let Some(described) = document.operations.get_mut(operation) else {
        return;
    };
    let moving: Vec<usize> = described
        .parameters
        .iter()
        .enumerate()
        .filter(|(_, parameter)| {
            parameter.name == name
                && parameter.location != ParameterLocation::Path
                && parameter.location.key() != decided
        })
        .map(|(index, _)| index)
        .collect();
    for index in moving.into_iter().rev() {
        let parameter = described.parameters.remove(index);
        if decided == BODY {
            into_body(described, parameter, media_type);
        } else if let Some(location) = parameter_location(decided) {
            described.parameters.push(Parameter {
                location,
                ..parameter
            });
        }
    }
    if in_body && let Some(location) = parameter_location(decided) {
        out_of_body(described, name, location);
    }
}

fn parameter_location(location: &str) -> Option<ParameterLocation> {
    match location {
        "query" => Some(ParameterLocation::Query),
        "header" => Some(ParameterLocation::Header),
        "cookie" => Some(ParameterLocation::Cookie),
        _ => None,
    }
}

/// Copies the component that a body refers to into the body, because other operations keep the component.
fn inline_body(document: &mut Document, operation: usize) {
    let Document {
        operations,
        schemas,
        ..
    } = document;
    let body = operations
        .get_mut(operation)
        .and_then(|operation| operation.body.as_mut());
    for content in body.into_iter().flat_map(|body| body.contents.values_mut()) {
        let component = content
            .schema
            .as_ref()
            .and_then(|schema| schemas.get(schema.reference.as_ref()?));
        if let Some(component) = component {
            content.schema = Some(component.clone());
        }
    }
}

fn into_body(operation: &mut Operation, parameter: Parameter, media_type: &str) {
    let provenance = parameter.provenance.clone();
    let body = operation.body.get_or_insert_with(|| Body {
        provenance: provenance.clone(),
        facts: Facts::default(),
        contents: IndexMap::new(),
    });
    let content = body
        .contents
        .entry(media_type.to_owned())
        .or_insert_with(|| Content {
            provenance: provenance.clone(),
            schema: None,
            encodings: IndexMap::new(),
            examples: Vec::new(),
        });
    let object = content.schema.get_or_insert_with(|| {
        let mut object = Schema::empty(provenance.clone());
        object.facts.set(
            Facet::Type,
            Fact::new(json!(["object"]), provenance.clone()),
        );
        object
    });
    let mut property = parameter.schema;
    for facet in MOVED_FACETS {
        if let Some(fact) = parameter.facts.get(facet) {
            property.facts.set(facet, fact.clone());
        }
    }
    object.properties.insert(parameter.name, property);
}

fn out_of_body(operation: &mut Operation, name: &str, location: ParameterLocation) {
    let body = operation.body.as_mut();
    let mut moved: Option<(Schema, Provenance)> = None;
    for content in body.into_iter().flat_map(|body| body.contents.values_mut()) {
        if let Some(schema) = &mut content.schema
            && let Some(property) = schema.properties.shift_remove(name)
        {
            let provenance = property.provenance.clone();
            moved = Some((property, provenance));
        }
    }
    let Some((mut schema, provenance)) = moved else {
        return;
    };
    let mut facts = Facts::default();
    for facet in MOVED_FACETS {
        if let Some(fact) = schema.facts.take(facet) {
            facts.set(facet, fact);
        }
    }
    operation.parameters.push(Parameter {
        name: name.to_owned(),
        aliases: Vec::new(),
        location,
        provenance,
        facts,
        schema,
        media_type: None,
    });
}
