//! One operation: the client's methods, and the builder of its request where it takes optional arguments.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::super::example::Example;
use super::super::operations::wire_name;
use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Function, Items, Table};
use super::body::{self, BodySource};
use super::response_type;
use super::{arguments, docs, error_type};
use crate::api::{Content, Name, Operation, Parameter, ParameterLocation, Type};
use crate::emit::doc;
use crate::emit::tokens::{ident, own_ident, string};

/// Adds the methods of the client (one for the operation, one more for each further media type of a required body), and
/// the builder.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub(super) fn add_rows(
    table: &mut Table,
    scope: &Scope<'_>,
    operation: &Operation,
    example: &Example,
) -> Result<(), FormatError> {
    let required = operation.request_body.as_ref().filter(|body| body.required);
    let first = required.and_then(|body| body.contents.first());
    // The macro adds the example of a method whose arguments are texts and a model as its body.
    let is_typed = has_typed_parameter(scope, operation)
        || first.is_some_and(|content| !body::is_model(scope.api(), content));
    let example = is_typed.then_some(example);
    let docs = docs::method(scope.api(), operation, example);
    table.blank();
    table.function(&method(
        scope,
        operation,
        &operation.client_method,
        first,
        docs,
    ))?;
    if operation.has_builder() {
        add_builder(table, scope, operation);
    }
    for content in required.iter().flat_map(|body| &body.contents) {
        let Some(name) = &content.client_name else {
            continue;
        };
        let docs = doc::own(&format!(
            "[`{}`](Self::{}) with a body of {}.",
            operation.client_method,
            operation.client_method.plain(),
            doc::code(&content.media_type)
        ));
        table.blank();
        table.function(&method(scope, operation, name, Some(content), docs))?;
    }
    Ok(())
}

