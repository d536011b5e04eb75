//! Structs, their constructors, their setters, and the properties by which they are read and written.

use proc_macro2::TokenStream;
use quote::quote;

use super::super::scope::{Scope, known};
use super::super::source_file::{Items, Table};
use crate::api::{Field, Map, Name, Presence, Struct, Type, TypeDefinition};
use crate::emit::doc;
use crate::emit::tokens::{ident, own_ident, string};

/// Adds a struct with its constructor and its setters.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    definition: &TypeDefinition,
    object: &Struct,
    docs: &TokenStream,
) {
    let name = ident(&definition.name);
    let (required, optional): (Vec<_>, Vec<_>) =
        object.fields.iter().partition(|field| is_required(field));
    let mut table = Table::open("object");
    table.block(&quote!(#docs pub struct #name), |rows| {
        for field in &object.fields {
            rows.row(&row(scope, &definition.name, field));
        }
        if let Some(map) = &object.additional {
            rows.row(&others(scope, map));
        }
    });
    // A request has a setter for each of its optional fields: how many there are must not matter to callers.
    let has_setters = definition.used.request && !optional.is_empty();
    if !required.is_empty() || has_setters {
        table.blank();
    }
    if !required.is_empty() {
        let arguments: Vec<_> = required
            .iter()
            .map(|field| argument(scope, field))
            .collect();
        table.signature(&quote!(pub fn new), &arguments);
    }
    for field in optional.iter().filter(|_| has_setters) {
        // A field cannot begin with a digit, its setter needs no underscore for that. It is not called like the field alone,
        // which may be the name of a method that every type has (`clone`, `new`).
        let plain = field.name.plain().trim_start_matches('_');
        let setter = own_ident(&format!("with_{plain}"));
        let arguments = [quote!(self), argument(scope, field)];
        table.signature(&quote!(pub fn #setter), &arguments);
    }
    scope.uses("crate::types", "object");
    items.table(table);
}

fn is_required(field: &Field) -> bool {
    field.presence == Presence::Required
}

/// `pub is_member: Option<bool> = "isMember"`. A property that is called like its field is not named.
fn row(scope: &Scope<'_>, owner: &Name, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let docs = doc::of_member(&field.docs, &[field.name.plain(), owner.plain()]);
    let ty = scope.ty(&field.ty);
    // Where the type tells how a value is left out, no word has to.
    let (presence, ty) = match field.presence {
        Presence::Required => (Some(quote!(required)), ty),
        Presence::Nullable => {
            let option = scope.name(known::OPTION);
            (Some(quote!(nullable)), quote!(#option<#ty>))
        }
        Presence::Optional => {
            let option = scope.name(known::OPTION);
            let word = match (field.promised, field.nullable) {
                (true, true) => Some(quote!(or_null)),
                (true, false) => Some(quote!(promised)),
                (false, _) => None,
            };
            (word, quote!(#option<#ty>))
        }
        Presence::ThreeState => {
            let change = scope.name(known::CHANGE);
            (None, quote!(#change<#ty>))
        }
    };
    let wire_name = (field.name.as_str() != field.wire_name).then(|| string(&field.wire_name));
    let is_told = presence.is_some() || wire_name.is_some();
    let told = is_told.then(|| quote!(= #presence #wire_name));
    quote!(#docs pub #name: #ty #told)
}

/// `pub ..others: BTreeMap<String, Value>`
fn others(scope: &Scope<'_>, map: &Map) -> TokenStream {
    let name = ident(&map.name);
    let ty = scope.ty(&Type::Map(Box::new(map.value.clone())));
    quote!(pub ..#name: #ty)
}

/// The argument that gives a field its value. What owns memory is taken as whatever converts into it.
fn argument(scope: &Scope<'_>, field: &Field) -> TokenStream {
    let name = ident(&field.name);
    let mut ty = scope.ty(&field.ty);
    let is_change = field.presence == Presence::ThreeState;
    if is_change {
        let change = scope.name(known::CHANGE);
        ty = quote!(#change<#ty>);
    }
    if is_change || !is_plain(&field.ty) {
        let into = scope.name(known::INTO);
        ty = quote!(impl #into<#ty>);
    }
    quote!(#name: #ty)
}

/// Whether a literal of the type needs no conversion; a conversion would leave the type of a number open.
fn is_plain(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Null | Type::Boolean | Type::Integer(_) | Type::Number | Type::Float | Type::Tuple(_)
    )
}
