//! Layout that YAML 1.2 forbids but most parsers accept, so that published documents contain it.
//!
//! Inside `{…}`, `[…]` and quotes, these parsers ignore indentation: a closing brace or a continuation line may be
//! further left than its parent, and may start with tabs. They also accept a tab after the colon of a key, and in
//! double quotes the surrogate pairs of JSON. This module rewrites such a text to valid YAML with the same meaning.
//! It is used only for a text that is not valid YAML.

use std::collections::BTreeMap;

/// A text that was rewritten to valid YAML.
pub(super) struct Relaxed {
    pub(super) text: String,
    /// By line number, counted from 1: how many columns were inserted before the line.
    pub(super) added: BTreeMap<usize, usize>,
    /// The first line whose indentation was changed.
    pub(super) first: Option<usize>,
    /// The first line with surrogate pairs. The columns after a pair are too small by two.
    pub(super) surrogates: Option<usize>,
}

/// The length of an escaped surrogate pair in bytes.
const SURROGATES: usize = 12;

/// Rewrites the layout of a text. Returns `None` if there is nothing to change.
pub(super) fn relax(text: &str) -> Option<Relaxed> {
    let mut layout = Layout::default();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        layout.line(index + 1, line);
    }
    let is_changed = layout.first.is_some() || layout.surrogates.is_some();
    is_changed.then_some(Relaxed {
        text: layout.text,
        added: layout.added,
        first: layout.first,
        surrogates: layout.surrogates,
    })
}

#[derive(Default)]
struct Layout {
    text: String,
    added: BTreeMap<usize, usize>,
    first: Option<usize>,
    surrogates: Option<usize>,
    /// The surrogate pairs of the line, each with its byte offset.
    pairs: Vec<(usize, char)>,
    /// The collection or quoted text that is open at the end of the previous line, and the minimal column of its next
    /// lines.
    open: Option<(Open, usize)>,
    /// A block scalar is open, and lines indented more than this belong to it.
    text_after: Option<usize>,
}

impl Layout {
    fn line(&mut self, number: usize, line: &str) {
        let trimmed = line.trim_start_matches([' ', '\t']);
        let indent = line.len() - trimmed.len();
        if trimmed.trim_end().is_empty() {
            self.text.push_str(line);
            return;
        }
        let mut rewritten = line.to_owned();
        if let Some((mut open, least)) = self.open.take() {
            let wanted = indent.max(least);
            rewritten = format!("{}{trimmed}", " ".repeat(wanted));
            if wanted > indent {
                self.added.insert(number, wanted - indent);
            }
            match open.read(rewritten.as_bytes(), wanted, &mut self.pairs) {
                None => self.open = Some((open, least)),
                Some(end) => self.entry(&mut rewritten, end, least.saturating_sub(1), true),
            }
        } else if self.text_after.is_none_or(|parent| indent <= parent) {
            self.text_after = None;
            self.entry(&mut rewritten, indent, indent, false);
        } else {
            self.text.push_str(line);
            return;
        }
        if rewritten != line {
            self.first.get_or_insert(number);
        }
        let pairs = std::mem::take(&mut self.pairs);
        if pairs.is_empty() {
            self.text.push_str(&rewritten);
        } else {
            self.surrogates.get_or_insert(number);
            self.text.push_str(&join_surrogates(&rewritten, &pairs));
        }
    }

    /// Reads an entry of a block, from a byte offset in its line. `parent` is the column of the key or dash that the value
    /// belongs to. `is_value` says that no key can follow, except a key whose colon is right here.
    fn entry(&mut self, line: &mut String, mut at: usize, mut parent: usize, mut is_value: bool) {
        loop {
            if is_key_end(line, at) {
                at += 1;
                is_value = true;
            }
            at = skip_blanks(line, at, is_value);
            let rest = line.get(at..).unwrap_or_default();
            let bytes = rest.as_bytes();
            match bytes.first() {
                None | Some(b'\r' | b'\n' | b'#') => return,
                Some(b'-' | b'?') if !is_value && is_blank(bytes.get(1)) => {
                    parent = at;
                    at += 1;
                }
                Some(b'&' | b'!') => {
                    at += rest.find([' ', '\t', '\r', '\n']).unwrap_or(rest.len());
                }
                Some(b'|' | b'>') => {
                    self.text_after = Some(parent);
                    return;
                }
                Some(b'{' | b'[' | b'"' | b'\'') => {
                    let mut open = Open::default();
                    match open.read(line.as_bytes(), at, &mut self.pairs) {
                        None => {
                            self.open = Some((open, parent + 1));
                            return;
                        }
                        Some(end) if !is_value && is_key_end(line, end) => {
                            parent = at;
                            at = end;
                        }
                        Some(_) => return,
                    }
                }
                Some(_) => match key_end(rest).filter(|_| !is_value) {
                    Some(end) => {
                        parent = at;
                        at += end;
                    }
                    None => {
                        self.text_after = Some(parent);
                        return;
                    }
                },
            }
        }
    }
}

