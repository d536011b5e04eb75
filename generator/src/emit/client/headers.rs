//! `client/headers.rs`: the response headers that the description names.

use crate::emit::code::{Code, Ident, quote};
use std::collections::BTreeMap;

use super::super::doc;
use super::super::rust::{CratePath, FormatError, file, string, type_tokens};
use super::is_header_text;
use crate::ir::{Api, Header, Type};
use crate::names::{case, unique};

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let responses = api
        .operations
        .iter()
        .flat_map(|operation| &operation.responses);
    // Headers have one name however it is capitalised.
    let mut described: BTreeMap<String, Vec<&Header>> = BTreeMap::new();
    for header in responses.flat_map(|response| &response.headers) {
        if is_header_text(&header.wire_name) {
            described
                .entry(header.wire_name.to_ascii_lowercase())
                .or_default()
                .push(header);
        }
    }
    let names = unique(
        described.keys().map(|name| case::snake(name, "header")),
        &[],
    );
    let constants = described
        .iter()
        .zip(names)
        .map(|((wire_name, headers), name)| {
            let constant = Ident::new(&name.plain().to_ascii_uppercase());
            constant_of(api, wire_name, headers, &constant)
        });
    let constants: Vec<_> = constants.collect();
    file(
        "The headers of answers that the description names, to be read by\n\
         [`ApiResponse::header`](crate::client::ApiResponse::header) and\n\
         [`ErrorResponse::header`](crate::client::ErrorResponse::header). All others are in the `headers` of both.",
        quote!(#(#constants)*),
    )
}

fn constant_of(api: &Api, wire_name: &str, headers: &[&Header], constant: &Ident) -> Code {
    let mut types = headers.iter().map(|header| scalar(api, &header.ty));
    let first = types.next().unwrap_or(&Type::String);
    let ty = if types.all(|ty| ty == first) {
        first
    } else {
        &Type::String
    };
    let ty = type_tokens(api, &CratePath::inside(), ty);
    let wire = string(wire_name);
    let documented = headers
        .iter()
        .find(|header| header.docs.description.is_some());
    let description = documented.and_then(|header| header.docs.description.as_deref());
    let docs = doc::text_comments(description.unwrap_or_default().trim());
    let own = doc::text_comments(&format!("The header {}.", doc::code(wire_name)));
    let separator = (!docs.is_empty()).then(|| quote!(#[doc = ""]));
    quote! {
        #own #separator #docs
        pub const #constant: crate::client::header::Header<#ty> =
            crate::client::header::Header::new(#wire);
    }
}

/// The type to read a header as: that of a scalar that reads from text, else the text itself.
fn scalar<'api>(api: &'api Api, ty: &'api Type) -> &'api Type {
    match api.resolve(ty) {
        ty @ (Type::Integer(_) | Type::Boolean | Type::Float) => ty,
        _ => &Type::String,
    }
}
