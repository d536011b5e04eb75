//! Open enums of strings and of integers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table};
use crate::api::{EnumValue, TypeDefinition};
use crate::emit::doc;
use crate::emit::tokens::{ident, integer, string};

/// Adds an enum of strings.
pub(super) fn add_strings(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    values: &[EnumValue],
    docs: &TokenStream,
) -> Result<(), FormatError> {
    let values = distinct(values, |value| {
        Some(string(value.wire.as_str()?).into_token_stream())
    });
    let payload = scope.name(known::STRING);
    add(
        items,
        scope,
        definition,
        &values,
        docs,
        &payload,
        "string_enum",
    )
}

/// Adds an enum of integers.
pub(super) fn add_integers(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    values: &[EnumValue],
    docs: &TokenStream,
) -> Result<(), FormatError> {
    let values = distinct(values, |value| Some(integer(value.wire.as_i64()?)));
    add(
        items,
        scope,
        definition,
        &values,
        docs,
        &quote!(i64),
        "integer_enum",
    )
}

/// The values that can be written, with their literals. One that is listed twice would be a branch that nothing reaches;
/// one that is not of the enum's JSON type is still read, as an unknown value.
fn distinct(
    values: &[EnumValue],
    literal: impl Fn(&EnumValue) -> Option<TokenStream>,
) -> Vec<(&EnumValue, TokenStream)> {
    let mut seen = BTreeSet::new();
    let written = values
        .iter()
        .filter_map(|value| Some((value, literal(value)?)));
    written
        .filter(|(_, literal)| seen.insert(literal.to_string()))
        .collect()
}

fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    values: &[(&EnumValue, TokenStream)],
    docs: &TokenStream,
    payload: &TokenStream,
    table: &'static str,
) -> Result<(), FormatError> {
    let name = ident(&definition.name);
    let variants = values.iter().map(|(value, _)| {
        let variant = ident(&value.name);
        let docs = doc::prose(value.description.as_deref());
        quote!(#docs #variant,)
    });
    items.push(quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that is not documented.
            Unknown(#payload),
        }
    })?;
    scope.uses("crate::types", table);
    let rows = values.iter().map(|(value, literal)| {
        let variant = ident(&value.name);
        quote!(#variant = #literal)
    });
    items.table(Table::new(table, &quote!(#name), rows));
    Ok(())
}
