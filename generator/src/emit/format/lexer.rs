//! Where tokens end.

use super::token::{Delimiter, Kind};

/// What the first token of a text is, and its bytes. `None` if it is none.
///
/// Names that `::` and `.` join are one token, as no line is broken between them.
pub(super) fn first(text: &str) -> Option<(Kind, usize)> {
    let bytes = text.as_bytes();
    let (first, rest) = bytes.split_first()?;
    Some(match first {
        b'0'..=b'9' => (Kind::Literal, number(bytes)),
        byte if is_word(*byte) => word_or_literal(text)?,
        b'.' if begins_word(rest) => (Kind::Member, joined(bytes, 0)),
        b':' if rest.first() == Some(&b':') && begins_word(rest.get(1..)?) => {
            (Kind::AbsolutePath, joined(bytes, 0))
        }
        b'/' if rest.starts_with(b"//") => {
            let end = text.find('\n').unwrap_or(text.len());
            (Kind::Documentation, end)
        }
        b'"' => (Kind::Literal, quoted(bytes, b'"')?),
        b'\'' => character_or_lifetime(text)?,
        _ => sign(bytes)?,
    })
}

fn character_or_lifetime(text: &str) -> Option<(Kind, usize)> {
    let mut characters = text.chars().skip(1);
    let (inner, after) = (characters.next()?, characters.next());
    Some(if inner == '\\' {
        (Kind::Literal, quoted(text.as_bytes(), b'\'')?)
    } else if after == Some('\'') {
        (Kind::Literal, 2 + inner.len_utf8())
    } else {
        (Kind::Lifetime, 1 + word(text.as_bytes().get(1..)?))
    })
}

fn word_or_literal(text: &str) -> Option<(Kind, usize)> {
    let bytes = text.as_bytes();
    let end = word(bytes);
    let (word, rest) = text.split_at_checked(end)?;
    let literal = match (word, rest.as_bytes().first()) {
        ("b" | "c", Some(b'"')) => end + quoted(rest.as_bytes(), b'"')?,
        ("b", Some(b'\'')) => end + quoted(rest.as_bytes(), b'\'')?,
        ("r" | "br" | "cr", Some(b'"' | b'#')) => match raw_string(rest)? {
            0 => return Some((Kind::Name, joined(bytes, name(bytes)))),
            length => end + length,
        },
        _ => {
            let kind = Kind::of_word(word);
            let is_name = kind == Kind::Name;
            return Some((kind, if is_name { joined(bytes, end) } else { end }));
        }
    };
    Some((Kind::Literal, literal))
}

/// Where the names end that `::` and `.` join to what ends at `end`.
fn joined(bytes: &[u8], mut end: usize) -> usize {
    loop {
        let start = match bytes.get(end..) {
            Some([b':', b':', rest @ ..]) if begins_word(rest) => end + 2,
            Some([b'.', rest @ ..]) if begins_word(rest) => end + 1,
            _ => return end,
        };
        end = start + name(bytes.get(start..).unwrap_or_default());
    }
}

/// A sign, of one character or several. `<<` and `>>` are none: in what is emitted they are brackets of types.
fn sign(bytes: &[u8]) -> Option<(Kind, usize)> {
    Some(match bytes {
        [b'(', ..] => (Kind::Opening(Delimiter::Parenthesis), 1),
        [b')', ..] => (Kind::Closing(Delimiter::Parenthesis), 1),
        [b'[', ..] => (Kind::Opening(Delimiter::Bracket), 1),
        [b']', ..] => (Kind::Closing(Delimiter::Bracket), 1),
        [b'{', ..] => (Kind::Opening(Delimiter::Brace), 1),
        [b'}', ..] => (Kind::Closing(Delimiter::Brace), 1),
        [b'.', b'.', b'=', ..] => (Kind::RangeInclusive, 3),
        [b'.', b'.', ..] => (Kind::Range, 2),
        [b'.', ..] => (Kind::Dot, 1),
        [b':', b':', ..] => (Kind::Separator, 2),
        [b':', ..] => (Kind::Colon, 1),
        [b'=', b'>', ..] => (Kind::FatArrow, 2),
        [b'+', b'=', ..] => (Kind::PlusEquals, 2),
        [b'&', b'&', ..] => (Kind::Minus, 2),
        [b'-', b'>', ..] | [b'=' | b'!' | b'<', b'=', ..] | [b'|', b'|', ..] => (Kind::Operator, 2),
        [b'=', ..] => (Kind::Equals, 1),
        [b'-', ..] => (Kind::Minus, 1),
        [b'&' | b'*', ..] => (Kind::Pointer, 1),
        [b'<', ..] => (Kind::Opening(Delimiter::Angle), 1),
        [b'>', ..] => (Kind::Closing(Delimiter::Angle), 1),
        [b'!', ..] => (Kind::Bang, 1),
        [b'#', ..] => (Kind::Hash, 1),
        [b'$', ..] => (Kind::Dollar, 1),
        [b',', ..] => (Kind::Comma, 1),
        [b';', ..] => (Kind::Semicolon, 1),
        [b'?', ..] => (Kind::Question, 1),
        [b'|', ..] => (Kind::Bar, 1),
        [_, ..] => (Kind::Operator, 1),
        [] => return None,
    })
}

/// Whether a byte belongs to a word. All that is not ASCII is taken to: it stands in literals only.
fn is_word(byte: u8) -> bool {
    WORDS.get(usize::from(byte)).copied().unwrap_or_default()
}

/// Which bytes belong to words.
static WORDS: [bool; 256] = {
    let mut words = [false; 256];
    let mut byte = 0;
    while byte < words.len() {
        let character = byte as u8;
        words[byte] =
            character == b'_' || character.is_ascii_alphanumeric() || !character.is_ascii();
        byte += 1;
    }
    words
};

fn begins_word(bytes: &[u8]) -> bool {
    bytes.first().is_some_and(|byte| is_word(*byte))
}

/// Bytes of the word that a text begins with.
fn word(bytes: &[u8]) -> usize {
    let end = bytes.iter().position(|byte| !is_word(*byte));
    end.unwrap_or(bytes.len())
}

/// Bytes of the word that a text begins with, perhaps behind `r#`.
fn name(bytes: &[u8]) -> usize {
    match bytes {
        [b'r', b'#', rest @ ..] => 2 + word(rest),
        _ => word(bytes),
    }
}

/// Bytes of a literal with a quote before and behind it.
fn quoted(bytes: &[u8], quote: u8) -> Option<usize> {
    let mut index = 1;
    loop {
        match *bytes.get(index)? {
            b'\\' => index += 2,
            byte if byte == quote => return Some(index + 1),
            _ => index += 1,
        }
    }
}

/// Bytes of a raw string without its prefix; 0 if it is the rest of a raw identifier.
fn raw_string(text: &str) -> Option<usize> {
    let hashes = text.bytes().take_while(|byte| *byte == b'#').count();
    let inner = text.get(hashes..)?;
    if !inner.starts_with('"') {
        return Some(0);
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.get(1..)?.find(&end)?;
    Some(hashes + 1 + length + end.len())
}

fn number(bytes: &[u8]) -> usize {
    let is_decimal = !bytes.starts_with(b"0x");
    let mut before = b' ';
    for (index, byte) in bytes.iter().copied().enumerate() {
        let continues = match byte {
            b'.' => bytes.get(index + 1).is_some_and(u8::is_ascii_digit),
            b'+' | b'-' => is_decimal && matches!(before, b'e' | b'E'),
            _ => is_word(byte),
        };
        if !continues {
            return index;
        }
        before = byte;
    }
    bytes.len()
}
