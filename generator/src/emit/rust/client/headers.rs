//! `src/headers.rs`: the response headers that the description names.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, HeaderConstant};
use crate::emit::doc;
use crate::emit::tokens::{ident, string};

/// The file.
pub(super) fn generate(api: &Api) -> Result<Vec<u8>, FormatError> {
    let taken = BTreeSet::new();
    let scope = Scope::of_module(api, &taken);
    let constants: Vec<_> = api
        .headers
        .iter()
        .map(|header| constant(&scope, header))
        .collect();
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.push(quote!(#(#constants)*))?;
    source_file(
        "The response headers that the description names. `header` of the client's `ApiResponse` and `ErrorResponse`\n\
         reads one of them, and `with` of the server's `IntoReply` adds one.",
        TokenStream::new(),
        &items,
    )
}

fn constant(scope: &Scope<'_>, header: &HeaderConstant) -> TokenStream {
    let (name, wire_name) = (ident(&header.name), string(&header.wire_name));
    let (ty, header_type) = (scope.ty(&header.ty), scope.name(known::HEADER));
    let own = format!("The header {}.", doc::code(&header.title));
    let docs = doc::paragraphs_of(&[header.description.as_deref().unwrap_or_default(), &own]);
    quote!(#docs pub const #name: #header_type<#ty> = #header_type::new(#wire_name);)
}
