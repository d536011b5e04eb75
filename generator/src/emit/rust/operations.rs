//! `src/operations/`: a table of the [operations](crate::api::Operation) of each tag, which client, server and tests share.

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::source_file::{FormatError, Items, Table, source_file};
use super::value_type;
use crate::api::{
    Api, BodyEncoding, Content, HttpMethod, Name, Operation, Pagination, Parameter,
    ParameterLocation, ParameterStyle, PathPart, Response, SecurityRequirements, Status, Tag,
};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, own_ident, string};
use crate::http::reason_phrase;
use crate::parallel;

/// The files of the tables, by their path in the crate.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub fn generate(api: &Api) -> Result<Vec<(String, Vec<u8>)>, FormatError> {
    let tags = api.tags.iter();
    let tags: Vec<&Tag> = tags
        .filter(|tag| api.operations_of(tag).next().is_some())
        .collect();
    let files = parallel::map(&tags, |tag| {
        let operations: Vec<_> = api.operations_of(tag).collect();
        let mut items = Items::of(quote!(
            use crate::operation::operations;
        ))?;
        items.table(table(api, &tag.name, &operations, &quote!(pub)));
        let path = format!("src/operations/{}.rs", tag.module.plain());
        Ok((path, source_file("", TokenStream::new(), &items)?))
    });
    let mut files = files.into_iter().collect::<Result<Vec<_>, FormatError>>()?;
    let mut index = TokenStream::new();
    let mut exports = TokenStream::new();
    for tag in &tags {
        let module = ident(&tag.module);
        index.extend(quote!(mod #module;));
        exports.extend(quote!(pub use self::#module::*;));
    }
    index.extend(exports);
    let docs = "The operations of the API: method, path, parameters, bodies and documented statuses of each.";
    let attributes = quote!(#![allow(missing_docs, reason = "each is called what it describes")]);
    files.push((
        "src/operations.rs".to_owned(),
        source_file(docs, attributes, &Items::of(index)?)?,
    ));
    Ok(files)
}

/// The table of some operations of a tag.
pub(super) fn table(
    api: &Api,
    tag: &str,
    operations: &[&Operation],
    visibility: &TokenStream,
) -> Table {
    let mut table = Table::open("operations");
    let tag = string(tag);
    table.statement(&quote!(tag: #tag));
    for operation in operations {
        table.blank();
        let (constant, verb) = (ident(&operation.constant), verb(operation.method));
        let path = string(&operation.path.template);
        table.block(
            &quote!(#visibility static #constant = #verb #path),
            |table| add_rows(table, api, operation),
        );
    }
    table
}

fn add_rows(table: &mut Table, api: &Api, operation: &Operation) {
    let id = string(&operation.id);
    table.row(&quote!(id: #id));
    let parameters = operation.parameters.iter();
    let parameters: Vec<_> = parameters
        .filter(|each| !is_implied(api, operation, each))
        .map(|each| parameter(api, each))
        .collect();
    if !parameters.is_empty() {
        table.list(&quote!(parameters), &parameters);
    }
    if let Some(request_body) = &operation.request_body {
        let contents = request_body.contents.iter();
        let contents: Vec<_> = contents.map(|content| body(api, content)).collect();
        table.list(&quote!(body), &contents);
    }
    // Of `application/json` alone, the table says nothing. Any other media type has the row, whatever it is called: no text of
    // a description decides what a table looks like.
    let contents = operation.responses.iter();
    let mut contents = contents.flat_map(|response| &response.contents).peekable();
    let is_json = |content: &Content| content.media_type == "application/json";
    if contents.peek().is_none() || !contents.all(is_json) {
        let accept = string(&operation.accept);
        table.row(&quote!(accept: #accept));
    }
    if !operation.responses.is_empty() {
        let responses: Vec<_> = operation.responses.iter().map(response).collect();
        table.list(&quote!(responses), &responses);
    }
    if let Some(alternatives) = &operation.security {
        let alternatives = requirements(alternatives);
        let alternatives = alternatives.iter().map(|schemes| {
            let schemes = schemes.iter().map(|(name, scopes)| {
                let (name, scopes) = (string(name), scopes.iter().map(|list| string(list)));
                quote!(scheme(#name, &[#(#scopes),*]))
            });
            quote!([#(#schemes),*])
        });
        table.list(&quote!(security), &alternatives.collect::<Vec<_>>());
    }
    if let Some(Pagination::Link {
        cursor: Some(cursor),
        ..
    }) = &operation.pagination
    {
        let cursor = string(cursor);
        table.row(&quote!(cursor: #cursor));
    }
}

/// Whether the path says all there is to say of a parameter.
fn is_implied(api: &Api, operation: &Operation, parameter: &Parameter) -> bool {
    let mut parts = operation.path.parts.iter();
    let is_there =
        parts.any(|part| matches!(part, PathPart::Parameter(name) if *name == parameter.wire_name));
    is_there
        && parameter.location == ParameterLocation::Path
        && (parameter.style, parameter.explode) == (ParameterStyle::Simple, false)
        && !parameter.allow_reserved
        && value_type::of(api, &parameter.ty).is_none()
}

/// `200 "A list of teams."`, `400..=499 "Refused."`, or `404` where the description is the reason phrase, each with a media
/// type if that is not `application/json`.
fn response(response: &Response) -> TokenStream {
    let row = status(response);
    match response.contents.first() {
        Some(content) if content.sent_media_type != "application/json" => {
            let media_type = string(&content.sent_media_type);
            quote!(#row in #media_type)
        }
        _ => row,
    }
}

fn status(response: &Response) -> TokenStream {
    let description = response.description.as_deref().unwrap_or_default().trim();
    let meaning = string(first_line(description));
    match response.status {
        Status::Code(code) => {
            let says_more = !doc::is_success(response) && !is_reason(code, description);
            let meaning = says_more.then_some(meaning);
            let code = integer(code.into());
            quote!(#code #meaning)
        }
        Status::Range(hundred) => {
            let first = i64::from(hundred) * 100;
            let (first, last) = (integer(first), integer(first + 99));
            quote!(#first..=#last #meaning)
        }
        Status::Default => quote!(0..=999 #meaning),
    }
}

/// Whether a description is the reason phrase of a status, but for a full stop and capitals.
fn is_reason(code: u16, description: &str) -> bool {
    let description = description.trim().trim_end_matches('.');
    reason_phrase(code).is_some_and(|reason| reason.eq_ignore_ascii_case(description))
}

/// The schemes of each alternative, with the lists of scopes of which one is enough. Alternatives of the same single scheme
/// are one.
fn requirements(alternatives: &SecurityRequirements) -> Vec<IndexMap<&str, Vec<String>>> {
    let mut requirements: Vec<IndexMap<&str, Vec<String>>> = Vec::new();
    for alternative in alternatives {
        let lists = alternative.iter().map(|(name, scopes)| {
            let list = (!scopes.is_empty()).then(|| scopes.join(" "));
            (name.as_str(), list.into_iter().collect())
        });
        let lists: IndexMap<&str, Vec<String>> = lists.collect();
        let is_same = |known: &IndexMap<&str, _>| known.len() == 1 && known.keys().eq(lists.keys());
        let found = requirements.iter().position(is_same);
        if let Some(known) = found.and_then(|index| requirements.get_mut(index)) {
            for (known, lists) in known.values_mut().zip(lists.into_values()) {
                // A credential that needs no scope is enough.
                if known.is_empty() || lists.is_empty() {
                    known.clear();
                } else {
                    known.extend(lists);
                }
            }
        } else if !requirements.contains(&lists) {
            requirements.push(lists);
        }
    }
    requirements
}

fn verb(method: HttpMethod) -> TokenStream {
    match method {
        HttpMethod::Get => quote!(Get),
        HttpMethod::Put => quote!(Put),
        HttpMethod::Post => quote!(Post),
        HttpMethod::Delete => quote!(Delete),
        HttpMethod::Options => quote!(Options),
        HttpMethod::Head => quote!(Head),
        HttpMethod::Patch => quote!(Patch),
        HttpMethod::Trace => quote!(Trace),
    }
}

/// `query("per_page").of(Integer)`
fn parameter(api: &Api, parameter: &Parameter) -> TokenStream {
    let name = string(&parameter.wire_name);
    let function = parameter.location.key();
    let function = own_ident(function);
    let mut row = quote!(#function(#name));
    let (style, explode) = (parameter.style, parameter.explode);
    let default = match parameter.location {
        ParameterLocation::Path | ParameterLocation::Header => (ParameterStyle::Simple, false),
        ParameterLocation::Query | ParameterLocation::Cookie => (ParameterStyle::Form, true),
    };
    if (style, explode) != default {
        let style = self::style(style);
        row.extend(quote!(.style(#style, #explode)));
    }
    if parameter.allow_reserved {
        row.extend(quote!(.allow_reserved()));
    }
    if let Some(ty) = value_type::of(api, &parameter.ty) {
        row.extend(quote!(.of(#ty)));
    }
    if !parameter.except.is_empty() {
        let keys = parameter.except.iter().map(|key| string(key));
        row.extend(quote!(.except(&[#(#keys),*])));
    }
    row
}

fn style(style: ParameterStyle) -> TokenStream {
    match style {
        ParameterStyle::Simple => quote!(Simple),
        ParameterStyle::Label => quote!(Label),
        ParameterStyle::Matrix => quote!(Matrix),
        ParameterStyle::Form => quote!(Form),
        ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParameterStyle::PipeDelimited => quote!(PipeDelimited),
        ParameterStyle::DeepObject => quote!(DeepObject),
        ParameterStyle::Json => quote!(Json),
    }
}

/// `body("application/json")`
fn body(api: &Api, content: &Content) -> TokenStream {
    let media_type = string(&content.media_type);
    let mut row = quote!(body(#media_type));
    let is_text = matches!(
        content.encoding,
        BodyEncoding::Text
            | BodyEncoding::EventStream
            | BodyEncoding::JsonLines
            | BodyEncoding::Form
            | BodyEncoding::Multipart
    ) || content.encoding == BodyEncoding::Binary && !content.is_bytes(api);
    if is_text {
        let ty = value_type::spelled(api, &content.ty);
        row.extend(quote!(.of(#ty)));
    }
    if content.is_bytes(api) {
        row.extend(quote!(.stream()));
    }
    if !content.form_styles.is_empty() {
        let styles = content.form_styles.iter().map(|(name, style, explode)| {
            let (name, style) = (string(name), self::style(*style));
            quote!((#name, #style, #explode))
        });
        row.extend(quote!(.styles(&[#(#styles),*])));
    }
    row
}

fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

/// The name of a parameter in HTTP, where it is not that in Rust.
pub(super) fn wire_name(name: &Name, wire_name: &str) -> Option<Literal> {
    (name.as_str() != wire_name).then(|| string(wire_name))
}

#[cfg(test)]
mod tests {
    use super::is_reason;

    #[test]
    fn a_reason_phrase_is_no_description() {
        for description in ["Not Found", "not found", " Not found.\n"] {
            assert!(is_reason(404, description), "{description}");
        }
        assert!(is_reason(208, "Already Reported"));
        assert!(!is_reason(599, ""));
        for description in ["", "Not", "No such team", "Conflict"] {
            assert!(!is_reason(404, description), "{description}");
        }
    }
}
