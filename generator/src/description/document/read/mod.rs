//! Reads a [`Document`] from the spanned tree of an OpenAPI document.
//!
//! The reader resolves all references except those to schemas, converts every dialect to the same form, and reports
//! every key that it does not understand.

mod body;
mod fact;
mod newer;
mod not_read;
mod operation;
mod parameter;
mod path_item;
mod reference;
mod response;
mod schema;
mod suggestion;
mod webhook;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use indexmap::IndexMap;
use serde_json::Value as Json;

use super::files::DescriptionFiles;
use super::{
    Document, Facet, Fact, Provenance, SchemaKey, SecurityScheme, Server, ServerVariable, SourceId,
};
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::Span;
use crate::description::suggest;
use crate::description::tree::{Mapping, Node, Value};
use crate::http::{self, ParameterLocation};
use not_read::is_extension;
use reference::References;

/// The dialect of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// OpenAPI 3.0.
    V3_0,
    /// OpenAPI 3.1.
    V3_1,
    /// OpenAPI 3.1 as `transcribe` writes it. A fact that the markdown reference does not state is missing, even if OpenAPI
    /// requires it (the schema of a parameter, the description of a response).
    Transcribed,
}

/// Reads a document that is one file. Returns `None` if it is not an OpenAPI 3.0 or 3.1 document.
pub fn document(
    root: &Node,
    source: SourceId,
    transcribed: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    files(
        &DescriptionFiles::alone(root),
        source,
        transcribed,
        diagnostics,
    )
}

/// Reads a document and the files that it refers to. Returns `None` if it is not an OpenAPI 3.0 or 3.1 document.
pub fn files(
    files: &DescriptionFiles<'_>,
    source: SourceId,
    transcribed: bool,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let root = files.tree(None);
    let dialect = dialect(root, transcribed, diagnostics)?;
    let mut reader = DocumentReader {
        root,
        files,
        source,
        dialect,
        diagnostics,
        pending: Vec::new(),
        queued: HashSet::new(),
        references: References::default(),
        lone_types: Vec::new(),
        declared_schemes: Vec::new(),
        item: "the document".to_owned(),
        document: Document::default(),
    };
    reader.read_root();
    let document = reader.document;
    diagnostics.deduplicate();
    Some(document)
}

fn dialect(root: &Node, transcribed: bool, diagnostics: &mut Diagnostics) -> Option<Dialect> {
    let Some(mapping) = root.as_mapping() else {
        diagnostics.push(
            Diagnostic::error("not-an-object", "an OpenAPI document is an object")
                .at(root.span, format!("this is {}", article(root.kind())))
                .help("give the path of an OpenAPI description in YAML or JSON"),
        );
        return None;
    };
    if let Some(entry) = mapping.entry("swagger") {
        diagnostics.push(
            Diagnostic::error("unsupported-version", "Swagger 2.0 is not supported")
                .at(entry.key_span, "here")
                .help("convert the document to OpenAPI 3, for example with swagger2openapi"),
        );
        return None;
    }
    if let Some(entry) = mapping.entry("asyncapi") {
        diagnostics.push(
            Diagnostic::error(
                "unsupported-version",
                "AsyncAPI describes messages, not an HTTP API",
            )
            .at(entry.key_span, "here")
            .help("give the OpenAPI description of the API; its webhooks are read, too"),
        );
        return None;
    }
    let Some(entry) = mapping.entry("openapi") else {
        diagnostics.push(
            Diagnostic::error("not-openapi", "the document has no `openapi` version")
                .at(root.span, "expected a key `openapi`")
                .help("add `openapi: 3.1.0`, or give another document"),
        );
        return None;
    };
    let version = match entry.value.as_str() {
        Some(text) => text.to_owned(),
        None => entry.value.to_json().to_string(),
    };
    if transcribed {
        Some(Dialect::Transcribed)
    } else if version.starts_with("3.0") {
        Some(Dialect::V3_0)
    } else if version.starts_with("3.1") {
        Some(Dialect::V3_1)
    } else if version.starts_with("3.2") {
        newer::report(root, diagnostics);
        Some(Dialect::V3_1)
    } else {
        diagnostics.push(
            Diagnostic::error(
                "unsupported-version",
                format!("OpenAPI version `{version}` is not supported"),
            )
            .at(entry.value.span, "expected 3.0.x, 3.1.x or 3.2.x")
            .help("convert the document; if it needs nothing newer than 3.2, set `3.2.0` in an overlay"),
        );
        None
    }
}

