//! Server traits, requests, responses and routers: `src/server/` of the emitted crate.
//!
//! What does not depend on the API is plain Rust in `templates/runtime/server/`. What does lies in `operations/`, one
//! module a tag, so that no tag can take the name of a runtime module; it only names parameters, bodies and statuses,
//! and hands them to the runtime. What the API calls at its user's lies in `webhooks.rs`.

mod body;
mod documentation;
mod group;
mod request;
mod response;
mod runtime;
mod shape;
mod webhooks;

use crate::emit::code::{Code, quote};
use std::collections::BTreeMap;

use super::parallel;
use super::rust::{FormatError, file, ident, string};
use crate::ir::{Api, Name, Operation, Tag};

pub(super) use body::variants as request_body_variants;
pub(super) use request::default as described_default;

/// The files of the server side by their path in the emitted crate.
///
/// # Errors
/// A file is no valid Rust: a defect of this emitter.
pub fn generate(api: &Api) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::files();
    let tags: Vec<&Tag> = tags(api).collect();
    files.insert(path("mod.rs"), index(&tags)?);
    let operations: Vec<&Operation> = api.served().collect();
    let texts = parallel::map(&operations, |operation| group::types(api, operation));
    let mut types: BTreeMap<&Name, Vec<String>> = BTreeMap::new();
    for (operation, text) in operations.into_iter().zip(texts) {
        types.entry(&operation.tag).or_default().push(text?);
    }
    let groups = parallel::map(&tags, |tag| group::parts(api, tag));
    for (tag, parts) in tags.into_iter().zip(groups) {
        let types = types.remove(&tag.module).unwrap_or_default();
        files.insert(path(&file_name(tag)), parts?.assemble(types)?);
    }
    if let Some(called) = &api.webhooks {
        webhooks::add(api, called, &mut files)?;
    }
    Ok(files)
}

/// The groups that have operations; the others need no trait.
fn tags(api: &Api) -> impl Iterator<Item = &Tag> {
    api.tags
        .iter()
        .filter(|tag| api.served_of(tag).next().is_some())
}

fn path(file_name: &str) -> String {
    format!("src/server/operations/{file_name}")
}

/// The file of a group's module. `mod.rs` is taken by the index.
fn file_name(tag: &Tag) -> String {
    match tag.module.plain() {
        "mod" => "mod.tag.rs".to_owned(),
        plain => format!("{plain}.rs"),
    }
}

/// `operations/mod.rs`: the modules, and the router of everything.
fn index(tags: &[&Tag]) -> Result<Vec<u8>, FormatError> {
    let modules = tags.iter().map(|tag| module(tag));
    let router = router(tags);
    file(
        "The operations of the API, one module a group: a trait to implement, and for each operation what it is asked\n\
         and what it may answer.",
        quote!(#(#modules)* #router),
    )
}

fn module(tag: &Tag) -> Code {
    let module = ident(&tag.module);
    let path = match file_name(tag) {
        name if name == format!("{}.rs", tag.module.plain()) => quote!(),
        name => {
            let name = string(&name);
            quote!(#[path = #name])
        }
    };
    quote! {
        #path
        pub mod #module;
    }
}

fn router(tags: &[&Tag]) -> Code {
    let bounds: Vec<_> = tags
        .iter()
        .map(|tag| {
            let (module, server_trait) = (ident(&tag.module), ident(&tag.server_trait));
            quote!(#module::#server_trait)
        })
        .collect();
    let routes = tags.iter().map(|tag| {
        let module = ident(&tag.module);
        quote!(.and(#module::routes(::std::sync::Arc::clone(&api))))
    });
    let api = match tags.is_empty() {
        true => quote!(::std::mem::drop(api);),
        false => quote!(let api = ::std::sync::Arc::new(api);),
    };
    quote! {
        /// A router of the whole API. Its paths lie below the base path of the API: nest it there.
        ///
        /// Unknown paths are answered with 404, unknown methods with 405, both as JSON.
        pub fn router<__Api>(api: __Api) -> ::axum::Router
        where
            __Api: crate::server::Service #(+ #bounds)*,
        {
            #api
            crate::server::Routes::default()
                #(#routes)*
                .into_router_with_fallback()
        }
    }
}
