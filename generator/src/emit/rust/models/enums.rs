//! Open enums of strings and of integers.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};

use super::super::scope::Scope;
use super::super::source_file::{Items, Table};
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
) {
    let values = distinct(values, |value| {
        Some(string(value.wire.as_str()?).into_token_stream())
    });
    add(items, scope, definition, &values, docs, "string_enum");
}

/// Adds an enum of integers.
pub(super) fn add_integers(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    values: &[EnumValue],
    docs: &TokenStream,
) {
    let values = distinct(values, |value| Some(integer(value.wire.as_i64()?)));
    add(items, scope, definition, &values, docs, "integer_enum");
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
    macro_name: &'static str,
) {
    let name = ident(&definition.name);
    let mut table = Table::open(macro_name);
    table.block(&quote!(#docs pub enum #name), |rows| {
        for (value, literal) in values {
            let variant = ident(&value.name);
            let docs = doc::prose(value.description.as_deref());
            rows.row(&quote!(#docs #variant = #literal));
        }
    });
    scope.uses("crate::types", macro_name);
    items.table(table);
}
