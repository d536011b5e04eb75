//! The response of an operation: an enum of its documented statuses, each with its body.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::Table;
use crate::api::{Api, BodyEncoding, Content, Operation, OperationType, Response, Status};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, operation_type, string};

/// A variant of the enum: a response in one of its media types, or without a body.
struct Variant<'api> {
    name: Ident,
    response: &'api Response,
    content: Option<&'api Content>,
}

fn variants(operation: &Operation) -> Vec<Variant<'_>> {
    let of_response = |response| {
        let Response { name, contents, .. }: &Response = response;
        if contents.is_empty() {
            let name = ident(name);
            return vec![Variant {
                name,
                response,
                content: None,
            }];
        }
        let of_content = |content: &'_ Content| ident(&content.variant);
        let variants = contents.iter().map(|content| Variant {
            name: of_content(content),
            response,
            content: Some(content),
        });
        variants.collect()
    };
    operation.responses.iter().flat_map(of_response).collect()
}

/// Adds the enum.
pub(super) fn add(table: &mut Table, scope: &Scope<'_>, operation: &Operation) {
    let name = operation_type(operation, OperationType::Response);
    table.block(&quote!(pub enum #name), |table| {
        for variant in variants(operation) {
            let docs = doc::prose(meaning(operation, variant.response));
            let row = row(scope, &variant);
            let is_short = variant.content.is_none() || !variant.response.status.is_success();
            if docs.is_empty() && is_short {
                table.short_row(&row);
            } else {
                table.row(&quote!(#docs #row));
            }
        }
    });
}

/// `Ok(models::Team) = 200 json`
fn row(scope: &Scope<'_>, variant: &Variant<'_>) -> TokenStream {
    let name = &variant.name;
    let body = variant.content.map(|content| body_type(scope, content));
    let how = variant.content.map(|content| how(scope.api(), content));
    match (variant.response.status, body) {
        (Status::Code(code), body) => {
            let (body, code) = (body.map(|body| quote!((#body))), integer(code.into()));
            quote!(#name #body = #code #how)
        }
        (_, body) => {
            let status = scope.name(known::STATUS_CODE);
            let body = body.map(|body| quote!(, body: #body));
            quote!(#name { status: #status #body } = any #how)
        }
    }
}

/// What the description says of a response beyond the name of the operation and the reason phrase of the status, which the
/// variant is called after.
fn meaning<'api>(operation: &Operation, response: &'api Response) -> Option<&'api str> {
    let description = response.description.as_deref()?;
    let names = [response.name.plain(), operation.name.plain()];
    (doc::says_more(description, &names) && !doc::is_success(response)).then_some(description)
}

/// The type that a variant holds.
fn body_type(scope: &Scope<'_>, content: &Content) -> TokenStream {
    match content.encoding {
        BodyEncoding::EventStream | BodyEncoding::JsonLines => scope.name(known::BODY),
        BodyEncoding::Form | BodyEncoding::Multipart => scope.name(known::BYTES),
        BodyEncoding::Json | BodyEncoding::Text | BodyEncoding::Binary => scope.ty(&content.ty),
    }
}

/// The function of the runtime's `Reply` that writes a body, and its media type.
fn how(api: &Api, content: &Content) -> TokenStream {
    let media_type = string(&content.sent_media_type);
    let encoding = match content.encoding {
        BodyEncoding::Json if content.sent_media_type == "application/json" => {
            return quote!(json);
        }
        BodyEncoding::Json => quote!(json),
        BodyEncoding::EventStream | BodyEncoding::JsonLines => quote!(stream),
        BodyEncoding::Form | BodyEncoding::Multipart => quote!(bytes),
        BodyEncoding::Binary if content.is_bytes(api) => quote!(binary),
        BodyEncoding::Text | BodyEncoding::Binary => quote!(text),
    };
    quote!(#encoding #media_type)
}
