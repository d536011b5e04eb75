//! Schemas without a finite value: they require themselves.

use std::collections::HashSet;

use super::walk;
use super::{Described, Findings};
use crate::description::document::{Document, Facet, Schema};
use crate::description::source::Span;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let document = described.document;
    let mut told = HashSet::new();
    for (name, schema) in &document.schemas {
        let Some((circle, at)) = circle(name, schema, document) else {
            continue;
        };
        let is_new = circle.iter().all(|name| !told.contains(name));
        told.extend(circle);
        if is_new {
            let message =
                format!("`{name}` has no finite value: it requires a property that requires it");
            findings.add("infinite-schema", message, at, "required here");
        }
    }
}

/// The components of a circle of required properties through a component, and the first of the properties.
fn circle<'d>(
    name: &'d str,
    schema: &'d Schema,
    document: &'d Document,
) -> Option<(Vec<&'d str>, Span)> {
    let mut seen: HashSet<&str> = HashSet::new();
    let mut paths: Vec<(Vec<&'d str>, Span)> = Vec::new();
    for (target, at) in demanded(schema) {
        paths.push((vec![target], at));
    }
    while let Some((path, at)) = paths.pop() {
        let last = *path.last()?;
        if last == name {
            return Some((path, at));
        }
        let target = document.schemas.get(last).filter(|_| seen.insert(last));
        for (next, _) in target.into_iter().flat_map(demanded) {
            paths.push((path.iter().copied().chain([next]).collect(), at));
        }
    }
    None
}

/// The components without which a schema has no value, each with the place that demands it.
fn demanded(schema: &Schema) -> Vec<(&str, Span)> {
    let mut found = Vec::new();
    let mut open = vec![schema];
    while let Some(schema) = open.pop() {
        let is_nullable = schema.facts.flag(Facet::Nullable) == Some(true);
        if is_nullable || schema.types().any(|ty| ty != "object") {
            continue;
        }
        if let Some(target) = &schema.reference {
            found.push((target.as_str(), walk::place(schema)));
        }
        let properties = schema.properties.values();
        open.extend(properties.filter(|it| it.facts.flag(Facet::Required) == Some(true)));
    }
    found
}
