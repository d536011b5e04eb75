//! Unifies the base path: the part of a URL's path that belongs to the server.

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Server, WebhookOwner};
use crate::path_template::{url_origin, url_path};

/// Rewrites the paths and servers of several documents relative to one base path. That is `wanted`, or else the path
/// of the servers if it is the same in all documents, or else the empty path.
pub(super) fn unify(
    documents: &mut [Document],
    wanted: Option<&str>,
    diagnostics: &mut Diagnostics,
) {
    if documents.len() < 2 && wanted.is_none() {
        return;
    }
    let own: Vec<String> = documents
        .iter()
        .map(|document| server_path(document).to_owned())
        .collect();
    let common = match own.as_slice() {
        [first, rest @ ..] if rest.iter().all(|other| other == first) => first.as_str(),
        _ => "",
    };
    let base = wanted.unwrap_or(common).trim_end_matches('/');
    for (document, own) in documents.iter_mut().zip(&own) {
        for operation in &mut document.operations {
            let full = format!("{own}{}", operation.path);
            match full.strip_prefix(base) {
                Some(path) if path.starts_with('/') => operation.path = path.to_owned(),
                _ => diagnostics.push(
                    Diagnostic::error(
                        "outside-base-path",
                        format!("`{full}` is not below the base path `{base}`"),
                    )
                    .at(operation.provenance.first().at, "this operation")
                    .help("correct `base_path` in the manifest, or the path in an overlay"),
                ),
            }
        }
        for webhook in &mut document.webhooks {
            if let WebhookOwner::Operation { path, .. } = &mut webhook.owner {
                let full = format!("{own}{path}");
                // A path outside the base path is reported for the operation itself.
                *path = full.strip_prefix(base).unwrap_or(&full).to_owned();
            }
        }
        for server in &mut document.servers {
            rebase(server, base);
        }
    }
}

/// The path of the first server.
fn server_path(document: &Document) -> &str {
    document
        .servers
        .first()
        .map_or("", |server| url_path(&server.url))
}

fn rebase(server: &mut Server, base: &str) {
    server.url = format!("{}{base}", url_origin(&server.url));
    if server.url.is_empty() {
        server.url.push('/');
    }
}
