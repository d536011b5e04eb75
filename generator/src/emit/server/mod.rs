//! Server traits, requests, responses and routers: `src/server/` of the emitted crate.
//!
//! What does not depend on the API is plain Rust in `templates/runtime/src/server/`. What does lies in `operations/`, one
//! module a tag, so that no tag can take the name of a runtime module; it only names parameters, bodies and statuses,
//! and hands them to the runtime. What the API calls at its user's lies in `webhooks.rs`.

mod body;
mod documentation;
mod group;
mod request;
mod response;
mod route;
mod runtime;
mod shape;
mod webhooks;

use std::collections::BTreeMap;

use crate::emit::code::{Code, quote};

use self::group::Operations;
use super::module_files::Part;
use super::parallel;
use super::rust::{FormatError, file, ident};
use crate::ir::{Api, Name, Operation, Tag};

pub(super) use body::variants as request_body_variants;
pub(super) use request::default as described_default;

/// Where the groups lie.
const FOLDER: &str = "src/server/operations";

/// The files of the server side by their path in the emitted crate.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(api: &Api) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::files();
    let tags: Vec<&Tag> = tags(api).collect();
    files.insert(format!("{FOLDER}/mod.rs"), index(&tags)?);
    let groups: Vec<Operations<'_>> = tags.iter().map(|tag| Operations::of(api, tag)).collect();
    let members: Vec<(&Operations<'_>, &Operation)> = groups
        .iter()
        .flat_map(|group| {
            group
                .operations
                .iter()
                .map(move |operation| (group, *operation))
        })
        .collect();
    let texts = parallel::map(&members, |(group, operation)| {
        group.operation(api, operation, &quote!())
    });
    let mut parts: BTreeMap<&Name, Vec<Part>> = BTreeMap::new();
    for ((group, _), part) in members.into_iter().zip(texts) {
        parts.entry(&group.tag.module).or_default().push(part?);
    }
    let surroundings = parallel::map(&groups, |group| group.surroundings());
    for (group, surroundings) in groups.iter().zip(surroundings) {
        let parts = parts.remove(&group.tag.module).unwrap_or_default();
        files.extend(surroundings?.files(&parts)?);
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

/// `operations/mod.rs`: the modules, and the router of everything.
fn index(tags: &[&Tag]) -> Result<Vec<u8>, FormatError> {
    let modules = tags.iter().map(|tag| {
        let module = ident(&tag.module);
        quote!(pub mod #module;)
    });
    let router = router(tags);
    file(
        "The operations of the API, one module a group: a trait to implement, and for each operation what it is asked\n\
         and what it may answer.",
        quote!(#(#modules)* #router),
    )
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
