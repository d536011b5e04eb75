//! Classifies media types. The runtime of emitted crates has the same two functions (`types/media_type.rs`). A test
//! checks both implementations against one table.

/// A media type without its parameters, in lower case.
#[must_use]
pub fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON, as the WHATWG's MIME Sniffing Standard defines it. Parameters are ignored.
#[must_use]
pub fn is_json(media_type: &str) -> bool {
    match essence(media_type).split_once('/') {
        Some(("application" | "text", "json")) => true,
        Some((_, subtype)) => subtype.ends_with("+json"),
        None => false,
    }
}

/// Whether a body is a sequence of JSON texts, one a line or each after a record separator (RFC 7464).
#[must_use]
pub fn is_json_lines(essence: &str) -> bool {
    let subtype = essence.strip_prefix("application/").unwrap_or_default();
    matches!(
        subtype.strip_prefix("x-").unwrap_or(subtype),
        "ndjson" | "jsonl" | "jsonlines" | "json-lines" | "json-seq" | "ldjson"
    )
}