fn article(kind: &str) -> String {
    match kind {
        "null" => "null".to_owned(),
        "array" | "integer" | "object" => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

/// A schema that is still to be read: its key, its node and the schemas around it.
type Pending<'a> = (SchemaKey, &'a Node, Vec<&'a Node>);

/// Reads one document.
struct DocumentReader<'a> {
    root: &'a Node,
    files: &'a DescriptionFiles<'a>,
    source: SourceId,
    dialect: Dialect,
    diagnostics: &'a mut Diagnostics,
    /// Schemas outside the components that references lead to. They are still to be read.
    pending: Vec<Pending<'a>>,
    queued: HashSet<SchemaKey>,
    references: References<'a>,
    /// The lists of a single type that were read so far.
    lone_types: Vec<(String, Arc<Json>)>,
    /// The names of the security schemes that the document declares, also of those that cannot be read.
    declared_schemes: Vec<&'a str>,
    /// The operation or component that is being read.
    item: String,
    document: Document,
}

impl<'a> DocumentReader<'a> {
    fn provenance(&self, node: &Node) -> Provenance {
        Provenance::single(self.source, node.span)
    }

    fn read_root(&mut self) {
        let root = self.root;
        let Some(mapping) = root.as_mapping() else {
            return;
        };
        self.check_keys(
            mapping,
            &[
                "openapi",
                "info",
                "jsonSchemaDialect",
                "servers",
                "paths",
                "webhooks",
                // The webhooks of OpenAPI 3.0.
                "x-webhooks",
                "components",
                "security",
                "tags",
                "externalDocs",
            ],
            "the root of the document",
        );
        self.not_read(mapping, &["externalDocs"], "the document");
        self.read_info(mapping);
        self.document.servers = self.servers(mapping);
        self.read_tags(mapping);
        if let Some(components) = mapping.get("components") {
            self.read_components(components);
        }
        let security = mapping.get("security");
        if let Some(security) = security {
            self.check_security(security);
        }
        match mapping.get("paths") {
            Some(paths) => self.read_paths(paths, security),
            None if mapping.get("components").is_some() || mapping.get("webhooks").is_some() => {}
            None => self.diagnostics.push(
                Diagnostic::error(
                    "nothing-described",
                    "the document has neither `paths` nor `components` nor `webhooks`",
                )
                .at(root.span, "this document")
                .help("is this the right file?"),
            ),
        }
        let webhooks = mapping.get("webhooks").or(mapping.get("x-webhooks"));
        if let Some(webhooks) = webhooks {
            self.read_webhooks(webhooks);
        }
        while let Some((key, node, enclosing)) = self.pending.pop() {
            self.references.enclosing = enclosing;
            self.item = format!("schema {}", super::key::name(&key));
            let schema = self.schema(node);
            self.references.enclosing.clear();
            self.document.schemas.insert(key, schema);
        }
        self.check_operation_ids();
        self.check_described();
    }

    /// Warns about operations and webhooks of the same `operationId`, which is to tell them apart.
    fn check_operation_ids(&mut self) {
        let mut first_of: HashMap<&str, (Span, String)> = HashMap::new();
        let operations = self.document.operations.iter();
        let webhooks = self.document.webhooks.iter();
        let webhooks = webhooks.map(|webhook| (&webhook.operation, webhook.item()));
        let operations = operations.map(|it| (it, format!("{} {}", it.method, it.path)));
        for (operation, name) in operations.chain(webhooks) {
            let Some(fact) = operation.facts.get(Facet::OperationId) else {
                continue;
            };
            let (Some(id), at) = (fact.value.as_str(), fact.provenance.first().at) else {
                continue;
            };
            match first_of.get(id) {
                // What a reference leads to is one operation in two places.
                Some((first, _)) if *first == at => {}
                Some((first, of_first)) => self.diagnostics.push(
                    Diagnostic::warning(
                        "duplicate-operation-id",
                        format!("two operations have the `operationId` `{id}`"),
                    )
                    .at(at, name)
                    .at(*first, of_first.as_str())
                    .help("give one of them another `operationId`, in an overlay"),
                ),
                None => {
                    first_of.insert(id, (at, name));
                }
            }
        }
    }

    /// Warns about an empty description. It is valid, but probably a mistake.
    fn check_described(&mut self) {
        let described = &self.document;
        let found = described.operations_found + described.webhooks_found;
        let is_empty = found == 0 && described.schemas.is_empty();
        if is_empty && !self.diagnostics.has_errors() {
            self.diagnostics.push(
                Diagnostic::warning(
                    "nothing-described",
                    "the document describes nothing: no operation, webhook or schema",
                )
                .at(self.root.span, "this document")
                .help("is this the right file?"),
            );
        }
    }

    fn read_info(&mut self, root: &'a Mapping) {
        let Some(info) = root.get("info") else { return };
        let info = self.group(info);
        if let Some(mapping) = info.as_mapping() {
            let not_read = ["summary", "termsOfService", "contact", "license"];
            let known = ["title", "version", "description"];
            self.check_keys(mapping, &[known.as_slice(), &not_read].concat(), "`info`");
            self.not_read(mapping, &not_read, "`info`");
        }
        for facet in [Facet::Title, Facet::Version, Facet::Description] {
            if let Some(text) = self.info_text(info, facet.name()) {
                self.document.facts.set(facet, text);
            }
        }
    }

    /// Reads a text of `info`, or the file that a reference in its place leads to: long descriptions are often in a file.
    fn info_text(&mut self, info: &'a Node, key: &str) -> Option<Fact> {
        let value = info.get(key)?;
        let value = self.resolve_silently(value).unwrap_or(value);
        let text = match &value.value {
            Value::String(text) => text.trim().to_owned(),
            Value::Mapping(_) | Value::Sequence(_) => return None,
            _ => value.to_json().to_string(),
        };
        Some(Fact::new(Json::from(text), self.provenance(value)))
    }

    fn servers(&mut self, mapping: &'a Mapping) -> Vec<Server> {
        let servers = mapping.get("servers").map(|servers| self.group(servers));
        let Some(servers) = servers.and_then(Node::as_sequence) else {
            return Vec::new();
        };
        let mut read = Vec::new();
        for server in servers {
            let Some(server) = self.resolve(server) else {
                continue;
            };
            let Some(url) = server.get("url").and_then(Node::as_str) else {
                self.expected(server, "a server object with a `url`");
                continue;
            };
            let variables = server.get("variables").and_then(Node::as_mapping);
            self.extensions_not_read(server);
            for (_, variable) in variables.into_iter().flat_map(Mapping::iter) {
                self.extensions_not_read(variable);
            }
            let mut variables = variables.map(server_variables).unwrap_or_default();
            // In the order of the URL: the order of keys in the document must not reach the output.
            variables
                .sort_by_cached_key(|name, _| (url.find(&format!("{{{name}}}")), name.clone()));
            read.push(Server {
                url: url.to_owned(),
                description: text(server, "description"),
                variables,
                provenance: self.provenance(server),
            });
        }
        read
    }

    fn read_tags(&mut self, root: &'a Mapping) {
        let tags = root.get("tags").map(|tags| self.group(tags));
        for tag in tags.and_then(Node::as_sequence).unwrap_or_default() {
            let Some(tag) = self.resolve(tag) else {
                continue;
            };
            if let Some(mapping) = tag.as_mapping() {
                self.check_keys(mapping, &["name", "description", "externalDocs"], "a tag");
                self.not_read(mapping, &["externalDocs"], "a tag");
            }
            match text(tag, "name") {
                Some(name) => {
                    self.document.tags.insert(name, text(tag, "description"));
                }
                None => self.expected(tag, "a tag object with a `name`"),
            }
        }
    }

    fn read_components(&mut self, components: &'a Node) {
        let components = self.group(components);
        let Some(components) = components.as_mapping() else {
            self.expected(components, "an object");
            return;
        };
        self.check_keys(
            components,
            &[
                "schemas",
                "responses",
                "parameters",
                "examples",
                "requestBodies",
                "headers",
                "securitySchemes",
                "links",
                "callbacks",
                "pathItems",
            ],
            "`components`",
        );
        let schemes = components.get("securitySchemes");
        if let Some(schemes) = schemes.and_then(|node| self.group(node).as_mapping()) {
            self.declared_schemes = schemes.iter().map(|(name, _)| name).collect();
            for (name, scheme) in schemes.iter() {
                self.item = format!("security scheme {name}");
                if let Some(scheme) = self.resolve(scheme) {
                    self.read_security_scheme(name, scheme);
                }
            }
        }
        let Some(at) = components.get("schemas") else {
            return;
        };
        let group = self.group(at);
        let Some(schemas) = group.as_mapping() else {
            self.expected(group, "an object of schemas");
            return;
        };
        self.name_after_components(at, schemas);
        self.name_after_pointers(schemas);
        for (name, node) in schemas.iter() {
            let node = self.component_node(name, node);
            self.item = format!("schema {name}");
            let schema = self.schema(node);
            let key = self.component_key(name);
            self.document.schemas.insert(key, schema);
        }
    }

    fn read_security_scheme(&mut self, name: &str, node: &Node) {
        let description = text(node, "description");
        let kind = text(node, "type").unwrap_or_default();
        let scheme = match kind.as_str() {
            "http" => http_scheme(text(node, "scheme").unwrap_or_default(), description),
            "oauth2" | "openIdConnect" => http::SecurityScheme::Bearer { description },
            "apiKey" => {
                let location = match text(node, "in").as_deref() {
                    Some("header") => ParameterLocation::Header,
                    Some("query") => ParameterLocation::Query,
                    Some("cookie") => ParameterLocation::Cookie,
                    _ => return self.expected(node, "`in`: header, query or cookie"),
                };
                let Some(name) = text(node, "name") else {
                    return self.expected(node, "an apiKey scheme with a `name`");
                };
                let at = node.get("name").map_or(node.span, |name| name.span);
                if !self.can_be_sent(&name, location, at) {
                    return;
                }
                http::SecurityScheme::ApiKey {
                    location,
                    name,
                    description,
                }
            }
            _ => http::SecurityScheme::Other { kind, description },
        };
        let provenance = self.provenance(node);
        let mut written = node.to_json();
        written.sort_all_objects();
        let scheme = SecurityScheme {
            scheme,
            written,
            provenance,
        };
        self.document
            .security_schemes
            .insert(name.to_owned(), scheme);
    }

    /// Whether what is at a position is told as something that only OpenAPI 3.2 has.
    fn is_newer(&self, at: Span) -> bool {
        let is_at = |it: &Diagnostic| it.labels.first().is_some_and(|label| label.at == at);
        let mut told = self.diagnostics.items().iter();
        told.any(|it| it.code == newer::CODE && is_at(it))
    }

    /// Reports the keys of `owner` that are not `known`.
    fn check_keys(&mut self, mapping: &Mapping, known: &[&str], owner: &str) {
        for entry in &mapping.entries {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            if is_extension(&entry.key) {
                self.extension_not_read(entry);
            } else {
                self.unknown_key(&entry.key, entry.key_span, known.iter().copied(), owner);
            }
        }
    }

    /// Reports a key that `owner` does not have. It has the `known` ones.
    fn unknown_key<'k>(
        &mut self,
        key: &str,
        at: Span,
        known: impl Iterator<Item = &'k str>,
        owner: &str,
    ) {
        if self.is_newer(at) {
            return;
        }
        let help = match suggest::closest(key, known) {
            Some(similar) => format!("did you mean `{similar}`? Fix it in an overlay"),
            None => "move it where it belongs, or remove it, in an overlay".to_owned(),
        };
        self.diagnostics.push(
            Diagnostic::warning(
                "unknown-key",
                format!("`{key}` is unknown in {owner}; it is ignored"),
            )
            .at(at, "this key")
            .help(help),
        );
    }

    /// Leaves out a value of the wrong type.
    fn expected(&mut self, node: &Node, what: &str) {
        self.leave_out(unexpected(node, what));
    }

    /// Reports that a part of the current item is left out, or read with a loss.
    ///
    /// Descriptions are full of small defects. A defect costs only the item that has it, never the whole document.
    fn leave_out(&mut self, found: Diagnostic) {
        self.diagnostics
            .push(found.leaves_out_of(self.item.as_str()));
    }
}

