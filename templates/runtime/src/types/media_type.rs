//! Media types.

/// A media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a media type is JSON, as the WHATWG's MIME Sniffing Standard defines it. Parameters are ignored.
pub(crate) fn is_json(media_type: &str) -> bool {
    match essence(media_type).split_once('/') {
        Some(("application" | "text", "json")) => true,
        Some((_, subtype)) => subtype.ends_with("+json"),
        None => false,
    }
}
