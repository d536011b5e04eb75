//! What the description says of the API as a whole: here, of an API without operations.

/// The first server of the description whose URL is absolute, its variables at their defaults.
pub(super) const DEFAULT_BASE_URL: Option<&str> = None;
