//! Components and tags that nothing uses, and tags that nothing declares.

use std::collections::HashSet;

use super::{Described, Findings};
use crate::description::document::Facet;
use crate::description::source::Span;
use crate::description::tree::{Node, Value, unescape_token};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    unused_components(described, findings);
    unused_schemes(described, findings);
    tags(described, findings);
}

fn unused_components(described: &Described<'_>, findings: &mut Findings) {
    let Some(components) = described.tree.get("components").and_then(Node::as_mapping) else {
        return;
    };
    let mut used = HashSet::new();
    references(described.tree, &mut used);
    if used.is_empty() {
        // A document of components alone, or one without references, whose components are for its readers.
        return;
    }
    for (kind, node) in components.iter() {
        // Security schemes are used by name.
        let is_referred = !kind.starts_with("x-") && kind != "securitySchemes";
        let Some(mapping) = node.as_mapping().filter(|_| is_referred) else {
            continue;
        };
        for entry in &mapping.entries {
            let is_used = used.contains(&(kind.to_owned(), entry.key.clone()))
                || kind == "schemas" && used.contains(&(String::new(), entry.key.clone()));
            if !is_used {
                findings.add(
                    "unused-component",
                    format!("nothing refers to `#/components/{kind}/{}`", entry.key),
                    described.place_of(entry),
                    "this component",
                );
            }
        }
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

/// Collects the components that references lead to, each by its kind and name; what a `mapping` of a discriminator names is a
/// schema, and has no kind.
fn references(node: &Node, used: &mut HashSet<(String, String)>) {
    match &node.value {
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter() {
                match (key, value.as_str()) {
                    ("$ref" | "$dynamicRef" | "operationRef", Some(text)) => {
                        used.extend(component(text));
                    }
                    ("mapping", None) => {
                        let names = value.as_mapping().into_iter().flat_map(|it| it.iter());
                        for name in names.filter_map(|(_, name)| name.as_str()) {
                            let named = component(name);
                            used.extend(named.or_else(|| Some((String::new(), name.to_owned()))));
                        }
                    }
                    _ => references(value, used),
                }
            }
        }
        Value::Sequence(items) => items.iter().for_each(|item| references(item, used)),
        _ => {}
    }
}

/// The kind and the name of the component that a reference leads to, or into.
fn component(reference: &str) -> Option<(String, String)> {
    let (_, path) = reference.split_once("#/components/")?;
    let mut tokens = path.split('/');
    let (kind, name) = (tokens.next()?, tokens.next()?);
    let name = percent_encoding::percent_decode_str(name).decode_utf8_lossy();
    Some((kind.to_owned(), unescape_token(&name).into_owned()))
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
