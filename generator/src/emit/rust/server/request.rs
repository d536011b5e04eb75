//! The request of an operation: a struct of its parameters and its body, each field with its source.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::operations::wire_name;
use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table};
use crate::api::{BodyEncoding, Content, Operation, OperationType, Parameter, RequestBody};
use crate::emit::doc;
use crate::emit::tokens::{ident, operation_type, own_ident, string};

/// Adds the struct.
pub(super) fn add(table: &mut Table, scope: &Scope<'_>, operation: &Operation) {
    let name = operation_type(operation, OperationType::Request);
    table.block(&quote!(pub struct #name), |table| {
        for parameter in &operation.parameters {
            table.row(&field(scope, parameter));
        }
        if let Some(body) = &operation.request_body {
            table.row(&body_field(scope, operation, body));
        }
    });
}

/// `pub detailed: Option<String> = optional query "isDetailed"`
fn field(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name);
    let docs = doc::of_parameter(&parameter.docs, parameter.name.plain());
    let ty = scope.ty(&parameter.ty);
    let location = own_ident(parameter.location.key());
    let wire_name = wire_name(&parameter.name, &parameter.wire_name);
    match &parameter.server_default {
        _ if parameter.required => quote!(#docs pub #name: #ty = #location #wire_name),
        Some(default) => {
            let json = string(&default.to_string());
            quote!(#docs pub #name: #ty = #location #wire_name || #json)
        }
        None => {
            let option = scope.name(known::OPTION);
            quote!(#docs pub #name: #option<#ty> = optional #location #wire_name)
        }
    }
}

/// `pub body: models::Team = body json`
fn body_field(scope: &Scope<'_>, operation: &Operation, body: &RequestBody) -> TokenStream {
    let name = ident(&body.name);
    let docs = doc::of_member(&body.docs, &[body.name.plain(), operation.name.plain()]);
    let (ty, source) = match body.contents.as_slice() {
        [content] => (ty(scope, content), encoding(scope, content)),
        contents => {
            let ty = operation_type(operation, OperationType::RequestBody);
            let variants = contents.iter().enumerate().map(|(index, content)| {
                let index = proc_macro2::Literal::usize_unsuffixed(index);
                let (variant, encoding) = (ident(&content.variant), encoding(scope, content));
                quote!(#index #variant #encoding)
            });
            (quote!(#ty), quote!(#ty { #(#variants),* }))
        }
    };
    if body.required {
        return quote!(#docs pub #name: #ty = body #source);
    }
    let option = scope.name(known::OPTION);
    quote!(#docs pub #name: #option<#ty> = optional body #source)
}

/// Adds the enum of the body in each media type, where there are several.
pub(super) fn add_bodies(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    let Some(body) = operation.request_body.as_ref() else {
        return Ok(());
    };
    if body.contents.len() < 2 {
        return Ok(());
    }
    let name = operation_type(operation, OperationType::RequestBody);
    let docs = doc::text(&format!(
        "The body of {}, by media type.",
        doc::code(&operation.id)
    ));
    let variants = body.contents.iter().map(|content| {
        let docs = doc::text(&format!("A body of {}.", doc::code(&content.media_type)));
        let (variant, ty) = (ident(&content.variant), ty(scope, content));
        quote!(#docs #variant(#ty))
    });
    items.push(quote! {
        #docs
        #[derive(Clone, Debug, PartialEq)]
        pub enum #name { #(#variants,)* }
    })
}

/// The type of a body: of one that arrives while the method reads it, that of the runtime.
fn ty(scope: &Scope<'_>, content: &Content) -> TokenStream {
    if content.is_bytes(scope.api()) {
        return scope.name(known::UPLOAD);
    }
    let ty = scope.ty(&content.ty);
    if content.encoding == BodyEncoding::Multipart {
        let multipart = scope.name(known::MULTIPART);
        return quote!(#multipart<#ty>);
    }
    ty
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
