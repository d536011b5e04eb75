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
    files: RefCell<HashMap<FileId, HashMap<Span, NodePath>>>,
}

/// How a node is found in its document.
#[derive(Debug, Clone, Default)]
struct NodePath {
    pointer: String,
    /// The JSONPath.
    path: String,
}

impl NodePath {
    fn property(&self, key: &str) -> Self {
        let quoted = key.replace('\\', "\\\\").replace('\'', "\\'");
        Self {
            pointer: push_token(&self.pointer, key),
            path: format!("{}['{quoted}']", self.path),
        }
    }

    fn item(&self, index: usize) -> Self {
        Self {
            pointer: push_token(&self.pointer, &index.to_string()),
            path: format!("{}[{index}]", self.path),
        }
    }
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
        self.place(position).map(|place| place.pointer)
    }

    /// The JSONPath of the node at a position, as an overlay names it. `None` if the file is not a document.
    pub fn path_at(&self, position: Span) -> Option<String> {
        self.place(position).map(|place| place.path)
    }

    fn place(&self, position: Span) -> Option<NodePath> {
        let mut files = self.files.borrow_mut();
        let pointers = files.entry(position.file).or_insert_with(|| {
            let mut pointers = HashMap::new();
            if let Some(root) =
                load::parse(self.sources, position.file, &mut Diagnostics::default())
            {
                let place = NodePath {
                    path: "$".to_owned(),
                    ..NodePath::default()
                };
                collect(&root, &place, &mut pointers);
            }
            pointers
        });
        pointers.get(&position).cloned()
    }
}

/// Collects the pointers of a node and its children. A mapping and its first key have the same position, which gets the
/// pointer of the mapping.
fn collect(node: &Node, place: &NodePath, places: &mut HashMap<Span, NodePath>) {
    places.entry(node.span).or_insert_with(|| place.clone());
    match &node.value {
        Value::Mapping(mapping) => {
            for entry in &mapping.entries {
                let place = place.property(&entry.key);
                collect(&entry.value, &place, places);
                places.entry(entry.key_span).or_insert(place);
            }
        }
        Value::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                collect(item, &place.item(index), places);
            }
        }
        _ => {}
    }
}
