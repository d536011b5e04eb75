//! Rustdoc of the methods.

use super::super::doc::{self, code};
use super::super::rust::ident;
use super::{alternative, failure};
use crate::emit::code::Code;
use crate::ir::{Api, Operation, Parameter, Response, Type};

/// The docs of an operation's method: prose, request line, arguments, statuses, provenance.
pub(super) fn method(api: &Api, operation: &Operation) -> Code {
    let mut docs = operation.docs.clone();
    let mut notes = vec![request_line(operation)];
    let arguments = operation.parameters.iter().filter_map(argument);
    notes.extend(list("Arguments:", arguments));
    let statuses = operation.responses.iter();
    notes.extend(list(
        "Answers:",
        statuses.map(|response| answer(api, response)),
    ));
    if let Some(errors) = failure::name(api, operation) {
        notes.push(format!(
            "Errors with a body decode into [`{errors}`](crate::client::operations::{}::{errors}).",
            ident(&operation.tag)
        ));
    }
    notes.extend(body(api, operation));
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
    doc::comments(&docs)
}

/// Which media type the body goes as, where there are several.
fn body(api: &Api, operation: &Operation) -> Option<String> {
    let body = operation.request_body.as_ref()?;
    let (sent, others @ [_, ..]) = body.contents.split_first()? else {
        return None;
    };
    let mut text = format!("The body goes as {}.", code(&sent.media_type));
    for content in alternative::offered(operation).filter(|_| body.required) {
        let method = alternative::method(api, operation, content);
        text.push_str(&format!(
            " As {} it goes by [`{method}`](crate::client::Client::{method}).",
            code(&content.media_type)
        ));
    }
    let unsent: Vec<_> = others
        .iter()
        .filter(|other| !alternative::is_offered(operation, other))
        .map(|other| code(&other.media_type))
        .collect();
    if !unsent.is_empty() {
        text.push_str(&format!(
            " The API also takes it as {}, which is not sent.",
            unsent.join(", ")
        ));
    }
    Some(text)
}

/// A list in markdown, unless it is empty.
fn list(title: &str, items: impl Iterator<Item = String>) -> Option<String> {
    let items: Vec<_> = items.map(|item| format!("* {item}")).collect();
    (!items.is_empty()).then(|| format!("{title}\n\n{}", items.join("\n")))
}

/// A required argument, if the description says anything of it: `issue_id`: the issue.
fn argument(parameter: &Parameter) -> Option<String> {
    let docs = &parameter.docs;
    let text = docs.description.as_deref().or(docs.summary.as_deref())?;
    let text = first_line(text);
    (parameter.required && !text.is_empty())
        .then(|| format!("`{}`: {text}", parameter.name.plain()))
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

/// A status with what it means and, if it is an error with a model, which one its body decodes into.
fn answer(api: &Api, response: &Response) -> String {
    let status = status(response);
    let content = response.contents.first();
    let model = content.and_then(|content| match api.resolve(&content.ty) {
        Type::Named(id) | Type::Boxed(id) => Some(&api.definition(*id).name),
        _ => None,
    });
    match model {
        Some(model) if !response.status.is_success() => format!("{status} (`models::{model}`)"),
        _ => status,
    }
}

/// The first line of what a status means.
pub(super) fn meaning(response: &Response) -> &str {
    first_line(response.description.as_deref().unwrap_or_default())
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}
