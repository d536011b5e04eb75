//! Credentials.

use std::fmt;

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::api::SECURITY_SCHEMES;
use super::error::{BuildError, Error};
use super::path::encode_query;
use super::request::push_pairs;
use crate::operation::{Location, Operation};
use crate::types::{Base64, Secret};

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

/// The credentials of a client.
#[derive(Default)]
pub(super) struct Credentials {
    entries: Vec<(&'static str, Prepared)>,
    default: Option<Prepared>,
}

/// A credential in the form in which it is sent.
#[derive(Clone)]
enum Prepared {
    Header(HeaderName, HeaderValue),
    Cookie(String),
    Query(String),
}

impl fmt::Debug for Credentials {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.entries.iter().map(|(name, _)| name);
        formatter.debug_list().entries(names).finish()
    }
}

impl Credentials {
    /// Sets the default credential, which is also that of the first scheme for its kind: for a token, a bearer scheme, or
    /// else a key, or else another scheme.
    pub(super) fn set_default(&mut self, credential: &Credential) -> Result<(), Error> {
        let first = |suits: fn(Carrier) -> bool| {
            SECURITY_SCHEMES.iter().find(|scheme| suits(scheme.carrier))
        };
        let (scheme, carrier) = match credential {
            Credential::Token(_) => {
                let bearer = first(|carrier| carrier == Carrier::Bearer);
                let key = || first(|carrier| matches!(carrier, Carrier::Key(..)));
                let other = || first(|carrier| matches!(carrier, Carrier::Scheme(_)));
                (bearer.or_else(key).or_else(other), Carrier::Bearer)
            }
            Credential::Basic { .. } => (first(|it| it == Carrier::Basic), Carrier::Basic),
        };
        let carrier = scheme.map_or(carrier, |scheme| scheme.carrier);
        let prepared = prepare(carrier, credential)?;
        let entry = scheme.map(|scheme| (scheme.name, prepared.clone()));
        self.entries.extend(entry);
        self.default = Some(prepared);
        Ok(())
    }

    /// Sets the credential of a scheme.
    pub(super) fn set(&mut self, name: &str, credential: &Credential) -> Result<(), Error> {
        let mut schemes = SECURITY_SCHEMES.iter();
        let scheme = schemes.find(|scheme| scheme.name == name);
        let scheme = scheme.ok_or_else(|| BuildError::UnknownScheme(name.to_owned()))?;
        let prepared = prepare(scheme.carrier, credential)?;
        self.entries.retain(|(known, _)| *known != scheme.name);
        self.entries.push((scheme.name, prepared));
        Ok(())
    }

    /// Adds the credentials of an operation to a request: those of its first security requirement whose schemes all have
    /// one, or else the default. An operation that needs no authentication gets none.
    pub(super) fn apply(&self, operation: &Operation, headers: &mut HeaderMap, query: &mut String) {
        let requirements = operation.security.unwrap_or_default();
        let mut needed = requirements.iter().filter(|schemes| !schemes.is_empty());
        if operation.security.is_some() && needed.clone().next().is_none() {
            return;
        }
        let chosen = needed.find_map(|schemes| self.all_of(schemes));
        for prepared in chosen.unwrap_or_else(|| self.default.iter().collect()) {
            match prepared {
                Prepared::Header(name, value) => drop(headers.insert(name, value.clone())),
                Prepared::Cookie(pair) => add_cookie(headers, pair, true),
                Prepared::Query(pair) => push_pairs(query, pair),
            }
        }
    }

    /// The credentials of all the schemes, if all have one.
    fn all_of(&self, schemes: &[&str]) -> Option<Vec<&Prepared>> {
        let of = |name: &&str| self.entries.iter().find(|(known, _)| known == name);
        let entries = schemes.iter().map(of);
        entries
            .map(|entry| entry.map(|(_, prepared)| prepared))
            .collect()
    }
}

/// Adds a pair to the `Cookie` header. A pair with forbidden characters is left out; callers check before.
pub(super) fn add_cookie(headers: &mut HeaderMap, pair: &str, sensitive: bool) {
    let before = headers.get(COOKIE);
    let sensitive = sensitive || before.is_some_and(HeaderValue::is_sensitive);
    let cookies = match before {
        Some(before) => [before.as_bytes(), b"; ", pair.as_bytes()].concat(),
        None => pair.as_bytes().to_vec(),
    };
    if let Ok(mut value) = HeaderValue::from_bytes(&cookies) {
        value.set_sensitive(sensitive);
        headers.insert(COOKIE, value);
    }
}

fn prepare(carrier: Carrier, credential: &Credential) -> Result<Prepared, BuildError> {
    let is_empty = match credential {
        Credential::Token(token) => token.expose().trim().is_empty(),
        // An API may want a user without a password, or the other way around.
        Credential::Basic { user, password } => {
            user.trim().is_empty() && password.expose().trim().is_empty()
        }
    };
    if is_empty {
        return Err(BuildError::EmptyCredential);
    }
    match (carrier, credential) {
        (Carrier::Bearer, Credential::Token(token)) => {
            header(AUTHORIZATION, &format!("Bearer {}", token.expose().trim()))
        }
        (Carrier::Basic, Credential::Basic { user, password }) => {
            let pair = Base64::encode(format!("{user}:{}", password.expose()));
            header(AUTHORIZATION, &format!("Basic {}", pair.as_str()))
        }
        (Carrier::Key(location, name), Credential::Token(token)) => {
            let token = token.expose().trim();
            let value = encode_query(token, false);
            match location {
                Location::Query | Location::Path => {
                    let name = encode_query(name, false);
                    Ok(Prepared::Query(format!("{name}={value}")))
                }
                Location::Cookie => Ok(Prepared::Cookie(format!("{name}={value}"))),
                Location::Header => {
                    let name = HeaderName::from_bytes(name.as_bytes());
                    header(name.map_err(|_| BuildError::InvalidCredential)?, token)
                }
            }
        }
        (Carrier::Scheme(scheme), Credential::Token(token)) => header(
            AUTHORIZATION,
            &format!("{scheme} {}", token.expose().trim()),
        ),
        _ => Err(BuildError::WrongCredential),
    }
}

/// A header that no `Debug` shows, without surrounding white space, which a file may leave.
fn header(name: HeaderName, text: &str) -> Result<Prepared, BuildError> {
    let value = HeaderValue::from_str(text.trim());
    let mut value = value.map_err(|_| BuildError::InvalidCredential)?;
    value.set_sensitive(true);
    Ok(Prepared::Header(name, value))
}
