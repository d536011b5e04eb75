//! Structs, their constructors, their setters, and the tables by which they are read and written.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table};
use crate::api::{Field, Map, Name, Presence, Struct, Type, TypeDefinition};
use crate::emit::doc;
use crate::emit::tokens::{ident, own_ident, string};

/// A request type with more optional fields than this gets a setter for each of them. Every method costs compile time,
/// and for few fields the struct literal reads as well.
const MOST_FIELDS_WITHOUT_SETTERS: usize = 3;

/// Adds a struct with its methods and its table.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    object: &Struct,
    docs: &TokenStream,
) -> Result<(), FormatError> {
    let name = ident(&definition.name);
    let fields = object
        .fields
        .iter()
        .map(|field| declaration(scope, &definition.name, field));
    let additional = object.additional.iter().map(|map| others(scope, map));
    let required: Vec<&Field> = object
        .fields
        .iter()
        .filter(|field| is_required(field))
        .collect();
    let default = required.is_empty().then(|| quote!(Default,));
    items.push(quote! {
        #docs
        #[derive(Clone, Debug, #default PartialEq)]
        pub struct #name {
            #(#fields)*
            #(#additional)*
        }
    })?;
    let mut methods = TokenStream::new();
    if !required.is_empty() {
        methods.extend(constructor(scope, object, &required));
    }
    let optional = object.fields.len() - required.len();
    if definition.used.request && optional > MOST_FIELDS_WITHOUT_SETTERS {
        let optional = object.fields.iter().filter(|field| !is_required(field));
        methods.extend(optional.map(|field| setter(scope, field)));
    }
    if !methods.is_empty() {
        items.push(quote!(impl #name { #methods }))?;
    }
    let table = if required.is_empty() {
        "object"
    } else {
        "object_with_required"
    };
    scope.uses("crate::types", table);
    let rows = object.fields.iter().map(row);
    let others = object.additional.iter().map(|map| {
        let field = ident(&map.name);
        quote!(..#field)
    });
    items.table(Table::new(table, &quote!(#name), rows.chain(others)));
    Ok(())
}

fn is_required(field: &Field) -> bool {
    field.presence == Presence::Required
}

/// `optional is_member = "isMember"`
fn row(field: &Field) -> TokenStream {
    let presence = match field.presence {
        Presence::Required => quote!(required),
        Presence::Optional => quote!(optional),
        Presence::Nullable => quote!(nullable),
        Presence::ThreeState => quote!(change),
    };
    let (name, wire_name) = (ident(&field.name), string(&field.wire_name));
    quote!(#presence #name = #wire_name)
}

fn declaration(scope: &Scope<'_>, owner: &Name, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let docs = doc::of_member(&field.docs, &[field.name.plain(), owner.plain()]);
    let ty = scope.ty(&field.ty);
    let ty = match field.presence {
        Presence::Required => ty,
        Presence::Optional | Presence::Nullable => {
            let option = scope.name(known::OPTION);
            quote!(#option<#ty>)
        }
        Presence::ThreeState => {
            let change = scope.name(known::CHANGE);
            quote!(#change<#ty>)
        }
    };
    quote!(#docs pub #name: #ty,)
}

fn others(scope: &Scope<'_>, map: &Map) -> TokenStream {
    let name = ident(&map.name);
    let ty = scope.ty(&Type::Map(Box::new(map.value.clone())));
    quote! {
        /// All other properties, by their name.
        pub #name: #ty,
    }
}

/// `new`, with an argument for every required field.
fn constructor(scope: &Scope<'_>, object: &Struct, required: &[&Field]) -> TokenStream {
    let arguments = required.iter().map(|field| {
        let name = ident(&field.name);
        let ty = argument_type(scope, &field.ty);
        quote!(#name: #ty)
    });
    let names = object.fields.iter().map(|field| &field.name);
    let names = names.chain(object.additional.iter().map(|map| &map.name));
    let default = scope.name(known::DEFAULT);
    let values = names.map(|name| {
        let given = required.iter().find(|field| field.name == *name);
        let name = ident(name);
        match given {
            Some(field) if is_plain(&field.ty) => quote!(#name),
            Some(_) => quote!(#name: #name.into()),
            None => quote!(#name: #default::default()),
        }
    });
    quote! {
        /// Makes a value of its required properties.
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values),* }
        }
    }
}

/// `with_<field>`: not the name of the field alone, which may be that of a method every type has (`clone`, `new`).
fn setter(scope: &Scope<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    // A field cannot begin with a digit, its setter needs no underscore for that.
    let method = own_ident(&format!(
        "with_{}",
        field.name.plain().trim_start_matches('_')
    ));
    let (argument, value) = match field.presence {
        Presence::ThreeState => {
            let (into, change, inner) = (
                scope.name(known::INTO),
                scope.name(known::CHANGE),
                scope.ty(&field.ty),
            );
            (quote!(impl #into<#change<#inner>>), quote!(value.into()))
        }
        _ if is_plain(&field.ty) => (scope.ty(&field.ty), quote!(Some(value))),
        _ => (argument_type(scope, &field.ty), quote!(Some(value.into()))),
    };
    quote! {
        #[must_use]
        pub fn #method(mut self, value: #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// Arguments that own memory are taken as whatever converts into them.
fn argument_type(scope: &Scope<'_>, ty: &Type) -> TokenStream {
    let tokens = scope.ty(ty);
    if is_plain(ty) {
        tokens
    } else {
        let into = scope.name(known::INTO);
        quote!(impl #into<#tokens>)
    }
}

/// Whether a literal of the type needs no conversion; a conversion would leave the type of a number open.
fn is_plain(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Null | Type::Boolean | Type::Integer(_) | Type::Number | Type::Float | Type::Tuple(_)
    )
}
