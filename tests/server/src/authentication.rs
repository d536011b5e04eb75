//! Who makes a request: the user of its token.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use rusqlite::Transaction;
use sentry_api::operation::Operation;
use sha2::{Digest, Sha256};

use crate::columns::{json, to_json};
use crate::error::Error;

/// The user that a request is made for.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) id: i64,
    pub(crate) email: String,
    /// What the token may do; all, if there are none.
    pub(crate) scopes: Option<Vec<String>>,
}

impl User {
    /// Whether the token is enough for an operation.
    pub(crate) fn may_call(&self, operation: &Operation) -> bool {
        let scopes = self.scopes.as_ref();
        scopes.is_none_or(|scopes| operation.permits("bearer", scopes))
    }
}

/// Lets a user sign in with a token that has these scopes, or all.
pub(crate) fn add_token(
    transaction: &Transaction,
    user: i64,
    token: &str,
    scopes: Option<&[String]>,
) -> Result<(), Error> {
    let scopes = scopes.map(to_json).transpose()?;
    let sql = "INSERT INTO tokens (hash, user_id, scopes) VALUES (?1, ?2, ?3)";
    transaction.execute(sql, (hash(token), user, scopes))?;
    Ok(())
}

/// The token of a request that is not one of the operations, for which `RequestContext` has it.
pub(crate) fn bearer_token(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let is_bearer = scheme.eq_ignore_ascii_case("bearer");
    is_bearer.then(|| token.trim())
}

/// What is kept of a token.
pub(crate) fn hash(token: &str) -> Vec<u8> {
    Sha256::digest(token).to_vec()
}

/// The user of the token with this hash.
pub(crate) fn find(transaction: &Transaction, hash: &[u8]) -> Result<User, Error> {
    let sql = "SELECT u.id, u.email, t.scopes FROM users u JOIN tokens t ON t.user_id = u.id
               WHERE t.hash = ?1";
    let user = transaction.query_row(sql, [hash], |row| {
        Ok(User {
            id: row.get("id")?,
            email: row.get("email")?,
            scopes: json(row, "scopes")?,
        })
    });
    user.map_err(|error| match error {
        rusqlite::Error::QueryReturnedNoRows => Error::InvalidToken,
        other => other.into(),
    })
}
