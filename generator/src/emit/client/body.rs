//! Request bodies.

use super::super::rust::{CratePath, ident, string, type_tokens};
use super::argument::{self, Argument};
use super::sent_media_type;
use crate::emit::code::{Code, Ident, quote};
use crate::ir::{
    Api, BodyEncoding, Content, Field, ParameterStyle, Presence, Struct, Type, TypeKind,
};

/// Where a method finds a body.
#[derive(Clone, Copy)]
pub(super) enum Place<'a> {
    /// In an argument of this name.
    Argument(&'a Ident),
    /// In this field of the struct of required arguments.
    Field(&'a Ident),
}

impl Place<'_> {
    fn access(self) -> Code {
        match self {
            Self::Argument(name) => quote!(#name),
            Self::Field(name) => quote!(required.#name),
        }
    }

    /// The body as an argument that is written as JSON or as a form.
    fn written(self, api: &Api, ty: &Type) -> Argument {
        match self {
            Self::Argument(name) => argument::body(api, ty, name),
            Self::Field(name) => Argument {
                ty: type_tokens(api, &CratePath::inside(), ty),
                value: quote!(&required.#name),
            },
        }
    }
}

/// The argument for a body, whose `value` is the call that sets it: `json("application/json", body)`. In a struct, the
/// type is that of its field.
pub(super) fn argument(api: &Api, content: &Content, place: Place<'_>) -> Argument {
    let media_type = string(sent_media_type(&content.media_type, content.encoding));
    let access = place.access();
    match content.encoding {
        BodyEncoding::Json => {
            let Argument { ty, value } = place.written(api, &content.ty);
            Argument {
                ty,
                value: quote!(json(#media_type, #value)),
            }
        }
        BodyEncoding::Form => {
            let Argument { ty, value } = place.written(api, &content.ty);
            let styles = form_styles(content, &quote!(crate::client::operation::Style));
            Argument {
                ty,
                value: quote!(form(&[#(#styles),*], #value)),
            }
        }
        BodyEncoding::Multipart => multipart(api, content, place),
        BodyEncoding::Text => {
            let text = quote!(::std::string::String);
            let value = quote!(octets(#media_type, ::std::convert::Into::<#text>::into(#access)));
            Argument {
                ty: converted(place, text),
                value,
            }
        }
        BodyEncoding::EventStream | BodyEncoding::Binary => Argument {
            ty: converted(place, quote!(::bytes::Bytes)),
            value: quote!(octets(#media_type, #access)),
        },
    }
}

/// How the properties of a form are written that are not written as every other: name, style, explode.
pub(in crate::emit) fn form_styles(content: &Content, style_path: &Code) -> Vec<Code> {
    let mut styles = Vec::new();
    for (name, encoding) in &content.properties {
        let is_json = encoding.content_type.as_deref().is_some_and(is_json);
        let style = match encoding.style {
            None if is_json => ParameterStyle::Json,
            None if encoding.explode => continue,
            style => style.unwrap_or(ParameterStyle::Form),
        };
        let style = match style {
            ParameterStyle::Json => quote!(Json),
            ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
            ParameterStyle::PipeDelimited => quote!(PipeDelimited),
            ParameterStyle::DeepObject => quote!(DeepObject),
            // The others are not for forms.
            _ => quote!(Form),
        };
        let (name, explode) = (string(name), encoding.explode);
        styles.push(quote!((#name, #style_path::#style, #explode)));
    }
    styles
}

fn is_json(media_type: &str) -> bool {
    media_type == "application/json" || media_type.ends_with("+json")
}

/// A field has the type itself, an argument takes what can be made it.
fn converted(place: Place<'_>, ty: Code) -> Code {
    match place {
        Place::Argument(_) => quote!(impl ::std::convert::Into<#ty>),
        Place::Field(_) => ty,
    }
}

/// A struct is taken apart field by field, so that files keep their octets, name and media type. Any other type is
/// left to the caller to put together.
fn multipart(api: &Api, content: &Content, place: Place<'_>) -> Argument {
    let access = place.access();
    let definition = match api.resolve(&content.ty) {
        Type::Named(id) | Type::Boxed(id) => Some(api.definition(*id)),
        _ => None,
    };
    let kind = definition.map(|definition| (&definition.name, &definition.kind));
    let Some((name, TypeKind::Struct(structure))) = kind else {
        return Argument {
            ty: quote!(crate::client::multipart::Form),
            value: quote!(multipart(#access)),
        };
    };
    let model = ident(name);
    let form = form(api, content, structure, &access);
    let ty = match place {
        Place::Argument(_) => quote!(&crate::models::#model),
        Place::Field(_) => quote!(crate::models::#model),
    };
    Argument {
        ty,
        value: quote!(multipart(#form)),
    }
}

fn form(api: &Api, content: &Content, structure: &Struct, access: &Code) -> Code {
    let mut form = quote!(crate::client::multipart::Form::new());
    for field in &structure.fields {
        let call = part(api, content, field, access);
        form.push(quote!(.#call));
    }
    if let Some(additional) = &structure.additional {
        let name = ident(&additional.name);
        form.push(quote!(.object(&#access.#name)));
    }
    form
}

fn part(api: &Api, content: &Content, field: &Field, access: &Code) -> Code {
    let wire = string(&field.wire_name);
    let name = ident(&field.name);
    let encoding = content.properties.get(&field.wire_name);
    let content_type = match encoding.and_then(|encoding| encoding.content_type.as_deref()) {
        // A list or range of media types is a choice that only the file itself can make.
        Some(one) if !one.contains([',', '*']) => {
            let one = string(one);
            quote!(::std::option::Option::Some(#one))
        }
        _ => quote!(::std::option::Option::None),
    };
    let three_state = field.presence == Presence::ThreeState;
    let required = field.presence == Presence::Required;
    let value = match three_state {
        true => quote!(#access.#name.value()),
        false => quote!(&#access.#name),
    };
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
