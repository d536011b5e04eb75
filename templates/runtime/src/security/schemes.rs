//! The security schemes: here, none.

use crate::security::SecurityScheme;

/// The security schemes of the description whose credentials one text or pair is enough for, in its order.
pub static SECURITY_SCHEMES: &[SecurityScheme] = &[];
