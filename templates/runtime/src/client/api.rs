//! What the description says of the API as a whole: here, of an API without operations.

/// The first server of the description whose URL is absolute, its variables at their defaults.
pub(super) const DEFAULT_BASE_URL: Option<&str> = None;

/// The security schemes of the description that the client can serve, in its order.
pub(super) static SECURITY_SCHEMES: &[crate::client::credential::SecurityScheme] = &[];
