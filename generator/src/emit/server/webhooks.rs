//! The server of the API's user, which webhooks and callbacks call: `src/server/webhooks.rs` of the emitted crate, and
//! what it needs of the runtime. An API without them has neither.

use std::collections::BTreeMap;

use crate::emit::code::{Code, quote};

use super::group::Operations;
use crate::emit::doc::code;
use crate::emit::module_files::Part;
use crate::emit::parallel;
use crate::emit::rust::{FormatError, ident, plain_file};
use crate::ir::{Api, Operation, Webhooks};

const MOUNT: &str = include_str!("../../../../templates/runtime/src/server/mount.rs");

/// What `src/server/mod.rs` ends in where there are webhooks.
const MODULES: &str = "\nmod mount;\npub mod webhooks;\n";

const DOCS: &str = "What the API calls at your server: webhooks, and callbacks of operations.\n\n\
    Implement `Webhooks` for a type of yours, and hand it to `router`, which has each webhook at a path that is the \
    name of its method, or mount any of them at a path of your own by the function of its name. Where one URL takes \
    several webhooks, choose by what tells them apart (a header, as a rule) in a handler of your own, and pass the \
    request on to the one it is for.\n\n\
    Bodies are read as leniently as responses are: what is absent, null or new does not make one fail. Who calls is \
    not checked: a signature over the octets of the body belongs into a layer around the router.";

/// Adds the files, and what the index of the server side says of them.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub(super) fn add(
    api: &Api,
    webhooks: &Webhooks,
    files: &mut BTreeMap<String, Vec<u8>>,
) -> Result<(), FormatError> {
    let group = Operations {
        tag: &webhooks.group,
        operations: webhooks.operations.iter().collect(),
        module: quote!(crate::server::webhooks),
    };
    let members: Vec<(usize, &Operation)> = group.operations.iter().copied().enumerate().collect();
    let parts = parallel::map(&members, |(index, operation)| {
        let handler = handler(&group, *index, operation);
        group.operation(api, operation, &handler)
    });
    let parts = parts
        .into_iter()
        .collect::<Result<Vec<Part>, FormatError>>()?;
    let path = format!("src/server/{}", webhooks.group.module.plain());
    let surroundings = group.surroundings_in(path, DOCS, &behind_handlers(&group))?;
    files.extend(surroundings.files(&parts)?);
    files.insert("src/server/mount.rs".to_owned(), plain_file(MOUNT));
    if let Some(index) = files.get_mut("src/server/mod.rs") {
        index.extend_from_slice(MODULES.as_bytes());
    }
    Ok(())
}

/// The function behind those of all webhooks.
fn behind_handlers(group: &Operations<'_>) -> Code {
    let server_trait = ident(&group.tag.server_trait);
    quote! {
        fn handler<__Api: #server_trait>(
            api: ::std::sync::Arc<__Api>,
            index: usize,
        ) -> ::axum::routing::MethodRouter {
            crate::server::mount::anywhere(
                ROUTES,
                index,
                ::std::sync::Arc::new(move |index, context, payload| {
                    dispatch(::std::sync::Arc::clone(&api), index, context, payload)
                }),
            )
        }
    }
}

/// The function that mounts a webhook anywhere.
fn handler(group: &Operations<'_>, index: usize, operation: &Operation) -> Code {
    let (module, server_trait) = (&group.module, ident(&group.tag.server_trait));
    let name = ident(&operation.name);
    let docs = super::documentation::described(
        &format!("The handler of {}, for any path.", code(&operation.id)),
        None,
    );
    quote! {
        #docs
        pub fn #name<__Api: #module::#server_trait>(
            api: ::std::sync::Arc<__Api>,
        ) -> ::axum::routing::MethodRouter {
            #module::handler(api, #index)
        }
    }
}
