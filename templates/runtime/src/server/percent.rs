//! Percent-decoding.

use percent_encoding::percent_decode_str;

use super::style::Pair;

/// The first byte of `raw`, decoded, and the length of its encoding in bytes.
pub(super) fn first_byte(raw: &[u8]) -> Option<(u8, usize)> {
    match raw {
        [b'%', high, low, ..] => match (hex(*high), hex(*low)) {
            (Some(high), Some(low)) => Some((high << 4 | low, 3)),
            _ => Some((b'%', 1)),
        },
        [first, ..] => Some((*first, 1)),
        [] => None,
    }
}

fn hex(digit: u8) -> Option<u8> {
    u8::try_from(char::from(digit).to_digit(16)?).ok()
}

/// Decodes `%XX`; `None` where the result is not UTF-8.
pub(super) fn decode(raw: &str) -> Option<String> {
    if !raw.contains('%') {
        return Some(raw.to_owned());
    }
    let decoded = percent_decode_str(raw).decode_utf8().ok()?;
    Some(decoded.into_owned())
}

/// Decodes a text of a form or query: `%XX`, and `+` as a space.
pub(super) fn decode_form(raw: &str) -> Option<String> {
    if raw.contains('+') { decode(&raw.replace('+', "%20")) } else { decode(raw) }
}

/// The pairs of a query or form. Only the keys are decoded, those that are UTF-8: a style may split the values first.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    if text.is_empty() {
        return Vec::new();
    }
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    let pairs = pairs.map(|pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        Pair { key: decode_form(key).unwrap_or_else(|| key.to_owned()), raw: value.to_owned() }
    });
    pairs.collect()
}
