//! The type of a plain scalar, by the core schema of YAML 1.2. The literals of JSON are a subset.

use serde_json::Number;

use crate::description::source::SourceMap;
use crate::description::tree::{Node, Value};

/// A number that no JSON value can hold: not finite, or too large for a float.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct NotRepresentable;

/// Resolves a plain scalar. `no`, `yes`, `on`, `off`, dates and `1_000` are strings.
pub(super) fn resolve(text: &str) -> Result<Value, NotRepresentable> {
    // Most scalars are words. Their first letter rules out all other types.
    let first = text.as_bytes().first().copied().unwrap_or(b'~');
    match first {
        b'n' | b'N' | b'~' if is_null(text) => Ok(Value::Null),
        b't' | b'T' if matches!(text, "true" | "True" | "TRUE") => Ok(Value::Boolean(true)),
        b'f' | b'F' if matches!(text, "false" | "False" | "FALSE") => Ok(Value::Boolean(false)),
        b'0'..=b'9' | b'+' | b'-' | b'.' => number(text),
        _ => Ok(Value::String(text.to_owned())),
    }
}

/// Whether a plain scalar is null.
pub(super) fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

fn number(text: &str) -> Result<Value, NotRepresentable> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if let Some(digits) = text.strip_prefix("0o").filter(|digits| !digits.is_empty())
        && digits.bytes().all(|digit| (b'0'..=b'7').contains(&digit))
    {
        return radix(digits, 8);
    }
    if let Some(digits) = text.strip_prefix("0x").filter(|digits| !digits.is_empty())
        && digits.bytes().all(|digit| digit.is_ascii_hexdigit())
    {
        return radix(digits, 16);
    }
    if !unsigned.is_empty() && unsigned.bytes().all(|digit| digit.is_ascii_digit()) {
        return Ok(integer(text));
    }
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Err(NotRepresentable);
    }
    if is_float(unsigned) {
        return float(text);
    }
    Ok(Value::String(text.to_owned()))
}

fn radix(digits: &str, radix: u32) -> Result<Value, NotRepresentable> {
    let value = u64::from_str_radix(digits, radix).map_err(|_| NotRepresentable)?;
    Ok(Value::Number(value.into()))
}

/// A decimal integer. The text must be digits with an optional sign.
pub(super) fn integer(text: &str) -> Value {
    if let Ok(value) = text.parse::<i64>() {
        Value::Number(value.into())
    } else if let Ok(value) = text.parse::<u64>() {
        Value::Number(value.into())
    } else {
        Value::BigInteger(text.to_owned())
    }
}

/// A decimal float. The text must match the grammar of [`is_float`].
pub(super) fn float(text: &str) -> Result<Value, NotRepresentable> {
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map(Value::Number)
        .ok_or(NotRepresentable)
}

/// `(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.find(['e', 'E']) {
        Some(at) => (&unsigned[..at], Some(&unsigned[at + 1..])),
        None => (unsigned, None),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|digit| digit.is_ascii_digit());
    let exponent_fits = exponent.is_none_or(|exponent| {
        let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
        !exponent.is_empty() && digits(exponent)
    });
    let some_digit = !whole.is_empty() || !fraction.is_empty();
    some_digit && digits(whole) && digits(fraction) && exponent_fits
}

/// A number as its author spelled it: `1.10` is the number 1.1, but as a version it is "1.10".
///
/// `None` if the node is not a number, or the text at its position is not that number.
#[must_use]
pub fn written_number<'a>(sources: &'a SourceMap, node: &Node) -> Option<&'a str> {
    let (Value::Number(_) | Value::BigInteger(_)) = &node.value else {
        return None;
    };
    let text = &*sources.get(node.span.file)?.text;
    let rest = text.get(sources.offset(node.span)..)?;
    let end = rest
        .find(|letter: char| !(letter.is_ascii_alphanumeric() || matches!(letter, '+' | '-' | '.')))
        .unwrap_or(rest.len());
    let written = rest.get(..end)?;
    (resolve(written).ok()? == node.value).then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Result<serde_json::Value, NotRepresentable> {
        let span = crate::description::source::Span::new(SourceMap::default().add("a", ""), 1, 1);
        resolve(text).map(|value| Node { span, value }.to_json())
    }

    #[test]
    fn words_of_yaml_1_1_are_strings() {
        for text in [
            "no",
            "yes",
            "on",
            "off",
            "n",
            "y",
            "NO",
            "12:30:45",
            "2001-12-14",
            "1_000",
            "0b1",
            "nULL",
            "tRUE",
            "-",
            "+",
            ".",
            "-.",
            "e3",
            ".e3",
            "1e",
            "1e+",
            "0o8",
            "0xg",
            "0x",
            "0o",
            "-0x1F",
            "1.2.3",
            "+.nan",
            "..5",
            "inf",
            "nan",
            "Infinity",
        ] {
            assert_eq!(json(text), Ok(text.into()), "{text}");
        }
    }

    #[test]
    fn core_schema_scalars_are_resolved() {
        for (text, expected) in [
            ("", "null"),
            ("~", "null"),
            ("Null", "null"),
            ("TRUE", "true"),
            ("false", "false"),
            ("012", "12"),
            ("+1", "1"),
            ("-0", "0"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("1e3", "1000.0"),
            (".5", "0.5"),
            ("-1.", "-1.0"),
            ("1.10", "1.1"),
            ("9223372036854775808", "9223372036854775808"),
            ("000000000000000000000000000012", "12"),
        ] {
            assert_eq!(
                json(text).map(|json| json.to_string()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn integer_beyond_64_bits_is_kept_as_written() {
        let text = "18446744073709551616";
        assert_eq!(resolve(text), Ok(Value::BigInteger(text.to_owned())));
        assert_eq!(
            resolve("-9223372036854775809"),
            Ok(Value::BigInteger("-9223372036854775809".to_owned()))
        );
    }

    #[test]
    fn number_that_json_cannot_hold_is_refused() {
        for text in [
            ".inf",
            "-.Inf",
            "+.INF",
            ".nan",
            "1e400",
            "0xFFFFFFFFFFFFFFFFF",
        ] {
            assert_eq!(resolve(text), Err(NotRepresentable), "{text}");
        }
    }

    #[test]
    fn number_is_found_as_it_was_written() {
        let mut sources = SourceMap::default();
        let file = sources.add("a.yaml", "version: 1.10 # ten\n");
        let node = Node {
            span: crate::description::source::Span::new(file, 1, 10),
            value: resolve("1.10").unwrap(),
        };
        assert_eq!(written_number(&sources, &node), Some("1.10"));
        let elsewhere = Node {
            span: crate::description::source::Span::new(file, 1, 1),
            ..node
        };
        assert_eq!(written_number(&sources, &elsewhere), None);
    }
}
