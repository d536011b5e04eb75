//! Credentials of requests, and the challenges of responses with 401.

#![allow(dead_code, reason = "an API may have no operations")]

use axum::http::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue, WWW_AUTHENTICATE};

use super::{Problem, Reply, RequestContext, percent, style};
use crate::operation::{Location, Operation};
use crate::security::{Carrier, Credential, SECURITY_SCHEMES};
use crate::types::Base64;

impl<Principal> RequestContext<Principal> {
    /// The token of an `Authorization: Bearer <token>` header.
    pub fn bearer_token(&self) -> Option<&str> {
        self.authorization("Bearer")
    }

    /// The credential of a security scheme, by its name in the description.
    pub fn credential(&self, scheme: &str) -> Option<Credential> {
        let mut schemes = SECURITY_SCHEMES.iter();
        match schemes.find(|known| known.name == scheme)?.carrier {
            Carrier::Bearer => self.bearer_token().map(Credential::from),
            Carrier::Scheme(scheme) => self.authorization(scheme).map(Credential::from),
            Carrier::Basic => basic(self.authorization("Basic")?),
            Carrier::Key(location, name) => self.key(location, name).map(Credential::from),
        }
    }

    /// The text after the scheme in `Authorization`.
    fn authorization(&self, scheme: &str) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (found, credential) = value.split_once(' ')?;
        let credential = credential.trim();
        (found.eq_ignore_ascii_case(scheme) && !credential.is_empty()).then_some(credential)
    }

    fn key(&self, location: Location, name: &str) -> Option<String> {
        let of = |pairs: &[style::Pair]| {
            let mut pairs = pairs.iter();
            percent::decode_form(&pairs.find(|pair| pair.key == name)?.raw)
        };
        let key = match location {
            Location::Header => self.headers.get(name)?.to_str().ok()?.to_owned(),
            Location::Cookie => of(&self.cookies())?,
            Location::Query | Location::Path => of(&self.query)?,
        };
        (!key.is_empty()).then_some(key)
    }

    /// Refuses a second `Authorization` or `Content-Type`: proxies and servers differ in which one counts.
    ///
    /// # Errors
    /// 400 where there are two.
    pub(super) fn unambiguous(&self) -> Result<(), Problem> {
        // Mostly, no header is there twice.
        if self.headers.len() == self.headers.keys_len() {
            return Ok(());
        }
        let single = [(AUTHORIZATION, "Authorization"), (CONTENT_TYPE, "Content-Type")];
        match single.iter().find(|(name, _)| self.headers.get_all(name).iter().nth(1).is_some()) {
            Some((_, name)) => Err(Problem::bad_request(format!("more than one `{name}` header"))),
            None => Ok(()),
        }
    }
}

/// User and password of `Basic` authentication (RFC 7617).
fn basic(text: &str) -> Option<Credential> {
    let text = String::from_utf8(Base64::from_text(text).decode().ok()?).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Credential::Basic { user: user.to_owned(), password: password.into() })
}

/// Adds `WWW-Authenticate`, which every response with 401 has, unless it is there: a challenge for each scheme of the
/// operation.
pub(super) fn challenge(operation: &Operation, reply: &mut Reply) {
    if reply.headers().contains_key(WWW_AUTHENTICATE) {
        return;
    }
    let required = operation.security.unwrap_or_default().iter().copied();
    let schemes = SECURITY_SCHEMES.iter().filter(|scheme| {
        let mut required = required.clone().flatten();
        required.any(|one| one.scheme == scheme.name)
    });
    let mut challenges: Vec<&str> = Vec::new();
    for scheme in schemes {
        let challenge = match scheme.carrier {
            Carrier::Bearer => "Bearer",
            Carrier::Basic => "Basic realm=\"api\", charset=\"UTF-8\"",
            Carrier::Scheme(scheme) => scheme,
            // No registered scheme is for keys.
            Carrier::Key(..) => "ApiKey",
        };
        if !challenges.contains(&challenge) {
            challenges.push(challenge);
        }
    }
    if challenges.is_empty() {
        challenges.push("Bearer");
    }
    for challenge in challenges {
        if let Ok(value) = HeaderValue::from_str(challenge) {
            reply.headers_mut().append(WWW_AUTHENTICATE, value);
        }
    }
}
