//! Rustdoc of the methods.

use proc_macro2::TokenStream;

use super::super::example::Example;
use super::error_type;
use crate::api::{Api, Operation, Pagination, Parameter};
use crate::emit::doc::{self, code};

/// The docs of an operation's method: prose, request line and sources, arguments, errors, media types of the body.
pub(super) fn method(api: &Api, operation: &Operation, example: Option<&Example>) -> TokenStream {
    let mut request = request_line(api, operation);
    if let Some(sources) = doc::sources(&operation.docs) {
        request.push_str(&format!(" {sources}"));
    }
    let mut notes = vec![doc::own_lines(&request)];
    if operation.is_paged_by_hand() {
        notes.push(doc::own_lines(
            "For the next page, send the `cursor` of the link whose `rel` is `next`, which \
             [`ApiResponse::links`](crate::client::ApiResponse::links) returns.",
        ));
    }
    let arguments: Vec<_> = operation.parameters.iter().filter_map(argument).collect();
    if !arguments.is_empty() {
        notes.push(doc::lines(&arguments.join("\n")));
    }
    notes.extend(body(operation).map(|note| doc::own_lines(&note)));
    if !operation.servers.is_empty() {
        let urls: Vec<_> = operation
            .servers
            .iter()
            .map(|server| code(&server.url))
            .collect();
        notes.push(doc::own_lines(&format!(
            "The description names servers of this operation's own ({}). They are not used: a credential is only ever \
             sent to the configured base URL.",
            urls.join(", ")
        )));
    }
    let example = example.map(Example::markdown).unwrap_or_default();
    doc::of_method(&operation.docs, &notes, &example)
}

/// Which media type the body is sent as, where there are several.
fn body(operation: &Operation) -> Option<String> {
    let body = operation.request_body.as_ref()?;
    let (sent, others @ [_, ..]) = body.contents.split_first()? else {
        return None;
    };
    let mut text = format!("The body is sent as {}.", code(&sent.media_type));
    if body.required {
        for content in others {
            if let Some(method) = &content.client_name {
                text.push_str(&format!(
                    " [`{method}`](crate::client::Client::{}) sends it as {}.",
                    method.plain(),
                    code(&content.media_type)
                ));
            }
        }
    }
    let unsent = others.iter().filter(|other| other.client_name.is_none());
    let unsent: Vec<_> = unsent.map(|other| code(&other.media_type)).collect();
    if !unsent.is_empty() {
        text.push_str(&format!(" The API also takes it as {}.", unsent.join(", ")));
    }
    Some(text)
}

/// A required argument, if the description says anything of it: `issue_id`: the issue. Further paragraphs belong to the
/// same item of the list.
fn argument(parameter: &Parameter) -> Option<String> {
    let docs = &parameter.docs;
    let text = docs.description.as_deref().or(docs.summary.as_deref())?;
    let says_something = parameter.required && doc::says_more(text, &[parameter.name.plain()]);
    let text = text.trim();
    let is_open = !text.contains('\n') && text.ends_with(char::is_alphanumeric);
    let stop = if is_open { "." } else { "" };
    let indented = || text.replace('\n', "\n  ");
    says_something.then(|| format!("* `{}`: {}{stop}", parameter.name.plain(), indented()))
}

/// `GET /issues/{issue_id}/`, paged; documented failures: `404`, which decode into `models::Error`.
fn request_line(api: &Api, operation: &Operation) -> String {
    let mut line = code(&format!("{} {}", operation.method, operation.path.template));
    if matches!(operation.pagination, Some(Pagination::Link { .. })) {
        line.push_str(", paged");
    }
    let failures = operation
        .responses
        .iter()
        .filter(|response| !response.status.is_success());
    let failures: Vec<_> = failures
        .map(|response| response.status.to_string())
        .collect();
    if !failures.is_empty() {
        line.push_str(&format!("; documented failures: {}", failures.join(", ")));
    }
    if let Some(errors) = error_type::link(api, operation) {
        line.push_str(&format!(", which decode into {errors}"));
    }
    line.push('.');
    if let Some(scopes) = scopes(operation) {
        line.push_str(&format!(" {scopes}"));
    }
    line
}

/// The scopes of which a credential needs one, or all that one alternative lists: ``One of the scopes: `team:read`, `team:write`.``
/// Where there are some, also the schemes that need none.
fn scopes(operation: &Operation) -> Option<String> {
    let mut alternatives: Vec<String> = Vec::new();
    let mut without: Vec<String> = Vec::new();
    for requirement in operation.security.iter().flatten() {
        let scopes: Vec<_> = requirement
            .values()
            .flatten()
            .map(|scope| code(scope))
            .collect();
        let scopes = scopes.join(" and ");
        if scopes.is_empty() {
            let schemes: Vec<_> = requirement.keys().map(|name| code(name)).collect();
            without.push(format!("a credential of {}", schemes.join(" and ")));
        } else if !alternatives.contains(&scopes) {
            alternatives.push(scopes);
        }
    }
    let has_several = |alternative: &String| alternative.contains(" and ");
    let (label, separator) = match alternatives.as_slice() {
        [] => return None,
        all if all.iter().any(has_several) => ("Scopes", " or "),
        [_] => ("Scope", ""),
        _ => ("One of the scopes", ", "),
    };
    without.retain(|schemes| schemes.contains('`'));
    let mut text = vec![alternatives.join(separator)];
    text.extend(without);
    let text = text.join(" or ");
    Some(format!("{label}: {text}."))
}
