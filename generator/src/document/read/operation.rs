//! Reading paths, operations, parameters, bodies and responses.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::{Value as Json, json};

use super::{Dialect, Reader, article, text};
use crate::diagnostic::Diagnostic;
use crate::document::{
    Body, Content, Facet, Fact, Facts, Operation, Parameter, Response, Schema, Skipped, Webhook,
    WebhookOrigin,
};
use crate::ir::{HttpMethod, ParameterLocation, ParameterStyle, PropertyEncoding, Status};
use crate::source::Span;
use crate::tree::{Entry, Mapping, Node, Value};

/// A path and where it is written.
#[derive(Clone, Copy)]
struct Place<'p> {
    path: &'p str,
    at: Span,
    /// Set where the API is the one that calls.
    webhook: Option<&'p WebhookOrigin>,
    /// Servers of all its operations that have none of their own.
    servers: Option<&'p Node>,
}

/// Headers that OpenAPI leaves to the media types and security schemes.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'a> Reader<'a> {
    pub(super) fn read_paths(&mut self, paths: &'a Node, security: Option<&'a Node>) {
        let group = self.group(paths);
        let paths = match &group.value {
            Value::Mapping(paths) => paths,
            Value::Null => return,
            _ => {
                return self.diagnostics.push(
                    Diagnostic::error("paths-not-an-object", "`paths` is an object of paths")
                        .at(group.span, format!("this is {}", article(group.kind())))
                        .help("correct the document, or mend it by an overlay"),
                );
            }
        };
        for entry in &paths.entries {
            if entry.key.starts_with("x-") {
                continue;
            }
            self.item.clone_from(&entry.key);
            let key = entry.key.trim();
            let path = match key.starts_with('/') {
                true => key.to_owned(),
                false => format!("/{key}"),
            };
            if path != entry.key {
                self.leave_out(
                    Diagnostic::warning(
                        "invalid-path",
                        format!("the path `{}` is read as `{path}`", entry.key),
                    )
                    .at(entry.key_span, "this path")
                    .help("write it relative to the server's URL, with a leading slash"),
                );
            }
            self.read_path_item(entry, &path, None, security);
        }
    }

    /// Reads the operations of a path, or of a webhook or callback.
    pub(super) fn read_path_item(
        &mut self,
        entry: &'a Entry,
        path: &str,
        webhook: Option<&WebhookOrigin>,
        security: Option<&'a Node>,
    ) {
        let item = self.resolve(&entry.value);
        let Some(mapping) = item.and_then(Node::as_mapping) else {
            if let Some(item) = item.filter(|item| item.value != Value::Null) {
                self.expected(item, "a path item object");
            }
            if item.is_none() {
                let reason = "what it refers to is not there";
                match webhook {
                    Some(_) => self.skip_webhook(path, reason, &entry.value),
                    None => self.skip(path.to_owned(), reason, &entry.value),
                }
            }
            return;
        };
        // A path item may refer to another one and add to it.
        let beside = entry.value.as_mapping();
        let beside = beside.filter(|beside| !std::ptr::eq(*beside, mapping));
        let methods = HttpMethod::ALL.map(HttpMethod::key);
        let mut known = vec!["$ref", "summary", "description", "servers", "parameters"];
        known.extend(methods);
        self.check_keys(mapping, &known, "a path item");
        let mut shared = self.parameters(mapping);
        if let Some(beside) = beside {
            self.check_keys(beside, &known, "a path item");
            let mut own = self.parameters(beside);
            shared.retain(|parameter| !own.iter().any(|own| own.is_same_input(parameter)));
            own.append(&mut shared);
            shared = own;
        }
        let place = Place {
            path,
            at: entry.key_span,
            webhook,
            servers: beside
                .and_then(|beside| beside.get("servers"))
                .or_else(|| mapping.get("servers")),
        };
        for method in HttpMethod::ALL {
            let own = beside.and_then(|beside| beside.entry(method.key()));
            let Some(entry) = own.or_else(|| mapping.entry(method.key())) else {
                continue;
            };
            let name = match webhook {
                Some(origin) => origin.item(method, path),
                None => format!("{method} {path}"),
            };
            self.item.clone_from(&name);
            let operation = self.operation(method, place, &entry.value, &shared, security);
            let not_read = "it is not an operation object";
            match (operation, webhook) {
                (Some(operation), None) => {
                    self.document.operations_found += 1;
                    self.document.operations.push(operation);
                }
                (Some(operation), Some(origin)) => {
                    self.document.webhooks_found += 1;
                    let origin = origin.clone();
                    self.document.webhooks.push(Webhook { origin, operation });
                }
                (None, None) => self.skip(name, not_read, &entry.value),
                (None, Some(_)) => self.skip_webhook(&name, not_read, &entry.value),
            }
        }
    }

    /// Leaves out an operation, or a path whose operations are not known.
    fn skip(&mut self, item: String, reason: &str, node: &Node) {
        self.document.operations_found += 1;
        self.document.skipped.push(Skipped {
            item,
            reason: reason.to_owned(),
            said: self.said(node).first(),
        });
    }

    fn operation(
        &mut self,
        method: HttpMethod,
        path: Place<'_>,
        node: &'a Node,
        shared: &[Parameter],
        security: Option<&'a Node>,
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
        let mut parameters = self.parameters(mapping);
        for parameter in shared {
            if !parameters.iter().any(|own| own.is_same_input(parameter)) {
                parameters.push(parameter.clone());
            }
        }
        self.match_path(path, &mut parameters);
        let body = mapping.get("requestBody").and_then(|node| self.body(node));
        let mut operation = Operation {
            method,
            path: path.path.to_owned(),
            is_shadowed: false,
            said: self.said(node),
            facts: self.operation_facts(mapping),
            parameters,
            body,
            responses: self.responses(mapping),
        };
        if operation.facts.get(Facet::Servers).is_none()
            && let Some(servers) = path.servers
        {
            let fact = self.fact(servers, servers.to_json());
            operation.facts.set(Facet::Servers, fact);
        }
        if let Some(security) = mapping.get("security").or(security) {
            operation
                .facts
                .set(Facet::Security, self.fact(security, security.to_json()));
        }
        match (mapping.entry("callbacks"), path.webhook) {
            (Some(callbacks), None) => self.read_callbacks(method, path.path, &callbacks.value),
            (Some(callbacks), Some(_)) => self.diagnostics.push(
                Diagnostic::note("not-emitted", "callbacks of a webhook are not emitted")
                    .at(callbacks.key_span, "skipped"),
            ),
            (None, _) => {}
        }
        Some(operation)
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
        self.flag(mapping, "deprecated", Facet::Deprecated, &mut facts);
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

    fn prose(&mut self, mapping: &'a Mapping, key: &str, facet: Facet, facts: &mut Facts) {
        let Some(node) = mapping.get(key) else { return };
        match node.as_str().map(str::trim) {
            Some("") => {}
            Some(text) => facts.set(facet, self.fact(node, json!(text))),
            None => match &node.value {
                Value::Null => {}
                Value::Mapping(_) | Value::Sequence(_) => self.expected(node, "a string"),
                // A title or id that looks like a number or boolean.
                _ => facts.set(facet, self.fact(node, json!(node.to_json().to_string()))),
            },
        }
    }

    fn flag(&mut self, mapping: &'a Mapping, key: &str, facet: Facet, facts: &mut Facts) {
        let Some(node) = mapping.get(key) else { return };
        let quoted = || match node.as_str()?.trim() {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        };
        match node.as_bool().or_else(quoted) {
            Some(flag) => facts.set(facet, self.fact(node, json!(flag))),
            None if node.value == Value::Null => {}
            None => self.expected(node, "true or false"),
        }
    }

    fn parameters(&mut self, mapping: &'a Mapping) -> Vec<Parameter> {
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
                    .at(first.said.first().at, "first here");
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
        // A blank at either end is part of the name: an overlay has to mend it.
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
        Some(self.described_parameter(node, mapping, name, location))
    }

    /// Reads what parameters and headers share.
    fn described_parameter(
        &mut self,
        node: &'a Node,
        mapping: &'a Mapping,
        name: &str,
        location: ParameterLocation,
    ) -> Parameter {
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        for (key, facet) in [
            ("required", Facet::Required),
            ("deprecated", Facet::Deprecated),
            ("explode", Facet::Explode),
            ("allowReserved", Facet::AllowReserved),
        ] {
            self.flag(mapping, key, facet, &mut facts);
        }
        if let Some(style) = mapping.get("style") {
            facts.set(Facet::Style, self.fact(style, style.to_json()));
        }
        let content = mapping
            .get("content")
            .and_then(Node::as_mapping)
            .and_then(|content| content.entries.first());
        let schema = match (mapping.get("schema"), content) {
            (Some(schema), _) => self.schema(schema),
            (None, Some(entry)) => match entry.value.get("schema") {
                Some(schema) => self.schema(schema),
                None => Schema::empty(self.said(&entry.value)),
            },
            (None, None) => {
                if self.dialect != Dialect::Transcribed {
                    self.diagnostics.push(
                        Diagnostic::warning(
                            "untyped-parameter",
                            format!("`{name}` has neither `schema` nor `content`"),
                        )
                        .at(node.span, "its type is unknown")
                        .help("add a schema by an overlay"),
                    );
                }
                Schema::empty(self.said(node))
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
            said: self.said(node),
            facts,
            schema,
            media_type: mapping
                .get("schema")
                .is_none()
                .then(|| content.map(|entry| entry.key.clone()))
                .flatten(),
        }
    }

    /// Brings path parameters into the order of the path, adds those that are not described, drops those that do not occur.
    fn match_path(&mut self, path: Place<'_>, parameters: &mut Vec<Parameter>) {
        // What the API calls has a URL of its user's, not a path with parameters.
        let names = match path.webhook {
            Some(_) => Vec::new(),
            None => template_names(path.path),
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
                            parameter.name, path.path
                        ),
                    )
                    .at(parameter.said.first().at, "described here")
                    .at(path.at, "the path")
                    .help("rename or remove the parameter by an overlay"),
                );
            }
            stays
        });
        for name in &names {
            let described = |parameter: &Parameter| {
                parameter.location == ParameterLocation::Path && parameter.name == *name
            };
            if !parameters.iter().any(described) {
                parameters.push(self.undescribed_path_parameter(path, name));
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

    fn undescribed_path_parameter(&mut self, path: Place<'_>, name: &str) -> Parameter {
        if self.dialect != Dialect::Transcribed {
            self.diagnostics.push(
                Diagnostic::warning(
                    "undescribed-path-parameter",
                    format!("`{{{name}}}` of the path is not described; it is read as a string"),
                )
                .at(path.at, "this path")
                .help("describe the parameter by an overlay"),
            );
        }
        let said = crate::document::SaidBy::one(self.source, path.at);
        let mut facts = Facts::default();
        facts.set(Facet::Required, Fact::new(json!(true), said.clone()));
        Parameter {
            name: name.to_owned(),
            aliases: Vec::new(),
            location: ParameterLocation::Path,
            said: said.clone(),
            facts,
            schema: Schema::empty(said),
            media_type: None,
        }
    }

    fn body(&mut self, node: &'a Node) -> Option<Body> {
        let found = self.resolve(node);
        let Some(mapping) = found.and_then(Node::as_mapping) else {
            let Some(found) = found else {
                return Some(self.unknown_body(node));
            };
            if found.value != Value::Null {
                self.expected(found, "a request body object");
            }
            return None;
        };
        self.check_keys(
            mapping,
            &["description", "content", "required"],
            "a request body",
        );
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        self.flag(mapping, "required", Facet::Required, &mut facts);
        let contents = self.contents(mapping);
        if contents.is_empty() {
            let found = found.unwrap_or(node);
            self.leave_out(
                Diagnostic::warning("empty-body", "the request body has no media type")
                    .at(found.span, "it is left out")
                    .help("describe the body under `content` by an overlay"),
            );
            return None;
        }
        Some(Body {
            said: self.said(node),
            facts,
            contents,
        })
    }

    /// A body of which nothing is known but that there is one: any JSON.
    fn unknown_body(&self, node: &Node) -> Body {
        let content = Content {
            said: self.said(node),
            schema: None,
            encodings: IndexMap::new(),
            examples: Vec::new(),
        };
        Body {
            said: self.said(node),
            facts: Facts::default(),
            contents: std::iter::once(("application/json".to_owned(), content)).collect(),
        }
    }

    fn contents(&mut self, mapping: &'a Mapping) -> IndexMap<String, Content> {
        let mut contents = IndexMap::new();
        let Some(node) = mapping.get("content") else {
            return contents;
        };
        let entries = match &node.value {
            Value::Mapping(entries) => entries,
            Value::Null => return contents,
            _ => {
                self.expected(node, "an object of media types");
                return contents;
            }
        };
        for entry in &entries.entries {
            let Some(node) = self.resolve(&entry.value) else {
                continue;
            };
            let empty = Content {
                said: self.said(node),
                schema: None,
                encodings: IndexMap::new(),
                examples: Vec::new(),
            };
            let content = match &node.value {
                Value::Mapping(media_type) => self.content(media_type, empty),
                Value::Null => empty,
                _ => {
                    self.expected(node, "a media type object");
                    empty
                }
            };
            contents.insert(entry.key.clone(), content);
        }
        contents
    }

    fn content(&mut self, media_type: &'a Mapping, empty: Content) -> Content {
        self.check_keys(
            media_type,
            &["schema", "example", "examples", "encoding"],
            "a media type",
        );
        Content {
            schema: media_type.get("schema").map(|schema| self.schema(schema)),
            encodings: self.encodings(media_type),
            examples: self.examples(media_type),
            ..empty
        }
    }

    fn encodings(&mut self, media_type: &'a Mapping) -> IndexMap<String, PropertyEncoding> {
        let encodings = media_type.get("encoding").and_then(Node::as_mapping);
        let mut read = IndexMap::new();
        for (name, node) in encodings.into_iter().flat_map(Mapping::iter) {
            if let Some(headers) = node.as_mapping().and_then(|node| node.entry("headers")) {
                self.leave_out(
                    Diagnostic::note(
                        "unsent-part-headers",
                        format!("the headers of the part `{name}` are not sent"),
                    )
                    .at(headers.key_span, "these headers"),
                );
            }
            read.insert(name.to_owned(), property_encoding(node));
        }
        read
    }

    fn examples(&mut self, media_type: &'a Mapping) -> Vec<Fact> {
        if let Some(node) = media_type.get("example") {
            return vec![self.fact(node, node.to_json())];
        }
        media_type
            .get("examples")
            .map(|node| self.named_examples(node))
            .unwrap_or_default()
    }

    fn named_examples(&mut self, node: &'a Node) -> Vec<Fact> {
        let mut facts = Vec::new();
        let examples = node.as_mapping().into_iter().flat_map(Mapping::iter);
        // In the order of their names: that of the keys in the document means nothing.
        let examples: BTreeMap<&str, &Node> = examples.collect();
        for example in examples.into_values() {
            let Some(example) = self.resolve(example) else {
                continue;
            };
            if let Some(value) = example.get("value") {
                facts.push(self.fact(value, value.to_json()));
            }
        }
        facts
    }

    fn responses(&mut self, mapping: &'a Mapping) -> IndexMap<Status, Response> {
        let mut responses = IndexMap::new();
        let Some(node) = mapping.get("responses") else {
            return responses;
        };
        let node = self.group(node);
        if node.value == Value::Null {
            return responses;
        }
        let Some(entries) = node.as_mapping() else {
            self.expected(node, "an object of responses");
            return responses;
        };
        for entry in &entries.entries {
            if entry.key.starts_with("x-") {
                continue;
            }
            let status = status(&entry.key);
            if status.is_none() || !is_canonical(&entry.key) {
                let read = match status {
                    Some(status) => format!("it is read as {status}"),
                    None => "it is left out".to_owned(),
                };
                self.leave_out(
                    Diagnostic::warning(
                        "invalid-status",
                        format!("`{}` is not a status; {read}", entry.key),
                    )
                    .at(
                        entry.key_span,
                        "expected a code such as 200, a range such as 4XX, or default",
                    )
                    .help("correct the document, or mend it by an overlay"),
                );
            }
            let Some(status) = status else { continue };
            if let Some(response) = self.response(&entry.value)
                && !responses.contains_key(&status)
            {
                responses.insert(status, response);
            }
        }
        responses.sort_unstable_keys();
        responses
    }

    fn response(&mut self, node: &'a Node) -> Option<Response> {
        // A response that is not there is left out alone: its status is answered all the same.
        let node = self.resolve(node)?;
        let Some(mapping) = node.as_mapping() else {
            if node.value != Value::Null {
                self.expected(node, "a response object");
            }
            return Some(Response {
                said: self.said(node),
                facts: Facts::default(),
                contents: IndexMap::new(),
                headers: IndexMap::new(),
            });
        };
        self.check_keys(
            mapping,
            &["description", "headers", "content", "links"],
            "a response",
        );
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        let mut headers = IndexMap::new();
        for (name, header) in mapping
            .get("headers")
            .and_then(Node::as_mapping)
            .into_iter()
            .flat_map(Mapping::iter)
        {
            let Some(header) = self.resolve(header) else {
                continue;
            };
            let Some(described) = header.as_mapping() else {
                self.expected(header, "a header object");
                continue;
            };
            self.check_keys(described, &PARAMETER_KEYS, "a header");
            let parameter =
                self.described_parameter(header, described, name, ParameterLocation::Header);
            headers.insert(name.to_owned(), parameter);
        }
        Some(Response {
            said: self.said(node),
            facts,
            contents: self.contents(mapping),
            headers,
        })
    }
}

/// What parameters and headers have in common.
const PARAMETER_KEYS: [&str; 11] = [
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

fn property_encoding(node: &Node) -> PropertyEncoding {
    let style = text(node, "style");
    let is_exploded = || matches!(style.as_deref(), None | Some("form" | "deepObject"));
    PropertyEncoding {
        content_type: text(node, "contentType"),
        style: style.as_deref().and_then(ParameterStyle::of_key),
        explode: node
            .get("explode")
            .and_then(Node::as_bool)
            .unwrap_or_else(is_exploded),
    }
}

/// The status that a key of `responses` means, also where it is spelled as OpenAPI does not allow it: `200 OK`, `4xx`.
fn status(key: &str) -> Option<Status> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some(Status::Default);
    }
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = key.split_at(digits);
    if digits == 1
        && rest
            .get(..2)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
    {
        let hundred = number.parse().ok()?;
        return (1..=5).contains(&hundred).then_some(Status::Range(hundred));
    }
    let is_word = rest.starts_with(|first: char| first.is_alphanumeric());
    let code = number.parse().ok().filter(|_| digits == 3 && !is_word)?;
    (100..1000).contains(&code).then_some(Status::Code(code))
}

/// Whether a status is spelled as OpenAPI has it, capitals aside.
fn is_canonical(key: &str) -> bool {
    key.len() == 3 || key == "default"
}

/// The names in the braces of a path template, in order.
#[must_use]
pub(crate) fn template_names(path: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = path;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        names.push(name);
        rest = after;
    }
    names
}