fn unexpected(node: &Node, what: &str) -> Diagnostic {
    Diagnostic::warning(
        "unexpected-value",
        format!("expected {what}; it is left out"),
    )
    .at(node.span, format!("this is {}", article(node.kind())))
    .help("correct the document, or fix it in an overlay")
}

/// The trimmed text of a key, if it is a string that is not blank.
fn text(node: &Node, key: &str) -> Option<String> {
    let text = node.get(key)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The schemes that RFC 7235 and its successors register and that need more than one text which stays the same.
const EXCHANGING_SCHEMES: [&str; 12] = [
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
];

/// A scheme of `type: http`, by its name.
fn http_scheme(scheme: String, description: Option<String>) -> http::SecurityScheme {
    let name = scheme.to_ascii_lowercase();
    match name.as_str() {
        "bearer" => http::SecurityScheme::Bearer { description },
        "basic" => http::SecurityScheme::Basic { description },
        other if parameter::is_token(other) && !EXCHANGING_SCHEMES.contains(&other) => {
            http::SecurityScheme::Http {
                scheme,
                description,
            }
        }
        _ => http::SecurityScheme::Other {
            kind: name,
            description,
        },
    }
}

fn server_variables(variables: &Mapping) -> IndexMap<String, ServerVariable> {
    let read = |node: &Node| ServerVariable {
        default: scalar_text(node.get("default")).unwrap_or_default(),
        allowed: node
            .get("enum")
            .and_then(Node::as_sequence)
            .unwrap_or_default()
            .iter()
            .filter_map(|value| scalar_text(Some(value)))
            .collect(),
        description: text(node, "description"),
    };
    variables
        .iter()
        .map(|(name, node)| (name.to_owned(), read(node)))
        .collect()
}

/// A scalar as text. Port numbers are often written as numbers.
fn scalar_text(node: Option<&Node>) -> Option<String> {
    match node?.to_json() {
        serde_json::Value::String(text) => Some(text),
        other @ (serde_json::Value::Number(_) | serde_json::Value::Bool(_)) => {
            Some(other.to_string())
        }
        _ => None,
    }
}
