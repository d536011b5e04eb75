//! Values as arguments of methods, and how a method hands them on.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::scope::{Scope, known};
use crate::api::Type;

/// An argument: its type, and an expression that borrows what is to be written.
pub(super) struct Argument {
    pub(super) ty: TokenStream,
    pub(super) value: TokenStream,
}

/// An argument of a parameter: text as anything that is text, lists as anything that can be iterated, what is small by
/// value, what is large by reference.
pub(super) fn parameter(scope: &Scope<'_>, ty: &Type, name: &Ident) -> Argument {
    match scope.api().resolve(ty) {
        Type::List(item) => list(scope, item, name),
        Type::Any => {
            let serialize = scope.name(known::SERIALIZE);
            Argument {
                ty: quote!(impl #serialize),
                value: quote!(&#name),
            }
        }
        _ => value(scope, ty, name),
    }
}

/// An argument of a JSON or form body.
pub(super) fn body(scope: &Scope<'_>, ty: &Type, name: &Ident) -> Argument {
    match scope.api().resolve(ty) {
        Type::List(item) => {
            let item = scope.ty(item);
            Argument {
                ty: quote!(&[#item]),
                value: quote!(#name),
            }
        }
        Type::Any => {
            let (serialize, sized) = (scope.name(known::SERIALIZE), scope.name(known::SIZED));
            Argument {
                ty: quote!(&(impl #serialize + ?#sized)),
                value: quote!(#name),
            }
        }
        _ => value(scope, ty, name),
    }
}

fn value(scope: &Scope<'_>, ty: &Type, name: &Ident) -> Argument {
    if *scope.api().resolve(ty) == Type::String {
        let as_ref = scope.name(known::AS_REF);
        return Argument {
            ty: quote!(impl #as_ref<str>),
            value: quote!(#name.as_ref()),
        };
    }
    let tokens = scope.ty(ty);
    if scope.api().is_small(ty) {
        Argument {
            ty: tokens,
            value: quote!(&#name),
        }
    } else {
        Argument {
            ty: quote!(&#tokens),
            value: quote!(#name),
        }
    }
}

fn list(scope: &Scope<'_>, item: &Type, name: &Ident) -> Argument {
    let into_iterator = scope.name(known::INTO_ITERATOR);
    scope.uses("crate::client", "parameter");
    if *scope.api().resolve(item) == Type::String {
        let as_ref = scope.name(known::AS_REF);
        return Argument {
            ty: quote!(impl #into_iterator<Item = impl #as_ref<str>>),
            value: quote!(&parameter::texts(#name)),
        };
    }
    let item = scope.ty(item);
    Argument {
        ty: quote!(impl #into_iterator<Item = #item>),
        value: quote!(&parameter::values(#name)),
    }
}
