//! What an operation is asked: a struct of its parameters and its body.

use crate::emit::code::{Code, quote};
use serde_json::Value;

use super::body;
use super::{documentation, route, shape};
use crate::emit::doc::code;
use crate::emit::rust::{CratePath, ident, string, suffixed, type_tokens};
use crate::ir::{
    Api, IntegerKind, Operation, Parameter, ParameterLocation, ParameterStyle, Type, TypeKind,
};

pub(super) fn generate(api: &Api, operation: &Operation) -> Code {
    let name = suffixed(&operation.type_name, "Request");
    let docs = documentation::described(&format!("What {} is asked.", code(&operation.id)), None);
    let mut fields: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| field(api, parameter))
        .collect();
    let mut readers: Vec<_> = operation
        .parameters
        .iter()
        .map(|parameter| reader(api, operation, parameter))
        .collect();
    let mut bodies = quote!();
    if let Some(request_body) = &operation.request_body {
        fields.push(body::field(api, operation, request_body));
        readers.push(body::reader(api, operation, request_body));
        bodies = body::alternatives(api, operation, request_body);
    }
    let context = match operation.parameters.is_empty() {
        true => quote!(_),
        false => quote!(context),
    };
    let payload = match operation.request_body {
        Some(_) => quote!(payload),
        None => quote!(_),
    };
    let route = route::generate(operation);
    let response = suffixed(&operation.type_name, "Response");
    quote! {
        #docs
        #[derive(Debug, Clone, PartialEq)]
        pub struct #name {
            #(#fields,)*
        }

        impl crate::server::OperationRequest for #name {
            const ROUTE: crate::server::Route = #route;

            type Response = #response;

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
pub(in crate::emit) fn default<'api>(api: &Api, parameter: &'api Parameter) -> Option<&'api Value> {
    parameter
        .default
        .as_ref()
        .filter(|value| !parameter.required && fits(api, &parameter.ty, value))
}

fn fits(api: &Api, ty: &Type, value: &Value) -> bool {
    match api.resolve(ty) {
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

fn field(api: &Api, parameter: &Parameter) -> Code {
    let name = ident(&parameter.name);
    let ty = type_tokens(api, &CratePath::inside(), &parameter.ty);
    let location = match parameter.location {
        ParameterLocation::Path => "Path parameter",
        ParameterLocation::Query => "Query parameter",
        ParameterLocation::Header => "Header",
        ParameterLocation::Cookie => "Cookie",
    };
    let mut summary = format!("{location} {}", code(&parameter.wire_name));
    let default = default(api, parameter);
    match default {
        Some(value) => {
            summary.push_str(&format!("; {} when absent.", code(&value.to_string())));
        }
        None => summary.push('.'),
    }
    let docs = documentation::comments(&summary, &parameter.docs);
    let ty = match parameter.required || default.is_some() {
        true => ty,
        false => quote!(::std::option::Option<#ty>),
    };
    quote! {
        #docs
        pub #name: #ty
    }
}

fn reader(api: &Api, operation: &Operation, parameter: &Parameter) -> Code {
    let field = ident(&parameter.name);
    let descriptor = descriptor(api, operation, parameter);
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

fn descriptor(api: &Api, operation: &Operation, parameter: &Parameter) -> Code {
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
    let except = match takes_arbitrary_keys(api, parameter) {
        true => others_keys(api, operation, parameter),
        false => Vec::new(),
    };
    let plain = match parameter.location {
        ParameterLocation::Path => quote!(path),
        ParameterLocation::Query => quote!(query),
        ParameterLocation::Header => quote!(header),
        ParameterLocation::Cookie => quote!(cookie),
    };
    if except.is_empty() && has_plain_style(parameter) {
        return quote!(crate::server::Parameter::#plain(#name, #shape));
    }
    let except = except.iter().map(|key| string(key));
    quote! {
        crate::server::Parameter {
            name: #name,
            location: crate::server::Location::#location,
            style: crate::server::Style::#style,
            explode: #explode,
            shape: #shape,
            except: &[#(#except),*],
        }
    }
}

/// Whether the style is the one of parameters of the location that say none.
fn has_plain_style(parameter: &Parameter) -> bool {
    match parameter.location {
        ParameterLocation::Path | ParameterLocation::Header => {
            parameter.style == ParameterStyle::Simple && !parameter.explode
        }
        ParameterLocation::Query | ParameterLocation::Cookie => {
            parameter.style == ParameterStyle::Form && parameter.explode
        }
    }
}

/// Whether the parameter's properties are pairs of the query with keys of their own.
fn is_exploded_object(parameter: &Parameter) -> bool {
    parameter.location == ParameterLocation::Query
        && parameter.style == ParameterStyle::Form
        && parameter.explode
}

fn takes_arbitrary_keys(api: &Api, parameter: &Parameter) -> bool {
    let open = match api.resolve(&parameter.ty) {
        Type::Map(_) => true,
        Type::Named(id) | Type::Boxed(id) => match &api.definition(*id).kind {
            TypeKind::Struct(structure) => structure.additional.is_some(),
            TypeKind::Union(_) => true,
            _ => false,
        },
        _ => false,
    };
    open && is_exploded_object(parameter)
}

/// The keys of the operation's other query parameters.
fn others_keys<'api>(
    api: &'api Api,
    operation: &'api Operation,
    parameter: &Parameter,
) -> Vec<&'api str> {
    let mut keys = Vec::new();
    for other in &operation.parameters {
        if other.location != ParameterLocation::Query || other.wire_name == parameter.wire_name {
            continue;
        }
        keys.push(other.wire_name.as_str());
        let (Type::Named(id) | Type::Boxed(id)) = api.resolve(&other.ty) else {
            continue;
        };
        if let (TypeKind::Struct(structure), true) =
            (&api.definition(*id).kind, is_exploded_object(other))
        {
            let fields = structure.fields.iter();
            keys.extend(fields.map(|field| field.wire_name.as_str()));
        }
    }
    keys
}
