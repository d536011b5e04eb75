//! The client: the runtime as it stands, a module of operations for each tag, and the API's constants.
//!
//! The runtime's modules lie in `client/`, those of tags in `client/operations/`, so that no tag can take the name of
//! a runtime module.

mod alternative;
mod argument;
mod body;
mod constants;
mod docs;
mod failure;
mod headers;
mod operation;
mod reserved;
mod runtime;
mod servers;
mod success;

use std::collections::BTreeMap;

use crate::emit::code::quote;

use super::module_files::{Module, Part, words_of_operation};
use super::rust::{FormatError, chunk, file, ident};
use super::{doc, parallel};
use crate::ir::{Api, BodyEncoding, Name};

pub(super) use body::form_styles;
pub use reserved::{CLIENT_METHODS, REQUEST_METHODS};

/// The files of the client by their path in the emitted crate.
///
/// # Errors
/// Emitted Rust cannot be formatted: a defect of this emitter.
pub fn generate(api: &Api) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::files();
    files.insert("src/client/api.rs".to_owned(), constants::generate(api)?);
    files.insert("src/client/headers.rs".to_owned(), headers::generate(api)?);
    files.insert("src/client/servers.rs".to_owned(), servers::generate(api)?);
    let mut modules = quote! {
        #![allow(clippy::module_inception, reason = "a tag may be called `operations`")]
    };
    let texts = parallel::map(&api.operations, |operation| {
        chunk(operation::generate(api, operation))
    });
    let mut parts: BTreeMap<&Name, Vec<Part>> = BTreeMap::new();
    for (operation, items) in api.operations.iter().zip(texts) {
        parts.entry(&operation.tag).or_default().push(Part {
            words: words_of_operation(operation),
            items: items?,
        });
    }
    for tag in &api.tags {
        let Some(operations) = parts.remove(&tag.module) else {
            continue;
        };
        let name = ident(&tag.module);
        let title = doc::text_comments(&format!("Operations of the tag {}.", doc::code(&tag.name)));
        modules.push(quote!(#title pub mod #name;));
        let module = Module {
            path: format!("src/client/operations/{}", tag.module.plain()),
            contents: "Operations",
            ..Module::default()
        };
        files.extend(module.files(&operations)?);
    }
    let docs = "The operations, by tag: the requests that the methods of [`Client`](crate::client::Client) make.";
    files.insert(
        "src/client/operations/mod.rs".to_owned(),
        file(docs, modules)?,
    );
    Ok(files)
}

/// A request body in a media type that the client has no method for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsentMediaType {
    /// Id of the operation.
    pub operation: String,
    /// The media type that the client does not send.
    pub media_type: String,
    /// The one that it sends instead.
    pub sent: String,
}

/// The request media types that the client does not send, because it sends the body in another one. The methods'
/// documentation names them too.
#[must_use]
pub fn unsent_media_types(api: &Api) -> Vec<UnsentMediaType> {
    let mut unsent = Vec::new();
    for operation in &api.operations {
        let contents = operation
            .request_body
            .iter()
            .flat_map(|body| body.contents.split_first());
        for (sent, others) in contents {
            let others = others
                .iter()
                .filter(|other| !alternative::is_offered(operation, other));
            unsent.extend(others.map(|other| UnsentMediaType {
                operation: operation.id.clone(),
                media_type: other.media_type.clone(),
                sent: sent.media_type.clone(),
            }));
        }
    }
    unsent
}

/// The media type as it is sent: a described range (`*/*`) is no media type.
fn sent_media_type(media_type: &str, encoding: BodyEncoding) -> &str {
    let concrete = !media_type.contains('*') && is_header_text(media_type);
    match encoding {
        _ if concrete => media_type,
        BodyEncoding::Json => "application/json",
        BodyEncoding::Text => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

/// Whether a text can stand in a header.
fn is_header_text(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}
