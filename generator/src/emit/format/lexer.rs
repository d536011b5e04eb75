//! Text of tokens → trees of nodes that borrow from it.

use super::node::{Delimiter, Kind, Node};
use super::spacing;

/// Operators of several characters, longest first. `<<` and `>>` are missing: in what is emitted they are brackets of types.
const OPERATORS: [&str; 12] = [
    "..=", "...", "::", "->", "=>", "==", "!=", "<=", "&&", "||", "..", "+=",
];

/// Groups deeper than this are not formatted: no emitter writes them, and they must not exhaust the stack.
const DEEPEST: usize = 400;

/// The trees of a text as [`proc_macro2::TokenStream`] writes itself; `None` if it is no such text.
pub(super) fn read(text: &str) -> Option<Vec<Node<'_>>> {
    let mut open = vec![Level::new(None)];
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at_checked(length(rest, first)?)?;
        match first {
            '(' | '[' | '{' => open.push(Level::new(Delimiter::of_opening(first))),
            ')' | ']' | '}' => {
                while open.last()?.delimiter == Some(Delimiter::Angle) {
                    comparison(&mut open)?;
                }
                close(&mut open, Delimiter::of_closing(first)?)?;
            }
            '<' if token == "<" => open.push(Level::new(Some(Delimiter::Angle))),
            '>' if open.last()?.delimiter == Some(Delimiter::Angle) => {
                close(&mut open, Delimiter::Angle)?;
            }
            _ => {
                // No list of type arguments holds a whole statement.
                while first == ';' && open.last()?.delimiter == Some(Delimiter::Angle) {
                    comparison(&mut open)?;
                }
                open.last_mut()?
                    .push(Node::token(kind(first, token), token));
            }
        }
        if open.len() > DEEPEST {
            return None;
        }
        rest = after.trim_start();
    }
    while open.last()?.delimiter == Some(Delimiter::Angle) {
        comparison(&mut open)?;
    }
    let root = open.pop()?;
    open.is_empty().then_some(root.nodes)
}

/// A group that is being read.
struct Level<'a> {
    delimiter: Option<Delimiter>,
    nodes: Vec<Node<'a>>,
    /// Whether the parameters of a closure are being read.
    in_closure: bool,
}

impl<'a> Level<'a> {
    fn new(delimiter: Option<Delimiter>) -> Self {
        Self {
            delimiter,
            nodes: Vec::new(),
            in_closure: false,
        }
    }

    fn push(&mut self, mut node: Node<'a>) {
        spacing::settle(&self.nodes, &mut node, &mut self.in_closure);
        self.nodes.push(node);
    }
}

/// Ends the group that is read last.
fn close(open: &mut Vec<Level<'_>>, delimiter: Delimiter) -> Option<()> {
    let mut group = open.pop()?;
    if group.delimiter != Some(delimiter) {
        return None;
    }
    let parent = open.last_mut()?;
    let previous = parent.nodes.last();
    let is_path = previous.is_some_and(|node| node.is("::"));
    let is_tuple = delimiter == Delimiter::Parenthesis && !previous.is_some_and(spacing::operand);
    // Where a last comma means nothing, it is for the printer to set.
    if delimiter != Delimiter::Brace
        && !is_tuple
        && group.nodes.last().is_some_and(|last| last.is(","))
    {
        group.nodes.pop();
    }
    parent.push(Node::group(delimiter, group.nodes, is_path));
    Some(())
}

/// A `<` that was taken for a bracket and is a comparison.
fn comparison(open: &mut Vec<Level<'_>>) -> Option<()> {
    let group = open.pop()?;
    let parent = open.last_mut()?;
    let mut sign = Node::token(Kind::Punctuation, "<");
    sign.space = true;
    parent.nodes.push(sign);
    for (index, mut node) in group.nodes.into_iter().enumerate() {
        node.space |= index == 0;
        parent.nodes.push(node);
    }
    Some(())
}

fn kind(first: char, token: &str) -> Kind {
    match first {
        '"' => Kind::Literal,
        '\'' if token.ends_with('\'') && token.len() > 1 => Kind::Literal,
        '\'' => Kind::Lifetime,
        '0'..='9' => Kind::Literal,
        _ if token.ends_with('"') || token.ends_with('#') && token.len() > 1 => Kind::Literal,
        _ if is_word(first) => Kind::Word,
        _ => Kind::Punctuation,
    }
}

/// Bytes of the first token.
fn length(text: &str, first: char) -> Option<usize> {
    let word = || text.find(|c: char| !is_word(c)).unwrap_or(text.len());
    match first {
        '"' => quoted(text, '"'),
        '\'' => match text.chars().nth(2) {
            Some('\'') => Some(1 + text.chars().nth(1)?.len_utf8() + 1),
            _ if text.starts_with("'\\") => quoted(text, '\''),
            _ => Some(
                1 + text
                    .get(1..)?
                    .find(|c: char| !is_word(c))
                    .unwrap_or(text.len() - 1),
            ),
        },
        '0'..='9' => Some(number(text)),
        _ if is_word(first) => {
            let word = word();
            let (prefix, rest) = text.split_at_checked(word)?;
            match prefix {
                "b" | "c" if rest.starts_with('"') => Some(word + quoted(rest, '"')?),
                "b" if rest.starts_with('\'') => Some(word + quoted(rest, '\'')?),
                "r" | "br" | "cr" if rest.starts_with(['"', '#']) => raw(text, word),
                _ => Some(word),
            }
        }
        _ => Some(
            OPERATORS
                .iter()
                .find(|operator| text.starts_with(**operator))
                .map_or(first.len_utf8(), |operator| operator.len()),
        ),
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// Bytes of a literal with a quote before and behind it.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut escaped = false;
    for (index, character) in text.char_indices().skip(1) {
        match character {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if character == quote => return Some(index + 1),
            _ => {}
        }
    }
    None
}

/// Bytes of a raw string or of a raw identifier, whose prefix has `prefix` bytes.
fn raw(text: &str, prefix: usize) -> Option<usize> {
    let rest = text.get(prefix..)?;
    let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
    let inner = rest.get(hashes..)?;
    if !inner.starts_with('"') {
        let word = inner.find(|c: char| !is_word(c)).unwrap_or(inner.len());
        return Some(prefix + hashes + word);
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.get(1..)?.find(&end)?;
    Some(prefix + hashes + 1 + length + end.len())
}

fn number(text: &str) -> usize {
    let mut before = ' ';
    let mut characters = text.char_indices().peekable();
    let is_decimal = !text.starts_with("0x");
    while let Some((index, character)) = characters.next() {
        let continues = match character {
            '.' => characters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_digit()),
            '+' | '-' => is_decimal && matches!(before, 'e' | 'E'),
            _ => is_word(character),
        };
        if !continues {
            return index;
        }
        before = character;
    }
    text.len()
}
