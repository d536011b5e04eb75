//! Unions: enums with an arm for each alternative, and one for what fits none.

use crate::emit::code::{Code, quote};
use std::collections::BTreeMap;

use super::{Context, LONGEST_ALIAS_CHAIN, Resolved, object_arms};
use crate::emit::doc;
use crate::emit::rust::{ident, string};
use crate::ir::{Arm, Discriminator, Type, TypeDefinition, TypeId, TypeKind, Union};

/// A union and its implementations.
pub(super) fn items(
    context: &Context<'_>,
    id: TypeId,
    definition: &TypeDefinition,
    union: &Union,
    docs: &Code,
) -> Code {
    let name = ident(&definition.name);
    let variants = union.arms.iter().map(|arm| variant(context, arm));
    let written = union.arms.iter().map(|arm| {
        let arm = ident(&arm.name);
        quote!(Self::#arm(value) => ::serde::Serialize::serialize(value, serializer),)
    });
    let by_tag: Option<Code> = union
        .discriminator
        .as_ref()
        .filter(|discriminator| !discriminator.mapping.is_empty())
        .map(|discriminator| by_tag(union, discriminator));
    let has_tags = by_tag.is_some();
    let has_integer = union.arms.iter().any(|arm| {
        matches!(
            context.resolve(&arm.ty),
            Resolved::Unnamed(Type::Integer(_))
        )
    });
    let by_shape = object_arms::groups(context, &union.arms)
        .into_iter()
        .map(|arms| match arms.as_slice() {
            objects if !has_tags && object_arms::compete(objects) => {
                object_arms::best(context, objects)
            }
            arms => {
                let arms = arms.iter();
                arms.map(|arm| by_shape(context, arm, has_integer))
                    .collect()
            }
        });
    let conversions = conversions(context, id, definition, union);
    quote! {
        #docs
        #[derive(::std::clone::Clone, ::std::fmt::Debug, ::std::cmp::PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A value that fits none of the alternatives which the description of the API lists.
            Unknown(::serde_json::Value),
        }

        impl #name {
            /// Whether the value fits one of the alternatives which the description of the API lists.
            #[must_use]
            pub fn is_known(&self) -> bool {
                !::std::matches!(self, Self::Unknown(_))
            }

            /// Finds the alternative that a value fits.
            fn from_json(value: ::serde_json::Value) -> Self {
                #by_tag
                #(#by_shape)*
                Self::Unknown(value)
            }
        }

        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                match self {
                    #(#written)*
                    Self::Unknown(value) => ::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl<'de> ::serde::Deserialize<'de> for #name {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                let value = ::serde::Deserialize::deserialize(deserializer)?;
                ::std::result::Result::Ok(Self::from_json(value))
            }
        }

        #conversions
    }
}

