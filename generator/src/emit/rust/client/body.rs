//! Request bodies.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::scope::{Scope, known};
use super::arguments::{self, Argument};
use crate::api::{Api, BodyEncoding, Content, Field, Presence, Struct, Type, TypeKind};
use crate::emit::tokens::{ident, string};

/// Where a method finds a body.
#[derive(Clone, Copy)]
pub(super) enum BodySource<'a> {
    /// In an argument of this name.
    Argument(&'a Ident),
    /// In this field of the struct of required arguments.
    Field(&'a Ident),
}

impl BodySource<'_> {
    fn access(self) -> TokenStream {
        match self {
            Self::Argument(name) => quote!(#name),
            Self::Field(name) => quote!(required.#name),
        }
    }

    /// The body as an argument that is written as JSON or as a form.
    fn written(self, scope: &Scope<'_>, ty: &Type) -> Argument {
        match self {
            Self::Argument(name) => arguments::body(scope, ty, name),
            Self::Field(name) => Argument {
                ty: scope.ty(ty),
                value: quote!(&required.#name),
            },
        }
    }

    /// A field has the type itself, an argument takes what can be converted into it.
    fn converted(self, scope: &Scope<'_>, ty: TokenStream) -> TokenStream {
        match self {
            Self::Argument(_) => {
                let into = scope.name(known::INTO);
                quote!(impl #into<#ty>)
            }
            Self::Field(_) => ty,
        }
    }
}

/// Whether the argument for a body is a reference to a model.
pub(super) fn is_model(api: &Api, content: &Content) -> bool {
    let is_named = matches!(api.resolve(&content.ty), Type::Named(_) | Type::Boxed(_));
    is_named
        && match content.encoding {
            BodyEncoding::Json | BodyEncoding::Form => !api.is_small(&content.ty),
            BodyEncoding::Multipart => {
                matches!(api.kind_of(&content.ty), Some(TypeKind::Struct(_)))
            }
            BodyEncoding::Text
            | BodyEncoding::EventStream
            | BodyEncoding::JsonLines
            | BodyEncoding::Binary => false,
        }
}

/// The argument for a body, whose `value` is the call that sets it: `json("application/json", body)`. In a struct, the
/// type is that of its field.
pub(super) fn argument(scope: &Scope<'_>, content: &Content, place: BodySource<'_>) -> Argument {
    let media_type = string(&content.sent_media_type);
    let access = place.access();
    match content.encoding {
        BodyEncoding::Json => {
            let Argument { ty, value } = place.written(scope, &content.ty);
            Argument {
                ty,
                value: quote!(json(#media_type, #value)),
            }
        }
        BodyEncoding::Form => {
            let Argument { ty, value } = place.written(scope, &content.ty);
            Argument {
                ty,
                value: quote!(form(#value)),
            }
        }
        BodyEncoding::Multipart => multipart(scope, content, place),
        BodyEncoding::Text => {
            let text = scope.name(known::STRING);
            Argument {
                ty: place.converted(scope, text),
                value: quote!(text(#media_type, #access)),
            }
        }
        BodyEncoding::EventStream | BodyEncoding::JsonLines | BodyEncoding::Binary => {
            let bytes = scope.name(known::BINARY);
            Argument {
                ty: place.converted(scope, bytes),
                value: quote!(bytes(#media_type, #access)),
            }
        }
    }
}

/// A struct is taken apart field by field, so that files keep their bytes, name and media type. Any other type is left
/// to the caller to put together.
fn multipart(scope: &Scope<'_>, content: &Content, place: BodySource<'_>) -> Argument {
    let access = place.access();
    let form = scope.name(known::FORM);
    let definition = match scope.api().resolve(&content.ty) {
        Type::Named(id) | Type::Boxed(id) => Some(scope.api().definition(*id)),
        _ => None,
    };
    let kind = definition.map(|definition| (&definition.name, &definition.kind));
    let Some((name, TypeKind::Struct(structure))) = kind else {
        return Argument {
            ty: form,
            value: quote!(multipart(#access)),
        };
    };
    let parts = parts(scope, content, structure, &access);
    let model = scope.model(name);
    let ty = match place {
        BodySource::Argument(_) => quote!(&#model),
        BodySource::Field(_) => model,
    };
    Argument {
        ty,
        value: quote!(multipart(#form::new() #parts)),
    }
}

fn parts(
    scope: &Scope<'_>,
    content: &Content,
    structure: &Struct,
    access: &TokenStream,
) -> TokenStream {
    let mut parts = TokenStream::new();
    for field in &structure.fields {
        let call = part(scope, content, field, access);
        parts.extend(quote!(.#call));
    }
    if let Some(additional) = &structure.additional {
        let name = ident(&additional.name);
        parts.extend(quote!(.object(&#access.#name)));
    }
    parts
}

fn part(scope: &Scope<'_>, content: &Content, field: &Field, access: &TokenStream) -> TokenStream {
    let (wire, name) = (string(&field.wire_name), ident(&field.name));
    let encoding = content.properties.get(&field.wire_name);
    let content_type = match encoding.and_then(|encoding| encoding.content_type.as_deref()) {
        // A list or range of media types is a choice that only the file itself can make.
        Some(one) if !one.contains([',', '*']) => {
            let one = string(one);
            quote!(Some(#one))
        }
        _ => quote!(None),
    };
    let three_state = field.presence == Presence::ThreeState;
    let required = field.presence == Presence::Required;
    let value = if three_state {
        quote!(#access.#name.value())
    } else {
        quote!(&#access.#name)
    };
    let api = scope.api();
    match api.resolve(&field.ty) {
        Type::Binary if required => quote!(file(#wire, #content_type, #value)),
        Type::Binary => quote!(files(#wire, #content_type, #value)),
        Type::List(item) if *api.resolve(item) == Type::Binary => match (required, three_state) {
            (true, _) => quote!(files(#wire, #content_type, #value)),
            (_, true) => quote!(files(#wire, #content_type, #value.into_iter().flatten())),
            _ => quote!(files(#wire, #content_type, #access.#name.iter().flatten())),
        },
        _ if three_state => quote!(value(#wire, #content_type, &#value)),
        _ => quote!(value(#wire, #content_type, #value)),
    }
}
