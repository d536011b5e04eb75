//! Rustdoc of what the server side adds to the prose of a description.

use crate::emit::code::Code;
use crate::emit::doc;
use crate::ir::Docs;

/// Lines of documentation: a line of ours (markdown), then the prose, if there is any.
pub(super) fn comments(line: &str, docs: &Docs) -> Code {
    joined(line, &doc::comments(docs))
}

/// Lines of documentation: a line of ours (markdown), then a description, if there is one.
pub(super) fn described(line: &str, description: Option<&str>) -> Code {
    joined(line, &doc::text_comments(description.unwrap_or_default()))
}

fn joined(line: &str, prose: &Code) -> Code {
    let mut joined = doc::text_comments(line);
    if !prose.is_empty() {
        joined.document("");
    }
    joined.push(prose);
    joined
}
