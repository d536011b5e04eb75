//! `src/operations/`: one static [`Operation`](crate::api::Operation) for each operation, which client, server and tests
//! share. One file a tag.

use indexmap::IndexMap;
use proc_macro2::{Literal, TokenStream};
use quote::quote;
use std::collections::BTreeSet;

use super::scope::{Scope, known};
use super::source_file::{FormatError, Items, source_file};
use super::value_type;
use crate::api::{
    Api, BodyEncoding, Content, HttpMethod, Name, Operation, Pagination, Parameter,
    ParameterLocation, ParameterStyle, Response, SecurityRequirements, Status, Tag,
};
use crate::emit::tokens::{ident, integer, own_ident, string};
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
        let items = tables(api, &operations, &quote!(pub))?;
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

/// The tables of some operations, with their imports.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub(super) fn tables(
    api: &Api,
    operations: &[&Operation],
    visibility: &TokenStream,
) -> Result<Items, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::of_module(api, &taken);
    let mut tables = Items::default();
    for operation in operations {
        tables.push(table(&scope, operation, visibility))?;
    }
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.append(&tables);
    Ok(items)
}

/// The static of one operation.
pub(super) fn table(
    scope: &Scope<'_>,
    operation: &Operation,
    visibility: &TokenStream,
) -> TokenStream {
    let (ty, method) = (scope.name(known::OPERATION), scope.name(known::METHOD));
    let constant = ident(&operation.constant);
    let (id, path) = (string(&operation.id), string(&operation.path.template));
    let verb = verb(operation.method);
    let mut tags = scope.api().tags.iter();
    let tag = tags.find(|tag| tag.module == operation.tag).map(|tag| {
        let name = string(&tag.name);
        quote!(tag: #name,)
    });
    let mut fields = TokenStream::new();
    if !operation.parameters.is_empty() {
        let parameters = operation
            .parameters
            .iter()
            .map(|each| parameter(scope, each));
        fields.extend(quote!(parameters: &[#(#parameters),*],));
    }
    if let Some(request_body) = &operation.request_body {
        let contents = request_body
            .contents
            .iter()
            .map(|content| body(scope, content));
        fields.extend(quote!(body: &[#(#contents),*],));
    }
    // Whatever the media types are called: no text of a description decides what a table looks like.
    let has_content = |response: &Response| !response.contents.is_empty();
    if operation.responses.iter().any(has_content) {
        let accept = string(&operation.accept);
        fields.extend(quote!(accept: #accept,));
    }
    if !operation.responses.is_empty() {
        let responses = operation.responses.iter().map(|response| {
            let meaning = string(first_line(
                response.description.as_deref().unwrap_or_default(),
            ));
            let function = |name| {
                scope.uses("crate::operation", name);
                own_ident(name)
            };
            match response.status {
                Status::Code(code) => {
                    let (function, code) = (function("response"), integer(code.into()));
                    quote!(#function(#code, #meaning))
                }
                status => {
                    let (first, last) = range(status);
                    let function = function("responses");
                    quote!(#function(#first, #last, #meaning))
                }
            }
        });
        fields.extend(quote!(responses: &[#(#responses),*],));
    }
    if let Some(alternatives) = &operation.security {
        let alternatives = requirements(alternatives);
        let alternatives = alternatives.iter().map(|schemes| {
            let schemes = schemes.iter().map(|(name, scopes)| {
                scope.uses("crate::security", "scheme");
                let (name, scopes) = (string(name), scopes.iter().map(|list| string(list)));
                quote!(scheme(#name, &[#(#scopes),*]))
            });
            quote!(&[#(#schemes),*])
        });
        fields.extend(quote!(security: Some(&[#(#alternatives),*]),));
    }
    if let Some(Pagination::Link {
        cursor: Some(cursor),
        ..
    }) = &operation.pagination
    {
        let cursor = string(cursor);
        fields.extend(quote!(cursor: Some(#cursor),));
    }
    quote! {
        #visibility static #constant: #ty = #ty {
            id: #id,
            #tag
            method: #method::#verb,
            path: #path,
            #fields
            ..#ty::EMPTY
        };
    }
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

/// The lowest and the highest status of a response.
fn range(status: Status) -> (TokenStream, TokenStream) {
    match status {
        Status::Code(code) => (integer(code.into()), integer(code.into())),
        Status::Range(hundred) => (
            integer(i64::from(hundred) * 100),
            integer(i64::from(hundred) * 100 + 99),
        ),
        Status::Default => (quote!(0), quote!(u16::MAX)),
    }
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

/// `query("per_page").of(ValueType::Integer)`
fn parameter(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let name = string(&parameter.wire_name);
    let function = parameter.location.key();
    scope.uses("crate::operation", function);
    let function = own_ident(function);
    let mut row = quote!(#function(#name));
    let (style, explode) = (parameter.style, parameter.explode);
    let default = match parameter.location {
        ParameterLocation::Path | ParameterLocation::Header => (ParameterStyle::Simple, false),
        ParameterLocation::Query | ParameterLocation::Cookie => (ParameterStyle::Form, true),
    };
    if (style, explode) != default {
        let style = self::style(scope, style);
        row.extend(quote!(.style(#style, #explode)));
    }
    if parameter.allow_reserved {
        row.extend(quote!(.allow_reserved()));
    }
    if let Some(ty) = value_type::of(scope, &parameter.ty) {
        row.extend(quote!(.of(#ty)));
    }
    if !parameter.except.is_empty() {
        let keys = parameter.except.iter().map(|key| string(key));
        row.extend(quote!(.except(&[#(#keys),*])));
    }
    row
}

fn style(scope: &Scope<'_>, style: ParameterStyle) -> TokenStream {
    let name = match style {
        ParameterStyle::Simple => quote!(Simple),
        ParameterStyle::Label => quote!(Label),
        ParameterStyle::Matrix => quote!(Matrix),
        ParameterStyle::Form => quote!(Form),
        ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParameterStyle::PipeDelimited => quote!(PipeDelimited),
        ParameterStyle::DeepObject => quote!(DeepObject),
        ParameterStyle::Json => quote!(Json),
    };
    let ty = scope.name(known::STYLE);
    quote!(#ty::#name)
}

/// `body("application/json")`
fn body(scope: &Scope<'_>, content: &Content) -> TokenStream {
    let media_type = string(&content.media_type);
    scope.uses("crate::operation", "body");
    let mut row = quote!(body(#media_type));
    let is_text = matches!(
        content.encoding,
        BodyEncoding::Text
            | BodyEncoding::EventStream
            | BodyEncoding::JsonLines
            | BodyEncoding::Form
            | BodyEncoding::Multipart
    ) || content.encoding == BodyEncoding::Binary && !content.is_bytes(scope.api());
    if is_text {
        let ty = value_type::spelled(scope, &content.ty);
        row.extend(quote!(.of(#ty)));
    }
    if !content.form_styles.is_empty() {
        let styles = content.form_styles.iter().map(|(name, style, explode)| {
            let (name, style) = (string(name), self::style(scope, *style));
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
