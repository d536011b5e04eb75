//! Media types.

use serde_json::Value;

/// A media type without its parameters. Letter case does not count in it.
pub(crate) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or_default().trim()
}

/// Whether a media type is the expected one, or in the expected range, such as `image/*`. Parameters are ignored.
pub(crate) fn matches(expected: &str, found: &str) -> bool {
    // Mostly it is written alike.
    if expected == found {
        return true;
    }
    let (expected, found) = (essence(expected), essence(found));
    match expected.strip_suffix('*') {
        Some("*/") => true,
        Some(prefix) => {
            let start = found.get(..prefix.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
        }
        None => expected.eq_ignore_ascii_case(found),
    }
}

/// Whether a media type is JSON, as the WHATWG's MIME Sniffing Standard defines it. Parameters are ignored.
pub(crate) fn is_json(media_type: &str) -> bool {
    // Mostly it is this one.
    if media_type == "application/json" {
        return true;
    }
    let Some((kind, subtype)) = essence(media_type).split_once('/') else {
        return false;
    };
    if subtype.eq_ignore_ascii_case("json") {
        return kind.eq_ignore_ascii_case("application") || kind.eq_ignore_ascii_case("text");
    }
    let suffix = subtype.rsplit_once('+');
    suffix.is_some_and(|(_, suffix)| suffix.eq_ignore_ascii_case("json"))
}

/// A value as a body of a media type: JSON, an event or a line for each item of a list, a text, or else JSON.
pub(crate) fn written(media_type: &str, value: &Value) -> String {
    let each = |before: &str, after: &str| {
        let items = value.as_array().map(Vec::as_slice);
        let items = items.unwrap_or(std::slice::from_ref(value)).iter();
        items.map(|item| format!("{before}{item}{after}")).collect()
    };
    match (essence(media_type).to_ascii_lowercase().as_str(), value) {
        (essence, _) if is_json(essence) => value.to_string(),
        ("text/event-stream", _) => each("data: ", "\n\n"),
        ("application/json-seq", _) => each("\u{1e}", "\n"),
        ("application/x-ndjson" | "application/ndjson" | "application/jsonl", _) => each("", "\n"),
        ("application/x-jsonlines" | "application/jsonlines", _) => each("", "\n"),
        (_, Value::String(text)) => text.clone(),
        _ => value.to_string(),
    }
}
