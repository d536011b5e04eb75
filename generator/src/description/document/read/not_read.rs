//! Notes what a description says and what is not read: extensions, links, and texts that no part of the effective API has.

use super::DocumentReader;
use crate::description::diagnostic::Diagnostic;
use crate::description::tree::{Entry, Mapping, Node};

impl DocumentReader<'_> {
    /// Notes keys of an object that OpenAPI has and that are not read.
    pub(super) fn not_read(&mut self, mapping: &Mapping, keys: &[&str], owner: &str) {
        for entry in keys.iter().filter_map(|key| mapping.entry(key)) {
            self.key_not_read(entry, owner);
        }
    }

    /// Notes a key of `owner` that OpenAPI has and that is not read.
    pub(super) fn key_not_read(&mut self, entry: &Entry, owner: &str) {
        self.note_not_read(entry, format!("`{}` of {owner} is not read", entry.key));
    }

    /// Notes the extensions of an object whose keys are not checked otherwise.
    pub(super) fn extensions_not_read(&mut self, object: &Node) {
        let entries = object.as_mapping().into_iter();
        let entries = entries.flat_map(|mapping| &mapping.entries);
        for extension in entries.filter(|entry| is_extension(&entry.key)) {
            self.extension_not_read(extension);
        }
    }

    /// Notes an extension that has no meaning here.
    pub(super) fn extension_not_read(&mut self, entry: &Entry) {
        self.note_not_read(entry, format!("the extension `{}` is not read", entry.key));
    }

    fn note_not_read(&mut self, entry: &Entry, message: String) {
        let note = Diagnostic::note("not-read", message);
        self.diagnostics.push(note.at(entry.key_span, "this key"));
    }
}

/// Whether a key is not of OpenAPI, but of the program that wrote the description, or of one that reads it.
pub(super) fn is_extension(key: &str) -> bool {
    key.starts_with("x-")
}
