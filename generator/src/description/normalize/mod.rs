//! Brings every spelling of the same fact to one form, so that a different spelling never looks like a contradiction.
//!
//! The passes, in order:
//! 1. `all_of`: `allOf` becomes one schema, since Rust has no conjunction of types.
//! 2. `alternatives`: removes degenerate alternatives: null becomes `nullable`, a single alternative becomes the schema
//!    itself, constants become an enum.
//! 3. `nullability`: a null among the values of an enum becomes `nullable`.
//! 4. `common`: properties beside alternatives become properties of each alternative.
//! 5. `texts`: mends markdown, so that debris of a rendering tool is in no text.

mod all_of;
mod alternatives;
mod common;
mod nullability;
mod texts;

use indexmap::IndexMap;

use crate::description::diagnostic::Diagnostics;
use crate::description::document::{Content, Document, Schema};

/// Normalises a document in place. `site` is the address that links in its texts are relative to.
pub fn normalize(document: &mut Document, site: Option<&str>, diagnostics: &mut Diagnostics) {
    all_of::flatten(document, diagnostics);
    for_each_schema(document, &mut |schema| {
        nullability::lift(schema);
        alternatives::simplify(schema);
    });
    common::distribute(document);
    texts::mend(document, site);
}

/// Calls `change` for every schema of the document, children before their parents.
fn for_each_schema(document: &mut Document, change: &mut dyn FnMut(&mut Schema)) {
    for_each_root(document, &mut |schema| visit(schema, change));
}

fn visit(schema: &mut Schema, change: &mut dyn FnMut(&mut Schema)) {
    for child in schema.children_mut() {
        visit(child, change);
    }
    change(schema);
}

/// Calls `change` for every schema that is not inside another schema.
fn for_each_root(document: &mut Document, change: &mut dyn FnMut(&mut Schema)) {
    for schema in document.schemas.values_mut() {
        change(schema);
    }
    let webhooks = document.webhooks.iter_mut();
    let webhooks = webhooks.map(|webhook| &mut webhook.operation);
    for operation in document.operations.iter_mut().chain(webhooks) {
        for parameter in &mut operation.parameters {
            change(&mut parameter.schema);
        }
        if let Some(body) = &mut operation.body {
            for_each_content(&mut body.contents, change);
        }
        for response in operation.responses.values_mut() {
            for header in response.headers.values_mut() {
                change(&mut header.schema);
            }
            for_each_content(&mut response.contents, change);
        }
    }
}

fn for_each_content(contents: &mut IndexMap<String, Content>, change: &mut dyn FnMut(&mut Schema)) {
    for content in contents.values_mut() {
        if let Some(schema) = &mut content.schema {
            change(schema);
        }
    }
}
