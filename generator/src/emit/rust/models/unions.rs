//! Unions: enums with a variant for each alternative, and one for a value that fits none.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::Scope;
use super::super::source_file::{Items, Table};
use crate::api::{Alternative, Discriminator, JsonKind, Type, TypeDefinition, TypeKind, Union};
use crate::emit::doc;
use crate::emit::tokens::{ident, string};

/// Adds a union with its alternatives.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    union: &Union,
    docs: &TokenStream,
) {
    let name = ident(&definition.name);
    let discriminator = union
        .discriminator
        .as_ref()
        .filter(|discriminator| !discriminator.mapping.is_empty());
    let tag = discriminator.map(|discriminator| {
        let property = string(&discriminator.property);
        quote!(by #property)
    });
    let mut table = Table::open("union");
    table.block(&quote!(#docs pub enum #name #tag), |rows| {
        for (index, alternative) in union.alternatives.iter().enumerate() {
            rows.row(&row(scope, alternative, &tags(discriminator, index)));
        }
    });
    scope.uses("crate::types", "union");
    items.table(table);
}

/// The tags of the alternative at an index.
fn tags(discriminator: Option<&Discriminator>, index: usize) -> Vec<&str> {
    let mapping = discriminator
        .into_iter()
        .flat_map(|discriminator| &discriminator.mapping);
    mapping
        .filter(|(_, of)| **of == index)
        .map(|(tag, _)| tag.as_str())
        .collect()
}

/// `Text(#[from str] String) = decode string`, `Team(#[from] Team) = decode object.required(&["slug"])` and, if encoding adds
/// the value of the discriminator, `Dog(#[from] Dog) as "dog" = decode object.tags(&["dog"])`
fn row(scope: &Scope<'_>, alternative: &Alternative, tags: &[&str]) -> TokenStream {
    let kind = match alternative.test.kind {
        JsonKind::Any => quote!(any),
        JsonKind::Null => quote!(null),
        JsonKind::Boolean => quote!(boolean),
        JsonKind::Integer => quote!(integer),
        JsonKind::Number => quote!(number),
        JsonKind::Float => quote!(float),
        JsonKind::String => quote!(string),
        JsonKind::Timestamp => quote!(timestamp),
        JsonKind::Date => quote!(date),
        JsonKind::Uri => quote!(uri),
        JsonKind::Base64 => quote!(base64),
        JsonKind::Array => quote!(array),
        JsonKind::Object => quote!(object),
    };
    let decode = if alternative.must_be_known {
        quote!(decode_known)
    } else {
        quote!(decode)
    };
    let variant = ident(&alternative.name);
    let docs = doc::prose(alternative.description.as_deref());
    let from = match scope.api().resolve(&alternative.ty) {
        Type::String => quote!(#[from str]),
        _ => quote!(#[from]),
    };
    let from = alternative.convertible.then_some(from);
    let ty = scope.ty(&alternative.ty);
    let added = alternative.added_tag.as_deref().map(|tag| {
        let tag = string(tag);
        quote!(as #tag)
    });
    let mut row = quote!(#docs #variant(#from #ty) #added = #decode #kind);
    if alternative.test.nullable {
        row.extend(quote!(.or_null()));
    }
    if !alternative.required.is_empty() {
        let names = alternative.required.iter().map(|name| string(name));
        row.extend(quote!(.required(&[#(#names),*])));
    }
    if !alternative.constants.is_empty() {
        let constants = alternative.constants.iter().map(|(name, value)| {
            let (name, json) = (string(name), string(&value.to_string()));
            quote!((#name, #json))
        });
        row.extend(quote!(.constants(&[#(#constants),*])));
    }
    if !alternative.choices.is_empty() {
        let choices = alternative.choices.iter().map(|(name, texts)| {
            let name = string(name);
            let texts = texts.iter().map(|text| string(text));
            quote!((#name, &[#(#texts),*]))
        });
        row.extend(quote!(.choices(&[#(#choices),*])));
    }
    if !tags.is_empty() {
        let tags = tags.iter().map(|tag| string(tag));
        row.extend(quote!(.tags(&[#(#tags),*])));
    }
    if alternative.compared {
        row.extend(compared(scope, &alternative.ty));
    }
    row
}

/// By which properties it is compared with its neighbours.
fn compared(scope: &Scope<'_>, ty: &Type) -> TokenStream {
    let object = match scope.api().resolve(ty) {
        Type::Named(id) | Type::Boxed(id) => scope.api().definition(*id),
        _ => return quote!(.compared_as_map()),
    };
    match object.kind {
        TypeKind::Struct(_) => {
            let object = scope.model(&object.name);
            quote!(.compared::<#object>())
        }
        _ => quote!(.compared_as_map()),
    }
}
