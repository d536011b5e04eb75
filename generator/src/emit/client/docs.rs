//! Rustdoc of the methods.

use proc_macro2::TokenStream;

use super::super::doc;
use crate::ir::{Docs, Operation, Parameter, Response};

/// The docs of an operation's method: prose, request line, statuses, provenance.
pub(super) fn method(operation: &Operation) -> TokenStream {
    let mut docs = operation.docs.clone();
    let mut notes = vec![request_line(operation)];
    let arguments: Vec<_> = operation.parameters.iter().filter_map(argument).collect();
    if !arguments.is_empty() {
        notes.push("Arguments:".to_owned());
        notes.extend(arguments);
    }
    if !operation.responses.is_empty() {
        notes.push("Answers:".to_owned());
        let responses = operation.responses.iter();
        notes.extend(responses.map(|response| format!("* {}", status(response))));
    }
    let contents = operation
        .request_body
        .iter()
        .find_map(|body| body.contents.split_first());
    if let Some((sent, others @ [_, ..])) = contents {
        let others: Vec<_> = others.iter().map(|other| code(&other.media_type)).collect();
        notes.push(format!(
            "The body goes as {}. The API also takes it as {}, which this method does not send.",
            code(&sent.media_type),
            others.join(", ")
        ));
    }
    if !operation.servers.is_empty() {
        let urls: Vec<_> = operation
            .servers
            .iter()
            .map(|server| code(&server.url))
            .collect();
        notes.push(format!(
            "The description names servers of this operation's own ({}). They are not used: a credential only ever \
             goes to the configured base URL.",
            urls.join(", ")
        ));
    }
    notes.append(&mut docs.notes);
    docs.notes = notes;
    doc::attributes(&docs)
}

/// The docs of an item that has no more prose than this.
pub(super) fn line(text: &str) -> TokenStream {
    doc::attributes(&Docs {
        summary: Some(text.to_owned()),
        ..Docs::default()
    })
}

/// A required argument, if the description says anything of it: `* `issue_id`: the issue`.
fn argument(parameter: &Parameter) -> Option<String> {
    let docs = &parameter.docs;
    let text = docs.description.as_deref().or(docs.summary.as_deref())?;
    let text = first_line(text);
    (parameter.required && !text.is_empty())
        .then(|| format!("* `{}`: {text}", parameter.name.plain()))
}

/// `GET /issues/{issue_id}/`
fn request_line(operation: &Operation) -> String {
    code(&format!("{} {}", operation.method, operation.path.template))
}

/// A status with what it means: `404`: the issue was not found.
pub(super) fn status(response: &Response) -> String {
    match meaning(response) {
        "" => format!("`{}`", response.status),
        meaning => format!("`{}`: {meaning}", response.status),
    }
}

/// The first line of what a status means.
pub(super) fn meaning(response: &Response) -> &str {
    first_line(response.description.as_deref().unwrap_or_default())
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

/// Text of a description as code.
pub(super) fn code(text: &str) -> String {
    format!("`{}`", text.replace('`', "'"))
}
