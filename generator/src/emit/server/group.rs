//! The module of one group: its trait, its routes and their dispatch, and the types of its operations.

use crate::emit::code::{Code, quote};

use super::documentation;
use super::{request, response};
use crate::emit::doc::{self, code};
use crate::emit::module_files::{Module, Part, words_of_operation};
use crate::emit::rust::{FormatError, chunk, ident, suffixed};
use crate::ir::{Api, Operation, Tag};

/// The operations that one trait serves.
pub(super) struct Operations<'api> {
    pub(super) tag: &'api Tag,
    pub(super) operations: Vec<&'api Operation>,
    /// The path of the module in the emitted crate.
    pub(super) module: Code,
}

impl<'api> Operations<'api> {
    /// Those of a tag that a router can tell apart.
    pub(super) fn of(api: &'api Api, tag: &'api Tag) -> Self {
        let module = ident(&tag.module);
        Self {
            tag,
            operations: api.served_of(tag).collect(),
            module: quote!(crate::server::operations::#module),
        }
    }

    /// The request and the response of one of the operations, and `more` of it.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn operation(
        &self,
        api: &Api,
        operation: &Operation,
        more: &Code,
    ) -> Result<Part, FormatError> {
        let request = request::generate(api, operation);
        let response = response::generate(api, operation);
        let answer = self.answer(operation);
        Ok(Part {
            words: words_of_operation(operation),
            items: chunk(quote!(#request #answer #response #more))?,
        })
    }

    /// That the trait's method answers the request.
    fn answer(&self, operation: &Operation) -> Code {
        let (module, server_trait) = (&self.module, ident(&self.tag.server_trait));
        let request = suffixed(&operation.type_name, "Request");
        let name = ident(&operation.name);
        quote! {
            impl<__Api: #module::#server_trait> crate::server::AnsweredBy<__Api> for #request {
                fn answer(
                    self,
                    api: &__Api,
                    context: &crate::server::RequestContext,
                ) -> impl ::std::future::Future<
                    Output = ::std::result::Result<Self::Response, __Api::Error>
                > + ::std::marker::Send {
                    #module::#server_trait::#name(api, context, self)
                }
            }
        }
    }

    /// The module without its operations: the trait, its routes and their dispatch, in the file of the tag.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn surroundings(&self) -> Result<Module, FormatError> {
        let docs = format!("The operations of the group {}.", code(&self.tag.name));
        let path = format!("{}/{}", super::FOLDER, self.tag.module.plain());
        self.surroundings_in(path, &docs, &quote!())
    }

    /// The module without its operations, with `more` behind the routers; `path` is that of the file without its
    /// extension.
    ///
    /// # Errors
    /// Emitted Rust cannot be formatted: a defect of this emitter.
    pub(super) fn surroundings_in(
        &self,
        path: String,
        docs: &str,
        more: &Code,
    ) -> Result<Module, FormatError> {
        let server_trait = server_trait(self.tag, &self.operations);
        let routers = routers(self.tag);
        let routes = self.operations.iter().map(|operation| {
            let request = suffixed(&operation.type_name, "Request");
            quote!(<#request as crate::server::OperationRequest>::ROUTE)
        });
        let dispatch = self.dispatch();
        Ok(Module {
            path,
            docs: doc::lines(docs).join("\n"),
            before: chunk(quote!(#server_trait #routers #more))?,
            after: chunk(quote! {
                static ROUTES: &[crate::server::Route] = &[#(#routes),*];
                #dispatch
            })?,
            contents: "Operations",
            ..Module::default()
        })
    }

    /// One small future an operation, chosen by its place in the table.
    fn dispatch(&self) -> Code {
        let server_trait = ident(&self.tag.server_trait);
        let operations = self.operations.iter().enumerate();
        let arms = operations.map(|(index, operation)| {
            let request = suffixed(&operation.type_name, "Request");
            quote!(#index => crate::server::answer::<_, #request>(api, context, payload))
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
    quote! {
        #docs
        fn #name(
            &self,
            context: &crate::server::RequestContext,
            request: #request,
        ) -> impl ::std::future::Future<
            Output = ::std::result::Result<#response, <Self as crate::server::Service>::Error>
        > + ::std::marker::Send {
            crate::server::not_implemented(context, request)
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