/// A collection in braces or brackets, or a text in quotes, that has not ended yet.
#[derive(Default)]
struct Open {
    depth: usize,
    quote: Option<u8>,
}

impl Open {
    /// Reads on from a byte offset in a line. Returns the offset where the value ends, if it does. Collects surrogate pairs.
    fn read(
        &mut self,
        line: &[u8],
        mut at: usize,
        pairs: &mut Vec<(usize, char)>,
    ) -> Option<usize> {
        while let Some(&byte) = line.get(at) {
            let before = at.checked_sub(1).and_then(|before| line.get(before));
            let starts = matches!(
                before,
                None | Some(b' ' | b'\t' | b'{' | b'[' | b',' | b':')
            );
            at += 1;
            match (self.quote, byte) {
                (Some(b'"'), b'\\') => match surrogates(line, at - 1) {
                    Some(letter) => {
                        pairs.push((at - 1, letter));
                        at += SURROGATES - 1;
                    }
                    None => at += 1,
                },
                (Some(b'\''), b'\'') if line.get(at) == Some(&b'\'') => at += 1,
                (Some(quote), _) if byte == quote => self.quote = None,
                (Some(_), _) => {}
                (None, b'"' | b'\'') if starts => self.quote = Some(byte),
                (None, b'{' | b'[') => self.depth += 1,
                (None, b'}' | b']') => self.depth = self.depth.saturating_sub(1),
                (None, b'#') if is_blank(before) => return None,
                (None, _) => {}
            }
            if self.quote.is_none() && self.depth == 0 {
                return Some(at);
            }
        }
        None
    }
}

/// Whether a byte is a blank or missing.
fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether the colon of a key is at a byte offset.
fn is_key_end(line: &str, at: usize) -> bool {
    let bytes = line.as_bytes();
    bytes.get(at) == Some(&b':') && is_blank(bytes.get(at + 1))
}

/// The offset where a key without quotes ends, if there is a key. A comment ends the search.
fn key_end(rest: &str) -> Option<usize> {
    (1..rest.len())
        .take_while(|&at| {
            !(rest.as_bytes().get(at) == Some(&b'#') && is_blank(rest.as_bytes().get(at - 1)))
        })
        .find(|&at| is_key_end(rest, at))
}

/// The offset after blanks. After a key, tabs are replaced by blanks.
fn skip_blanks(line: &mut String, at: usize, is_value: bool) -> usize {
    let rest = line.get(at..).unwrap_or_default();
    let end = at + rest.len() - rest.trim_start_matches([' ', '\t']).len();
    let has_tab = line
        .get(at..end)
        .is_some_and(|blanks| blanks.contains('\t'));
    if is_value && has_tab {
        line.replace_range(at..end, &" ".repeat(end - at));
    }
    end
}

/// The character that an escaped surrogate pair at an offset encodes.
fn surrogates(line: &[u8], at: usize) -> Option<char> {
    let unit = |at: usize| {
        let escape = line.get(at..at + 6)?.strip_prefix(b"\\u")?;
        u16::from_str_radix(std::str::from_utf8(escape).ok()?, 16).ok()
    };
    let letter = char::decode_utf16([unit(at)?, unit(at + 6)?])
        .next()?
        .ok()?;
    (letter.len_utf16() == 2).then_some(letter)
}

/// Replaces each escaped surrogate pair by its character.
fn join_surrogates(line: &str, pairs: &[(usize, char)]) -> String {
    let mut joined = String::with_capacity(line.len());
    let mut from = 0;
    for (at, letter) in pairs {
        joined.push_str(line.get(from..*at).unwrap_or_default());
        joined.push_str(&format!("\\U{:08X}", u32::from(*letter)));
        from = at + SURROGATES;
    }
    joined.push_str(line.get(from..).unwrap_or_default());
    joined
}
