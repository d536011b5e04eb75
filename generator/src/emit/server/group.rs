//! The module of one group: its trait, its routes and their dispatch.

use super::documentation;
use super::{request, response};
use crate::emit::code::{Code, quote};
use crate::emit::doc::{self, code};
use crate::emit::rust::{FormatError, assemble, chunk, ident, string, suffixed};
use crate::ir::{Api, Operation, PathPart, Tag};

/// The request and the response of an operation.
///
/// # Errors
/// Emitted Rust does not parse: a defect of this emitter.
pub(super) fn types(api: &Api, operation: &Operation) -> Result<String, FormatError> {
    let request = request::generate(api, operation);
    let response = response::generate(api, operation);
    chunk(quote!(#request #response))
}

/// What the module of a group has around the types of its operations.
pub(super) struct Parts {
    docs: String,
    before: String,
    after: String,
}

impl Parts {
    /// The text of the module, with the types of its operations.
    ///
    /// # Errors
    /// Emitted Rust does not parse: a defect of this emitter.
    pub(super) fn assemble(self, types: Vec<String>) -> Result<Vec<u8>, FormatError> {
        let chunks = std::iter::once(self.before)
            .chain(types)
            .chain(std::iter::once(self.after));
        assemble(&self.docs, chunks)
    }
}

/// The trait of a group, its routes and their dispatch.
///
/// # Errors
/// Emitted Rust does not parse: a defect of this emitter.
pub(super) fn parts(api: &Api, tag: &Tag) -> Result<Parts, FormatError> {
    let operations: Vec<&Operation> = api.served_of(tag).collect();
    let docs = format!("The operations of the group {}.", code(&tag.name));
    parts_of(tag, &operations, &docs, &quote!())
}

/// The trait of these operations, their routes and their dispatch, and `more` behind them.
///
/// # Errors
/// Emitted Rust does not parse: a defect of this emitter.
pub(super) fn parts_of(
    tag: &Tag,
    operations: &[&Operation],
    docs: &str,
    more: &Code,
) -> Result<Parts, FormatError> {
    let server_trait = server_trait(tag, operations);
    let routers = routers(tag);
    let table = operations.iter().map(|operation| route(operation));
    let dispatch = dispatch(tag, operations);
    Ok(Parts {
        docs: doc::lines(docs).join("\n"),
        before: chunk(quote!(#server_trait #routers #more))?,
        after: chunk(quote! {
            static ROUTES: &[crate::server::Route] = &[#(#table),*];
            #dispatch
        })?,
    })
}

fn server_trait(tag: &Tag, operations: &[&Operation]) -> Code {
    let name = ident(&tag.server_trait);
    let docs = documentation::described(
        &format!("What serves the group {}.", code(&tag.name)),
        tag.description.as_deref(),
    );
    let methods = operations.iter().map(|operation| method(operation));
    quote! {
        #docs
        pub trait #name: crate::server::Service {
            #(#methods)*
        }
    }
}

fn method(operation: &Operation) -> Code {
    let name = ident(&operation.name);
    let request = suffixed(&operation.type_name, "Request");
    let response = suffixed(&operation.type_name, "Response");
    let route = format!("{} {}", operation.method, operation.path.template);
    let docs = documentation::attributes(&code(&route), &operation.docs);
    let id = string(&operation.id);
    quote! {
        #docs
        fn #name(
            &self,
            context: &crate::server::RequestContext,
            request: #request,
        ) -> impl ::std::future::Future<
            Output = ::std::result::Result<#response, <Self as crate::server::Service>::Error>
        > + ::std::marker::Send {
            let _ = (context, request);
            let reply = crate::server::Reply::not_implemented(#id);
            ::std::future::ready(::std::result::Result::Ok(#response::Other(reply)))
        }
    }
}

/// The type parameter of these functions has a name that no description leads to: a trait may be called `A`.
fn routers(tag: &Tag) -> Code {
    let server_trait = ident(&tag.server_trait);
    quote! {
        /// A router of this group alone. Routers of several groups can be merged.
        pub fn router<__Api: #server_trait>(api: __Api) -> ::axum::Router {
            routes(::std::sync::Arc::new(api)).into_router()
        }

        /// The routes of this group, to be joined with those of others.
        pub fn routes<__Api: #server_trait>(api: ::std::sync::Arc<__Api>) -> crate::server::Routes {
            crate::server::Routes::new(
                ROUTES,
                ::std::sync::Arc::new(move |index, context, payload| {
                    dispatch(::std::sync::Arc::clone(&api), index, context, payload)
                }),
            )
        }
    }
}

fn route(operation: &Operation) -> Code {
    let method = string(operation.method.as_str());
    let template = string(&operation.path.template);
    let parts = operation.path.parts.iter().map(|part| match part {
        PathPart::Literal(text) => {
            let text = string(text);
            quote!(crate::server::Part::Literal(#text))
        }
        PathPart::Parameter(name) => {
            let name = string(name);
            quote!(crate::server::Part::Parameter(#name))
        }
    });
    let id = string(&operation.id);
    let reads_body = operation.request_body.is_some();
    quote! {
        crate::server::Route {
            method: #method,
            template: #template,
            parts: &[#(#parts),*],
            operation_id: #id,
            reads_body: #reads_body,
        }
    }
}

/// One small future an operation, chosen by its place in the table.
fn dispatch(tag: &Tag, operations: &[&Operation]) -> Code {
    let server_trait = ident(&tag.server_trait);
    let arms = operations.iter().enumerate().map(|(index, operation)| {
        let name = ident(&operation.name);
        let request = suffixed(&operation.type_name, "Request");
        quote! {
            #index => ::std::boxed::Box::pin(async move {
                let request = #request::read(&context, payload)?;
                crate::server::settle(<__Api as #server_trait>::#name(&api, &context, request).await)
            })
        }
    });
    quote! {
        fn dispatch<__Api: #server_trait>(
            api: ::std::sync::Arc<__Api>,
            index: usize,
            context: crate::server::RequestContext,
            payload: crate::server::Payload,
        ) -> crate::server::ReplyFuture {
            match index {
                #(#arms,)*
                _ => ::std::boxed::Box::pin(::std::future::ready(::std::result::Result::Err(
                    crate::server::Problem::not_found(),
                ))),
            }
        }
    }
}
