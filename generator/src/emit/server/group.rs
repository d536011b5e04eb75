//! The module of one group: its trait, its routes and their dispatch, and the types of its operations.

use crate::emit::code::{Code, quote};

use super::documentation;
use super::{request, response};
use crate::emit::doc::{self, code};
use crate::emit::group_files::{Group, Layout};
use crate::emit::rust::{FormatError, chunk, ident, string, suffixed};
use crate::ir::{Api, Operation, PathPart, Tag};

/// The operations that one trait serves.
pub(super) struct Operations<'api> {
    pub(super) tag: &'api Tag,
    pub(super) operations: Vec<&'api Operation>,
    pub(super) layout: Layout,
}

impl<'api> Operations<'api> {
    /// Those of a tag that a router can tell apart.
    pub(super) fn of(api: &'api Api, tag: &'api Tag) -> Self {
        Self::new(tag, api.served_of(tag).collect())
    }

    /// These.
    pub(super) fn new(tag: &'api Tag, operations: Vec<&'api Operation>) -> Self {
        Self {
            layout: Layout::of(operations.len()),
            tag,
            operations,
        }
    }

    /// The request and the response of one of the operations, and `more` of it. What the group has of each operation is
    /// with it where that has a file of its own.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn operation(
        &self,
        api: &Api,
        operation: &Operation,
        more: &Code,
    ) -> Result<String, FormatError> {
        let request = request::generate(api, operation);
        let response = response::generate(api, operation);
        let served = match self.layout {
            Layout::File => quote!(),
            Layout::Folder => served(self.tag, operation),
        };
        chunk(quote!(#request #served #response #more))
    }

    /// The trait, its routes and their dispatch, in the file of the tag.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn surroundings(&self) -> Result<Group, FormatError> {
        let docs = format!("The operations of the group {}.", code(&self.tag.name));
        let path = format!("{}/{}", super::FOLDER, self.tag.module.plain());
        self.surroundings_in(path, &docs, &quote!())
    }

    /// The trait, its routes and their dispatch, and `more` behind them; `path` is that of the file without its
    /// extension.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn surroundings_in(
        &self,
        path: String,
        docs: &str,
        more: &Code,
    ) -> Result<Group, FormatError> {
        let server_trait = server_trait(self.tag, &self.operations);
        let routers = routers(self.tag);
        let operations = self.operations.iter();
        let table = operations.map(|operation| match self.layout {
            Layout::File => route(operation),
            Layout::Folder => {
                let request = suffixed(&operation.type_name, "Request");
                quote!(#request::ROUTE)
            }
        });
        let dispatch = self.dispatch();
        Ok(Group {
            path,
            docs: doc::lines(docs).join("\n"),
            before: chunk(quote!(#server_trait #routers #more))?,
            after: chunk(quote! {
                static ROUTES: &[crate::server::Route] = &[#(#table),*];
                #dispatch
            })?,
        })
    }

    /// One small future an operation, chosen by its place in the table.
    fn dispatch(&self) -> Code {
        let server_trait = ident(&self.tag.server_trait);
        let operations = self.operations.iter().enumerate();
        let arms = operations.map(|(index, operation)| {
            let request = suffixed(&operation.type_name, "Request");
            let answer = match self.layout {
                Layout::File => answer(operation, &quote!(#request), &quote!(#server_trait)),
                Layout::Folder => quote!(#request::answer(api, context, payload)),
            };
            quote!(#index => #answer)
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
}

/// The route of an operation and the future that answers it, in a file of its own.
fn served(tag: &Tag, operation: &Operation) -> Code {
    let server_trait = ident(&tag.server_trait);
    let request = suffixed(&operation.type_name, "Request");
    let route = route(operation);
    let answer = answer(operation, &quote!(Self), &quote!(super::#server_trait));
    quote! {
        impl #request {
            pub(super) const ROUTE: crate::server::Route = #route;

            pub(super) fn answer<__Api: super::#server_trait>(
                api: ::std::sync::Arc<__Api>,
                context: crate::server::RequestContext,
                payload: crate::server::Payload,
            ) -> crate::server::ReplyFuture {
                #answer
            }
        }
    }
}

/// The future that reads the request and has it answered.
fn answer(operation: &Operation, request: &Code, server_trait: &Code) -> Code {
    let name = ident(&operation.name);
    quote! {
        ::std::boxed::Box::pin(async move {
            let request = #request::read(&context, payload)?;
            crate::server::settle(<__Api as #server_trait>::#name(&api, &context, request).await)
        })
    }
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
    let docs = documentation::comments(&code(&route), &operation.docs);
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
