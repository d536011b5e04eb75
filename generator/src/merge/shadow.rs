//! Operations of one document that only the names of their parameters tell apart: `GET /a/{id}` and `GET /a/{name}`.
//!
//! A client can call both. A server cannot tell their requests apart: the one that goes by the shape of the path has the
//! route, and which one that is does not depend on the order of the document.

use std::collections::{BTreeMap, BTreeSet};

use super::shape;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Operation, Skipped};
use crate::ir::HttpMethod;

/// Marks operations whose shape another operation of their document goes by. Of operations with the very same path the
/// first one stays, and the others are returned.
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
                reason: "it is described twice, and the first description counts".to_owned(),
                said: operation.said.first(),
            });
        }
        is_first
    });
}

/// The methods and paths of a document that others of the same shape stand before.
fn find(document: &Document, diagnostics: &mut Diagnostics) -> Vec<(HttpMethod, String)> {
    let mut shapes: BTreeMap<(String, HttpMethod), Vec<&Operation>> = BTreeMap::new();
    for operation in &document.operations {
        let key = (shape(&operation.path), operation.method);
        shapes.entry(key).or_default().push(operation);
    }
    let mut found = Vec::new();
    for ((shape, method), mut operations) in shapes {
        // A path that is its own shape could not be told from it.
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
                    operation.said.first().at,
                    "this one has no route; the client can call it",
                )
                .at(first.said.first().at, "this one has the route")
                .help("make one operation of them, or give them different paths, by an overlay")
                .leaves_out_of(format!("{method} {path}")),
            );
            found.push((method, path.clone()));
        }
    }
    found
}
