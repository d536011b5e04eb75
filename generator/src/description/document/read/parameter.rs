//! Reads parameters, and what headers have in common with them.

use serde_json::{Value as Json, json};

use super::operation::PathItem;
use super::{Dialect, DocumentReader, text};
use crate::description::diagnostic::Diagnostic;
use crate::description::document::{Facet, Fact, Facts, Parameter, Provenance, Schema};
use crate::description::source::Span;
use crate::description::tree::{Mapping, Node, Value};
use crate::http::ParameterLocation;
use crate::path_template::template_names;

/// Headers that OpenAPI describes by media types and security schemes instead of parameters.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// Whether a text is a `token` of RFC 9110, which the names of headers and cookies are.
pub(super) fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

/// The keys that parameters and headers have in common.
pub(super) const PARAMETER_KEYS: [&str; 11] = [
    "description",
    "required",
    "deprecated",
    "allowEmptyValue",
    "style",
    "explode",
    "allowReserved",
    "schema",
    "content",
    "example",
    "examples",
];

impl<'a> DocumentReader<'a> {
    pub(super) fn parameters(&mut self, mapping: &'a Mapping) -> Vec<Parameter> {
        let Some(node) = mapping.get("parameters") else {
            return Vec::new();
        };
        let node = self.group(node);
        if node.value == Value::Null {
            return Vec::new();
        }
        let Some(items) = node.as_sequence() else {
            self.expected(node, "an array of parameters");
            return Vec::new();
        };
        let mut parameters: Vec<Parameter> = Vec::new();
        for item in items {
            let Some(parameter) = self.parameter(item) else {
                continue;
            };
            let same = parameters
                .iter()
                .find(|other| other.is_same_input(&parameter));
            match same {
                Some(first) => {
                    let found = Diagnostic::warning(
                        "duplicate-parameter",
                        format!(
                            "the parameter `{}` is described twice; the first one counts",
                            parameter.name
                        ),
                    )
                    .at(item.span, "again here")
                    .at(first.provenance.first().at, "first here");
                    self.leave_out(found);
                }
                None => parameters.push(parameter),
            }
        }
        parameters
    }

    fn parameter(&mut self, node: &'a Node) -> Option<Parameter> {
        let node = self.resolve(node)?;
        let Some(mapping) = node.as_mapping() else {
            self.expected(node, "a parameter object");
            return None;
        };
        let mut known = vec!["name", "in"];
        known.extend(PARAMETER_KEYS);
        self.check_keys(mapping, &known, "a parameter");
        self.not_read(mapping, &["allowEmptyValue"], "a parameter");
        // Leading and trailing blanks are part of the name. An overlay can remove them.
        let Some(name) = mapping.get("name").and_then(Node::as_str) else {
            self.expected(node, "a parameter with a `name`");
            return None;
        };
        let written = text(node, "in").unwrap_or_default().to_ascii_lowercase();
        let location = match Some(written.as_str()) {
            Some("path") => ParameterLocation::Path,
            Some("query") => ParameterLocation::Query,
            Some("header") => ParameterLocation::Header,
            Some("cookie") => ParameterLocation::Cookie,
            _ => {
                // A parameter for the whole query of OpenAPI 3.2.
                if mapping
                    .entry("in")
                    .is_some_and(|entry| self.is_newer(entry.key_span))
                {
                    return None;
                }
                self.expected(node, "a parameter with `in`: path, query, header or cookie");
                return None;
            }
        };
        if location == ParameterLocation::Header
            && IGNORED_HEADERS.contains(&name.to_ascii_lowercase().as_str())
        {
            self.diagnostics.push(
                Diagnostic::note(
                    "ignored-header",
                    format!("the header `{name}` is left to media types and security schemes"),
                )
                .at(node.span, "as OpenAPI demands"),
            );
            return None;
        }
        let at = mapping.get("name").map_or(node.span, |name| name.span);
        self.can_be_sent(name, location, at)
            .then(|| self.described_parameter(node, mapping, name, location))
    }

    /// Whether HTTP can carry the name of a parameter, header or key. Reports one that it cannot.
    pub(super) fn can_be_sent(
        &mut self,
        name: &str,
        location: ParameterLocation,
        at: Span,
    ) -> bool {
        let can_be_sent = match location {
            ParameterLocation::Header | ParameterLocation::Cookie => is_token(name),
            // A query is encoded, and the name of a path parameter is not sent.
            ParameterLocation::Query | ParameterLocation::Path => true,
        };
        if !can_be_sent {
            let location = location.key();
            self.leave_out(
                Diagnostic::warning(
                    "unsendable-name",
                    format!("no {location} can have the name {name:?}; it is left out"),
                )
                .at(at, "this name")
                .help(format!(
                    "the name of a {location} has letters, digits and !#$%&'*+-.^_`|~ alone; correct it in an overlay"
                )),
            );
        }
        can_be_sent
    }

