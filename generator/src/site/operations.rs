//! The pages of operations, and the list of all.

use std::collections::BTreeMap;

use serde::Serialize;

use super::claims::Claims;
use super::types::{first_sentence, notes, sources};
use super::words::operation_file;
use super::{Builder, markdown};
use crate::api::{Content, Operation, Parameter, Status};
use crate::reconcile::fidelity::Fidelity;

#[derive(Serialize)]
pub(super) struct OperationList {
    groups: Vec<Group>,
}

#[derive(Serialize)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) id: String,
    pub(super) operations: Vec<Line>,
}

#[derive(Serialize)]
pub(super) struct Line {
    /// The name of its page, without folder and extension.
    name: String,
    method: String,
    path: String,
    summary: String,
    is_deprecated: bool,
    score: Option<u8>,
    sources: Vec<String>,
}

#[derive(Serialize)]
pub(super) struct OperationPage<'a> {
    name: String,
    id: &'a str,
    method: String,
    pub(super) path: &'a str,
    pub(super) tag: String,
    description: String,
    notes: Vec<String>,
    is_deprecated: bool,
    deprecation: Option<String>,
    /// The URLs of servers of its own.
    servers: Vec<&'a str>,
    sources: Vec<String>,
    /// Each line is an alternative; its schemes are needed together.
    security: Vec<String>,
    parameters: Vec<ParameterLine>,
    bodies: Vec<BodyLine>,
    is_body_required: bool,
    responses: Vec<ResponseLine>,
    /// How it is called in Rust, or received.
    pub(super) call: String,
    /// The method of the server trait, if the server has a route for the operation.
    pub(super) server: Option<String>,
    known: Option<&'a Fidelity>,
    claims: Claims,
}

#[derive(Serialize)]
struct ParameterLine {
    name: String,
    location: &'static str,
    json_type: String,
    rust: String,
    rust_type: String,
    is_required: bool,
    is_deprecated: bool,
    description: String,
    notes: Vec<String>,
}

#[derive(Serialize)]
struct BodyLine {
    media_type: String,
    rust_type: String,
}

#[derive(Serialize)]
struct ResponseLine {
    status: String,
    is_success: bool,
    description: String,
    bodies: Vec<BodyLine>,
    headers: Vec<String>,
}

