//! What an operation is asked: a struct of its parameters and its body.

use proc_macro2::TokenStream;
use quote::quote;

use heck::ToUpperCamelCase;
use proc_macro2::Ident;
use serde_json::Value;

use super::group::code;
use super::shape;
use crate::emit::doc;
use crate::emit::rust::{CratePath, ident, string, suffixed, type_tokens};
use crate::ir::{
    Api, BodyEncoding, Content, IntegerKind, Operation, Parameter, ParameterLocation,
    ParameterStyle, RequestBody, Type, TypeKind,
};

pub(super) fn generate(api: &Api, operation: &Operation) -> TokenStream {
    let name = suffixed(&operation.type_name, "Request");
    let summary = string(&format!(" What {} is asked.", code(&operation.id)));
    let mut fields: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| field(api, parameter))
        .collect();
    let mut readers: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| reader(api, parameter))
        .collect();
    let mut bodies = quote!();
    if let Some(body) = &operation.request_body {
        fields.push(body_field(api, operation, body));
        readers.push(body_reader(api, operation, body));
        bodies = body_enum(api, operation, body);
    }
    let context = match operation.parameters.is_empty() {
        true => quote!(_),
        false => quote!(context),
    };
    let payload = match operation.request_body {
        Some(_) => quote!(payload),
        None => quote!(_),
    };
    quote! {
        #[doc = #summary]
        #[derive(Debug, Clone, PartialEq)]
        pub struct #name {
            #(#fields,)*
        }

        impl #name {
            fn read(
                #context: &crate::server::RequestContext,
                #payload: crate::server::Payload,
            ) -> ::std::result::Result<Self, crate::server::Problem> {
                ::std::result::Result::Ok(Self { #(#readers,)* })
            }
        }

        #bodies
    }
}

/// The described default, if the type can surely hold it.
fn default<'api>(api: &Api, parameter: &'api Parameter) -> Option<&'api Value> {
    parameter
        .default
        .as_ref()
        .filter(|value| !parameter.required && fits(api, &parameter.ty, value))
}

fn fits(api: &Api, ty: &Type, value: &Value) -> bool {
    match shape::resolve(api, ty) {
        Type::Any => true,
        Type::Boolean => value.is_boolean(),
        Type::Integer(IntegerKind::I32) => value.as_i64().is_some_and(|n| i32::try_from(n).is_ok()),
        Type::Integer(IntegerKind::I64) => value.is_i64(),
        Type::Integer(IntegerKind::U32) => value.as_u64().is_some_and(|n| u32::try_from(n).is_ok()),
        Type::Integer(IntegerKind::U64) => value.is_u64(),
        Type::Number | Type::Float => value.is_number(),
        Type::String => value.is_string(),
        Type::List(item) => value
            .as_array()
            .is_some_and(|items| items.iter().all(|value| fits(api, item, value))),
        Type::Named(id) | Type::Boxed(id) => match api.definition(*id).kind {
            TypeKind::StringEnum(_) => value.is_string(),
            TypeKind::IntegerEnum(_) => value.is_i64(),
            _ => false,
        },
        _ => false,
    }
}