/// A method that makes the request, with this content of the body, if one is required.
fn method(
    scope: &Scope<'_>,
    operation: &Operation,
    name: &Name,
    content: Option<&Content>,
    docs: TokenStream,
) -> Function {
    let name = ident(name);
    let (arguments, body, calls) = match &operation.required_type {
        Some(required) => {
            let required = ident(required);
            (
                vec![quote!(required: #required)],
                None,
                calls_of_struct(scope, operation, content),
            )
        }
        None => positional(scope, operation, content),
    };
    let constant = ident(&operation.constant);
    let returns = if operation.has_builder() {
        let builder = ident(&operation.type_name);
        quote!(#builder)
    } else {
        response_type::call(scope, operation)
    };
    Function {
        docs,
        name: quote!(pub fn #name),
        arguments,
        body,
        returns,
        value: quote!(operations::#constant #calls),
    }
}

/// Whether the method of an operation has an argument with a type besides the body.
fn has_typed_parameter(scope: &Scope<'_>, operation: &Operation) -> bool {
    let mut required = operation.parameters.iter().filter(|each| each.required);
    operation.required_type.is_some() || required.any(|each| !is_text_of_path(scope, each))
}

/// Whether a parameter is a text of the path, whose argument has no type.
fn is_text_of_path(scope: &Scope<'_>, parameter: &Parameter) -> bool {
    let is_text = *scope.api().resolve(&parameter.ty) == Type::String;
    is_text && parameter.location == ParameterLocation::Path
}

/// Adds what there is of an operation besides the client's methods.
pub(super) fn add(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    add_further_methods(items, scope, operation)?;
    if let Some(name) = &operation.required_type {
        add_required(items, scope, operation, name)?;
    }
    response_type::add(items, scope, operation)?;
    error_type::add(items, scope, operation)
}

/// `pub struct ListTeams => items of models::Team { cursor = query }`
fn add_builder(table: &mut Table, scope: &Scope<'_>, operation: &Operation) {
    let builder = ident(&operation.type_name);
    let response = response_type::for_builder(scope, operation);
    let parameters = operation.parameters.iter();
    let optional = parameters.filter(|parameter| !parameter.required);
    table.block(&quote!(pub struct #builder => #response), |table| {
        optional.for_each(|parameter| table.row(&setter(scope, parameter)));
    });
}

/// Adds the methods of a builder that set a body, or ask for another content of the response.
fn add_further_methods(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
) -> Result<(), FormatError> {
    let mut methods = TokenStream::new();
    if let Some(body) = operation
        .request_body
        .as_ref()
        .filter(|body| !body.required)
    {
        let docs = doc::of_member(&body.docs, &[body.name.plain(), operation.name.plain()]);
        let first = body.contents.first();
        methods.extend(first.map(|content| body_setter(scope, &body.setter, content, &docs)));
        for content in &body.contents {
            let Some(name) = &content.client_name else {
                continue;
            };
            let docs = doc::text(&format!(
                "Sets the body, as {}.",
                doc::code(&content.media_type)
            ));
            methods.extend(body_setter(scope, name, content, &docs));
        }
    }
    for (name, content) in operation.further_contents() {
        methods.extend(sender(scope, operation, name, content));
    }
    if methods.is_empty() {
        return Ok(());
    }
    let builder = ident(&operation.type_name);
    items.push(quote!(impl #builder { #methods }))
}

/// The call that sets a parameter: `query("full", &full)`.
fn set(parameter: &Parameter, value: &TokenStream) -> TokenStream {
    let wire = string(&parameter.wire_name);
    let method = match parameter.location {
        ParameterLocation::Path => quote!(path),
        ParameterLocation::Query => quote!(query),
        ParameterLocation::Header => quote!(header),
        ParameterLocation::Cookie => quote!(cookie),
    };
    quote!(#method(#wire, #value))
}

/// `names[] = query "name"`
fn setter(scope: &Scope<'_>, parameter: &Parameter) -> TokenStream {
    let docs = doc::of_setter(&parameter.docs, parameter.name.plain());
    let method = ident(&parameter.setter);
    let location = own_ident(parameter.location.key());
    let wire_name = wire_name(&parameter.setter, &parameter.wire_name);
    let api = scope.api();
    let kind = match api.resolve(&parameter.ty) {
        Type::String => TokenStream::new(),
        Type::List(item) if *api.resolve(item) == Type::String => quote!([]),
        Type::List(item) => {
            let item = scope.ty(item);
            quote!([#item])
        }
        _ => {
            let ty = arguments::parameter(scope, &parameter.ty, &own_ident("value")).ty;
            quote!(: #ty)
        }
    };
    quote!(#docs #method #kind = #location #wire_name)
}

fn body_setter(
    scope: &Scope<'_>,
    name: &Name,
    content: &Content,
    docs: &TokenStream,
) -> TokenStream {
    let method = ident(name);
    let value = own_ident("body");
    let argument = body::argument(scope, content, BodySource::Argument(&value));
    let (ty, call) = (argument.ty, argument.value);
    quote! {
        #docs
        pub fn #method(self, body: #ty) -> Self {
            Self(self.0.#call)
        }
    }
}

/// The method that asks for another content of the success than the preferred one.
fn sender(scope: &Scope<'_>, operation: &Operation, name: &Name, content: &Content) -> TokenStream {
    let name = ident(name);
    let media_type = string(&content.sent_media_type);
    let receive = response_type::ty(&content.received(), scope, operation);
    let call = scope.name(known::CALL);
    let docs = doc::text(&format!(
        "Asks for a response of {}.",
        doc::code(&content.media_type)
    ));
    quote! {
        #docs
        pub fn #name(self) -> #call<#receive> {
            self.0.accept(#media_type).into()
        }
    }
}

/// The arguments of a method, its body if that is a model, and the calls that set what has a type.
fn positional(
    scope: &Scope<'_>,
    operation: &Operation,
    content: Option<&Content>,
) -> (Vec<TokenStream>, Option<TokenStream>, TokenStream) {
    let mut arguments = Vec::new();
    let mut calls = TokenStream::new();
    let parameters = operation.parameters.iter();
    for parameter in parameters.filter(|parameter| parameter.required) {
        let name = ident(&parameter.name);
        if is_text_of_path(scope, parameter) {
            let wire_name = wire_name(&parameter.name, &parameter.wire_name);
            arguments.push(quote!(#name #wire_name));
            continue;
        }
        let argument = arguments::parameter(scope, &parameter.ty, &name);
        let (ty, call) = (argument.ty, set(parameter, &argument.value));
        arguments.push(quote!(#name: #ty));
        calls.extend(quote!(.#call));
    }
    if let (Some(body), Some(content)) = (&operation.request_body, content) {
        let name = ident(&body.name);
        let argument = body::argument(scope, content, BodySource::Argument(&name));
        let (ty, call) = (argument.ty, argument.value);
        calls.extend(quote!(.#call));
        if body::is_model(scope.api(), content) {
            return (arguments, Some(quote!(#name: #ty)), calls);
        }
        arguments.push(quote!(#name: #ty));
    }
    (arguments, None, calls)
}

fn calls_of_struct(
    scope: &Scope<'_>,
    operation: &Operation,
    content: Option<&Content>,
) -> TokenStream {
    let mut calls = TokenStream::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let field = ident(&parameter.name);
        let call = set(parameter, &quote!(&required.#field));
        calls.extend(quote!(.#call));
    }
    if let (Some(body), Some(content)) = (&operation.request_body, content) {
        let call = body::argument(scope, content, BodySource::Field(&ident(&body.name))).value;
        calls.extend(quote!(.#call));
    }
    calls
}

/// Adds the struct of the required arguments, where there are many.
fn add_required(
    items: &mut Items,
    scope: &Scope<'_>,
    operation: &Operation,
    name: &Name,
) -> Result<(), FormatError> {
    let name: Ident = ident(name);
    let mut fields = TokenStream::new();
    for parameter in operation
        .parameters
        .iter()
        .filter(|parameter| parameter.required)
    {
        let (field, ty) = (ident(&parameter.name), scope.ty(&parameter.ty));
        let docs = doc::of_member(&parameter.docs, &[parameter.name.plain()]);
        fields.extend(quote!(#docs pub #field: #ty,));
    }
    let body = operation.request_body.as_ref().filter(|body| body.required);
    if let Some((body, content)) = body.and_then(|body| Some((body, body.contents.first()?))) {
        let field = ident(&body.name);
        let ty = body::argument(scope, content, BodySource::Field(&field)).ty;
        fields.extend(quote!(pub #field: #ty,));
    }
    let docs = doc::line(&format!(
        "The required arguments of `{}`.",
        operation.client_method
    ));
    items.push(quote! {
        #docs
        #[derive(Debug)]
        pub struct #name { #fields }
    })
}
