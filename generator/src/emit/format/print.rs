//! Tokens on one line → lines.

use std::borrow::Cow;

use super::super::indentation::indent;
use super::line::Line;
use super::statement::{
    attributes, first_attribute, first_element, first_statement, is_arm, is_item, is_list,
};
use super::token::{Delimiter, Kind, Token, is_broken, nodes, split_last_node, split_node, width};

/// The longest line, in characters, where it can be broken.
const LONGEST: usize = 100;
/// Blanks of one step of indentation.
const STEP: usize = 4;

/// The text of items.
pub(super) fn items(line: &Line) -> String {
    let mut printer = Printer {
        source: line,
        text: String::with_capacity(line.text.len() + line.text.len() / 4),
        line: 0,
        indentation: 0,
    };
    printer.statements(&line.tokens);
    if !printer.text.is_empty() {
        printer.text.push('\n');
    }
    printer.text
}

struct Printer<'a> {
    source: &'a Line,
    text: String,
    /// Where the current line begins.
    line: usize,
    /// Blanks before each line.
    indentation: usize,
}

impl Printer<'_> {
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

    fn statements(&mut self, mut tokens: &[Token]) {
        let mut before: Option<bool> = None;
        while !tokens.is_empty() {
            let (attributes, after) = attributes(tokens);
            let (statement, rest) = first_statement(after);
            let is_item = is_item(statement);
            let is_long = !attributes.is_empty() || is_broken(statement);
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
            tokens = rest;
        }
    }

    /// Elements of a list, each on lines of its own. `comma` says whether the last one gets a comma, too.
    fn elements(&mut self, mut tokens: &[Token], comma: bool) {
        while !tokens.is_empty() {
            let (element, rest) = first_element(tokens);
            let (attributes, element) = attributes(element);
            self.attributes(attributes);
            if let [first, .., last] | [first @ last] = element {
                self.next_line();
                self.run(element, 1);
                let ends = last.kind == Kind::Comma || is_arm(element);
                if comma && !ends && first.kind != Kind::Range {
                    self.text.push(',');
                }
            }
            tokens = rest;
        }
    }

    /// Attributes, each on lines of its own.
    fn attributes(&mut self, mut tokens: &[Token]) {
        while let Some((attribute, rest)) = first_attribute(tokens) {
            self.next_line();
            match comment(self.source, attribute) {
                Some((marker, text)) => {
                    self.text.push_str(marker);
                    self.text.push_str(&text);
                }
                None => self.run(attribute, 0),
            }
            tokens = rest;
        }
    }

    /// Tokens one after the other, in lines where they have to be; `tail` is the width of what follows them.
    fn run(&mut self, tokens: &[Token], tail: usize) {
        if !is_broken(tokens) && self.fits(width(tokens) + tail) {
            self.flat(tokens);
            return;
        }
        let indentation = self.indentation;
        let mut end = tokens.first().map_or(0, |first| first.begin);
        let mut is_macro = false;
        let mut rest = tokens;
        while let Some((node, after)) = split_node(rest)
            && let [first, .., last] | [first @ last] = node
        {
            if first.begin > end {
                self.text.push(' ');
            }
            end = last.end;
            rest = after;
            if let Kind::Opening(delimiter) = first.kind {
                self.group(node, delimiter, until_group(rest, end, tail), is_macro);
                continue;
            }
            self.flat(node);
            is_macro = first.kind == Kind::Bang;
            // A value that does not even begin on the line of its name.
            let is_value = matches!(first.kind, Kind::Equals | Kind::FatArrow);
            if is_value
                && self.indentation == indentation
                && !self.fits(until_group(rest, end, tail))
            {
                self.indentation += STEP;
                self.next_line();
                self.run(rest, tail);
                break;
            }
        }
        self.indentation = indentation;
    }

    /// A group; `next` is the width of what has to stand on its last line, too.
    fn group(&mut self, group: &[Token], delimiter: Delimiter, next: usize, is_macro: bool) {
        let is_broken = is_broken(group);
        let is_empty = group.len() == 2;
        if is_empty || !is_broken && self.fits(width(group) + next) {
            self.flat(group);
            return;
        }
        let [opening, children @ .., closing] = group else {
            return;
        };
        self.flat(std::slice::from_ref(opening));
        let (element, others) = first_element(children);
        let is_single =
            others.is_empty() && element.last().is_none_or(|last| last.kind != Kind::Comma);
        let is_brace = delimiter == Delimiter::Brace;
        if !is_brace && is_single && self.hugs(children) {
            self.run(children, 1 + next);
        } else {
            self.indentation += STEP;
            if is_brace && is_broken && !is_list(children) {
                self.statements(children);
            } else {
                let is_array = delimiter == Delimiter::Bracket
                    && nodes(children).any(|(kind, _)| kind == Kind::Semicolon);
                self.elements(children, !is_macro && !is_array && (is_brace || !is_single));
            }
            self.indentation -= STEP;
            self.next_line();
        }
        self.flat(std::slice::from_ref(closing));
    }

    /// Whether the only element of a list is best begun on the line of the bracket, as it ends in one itself.
    fn hugs(&self, tokens: &[Token]) -> bool {
        let Some((before, last)) = split_last_node(tokens) else {
            return false;
        };
        last.len() > 2
            && !tokens
                .first()
                .is_some_and(|first| first.kind.begins_attribute())
            && !is_broken(before)
            && self.fits(width(before) + 2)
    }

    fn flat(&mut self, tokens: &[Token]) {
        self.text.push_str(self.source.of(tokens));
    }
}

/// Width from `end`, where a token ends, up to the bracket of the next group that can be broken, or to the end of those
/// that follow.
fn until_group(rest: &[Token], end: usize, tail: usize) -> usize {
    let mut start = 0;
    for (kind, behind) in nodes(rest) {
        if matches!(kind, Kind::Opening(_)) && behind - start > 2 {
            return rest.get(start).map_or(0, |opening| opening.end - end);
        }
        start = behind;
    }
    rest.last().map_or(0, |last| last.end - end) + tail
}

/// A `#[doc = "…"]` as a comment, with the marker of such a comment; `None` if it is none, or one that no comment can say.
fn comment<'a>(line: &'a Line, attribute: &[Token]) -> Option<(&'static str, Cow<'a, str>)> {
    let (marker, group) = match attribute {
        [_, bang, group @ ..] if bang.kind == Kind::Bang => ("//!", group),
        [_, group @ ..] => ("///", group),
        [] => return None,
    };
    let [_, doc, equals, text, _] = group else {
        return None;
    };
    let text_of = |token| line.of(std::slice::from_ref(token));
    let is_doc = equals.kind == Kind::Equals && text_of(doc) == "doc";
    let text = is_doc.then(|| text_of(text))?;
    Some((marker, spoken(text)?))
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
