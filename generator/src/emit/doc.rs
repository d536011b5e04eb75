//! Prose of a description as rustdoc.

use proc_macro2::TokenStream;
use quote::quote;

use super::rust::string;
use crate::ir::Docs;

/// `#[doc]` attributes for prose, notes and provenance.
#[must_use]
pub fn attributes(docs: &Docs) -> TokenStream {
    let mut lines: Vec<String> = Vec::new();
    for text in [&docs.summary, &docs.description].into_iter().flatten() {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        lines.extend(text.lines().map(str::to_owned));
    }
    for note in &docs.notes {
        lines.push(String::new());
        lines.push(note.clone());
    }
    if !docs.provenance.is_empty() {
        let sources: Vec<_> = docs
            .provenance
            .iter()
            .map(|p| format!("`{}`", p.source))
            .collect();
        lines.push(String::new());
        lines.push(format!("Described by {}.", sources.join(", ")));
    }
    let lines = lines.iter().map(|line| string(&format!(" {line}")));
    quote!(#(#[doc = #lines])*)
}
