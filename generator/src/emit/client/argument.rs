//! What a value looks like as an argument of a method, and how the method hands it on.

use super::super::rust::{CratePath, type_tokens};
use crate::emit::code::{Code, Ident, quote};
use crate::ir::{Api, Type, TypeKind};

/// An argument: its type, and an expression that borrows what is to be written.
pub(super) struct Argument {
    pub(super) ty: Code,
    pub(super) value: Code,
}

/// An argument of a parameter: text as anything that is text, lists as anything that can be iterated, what is small by
/// value, what is large by reference.
pub(super) fn parameter(api: &Api, ty: &Type, name: &Ident) -> Argument {
    match api.resolve(ty) {
        Type::List(item) => list(api, item, name),
        Type::Any => Argument {
            ty: quote!(impl ::serde::Serialize),
            value: quote!(&#name),
        },
        _ => value(api, ty, name),
    }
}

/// An argument of a JSON or form body.
pub(super) fn body(api: &Api, ty: &Type, name: &Ident) -> Argument {
    match api.resolve(ty) {
        Type::List(item) => {
            let item = type_tokens(api, &CratePath::inside(), item);
            Argument {
                ty: quote!(&[#item]),
                value: quote!(#name),
            }
        }
        Type::Any => Argument {
            ty: quote!(&(impl ::serde::Serialize + ?Sized)),
            value: quote!(#name),
        },
        _ => value(api, ty, name),
    }
}

fn value(api: &Api, ty: &Type, name: &Ident) -> Argument {
    let tokens = type_tokens(api, &CratePath::inside(), ty);
    match api.resolve(ty) {
        Type::String => Argument {
            ty: quote!(impl ::std::convert::AsRef<str>),
            value: quote!(#name.as_ref()),
        },
        resolved if is_small(api, resolved) => Argument {
            ty: tokens,
            value: quote!(&#name),
        },
        _ => Argument {
            ty: quote!(&#tokens),
            value: quote!(#name),
        },
    }
}

fn list(api: &Api, item: &Type, name: &Ident) -> Argument {
    if *api.resolve(item) == Type::String {
        return Argument {
            ty: quote!(impl ::std::iter::IntoIterator<Item = impl ::std::convert::AsRef<str>>),
            value: quote!(&crate::client::parameter::texts(#name)),
        };
    }
    let item = type_tokens(api, &CratePath::inside(), item);
    Argument {
        ty: quote!(impl ::std::iter::IntoIterator<Item = #item>),
        value: quote!(&crate::client::parameter::values(#name)),
    }
}

/// Whether a value goes by value: scalars and enums.
fn is_small(api: &Api, ty: &Type) -> bool {
    match ty {
        Type::Null
        | Type::Boolean
        | Type::Integer(_)
        | Type::Number
        | Type::Float
        | Type::Timestamp
        | Type::Date
        | Type::Uri
        | Type::Secret
        | Type::Base64 => true,
        Type::Named(id) => matches!(
            api.definition(*id).kind,
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)
        ),
        _ => false,
    }
}
