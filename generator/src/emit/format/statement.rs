//! Where statements, elements of lists and attributes end.

use super::node::{Delimiter, Kind, Node};

/// Words that an item begins with.
const ITEMS: [&str; 13] = [
    "async",
    "const",
    "enum",
    "extern",
    "fn",
    "impl",
    "macro_rules",
    "mod",
    "pub",
    "static",
    "struct",
    "trait",
    "type",
];

/// Words of statements that end with their braces.
const BLOCKS: [&str; 6] = ["for", "if", "loop", "match", "unsafe", "while"];

/// Splits the attributes in front off: each is a comment, `#` and `[…]`, or `#`, `!` and `[…]`.
pub(super) fn attributes<'n, 'a>(nodes: &'n [Node<'a>]) -> (&'n [Node<'a>], &'n [Node<'a>]) {
    let mut length = 0;
    loop {
        length += match nodes.get(length..) {
            Some([comment, ..]) if comment.kind == Kind::Documentation => 1,
            Some([hash, group, ..]) if hash.is("#") && group.is_group(Delimiter::Bracket) => 2,
            Some([hash, bang, group, ..])
                if hash.is("#") && bang.is("!") && group.is_group(Delimiter::Bracket) =>
            {
                3
            }
            _ => return nodes.split_at_checked(length).unwrap_or((nodes, &[])),
        };
    }
}

/// Whether a statement is an item.
pub(super) fn is_item(statement: &[Node<'_>]) -> bool {
    statement
        .first()
        .is_some_and(|first| first.kind == Kind::Word && ITEMS.contains(&first.text))
}

/// Splits the first statement off, with its semicolon.
pub(super) fn first_statement<'n, 'a>(nodes: &'n [Node<'a>]) -> (&'n [Node<'a>], &'n [Node<'a>]) {
    // The `=` of an `if let` assigns nothing.
    let is_block = nodes
        .first()
        .is_some_and(|first| BLOCKS.contains(&first.text));
    let mut assigns = false;
    let mut is_import = false;
    let mut had_brace = false;
    let mut end = nodes.len();
    for (index, node) in nodes.iter().enumerate() {
        is_import |= !had_brace && node.is("use");
        had_brace |= node.is_group(Delimiter::Brace);
        assigns |= !is_block && (node.is("=") || node.is("+="));
        let ends_in_brace = node.is_group(Delimiter::Brace) && !assigns && !is_import;
        if node.is(";") || ends_in_brace && !nodes.get(index + 1).is_some_and(continues) {
            end = index + 1;
            break;
        }
    }
    nodes.split_at_checked(end).unwrap_or((nodes, &[]))
}

/// Whether a statement goes on after a brace with this node.
fn continues(node: &Node<'_>) -> bool {
    match node.kind {
        Kind::Punctuation => !["#", "&", "*", "::"].contains(&node.text),
        Kind::Word => ["else", "as"].contains(&node.text),
        _ => false,
    }
}

/// Whether braces hold a list, of fields, variants or arms, and not statements.
pub(super) fn is_list(nodes: &[Node<'_>]) -> bool {
    let (_, first) = attributes(nodes);
    if nodes.iter().any(|node| node.is(";")) || is_item(first) && !is_field(first) {
        return false;
    }
    let (element, rest) = first_element(nodes);
    is_field(first)
        || !rest.is_empty()
        || element.last().is_some_and(|last| last.is(","))
        || element.iter().any(|node| node.is("=>"))
}

/// Whether nodes begin with a field and its type or value.
fn is_field(nodes: &[Node<'_>]) -> bool {
    match nodes {
        [visibility, path, rest @ ..]
            if visibility.is("pub") && path.is_group(Delimiter::Parenthesis) =>
        {
            is_field(rest)
        }
        [visibility, rest @ ..] if visibility.is("pub") => is_field(rest),
        [name, colon, ..] => name.kind == Kind::Word && colon.is(":"),
        _ => false,
    }
}

/// Splits the first element of a list off, with its comma. An arm with a body in braces needs none.
pub(super) fn first_element<'n, 'a>(nodes: &'n [Node<'a>]) -> (&'n [Node<'a>], &'n [Node<'a>]) {
    let mut in_closure = false;
    let mut after_arrow = false;
    let mut end = nodes.len();
    for (index, node) in nodes.iter().enumerate() {
        if node.is("|") {
            in_closure = node.glued;
        }
        let is_body = after_arrow && node.is_group(Delimiter::Brace);
        after_arrow = node.is("=>");
        let next = nodes.get(index + 1);
        let is_body =
            is_body && !next.is_some_and(|next| next.is(",") || next.is(".") || next.is("?"));
        if node.is(",") && !in_closure || is_body {
            end = index + 1;
            break;
        }
    }
    nodes.split_at_checked(end).unwrap_or((nodes, &[]))
}
