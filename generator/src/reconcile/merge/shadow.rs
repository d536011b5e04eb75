//! Operations of one document whose paths differ only in the names of parameters: `GET /a/{id}` and `GET /a/{name}`.
//!
//! A client can send requests to both. A server cannot distinguish the requests, so only one of the operations gets the
//! route. Which one does not depend on the order of the document.

use std::collections::{BTreeMap, BTreeSet};

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Operation, Skipped};
use crate::http::HttpMethod;
use crate::path_template::path_shape;

/// Marks operations that are shadowed by another operation with the same path shape. If operations have exactly the same
/// path, keeps the first one and returns the others.
pub(super) fn mark(documents: &mut [Document], diagnostics: &mut Diagnostics) -> Vec<Skipped> {
    let mut skipped = Vec::new();
    let mut shadowed = BTreeSet::new();
    for document in documents.iter_mut() {
        skip_repeated(document, &mut skipped);
        shadowed.extend(find(document, diagnostics));
    }
    for document in documents {
        for operation in &mut document.operations {
            operation.is_shadowed = shadowed.contains(&(operation.method, operation.path.clone()));
        }
        skipped.append(&mut document.skipped);
    }
    skipped
}

fn skip_repeated(document: &mut Document, skipped: &mut Vec<Skipped>) {
    let mut seen = BTreeSet::new();
    document.operations.retain(|operation| {
        let is_first = seen.insert((operation.method, operation.path.clone()));
        if !is_first {
            skipped.push(Skipped {
                item: format!("{} {}", operation.method, operation.path),
                reason: "it is described twice; the first description counts".to_owned(),
                origin: operation.provenance.first(),
            });
        }
        is_first
    });
}

/// The methods and paths of a document that are shadowed by an operation with the same path shape.
fn find(document: &Document, diagnostics: &mut Diagnostics) -> Vec<(HttpMethod, String)> {
    let mut shapes: BTreeMap<(String, HttpMethod), Vec<&Operation>> = BTreeMap::new();
    for operation in &document.operations {
        let key = (path_shape(&operation.path), operation.method);
        shapes.entry(key).or_default().push(operation);
    }
    let mut found = Vec::new();
    for ((shape, method), mut operations) in shapes {
        // A path that equals its own shape must get the route, because it has no other identity.
        operations.sort_by_key(|operation| (operation.path != shape, &operation.path));
        let Some((first, others)) = operations.split_first() else {
            continue;
        };
        for operation in others {
            let (path, served) = (&operation.path, &first.path);
            diagnostics.push(
                Diagnostic::warning(
                    "not-served",
                    format!("a server cannot tell `{method} {path}` from `{method} {served}`"),
                )
                .at(
                    operation.provenance.first().at,
                    "this one has no route; the client can call it",
                )
                .at(first.provenance.first().at, "this one has the route")
                .help("merge the two operations, or give them different paths, in an overlay")
                .leaves_out_of(format!("{method} {path}")),
            );
            found.push((method, path.clone()));
        }
    }
    found
}
