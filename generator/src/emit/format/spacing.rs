//! Where blanks stand between tokens on a line.

use super::node::{Delimiter, Kind, Node};

/// Whether a word ends no operand, so that what follows it is separated by a blank.
fn is_keyword(word: &str) -> bool {
    matches!(
        word,
        "as" | "async"
            | "break"
            | "const"
            | "continue"
            | "dyn"
            | "else"
            | "enum"
            | "extern"
            | "fn"
            | "for"
            | "if"
            | "impl"
            | "in"
            | "let"
            | "loop"
            | "match"
            | "mod"
            | "move"
            | "mut"
            | "pub"
            | "ref"
            | "return"
            | "static"
            | "struct"
            | "trait"
            | "type"
            | "use"
            | "where"
    )
}

/// Settles whether a blank stands before a node, and whether one may stand behind it.
pub(super) fn settle(before: &[Node<'_>], node: &mut Node<'_>, in_closure: &mut bool) {
    let previous = before.last();
    let is_operand = previous.is_some_and(operand);
    let mut tight = previous.is_none_or(|previous| previous.glued);
    match node.kind {
        Kind::Punctuation => match node.text {
            "," | ";" | ":" => tight = true,
            "." => (tight, node.glued) = (true, true),
            "?" => {
                tight |= is_operand;
                node.glued = !is_operand;
            }
            "::" => {
                tight |= is_operand && !ends_parameters(before);
                node.glued = true;
            }
            ".." | "..=" => {
                tight |= is_operand;
                node.glued = true;
            }
            "!" => {
                tight |= is_operand;
                node.glued = true;
            }
            "#" | "$" => node.glued = true,
            "&" | "&&" | "*" | "-" => node.glued = !is_operand,
            "|" => {
                if *in_closure {
                    (*in_closure, tight) = (false, true);
                } else if opens_closure(previous) {
                    (*in_closure, node.glued) = (true, true);
                }
            }
            _ => {}
        },
        Kind::Group(Delimiter::Parenthesis) => {
            tight |= is_operand
                || previous.is_some_and(|previous| previous.is("pub") || previous.is("fn"));
        }
        Kind::Group(Delimiter::Bracket) => tight |= is_operand,
        Kind::Group(Delimiter::Angle) => {
            let is_declaration = previous.is_some_and(|previous| {
                previous.is("impl") || previous.is("for") || previous.is("fn")
            });
            tight |= is_operand || is_declaration;
        }
        // The brace of a macro stands apart, that of an import does not.
        Kind::Group(Delimiter::Brace) => {
            tight &= !previous.is_some_and(|previous| previous.is("!"))
        }
        Kind::Word | Kind::Literal | Kind::Lifetime | Kind::Documentation => {}
    }
    node.space = !tight;
}

/// Whether the nodes end in the type parameters of an `impl`: what follows them is no part of their path.
fn ends_parameters(nodes: &[Node<'_>]) -> bool {
    matches!(nodes, [.., owner, parameters]
        if owner.is("impl") && parameters.is_group(Delimiter::Angle))
}

/// Whether a node is the end of a value, path or type: what follows it may belong to it.
pub(super) fn operand(node: &Node<'_>) -> bool {
    match node.kind {
        Kind::Word => !is_keyword(node.text),
        Kind::Literal => true,
        Kind::Lifetime | Kind::Documentation => false,
        Kind::Punctuation => node.is("?"),
        Kind::Group(delimiter) => delimiter != Delimiter::Brace,
    }
}

fn opens_closure(previous: Option<&Node<'_>>) -> bool {
    previous.is_none_or(|previous| {
        ["move", ",", "=", "=>", "return", "("].contains(&previous.text)
            && previous.kind != Kind::Literal
    })
}