fn variant(context: &Context<'_>, arm: &Arm) -> Code {
    let name = ident(&arm.name);
    let ty = context.ty(&arm.ty);
    let mut docs = doc::text_comments(arm.description.as_deref().unwrap_or_default());
    if docs.is_empty() {
        docs = doc::line(&format!("The alternative `{}`.", arm.name.plain()));
    }
    quote!(#docs #name(#ty),)
}

/// Chooses the arm by the discriminator. Where there is one, it has the last word: a value that is not listed, or does
/// not decode into the arm it names, is unknown.
fn by_tag(union: &Union, discriminator: &Discriminator) -> Code {
    let mut tags_of_arms: BTreeMap<usize, Vec<_>> = BTreeMap::new();
    for (tag, arm) in &discriminator.mapping {
        tags_of_arms.entry(*arm).or_default().push(string(tag));
    }
    let cases = tags_of_arms.iter().filter_map(|(index, tags)| {
        let arm = ident(&union.arms.get(*index)?.name);
        Some(quote!(#(#tags)|* => crate::types::shape::decode(&value).map(Self::#arm),))
    });
    let property = string(&discriminator.property);
    quote! {
        if let ::std::option::Option::Some(tag) = crate::types::shape::tag(&value, #property) {
            let arm = match tag.as_str() {
                #(#cases)*
                _ => ::std::option::Option::None,
            };
            return arm.unwrap_or(Self::Unknown(value));
        }
    }
}

/// Takes the arm if the value has its shape and decodes.
fn by_shape(context: &Context<'_>, arm: &Arm, has_integer: bool) -> Code {
    let name = ident(&arm.name);
    let kind = kind(context, &arm.ty, has_integer, LONGEST_ALIAS_CHAIN);
    let conditions = kind.into_iter().chain(properties(arm));
    // An open enum or union takes everything of its JSON kind, also what belongs to a later arm.
    let is_open = matches!(
        context.resolve(&arm.ty),
        Resolved::Named(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_))
    );
    let decode = if is_open {
        let ty = context.ty(&arm.ty);
        quote! {
            let ::std::option::Option::Some(arm) = crate::types::shape::decode::<#ty>(&value)
                && arm.is_known()
        }
    } else {
        quote!(let ::std::option::Option::Some(arm) = crate::types::shape::decode(&value))
    };
    quote! {
        if #(#conditions &&)* #decode {
            return Self::#name(arm);
        }
    }
}

/// The conditions on the properties of an object that it has to meet to be an arm.
pub(super) fn properties(arm: &Arm) -> Vec<Code> {
    let mut conditions = Vec::new();
    if !arm.required.is_empty() {
        let required = arm.required.iter().map(|property| string(property));
        conditions.push(quote!(crate::types::shape::has(&value, &[#(#required),*])));
    }
    for (property, constant) in &arm.constants {
        let property = string(property);
        conditions.push(match constant.as_str() {
            Some(text) => {
                let text = string(text);
                quote!(crate::types::shape::is_text(&value, #property, #text))
            }
            None => {
                let json = string(&constant.to_string());
                quote!(crate::types::shape::is(&value, #property, #json))
            }
        });
    }
    for (property, texts) in &arm.choices {
        let property = string(property);
        let texts = texts.iter().map(|text| string(text));
        conditions.push(quote!(crate::types::shape::is_one_of(&value, #property, &[#(#texts),*])));
    }
    conditions
}

/// The condition that a value is of the JSON kind of a type; `None` when the type itself has to tell.
fn kind(context: &Context<'_>, ty: &Type, has_integer: bool, fuel: usize) -> Option<Code> {
    let ty = match context.resolve(ty) {
        Resolved::Named(TypeKind::Struct(_)) => return Some(quote!(value.is_object())),
        Resolved::Named(TypeKind::StringEnum(_)) => return Some(quote!(value.is_string())),
        Resolved::Named(TypeKind::IntegerEnum(_)) => {
            return Some(quote!(crate::types::shape::integer(&value)));
        }
        Resolved::Named(TypeKind::Union(_) | TypeKind::Alias(_)) => return None,
        Resolved::Unnamed(ty) => ty,
    };
    Some(match ty {
        Type::Any | Type::Named(_) | Type::Boxed(_) => return None,
        Type::Null => quote!(value.is_null()),
        Type::Boolean => quote!(value.is_boolean()),
        Type::Integer(_) => quote!(crate::types::shape::integer(&value)),
        // An integer that is read as a floating-point number is not written back as it was.
        Type::Number | Type::Float if has_integer => quote!(value.is_f64()),
        Type::Number | Type::Float => quote!(value.is_number()),
        Type::String | Type::Secret | Type::Binary => quote!(value.is_string()),
        Type::Timestamp => quote!(crate::types::shape::timestamp(&value)),
        Type::Date => quote!(crate::types::shape::date(&value)),
        Type::Uri => quote!(crate::types::shape::uri(&value)),
        Type::Base64 => quote!(crate::types::shape::base64(&value)),
        Type::List(_) | Type::Tuple(_) => quote!(value.is_array()),
        Type::Map(_) => quote!(value.is_object()),
        Type::Nullable(inner) => {
            let inner = kind(context, inner, has_integer, fuel.checked_sub(1)?)?;
            quote!((value.is_null() || #inner))
        }
    })
}

/// `From` for every type that only one arm has: with two arms of a type, which one is meant would be a guess.
fn conversions(
    context: &Context<'_>,
    id: TypeId,
    definition: &TypeDefinition,
    union: &Union,
) -> Code {
    let name = ident(&definition.name);
    let own = Type::Named(id);
    let types = union.arms.iter().map(|arm| &arm.ty);
    let keys: Option<Vec<String>> = std::iter::once(&own)
        .chain(types)
        .map(|ty| key(context, ty, &mut { MOST_TYPES }))
        .collect();
    // What is too large to be compared may be the same as any other arm.
    let Some((own, keys)) = keys.as_deref().and_then(<[String]>::split_first) else {
        return Code::new();
    };
    let conversions = union.arms.iter().zip(keys).filter_map(|(arm, key)| {
        let arms = keys.iter().filter(|other| *other == key).count();
        if arms > 1 || key == own {
            return None;
        }
        let arm_name = ident(&arm.name);
        let ty = context.ty(&arm.ty);
        Some(quote! {
            impl ::std::convert::From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#arm_name(value)
                }
            }
        })
    });
    conversions.collect()
}

/// Types that are looked at to compare two arms: tuples of aliases of tuples double with each alias.
const MOST_TYPES: usize = 1_000;

/// A text that two types share exactly if they are the same to Rust, which sees through aliases. `None` when `fuel`,
/// the types to look at, runs out.
fn key(context: &Context<'_>, ty: &Type, fuel: &mut usize) -> Option<String> {
    *fuel = fuel.checked_sub(1)?;
    Some(match ty {
        Type::Named(id) => match &context.api.definition(*id).kind {
            TypeKind::Alias(target) => key(context, target, fuel)?,
            _ => format!("#{}", id.index()),
        },
        Type::Boxed(id) => format!("Box<{}>", key(context, &Type::Named(*id), fuel)?),
        Type::List(item) => format!("List<{}>", key(context, item, fuel)?),
        Type::Map(value) => format!("Map<{}>", key(context, value, fuel)?),
        Type::Nullable(inner) => format!("Option<{}>", key(context, inner, fuel)?),
        Type::Tuple(items) => {
            let items = items.iter().map(|item| key(context, item, fuel));
            let items: Option<Vec<_>> = items.collect();
            format!("({})", items?.join(","))
        }
        other => format!("{other:?}"),
    })
}
