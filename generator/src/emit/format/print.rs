//! Trees of tokens → lines.

use std::borrow::Cow;

use super::super::indentation::indent;
use super::node::{Delimiter, Kind, Node, width};
use super::statement::{attributes, first_element, first_statement, is_item, is_list};

/// The longest line, in characters, where it can be broken.
const LONGEST: usize = 100;
/// Blanks of one step of indentation.
const STEP: usize = 4;

/// The text of items, `capacity` bytes or more.
pub(super) fn items(nodes: &[Node<'_>], capacity: usize) -> String {
    let mut printer = Printer {
        text: String::with_capacity(capacity),
        line: 0,
        indentation: 0,
    };
    printer.statements(nodes);
    if !printer.text.is_empty() {
        printer.text.push('\n');
    }
    printer.text
}

struct Printer {
    text: String,
    /// Where the current line begins.
    line: usize,
    /// Blanks before each line.
    indentation: usize,
}

impl Printer {
    /// Characters of the current line.
    fn column(&self) -> usize {
        self.text.len() - self.line
    }

    fn fits(&self, width: usize) -> bool {
        self.column() + width <= LONGEST
    }

    fn next_line(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.line = self.text.len();
        indent(&mut self.text, self.indentation);
    }

    fn statements(&mut self, mut nodes: &[Node<'_>]) {
        let mut before: Option<bool> = None;
        while !nodes.is_empty() {
            let (attributes, after) = attributes(nodes);
            let (statement, rest) = first_statement(after);
            let is_item = is_item(statement);
            let is_long = !attributes.is_empty() || statement.iter().any(|node| node.broken);
            // Items of several lines stand apart from each other.
            if is_item && before.is_some_and(|before| before || is_long) {
                self.text.push('\n');
            }
            before = Some(is_long);
            self.attributes(attributes);
            if !statement.is_empty() {
                self.next_line();
                self.run(statement, 0);
            }
            nodes = rest;
        }
    }

    /// Elements of a list, each on lines of its own. `comma` says whether the last one gets a comma, too.
    fn elements(&mut self, mut nodes: &[Node<'_>], comma: bool) {
        while !nodes.is_empty() {
            let (element, rest) = first_element(nodes);
            let (attributes, element) = attributes(element);
            self.attributes(attributes);
            if !element.is_empty() {
                self.next_line();
                self.run(element, 1);
                let ends = element.last().is_some_and(|last| {
                    last.is(",") || last.is_group(Delimiter::Brace) && is_arm(element)
                });
                let is_rest = element.first().is_some_and(|first| first.is(".."));
                if comma && !ends && !is_rest {
                    self.text.push(',');
                }
            }
            nodes = rest;
        }
    }

    /// Attributes, each on lines of its own.
    fn attributes(&mut self, mut nodes: &[Node<'_>]) {
        let ends =
            |node: &Node<'_>| node.kind == Kind::Documentation || node.is_group(Delimiter::Bracket);
        while let Some(last) = nodes.iter().position(ends) {
            let (attribute, rest) = nodes.split_at_checked(last + 1).unwrap_or((nodes, &[]));
            self.next_line();
            match comment(attribute) {
                Some((marker, text)) => {
                    self.text.push_str(marker);
                    self.text.push_str(&text);
                }
                None => self.run(attribute, 0),
            }
            nodes = rest;
        }
    }

    /// Tokens one after the other, in lines where they have to be; `tail` is the width of what follows them.
    fn run(&mut self, nodes: &[Node<'_>], tail: usize) {
        if !nodes.iter().any(|node| node.broken) && self.fits(width(nodes) + tail) {
            self.flat(nodes);
            return;
        }
        let indentation = self.indentation;
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 && node.space {
                self.text.push(' ');
            }
            let rest = nodes.get(index + 1..).unwrap_or_default();
            let next = until_group(rest, tail);
            if let Kind::Group(delimiter) = node.kind {
                let is_macro = index > 0 && nodes.get(index - 1).is_some_and(|node| node.is("!"));
                self.group(node, delimiter, next, is_macro);
                continue;
            }
            self.text.push_str(node.text);
            // A value that does not even begin on the line of its name.
            let is_value = node.is("=") || node.is("=>");
            if is_value && self.indentation == indentation && !self.fits(next) {
                self.indentation += STEP;
                self.next_line();
                self.run(rest, tail);
                break;
            }
        }
        self.indentation = indentation;
    }

    fn group(&mut self, node: &Node<'_>, delimiter: Delimiter, next: usize, is_macro: bool) {
        let children = &node.children;
        if children.is_empty() || !node.broken && self.fits(node.width + next) {
            self.flat_group(node, delimiter);
            return;
        }
        self.text.push_str(delimiter.opening());
        let (element, others) = first_element(children);
        let is_single = others.is_empty() && !element.last().is_some_and(|last| last.is(","));
        let is_brace = delimiter == Delimiter::Brace;
        if !is_brace && is_single && self.hugs(children) {
            self.run(children, 1 + next);
        } else {
            self.indentation += STEP;
            if is_brace && node.broken && !is_list(children) {
                self.statements(children);
            } else {
                let is_array =
                    delimiter == Delimiter::Bracket && children.iter().any(|c| c.is(";"));
                self.elements(children, !is_macro && !is_array && (is_brace || !is_single));
            }
            self.indentation -= STEP;
            self.next_line();
        }
        self.text.push_str(delimiter.closing());
    }

    /// Whether the only element of a list is best begun on the line of the bracket, as it ends in one itself.
    fn hugs(&self, nodes: &[Node<'_>]) -> bool {
        let Some((last, before)) = nodes.split_last() else {
            return false;
        };
        let is_group = matches!(last.kind, Kind::Group(_)) && !last.children.is_empty();
        is_group
            && !nodes.first().is_some_and(Node::begins_attribute)
            && !before.iter().any(|node| node.broken)
            && self.fits(width(before) + 2)
    }

    fn flat(&mut self, nodes: &[Node<'_>]) {
        for (index, node) in nodes.iter().enumerate() {
            if index > 0 && node.space {
                self.text.push(' ');
            }
            match node.kind {
                Kind::Group(delimiter) => self.flat_group(node, delimiter),
                _ => self.text.push_str(node.text),
            }
        }
    }

    fn flat_group(&mut self, node: &Node<'_>, delimiter: Delimiter) {
        self.text.push_str(delimiter.opening());
        self.flat(&node.children);
        self.text.push_str(delimiter.closing());
    }
}

/// Width up to the bracket of the next group that can be broken, or to the end.
fn until_group(nodes: &[Node<'_>], tail: usize) -> usize {
    let mut total = 0;
    for node in nodes {
        total += usize::from(node.space);
        if matches!(node.kind, Kind::Group(_)) && !node.children.is_empty() {
            return total + 1;
        }
        total += node.width;
    }
    total + tail
}

/// Whether an element is an arm with a body in braces.
fn is_arm(element: &[Node<'_>]) -> bool {
    matches!(element, [.., arrow, _] if arrow.is("=>"))
}

/// A `#[doc = "…"]` as a comment, with the marker of such a comment; `None` if it is none, or one that no comment can say.
fn comment<'a>(attribute: &[Node<'a>]) -> Option<(&'static str, Cow<'a, str>)> {
    let (marker, group) = match attribute {
        [_, group] => ("///", group),
        [_, _, group] => ("//!", group),
        _ => return None,
    };
    match &*group.children {
        [doc, equals, text] if doc.is("doc") && equals.is("=") => {
            Some((marker, spoken(text.text)?))
        }
        _ => None,
    }
}

/// The text of a string literal, if a comment can say it: on one line, in ASCII, and not taken for another kind of comment.
fn spoken(literal: &str) -> Option<Cow<'_, str>> {
    let (text, is_raw) = match literal.strip_prefix('r') {
        Some(raw) => (raw.trim_matches('#'), true),
        None => (literal, false),
    };
    let text = text.strip_prefix('"')?.strip_suffix('"')?;
    if text.starts_with('/') || !text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return None;
    }
    if is_raw || !text.contains('\\') {
        return Some(Cow::Borrowed(text));
    }
    let mut said = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        said.push(match character {
            '\\' => match characters.next()? {
                escaped @ ('"' | '\'' | '\\') => escaped,
                _ => return None,
            },
            _ => character,
        });
    }
    Some(Cow::Owned(said))
}
