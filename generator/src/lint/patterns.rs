//! Regular expressions that no engine can read.

use regex::Regex;

use super::walk;
use super::{Described, Findings};
use crate::description::document::Facet;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    walk::schemas(described.document, &mut |_, schema| {
        let Some(fact) = schema.facts.get(Facet::Pattern) else {
            return;
        };
        // What Rust can read is an expression; what it cannot may look around or refer back.
        let pattern = fact.value.as_str().filter(|it| Regex::new(it).is_err());
        if let Some(defect) = pattern.and_then(defect) {
            let message = format!("the `pattern` is no regular expression: {defect}");
            let at = fact.provenance.first().at;
            findings.add("invalid-pattern", message, at, "this pattern");
        }
    });
}

/// What every dialect of regular expressions refuses.
fn defect(pattern: &str) -> Option<&'static str> {
    let mut characters = pattern.chars().peekable();
    let mut open = 0_usize;
    let mut is_after_item = false;
    while let Some(character) = characters.next() {
        let repeats = matches!(character, '*' | '+' | '?');
        match character {
            '\\' if characters.next().is_none() => {
                return Some("a `\\` at the end escapes nothing");
            }
            '[' if !skip_class(&mut characters) => return Some("a `[` is not closed"),
            '(' => {
                open += 1;
                // `(?` begins a group of another kind.
                characters.next_if_eq(&'?');
            }
            ')' => match open.checked_sub(1) {
                Some(rest) => open = rest,
                None => return Some("a `)` closes nothing"),
            },
            _ if repeats && !is_after_item => return Some("a quantifier repeats nothing"),
            _ => {}
        }
        is_after_item = !matches!(character, '(' | '|');
    }
    (open > 0).then_some("a `(` is not closed")
}

/// Skips the characters of a class. `false` if it has no end.
fn skip_class(characters: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    while let Some(character) = characters.next() {
        match character {
            ']' => return true,
            '\\' => drop(characters.next()),
            _ => {}
        }
    }
    false
}
