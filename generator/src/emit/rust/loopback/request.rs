//! The request of an operation: what the client is called with, and what then has to arrive.

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;
use serde_json::Value;

use super::super::sample::sample;
use super::response::text;
use crate::api::{
    Api, BodyEncoding, Content, Operation, OperationType, Parameter, ParameterLocation,
    ParameterStyle, PathPart, RequestBody, Struct, Type, TypeKind,
};
use crate::emit::tokens::{ident, operation_type, string};

/// A request with all its parameters.
pub(super) struct Sent {
    /// The calls, which differ in the media type of the body alone: the preferred one first.
    pub(super) calls: Vec<Call>,
    /// A statement that reads a body that arrives while it is read.
    pub(super) reading: TokenStream,
}

/// A call of the client.
pub(super) struct Call {
    /// The call, as far as `send`: `list_notes(...).full(...)`.
    pub(super) call: TokenStream,
    /// The fields of the server's request.
    pub(super) expected: TokenStream,
}

impl Sent {
    /// The request of an operation, or `None` when something that it requires means something else once it is text.
    pub(super) fn new(api: &Api, operation: &Operation) -> Option<Self> {
        if writes_a_parameter_twice(operation) {
            return None;
        }
        let mut expected = TokenStream::new();
        let mut required: Vec<(Ident, TokenStream, TokenStream)> = Vec::new();
        let mut setters = TokenStream::new();
        for parameter in &operation.parameters {
            let field = ident(&parameter.name);
            let clear = is_clear(api, operation, parameter);
            if !clear {
                if parameter.required {
                    return None;
                }
                let absent = parameter.server_default.as_ref().map(Value::to_string);
                let absent = string(absent.as_deref().unwrap_or("null"));
                expected.extend(quote!(#field: harness::of(#absent),));
                continue;
            }
            let value = value(api, operation, parameter);
            let json = string(&value.to_string());
            expected.extend(quote!(#field: harness::of(#json),));
            let argument = parameter_argument(api, &parameter.ty, &value);
            if parameter.required {
                required.push((field, argument, quote!(harness::of(#json))));
            } else {
                let setter = ident(&parameter.setter);
                setters.extend(quote!(.#setter(#argument)));
            }
        }
        let mut sent = Self {
            calls: Vec::new(),
            reading: TokenStream::new(),
        };
        let Some(body) = &operation.request_body else {
            let method = ident(&operation.client_method);
            let arguments = arguments(operation, &required);
            let call = quote!(#method(#arguments) #setters);
            sent.calls.push(Call { call, expected });
            return Some(sent);
        };
        let contents = sent_contents(api, body)?;
        sent.reading = read_body(api, operation, body, &contents);
        let field = ident(&body.name);
        for content in contents {
            let arrived = arrived_body(api, operation, body, content);
            let expected = quote!(#expected #field: #arrived,);
            let argument = body_argument(api, content);
            let (mut method, mut setter) = (&operation.client_method, &body.setter);
            let mut required = required.clone();
            let mut setters = setters.clone();
            if body.required {
                method = content.client_name.as_ref().unwrap_or(method);
                required.push((field.clone(), argument, body_field(api, content)));
            } else {
                setter = content.client_name.as_ref().unwrap_or(setter);
                let setter = ident(setter);
                setters.extend(quote!(.#setter(#argument)));
            }
            let (method, arguments) = (ident(method), arguments(operation, &required));
            let call = quote!(#method(#arguments) #setters);
            sent.calls.push(Call { call, expected });
        }
        Some(sent)
    }
}

/// The contents of a body that the client can send and the server tells apart, the preferred one first; `None` when that
/// means something else once it is text.
fn sent_contents<'api>(api: &Api, body: &'api RequestBody) -> Option<Vec<&'api Content>> {
    let mut contents = Vec::new();
    for (index, content) in body.contents.iter().enumerate() {
        let mut before = body.contents.iter().take(index);
        let is_taken = before.any(|other| match other.media_type.strip_suffix('*') {
            Some("*/") => true,
            Some(range) => content.sent_media_type.starts_with(range),
            None => content.sent_media_type == other.media_type,
        });
        let is_sent = index == 0 || content.client_name.is_some();
        if is_sent && !is_taken && is_body_clear(api, content) {
            contents.push(content);
        } else if index == 0 {
            return None;
        }
    }
    Some(contents)
}

/// The required arguments: by position, or in a struct where they are many.
fn arguments(operation: &Operation, required: &[(Ident, TokenStream, TokenStream)]) -> TokenStream {
    let Some(name) = &operation.required_type else {
        let arguments = required.iter().map(|(_, argument, _)| argument);
        return quote!(#(#arguments),*);
    };
    let name = ident(name);
    let fields = required
        .iter()
        .map(|(field, _, value)| quote!(#field: #value));
    quote!(client::#name { #(#fields),* })
}

/// The value of a parameter: texts differ from parameter to parameter and need encoding, if they can stand it.
fn value(api: &Api, operation: &Operation, parameter: &Parameter) -> Value {
    let wire_name = &parameter.wire_name;
    let alone = |template: &[PathPart]| {
        let position = template
            .iter()
            .position(|part| matches!(part, PathPart::Parameter(name) if name == wire_name));
        let is_slash = |part: Option<&PathPart>, at_end: bool| match part {
            None => true,
            Some(PathPart::Parameter(_)) => false,
            Some(PathPart::Literal(text)) if at_end => text.ends_with('/'),
            Some(PathPart::Literal(text)) => text.starts_with('/'),
        };
        position.is_some_and(|at| {
            let before = at.checked_sub(1).and_then(|before| template.get(before));
            is_slash(before, true) && is_slash(template.get(at + 1), false)
        })
    };
    let special = match parameter.location {
        ParameterLocation::Path => alone(&operation.path.parts),
        ParameterLocation::Query => !parameter.allow_reserved,
        ParameterLocation::Header | ParameterLocation::Cookie => false,
    };
    match api.resolve(&parameter.ty) {
        Type::String if special => {
            Value::String(format!("{} a/b+c&d=%41\u{fc}", letters(wire_name)))
        }
        Type::String => Value::String(letters(wire_name)),
        _ => sample(api, &parameter.ty),
    }
}

fn letters(text: &str) -> String {
    let letters: String = text.chars().filter(char::is_ascii_alphanumeric).collect();
    format!("x{letters}")
}

/// The argument of a parameter, in the form that the client takes.
fn parameter_argument(api: &Api, ty: &Type, value: &Value) -> TokenStream {
    let json = string(&value.to_string());
    match api.resolve(ty) {
        Type::List(item) if *api.resolve(item) == Type::String => {
            quote!(harness::of::<Vec<String>>(#json))
        }
        Type::List(_) => quote!(harness::of::<Vec<_>>(#json)),
        Type::Any => quote!(harness::of::<::serde_json::Value>(#json)),
        _ => scalar_argument(api, ty, &json),
    }
}

fn scalar_argument(api: &Api, ty: &Type, json: &Literal) -> TokenStream {
    match api.resolve(ty) {
        Type::String => quote!(harness::of::<String>(#json)),
        _ if api.is_small(ty) => quote!(harness::of(#json)),
        _ => quote!(&harness::of(#json)),
    }
}

fn body_argument(api: &Api, content: &Content) -> TokenStream {
    let json = string(&sample(api, &content.ty).to_string());
    match content.encoding {
        BodyEncoding::Multipart => quote!(&harness::of(#json)),
        BodyEncoding::Json | BodyEncoding::Form => match api.resolve(&content.ty) {
            Type::List(_) => quote!(&harness::of::<Vec<_>>(#json)),
            Type::Any => quote!(&harness::of::<::serde_json::Value>(#json)),
            _ => scalar_argument(api, &content.ty, &json),
        },
        BodyEncoding::Text
        | BodyEncoding::EventStream
        | BodyEncoding::JsonLines
        | BodyEncoding::Binary => {
            let text = string(&text(&sample(api, &content.ty)));
            quote!(#text)
        }
    }
}

/// The body as a field of the struct of required arguments.
fn body_field(api: &Api, content: &Content) -> TokenStream {
    let sample = sample(api, &content.ty);
    match content.encoding {
        BodyEncoding::Json | BodyEncoding::Form | BodyEncoding::Multipart => {
            let json = string(&sample.to_string());
            quote!(harness::of(#json))
        }
        BodyEncoding::Text
        | BodyEncoding::EventStream
        | BodyEncoding::JsonLines
        | BodyEncoding::Binary => {
            let text = string(&text(&sample));
            quote!(Into::into(#text))
        }
    }
}

/// The body as the server's request has it.
fn arrived_body(
    api: &Api,
    operation: &Operation,
    body: &RequestBody,
    content: &Content,
) -> TokenStream {
    let sample = sample(api, &content.ty);
    let json = string(&sample.to_string());
    let value = match content.encoding {
        BodyEncoding::Multipart => {
            quote!(crate::api::server::Multipart::new(harness::of(#json)))
        }
        BodyEncoding::Binary if content.is_bytes(api) => {
            let text = string(&text(&sample));
            quote!(crate::api::server::Upload::new(#text))
        }
        _ => quote!(harness::of(#json)),
    };
    let value = match variant(operation, body, content) {
        Some(variant) => quote!(#variant(#value)),
        None => value,
    };
    if body.required {
        value
    } else {
        quote!(Some(#value))
    }
}

/// The variant of a media type, where there are several.
fn variant(operation: &Operation, body: &RequestBody, content: &Content) -> Option<TokenStream> {
    let variant = ident(&content.variant);
    let name = operation_type(operation, OperationType::RequestBody);
    (body.contents.len() > 1).then(|| quote!(server::#name::#variant))
}

fn read_body(
    api: &Api,
    operation: &Operation,
    body: &RequestBody,
    contents: &[&Content],
) -> TokenStream {
    let reader = |content: &Content| match content.encoding {
        BodyEncoding::Multipart => Some(quote!(harness::form)),
        BodyEncoding::Binary if content.is_bytes(api) => Some(quote!(harness::bytes)),
        _ => None,
    };
    let arms = contents.iter().filter_map(|content| {
        let read = reader(content)?;
        Some(match variant(operation, body, content) {
            Some(variant) => quote!(#variant(body) => #variant(#read(body).await?),),
            None => quote!(#read(body).await?),
        })
    });
    let arms: Vec<TokenStream> = arms.collect();
    if arms.is_empty() {
        return TokenStream::new();
    }
    let other = (arms.len() < body.contents.len()).then(|| quote!(other => other));
    let read = if body.contents.len() > 1 {
        quote!(match body { #(#arms)* #other })
    } else {
        quote!(#(#arms)*)
    };
    let field = ident(&body.name);
    let read = if body.required {
        quote!({
            let body = request.#field;
            #read
        })
    } else {
        quote!(match request.#field {
            Some(body) => Some(#read),
            None => None,
        })
    };
    quote! {
        let mut request = request;
        request.#field = #read;
    }
}

/// Whether the path has a query of its own with the name of a query parameter in it.
fn writes_a_parameter_twice(operation: &Operation) -> bool {
    let Some((_, query)) = operation.path.template.split_once('?') else {
        return false;
    };
    operation.parameters.iter().any(|parameter| {
        parameter.location == ParameterLocation::Query
            && query
                .split('&')
                .any(|pair| pair.split('=').next() == Some(parameter.wire_name.as_str()))
    })
}

/// Whether a parameter still means the same once it is text.
fn is_clear(api: &Api, operation: &Operation, parameter: &Parameter) -> bool {
    use ParameterStyle::{DeepObject, Form, Json};
    if parameter.style == Json || is_scalar(api, &parameter.ty) {
        return true;
    }
    let exploded_form = parameter.style == Form && parameter.explode;
    match api.resolve(&parameter.ty) {
        Type::List(item) => parameter.style != DeepObject && is_scalar(api, item),
        Type::Map(item) => !exploded_form && is_scalar(api, item),
        Type::Named(id) | Type::Boxed(id) => match &api.definition(*id).kind {
            TypeKind::Struct(structure) => {
                let lists = exploded_form || parameter.style == DeepObject;
                is_flat(api, structure, lists)
                    && !(exploded_form && shares_a_name(operation, structure))
            }
            _ => false,
        },
        _ => false,
    }
}

/// Whether a property of an exploded object has the name of another parameter.
fn shares_a_name(operation: &Operation, structure: &Struct) -> bool {
    structure.additional.is_some()
        || structure.fields.iter().any(|field| {
            operation
                .parameters
                .iter()
                .any(|parameter| parameter.wire_name == field.wire_name)
        })
}

fn is_flat(api: &Api, structure: &Struct, lists: bool) -> bool {
    !structure.fields.is_empty()
        && structure
            .fields
            .iter()
            .all(|field| match api.resolve(&field.ty) {
                Type::List(item) if lists => is_scalar(api, item),
                _ => is_scalar(api, &field.ty),
            })
}

/// Whether a value is one text.
fn is_scalar(api: &Api, ty: &Type) -> bool {
    match api.resolve(ty) {
        Type::Null | Type::List(_) | Type::Tuple(_) | Type::Map(_) | Type::Binary => false,
        Type::Nullable(inner) => is_scalar(api, inner),
        resolved @ (Type::Named(id) | Type::Boxed(id)) => match &api.definition(*id).kind {
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => true,
            TypeKind::Union(_) => {
                let sample = sample(api, resolved);
                sample.is_string() || sample.is_number() || sample.is_boolean()
            }
            _ => false,
        },
        _ => true,
    }
}

/// Whether a body still means the same once it is a form or text.
fn is_body_clear(api: &Api, content: &Content) -> bool {
    match content.encoding {
        BodyEncoding::Json | BodyEncoding::Binary => true,
        BodyEncoding::Text | BodyEncoding::EventStream | BodyEncoding::JsonLines => {
            *api.resolve(&content.ty) == Type::Any || is_scalar(api, &content.ty)
        }
        BodyEncoding::Form | BodyEncoding::Multipart => match api.resolve(&content.ty) {
            Type::Named(id) | Type::Boxed(id) => match &api.definition(*id).kind {
                TypeKind::Struct(structure) => structure
                    .fields
                    .iter()
                    .all(|field| is_field_clear(api, content, &field.ty)),
                _ => false,
            },
            _ => false,
        },
    }
}

fn is_field_clear(api: &Api, content: &Content, ty: &Type) -> bool {
    let multipart = content.encoding == BodyEncoding::Multipart;
    let item_clear = |ty: &Type| match api.resolve(ty) {
        Type::Binary => multipart,
        Type::Map(_) => true,
        Type::Named(id) | Type::Boxed(id) => {
            matches!(api.definition(*id).kind, TypeKind::Struct(_)) || is_scalar(api, ty)
        }
        _ => is_scalar(api, ty),
    };
    match api.resolve(ty) {
        Type::List(item) => item_clear(item),
        _ => item_clear(ty),
    }
}
