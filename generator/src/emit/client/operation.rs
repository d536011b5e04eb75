//! One operation: its static description, the client's method, and the request that the method makes.

use super::super::doc;
use super::super::rust::{CratePath, ident, string, suffixed, type_tokens};
use super::argument;
use super::body::Place;
use super::{alternative, body, docs, failure, reserved, success};
use crate::emit::code::{Code, Ident, Literal, quote};
use crate::ir::{
    Api, HttpMethod, Name, Operation, Pagination, Parameter, ParameterLocation, ParameterStyle,
    PathPart, RequestBody, Status,
};

/// How many arguments a method has at most; an operation that requires more takes them in a struct.
const MAX_ARGUMENTS: usize = 6;

/// All items of an operation.
pub(super) fn generate(api: &Api, operation: &Operation) -> Code {
    let constant = constant(operation);
    let description = description(operation);
    let (method, required) = method(api, operation);
    let alternatives = alternative::methods(api, operation);
    let request = ident(&operation.type_name);
    let request_docs = doc::line(&format!(
        "A call of {}, not yet performed.",
        reserved::client_method_link(&operation.name)
    ));
    let setters = setters(api, operation);
    let other_bodies = alternative::setters(api, operation);
    let success::Success { methods, items } = success::generate(api, operation);
    let other_senders = alternative::senders(api, operation);
    let errors = failure::generate(api, operation);
    quote! {
        static #constant: crate::client::operation::Operation = #description;

        impl crate::client::Client { #method #alternatives }

        #request_docs
        #[derive(Debug)]
        #[must_use = "a call does nothing until it is sent"]
        pub struct #request {
            request: crate::client::request::Request,
        }

        impl #request {
            #setters
            #other_bodies
            #methods
            #other_senders
        }

        #required
        #items
        #errors
    }
}

/// The name of an operation's static description. No parameter may have the name of a static, so that one without a letter
/// (`_0`) gets some; two underscores stand in no other name.
fn constant(operation: &Operation) -> Ident {
    let name = operation.name.plain().to_ascii_uppercase();
    let has_letter = name.contains(|letter: char| letter.is_ascii_uppercase());
    match has_letter {
        true => Ident::new(&name),
        false => Ident::new(&format!("OPERATION_{name}")),
    }
}

