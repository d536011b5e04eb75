//! Security schemes, what an operation requires of them, and credentials.

mod schemes;

use std::fmt;

pub use schemes::SECURITY_SCHEMES;

use crate::operation::Location;
use crate::types::Secret;

/// A security scheme of the description.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in the description.
    pub name: &'static str,
    /// How its credential is sent.
    pub carrier: Carrier,
}

/// How a credential is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization: Bearer <token>`
    Bearer,
    /// `Authorization: Basic <base64>`
    Basic,
    /// A key in a header, query parameter or cookie.
    Key(Location, &'static str),
    /// `Authorization: <scheme> <credential>`
    Scheme(&'static str),
}

/// A scheme that an operation requires a credential of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// The name of the scheme.
    pub scheme: &'static str,
    /// The scopes that the credential needs: alternatives, each a list with spaces between; empty where it needs none.
    pub scopes: &'static [&'static str],
}

/// A requirement of a credential of this scheme with one of these lists of scopes.
pub const fn scheme(scheme: &'static str, scopes: &'static [&'static str]) -> Requirement {
    Requirement { scheme, scopes }
}

impl Requirement {
    /// Whether a credential of this scheme that has these scopes is enough.
    pub fn permits(&self, scopes: &[impl AsRef<str>]) -> bool {
        let has = |needed: &str| scopes.iter().any(|scope| scope.as_ref() == needed);
        let mut alternatives = self.scopes.iter();
        self.scopes.is_empty() || alternatives.any(|needed| needed.split(' ').all(has))
    }
}

/// A credential. `Debug` never shows it.
#[derive(Clone)]
pub enum Credential {
    /// A bearer token, an API key or the credential of another scheme.
    Token(Secret),
    /// User name and password.
    Basic {
        /// The user.
        user: String,
        /// The password.
        password: Secret,
    },
}

impl fmt::Debug for Credential {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Credential([redacted])")
    }
}

impl<T: Into<Secret>> From<T> for Credential {
    fn from(token: T) -> Self {
        Self::Token(token.into())
    }
}
