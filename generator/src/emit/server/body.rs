//! The body of a request: its type, and how it is read.

use crate::emit::code::{Code, Ident, quote};

use super::documentation;
use super::shape;
use crate::emit::doc::code;
use crate::emit::rust::{CratePath, ident, media_type_words, string, suffixed, type_tokens};
use crate::ir::{Api, BodyEncoding, Content, Operation, Presence, RequestBody, Type, TypeKind};
use crate::names::case;

/// The field of the request that holds the body.
pub(super) fn field(api: &Api, operation: &Operation, body: &RequestBody) -> Code {
    let name = ident(&body.name);
    let docs = documentation::comments("The body.", &body.docs);
    let ty = match body.contents.as_slice() {
        [content] => type_tokens(api, &CratePath::inside(), &content.ty),
        _ => {
            let name = suffixed(&operation.type_name, "RequestBody");
            quote!(#name)
        }
    };
    let ty = match body.required {
        true => ty,
        false => quote!(::std::option::Option<#ty>),
    };
    quote! {
        #docs
        pub #name: #ty
    }
}

/// The body in each of several media types.
pub(super) fn alternatives(api: &Api, operation: &Operation, body: &RequestBody) -> Code {
    if body.contents.len() < 2 {
        return quote!();
    }
    let name = suffixed(&operation.type_name, "RequestBody");
    let docs = documentation::described(
        &format!("The body of {}, by media type.", code(&operation.id)),
        None,
    );
    let variants = variants(body)
        .into_iter()
        .zip(&body.contents)
        .map(|(variant, content)| {
            let ty = type_tokens(api, &CratePath::inside(), &content.ty);
            let doc = documentation::described(
                &format!("A body of {}.", code(&content.media_type)),
                None,
            );
            quote!(#doc #variant(#ty))
        });
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        pub enum #name {
            #(#variants,)*
        }
    }
}

/// Names of the variants: what the encoding is called, or the media type where two have the same.
pub(in crate::emit) fn variants(body: &RequestBody) -> Vec<Ident> {
    let mut taken: Vec<String> = Vec::new();
    for content in &body.contents {
        let shared = body
            .contents
            .iter()
            .filter(|other| other.encoding == content.encoding)
            .count();
        let name = match (shared, content.encoding) {
            (1, BodyEncoding::Json) => "Json".to_owned(),
            (1, BodyEncoding::Form) => "Form".to_owned(),
            (1, BodyEncoding::Multipart) => "Multipart".to_owned(),
            (1, BodyEncoding::Text) => "Text".to_owned(),
            (1, BodyEncoding::EventStream) => "EventStream".to_owned(),
            (1, BodyEncoding::Binary) => "Binary".to_owned(),
            _ => media_type_name(&content.media_type),
        };
        taken.push(unique(name, &taken));
    }
    let ident = |name: &String| Ident::new(name);
    taken.iter().map(ident).collect()
}

/// A media type as part of an identifier: `TextCsv`.
pub(super) fn media_type_name(media_type: &str) -> String {
    let name = case::pascal(&media_type_words(media_type), "Media");
    name.plain().to_owned()
}

/// The name, numbered if it is taken.
pub(super) fn unique(name: String, taken: &[String]) -> String {
    if !taken.contains(&name) && name != "Self" {
        return name;
    }
    let mut number = 2;
    while taken.contains(&format!("{name}{number}")) {
        number += 1;
    }
    format!("{name}{number}")
}

/// The expression that reads the body, as a field of the request.
pub(super) fn reader(api: &Api, operation: &Operation, body: &RequestBody) -> Code {
    let field = ident(&body.name);
    let media_types = body
        .contents
        .iter()
        .map(|content| string(&content.media_type));
    let enumeration = suffixed(&operation.type_name, "RequestBody");
    let variants = variants(body);
    let last = body.contents.len().saturating_sub(1);
    let arms =
        body.contents
            .iter()
            .zip(&variants)
            .enumerate()
            .map(|(index, (content, variant))| {
                let mut value = content_reader(api, content);
                if body.contents.len() > 1 {
                    value = quote!(#enumeration::#variant(#value));
                }
                if !body.required {
                    value = quote!(::std::option::Option::Some(#value));
                }
                let pattern = match index == last {
                    true => quote!(_),
                    false => quote!(#index),
                };
                quote!(::std::option::Option::Some(#pattern) => #value)
            });
    let absent = match body.required {
        true => quote! {
            return ::std::result::Result::Err(crate::server::Problem::missing_body())
        },
        false => quote!(::std::option::Option::None),
    };
    quote! {
        #field: match payload.choose(&[#(#media_types),*])? {
            #(#arms,)*
            ::std::option::Option::None => #absent,
        }
    }
}

/// Statements that give the files of a multipart body their names and media types.
fn files(api: &Api, content: &Content) -> Vec<Code> {
    let (Type::Named(id) | Type::Boxed(id)) = api.resolve(&content.ty) else {
        return Vec::new();
    };
    let TypeKind::Struct(structure) = &api.definition(*id).kind else {
        return Vec::new();
    };
    let files = structure.fields.iter().filter_map(|field| {
        let name = ident(&field.name);
        let required = field.presence == Presence::Required;
        let files = match (api.resolve(&field.ty), required) {
            _ if field.presence == Presence::ThreeState => return None,
            (Type::Binary, true) => quote!(::std::iter::once(&mut body.#name)),
            (Type::Binary, false) => quote!(&mut body.#name),
            (Type::List(item), _) if *api.resolve(item) != Type::Binary => return None,
            (Type::List(_), true) => quote!(&mut body.#name),
            (Type::List(_), false) => quote!(body.#name.iter_mut().flatten()),
            _ => return None,
        };
        let wire_name = string(&field.wire_name);
        Some(quote!(payload.describe_files(#wire_name, #files);))
    });
    files.collect()
}

fn content_reader(api: &Api, content: &Content) -> Code {
    let shape = || shape::tokens(api, &content.ty);
    match content.encoding {
        BodyEncoding::Json => quote!(payload.json()?),
        BodyEncoding::Form => {
            let shape = shape();
            let styles = crate::emit::client::form_styles(content, &quote!(crate::server::Style));
            quote!(payload.form(&#shape, &[#(#styles),*])?)
        }
        BodyEncoding::Multipart => {
            let shape = shape();
            let files = files(api, content);
            match files.is_empty() {
                true => quote!(payload.multipart(&#shape)?),
                false => {
                    let ty = type_tokens(api, &CratePath::inside(), &content.ty);
                    quote!({
                        let mut body: #ty = payload.multipart(&#shape)?;
                        #(#files)*
                        body
                    })
                }
            }
        }
        BodyEncoding::Binary if *api.resolve(&content.ty) == Type::Binary => {
            quote!(payload.octets()?)
        }
        BodyEncoding::Text | BodyEncoding::EventStream | BodyEncoding::Binary => {
            let shape = shape();
            quote!(payload.text(&#shape)?)
        }
    }
}
