//! The runtime's `ValueType` of a type: what the text of a parameter or of a form's field is read as.

use proc_macro2::TokenStream;
use quote::quote;

use crate::api::{Api, Struct, Type, TypeId, TypeKind};
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
pub(super) fn of(api: &Api, ty: &Type) -> Option<TokenStream> {
    let is_text = match api.resolve(ty) {
        Type::String | Type::Timestamp | Type::Date | Type::Uri | Type::Secret | Type::Base64 => {
            true
        }
        Type::Named(id) | Type::Boxed(id) => {
            matches!(api.definition(*id).kind, TypeKind::StringEnum(_))
        }
        _ => false,
    };
    (!is_text).then(|| spelled(api, ty))
}

/// The value type.
pub(super) fn spelled(api: &Api, ty: &Type) -> TokenStream {
    nested(api, ty, &mut Nesting::default())
}

fn nested(api: &Api, ty: &Type, nesting: &mut Nesting) -> TokenStream {
    match ty {
        Type::Any | Type::Null => quote!(Any),
        Type::Boolean => quote!(Boolean),
        Type::Integer(_) => quote!(Integer),
        Type::Number | Type::Float => quote!(Number),
        Type::String | Type::Timestamp | Type::Date | Type::Uri | Type::Secret | Type::Base64 => {
            quote!(Text)
        }
        Type::Binary => quote!(Bytes),
        Type::List(item) => {
            let item = nested(api, item, nesting);
            quote!(List(&#item))
        }
        Type::Tuple(items) => {
            let items = items.iter().map(|item| nested(api, item, nesting));
            quote!(List(&OneOf(&[#(#items),*])))
        }
        Type::Map(of) => {
            let of = nested(api, of, nesting);
            quote!(Map(&#of))
        }
        Type::Nullable(inner) => nested(api, inner, nesting),
        Type::Named(id) | Type::Boxed(id) => named(api, *id, nesting),
    }
}

fn named(api: &Api, id: TypeId, nesting: &mut Nesting) -> TokenStream {
    let ends = nesting.open.len() >= DEEPEST || nesting.written >= MOST;
    if ends || nesting.open.contains(&id) {
        // A type inside of itself is written as JSON in any case.
        return quote!(Object(&[]));
    }
    nesting.open.push(id);
    nesting.written += 1;
    let tokens = match &api.definition(id).kind {
        TypeKind::Struct(definition) => object(api, definition, nesting),
        TypeKind::StringEnum(_) => quote!(Text),
        TypeKind::IntegerEnum(_) => quote!(Integer),
        TypeKind::Union(union) => {
            let types = union.alternatives.iter();
            let types = types.map(|alternative| nested(api, &alternative.ty, nesting));
            quote!(OneOf(&[#(#types),*]))
        }
        TypeKind::Alias(target) => nested(api, target, nesting),
    };
    nesting.open.pop();
    tokens
}

fn object(api: &Api, definition: &Struct, nesting: &mut Nesting) -> TokenStream {
    let properties: Vec<_> = definition
        .fields
        .iter()
        .map(|field| {
            let (name, ty) = (string(&field.wire_name), nested(api, &field.ty, nesting));
            quote!((#name, #ty))
        })
        .collect();
    let others = definition.additional.as_ref();
    match others.map(|map| nested(api, &map.value, nesting)) {
        None => quote!(Object(&[#(#properties),*])),
        Some(others) if properties.is_empty() => quote!(Map(&#others)),
        Some(others) => quote!(Open(&[#(#properties),*], &#others)),
    }
}
