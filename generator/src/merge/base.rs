//! The base path: what of a URL belongs to the server, and what to the path.

use super::shape::{url_origin, url_path};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Server, WebhookOrigin};

/// Writes all paths and servers of several documents relative to one base path. Without a wanted one that is the path
/// of their servers if all agree on it, and else none.
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
                    .at(operation.said.first().at, "this operation")
                    .help("correct `base_path` in the manifest, or the path by an overlay"),
                ),
            }
        }
        for webhook in &mut document.webhooks {
            if let WebhookOrigin::Operation { path, .. } = &mut webhook.origin {
                let full = format!("{own}{path}");
                // What lies outside is reported of the operation itself.
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
