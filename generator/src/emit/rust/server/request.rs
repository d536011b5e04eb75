//! The request of an operation: a struct of its parameters and its body, and where each field comes from.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items};
use crate::api::{BodyEncoding, Content, Operation, Parameter, RequestBody, Tag};
use crate::emit::doc;
use crate::emit::tokens::{ident, own_ident, string, suffixed};

/// Adds the struct, and the enum of its bodies where there are several media types.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    tag: &Tag,
    operation: &Operation,
) -> Result<(), FormatError> {
    let name = suffixed(&operation.type_name, "Request");
    let docs = doc::line(&format!(
        "A [`{}::{}`] request.",
        tag.server_trait,
        operation.name.plain()
    ));
    let fields = operation
        .parameters
        .iter()
        .map(|parameter| field(scope, parameter));
    let body = operation
        .request_body
        .iter()
        .map(|body| body_field(scope, operation, body));
    items.push(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub struct #name {
            #(#fields,)*
            #(#body,)*
        }
    })?;
    match &operation.request_body {
        Some(body) if body.contents.len() > 1 => add_bodies(items, scope, operation, body),
        _ => Ok(()),
    }
}

fn field(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name);
    let docs = match parameter.docs.description.as_deref() {
        Some(description) if doc::says_more(description, &[parameter.name.plain()]) => {
            doc::prose(Some(description))
        }
        _ => TokenStream::new(),
    };
    let ty = scope.ty(&parameter.ty);
    let ty = if parameter.required || parameter.server_default.is_some() {
        ty
    } else {
        let option = scope.name(known::OPTION);
        quote!(#option<#ty>)
    };
    quote!(#docs pub #name: #ty)
}

fn body_field(scope: &Scope<'_>, operation: &Operation, body: &RequestBody) -> TokenStream {
    let name = ident(&body.name);
    let docs = doc::of_member(&body.docs, &[body.name.plain(), operation.name.plain()]);
    let ty = match body.contents.as_slice() {
        [content] => scope.ty(&content.ty),
        _ => {
            let name = suffixed(&operation.type_name, "RequestBody");
            quote!(#name)
        }
    };
    let ty = if body.required {
        ty
    } else {
        let option = scope.name(known::OPTION);
        quote!(#option<#ty>)
    };
    quote!(#docs pub #name: #ty)
}

/// Adds the enum of the body in each of several media types.
fn add_bodies(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
    body: &RequestBody,
) -> Result<(), FormatError> {
    let name = suffixed(&operation.type_name, "RequestBody");
    let docs = doc::text(&format!(
        "The body of {}, by media type.",
        doc::code(&operation.id)
    ));
    let variants = body.contents.iter().map(|content| {
        let docs = doc::text(&format!("A body of {}.", doc::code(&content.media_type)));
        let (variant, ty) = (ident(&content.variant), scope.ty(&content.ty));
        quote!(#docs #variant(#ty))
    });
    items.push(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name { #(#variants,)* }
    })
}

/// Where each field comes from, as `endpoint!` takes it: `detailed(optional query "detailed")`.
pub(super) fn rows(scope: &Scope<'_>, operation: &Operation) -> Vec<TokenStream> {
    let mut rows: Vec<TokenStream> = operation.parameters.iter().map(parameter_row).collect();
    if let Some(body) = &operation.request_body {
        let name = ident(&body.name);
        let optional = (!body.required).then(|| quote!(optional));
        let source = match body.contents.as_slice() {
            [content] => encoding(scope, content),
            contents => {
                let ty = suffixed(&operation.type_name, "RequestBody");
                let variants = contents.iter().enumerate().map(|(index, content)| {
                    let index = proc_macro2::Literal::usize_unsuffixed(index);
                    let (variant, encoding) = (ident(&content.variant), encoding(scope, content));
                    quote!(#index #variant #encoding)
                });
                quote!(#ty { #(#variants),* })
            }
        };
        rows.push(quote!(#name(#optional body #source)));
    }
    rows
}

fn parameter_row(parameter: &Parameter) -> TokenStream {
    let (name, wire_name) = (ident(&parameter.name), string(&parameter.wire_name));
    let location = own_ident(parameter.location.key());
    match &parameter.server_default {
        _ if parameter.required => quote!(#name(#location #wire_name)),
        Some(default) => {
            let json = string(&default.to_string());
            quote!(#name(default #json #location #wire_name))
        }
        None => quote!(#name(optional #location #wire_name)),
    }
}

/// The method of the runtime's `Payload` that reads a body.
fn encoding(scope: &Scope<'_>, content: &Content) -> TokenStream {
    match content.encoding {
        BodyEncoding::Json => quote!(json),
        BodyEncoding::Form => quote!(form),
        BodyEncoding::Multipart => quote!(multipart),
        BodyEncoding::Binary if content.is_bytes(scope.api()) => quote!(bytes),
        BodyEncoding::Text
        | BodyEncoding::EventStream
        | BodyEncoding::JsonLines
        | BodyEncoding::Binary => quote!(text),
    }
}
