//! Percent-encoding, read strictly: what is no UTF-8 is an error, never replaced.

use super::style::Pair;

/// The octet that stands at the start of `raw`, and how many octets spell it.
pub(super) fn octet(raw: &[u8]) -> Option<(u8, usize)> {
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
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
}

/// Decodes `%XX`; `None` when the result is no UTF-8.
pub(super) fn decode(raw: &str) -> Option<String> {
    let mut rest = raw.as_bytes();
    let mut decoded = Vec::with_capacity(rest.len());
    while let Some((octet, length)) = octet(rest) {
        decoded.push(octet);
        rest = rest.get(length..).unwrap_or_default();
    }
    String::from_utf8(decoded).ok()
}

/// Decodes `%XX`, and `+` as a space, as forms and queries are written.
pub(super) fn decode_form(raw: &str) -> Option<String> {
    decode(&raw.replace('+', "%20"))
}

/// The pairs of a query or form, keys decoded, values raw (a style may split them before it decodes them). A key that
/// is no UTF-8 is kept as it stands.
pub(super) fn pairs(text: &str) -> Vec<Pair> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Pair {
                key: decode_form(key).unwrap_or_else(|| key.to_owned()),
                raw: value.to_owned(),
            }
        })
        .collect()
}
