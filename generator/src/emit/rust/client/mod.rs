//! `src/client/`: the runtime as it stands, a file of operations for each tag, and the API's constants.
//!
//! The runtime's modules lie in `client/`, those of tags in `client/operations/`, so that no tag can take the name of a
//! runtime module.

mod arguments;
mod body;
mod constants;
mod docs;
pub(super) mod error_type;
mod headers;
mod operation;
mod response_type;
mod servers;

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::example;
use super::runtime;
use super::scope::Scope;
use super::source_file::{FormatError, Items, Table, source_file};
use crate::api::{Api, Name, Operation, OperationType, Tag};
use crate::emit::doc;
use crate::emit::tokens::{doc as doc_lines, ident, operation_type};
use crate::parallel;

/// The files of the client by their path in the emitted crate.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub fn generate(api: &Api, library: &Name) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::client();
    files.insert("src/client/api.rs".to_owned(), constants::generate(api)?);
    files.insert("src/headers.rs".to_owned(), headers::generate(api)?);
    files.insert("src/client/servers.rs".to_owned(), servers::generate(api)?);
    let tags: Vec<&Tag> = api
        .tags
        .iter()
        .filter(|tag| api.operations_of(tag).next().is_some())
        .collect();
    let groups = parallel::map(&tags, |tag| {
        let path = format!("src/client/operations/{}.rs", tag.module.plain());
        Ok((path, group(api, library, tag)?))
    });
    files.extend(
        groups
            .into_iter()
            .collect::<Result<Vec<_>, FormatError>>()?,
    );
    let mut modules = TokenStream::new();
    for tag in &tags {
        let name = ident(&tag.module);
        modules.extend(quote!(pub mod #name;));
    }
    let docs = "The requests of the operations that take optional arguments, and what operations respond with besides models, \
                by tag.";
    let attributes = quote! {
        #![allow(clippy::module_inception, reason = "a tag may be called `operations`")]
        #![allow(missing_docs, reason = "not every parameter has a description")]
    };
    files.insert(
        "src/client/operations.rs".to_owned(),
        source_file(
            &doc::lines(docs).join("\n"),
            attributes,
            &Items::of(modules)?,
        )?,
    );
    Ok(files)
}

/// The file of one tag: its methods of the client, then what else there is of each operation.
fn group(api: &Api, library: &Name, tag: &Tag) -> Result<Vec<u8>, FormatError> {
    let operations: Vec<&Operation> = api.operations_of(tag).collect();
    let taken: BTreeSet<String> = operations
        .iter()
        .flat_map(|operation| type_names(operation))
        .collect();
    let scope = Scope::of_module(api, &taken);
    scope.uses("crate::client::call", "calls");
    scope.uses("crate", "operations");
    let mut table = Table::open("calls");
    let heading = doc_lines([format!("# {}", doc::plain(&tag.name))]);
    let crate_name = ident(library);
    table.statement(&quote!(#heading impl #crate_name::client::Client));
    let mut rest = Items::default();
    for operation in &operations {
        let example = example::call(api, library, operation)?;
        operation::add_rows(&mut table, &scope, operation, &example)?;
        operation::add(&mut rest, &scope, operation)?;
    }
    let mut items = Items::of(scope.imports().declarations(&BTreeSet::new()))?;
    items.table(table);
    items.append(&rest);
    let docs = format!("Operations of the tag {}.", doc::code(&tag.name));
    source_file(&doc::lines(&docs).join("\n"), TokenStream::new(), &items)
}

/// The names of the types that an operation may have in the module of its tag.
fn type_names(operation: &Operation) -> impl Iterator<Item = String> {
    let types = OperationType::OF_CLIENT.into_iter();
    types.map(|ty| operation_type(operation, ty).to_string())
}
