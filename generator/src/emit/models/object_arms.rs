//! Arms of a union that are all objects: the one that knows most of an object's properties takes it, since what an arm
//! does not know is lost. Where constants decide already, there is nothing to compare.

use super::{Context, Resolved, objects, unions};
use crate::emit::code::{Code, Literal, quote};
use crate::emit::rust::ident;
use crate::ir::{Arm, Type, TypeKind};

/// The arms of a union in the order in which they are tried; those in one group are to be compared. An arm that may be
/// an object or something else ends a group, so that it comes neither sooner nor later than it stands.
pub(super) fn groups<'a>(context: &Context<'_>, arms: &'a [Arm]) -> Vec<Vec<&'a Arm>> {
    let mut groups: Vec<Vec<&Arm>> = Vec::new();
    let mut objects = None;
    for arm in arms {
        let kind = kind(context, arm);
        let group = objects.and_then(|index: usize| groups.get_mut(index));
        match (kind, group) {
            (Kind::Object, Some(group)) => {
                group.push(arm);
                continue;
            }
            (Kind::Object, None) => objects = Some(groups.len()),
            (Kind::Open, _) => objects = None,
            (Kind::Other, _) => {}
        }
        groups.push(vec![arm]);
    }
    groups
}

/// Whether an object may fit several of the arms: constants do not tell them apart, nor is a single arm without
/// constants the last one, which takes what the others leave.
pub(super) fn compete(arms: &[&Arm]) -> bool {
    let constant = match arms.split_last() {
        Some((last, others)) if last.constants.is_empty() => others,
        _ => arms,
    };
    let are_apart = |one: &Arm, other: &Arm| {
        let mut constants = one.constants.iter();
        constants.any(|(property, value)| {
            let other = other.constants.get(property);
            other.is_some_and(|other| other != value)
        })
    };
    let mut later = constant.iter();
    while let Some(arm) = later.next() {
        if arm.constants.is_empty() || !later.clone().all(|other| are_apart(arm, other)) {
            return true;
        }
    }
    false
}

/// Takes the best of the arms that the value fits.
pub(super) fn best(context: &Context<'_>, arms: &[&Arm]) -> Code {
    let candidates = arms.iter().map(|arm| candidate(context, arm));
    let cases = arms.iter().enumerate().map(|(index, arm)| {
        let index = Literal::integer(index);
        let name = ident(&arm.name);
        quote!(#index => crate::types::shape::decode(&value).map(Self::#name),)
    });
    quote! {
        for index in crate::types::shape::ranked(&value, &[#(#candidates),*]) {
            let arm = match index {
                #(#cases)*
                _ => ::std::option::Option::None,
            };
            if let ::std::option::Option::Some(arm) = arm {
                return arm;
            }
        }
    }
}

/// Whether the value fits an arm, and which properties the arm knows.
fn candidate(context: &Context<'_>, arm: &Arm) -> Code {
    let conditions = unions::properties(arm);
    let fits = match conditions.is_empty() {
        true => quote!(true),
        false => quote!(#(#conditions)&&*),
    };
    let Resolved::Named(TypeKind::Struct(object)) = context.resolve(&arm.ty) else {
        return quote!(crate::types::shape::open(#fits, &[]));
    };
    let ty = match arm.ty {
        Type::Boxed(id) => context.ty(&Type::Named(id)),
        ref ty => context.ty(ty),
    };
    let reads = objects::reads(object);
    let names = quote!(<#ty as crate::types::object::#reads>::NAMES);
    match object.additional {
        Some(_) => quote!(crate::types::shape::open(#fits, #names)),
        None => quote!(crate::types::shape::closed(#fits, #names)),
    }
}

/// What values an arm takes.
#[derive(Clone, Copy)]
enum Kind {
    /// Objects alone.
    Object,
    /// Objects among others.
    Open,
    /// No objects.
    Other,
}

fn kind(context: &Context<'_>, arm: &Arm) -> Kind {
    match context.resolve(&arm.ty) {
        Resolved::Named(TypeKind::Struct(_)) | Resolved::Unnamed(Type::Map(_)) => Kind::Object,
        Resolved::Named(TypeKind::Union(_) | TypeKind::Alias(_))
        | Resolved::Unnamed(Type::Any | Type::Nullable(_) | Type::Named(_) | Type::Boxed(_)) => {
            Kind::Open
        }
        Resolved::Named(_) | Resolved::Unnamed(_) => Kind::Other,
    }
}
