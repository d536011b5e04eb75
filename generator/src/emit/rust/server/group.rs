//! The file of one group: its trait, its routers, and the request and response of each operation.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::operations;
use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table, source_file};
use super::{request, response};
use crate::api::{Api, Operation, Tag};
use crate::emit::doc;
use crate::emit::tokens::{ident, suffixed};

/// The operations that one trait serves.
pub(super) struct Group<'api> {
    pub(super) tag: &'api Tag,
    pub(super) operations: Vec<&'api Operation>,
}

impl Group<'_> {
    /// The file of a group of the API.
    ///
    /// # Errors
    /// Emitted Rust cannot be parsed: a defect of this emitter.
    pub(super) fn file(&self, api: &Api, docs: &str) -> Result<Vec<u8>, FormatError> {
        let taken = self.taken();
        let scope = Scope::of_module(api, &taken);
        scope.uses("crate", "operations");
        let mut items = Items::default();
        self.add(&mut items, &scope, &quote!(operations::))?;
        finish(scope, docs, TokenStream::new(), &items)
    }

    /// The file of the webhooks, with a function that mounts each anywhere, and the tables of the operations, which no
    /// client has.
    ///
    /// # Errors
    /// Emitted Rust cannot be parsed: a defect of this emitter.
    pub(super) fn webhooks_file(&self, api: &Api, docs: &str) -> Result<Vec<u8>, FormatError> {
        let taken = self.taken();
        let scope = Scope::of_module(api, &taken);
        let mut items = Items::default();
        self.add(&mut items, &scope, &quote!(self::))?;
        let server_trait = ident(&self.tag.server_trait);
        for operation in &self.operations {
            let (name, request) = (
                ident(&operation.name),
                suffixed(&operation.type_name, "Request"),
            );
            let (arc, router) = (scope.name(known::ARC), scope.name(known::METHOD_ROUTER));
            let docs = doc::text(&format!(
                "The handler of {}, for any path.",
                doc::code(&operation.id)
            ));
            items.push(quote! {
                #docs
                pub fn #name<__Api: #server_trait>(api: &#arc<__Api>) -> #router {
                    crate::server::mount::anywhere::<__Api, #request>(api)
                }
            })?;
        }
        for operation in &self.operations {
            items.push(operations::table(&scope, operation, &TokenStream::new()))?;
        }
        let attributes =
            quote!(#![allow(missing_docs, reason = "not every parameter has a description")]);
        finish(scope, docs, attributes, &items)
    }

    /// The names of the types that the file has.
    fn taken(&self) -> BTreeSet<String> {
        let suffixes = ["Request", "Response", "RequestBody"];
        let mut taken: BTreeSet<String> = self
            .operations
            .iter()
            .flat_map(|operation| {
                suffixes.map(|suffix| suffixed(&operation.type_name, suffix).to_string())
            })
            .collect();
        taken.insert(self.tag.server_trait.as_str().to_owned());
        taken
    }

    fn add(
        &self,
        items: &mut Items,
        scope: &Scope<'_>,
        tables: &TokenStream,
    ) -> Result<(), FormatError> {
        items.push(self.server_trait(scope))?;
        scope.uses("crate::server", "routes");
        let name = ident(&self.tag.server_trait);
        let requests = self.operations.iter().map(|operation| {
            let request = suffixed(&operation.type_name, "Request");
            quote!(#request)
        });
        items.table(Table::new("routes", &quote!(#name), requests));
        for operation in &self.operations {
            self.add_operation(items, scope, operation, tables)?;
        }
        Ok(())
    }

    fn add_operation(
        &self,
        items: &mut Items,
        scope: &Scope<'_>,
        operation: &Operation,
        tables: &TokenStream,
    ) -> Result<(), FormatError> {
        request::add(items, scope, self.tag, operation)?;
        response::add(items, scope, self.tag, operation)?;
        scope.uses("crate::server", "endpoint");
        let (name, method) = (ident(&self.tag.server_trait), ident(&operation.name));
        let constant = ident(&operation.constant);
        let request = suffixed(&operation.type_name, "Request");
        let response = suffixed(&operation.type_name, "Response");
        items.table(Table::with_blocks(
            "endpoint",
            &quote!(#name::#method: #tables #constant),
            [
                (quote!(#request), request::rows(scope, operation)),
                (quote!(#response), response::rows(scope.api(), operation)),
            ],
        ));
        Ok(())
    }

    fn server_trait(&self, scope: &Scope<'_>) -> TokenStream {
        let name = ident(&self.tag.server_trait);
        let own = format!(
            "Serves the operations of the tag {}.",
            doc::code(&self.tag.name)
        );
        let docs = doc::prose(Some(
            &match self.tag.description.as_deref().map(str::trim) {
                Some(description) if !description.is_empty() => format!("{own}\n\n{description}"),
                _ => own,
            },
        ));
        let service = scope.name(known::SERVICE);
        let methods = self
            .operations
            .iter()
            .map(|operation| method(scope, operation));
        quote! {
            #docs
            pub trait #name: #service {
                #(#methods)*
            }
        }
    }
}

/// The method of an operation. Its description stands at the client's.
fn method(scope: &Scope<'_>, operation: &Operation) -> TokenStream {
    let name = ident(&operation.name);
    let request = suffixed(&operation.type_name, "Request");
    let response = suffixed(&operation.type_name, "Response");
    let route = doc::code(&format!("{} {}", operation.method, operation.path.template));
    let docs = match summary(operation) {
        Some(summary) if summary.ends_with(['.', '!', '?']) => {
            doc::text(&format!("{summary} {route}"))
        }
        Some(summary) => doc::text(&format!("{summary}: {route}.")),
        None => doc::text(&route),
    };
    let (context, outcome) = (
        scope.name(known::REQUEST_CONTEXT),
        scope.name(known::OUTCOME),
    );
    scope.uses("crate::server", "not_implemented");
    quote! {
        #docs
        fn #name(
            &self,
            context: &#context<Self::Principal>,
            request: #request,
        ) -> impl #outcome<#response, Self::Error> {
            not_implemented(context, request)
        }
    }
}

/// The summary of an operation, or the first paragraph of its description.
fn summary(operation: &Operation) -> Option<&str> {
    let docs = &operation.docs;
    let description = || docs.description.as_deref()?.trim().split("\n\n").next();
    let summary = docs
        .summary
        .as_deref()
        .map(str::trim)
        .filter(|summary| !summary.is_empty());
    summary.or_else(description).filter(|text| !text.is_empty())
}

fn finish(
    scope: Scope<'_>,
    docs: &str,
    attributes: TokenStream,
    items: &Items,
) -> Result<Vec<u8>, FormatError> {
    let mut all = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    all.append(items);
    source_file(&doc::lines(docs).join("\n"), attributes, &all)
}
