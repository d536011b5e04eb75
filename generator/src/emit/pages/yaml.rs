//! Values → YAML, by `serde_yaml`, in a form that readers of YAML 1.1 and of YAML 1.2 read alike.
//!
//! `serde_yaml` writes for readers of YAML 1.2 and has no way to ask for quotes. What a reader of YAML 1.1 takes for another
//! type, such as `on` or a date, begins with a character here that the library can only write in double quotes, and a
//! [`MARK`], by which it is found and taken off again.

mod blocks;

use std::borrow::Cow;

use serde::ser::Error as _;
use serde::{Serialize, Serializer};
use serde_json::{Number, Value as Json};

use crate::description::document::Written;

pub(super) use blocks::Blocks;
use blocks::Plan;

/// A character for private use. In the library's output, each is followed by one of the five letters below: those of the
/// texts themselves, too.
const MARK: char = '\u{e000}';

/// Behind a mark: the quotes before it are asked for.
const QUOTES: char = 'q';

/// Behind a mark: a blank at the end of a line, with which the library would not write the text as a block.
const BLANK: char = 'b';

/// Behind a mark: the mark's own character.
const ITSELF: char = 'i';

/// Behind a mark: what follows is no text, but a number with an exponent.
const NUMBER: char = 'n';

/// Behind a mark: what follows is the number of a block, which stands in the place of its text.
const COPIED: char = 'c';

/// What the library writes in double quotes alone, and how it writes it.
const UNPRINTABLE: (char, &str) = ('\u{feff}', "\\uFEFF");

/// A value as YAML. It has to be made of [`Text`], [`Tree`] and [`Mapping`], with these blocks.
///
/// # Errors
/// The library cannot write it: a defect of its maker.
pub(super) fn to_string(
    value: &impl Serialize,
    blocks: &Blocks,
) -> Result<String, serde_yaml::Error> {
    let yaml = serde_yaml::to_string(value)?;
    if !yaml.contains(MARK) {
        return Ok(yaml);
    }
    let mut text = String::with_capacity(yaml.len());
    unmark(&yaml, blocks, &mut text);
    Ok(text)
}

/// A mapping whose entries are made when they are written: a large document is never held as a whole.
pub(super) struct Mapping<F>(pub(super) F);

impl<F, I, K, V> Serialize for Mapping<F>
where
    F: Fn() -> I,
    I: Iterator<Item = (K, V)>,
    K: AsRef<str>,
    V: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let entries = (self.0)();
        serializer.collect_map(entries.map(|(key, value)| (Text(key), value)))
    }
}

/// A value with all that is in it.
pub(super) struct Tree<'a>(pub(super) Written<'a>, pub(super) &'a Blocks);

impl Serialize for Tree<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(value, blocks) = self;
        let plan = blocks.plan(value);
        Node(value, Some(&plan)).serialize(serializer)
    }
}

/// A part of a tree. Without a plan, no text of another object is copied.
struct Node<'n, T>(&'n T, Option<&'n Plan<'n>>);

impl<'n, T> Node<'n, T>
where
    Self: Serialize,
{
    /// Writes an object: its entries, or the mark in whose place its text is copied.
    fn object<'v, V: 'v, S: Serializer>(
        &self,
        entries: impl Iterator<Item = (&'v str, &'v V)>,
        serializer: S,
    ) -> Result<S::Ok, S::Error>
    where
        'n: 'v,
        Node<'v, V>: Serialize,
    {
        let Self(object, plan) = self;
        let copied = plan.and_then(|plan| Some((plan.blocks, plan.next()?)));
        let Some((blocks, number)) = copied else {
            return serializer
                .collect_map(entries.map(|(key, value)| (Text(key), Node(value, *plan))));
        };
        let write = || to_string(&Node(*object, None), blocks);
        blocks.remember(number, write).map_err(S::Error::custom)?;
        serializer.serialize_str(&format!("{MARK}{COPIED}{number}"))
    }
}

