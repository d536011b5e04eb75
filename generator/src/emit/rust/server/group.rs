//! The file of one group: a table of its trait, and of the request and response of each operation.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use super::super::operations;
use super::super::scope::{Scope, known};
use super::super::source_file::{FormatError, Items, Table, source_file};
use super::{request, response};
use crate::api::{Api, Operation, OperationType, Tag};
use crate::emit::doc;
use crate::emit::tokens::{ident, operation_type};

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
            let (name, constant) = (ident(&operation.name), ident(&operation.constant));
            let (arc, router) = (scope.name(known::ARC), scope.name(known::METHOD_ROUTER));
            let docs = doc::text(&format!(
                "The handler of {}, for any path.",
                doc::code(&operation.id)
            ));
            items.push(quote! {
                #docs
                pub fn #name<S: #server_trait>(api: &#arc<S>) -> #router {
                    crate::server::mount::anywhere(&self::#constant, api, <S as #server_trait>::#name)
                }
            })?;
        }
        scope.uses("crate::operation", "operations");
        items.table(operations::table(
            api,
            "",
            &self.operations,
            &TokenStream::new(),
        ));
        let attributes =
            quote!(#![allow(missing_docs, reason = "not every parameter has a description")]);
        finish(scope, docs, attributes, &items)
    }

    /// The names of the types that the file has.
    fn taken(&self) -> BTreeSet<String> {
        let mut taken: BTreeSet<String> = self
            .operations
            .iter()
            .flat_map(|operation| {
                OperationType::OF_SERVER.map(|ty| operation_type(operation, ty).to_string())
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
        scope.uses("crate::server", "group");
        let mut table = Table::open("group");
        let (docs, name) = (self.docs(), ident(&self.tag.server_trait));
        table.statement(&quote!(#docs pub trait #name));
        for operation in &self.operations {
            table.blank();
            let (docs, method) = (docs_of_method(operation), ident(&operation.name));
            let constant = ident(&operation.constant);
            table.statement(&quote!(#docs fn #method = #tables #constant));
            request::add(&mut table, scope, operation);
            response::add(&mut table, scope, operation);
        }
        items.table(table);
        for operation in &self.operations {
            request::add_bodies(items, scope, operation)?;
        }
        Ok(())
    }

    fn docs(&self) -> TokenStream {
        let own = format!(
            "Serves the operations of the tag {}.",
            doc::code(&self.tag.name)
        );
        doc::prose(Some(
            &match self.tag.description.as_deref().map(str::trim) {
                Some(description) if !description.is_empty() => format!("{own}\n\n{description}"),
                _ => own,
            },
        ))
    }
}

/// The documentation of a method. The description of its operation stands at the client's.
fn docs_of_method(operation: &Operation) -> TokenStream {
    let route = doc::code(&format!("{} {}", operation.method, operation.path.template));
    match summary(operation) {
        Some(summary) if summary.ends_with(['.', '!', '?']) => {
            doc::text(&format!("{summary} {route}"))
        }
        Some(summary) => doc::text(&format!("{summary}: {route}.")),
        None => doc::text(&route),
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
