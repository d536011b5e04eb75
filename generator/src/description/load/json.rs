//! Parses JSON (RFC 8259), strictly and without recursion.

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::Span;
use crate::description::tree::{Node, Value};

use super::Input;
use super::builder::{Builder, Stop};
use super::scalar::{self, NotRepresentable};

/// A JSON syntax error: its position and reason.
#[derive(Debug)]
pub(super) struct SyntaxError {
    pub(super) at: Span,
    pub(super) expected: &'static str,
}

impl SyntaxError {
    pub(super) fn diagnostic(&self) -> Diagnostic {
        Diagnostic::error("json-syntax", "this is not valid JSON")
            .at(self.at, self.expected)
            .help("fix the syntax here or just before it")
    }
}

enum Failure {
    Syntax(SyntaxError),
    Stop,
}

impl From<Stop> for Failure {
    fn from(_: Stop) -> Self {
        Self::Stop
    }
}

/// Parses a text. `Ok(None)` means that the text is JSON but exceeds a limit, which was reported.
pub(super) fn read(
    input: &Input<'_>,
    diagnostics: &mut Diagnostics,
) -> Result<Option<Node>, SyntaxError> {
    let mut reader = JsonReader {
        input,
        bytes: input.text.as_bytes(),
        at: 0,
        line: 1,
        counted: 0,
        column: 1,
        builder: Builder::new(diagnostics),
    };
    match reader.document() {
        Ok(()) => Ok(reader.builder.into_root()),
        Err(Failure::Stop) => Ok(None),
        Err(Failure::Syntax(error)) => Err(error),
    }
}

struct JsonReader<'a> {
    input: &'a Input<'a>,
    bytes: &'a [u8],
    at: usize,
    line: usize,
    /// The byte offset up to which `column` was counted, so that a long line is counted only once.
    counted: usize,
    column: usize,
    builder: Builder<'a>,
}

/// What the parser expects next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    Value,
    ValueOrEnd,
    Key,
    KeyOrEnd,
    CommaOrEnd,
}

