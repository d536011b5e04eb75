//! `src/server/`: server traits, requests, responses and routers.
//!
//! What does not depend on the API is plain Rust in `templates/runtime/src/server/`. What does lies in `operations/`, one
//! file a tag, so that no tag can take the name of a runtime module. What the API calls at its user's lies in
//! `webhooks.rs`.

mod group;
mod request;
mod response;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::runtime;
use super::source_file::{FormatError, Items, source_file};
use crate::api::{Api, Operation, Tag, Webhooks};
use crate::emit::doc;
use crate::emit::tokens::ident;
use crate::parallel;

use self::group::Group;

/// The files of the server side by their path in the emitted crate.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of this emitter.
pub fn generate(api: &Api) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::server();
    let tags: Vec<&Tag> = api
        .tags
        .iter()
        .filter(|tag| api.served_of(tag).next().is_some())
        .collect();
    // The webhooks are one file, which may be longer than all others.
    let (webhooks, groups) = parallel::join(
        || {
            api.webhooks
                .as_ref()
                .map(|webhooks| webhooks_file(api, webhooks))
        },
        || {
            parallel::map(&tags, |tag| {
                let operations: Vec<&Operation> = api.served_of(tag).collect();
                let docs = format!("Operations of the tag {}.", doc::code(&tag.name));
                let group = Group { tag, operations };
                let path = format!("src/server/operations/{}.rs", tag.module.plain());
                Ok((path, group.file(api, &docs)?))
            })
        },
    );
    files.extend(
        groups
            .into_iter()
            .collect::<Result<Vec<_>, FormatError>>()?,
    );
    files.insert("src/server/operations.rs".to_owned(), index(api, &tags)?);
    if let Some(webhooks) = webhooks {
        files.extend([webhooks?]);
        files.extend([runtime::mount()]);
        if let Some(index) = files.get_mut("src/server/mod.rs") {
            index.extend_from_slice(MODULES.as_bytes());
        }
    }
    Ok(files)
}

/// `operations.rs`: the modules, and the router of everything.
fn index(api: &Api, tags: &[&Tag]) -> Result<Vec<u8>, FormatError> {
    let modules = tags.iter().map(|tag| {
        let module = ident(&tag.module);
        quote!(pub mod #module;)
    });
    let mut items = Items::of(quote!(#(#modules)*))?;
    // A tag may be called like a crate.
    let arc = (!tags.is_empty()).then(|| {
        quote!(
            use ::std::sync::Arc;
        )
    });
    items.push(quote! {
        #arc
        use ::axum::Router;
        use crate::operation::Operation;
        use crate::server::{Routes, Service};
    })?;
    let groups = tags.iter().map(|tag| {
        let module = ident(&tag.module);
        quote!(#module::OPERATIONS)
    });
    items.push(quote! {
        /// The operations of each group.
        pub(super) static GROUPS: &[&[&Operation]] = &[#(#groups),*];
    })?;
    items.push(router(api, tags))?;
    let attributes = quote! {
        #![allow(clippy::module_inception, reason = "a tag may be called `operations`")]
        #![allow(missing_docs, reason = "not every parameter has a description")]
    };
    source_file(
        "The operations of the API by tag: a trait to implement, and the request and response of each operation.",
        attributes,
        &items,
    )
}

/// The router of everything.
fn router(api: &Api, tags: &[&Tag]) -> TokenStream {
    let docs = doc::text(&format!(
        "A router of the whole API. Its paths lie below the base path of the API: nest it there.\n\nResponds to unknown \
         paths with 404, and to unknown methods with 405, both as JSON. To implement some groups, mount their routes alone: \
         `{}`. The operations of all others respond with 501.",
        mounting(api)
    ));
    let bounds = tags.iter().map(|tag| {
        let (module, server_trait) = (ident(&tag.module), ident(&tag.server_trait));
        quote!(#module::#server_trait)
    });
    let routes = tags.iter().map(|tag| {
        let module = ident(&tag.module);
        quote!(.and(#module::routes(&api)))
    });
    let shared = if tags.is_empty() {
        quote!(drop(api);)
    } else {
        quote!(let api = Arc::new(api);)
    };
    quote! {
        #docs
        pub fn router<Api>(api: Api) -> Router
        where
            Api: Service #(+ #bounds)*,
        {
            #shared
            Routes::default()
                #(#routes)*
                .into_router_with_fallback()
        }
    }
}

/// The expression that mounts some groups of the API: its first two, or what it has.
pub fn mounting(api: &Api) -> String {
    let served = |tag: &&Tag| api.served_of(tag).next().is_some();
    let routes = api.tags.iter().filter(served).take(2);
    let routes = routes.map(|tag| format!("{}::routes(&api)", tag.module));
    let routes = routes.reduce(|first, second| format!("{first}.and({second})"));
    let routes = routes.unwrap_or_else(|| "Routes::default()".to_owned());
    format!("{routes}.into_router_with_fallback()")
}

/// What `src/server/mod.rs` ends in where there are webhooks.
const MODULES: &str = "\nmod mount;\npub mod webhooks;\n";

const DOCS: &str = "Requests that the API sends to your server: webhooks, and callbacks of operations.\n\n\
    Implement `Webhooks` for a type of yours, and hand it to `router`, which has each webhook at a path that is the \
    name of its method, or mount any of them at a path of your own by the function of its name. Where one URL takes \
    several webhooks, choose by what tells them apart (a header, as a rule) in a handler of your own, and pass the \
    request on to the one it is for.\n\n\
    Bodies are read as leniently as responses are: what is absent, null or new does not make one fail. Who calls is \
    not checked: a signature over the bytes of the body belongs into a layer around the router.";

/// The file of the server of the API's user, which webhooks and callbacks call, with its path.
fn webhooks_file(api: &Api, webhooks: &Webhooks) -> Result<(String, Vec<u8>), FormatError> {
    let group = Group {
        tag: &webhooks.group,
        operations: webhooks.operations.iter().collect(),
    };
    let path = format!("src/server/{}.rs", webhooks.group.module.plain());
    Ok((path, group.webhooks_file(api, DOCS)?))
}
