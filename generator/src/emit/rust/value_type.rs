//! The runtime's `ValueType` of a type: what the text of a parameter or of a form's field is read as.

use proc_macro2::TokenStream;
use quote::quote;

use super::scope::{Scope, known};
use crate::api::{Struct, Type, TypeId, TypeKind};
use crate::emit::tokens::string;

/// Named types inside of each other that are spelled out.
const DEEPEST: usize = 16;

/// Named types that are spelled out for one parameter or form: where each type uses the next one twice, what is written
/// would double with each of them.
const MOST: usize = 1_000;

/// The named types that a value is inside of, and how many there were.
#[derive(Default)]
struct Nesting {
    open: Vec<TypeId>,
    written: usize,
}

/// The value type, unless it is text, as that of a parameter is where nothing else is said.
pub(super) fn of(scope: &Scope<'_>, ty: &Type) -> Option<TokenStream> {
    let is_text = match scope.api().resolve(ty) {
        Type::String | Type::Timestamp | Type::Date | Type::Uri | Type::Secret | Type::Base64 => {
            true
        }
        Type::Named(id) | Type::Boxed(id) => {
            matches!(scope.api().definition(*id).kind, TypeKind::StringEnum(_))
        }
        _ => false,
    };
    (!is_text).then(|| spelled(scope, ty))
}

/// The value type.
pub(super) fn spelled(scope: &Scope<'_>, ty: &Type) -> TokenStream {
    nested(scope, ty, &mut Nesting::default())
}

fn nested(scope: &Scope<'_>, ty: &Type, nesting: &mut Nesting) -> TokenStream {
    let value = scope.name(known::VALUE_TYPE);
    match ty {
        Type::Any | Type::Null => quote!(#value::Any),
        Type::Boolean => quote!(#value::Boolean),
        Type::Integer(_) => quote!(#value::Integer),
        Type::Number | Type::Float => quote!(#value::Number),
        Type::String | Type::Timestamp | Type::Date | Type::Uri | Type::Secret | Type::Base64 => {
            quote!(#value::Text)
        }
        Type::Binary => quote!(#value::Bytes),
        Type::List(item) => {
            let item = nested(scope, item, nesting);
            quote!(#value::List(&#item))
        }
        Type::Tuple(items) => {
            let items = items.iter().map(|item| nested(scope, item, nesting));
            quote!(#value::List(&#value::OneOf(&[#(#items),*])))
        }
        Type::Map(of) => {
            let of = nested(scope, of, nesting);
            quote!(#value::Map(&#of))
        }
        Type::Nullable(inner) => nested(scope, inner, nesting),
        Type::Named(id) | Type::Boxed(id) => named(scope, *id, nesting),
    }
}

fn named(scope: &Scope<'_>, id: TypeId, nesting: &mut Nesting) -> TokenStream {
    let value = scope.name(known::VALUE_TYPE);
    let ends = nesting.open.len() >= DEEPEST || nesting.written >= MOST;
    if ends || nesting.open.contains(&id) {
        // A type inside of itself is written as JSON in any case.
        return quote!(#value::Object(&[]));
    }
    nesting.open.push(id);
    nesting.written += 1;
    let tokens = match &scope.api().definition(id).kind {
        TypeKind::Struct(definition) => object(scope, definition, nesting),
        TypeKind::StringEnum(_) => quote!(#value::Text),
        TypeKind::IntegerEnum(_) => quote!(#value::Integer),
        TypeKind::Union(union) => {
            let types = union.alternatives.iter();
            let types = types.map(|alternative| nested(scope, &alternative.ty, nesting));
            quote!(#value::OneOf(&[#(#types),*]))
        }
        TypeKind::Alias(target) => nested(scope, target, nesting),
    };
    nesting.open.pop();
    tokens
}

fn object(scope: &Scope<'_>, definition: &Struct, nesting: &mut Nesting) -> TokenStream {
    let value = scope.name(known::VALUE_TYPE);
    let properties: Vec<_> = definition
        .fields
        .iter()
        .map(|field| {
            let (name, ty) = (string(&field.wire_name), nested(scope, &field.ty, nesting));
            quote!((#name, #ty))
        })
        .collect();
    let others = definition.additional.as_ref();
    match others.map(|map| nested(scope, &map.value, nesting)) {
        None => quote!(#value::Object(&[#(#properties),*])),
        Some(others) if properties.is_empty() => quote!(#value::Map(&#others)),
        Some(others) => quote!(#value::Open(&[#(#properties),*], &#others)),
    }
}
