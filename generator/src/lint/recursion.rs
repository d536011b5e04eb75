//! Schemas without a finite value: they require themselves.

use std::collections::{HashMap, HashSet};

use super::walk;
use super::{Described, Findings};
use crate::description::document::{Facet, Schema};
use crate::description::source::Span;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let schemas = &described.document.schemas;
    let demands = schemas
        .iter()
        .map(|(name, schema)| (name.as_str(), demanded(schema)));
    let demands: Demands<'_> = demands.collect();
    let names: Vec<&str> = schemas.keys().map(String::as_str).collect();
    let circles = circles(&names, &demands);
    let mut told = HashSet::new();
    for name in names {
        let circle = circles.get(name);
        let mut demanded = demands.get(name).into_iter().flatten();
        let inside = demanded.find(|it| it.is_property && circles.get(it.target) == circle);
        if let Some(demand) = inside.filter(|_| told.insert(circle)) {
            let message =
                format!("`{name}` has no finite value: it requires a property that requires it");
            findings.add("infinite-schema", message, demand.at, "required here");
        }
    }
}

/// What each component demands.
type Demands<'d> = HashMap<&'d str, Vec<Demand<'d>>>;

/// A component without which another one has no value.
struct Demand<'d> {
    target: &'d str,
    /// The place that demands it.
    at: Span,
    /// Whether a required property leads to it. A reference alone is the other component, and circles of these are told elsewhere.
    is_property: bool,
}

/// Groups components: those that demand each other, however indirectly, have the same one of them (Kosaraju's algorithm).
fn circles<'d>(names: &[&'d str], demands: &Demands<'d>) -> HashMap<&'d str, &'d str> {
    let mut demanded_by: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, demanded) in demands {
        for demand in demanded {
            demanded_by.entry(demand.target).or_default().push(name);
        }
    }
    let mut circles = HashMap::new();
    for first in after_what_they_demand(names, demands).into_iter().rev() {
        let mut open = vec![first];
        while let Some(name) = open.pop() {
            if !circles.contains_key(name) {
                circles.insert(name, first);
                open.extend(demanded_by.get(name).into_iter().flatten());
            }
        }
    }
    circles
}

/// The components, each after those that it demands, unless they demand each other.
fn after_what_they_demand<'d>(names: &[&'d str], demands: &Demands<'d>) -> Vec<&'d str> {
    let mut seen = HashSet::new();
    let mut ordered = Vec::new();
    // A component is there twice: to be visited, and to be added after what it demands.
    let mut open: Vec<(&str, bool)> = names.iter().map(|name| (*name, false)).collect();
    while let Some((name, is_visited)) = open.pop() {
        if is_visited {
            ordered.push(name);
        } else if seen.insert(name) {
            open.push((name, true));
            let demanded = demands.get(name).into_iter().flatten();
            open.extend(demanded.map(|it| (it.target, false)));
        }
    }
    ordered
}

/// The components without which a schema has no value.
fn demanded(schema: &Schema) -> Vec<Demand<'_>> {
    let mut found = Vec::new();
    let mut open = vec![(schema, false)];
    while let Some((schema, is_property)) = open.pop() {
        let is_nullable = schema.facts.flag(Facet::Nullable) == Some(true);
        if is_nullable || schema.types().any(|ty| ty != "object") {
            continue;
        }
        found.extend(schema.reference.iter().map(|target| Demand {
            target,
            at: walk::place(schema),
            is_property,
        }));
        let properties = schema.properties.values();
        let required = properties.filter(|it| it.facts.flag(Facet::Required) == Some(true));
        open.extend(required.map(|it| (it, true)));
    }
    found
}
