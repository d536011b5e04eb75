//! Values → YAML, entry by entry, so that a large document is never held as a whole.

use std::borrow::Borrow;
use std::fmt::{Display, Write as _};

use serde_json::Value;

use super::indentation::indent;
use crate::document::Written;

/// Blanks of one step of indentation.
const STEP: usize = 2;

/// Octets of a key that stands before its colon without a sign. Readers look for the colon in 1024 characters, and an
/// escape may be ten of them.
const LONGEST_SIMPLE_KEY: usize = 100;

/// YAML that is being written.
#[derive(Debug, Default)]
pub(super) struct Yaml {
    text: String,
}

impl Yaml {
    /// Begins with a comment.
    pub(super) fn with_comment(comment: &str) -> Self {
        Self {
            text: format!("# {comment}\n"),
        }
    }

    /// The text.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// An entry of a mapping at a depth.
    pub(super) fn entry(&mut self, depth: usize, key: &str, value: &Written<'_>) {
        self.indent(depth);
        self.key_and_value(depth, key, value);
    }

    /// The key of a mapping whose entries follow, one level deeper.
    pub(super) fn open(&mut self, depth: usize, key: &str) {
        self.indent(depth);
        self.key(depth, key);
        self.text.push('\n');
    }

    /// A key and its colon.
    fn key(&mut self, depth: usize, key: &str) {
        let is_simple = key.len() <= LONGEST_SIMPLE_KEY;
        if !is_simple {
            self.text.push_str("? ");
        }
        self.string(depth, key, false);
        if !is_simple {
            self.text.push('\n');
            self.indent(depth);
        }
        self.text.push(':');
    }

    fn indent(&mut self, depth: usize) {
        indent(&mut self.text, depth * STEP);
    }

    fn key_and_value(&mut self, depth: usize, key: &str, value: &Written<'_>) {
        self.key(depth, key);
        match value {
            Written::Object(object) if !object.is_empty() => self.below(depth + 1, value),
            Written::Value(Value::Object(map)) if !map.is_empty() => self.below(depth + 1, value),
            // The items of a list stand below their key, not deeper.
            Written::List(items) if !items.is_empty() => self.below(depth, value),
            Written::Value(Value::Array(items)) if !items.is_empty() => self.below(depth, value),
            _ => {
                self.text.push(' ');
                self.value(depth + 1, value);
            }
        }
    }

    /// A value on the lines below its key.
    fn below(&mut self, depth: usize, value: &Written<'_>) {
        self.text.push('\n');
        self.indent(depth);
        self.value(depth, value);
    }

    /// A value where the text stands; what follows on further lines is as deep as `depth`.
    fn value(&mut self, depth: usize, value: &Written<'_>) {
        match value {
            Written::Object(object) => self.mapping(depth, object.iter()),
            Written::List(items) => self.sequence(depth, items),
            Written::Text(text) => self.string_line(depth, text),
            Written::Flag(flag) => self.word_line(flag),
            Written::Count(count) => self.word_line(count),
            Written::Value(Value::Object(map)) => {
                let entries = map.iter();
                let entries = entries.map(|(key, value)| (key.as_str(), Written::Value(value)));
                self.mapping(depth, entries);
            }
            Written::Value(Value::Array(items)) => {
                self.sequence(depth, items.iter().map(Written::Value));
            }
            Written::Value(Value::String(text)) => self.string_line(depth, text),
            Written::Value(word @ (Value::Null | Value::Bool(_) | Value::Number(_))) => {
                self.word_line(word);
            }
        }
    }

    fn string_line(&mut self, depth: usize, text: &str) {
        self.string(depth, text, true);
        self.text.push('\n');
    }

    /// A number, a boolean or null.
    fn word_line(&mut self, word: &dyn Display) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{word}");
    }

    fn mapping<'v, 'w: 'v>(
        &mut self,
        depth: usize,
        entries: impl Iterator<Item = (&'v str, impl Borrow<Written<'w>>)>,
    ) {
        let mut is_empty = true;
        for (key, value) in entries {
            if !is_empty {
                self.indent(depth);
            }
            is_empty = false;
            self.key_and_value(depth, key, value.borrow());
        }
        if is_empty {
            self.text.push_str("{}\n");
        }
    }

    fn sequence<'w>(
        &mut self,
        depth: usize,
        items: impl IntoIterator<Item = impl Borrow<Written<'w>>>,
    ) {
        let mut is_empty = true;
        for item in items {
            if !is_empty {
                self.indent(depth);
            }
            is_empty = false;
            self.text.push_str("- ");
            self.value(depth + 1, item.borrow());
        }
        if is_empty {
            self.text.push_str("[]\n");
        }
    }

    /// A string in the simplest of its forms; one of several lines as a block, where that is allowed.
    fn string(&mut self, depth: usize, text: &str, block: bool) {
        if block && is_block(text) {
            self.block(depth, text);
        } else if is_plain(text) {
            self.text.push_str(text);
        } else if is_printable_text(text) {
            self.text.push('\'');
            self.text.push_str(&text.replace('\'', "''"));
            self.text.push('\'');
        } else {
            self.escaped(text);
        }
    }

    fn block(&mut self, depth: usize, text: &str) {
        self.text.push('|');
        match text.strip_suffix('\n') {
            None => self.text.push('-'),
            Some(rest) if rest.ends_with('\n') => self.text.push('+'),
            Some(_) => {}
        }
        for line in text.strip_suffix('\n').unwrap_or(text).split('\n') {
            self.text.push('\n');
            if !line.is_empty() {
                self.indent(depth);
                self.text.push_str(line);
            }
        }
    }

    fn escaped(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                '\n' => self.text.push_str("\\n"),
                '\t' => self.text.push_str("\\t"),
                _ if is_printable(character) => self.text.push(character),
                _ => {
                    let code = u32::from(character);
                    // Writing to a string cannot fail.
                    let _ = write!(self.text, "\\U{code:08X}");
                }
            }
        }
        self.text.push('"');
    }
}

