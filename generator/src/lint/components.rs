//! Components and tags that nothing uses, and tags that nothing declares, or that are declared twice.

use std::collections::{HashMap, HashSet};

use super::{Described, Findings};
use crate::description::component_references::ComponentReferences;
use crate::description::document::Facet;
use crate::description::source::Span;
use crate::description::tree::{Node, Value};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    unused_components(described, findings);
    unused_schemes(described, findings);
    tags(described, findings);
}

fn unused_components(described: &Described<'_>, findings: &mut Findings) {
    let references = ComponentReferences::of(described.tree);
    if references.is_empty() {
        // A document of components alone, or one without references, whose components are for its readers.
        return;
    }
    for unused in references.unused(described.tree) {
        let at = described.place_of(unused.entry);
        findings.add("unused-component", unused.message(), at, "this component");
    }
}

fn unused_schemes(described: &Described<'_>, findings: &mut Findings) {
    let tree = described.tree;
    let schemes = tree.pointer("/components/securitySchemes");
    let schemes = schemes.and_then(Node::as_mapping);
    let mut required = HashSet::new();
    requirements(tree, &mut required);
    for entry in schemes.into_iter().flat_map(|it| &it.entries) {
        let name = entry.key.as_str();
        if !name.starts_with("x-") && !required.contains(name) {
            let message = format!("no `security` requires the scheme `{name}`");
            findings.add(
                "unused-security-scheme",
                message,
                described.place_of(entry),
                "this scheme",
            );
        }
    }
}

/// Collects the names of the security schemes that something requires.
fn requirements<'d>(node: &'d Node, required: &mut HashSet<&'d str>) {
    match &node.value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter() {
                let alternatives = value.as_sequence().filter(|_| key == "security");
                let alternatives = alternatives.into_iter().flatten();
                let alternatives = alternatives.filter_map(Node::as_mapping);
                required.extend(alternatives.flat_map(|it| it.iter().map(|(name, _)| name)));
                requirements(value, required);
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| requirements(item, required)),
        _ => {}
    }
}

fn tags(described: &Described<'_>, findings: &mut Findings) {
    let declared = described.tree.get("tags").and_then(Node::as_sequence);
    let declared: Vec<(&str, Span)> = declared
        .into_iter()
        .flatten()
        .filter_map(|tag| Some((tag.get("name")?.as_str()?, tag.span)))
        .collect();
    if declared.is_empty() {
        return;
    }
    repeated_tags(&declared, findings);
    let mut used = HashSet::new();
    let called = described.document.webhooks.iter().map(|it| &it.operation);
    for operation in described.document.operations.iter().chain(called) {
        let Some(fact) = operation.facts.get(Facet::Tags) else {
            continue;
        };
        for tag in fact
            .value
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it.as_str())
        {
            let is_declared = declared.iter().any(|(name, _)| *name == tag);
            if used.insert(tag) && !is_declared {
                findings.add(
                    "undeclared-tag",
                    format!("the tag `{tag}` is not among the `tags` of the document"),
                    fact.provenance.first().at,
                    "used here",
                );
            }
        }
    }
    for (name, at) in declared {
        if !used.contains(name) && described.document.skipped.is_empty() {
            findings.add(
                "unused-tag",
                format!("no operation has the tag `{name}`"),
                at,
                "declared here",
            );
        }
    }
}

fn repeated_tags(declared: &[(&str, Span)], findings: &mut Findings) {
    let mut seen: HashMap<&str, Span> = HashMap::new();
    for &(name, at) in declared {
        if let Some(first) = seen.insert(name, at) {
            let places = [
                (at, "declared again".to_owned()),
                (first, "declared here".to_owned()),
            ];
            let message = format!("the tag `{name}` is declared twice");
            findings.add_all("repeated-tag", message, &places);
        }
    }
}