    /// Reads what parameters and headers have in common.
    pub(super) fn described_parameter(
        &mut self,
        node: &'a Node,
        mapping: &'a Mapping,
        name: &str,
        location: ParameterLocation,
    ) -> Parameter {
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        self.remarks(mapping, &mut facts);
        for (key, facet) in [
            ("required", Facet::Required),
            ("deprecated", Facet::Deprecated),
            ("explode", Facet::Explode),
            ("allowReserved", Facet::AllowReserved),
            ("style", Facet::Style),
        ] {
            self.keyword(mapping, key, facet, &mut facts);
        }
        let content = mapping
            .get("content")
            .and_then(Node::as_mapping)
            .and_then(|content| content.entries.first());
        let schema = match (mapping.get("schema"), content) {
            (Some(schema), _) => self.schema(schema),
            (None, Some(entry)) => match entry.value.get("schema") {
                Some(schema) => self.schema(schema),
                None => Schema::empty(self.provenance(&entry.value)),
            },
            (None, None) => {
                if self.dialect != Dialect::Transcribed {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            "untyped-parameter",
                            format!("`{name}` has neither `schema` nor `content`"),
                        )
                        .at(node.span, "its type is unknown")
                        .help("add a schema in an overlay"),
                    );
                }
                Schema::empty(self.provenance(node))
            }
        };
        if let Some(node) = mapping.get("example") {
            facts.set(Facet::Examples, self.fact(node, json!([node.to_json()])));
        } else if let Some(node) = mapping.get("examples") {
            let values: Vec<Json> = self
                .named_examples(node)
                .iter()
                .map(|fact| (*fact.value).clone())
                .collect();
            facts.set(Facet::Examples, self.fact(node, Json::Array(values)));
        }
        Parameter {
            name: name.to_owned(),
            aliases: Vec::new(),
            location,
            provenance: self.provenance(node),
            facts,
            schema,
            media_type: mapping
                .get("schema")
                .is_none()
                .then(|| content.map(|entry| entry.key.clone()))
                .flatten(),
        }
    }

    /// Sorts path parameters in the order of the path. Adds parameters that are not described, and drops those that the path
    /// does not have.
    pub(super) fn match_path(&mut self, item: &PathItem<'_, '_>, parameters: &mut Vec<Parameter>) {
        // The path of a webhook is a URL of the user, without path parameters.
        let names = match item.webhook {
            Some(_) => Vec::new(),
            None => template_names(item.path).collect(),
        };
        parameters.retain(|parameter| {
            let stays = parameter.location != ParameterLocation::Path
                || names.contains(&parameter.name.as_str());
            if !stays {
                self.leave_out(
                    Diagnostic::warning(
                        "parameter-not-in-path",
                        format!(
                            "the path parameter `{}` does not occur in `{}`; it is ignored",
                            parameter.name, item.path
                        ),
                    )
                    .at(parameter.provenance.first().at, "described here")
                    .at(item.at, "the path")
                    .help("rename or remove the parameter in an overlay"),
                );
            }
            stays
        });
        for name in &names {
            let described = |parameter: &Parameter| {
                parameter.location == ParameterLocation::Path && parameter.name == *name
            };
            if !parameters.iter().any(described) {
                parameters.push(self.undescribed_path_parameter(item, name));
            }
        }
        parameters.sort_by_key(|parameter| match parameter.location {
            ParameterLocation::Path => names
                .iter()
                .position(|name| *name == parameter.name)
                .unwrap_or(names.len()),
            _ => names.len(),
        });
    }

    fn undescribed_path_parameter(&mut self, item: &PathItem<'_, '_>, name: &str) -> Parameter {
        if self.dialect != Dialect::Transcribed {
            self.diagnostics.push(
                Diagnostic::warning(
                    "undescribed-path-parameter",
                    format!("`{{{name}}}` of the path is not described; it is read as a string"),
                )
                .at(item.at, "this path")
                .help("describe the parameter in an overlay"),
            );
        }
        let provenance = Provenance::single(self.source, item.at);
        let mut facts = Facts::default();
        facts.set(Facet::Required, Fact::new(json!(true), provenance.clone()));
        Parameter {
            name: name.to_owned(),
            aliases: Vec::new(),
            location: ParameterLocation::Path,
            provenance: provenance.clone(),
            facts,
            schema: Schema::empty(provenance),
            media_type: None,
        }
    }
}
