//! Percent-encoding, and the values that are allowed in a path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, PercentEncode, utf8_percent_encode};

use super::error::Error;
use crate::operation::{Operation, PathPart};

/// All characters except those that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &without(NON_ALPHANUMERIC.remove(b'-'), b"._~");

/// The characters that are encoded in a query even where reserved characters are allowed: those that would end the query or
/// the pair, `+`, which forms decode to a space, and `%`.
const RESERVED_ALLOWED: &AsciiSet = &without(RESERVED.remove(b':'), b"/?[]@!$'()*,;=");

const fn without(set: AsciiSet, bytes: &[u8]) -> AsciiSet {
    match bytes {
        [] => set,
        [first, rest @ ..] => without(set.remove(*first), rest),
    }
}

/// A text, encoded for a path segment.
pub fn encode_path(text: &str) -> PercentEncode<'_> {
    utf8_percent_encode(text, RESERVED)
}

/// A text, encoded for a query.
pub fn encode_query(text: &str, allow_reserved: bool) -> String {
    let sets = [RESERVED, RESERVED_ALLOWED];
    utf8_percent_encode(text, sets[usize::from(allow_reserved)]).to_string()
}

/// Why a value is not allowed in a path, if it is not: empty values and dots would change the path, even encoded, and
/// control characters are an attack or a mistake.
pub fn refusal(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("is empty"),
        "." | ".." => Some("is a relative path segment"),
        _ if value.chars().any(char::is_control) => Some("contains a control character"),
        _ => None,
    }
}

/// Adds the path of an operation to that of the base URL. `value` adds the encoded value of a parameter.
///
/// # Errors
/// `value` fails, or values make a segment `.` or `..`.
pub fn expand(
    operation: &'static Operation,
    path: &mut String,
    mut value: impl FnMut(&'static str, &mut String) -> Result<(), Error>,
) -> Result<(), Error> {
    let start = path.len();
    let mut last = "";
    for part in operation.path_parts() {
        match part {
            PathPart::Literal(literal) => path.push_str(literal),
            PathPart::Parameter(name) => {
                value(name, path)?;
                last = name;
            }
        }
    }
    // Two values, or a value and literal text, can together be a relative segment.
    let added = path.get(start..).unwrap_or_default();
    let is_relative = |segment: &str| matches!(segment, "." | "..");
    if !last.is_empty() && added.contains('.') && added.split('/').any(is_relative) {
        return Err(Error::InvalidPathValue {
            operation: operation.id,
            parameter: last,
            reason: "makes a relative path segment",
        });
    }
    Ok(())
}