impl Serialize for Node<'_, Written<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let plan = self.1;
        match self.0 {
            Written::Value(value) => Node(*value, plan).serialize(serializer),
            Written::Text(text) => Text(text).serialize(serializer),
            Written::Flag(flag) => flag.serialize(serializer),
            Written::Count(count) => count.serialize(serializer),
            Written::List(items) => {
                serializer.collect_seq(items.iter().map(|item| Node(item, plan)))
            }
            Written::Object(object) => self.object(object.iter(), serializer),
        }
    }
}

impl Serialize for Node<'_, Json> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Json::String(text) => Text(text).serialize(serializer),
            Json::Array(items) => {
                serializer.collect_seq(items.iter().map(|item| Node(item, self.1)))
            }
            Json::Object(object) => {
                let entries = object.iter().map(|(key, value)| (key.as_str(), value));
                self.object(entries, serializer)
            }
            Json::Number(number) => match exponential(number) {
                Some(text) => serializer.serialize_str(&format!("{MARK}{NUMBER}{text}")),
                None => number.serialize(serializer),
            },
            Json::Null | Json::Bool(_) => self.0.serialize(serializer),
        }
    }
}

/// A text, as a key or as a value.
pub(super) struct Text<T>(pub(super) T);

impl<T: AsRef<str>> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&mark(self.0.as_ref()))
    }
}

/// A number with an exponent as it is one in YAML 1.1, too: with a point before the exponent and a sign in it.
fn exponential(number: &Number) -> Option<String> {
    let text = number.to_string();
    let (digits, exponent) = text.split_once('e')?;
    let fraction = if digits.contains('.') { "" } else { ".0" };
    let sign = if exponent.starts_with(['+', '-']) {
        ""
    } else {
        "+"
    };
    Some(format!("{digits}{fraction}e{sign}{exponent}"))
}

/// The text as the library is given it.
fn mark(text: &str) -> Cow<'_, str> {
    if needs_quotes(text) {
        let itself = format!("{MARK}{ITSELF}");
        let (unprintable, _) = UNPRINTABLE;
        let text = text.replace(MARK, &itself);
        Cow::Owned(format!("{unprintable}{MARK}{QUOTES}{text}"))
    } else if has_lines_with_blanks_at_their_end(text) {
        Cow::Owned(mark_blanks(text))
    } else {
        Cow::Borrowed(text)
    }
}

/// Writes what the library made of marked texts, without the marks.
fn unmark(yaml: &str, blocks: &Blocks, text: &mut String) {
    let mut parts = yaml.split(MARK);
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        if let Some(rest) = part.strip_prefix(QUOTES) {
            let (_, escape) = UNPRINTABLE;
            let kept = text.strip_suffix(escape).map_or(text.len(), str::len);
            text.truncate(kept);
            text.push_str(rest);
        } else if let Some(rest) = part.strip_prefix(BLANK) {
            text.push(' ');
            text.push_str(rest);
        } else if let Some(rest) = part.strip_prefix(NUMBER) {
            text.push_str(rest);
        } else if let Some(rest) = part.strip_prefix(COPIED) {
            let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
            let (number, rest) = rest.split_at(digits);
            if let Ok(number) = number.parse() {
                blocks.expand(number, text);
            }
            text.push_str(rest);
        } else {
            text.push(MARK);
            text.push_str(part.strip_prefix(ITSELF).unwrap_or(part));
        }
    }
}

/// Whether a text is no text for some reader unless it stands in double quotes.
fn needs_quotes(text: &str) -> bool {
    // The library counts the separators of lines and paragraphs as ends of lines, as only YAML 1.1 does.
    let has_sign = !text.is_ascii() && text.contains([MARK, '\u{2028}', '\u{2029}']);
    has_sign || is_word(text) || is_number(text) || may_be_date(text)
}

