//! Responses: operations without a success, successes whose type nobody knows.

use super::{Described, Findings};
use crate::description::document::{Facet, Operation, Response, Schema};
use crate::description::tree::{Mapping, Node};
use crate::http::{HttpMethod, Status};
use crate::media_type::is_json;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    for operation in &described.document.operations {
        no_success(operation, findings);
        for (status, response) in &operation.responses {
            with_body_although_none(operation, *status, response, findings);
            if status.is_success() {
                untyped(described, operation, *status, response, findings);
            }
        }
    }
    without_response(described, findings);
    silent(described, findings);
}

/// Operations whose `responses` are absent or empty, in a description that states them.
fn without_response(described: &Described<'_>, findings: &mut Findings) {
    if described.is_transcribed {
        return;
    }
    let operations = described.document.operations.iter();
    let without = operations.filter(|it| states_no_response(described.tree, it));
    let places: Vec<_> = without
        .map(|it| (it.provenance.first().at, name(it)))
        .collect();
    let message = match places.as_slice() {
        [] => return,
        [(_, operation)] => format!("{operation} has no response"),
        several => format!("{} operations have no response", several.len()),
    };
    findings.add_all("no-success-response", message, &places);
}

fn states_no_response(tree: &Node, operation: &Operation) -> bool {
    let method = operation.method.to_string().to_ascii_lowercase();
    let item = tree.get("paths").and_then(|it| it.get(&operation.path));
    let Some(node) = item.and_then(|item| item.get(&method)) else {
        return false;
    };
    let responses = node.get("responses").and_then(Node::as_mapping);
    let mut responses = responses.into_iter().flat_map(Mapping::iter);
    responses.all(|(key, _)| key.starts_with("x-"))
}

fn no_success(operation: &Operation, findings: &mut Findings) {
    let is_failure = |status: &Status| match status {
        Status::Code(code) => *code >= 400,
        Status::Range(hundred) => *hundred >= 4,
        Status::Default => false,
    };
    if !operation.responses.is_empty() && operation.responses.keys().all(is_failure) {
        findings.add(
            "no-success-response",
            format!("{} has no response of a success", name(operation)),
            operation.provenance.first().at,
            "only failures are described",
        );
    }
}

fn with_body_although_none(
    operation: &Operation,
    status: Status,
    response: &Response,
    findings: &mut Findings,
) {
    let has_none = status.is_without_body();
    let has_schema = response.contents.values().any(|it| it.schema.is_some());
    if has_none && has_schema {
        findings.add(
            "body-of-empty-response",
            format!(
                "the response {status} of {} never has a body",
                name(operation)
            ),
            response.provenance.first().at,
            "but a body is described",
        );
    }
}

/// A success whose JSON may be anything.
fn untyped(
    described: &Described<'_>,
    operation: &Operation,
    status: Status,
    response: &Response,
    findings: &mut Findings,
) {
    for (media_type, content) in &response.contents {
        let is_unknown = match &content.schema {
            None => true,
            Some(schema) => is_any(described, schema),
        };
        if is_json(media_type) && is_unknown {
            findings.add(
                "success-without-type",
                unknown_type(status, &name(operation)),
                content.provenance.first().at,
                "any JSON is allowed",
            );
        }
    }
}

/// Operations that read something and say nothing about the body of their response.
fn silent(described: &Described<'_>, findings: &mut Findings) {
    let status = Status::Code(200);
    let silent = described
        .document
        .operations
        .iter()
        .filter_map(|operation| {
            let response = operation.responses.get(&status)?;
            let is_silent = operation.method == HttpMethod::Get
                && response.contents.is_empty()
                && !has_no_body(response);
            is_silent.then(|| (response.provenance.first().at, name(operation)))
        });
    let silent: Vec<_> = silent.collect();
    let message = match silent.as_slice() {
        [] => return,
        [(_, operation)] => unknown_type(status, operation),
        several => unknown_type(status, &format!("{} operations", several.len())),
    };
    findings.add_all("success-without-type", message, &silent);
}

fn unknown_type(status: Status, of: &str) -> String {
    format!("the type of the body of the response {status} of {of} is unknown")
}

/// Whether the description of a response says that it has no body.
fn has_no_body(response: &Response) -> bool {
    let text = response.facts.text(Facet::Description).unwrap_or_default();
    let text = text.to_ascii_lowercase();
    ["no content", "empty", "no body", "redirect"]
        .iter()
        .any(|words| text.contains(words))
}

/// Whether a schema allows anything, and nobody says that this is so.
fn is_any(described: &Described<'_>, schema: &Schema) -> bool {
    let mut chain = schema.with_referred(&described.document.schemas);
    chain.all(|it| {
        let is_link = it.reference.is_some() && it.properties.is_empty();
        (is_link || it.is_unconstrained())
            && it.facts.get(Facet::Arbitrary).is_none()
            && it.facts.get(Facet::Examples).is_none()
    }) && {
        let mut links = schema.with_referred(&described.document.schemas);
        links.all(|it| {
            it.reference
                .as_ref()
                .is_none_or(|to| described.document.schemas.contains_key(to))
        })
    }
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