/// Whether a reader takes the character as it stands, and on the same line.
fn is_printable(character: char) -> bool {
    matches!(character, ' '..='~' | '\u{a0}'..='\u{2027}' | '\u{202f}'..='\u{2065}' | '\u{2070}'..='\u{d7ff}'
        | '\u{e000}'..='\u{fdff}' | '\u{fe00}'..='\u{fefe}' | '\u{ff00}'..='\u{fffd}' | '\u{10000}'..='\u{10ffff}')
}

fn is_printable_text(text: &str) -> bool {
    // Nearly every text is, so it is not worth to stop early: many octets are looked at in one step.
    let is_plain = |all: bool, byte: u8| all & matches!(byte, b' '..=b'~');
    text.bytes().fold(true, is_plain) || text.chars().all(is_printable)
}

/// Whether text of several lines can stand as it is, below its key.
fn is_block(text: &str) -> bool {
    let has_lines = text.trim_end_matches('\n').contains('\n');
    has_lines && !text.starts_with([' ', '\n']) && text.split('\n').all(is_printable_text)
}

/// Whether text can stand without quotes, and no reader of YAML 1.1 or 1.2 takes it for anything but text.
fn is_plain(text: &str) -> bool {
    let Some(first) = text.chars().next() else {
        return false;
    };
    let is_word = first.is_ascii_alphabetic() || "/$_(".contains(first) || !first.is_ascii();
    is_word
        && is_printable_text(text)
        && !text.ends_with([' ', ':', '\u{a0}'])
        && !has_sign(text)
        && !is_other_kind(text)
}

/// Whether a part of the text would end a key or start a comment.
fn has_sign(text: &str) -> bool {
    let mut pairs = text.as_bytes().windows(2);
    pairs.any(|pair| matches!(pair, b": " | b" #"))
}

/// Whether a word is a boolean or null in YAML 1.1 or 1.2.
fn is_other_kind(text: &str) -> bool {
    let words = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];
    text.len() <= 5 && words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::Yaml;

    fn written(value: &Value) -> String {
        let mut yaml = Yaml::default();
        yaml.open(0, "root");
        yaml.entry(1, "value", &value.into());
        yaml.into_text()
    }

    #[track_caller]
    fn check(value: &Value) {
        let text = written(value);
        let read: Value =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        assert_eq!(read, json!({ "root": { "value": value } }), "{text}");
    }

    #[test]
    fn what_is_written_is_read_back() {
        let texts = [
            "",
            " ",
            "a",
            "a b",
            "a: b",
            "a #b",
            "a:",
            "#",
            "- a",
            "-",
            "?",
            "*a",
            "&a",
            "!a",
            "%",
            "@",
            "`",
            "~",
            "null",
            "Null",
            "yes",
            "No",
            "y",
            "on",
            "OFF",
            "true",
            "1",
            "1.5",
            "0x1f",
            "0o7",
            "1_000",
            "1:30",
            "+1",
            ".inf",
            ".5",
            "2024-01-02",
            "<<",
            "=",
            "a\nb",
            "a\n",
            "a\nb\n",
            "a\nb\n\n",
            "\na",
            " a\nb",
            "a\n b\n\n  c",
            "a\tb",
            "a\r\nb",
            "\u{1b}[0m",
            "\u{85}",
            "\u{2028}",
            "\u{202e}x",
            "\u{feff}",
            "\u{1f600}",
            "'",
            "it's",
            "\"",
            "\\",
            "{a}",
            "[a]",
            "a, b",
            "a\n---\nb",
            "---",
            "...",
            "é",
            "a ",
            "\u{a0}",
            "|",
            ">",
            "http://a/b?c=d#e",
            "\n",
            "\n\n",
            "a\n\u{7f}",
        ];
        for text in texts {
            check(&json!(text));
            check(&json!([text, [text, { text: text, "b": [text] }]]));
            check(&json!({ text: { text: text } }));
        }
        let long = "long: ".repeat(300);
        check(&json!({ &long: { &long: [{ &long: "a", "b": [1] }], "c": { &long: [] } } }));
        check(&json!([
            [],
            {},
            [[]],
            [[1, -2], [3.5]],
            null,
            true,
            u64::MAX,
            1e300
        ]));
        check(&json!({ "a": {}, "b": [], "c": [{ "d": 1, "e": [2] }, { "f": {} }] }));
    }

    #[test]
    fn simple_text_is_plain_and_long_text_a_block() {
        let value = json!({ "b c": ["d", "3.1"], "e": "f\n\ng\n" });
        let expected =
            "root:\n  value:\n    b c:\n    - d\n    - '3.1'\n    e: |\n      f\n\n      g\n";
        assert_eq!(written(&value), expected);
    }
}
