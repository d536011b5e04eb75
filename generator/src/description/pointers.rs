//! Finds the JSON pointers of positions. Claims have only positions, and a pointer is easier to understand.

use std::cell::RefCell;
use std::collections::HashMap;

use crate::description::diagnostic::Diagnostics;
use crate::description::load;
use crate::description::source::{FileId, SourceMap, Span};
use crate::description::tree::{Node, Value, push_token};

/// The JSON pointers of the nodes of files. A file is parsed when its first pointer is needed.
#[derive(Debug)]
pub struct Pointers<'a> {
    sources: &'a SourceMap,
    files: RefCell<HashMap<FileId, HashMap<Span, String>>>,
}

impl<'a> Pointers<'a> {
    /// Pointers into these files.
    #[must_use]
    pub fn new(sources: &'a SourceMap) -> Self {
        Self {
            sources,
            files: RefCell::default(),
        }
    }

    /// The pointer of the node at a position. `None` if the file is not a document, such as a markdown page.
    pub fn at(&self, position: Span) -> Option<String> {
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

/// Collects the pointers of a node and its children. A mapping and its first key have the same position, which gets the
/// pointer of the mapping.
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
