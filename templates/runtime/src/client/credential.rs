//! Credentials.

use std::fmt;

use http::header::{AUTHORIZATION, COOKIE};
use http::{HeaderMap, HeaderName, HeaderValue};

use super::error::{BuildError, Error};
use super::path::encode_query;
use super::request::push_pairs;
use crate::operation::{Location, Operation};
use crate::security::{Carrier, Credential, Requirement, SECURITY_SCHEMES};
use crate::types::Base64;

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
        let first = |suits: fn(Carrier) -> bool| SECURITY_SCHEMES.iter().find(|scheme| suits(scheme.carrier));
        let (scheme, carrier) = match credential {
            Credential::Token(_) => {
                let bearer = first(|carrier| carrier == Carrier::Bearer);
                let key = || first(|carrier| matches!(carrier, Carrier::Key(..)));
                let other = || first(|carrier| matches!(carrier, Carrier::Scheme(_)));
                (bearer.or_else(key).or_else(other), Carrier::Bearer)
            }
            Credential::Basic { .. } => (first(|it| it == Carrier::Basic), Carrier::Basic),
        };
        let prepared = prepare(scheme.map_or(carrier, |scheme| scheme.carrier), credential)?;
        self.entries.extend(scheme.map(|scheme| (scheme.name, prepared.clone())));
        self.default = Some(prepared);
        Ok(())
    }

    pub(super) fn set(&mut self, name: &str, credential: &Credential) -> Result<(), Error> {
        let scheme = SECURITY_SCHEMES.iter().find(|scheme| scheme.name == name);
        let scheme = scheme.ok_or_else(|| BuildError::UnknownScheme(name.to_owned()))?;
        let prepared = prepare(scheme.carrier, credential)?;
        self.entries.retain(|(known, _)| *known != scheme.name);
        self.entries.push((scheme.name, prepared));
        Ok(())
    }

    /// Adds the credentials of an operation to a request: those of its first security requirement whose schemes all have
    /// one, or else the default. An operation that needs no authentication gets none.
    pub(super) fn apply(&self, operation: &Operation, headers: &mut HeaderMap, query: &mut String) {
        let mut needed = operation.security.unwrap_or_default().iter().filter(|schemes| !schemes.is_empty());
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
    fn all_of(&self, schemes: &[Requirement]) -> Option<Vec<&Prepared>> {
        let of = |one: &Requirement| self.entries.iter().find(|(known, _)| *known == one.scheme);
        schemes.iter().map(|one| of(one).map(|(_, prepared)| prepared)).collect()
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
        Credential::Basic { user, password } => user.trim().is_empty() && password.expose().trim().is_empty(),
    };
    if is_empty {
        return Err(BuildError::EmptyCredential);
    }
    match (carrier, credential) {
        (Carrier::Bearer, Credential::Token(token)) => with_scheme("Bearer", token.expose()),
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
        (Carrier::Scheme(scheme), Credential::Token(token)) => with_scheme(scheme, token.expose()),
        _ => Err(BuildError::WrongCredential),
    }
}

/// The header of a scheme and a token, which must not begin with the scheme.
fn with_scheme(scheme: &'static str, token: &str) -> Result<Prepared, BuildError> {
    let token = token.trim();
    let first = token.split_once(char::is_whitespace);
    if first.is_some_and(|(first, _)| first.eq_ignore_ascii_case(scheme)) {
        return Err(BuildError::SchemeInToken(scheme));
    }
    header(AUTHORIZATION, &format!("{scheme} {token}"))
}

/// A header that no `Debug` shows, without surrounding white space, which a file may leave.
fn header(name: HeaderName, text: &str) -> Result<Prepared, BuildError> {
    let mut value = HeaderValue::from_str(text.trim()).map_err(|_| BuildError::InvalidCredential)?;
    value.set_sensitive(true);
    Ok(Prepared::Header(name, value))
}