impl JsonReader<'_> {
    fn document(&mut self) -> Result<(), Failure> {
        // For each open bracket, whether it is a `{`.
        let mut open: Vec<bool> = Vec::new();
        let mut expect = Expect::Value;
        loop {
            self.skip_blanks();
            expect = match (expect, self.peek()) {
                (Expect::Value | Expect::ValueOrEnd, Some(b'{')) => {
                    let span = self.span();
                    self.builder.open_mapping(span)?;
                    self.at += 1;
                    open.push(true);
                    Expect::KeyOrEnd
                }
                (Expect::Value | Expect::ValueOrEnd, Some(b'[')) => {
                    let span = self.span();
                    self.builder.open_sequence(span)?;
                    self.at += 1;
                    open.push(false);
                    Expect::ValueOrEnd
                }
                (Expect::ValueOrEnd | Expect::CommaOrEnd, Some(b']'))
                    if open.last() == Some(&false) =>
                {
                    self.close(&mut open)
                }
                (Expect::KeyOrEnd | Expect::CommaOrEnd, Some(b'}'))
                    if open.last() == Some(&true) =>
                {
                    self.close(&mut open)
                }
                (Expect::CommaOrEnd, Some(b',')) => {
                    self.at += 1;
                    match open.last() {
                        Some(true) => Expect::Key,
                        _ => Expect::Value,
                    }
                }
                (Expect::Key | Expect::KeyOrEnd, Some(b'"')) => {
                    self.key()?;
                    Expect::Value
                }
                (Expect::Value | Expect::ValueOrEnd, _) => {
                    self.scalar()?;
                    Expect::CommaOrEnd
                }
                (Expect::Key | Expect::KeyOrEnd, _) => {
                    return self.fail("expected a key in double quotes");
                }
                (Expect::CommaOrEnd, _) if open.last() == Some(&true) => {
                    return self.fail("expected `,` or `}`");
                }
                (Expect::CommaOrEnd, _) => return self.fail("expected `,` or `]`"),
            };
            if open.is_empty() {
                self.skip_blanks();
                return match self.peek() {
                    None => Ok(()),
                    Some(_) => self.fail("expected the end of the file"),
                };
            }
        }
    }

    fn close(&mut self, open: &mut Vec<bool>) -> Expect {
        self.at += 1;
        open.pop();
        if let Some(node) = self.builder.close() {
            self.builder.value(node);
        }
        Expect::CommaOrEnd
    }

    fn key(&mut self) -> Result<(), Failure> {
        let span = self.span();
        let key = self.string()?;
        self.skip_blanks();
        if self.peek() != Some(b':') {
            return self.fail("expected `:` after the key");
        }
        self.at += 1;
        self.builder.key(key, span);
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), Failure> {
        let span = self.span();
        let value = match self.peek() {
            Some(b'"') => Value::String(self.string()?),
            Some(b'-' | b'0'..=b'9') => self.number(span)?,
            Some(b't') => self.word("true", Value::Boolean(true))?,
            Some(b'f') => self.word("false", Value::Boolean(false))?,
            Some(b'n') => self.word("null", Value::Null)?,
            _ => return self.fail("expected a value"),
        };
        self.builder.value(Node { span, value });
        Ok(())
    }

    fn word(&mut self, word: &str, value: Value) -> Result<Value, Failure> {
        if !self.rest().starts_with(word.as_bytes()) {
            return self.fail("expected `true`, `false` or `null`");
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self, span: Span) -> Result<Value, Failure> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let whole = self.at;
        self.digits()?;
        if self.at - whole > 1 && self.bytes.get(whole) == Some(&b'0') {
            self.at = whole;
            return self.fail("a number does not start with `0`");
        }
        let mut float = false;
        if self.peek() == Some(b'.') {
            float = true;
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            float = true;
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        let text = self.input.text.get(start..self.at).unwrap_or_default();
        if !float {
            return Ok(scalar::integer(text));
        }
        scalar::float(text).or_else(|NotRepresentable| {
            let pointer = self.builder.pointer();
            self.builder
                .report(super::not_representable(text, span, pointer));
            Ok(Value::Null)
        })
    }

    fn digits(&mut self) -> Result<(), Failure> {
        let count = self
            .rest()
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        self.at += count;
        if count == 0 {
            return self.fail("expected a digit");
        }
        Ok(())
    }

    /// Reads a string from its opening quote to the byte after its closing quote.
    fn string(&mut self) -> Result<String, Failure> {
        self.at += 1;
        // Most strings have no escape. They are allocated with their exact length.
        let mut text = self.plain().to_owned();
        loop {
            match self.peek() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => {
                    text.push(self.escape()?);
                    text.push_str(self.plain());
                }
                Some(_) => {
                    return self
                        .fail("a control character in a string must be escaped, such as `\\n`");
                }
                None => return self.fail("the string is not closed"),
            }
        }
    }

    /// The text of a string up to its next quote, escape or control character.
    fn plain(&mut self) -> &str {
        let start = self.at;
        let rest = self.rest().iter();
        let plain = rest.take_while(|byte| !matches!(byte, b'"' | b'\\' | 0..=0x1f));
        self.at += plain.count();
        self.input.text.get(start..self.at).unwrap_or_default()
    }

    fn escape(&mut self) -> Result<char, Failure> {
        let letter = match self.bytes.get(self.at + 1) {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode_escape(),
            _ => return self.fail("this is not a JSON escape"),
        };
        self.at += 2;
        Ok(letter)
    }

    /// `\u` and four hexadecimal digits, or a surrogate pair of two such escapes.
    fn unicode_escape(&mut self) -> Result<char, Failure> {
        let letter = match (self.code_unit(self.at), self.code_unit(self.at + 6)) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) => {
                self.at += 6;
                char::from_u32(0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00))
            }
            (Some(unit), _) => char::from_u32(unit),
            (None, _) => return self.fail("expected four hexadecimal digits after `\\u`"),
        };
        let Some(letter) = letter else {
            return self.fail("half of a surrogate pair is not a character");
        };
        self.at += 6;
        Ok(letter)
    }

    fn code_unit(&self, at: usize) -> Option<u32> {
        let digits = self.input.text.get(at..at + 6)?.strip_prefix("\\u")?;
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        u32::from_str_radix(digits, 16).ok()
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn rest(&self) -> &[u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest().iter();
            let blanks = rest.take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r'));
            self.at += blanks.count();
            if self.peek() != Some(b'\n') {
                return;
            }
            self.at += 1;
            self.line += 1;
            self.counted = self.at;
            self.column = 1;
        }
    }

    /// The position of the next byte. Line breaks occur only between tokens, so the line number is up to date.
    fn span(&mut self) -> Span {
        let passed = self.bytes.get(self.counted..self.at).unwrap_or_default();
        // Every byte except a continuation byte starts a character.
        self.column += passed.iter().filter(|byte| **byte & 0xc0 != 0x80).count();
        self.counted = self.at;
        self.input.span(self.line, self.column)
    }

    fn fail<T>(&mut self, expected: &'static str) -> Result<T, Failure> {
        let at = self.span();
        Err(Failure::Syntax(SyntaxError { at, expected }))
    }
}
