//! What the text of a parameter or a form's field stands for, as the runtime's `Shape`.

use crate::emit::code::{Code, quote};
use crate::emit::rust::string;
use crate::ir::{Api, Struct, Type, TypeId, TypeKind};

/// Named types inside of each other whose shapes are written.
const DEEPEST: usize = 16;

/// Named types whose shapes are written for one parameter or form: where each type uses the next one twice, what is
/// written would double with each of them.
const MOST: usize = 1_000;

/// The named types that a shape is inside of, and how many there were.
#[derive(Default)]
struct Nesting {
    open: Vec<TypeId>,
    written: usize,
}

/// The runtime's `Shape` of a type.
pub(super) fn tokens(api: &Api, ty: &Type) -> Code {
    nested(api, ty, &mut Nesting::default())
}

fn nested(api: &Api, ty: &Type, nesting: &mut Nesting) -> Code {
    let shape = quote!(crate::server::Shape);
    match ty {
        Type::Any | Type::Null => quote!(#shape::Any),
        Type::Boolean => quote!(#shape::Boolean),
        Type::Integer(_) => quote!(#shape::Integer),
        Type::Number | Type::Float => quote!(#shape::Number),
        Type::String | Type::Timestamp | Type::Date | Type::Uri | Type::Secret | Type::Base64 => {
            quote!(#shape::Text)
        }
        Type::Binary => quote!(#shape::Octets),
        Type::List(item) => {
            let item = nested(api, item, nesting);
            quote!(#shape::List(&#item))
        }
        Type::Tuple(items) => {
            let items = items.iter().map(|item| nested(api, item, nesting));
            quote!(#shape::List(&#shape::OneOf(&[#(#items),*])))
        }
        Type::Map(value) => {
            let value = nested(api, value, nesting);
            quote!(#shape::Map(&#value))
        }
        Type::Nullable(inner) => nested(api, inner, nesting),
        Type::Named(id) | Type::Boxed(id) => named(api, *id, nesting),
    }
}

fn named(api: &Api, id: TypeId, nesting: &mut Nesting) -> Code {
    let shape = quote!(crate::server::Shape);
    let ends = nesting.open.len() >= DEEPEST || nesting.written >= MOST;
    if ends || nesting.open.contains(&id) {
        // A type inside of itself is written as JSON in any case.
        return quote!(#shape::Object(&[]));
    }
    nesting.open.push(id);
    nesting.written += 1;
    let tokens = match &api.definition(id).kind {
        TypeKind::Struct(definition) => object(api, definition, nesting),
        TypeKind::StringEnum(_) => quote!(#shape::Text),
        TypeKind::IntegerEnum(_) => quote!(#shape::Integer),
        TypeKind::Union(union) => {
            let arms = union.arms.iter().map(|arm| nested(api, &arm.ty, nesting));
            quote!(#shape::OneOf(&[#(#arms),*]))
        }
        TypeKind::Alias(target) => nested(api, target, nesting),
    };
    nesting.open.pop();
    tokens
}

fn object(api: &Api, definition: &Struct, nesting: &mut Nesting) -> Code {
    let shape = quote!(crate::server::Shape);
    let properties: Vec<_> = definition
        .fields
        .iter()
        .map(|field| {
            let name = string(&field.wire_name);
            let value = nested(api, &field.ty, nesting);
            quote!((#name, #value))
        })
        .collect();
    let others = definition
        .additional
        .as_ref()
        .map(|map| nested(api, &map.value, nesting));
    match others {
        None => quote!(#shape::Object(&[#(#properties),*])),
        Some(others) if properties.is_empty() => quote!(#shape::Map(&#others)),
        Some(others) => quote!(#shape::Open(&[#(#properties),*], &#others)),
    }
}
