//! What must be declared where it is used: variables of server URLs, scopes, and the parts of a body that have an `encoding`.

use std::collections::{BTreeSet, HashSet};

use super::{Described, Findings};
use crate::description::document::{Content, Facet, Schema};
use crate::description::tree::{Mapping, Node};
use crate::media_type::essence;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let servers = described.tree.get("servers").and_then(Node::as_sequence);
    for server in servers.into_iter().flatten() {
        server_variables(server, findings);
    }
    scopes(described.tree, findings);
    encodings(described, findings);
}

fn server_variables(server: &Node, findings: &mut Findings) {
    let Some((node, url)) = server.get("url").and_then(|it| Some((it, it.as_str()?))) else {
        return;
    };
    let variables = server.get("variables").and_then(Node::as_mapping);
    let named = url.split('{').skip(1);
    let named: BTreeSet<&str> = named.filter_map(|it| Some(it.split_once('}')?.0)).collect();
    for name in &named {
        if variables.is_none_or(|variables| variables.get(name).is_none()) {
            let message = format!("the variable `{name}` of a server URL is not described");
            findings.add("server-variable", message, node.span, "in this URL");
        }
    }
    for entry in variables.into_iter().flat_map(|it| &it.entries) {
        let name = &entry.key;
        if !named.contains(name.as_str()) {
            let message = format!("the variable `{name}` does not occur in `{url}`");
            findings.add("server-variable", message, entry.key_span, "this variable");
        }
        let default = entry.value.get("default");
        let values = entry.value.get("enum").and_then(Node::as_sequence);
        match (default, values) {
            (None, _) => {
                let message = format!("the variable `{name}` of a server has no default");
                findings.add("server-variable", message, entry.key_span, "this variable");
            }
            (Some(default), Some(values)) => {
                let text = default.as_str();
                // Numbers without quotes are told elsewhere.
                let is_value = values
                    .iter()
                    .any(|value| value.as_str().is_none() || value.as_str() == text);
                if let Some(text) = text.filter(|_| !is_value) {
                    let message = format!("the default `{text}` of `{name}` is not in its `enum`");
                    findings.add("server-variable", message, default.span, "this default");
                }
            }
            _ => {}
        }
    }
}

/// The requirements of the document and of its operations that name a scope that no flow of the scheme has.
fn scopes(tree: &Node, findings: &mut Findings) {
    let schemes = tree.pointer("/components/securitySchemes");
    let Some(schemes) = schemes.and_then(Node::as_mapping) else {
        return;
    };
    let paths = ["paths", "webhooks"].into_iter();
    let paths = paths.filter_map(|key| tree.get(key)?.as_mapping());
    let items = paths.flat_map(|paths| paths.iter());
    let operations = items.filter_map(|(_, item)| item.as_mapping());
    let operations = operations.flat_map(|item| item.iter().map(|(_, operation)| operation));
    for requirements in operations.chain([tree]).filter_map(|it| it.get("security")) {
        let alternatives = requirements.as_sequence().into_iter().flatten();
        let required = alternatives.filter_map(Node::as_mapping);
        for (scheme, needed) in required.flat_map(Mapping::iter) {
            let Some(declared) = schemes.get(scheme).and_then(declared_scopes) else {
                continue;
            };
            for node in needed.as_sequence().into_iter().flatten() {
                if let Some(scope) = node.as_str().filter(|scope| !declared.contains(scope)) {
                    let message = format!("no flow of `{scheme}` has the scope `{scope}`");
                    findings.add("undeclared-scope", message, node.span, "needed here");
                }
            }
        }
    }
}

/// The scopes of all flows of a scheme. `None` if it is none of OAuth 2, or declares none at all.
fn declared_scopes(scheme: &Node) -> Option<HashSet<&str>> {
    let flows = scheme.get("flows")?.as_mapping()?;
    let scopes = flows
        .iter()
        .filter_map(|(_, flow)| flow.get("scopes")?.as_mapping());
    let scopes: HashSet<&str> = scopes
        .flat_map(|it| it.iter().map(|(name, _)| name))
        .collect();
    (!scopes.is_empty()).then_some(scopes)
}

/// The `encoding` of parts that the schema of a form does not have.
fn encodings(described: &Described<'_>, findings: &mut Findings) {
    let operations = described.document.operations.iter();
    let bodies = operations.filter_map(|operation| operation.body.as_ref());
    for (media_type, content) in bodies.flat_map(|body| &body.contents) {
        let essence = essence(media_type);
        let is_form =
            essence.starts_with("multipart/") || essence == "application/x-www-form-urlencoded";
        let Some(properties) = properties(described, content).filter(|_| is_form) else {
            continue;
        };
        let unknown = content.encodings.keys();
        for name in unknown.filter(|name| !properties.contains(name.as_str())) {
            let message = format!("the `encoding` of `{name}` is of no property of the body");
            let at = content.provenance.first().at;
            findings.add("encoding-of-unknown-part", message, at, "in this content");
        }
    }
}

/// The properties of a body. `None` if it may have others.
fn properties<'d>(described: &Described<'d>, content: &'d Content) -> Option<HashSet<&'d str>> {
    let schema = content.schema.as_ref()?;
    let components = &described.document.schemas;
    let chain: Vec<&Schema> = schema.with_referred(components).collect();
    let is_open = |it: &&Schema| {
        !it.alternatives.is_empty()
            || !it.all_of.is_empty()
            || it.additional.is_some()
            || it.facts.flag(Facet::AdditionalProperties) == Some(true)
            || it
                .reference
                .as_ref()
                .is_some_and(|key| !components.contains_key(key))
    };
    let properties = chain.iter().flat_map(|it| it.properties.keys());
    let properties: HashSet<&str> = properties.map(String::as_str).collect();
    (!properties.is_empty() && !chain.iter().any(is_open)).then_some(properties)
}
