//! Rustdoc of what the server side adds to the prose of a description.

use crate::emit::code::{Code, quote};
use crate::emit::doc;
use crate::ir::Docs;

/// `#[doc]` attributes: a line of ours (markdown), then the prose, if there is any.
pub(super) fn attributes(line: &str, docs: &Docs) -> Code {
    joined(line, &doc::attributes(docs))
}

/// `#[doc]` attributes: a line of ours (markdown), then a description, if there is one.
pub(super) fn described(line: &str, description: Option<&str>) -> Code {
    joined(line, &doc::text_attributes(description.unwrap_or_default()))
}

fn joined(line: &str, prose: &Code) -> Code {
    let line = doc::text_attributes(line);
    let separator = (!prose.is_empty()).then(|| quote!(#[doc = ""]));
    quote!(#line #separator #prose)
}
