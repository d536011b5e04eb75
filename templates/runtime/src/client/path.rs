//! Percent-encoding, and which values may stand in a path.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::error::Error;
use super::operation::{Operation, PathPart};

/// Everything but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// What is encoded in a query even where reserved characters are allowed: what would end the query or the pair, what
/// forms read as a blank, and the percent sign itself.
const RESERVED_ALLOWED: &AsciiSet = &RESERVED
    .remove(b':')
    .remove(b'/')
    .remove(b'?')
    .remove(b'[')
    .remove(b']')
    .remove(b'@')
    .remove(b'!')
    .remove(b'$')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')')
    .remove(b'*')
    .remove(b',')
    .remove(b';')
    .remove(b'=');

/// A text as it stands in a path: a slash in it does not separate.
#[must_use]
pub fn encode_path(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A text as it stands in a query.
#[must_use]
pub fn encode_query(text: &str, allow_reserved: bool) -> String {
    let set = if allow_reserved {
        RESERVED_ALLOWED
    } else {
        RESERVED
    };
    utf8_percent_encode(text, set).to_string()
}

/// Why a value may not stand in a path, if it may not.
///
/// An empty value and the two dots would make another path of it, encoded or not; control characters are an attack or a
/// mistake.
#[must_use]
pub fn refusal(value: &str) -> Option<&'static str> {
    match value {
        "" => Some("is empty"),
        "." | ".." => Some("is a relative path segment"),
        _ if value.chars().any(char::is_control) => Some("holds a control character"),
        _ => None,
    }
}

/// The path of an operation. `value` gives the encoded value of a parameter.
///
/// # Errors
/// `value` fails, or a segment that is not literal came out as `.` or `..`.
pub fn expand(
    operation: &'static Operation,
    mut value: impl FnMut(&'static str) -> Result<String, Error>,
) -> Result<String, Error> {
    let mut path = String::new();
    let mut last = "";
    for part in operation.path {
        match *part {
            PathPart::Literal(literal) => path.push_str(literal),
            PathPart::Parameter(name) => {
                path.push_str(&value(name)?);
                last = name;
            }
        }
    }
    // Two values, or a value and a literal, can form a relative segment that neither is alone.
    if !last.is_empty() && path.split('/').any(|segment| matches!(segment, "." | "..")) {
        return Err(Error::InvalidPathValue {
            operation: operation.id,
            parameter: last,
            reason: "makes a relative path segment",
        });
    }
    Ok(path)
}
