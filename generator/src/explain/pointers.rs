//! From positions back to JSON pointers: claims keep where they stand, and a maintainer also wants to know what that is.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::diagnostic::Diagnostics;
use crate::load;
use crate::source::{FileId, SourceMap, Span};
use crate::tree::{Node, Value, push_token};

/// JSON pointers of the nodes of a run's files, worked out of a file when it is first asked for.
pub(super) struct Pointers<'a> {
    sources: &'a SourceMap,
    files: RefCell<HashMap<FileId, HashMap<Span, String>>>,
}

impl<'a> Pointers<'a> {
    pub(super) fn new(sources: &'a SourceMap) -> Self {
        Self {
            sources,
            files: RefCell::default(),
        }
    }

    /// The pointer of the node at a position. `None` in a file that is no document, such as a markdown page.
    pub(super) fn at(&self, position: Span) -> Option<String> {
        let mut files = self.files.borrow_mut();
        let pointers = files.entry(position.file).or_insert_with(|| {
            let mut pointers = HashMap::new();
            if let Some(root) =
                load::parse(self.sources, position.file, &mut Diagnostics::default())
            {
                collect(&root, "", &mut pointers);
            }
            pointers
        });
        pointers.get(&position).cloned()
    }
}

/// A mapping begins where its first key begins: the position is that of the mapping.
fn collect(node: &Node, pointer: &str, pointers: &mut HashMap<Span, String>) {
    pointers
        .entry(node.span)
        .or_insert_with(|| pointer.to_owned());
    match &node.value {
        Value::Mapping(mapping) => {
            for entry in &mapping.entries {
                let pointer = push_token(pointer, &entry.key);
                collect(&entry.value, &pointer, pointers);
                pointers.entry(entry.key_span).or_insert(pointer);
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &push_token(pointer, &index.to_string()), pointers);
            }
        }
        _ => {}
    }
}