/// Whether YAML 1.1 takes a word for a boolean, for the key that merges or for the one of a default value, or Ruby's
/// reader takes it for one of its symbols.
fn is_word(text: &str) -> bool {
    let words = ["y", "n", "yes", "no", "on", "off", "<<", "="];
    let is_short = text.len() <= 3;
    text.starts_with(':') || is_short && words.iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Whether a text may be a number of YAML 1.1 alone, one with digits in groups or to the base of 60, or one to another base
/// than 10 that is too large for the library.
fn is_number(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    let based = digits.strip_prefix('0').unwrap_or_default();
    if let Some(based) = based.strip_prefix(['b', 'B', 'o', 'O', 'x', 'X']) {
        return !based.is_empty() && based.bytes().all(|it| it.is_ascii_hexdigit() || it == b'_');
    }
    let is_part = |byte: u8| byte.is_ascii_hexdigit() || b"xX_,:.+-".contains(&byte);
    digits.starts_with(|first: char| first.is_ascii_digit() || first == '.')
        && digits.contains(['_', ',', ':'])
        && digits.bytes().all(is_part)
}

/// Whether a text may be a date, with or without a time.
fn may_be_date(text: &str) -> bool {
    let is_part = |byte: &u8| byte.is_ascii_digit() || b"-:.+TtZz \t".contains(byte);
    let (year, rest) = text.as_bytes().split_at(text.len().min(4));
    year.iter().all(u8::is_ascii_digit) && rest.starts_with(b"-") && rest.iter().all(is_part)
}

/// Whether blanks at the end of lines are all that keeps a text from being a block. Before its first line they would be
/// taken for the block's indentation.
fn has_lines_with_blanks_at_their_end(text: &str) -> bool {
    let is_block = text.contains('\n') && !text.starts_with([' ', '\n']);
    is_block && (text.contains(" \n") || text.ends_with(' '))
}

fn mark_blanks(text: &str) -> String {
    let mut marked = String::with_capacity(text.len() + 16);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let end = bare.trim_end_matches(' ');
        marked.push_str(end);
        for _ in end.len()..bare.len() {
            marked.extend([MARK, BLANK]);
        }
        marked.push_str(line.get(bare.len()..).unwrap_or_default());
    }
    marked
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Blocks, Tree, to_string};
    use crate::description::diagnostic::Diagnostics;
    use crate::description::load;
    use crate::description::source::SourceMap;

    fn written(value: &Value) -> String {
        let blocks = Blocks::default();
        to_string(&Tree(value.into(), &blocks), &blocks).unwrap()
    }

    /// Our own reader, which is one of YAML 1.2.
    fn loaded(text: &str) -> Value {
        let mut sources = SourceMap::default();
        let file = sources.add("written.yaml", text);
        let mut diagnostics = Diagnostics::default();
        let root = load::parse(&sources, file, &mut diagnostics);
        let said = diagnostics.render(&sources);
        root.unwrap_or_else(|| panic!("{said}\n{text}")).to_json()
    }

    #[track_caller]
    fn check(value: &Value) {
        let text = written(value);
        let read: Value =
            serde_yaml::from_str(&text).unwrap_or_else(|error| panic!("{error}:\n{text}"));
        assert_eq!(read, *value, "{text}");
        assert_eq!(loaded(&text), *value, "{text}");
    }

    /// Texts that have quotes because a reader of YAML 1.1, or Ruby's, would not take them for texts.
    const NO_TEXT_IN_YAML_1_1: [&str; 38] = [
        "yes",
        "No",
        "y",
        "N",
        "on",
        "OFF",
        "true",
        "False",
        "null",
        "~",
        "1",
        "-1",
        "+1",
        "010",
        "0o7",
        "0x1f",
        "0b1",
        "0xD316E95Fd9E8E237Cb11f8200Babbc5D8D177B",
        "0o7777777777777777777777777777777777777777777",
        "1e3",
        "1.5",
        ".5",
        "+.5",
        ".inf",
        ".NaN",
        "1_000",
        "-0x1_f",
        "0b1_0",
        "1_0.5e+3",
        "1,000",
        "1:30",
        "-190:20:30.15",
        "2024-01-02",
        "2024-1-2 3:04:05 +1",
        "2001-12-14t21:59:43.10-05:00",
        "<<",
        "=",
        ":a",
    ];

    #[test]
    fn texts_are_texts_in_yaml_1_1_too() {
        for text in NO_TEXT_IN_YAML_1_1 {
            let quoted = [format!("'{text}'"), format!("\"{text}\"")];
            let list = written(&json!([text]));
            let list = list.strip_prefix("- ").unwrap();
            assert!(quoted.contains(&list.trim_end().to_owned()), "{list}");
            let mapping = written(&json!({ text: { text: [] } }));
            assert_eq!(
                mapping.matches(&quoted[0]).count() + mapping.matches(&quoted[1]).count(),
                2
            );
            check(&json!([text, [text, { text: text, "b": [text] }]]));
            check(&json!({ text: { text: text } }));
        }
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
            "a\nb",
            "a\n",
            "a\nb\n",
            "a\nb\n\n",
            "\na",
            " a\nb",
            "  \na",
            "a\n b\n\n  c",
            "a \nb",
            "a  \n  \nb ",
            "a\n ",
            "a\n \n",
            " \n ",
            "a\tb",
            "a\t \n\tb",
            "a\r\nb",
            "a \r\nb",
            "\0",
            "\u{1b}[0m",
            "\u{85}",
            "a\u{85}b\nc",
            "\u{2028}",
            "a\u{2028}b",
            "a \u{2029}\nb",
            "\u{202e}x",
            "\u{feff}",
            "\u{e000}",
            "\u{e000}q",
            "\u{feff}\u{e000}q",
            "\\uFEFF\u{e000}qa \nb",
            "\u{1f600}",
            "a\n\u{1f600}\n",
            "\u{ffff}",
            "'",
            "it's",
            "\"",
            "\\",
            "{a}",
            "[a]",
            "a, b",
            "a\n---\nb",
            "a\n...\nb",
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
    fn objects_that_are_equal_have_the_same_text_wherever_they_stand() {
        let long = "key ".repeat(40);
        let object = json!({
            "a": "on", "b": " \n c \n\n", "c": { "d": [1, { "e": {}, "f": 1e300 }] },
            "d": "\u{e000}c1", "e": ["long enough to be copied", []],
        });
        let several = json!([
            object,
            [object, [object]],
            { "a b": object, "- c": { "d": object }, &long: object },
            { "e": [object, { "f": [[object]] }] },
        ]);
        check(&several);
        // Without a copy, each is written at its place.
        let alone = |pointer: &str| {
            let mut value = several.clone();
            for other in [
                "/0",
                "/1/0",
                "/1/1/0",
                "/2/a b",
                "/2/- c/d",
                "/3/e/0",
                "/3/e/1/f/0/0",
            ] {
                if other != pointer {
                    *value.pointer_mut(other).unwrap() = json!(null);
                }
            }
            *value.pointer_mut(&format!("/2/{long}")).unwrap() = json!(null);
            written(&value)
        };
        let text = written(&several);
        for pointer in [
            "/1/0",
            "/1/1/0",
            "/2/a b",
            "/2/- c/d",
            "/3/e/0",
            "/3/e/1/f/0/0",
        ] {
            let alone = alone(pointer);
            let of_object = alone.lines().filter(|line| !line.ends_with("null"));
            for line in of_object {
                assert!(text.lines().any(|other| other == line), "{line:?}\n{text}");
            }
        }
    }

    #[test]
    fn numbers_with_an_exponent_are_numbers_in_yaml_1_1_too() {
        let value = json!([1e300, -9.25e18, 1e-7, 2.5e-9]);
        let text = written(&value);
        assert_eq!(text, "- 1.0e+300\n- -9.25e+18\n- 1.0e-7\n- 2.5e-9\n");
        check(&value);
    }

    #[test]
    fn simple_text_is_plain_and_text_of_several_lines_a_block() {
        let value = json!({ "b c": ["d", "3.1", "3.1.0"], "e": "f\n\n- g: #h \n  i  \n" });
        let expected = "b c:\n- d\n- '3.1'\n- 3.1.0\ne: |\n  f\n\n  - g: #h \n    i  \n";
        assert_eq!(written(&value), expected);
    }
}