fn description(operation: &Operation) -> Code {
    let id = string(&operation.id);
    let method = method_constant(operation.method);
    let path = operation.path.parts.iter().map(|part| match part {
        PathPart::Literal(text) => {
            let text = string(text);
            quote!(crate::client::operation::PathPart::Literal(#text))
        }
        PathPart::Parameter(name) => {
            let name = string(name);
            quote!(crate::client::operation::PathPart::Parameter(#name))
        }
    });
    let parameters = operation.parameters.iter().map(parameter);
    let accept = string(&success::accept(operation));
    let responses = operation.responses.iter().map(|response| {
        let (first, last) = match response.status {
            Status::Code(code) => (code, code),
            Status::Range(hundred) => (u16::from(hundred) * 100, u16::from(hundred) * 100 + 99),
            Status::Default => (0, u16::MAX),
        };
        let first = Literal::integer(first);
        let last = Literal::integer(last);
        let meaning = string(docs::meaning(response));
        quote!(crate::client::operation::Documented::new(#first, #last, #meaning))
    });
    let security = match &operation.security {
        None => quote!(::std::option::Option::None),
        Some(alternatives) => {
            let alternatives = alternatives.iter().map(|schemes| {
                let names = schemes.keys().map(|name| string(name));
                quote!(&[#(#names),*])
            });
            quote!(::std::option::Option::Some(&[#(#alternatives),*]))
        }
    };
    let cursor = match &operation.pagination {
        Some(Pagination::Link {
            cursor: Some(cursor),
            ..
        }) => {
            let cursor = string(cursor);
            quote!(::std::option::Option::Some(#cursor))
        }
        _ => quote!(::std::option::Option::None),
    };
    quote! {
        crate::client::operation::Operation {
            id: #id,
            method: ::http::Method::#method,
            path: &[#(#path),*],
            parameters: &[#(#parameters),*],
            accept: #accept,
            responses: &[#(#responses),*],
            security: #security,
            cursor: #cursor,
        }
    }
}

fn parameter(parameter: &Parameter) -> Code {
    let name = string(&parameter.wire_name);
    let location = location(parameter.location);
    let Parameter {
        explode,
        allow_reserved,
        ..
    } = parameter;
    let style = match parameter.style {
        ParameterStyle::Simple if !explode && !allow_reserved => {
            return quote!(crate::client::operation::Parameter::simple(#location, #name));
        }
        ParameterStyle::Form if *explode && !allow_reserved => {
            return quote!(crate::client::operation::Parameter::form(#location, #name));
        }
        ParameterStyle::Simple => quote!(Simple),
        ParameterStyle::Label => quote!(Label),
        ParameterStyle::Matrix => quote!(Matrix),
        ParameterStyle::Form => quote!(Form),
        ParameterStyle::SpaceDelimited => quote!(SpaceDelimited),
        ParameterStyle::PipeDelimited => quote!(PipeDelimited),
        ParameterStyle::DeepObject => quote!(DeepObject),
        ParameterStyle::Json => quote!(Json),
    };
    quote! {
        crate::client::operation::Parameter::new(
            #location, #name, crate::client::operation::Style::#style, #explode, #allow_reserved
        )
    }
}

/// The runtime's word for a location.
pub(super) fn location(location: ParameterLocation) -> Code {
    let variant = match location {
        ParameterLocation::Path => quote!(Path),
        ParameterLocation::Query => quote!(Query),
        ParameterLocation::Header => quote!(Header),
        ParameterLocation::Cookie => quote!(Cookie),
    };
    quote!(crate::client::operation::Location::#variant)
}

fn method_constant(method: HttpMethod) -> Ident {
    Ident::new(method.as_str())
}

/// The call that sets a parameter: `query("full", &full)`.
fn set(parameter: &Parameter, value: &Code) -> Code {
    let wire = string(&parameter.wire_name);
    let method = match parameter.location {
        ParameterLocation::Path => quote!(path),
        ParameterLocation::Query => quote!(query),
        ParameterLocation::Header => quote!(header),
        ParameterLocation::Cookie => quote!(cookie),
    };
    quote!(#method(#wire, #value))
}

/// The client's method, and the struct of its arguments where there are too many.
fn method(api: &Api, operation: &Operation) -> (Code, Code) {
    let name = reserved::client_method(&operation.name);
    constructor(api, operation, &name, &docs::method(api, operation))
}

/// Whether the operation requires more than fits into arguments.
pub(super) fn takes_a_struct(operation: &Operation) -> bool {
    let parameters = operation.parameters.iter().filter(|p| p.required).count();
    let body = operation
        .request_body
        .iter()
        .filter(|body| body.required)
        .count();
    parameters + body > MAX_ARGUMENTS
}

/// A method of the client that makes the request, and the struct of its arguments where there are too many.
pub(super) fn constructor(
    api: &Api,
    operation: &Operation,
    name: &Ident,
    docs: &Code,
) -> (Code, Code) {
    let parameters: Vec<_> = operation.parameters.iter().filter(|p| p.required).collect();
    let body = operation.request_body.as_ref().filter(|body| body.required);
    let (arguments, calls, items) = if takes_a_struct(operation) {
        in_struct(api, operation, &parameters, body)
    } else {
        let (arguments, calls) = positional(api, &parameters, body);
        (arguments, calls, Code::new())
    };
    let deprecated = operation.docs.deprecated.then(|| quote!(#[deprecated]));
    let request = ident(&operation.type_name);
    let constant = constant(operation);
    let method = quote! {
        #docs
        #deprecated
        pub fn #name(&self, #arguments) -> #request {
            #request { request: crate::client::request::Request::new(self, &#constant) #calls }
        }
    };
    (method, items)
}

fn positional(api: &Api, parameters: &[&Parameter], body: Option<&RequestBody>) -> (Code, Code) {
    let mut arguments = Code::new();
    let mut calls = Code::new();
    for parameter in parameters {
        let name = ident(&parameter.name);
        let argument = argument::parameter(api, &parameter.ty, &name);
        let ty = argument.ty;
        let call = set(parameter, &argument.value);
        arguments.push(quote!(#name: #ty,));
        calls.push(quote!(.#call));
    }
    if let Some((name, content)) = content(body) {
        let name = ident(name);
        let body = body::argument(api, content, Place::Argument(&name));
        let (ty, call) = (body.ty, body.value);
        arguments.push(quote!(#name: #ty));
        calls.push(quote!(.#call));
    }
    (arguments, calls)
}

fn in_struct(
    api: &Api,
    operation: &Operation,
    parameters: &[&Parameter],
    body: Option<&RequestBody>,
) -> (Code, Code, Code) {
    let name = suffixed(&operation.type_name, "Required");
    let mut fields = Code::new();
    let mut calls = Code::new();
    for parameter in parameters {
        let field = ident(&parameter.name);
        let docs = documented(&parameter.docs, &parameter.wire_name);
        let ty = type_tokens(api, &CratePath::inside(), &parameter.ty);
        let call = set(parameter, &quote!(&required.#field));
        fields.push(quote!(#docs pub #field: #ty,));
        calls.push(quote!(.#call));
    }
    if let Some((body_name, content)) = content(body) {
        let field = ident(body_name);
        let body = body::argument(api, content, Place::Field(&field));
        let (ty, call) = (body.ty, body.value);
        fields.push(quote!(#[doc = " The body."] pub #field: #ty,));
        calls.push(quote!(.#call));
    }
    let docs = doc::line(&format!(
        "What `{}` cannot do without.",
        operation.name.plain()
    ));
    let items = quote! {
        #docs
        #[derive(Debug)]
        pub struct #name { #fields }
    };
    (quote!(required: #name), calls, items)
}

/// The name and the content of a body.
fn content(body: Option<&RequestBody>) -> Option<(&Name, &crate::ir::Content)> {
    let body = body?;
    Some((&body.name, body.contents.first()?))
}

fn setters(api: &Api, operation: &Operation) -> Code {
    let mut setters = Code::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| !parameter.required)
    {
        let name = ident(&parameter.name);
        let method = reserved::request_method(&parameter.name);
        let argument = argument::parameter(api, &parameter.ty, &name);
        let ty = argument.ty;
        let call = set(parameter, &argument.value);
        let docs = documented(&parameter.docs, &parameter.wire_name);
        let deprecated = parameter.docs.deprecated.then(|| quote!(#[deprecated]));
        setters.push(quote! {
            #docs
            #deprecated
            pub fn #method(self, #name: #ty) -> Self {
                Self { request: self.request.#call }
            }
        });
    }
    let body = operation
        .request_body
        .as_ref()
        .filter(|body| !body.required);
    if let Some((name, content)) = content(body) {
        let method = reserved::request_method(name);
        let name = ident(name);
        let argument = body::argument(api, content, Place::Argument(&name));
        let (ty, call) = (argument.ty, argument.value);
        setters.push(quote! {
            /// Sets the body.
            pub fn #method(self, #name: #ty) -> Self {
                Self { request: self.request.#call }
            }
        });
    }
    setters
}

/// The docs of a parameter; every public item has some.
fn documented(docs: &crate::ir::Docs, wire_name: &str) -> Code {
    let fallback = format!("The parameter {}.", doc::code(wire_name));
    doc::comments_or(docs, &fallback)
}
