//! The same input of one operation, put in different places by different sources.
//!
//! One source may describe `name` as a query parameter and another one as a property of the body. Each source's
//! description is moved to the place that is decided on, so that everything it says of the input stays a claim.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde_json::json;

use super::ledger::{Claim, Ledger};
use super::rules::Direction;
use crate::document::{
    Body, Content, Document, Facet, Fact, Facts, Operation, Parameter, Said, SaidBy, Schema,
};
use crate::ir::ParameterLocation;

/// The place of an input.
const BODY: &str = "body";

/// Where an operation of one source takes an input, and where that is said.
type Places = BTreeMap<String, BTreeMap<&'static str, Said>>;

/// Settles the places of all inputs of one operation, given by the (document, operation) positions of its descriptions.
pub(super) fn settle(
    subject: &str,
    described: &[(usize, usize)],
    documents: &mut [Document],
    ledger: &mut Ledger<'_>,
) {
    let places: Vec<Places> = described
        .iter()
        .filter_map(|(document, operation)| {
            let document = documents.get(*document)?;
            Some(places(document, document.operations.get(*operation)?))
        })
        .collect();
    let names: BTreeSet<&String> = places.iter().flat_map(BTreeMap::keys).collect();
    for name in names {
        let speaking: Vec<&BTreeMap<&str, Said>> = places
            .iter()
            .filter_map(|places| places.get(name))
            .collect();
        let apart = |a: &BTreeMap<&str, Said>, b: &BTreeMap<&str, Said>| {
            !a.keys().any(|place| b.contains_key(place))
        };
        if !speaking
            .iter()
            .any(|a| speaking.iter().any(|b| apart(a, b)))
        {
            continue;
        }
        let claims = speaking.iter().flat_map(|places| {
            places.iter().map(|(place, said)| Claim {
                value: json!(place).into(),
                said: *said,
            })
        });
        let settled = ledger.settle(
            &format_args!("{subject} input {name}"),
            Facet::Location,
            Direction::Request,
            claims,
        );
        let Some(decided) = settled.as_ref().and_then(|fact| fact.value.as_str()) else {
            continue;
        };
        let media_type = described
            .iter()
            .filter_map(|(document, operation)| {
                documents
                    .get(*document)?
                    .operations
                    .get(*operation)?
                    .body
                    .as_ref()
            })
            .find_map(|body| body.contents.keys().next().cloned())
            .unwrap_or_else(|| "application/json".to_owned());
        for (document, operation) in described {
            if let Some(document) = documents.get_mut(*document) {
                relocate(document, *operation, name, decided, &media_type);
            }
        }
    }
}

fn places(document: &Document, operation: &Operation) -> Places {
    let mut places = Places::new();
    for parameter in &operation.parameters {
        // The place of a path parameter is the path's matter.
        if parameter.location != ParameterLocation::Path {
            let said = parameter.said.first();
            places
                .entry(parameter.name.clone())
                .or_default()
                .insert(parameter.location.key(), said);
        }
    }
    for schema in body_schemas(operation) {
        for (name, property) in &resolved(document, schema).properties {
            places
                .entry(name.clone())
                .or_default()
                .insert(BODY, property.said.first());
        }
    }
    places
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

/// Moves an input of one description to the place that was decided on.
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
    let in_body = places(document, described)
        .get(name)
        .is_some_and(|places| places.contains_key(BODY));
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
        } else if let Some(location) = location(decided) {
            described.parameters.push(Parameter {
                location,
                ..parameter
            });
        }
    }
    if in_body && let Some(location) = location(decided) {
        out_of_body(described, name, location);
    }
}

fn location(place: &str) -> Option<ParameterLocation> {
    match place {
        "query" => Some(ParameterLocation::Query),
        "header" => Some(ParameterLocation::Header),
        "cookie" => Some(ParameterLocation::Cookie),
        _ => None,
    }
}

/// A body that refers to a component gets a copy of its own, since other operations keep the component.
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
    let said = parameter.said.clone();
    let body = operation.body.get_or_insert_with(|| Body {
        said: said.clone(),
        facts: Facts::default(),
        contents: IndexMap::new(),
    });
    let content = body
        .contents
        .entry(media_type.to_owned())
        .or_insert_with(|| Content {
            said: said.clone(),
            schema: None,
            encodings: IndexMap::new(),
            examples: Vec::new(),
        });
    let object = content.schema.get_or_insert_with(|| {
        let mut object = Schema::empty(said.clone());
        object
            .facts
            .set(Facet::Type, Fact::new(json!(["object"]), said.clone()));
        object
    });
    let mut property = parameter.schema;
    for facet in [Facet::Description, Facet::Required, Facet::Deprecated] {
        if let Some(fact) = parameter.facts.get(facet) {
            property.facts.set(facet, fact.clone());
        }
    }
    object.properties.insert(parameter.name, property);
}

fn out_of_body(operation: &mut Operation, name: &str, location: ParameterLocation) {
    let body = operation.body.as_mut();
    let mut moved: Option<(Schema, SaidBy)> = None;
    for content in body.into_iter().flat_map(|body| body.contents.values_mut()) {
        if let Some(schema) = &mut content.schema
            && let Some(property) = schema.properties.shift_remove(name)
        {
            let said = property.said.clone();
            moved = Some((property, said));
        }
    }
    let Some((mut schema, said)) = moved else {
        return;
    };
    let mut facts = Facts::default();
    for facet in [Facet::Description, Facet::Required, Facet::Deprecated] {
        if let Some(fact) = schema.facts.take(facet) {
            facts.set(facet, fact);
        }
    }
    operation.parameters.push(Parameter {
        name: name.to_owned(),
        aliases: Vec::new(),
        location,
        said,
        facts,
        schema,
        media_type: None,
    });
}
