//! Rustdoc of what the server side adds to the prose of a description.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::doc;
use crate::emit::rust::string;
use crate::ir::Docs;

/// `#[doc]` attributes: a line of ours, then the prose, if there is any.
pub(super) fn attributes(line: &str, docs: &Docs) -> TokenStream {
    let line = string(&format!(" {line}"));
    let prose = doc::attributes(docs);
    let separator = (!prose.is_empty()).then(|| quote!(#[doc = ""]));
    let deprecated = docs
        .deprecated
        .then(|| quote!(#[doc = ""] #[doc = " Deprecated."]));
    quote!(#[doc = #line] #separator #prose #deprecated)
}

/// Text of a description on one line of markdown, as code.
pub(super) fn code(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() || c == '`' { ' ' } else { c })
        .collect();
    format!("`{line}`")
}
