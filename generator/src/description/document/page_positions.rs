//! Moves the nodes of a transcribed document to their positions in the markdown page.

use crate::description::source::{FileId, Span};
use crate::description::tree::{Node, Value};

const ORIGIN: &str = "x-origin";
const ORIGINS: &str = "x-origins";
const TRANSCRIBED_FROM: &str = "x-transcribed-from";

/// Sets the span of every node to the line of the page that states it. Removes the keys with these positions.
pub fn apply(root: &mut Node, page: FileId) {
    let start = Span::new(page, 1, 1);
    set_spans(root, start, page);
    if let Value::Mapping(mapping) = &mut root.value {
        mapping.remove(TRANSCRIBED_FROM);
    }
}

fn set_spans(node: &mut Node, inherited: Span, page: FileId) {
    node.span = inherited;
    match &mut node.value {
        Value::Sequence(items) => {
            for item in items {
                set_spans(item, inherited, page);
            }
        }
        Value::Mapping(mapping) => {
            let own = mapping
                .remove(ORIGIN)
                .and_then(|origin| span(&origin, page))
                .unwrap_or(inherited);
            node.span = own;
            let origins = mapping.remove(ORIGINS);
            for entry in mapping.entries.iter_mut() {
                let stated = origins
                    .as_ref()
                    .and_then(|origins| span(origins.get(&entry.key)?, page));
                entry.key_span = stated.unwrap_or(own);
                set_spans(&mut entry.value, entry.key_span, page);
            }
        }
        _ => {}
    }
}

fn span(origin: &Node, page: FileId) -> Option<Span> {
    let (line, column) = origin.as_str()?.split_once(':')?;
    Some(Span::new(page, line.parse().ok()?, column.parse().ok()?))
}
