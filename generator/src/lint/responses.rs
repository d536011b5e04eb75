//! Responses: operations without a success, successes whose type nobody knows.

use super::{Described, Findings};
use crate::description::document::{Facet, Operation, Response, Schema};
use crate::description::tree::{Mapping, Node};
use crate::http::{HttpMethod, Status};
use crate::media_type::is_json;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    for operation in &described.document.operations {
        no_response(described, operation, findings);
        no_success(operation, findings);
        for (status, response) in &operation.responses {
            with_body_although_none(operation, *status, response, findings);
            if status.is_success() {
                untyped(described, operation, *status, response, findings);
            }
        }
    }
    silent(described, findings);
}

/// An operation whose `responses` are absent or empty, in a description that states them.
fn no_response(described: &Described<'_>, operation: &Operation, findings: &mut Findings) {
    let method = operation.method.to_string().to_ascii_lowercase();
    let paths = described.tree.get("paths");
    let item = paths.and_then(|paths| paths.get(&operation.path));
    let Some(node) = item.and_then(|item| item.get(&method)) else {
        return;
    };
    let responses = node.get("responses").and_then(Node::as_mapping);
    let mut described_ones = responses.into_iter().flat_map(Mapping::iter);
    if !described.is_transcribed && described_ones.all(|(key, _)| key.starts_with("x-")) {
        findings.add(
            "no-success-response",
            format!("{} has no response", name(operation)),
            operation.provenance.first().at,
            "no response is described",
        );
    }
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
                unknown_type(operation, status),
                content.provenance.first().at,
                "any JSON is allowed",
            );
        }
    }
}

/// Operations that read something and say nothing about the body of their response.
fn silent(described: &Described<'_>, findings: &mut Findings) {
    let operations = described.document.operations.iter();
    for operation in operations.filter(|it| it.method == HttpMethod::Get) {
        let status = Status::Code(200);
        let Some(response) = operation.responses.get(&status) else {
            continue;
        };
        if response.contents.is_empty() && !has_no_body(response) {
            findings.add(
                "success-without-type",
                unknown_type(operation, status),
                response.provenance.first().at,
                "no body is described",
            );
        }
    }
}

fn unknown_type(operation: &Operation, status: Status) -> String {
    let operation = name(operation);
    format!("the type of the body of the response {status} of {operation} is unknown")
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
