//! The response of an operation: an enum of its documented statuses, and anything else.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items};
use crate::api::{Api, BodyEncoding, Content, Operation, Response, Status, Tag};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, string, suffixed};

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
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    tag: &Tag,
    operation: &Operation,
) -> Result<(), FormatError> {
    let name = suffixed(&operation.type_name, "Response");
    let docs = doc::line(&format!(
        "A response to [`{}::{}`].",
        tag.server_trait,
        operation.name.plain()
    ));
    let variants = variants(operation);
    let declarations = variants.iter().map(|variant| declaration(scope, variant));
    let reply = scope.name(known::REPLY);
    items.push(quote! {
        #docs
        #[derive(Debug)]
        pub enum #name {
            #(#declarations,)*
            Other(#reply),
        }
    })
}

fn declaration(scope: &Scope<'_>, variant: &Variant<'_>) -> TokenStream {
    let name = &variant.name;
    let docs = doc::prose(meaning(variant.response));
    let body = variant.content.map(|content| body_type(scope, content));
    let fields = match (variant.response.status, body) {
        (Status::Code(_), None) => quote!(),
        (Status::Code(_), Some(body)) => quote!((#body)),
        (_, body) => {
            let status = scope.name(known::STATUS_CODE);
            let body = body.map(|body| quote!(body: #body,));
            quote!({ status: #status, #body })
        }
    };
    quote!(#docs #name #fields)
}

/// What the description says of a response beyond the reason phrase of its status, which the variant is called after.
fn meaning(response: &Response) -> Option<&str> {
    let description = response.description.as_deref()?;
    let letters = |text: &str| -> String {
        let letters = text.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|letter| letter.to_ascii_lowercase()).collect()
    };
    let said = letters(description);
    let repeats =
        said == letters(response.name.plain()) || response.status.is_success() && said == "success";
    (!repeats).then_some(description)
}

/// The type that a variant holds.
fn body_type(scope: &Scope<'_>, content: &Content) -> TokenStream {
    match content.encoding {
        BodyEncoding::EventStream | BodyEncoding::JsonLines => scope.name(known::BODY),
        BodyEncoding::Form | BodyEncoding::Multipart => scope.name(known::BYTES),
        BodyEncoding::Json | BodyEncoding::Text | BodyEncoding::Binary => scope.ty(&content.ty),
    }
}

/// What each variant is, as `endpoint!` takes it: `Ok = 200 json`.
pub(super) fn rows(api: &Api, operation: &Operation) -> Vec<TokenStream> {
    variants(operation)
        .iter()
        .map(|variant| row(api, variant))
        .collect()
}

fn row(api: &Api, variant: &Variant<'_>) -> TokenStream {
    let name = &variant.name;
    let status = match variant.response.status {
        Status::Code(code) => integer(code.into()),
        Status::Range(_) | Status::Default => quote!(any),
    };
    let Some(content) = variant.content else {
        return quote!(#name = #status);
    };
    let media_type = string(&content.sent_media_type);
    let encoding = match content.encoding {
        BodyEncoding::Json if content.sent_media_type == "application/json" => {
            return quote!(#name = #status json);
        }
        BodyEncoding::Json => quote!(json),
        BodyEncoding::EventStream | BodyEncoding::JsonLines => quote!(stream),
        BodyEncoding::Form | BodyEncoding::Multipart => quote!(bytes),
        BodyEncoding::Binary if content.is_bytes(api) => quote!(binary),
        BodyEncoding::Text | BodyEncoding::Binary => quote!(text),
    };
    quote!(#name = #status #encoding #media_type)
}