fn field(api: &Api, parameter: &Parameter) -> TokenStream {
    let name = ident(&parameter.name);
    let ty = type_tokens(api, &CratePath::inside(), &parameter.ty);
    let location = match parameter.location {
        ParameterLocation::Path => "Path parameter",
        ParameterLocation::Query => "Query parameter",
        ParameterLocation::Header => "Header",
        ParameterLocation::Cookie => "Cookie",
    };
    let mut summary = format!(" {location} {}", code(&parameter.wire_name));
    let default = default(api, parameter);
    match default {
        Some(value) => {
            summary.push_str(&format!("; {} when absent.", code(&value.to_string())));
        }
        None => summary.push('.'),
    }
    let summary = string(&summary);
    let docs = doc::attributes(&parameter.docs);
    let ty = match parameter.required || default.is_some() {
        true => ty,
        false => quote!(::std::option::Option<#ty>),
    };
    quote! {
        #[doc = #summary]
        #[doc = ""]
        #docs
        pub #name: #ty
    }
}

fn reader(api: &Api, parameter: &Parameter) -> TokenStream {
    let field = ident(&parameter.name);
    let descriptor = descriptor(api, parameter);
    let value = match default(api, parameter) {
        _ if parameter.required => quote!(context.required(&#descriptor)?),
        Some(value) => {
            let value = string(&value.to_string());
            quote!(context.or_default(&#descriptor, #value)?)
        }
        None => quote!(context.optional(&#descriptor)?),
    };
    quote!(#field: #value)
}

fn descriptor(api: &Api, parameter: &Parameter) -> TokenStream {
    let name = string(&parameter.wire_name);
    let location = match parameter.location {
        ParameterLocation::Path => quote!(Path),
        ParameterLocation::Query => quote!(Query),
        ParameterLocation::Header => quote!(Header),
        ParameterLocation::Cookie => quote!(Cookie),
    };
    let style = match parameter.style {
        ParameterStyle::Simple => quote!(Simple),
        ParameterStyle::Label => quote!(Label),
        ParameterStyle::Matrix => quote!(Matrix),
        ParameterStyle::Form => quote!(Form),
        ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParameterStyle::PipeDelimited => quote!(PipeDelimited),
        ParameterStyle::DeepObject => quote!(DeepObject),
        ParameterStyle::Json => quote!(Json),
    };
    let explode = parameter.explode;
    let shape = shape::tokens(api, &parameter.ty);
    quote! {
        crate::server::Parameter {
            name: #name,
            location: crate::server::Location::#location,
            style: crate::server::Style::#style,
            explode: #explode,
            shape: #shape,
        }
    }
}

fn body_field(api: &Api, operation: &Operation, body: &RequestBody) -> TokenStream {
    let name = ident(&body.name);
    let docs = doc::attributes(&body.docs);
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
        /// The body.
        #[doc = ""]
        #docs
        pub #name: #ty
    }
}

/// The body in each of several media types.
fn body_enum(api: &Api, operation: &Operation, body: &RequestBody) -> TokenStream {
    if body.contents.len() < 2 {
        return quote!();
    }
    let name = suffixed(&operation.type_name, "RequestBody");
    let summary = string(&format!(
        " The body of {}, by media type.",
        code(&operation.id)
    ));
    let variants = body_variants(body)
        .into_iter()
        .zip(&body.contents)
        .map(|(variant, content)| {
            let ty = type_tokens(api, &CratePath::inside(), &content.ty);
            let doc = string(&format!(" A body of {}.", code(&content.media_type)));
            quote!(#[doc = #doc] #variant(#ty))
        });
    quote! {
        #[doc = #summary]
        #[derive(Debug, Clone, PartialEq)]
        #[allow(clippy::large_enum_variant, reason = "one is made a request")]
        pub enum #name {
            #(#variants,)*
        }
    }
}

/// Names of the variants: what the encoding is called, or the media type where two have the same.
fn body_variants(body: &RequestBody) -> Vec<Ident> {
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
    let ident = |name: &String| Ident::new(name, proc_macro2::Span::call_site());
    taken.iter().map(ident).collect()
}

/// A media type as part of an identifier: `TextCsv`.
pub(super) fn media_type_name(media_type: &str) -> String {
    let ascii: String = media_type
        .chars()
        .map(|c| match c {
            '*' => 'X',
            c if c.is_ascii_alphanumeric() => c,
            _ => ' ',
        })
        .collect();
    match ascii.to_upper_camel_case() {
        name if name.starts_with(|c: char| c.is_ascii_alphabetic()) => name,
        name => format!("Media{name}"),
    }
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

fn body_reader(api: &Api, operation: &Operation, body: &RequestBody) -> TokenStream {
    let field = ident(&body.name);
    let media_types = body
        .contents
        .iter()
        .map(|content| string(&content.media_type));
    let enumeration = suffixed(&operation.type_name, "RequestBody");
    let variants = body_variants(body);
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

fn content_reader(api: &Api, content: &Content) -> TokenStream {
    let shape = || shape::tokens(api, &content.ty);
    match content.encoding {
        BodyEncoding::Json => quote!(payload.json()?),
        BodyEncoding::Form => {
            let shape = shape();
            let joined = content
                .properties
                .iter()
                .filter(|(_, encoding)| !encoding.explode)
                .map(|(name, _)| string(name));
            quote!(payload.form(&#shape, &[#(#joined),*])?)
        }
        BodyEncoding::Multipart => {
            let shape = shape();
            quote!(payload.multipart(&#shape)?)
        }
        BodyEncoding::Binary if *shape::resolve(api, &content.ty) == Type::Binary => {
            quote!(payload.octets()?)
        }
        BodyEncoding::Text | BodyEncoding::EventStream | BodyEncoding::Binary => {
            let shape = shape();
            quote!(payload.text(&#shape)?)
        }
    }
}
