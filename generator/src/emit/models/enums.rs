//! Open enums of strings and of integers.

use crate::emit::code::{Code, Literal, quote};
use std::collections::BTreeSet;

use crate::emit::doc;
use crate::emit::rust::{ident, string};
use crate::ir::{EnumValue, TypeDefinition};

/// An enum of strings.
pub(super) fn strings(definition: &TypeDefinition, values: &[EnumValue], docs: &Code) -> Code {
    let payload = quote!(::std::string::String);
    let values = distinct(values, |value| {
        let text = value.wire.as_str()?;
        Some((string(text), doc::code(text)))
    });
    items(definition, &values, docs, &payload, &quote!(string_enum))
}

/// An enum of integers.
pub(super) fn integers(definition: &TypeDefinition, values: &[EnumValue], docs: &Code) -> Code {
    let payload = quote!(i64);
    let values = distinct(values, |value| {
        let number = value.wire.as_i64()?;
        Some((Literal::integer(number), doc::code(&number.to_string())))
    });
    items(definition, &values, docs, &payload, &quote!(integer_enum))
}

/// A value with its literal and its documentation.
type Written<'a> = (&'a EnumValue, Literal, String);

/// The values that can be written. One that is listed twice would be a branch that nothing reaches; one that is not of
/// the enum's JSON type is still read, as an unknown value.
fn distinct(
    values: &[EnumValue],
    write: impl Fn(&EnumValue) -> Option<(Literal, String)>,
) -> Vec<Written<'_>> {
    let mut seen = BTreeSet::new();
    values
        .iter()
        .filter_map(|value| {
            let (literal, text) = write(value)?;
            seen.insert(literal.to_string())
                .then_some((value, literal, text))
        })
        .collect()
}

fn items(
    definition: &TypeDefinition,
    values: &[Written<'_>],
    docs: &Code,
    payload: &Code,
    implement: &Code,
) -> Code {
    let name = ident(&definition.name);
    let variants = values.iter().map(|(value, _, text)| {
        let variant = ident(&value.name);
        let docs = match &value.description {
            Some(description) => doc::text_comments(&format!("{text}: {description}")),
            None => doc::text_comments(&format!("{text}.")),
        };
        quote!(#docs #variant,)
    });
    let pairs = values.iter().map(|(value, literal, _)| {
        let variant = ident(&value.name);
        quote!(#variant = #literal,)
    });
    quote! {
        #docs
        #[derive(::std::clone::Clone, ::std::fmt::Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that the description of the API does not list, as it was received.
            Unknown(#payload),
        }

        crate::types::#implement! { #name { #(#pairs)* } }
    }
}
