//! Credentials, and which of them an operation gets.

use std::fmt;

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::api::SECURITY_SCHEMES;
use super::error::{BuildError, Error};
use super::operation::{Location, Operation};
use super::path::encode_query;
use crate::types::{Base64, Secret};

/// A security scheme that the description knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SecurityScheme {
    /// Its name in the description.
    pub name: &'static str,
    /// How it travels.
    pub carrier: Carrier,
}

/// How a credential travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Carrier {
    /// `Authorization: Bearer <token>`
    Bearer,
    /// `Authorization: Basic <base64>`
    Basic,
    /// A key in a header, in the query or in a cookie.
    Key(Location, &'static str),
}

/// A credential. `Debug` never shows it.
#[derive(Clone)]
pub enum Credential {
    /// A bearer token or an API key, according to the scheme.
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

/// All credentials of a client, ready to be sent.
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
    /// Sets the credential of the scheme that carries its kind: a bearer scheme before a key, the first of several; a
    /// bearer token where no scheme is known. It also goes with operations that state nothing, or only schemes without
    /// a credential.
    pub(super) fn set_default(&mut self, credential: &Credential) -> Result<(), Error> {
        let scheme = default_scheme(SECURITY_SCHEMES, credential);
        let carrier = match (scheme, credential) {
            (Some(scheme), _) => scheme.carrier,
            (None, Credential::Token(_)) => Carrier::Bearer,
            (None, Credential::Basic { .. }) => Carrier::Basic,
        };
        let prepared = prepare(carrier, credential)?;
        if let Some(scheme) = scheme {
            self.entries.push((scheme.name, prepared.clone()));
        }
        self.default = Some(prepared);
        Ok(())
    }

    /// Sets the credential of a scheme.
    pub(super) fn set(&mut self, name: &str, credential: &Credential) -> Result<(), Error> {
        let scheme = SECURITY_SCHEMES
            .iter()
            .find(|scheme| scheme.name == name)
            .ok_or_else(|| BuildError::UnknownScheme(name.to_owned()))?;
        let prepared = prepare(scheme.carrier, credential)?;
        self.entries.retain(|(known, _)| *known != scheme.name);
        self.entries.push((scheme.name, prepared));
        Ok(())
    }

    /// Adds to a request what its operation needs.
    ///
    /// Of the operation's alternatives the first counts whose schemes all have a credential; alternatives that need
    /// something go before those that need nothing. An operation that states that it needs nothing gets nothing.
    pub(super) fn apply(&self, operation: &Operation, headers: &mut HeaderMap, query: &mut String) {
        let chosen = match operation.security {
            None => None,
            Some(alternatives) if alternatives.iter().all(|schemes| schemes.is_empty()) => return,
            Some(alternatives) => alternatives
                .iter()
                .filter(|schemes| !schemes.is_empty())
                .find_map(|schemes| self.all_of(schemes)),
        };
        let chosen = chosen.unwrap_or_else(|| self.default.iter().collect());
        for prepared in chosen {
            match prepared {
                Prepared::Header(name, value) => {
                    headers.insert(name, value.clone());
                }
                Prepared::Cookie(pair) => add_cookie(headers, pair, true),
                Prepared::Query(pair) => {
                    if !query.is_empty() {
                        query.push('&');
                    }
                    query.push_str(pair);
                }
            }
        }
    }

    /// The credentials of all the schemes, if all are there.
    fn all_of(&self, schemes: &[&str]) -> Option<Vec<&Prepared>> {
        schemes
            .iter()
            .map(|name| {
                let entry = self.entries.iter().find(|(known, _)| known == name);
                entry.map(|(_, prepared)| prepared)
            })
            .collect()
    }
}

/// The scheme that a credential belongs to when none is named.
fn default_scheme(
    schemes: &'static [SecurityScheme],
    credential: &Credential,
) -> Option<&'static SecurityScheme> {
    let first = |suits: fn(Carrier) -> bool| schemes.iter().find(|scheme| suits(scheme.carrier));
    match credential {
        Credential::Token(_) => first(|carrier| carrier == Carrier::Bearer)
            .or_else(|| first(|carrier| matches!(carrier, Carrier::Key(..)))),
        Credential::Basic { .. } => first(|carrier| carrier == Carrier::Basic),
    }
}

/// Adds a pair to the `Cookie` header. A pair with forbidden characters is left out; callers check before.
pub(super) fn add_cookie(headers: &mut HeaderMap, pair: &str, sensitive: bool) {
    let mut octets = Vec::with_capacity(pair.len());
    if let Some(before) = headers.get(COOKIE) {
        octets.extend_from_slice(before.as_bytes());
        octets.extend_from_slice(b"; ");
    }
    octets.extend_from_slice(pair.as_bytes());
    let was_sensitive = headers.get(COOKIE).is_some_and(HeaderValue::is_sensitive);
    if let Ok(mut value) = HeaderValue::from_bytes(&octets) {
        value.set_sensitive(sensitive || was_sensitive);
        headers.insert(COOKIE, value);
    }
}

fn prepare(carrier: Carrier, credential: &Credential) -> Result<Prepared, Error> {
    match (carrier, credential) {
        (Carrier::Bearer, Credential::Token(token)) => {
            header(AUTHORIZATION, &format!("Bearer {}", token.expose()))
        }
        (Carrier::Basic, Credential::Basic { user, password }) => {
            let pair = Base64::encode(format!("{user}:{}", password.expose()));
            header(AUTHORIZATION, &format!("Basic {}", pair.as_str()))
        }
        (Carrier::Key(location, name), Credential::Token(token)) => key(location, name, token),
        _ => Err(BuildError::WrongCredential.into()),
    }
}

fn key(location: Location, name: &'static str, token: &Secret) -> Result<Prepared, Error> {
    match location {
        Location::Query | Location::Path => Ok(Prepared::Query(format!(
            "{}={}",
            encode_query(name, false),
            encode_query(token.expose(), false)
        ))),
        Location::Cookie => {
            let pair = format!("{name}={}", encode_query(token.expose(), false));
            Ok(Prepared::Cookie(pair))
        }
        Location::Header => {
            let name = HeaderName::from_bytes(name.as_bytes())
                .map_err(|_| BuildError::InvalidCredential)?;
            header(name, token.expose())
        }
    }
}

/// A header that no `Debug` shows. Surrounding white space, as a file leaves it, is not part of a credential.
fn header(name: HeaderName, text: &str) -> Result<Prepared, Error> {
    let mut value =
        HeaderValue::from_str(text.trim()).map_err(|_| BuildError::InvalidCredential)?;
    value.set_sensitive(true);
    Ok(Prepared::Header(name, value))
}
