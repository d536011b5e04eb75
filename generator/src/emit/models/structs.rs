//! Structs, their constructors and their setters.

use super::{Context, objects, with_note};
use crate::emit::code::{Code, Ident, quote};
use crate::emit::doc;
use crate::emit::rust::ident;
use crate::ir::{Field, Map, Presence, Struct, Type, TypeDefinition};

/// A request type with more optional fields than this gets a setter for each of them. Every method costs compile time,
/// and for few fields the struct literal reads as well.
const MOST_FIELDS_WITHOUT_SETTERS: usize = 3;

/// A struct and its methods.
pub(super) fn items(
    context: &Context<'_>,
    definition: &TypeDefinition,
    object: &Struct,
    docs: &Code,
) -> Code {
    let name = ident(&definition.name);
    let fields = object
        .fields
        .iter()
        .map(|field| declaration(context, field));
    let additional = object.additional.iter().map(|map| others(context, map));
    let required: Vec<&Field> = object.fields.iter().filter(|f| is_required(f)).collect();
    let default = required
        .is_empty()
        .then(|| quote!(::std::default::Default,));
    let mut methods = Code::new();
    if !required.is_empty() {
        methods.push(constructor(context, object, &required));
    }
    let optional = object.fields.len() - required.len();
    if definition.used.request && optional > MOST_FIELDS_WITHOUT_SETTERS {
        let optional = object.fields.iter().filter(|f| !is_required(f));
        methods.extend(optional.map(|field| setter(context, field)));
    }
    let methods = (!methods.is_empty()).then(|| quote!(impl #name { #methods }));
    let serialization = objects::items(definition, object);
    quote! {
        #docs
        #[derive(
            ::std::clone::Clone,
            ::std::fmt::Debug,
            #default
            ::std::cmp::PartialEq,
        )]
        pub struct #name {
            #(#fields)*
            #(#additional)*
        }

        #methods
        #serialization
    }
}

fn is_required(field: &Field) -> bool {
    field.presence == Presence::Required
}

/// The type of a field, with what its presence wraps around it.
fn field_type(context: &Context<'_>, field: &Field) -> Code {
    let ty = context.ty(&field.ty);
    match field.presence {
        Presence::Required => ty,
        Presence::Optional | Presence::Nullable => quote!(::std::option::Option<#ty>),
        Presence::ThreeState => quote!(crate::types::Change<#ty>),
    }
}

fn declaration(context: &Context<'_>, field: &Field) -> Code {
    let name = ident(&field.name);
    let docs = field_docs(field);
    let ty = field_type(context, field);
    quote! {
        #docs
        pub #name: #ty,
    }
}

fn field_docs(field: &Field) -> Code {
    let stated = field
        .docs
        .notes
        .iter()
        .any(|note| note.starts_with("Default"));
    let default = match &field.default {
        Some(default) if !stated => Some(format!("Default: {}.", doc::code(&default.to_string()))),
        _ => None,
    };
    let fallback = format!("The {} property.", doc::code(&field.wire_name));
    doc::comments_or(&with_note(&field.docs, default), &fallback)
}

fn others(context: &Context<'_>, map: &Map) -> Code {
    let name = ident(&map.name);
    let ty = context.ty(&Type::Map(Box::new(map.value.clone())));
    quote! {
        /// All other properties, by their name.
        pub #name: #ty,
    }
}

/// `new`, with an argument for every required field.
fn constructor(context: &Context<'_>, object: &Struct, required: &[&Field]) -> Code {
    let arguments = required.iter().map(|field| {
        let name = ident(&field.name);
        let ty = argument_type(&field.ty, context.ty(&field.ty));
        quote!(#name: #ty)
    });
    let names = object.fields.iter().map(|field| &field.name);
    let names = names.chain(object.additional.iter().map(|map| &map.name));
    let values = names.map(|name| {
        let given = required.iter().find(|field| field.name == *name);
        let name = ident(name);
        match given {
            Some(field) if is_plain(&field.ty) => quote!(#name,),
            Some(_) => quote!(#name: ::std::convert::Into::into(#name),),
            None => quote!(#name: ::std::default::Default::default(),),
        }
    });
    quote! {
        /// Makes a value of what it has to have. The rest is left out.
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values)* }
        }
    }
}

/// `with_<field>`: not the name of the field alone, which may be that of a method every type has (`clone`, `new`).
fn setter(context: &Context<'_>, field: &Field) -> Code {
    let name = ident(&field.name);
    // A field cannot begin with a digit, its setter needs no underscore for that.
    let method = Ident::new(&format!(
        "with_{}",
        field.name.plain().trim_start_matches('_')
    ));
    let inner = context.ty(&field.ty);
    let (argument, value) = match field.presence {
        Presence::ThreeState => {
            let change = quote!(impl ::std::convert::Into<crate::types::Change<#inner>>);
            (change, quote!(::std::convert::Into::into(value)))
        }
        _ if is_plain(&field.ty) => (inner, quote!(::std::option::Option::Some(value))),
        _ => (
            argument_type(&field.ty, inner),
            quote!(::std::option::Option::Some(::std::convert::Into::into(
                value
            ))),
        ),
    };
    let docs = doc::text_comments(&format!("Sets {}.", doc::code(&field.wire_name)));
    quote! {
        #docs
        #[must_use]
        pub fn #method(mut self, value: #argument) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// Arguments that own memory are taken as whatever converts into them.
fn argument_type(ty: &Type, tokens: Code) -> Code {
    if is_plain(ty) {
        tokens
    } else {
        quote!(impl ::std::convert::Into<#tokens>)
    }
}

/// Whether a literal of the type needs no conversion; a conversion would leave the type of a number open.
fn is_plain(ty: &Type) -> bool {
    matches!(
        ty,
        Type::Null | Type::Boolean | Type::Integer(_) | Type::Number | Type::Float | Type::Tuple(_)
    )
}