impl Builder<'_> {
    /// The subjects of the operations, as findings and scores have them, by the names of their methods.
    fn subject_of(&self, operation: &Operation) -> String {
        let mut pinned = self.site.lowered.lock.operations.iter();
        let found = pinned.find(|(_, name)| **name == operation.name.plain());
        found.map_or_else(
            || format!("{} {}", operation.method, operation.path.template),
            |(subject, _)| subject.clone(),
        )
    }

    fn known_of(&self, subject: &str) -> Option<&Fidelity> {
        self.known.iter().find(|it| it.operation == subject)
    }

    pub(super) fn operation_list(&self) -> OperationList {
        let mut by_tag: BTreeMap<&str, Vec<Line>> = BTreeMap::new();
        for operation in &self.api.operations {
            let page = operation_file(operation);
            let known = self.known_of(&self.subject_of(operation));
            let line = Line {
                score: known.map(|it| it.score),
                ..Line::new(operation, page, operation.path.template.clone())
            };
            let lines = by_tag.entry(operation.tag.plain()).or_default();
            lines.push(line);
        }
        let groups = self.api.tags.iter().filter_map(|tag| {
            let operations = by_tag.remove(tag.module.plain())?;
            let id = tag.module.plain().to_owned();
            let name = tag.name.clone();
            Some(Group {
                name,
                id,
                operations,
            })
        });
        OperationList {
            groups: groups.chain(self.webhook_list()).collect(),
        }
    }

    pub(super) fn operation<'s>(&'s self, operation: &'s Operation) -> OperationPage<'s> {
        let tag = self.api.tag_of(operation);
        let server_trait = self.api.server_trait_of(operation);
        let subject = self.subject_of(operation);
        OperationPage {
            path: &operation.path.template,
            tag: tag.map(|tag| tag.name.clone()).unwrap_or_default(),
            call: call(operation),
            server: server_trait.map(|it| format!("{it}::{}", operation.name)),
            known: self.known_of(&subject),
            ..self.described(operation, &subject)
        }
    }

    /// What the page of an operation or of a webhook has of its description.
    pub(super) fn described<'s>(
        &'s self,
        operation: &'s Operation,
        subject: &str,
    ) -> OperationPage<'s> {
        let parameters = operation.parameters.iter();
        let bodies = operation.request_body.iter().flat_map(|it| &it.contents);
        let responses = operation.responses.iter().map(|response| {
            let headers = response.headers.iter().map(|it| it.wire_name.clone());
            let text = response.description.as_deref().unwrap_or_default();
            ResponseLine {
                status: status(response.status),
                is_success: response.status.is_success(),
                description: markdown::to_html(text),
                bodies: response.contents.iter().map(|it| self.body(it)).collect(),
                headers: headers.collect(),
            }
        });
        let security = operation.security.iter().flatten().map(|schemes| {
            let schemes = schemes.iter().map(|(name, scopes)| {
                let scopes = scopes.join(", ");
                if scopes.is_empty() {
                    name.clone()
                } else {
                    format!("{name}: {scopes}")
                }
            });
            schemes.collect::<Vec<_>>().join(" and ")
        });
        OperationPage {
            name: operation.name.plain().to_owned(),
            id: &operation.id,
            method: operation.method.to_string(),
            path: "",
            tag: String::new(),
            description: self.prose(&operation.docs),
            notes: notes(&operation.docs),
            is_deprecated: operation.docs.deprecated,
            deprecation: operation
                .docs
                .deprecation
                .as_deref()
                .map(markdown::to_inline_html),
            servers: operation.servers.iter().map(|it| it.url.as_str()).collect(),
            sources: sources(&operation.docs),
            security: security.collect(),
            parameters: parameters.map(|it| self.parameter(subject, it)).collect(),
            bodies: bodies.map(|it| self.body(it)).collect(),
            is_body_required: operation
                .request_body
                .as_ref()
                .is_some_and(|it| it.required),
            responses: responses.collect(),
            call: String::new(),
            server: None,
            known: None,
            claims: self.claims.of(subject),
        }
    }

    /// `operation` is the subject of the operation.
    fn parameter(&self, operation: &str, parameter: &Parameter) -> ParameterLine {
        let (place, name) = (parameter.location.key(), &parameter.wire_name);
        let subject = format!("{operation} {place} {name}");
        ParameterLine {
            name: parameter.wire_name.clone(),
            location: parameter.location.key(),
            json_type: self.formats.json_type(self.api, &parameter.ty, &subject),
            rust: if parameter.required {
                &parameter.name
            } else {
                &parameter.setter
            }
            .to_string(),
            rust_type: self.links.rust(self.api, &parameter.ty, "../"),
            is_required: parameter.required,
            is_deprecated: parameter.docs.deprecated,
            description: self.prose(&parameter.docs),
            notes: notes(&parameter.docs),
        }
    }

    fn body(&self, content: &Content) -> BodyLine {
        BodyLine {
            media_type: content.media_type.clone(),
            rust_type: self.links.rust(self.api, &content.ty, "../"),
        }
    }
}

impl Line {
    /// A line without a score. `page` is the name of the page.
    pub(super) fn new(operation: &Operation, page: String, path: String) -> Self {
        let docs = &operation.docs;
        Self {
            name: page,
            method: operation.method.to_string(),
            path,
            summary: markdown::to_inline_html(&first_sentence(docs)),
            is_deprecated: docs.deprecated,
            score: None,
            sources: sources(docs),
        }
    }
}

/// The call in Rust, with the names of required arguments.
fn call(operation: &Operation) -> String {
    let required = operation.parameters.iter().filter(|it| it.required);
    let arguments = required.map(|it| it.name.to_string());
    let body = operation.request_body.iter().filter(|it| it.required);
    let body = body.map(|it| format!("&{}", it.name));
    let arguments: Vec<String> = arguments.chain(body).collect();
    let arguments = match &operation.required_type {
        Some(name) => format!("{name} {{ {} }}", arguments.join(", ")),
        None => arguments.join(", "),
    };
    let end = if operation.pagination.is_some() {
        "items()"
    } else {
        "send().await?"
    };
    format!("client.{}({arguments}).{end}", operation.client_method)
}

fn status(status: Status) -> String {
    match status {
        Status::Default => "any other".to_owned(),
        other => other.to_string(),
    }
}
