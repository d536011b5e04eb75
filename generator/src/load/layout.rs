//! Layout that YAML 1.2 refuses and that most readers of YAML accept, so that published documents have it.
//!
//! Inside of `{…}`, `[…]` and quotes, these readers do not look at indentation: a closing brace, or a further line of
//! a text, may stand further left than what it belongs to, and after tabs. They also take a tab after the colon of a
//! key, and in double quotes the halves of a surrogate pair as JSON writes them. Here such a text becomes one that is YAML
//! and says the same. It is tried only on texts that are not YAML as they stand.

use std::collections::BTreeMap;

/// A text whose layout is that of YAML.
pub(super) struct Relaxed {
    pub(super) text: String,
    /// How many columns were put before a line, by its number, which is counted from 1.
    pub(super) added: BTreeMap<usize, usize>,
    /// The first line whose layout was changed.
    pub(super) first: Option<usize>,
    /// The first line with halves of surrogate pairs. Columns behind them are two less for each pair.
    pub(super) surrogates: Option<usize>,
}

/// Bytes of a pair of escaped surrogates.
const SURROGATES: usize = 12;

/// Mends the layout of a text. `None` if there is nothing to mend.
pub(super) fn relax(text: &str) -> Option<Relaxed> {
    let mut layout = Layout::default();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        layout.line(index + 1, line);
    }
    let is_mended = layout.first.is_some() || layout.surrogates.is_some();
    is_mended.then_some(Relaxed {
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
    /// Surrogate pairs of the line, with the place of each.
    pairs: Vec<(usize, char)>,
    /// What is open at the end of the last line, and the column that further lines of it start at, at least.
    open: Option<(Open, usize)>,
    /// Lines indented more than this belong to a text without quotes.
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
        let mut mended = line.to_owned();
        if let Some((mut open, least)) = self.open.take() {
            let wanted = indent.max(least);
            mended = format!("{}{trimmed}", " ".repeat(wanted));
            if wanted > indent {
                self.added.insert(number, wanted - indent);
            }
            match open.read(mended.as_bytes(), wanted, &mut self.pairs) {
                None => self.open = Some((open, least)),
                Some(end) => self.entry(&mut mended, end, least.saturating_sub(1), true),
            }
        } else if self.text_after.is_none_or(|parent| indent <= parent) {
            self.text_after = None;
            self.entry(&mut mended, indent, indent, false);
        } else {
            self.text.push_str(line);
            return;
        }
        if mended != line {
            self.first.get_or_insert(number);
        }
        let pairs = std::mem::take(&mut self.pairs);
        if pairs.is_empty() {
            self.text.push_str(&mended);
        } else {
            self.surrogates.get_or_insert(number);
            self.text.push_str(&join_surrogates(&mended, &pairs));
        }
    }

    /// Reads an entry of a block from a place in its line. `parent` is the column of the key or dash that what follows
    /// belongs to; `is_value` tells that no key can follow, unless by a colon right here.
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

/// A collection in braces or brackets, or a text in quotes, as far as it is read.
#[derive(Default)]
struct Open {
    depth: usize,
    quote: Option<u8>,
}

impl Open {
    /// Reads on from a place in a line. Where in the line it ends, if it does. Surrogate pairs are noted.
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

/// Whether a byte is a blank, or none at all.
fn is_blank(byte: Option<&u8>) -> bool {
    matches!(byte, None | Some(b' ' | b'\t' | b'\r' | b'\n'))
}

/// Whether the colon of a key stands at a place.
fn is_key_end(line: &str, at: usize) -> bool {
    let bytes = line.as_bytes();
    bytes.get(at) == Some(&b':') && is_blank(bytes.get(at + 1))
}

/// Where a key without quotes ends, if there is one. A comment ends the search.
fn key_end(rest: &str) -> Option<usize> {
    (1..rest.len())
        .take_while(|&at| {
            !(rest.as_bytes().get(at) == Some(&b'#') && is_blank(rest.as_bytes().get(at - 1)))
        })
        .find(|&at| is_key_end(rest, at))
}

/// The place after blanks. After a key, tabs become blanks.
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

/// The character that a pair of escaped surrogates at a place is.
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

/// Writes each pair of escaped surrogates as the one character that it is.
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
