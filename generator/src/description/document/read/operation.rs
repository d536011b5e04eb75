//! Reads operations.

use serde_json::json;

use super::DocumentReader;
use crate::description::diagnostic::Diagnostic;
use crate::description::document::{Facet, Facts, Operation, Parameter, WebhookOwner};
use crate::description::source::Span;
use crate::description::suggest::closest;
use crate::description::tree::{Mapping, Node};
use crate::http::HttpMethod;

/// What the operations of a path item have in common.
pub(super) struct PathItem<'p, 'a> {
    /// The path, or the name or URL of a webhook.
    pub(super) path: &'p str,
    /// The position of the path.
    pub(super) at: Span,
    /// The owner, if the path item is a webhook or callback.
    pub(super) webhook: Option<&'p WebhookOwner>,
    /// The parameters for each operation that does not have one of the same name and location.
    pub(super) parameters: Vec<Parameter>,
    /// The servers for each operation without servers.
    pub(super) servers: Option<&'a Node>,
    /// The security for each operation without security.
    pub(super) security: Option<&'a Node>,
}

impl<'a> DocumentReader<'a> {
    /// Reads an operation. If the node is not an object, reports it and returns `None`.
    pub(super) fn operation(
        &mut self,
        method: HttpMethod,
        item: &PathItem<'_, 'a>,
        node: &'a Node,
    ) -> Option<Operation> {
        let node = self.resolve(node)?;
        let Some(mapping) = node.as_mapping() else {
            self.expected(node, "an operation object");
            return None;
        };
        self.check_keys(
            mapping,
            &[
                "tags",
                "summary",
                "description",
                "externalDocs",
                "operationId",
                "parameters",
                "requestBody",
                "responses",
                "callbacks",
                "deprecated",
                "security",
                "servers",
            ],
            "an operation",
        );
        self.not_read(mapping, &["externalDocs"], "an operation");
        let mut parameters = self.parameters(mapping);
        for parameter in &item.parameters {
            if !parameters.iter().any(|own| own.is_same_input(parameter)) {
                parameters.push(parameter.clone());
            }
        }
        self.match_path(item, &mut parameters);
        let body = mapping.get("requestBody").and_then(|node| self.body(node));
        let mut operation = Operation {
            method,
            path: item.path.to_owned(),
            is_shadowed: false,
            provenance: self.provenance(node),
            facts: self.operation_facts(mapping),
            parameters,
            body,
            responses: self.responses(mapping),
        };
        if operation.facts.get(Facet::Servers).is_none()
            && let Some(servers) = item.servers
        {
            let fact = self.fact(servers, servers.to_json());
            operation.facts.set(Facet::Servers, fact);
        }
        if let Some(security) = mapping.get("security") {
            self.check_security(security);
        }
        if let Some(security) = mapping.get("security").or(item.security) {
            operation
                .facts
                .set(Facet::Security, self.fact(security, security.to_json()));
        }
        match (mapping.entry("callbacks"), item.webhook) {
            (Some(callbacks), None) => self.read_callbacks(method, item.path, &callbacks.value),
            (Some(callbacks), Some(_)) => self.diagnostics.push(
                Diagnostic::note("not-emitted", "callbacks of a webhook are not emitted")
                    .at(callbacks.key_span, "skipped"),
            ),
            (None, _) => {}
        }
        Some(operation)
    }

    /// Reports the security schemes of requirements that the document does not declare: no credential can be sent for them.
    pub(super) fn check_security(&mut self, requirements: &Node) {
        let declared = &self.declared_schemes;
        let requirements = requirements.as_sequence().unwrap_or_default();
        for entry in requirements
            .iter()
            .filter_map(Node::as_mapping)
            .flat_map(|requirement| &requirement.entries)
            .filter(|entry| !declared.contains(&entry.key.as_str()))
        {
            let name = &entry.key;
            let help = match closest(name, declared.iter().copied()) {
                Some(similar) => format!("did you mean `{similar}`? Fix it in an overlay"),
                None => "declare it in `components.securitySchemes`, in an overlay".to_owned(),
            };
            self.diagnostics.push(
                Diagnostic::warning(
                    "undeclared-security-scheme",
                    format!("the document declares no security scheme `{name}`; the requirement is ignored, and no credential is sent for it"),
                )
                .at(entry.key_span, "this scheme")
                .help(help),
            );
        }
    }

    fn operation_facts(&mut self, mapping: &'a Mapping) -> Facts {
        let mut facts = Facts::default();
        for (key, facet) in [
            ("operationId", Facet::OperationId),
            ("summary", Facet::Summary),
            ("description", Facet::Description),
        ] {
            self.prose(mapping, key, facet, &mut facts);
        }
        self.remarks(mapping, &mut facts);
        self.keyword(mapping, "deprecated", Facet::Deprecated, &mut facts);
        if let Some(node) = mapping.get("tags") {
            match node.as_sequence() {
                Some([]) => {}
                Some(_) => facts.set(Facet::Tags, self.fact(node, node.to_json())),
                None if node.as_str().is_some() => {
                    facts.set(Facet::Tags, self.fact(node, json!([node.to_json()])));
                }
                None => self.expected(node, "an array of tag names"),
            }
        }
        if let Some(node) = mapping.get("servers") {
            facts.set(Facet::Servers, self.fact(node, node.to_json()));
        }
        facts
    }
}
