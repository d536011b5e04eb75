//! The context of a request.

#![allow(dead_code, reason = "an API may have no parameters")]

use std::fmt;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, Uri};

use super::route::Captures;
use super::{percent, style};
use crate::operation::Operation;

/// The request as it was received. `Debug` shows neither headers nor values, which may be secret.
pub struct RequestContext {
    /// The method.
    pub method: Method,
    /// The target, without the path of an outer router.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The extensions of the layers, such as `axum::extract::ConnectInfo` with the address of the peer.
    pub extensions: Extensions,
    operation: &'static Operation,
    /// The path parameters, percent-encoded.
    pub(super) path: Captures,
    pub(super) query: Vec<style::Pair>,
}

impl RequestContext {
    pub(super) fn new(parts: Parts, operation: &'static Operation, path: Captures) -> Self {
        let query = percent::pairs(parts.uri.query().unwrap_or_default());
        Self {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            operation,
            path,
            query,
        }
    }

    /// The operation of the request.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The token of an `Authorization: Bearer <token>` header.
    pub fn bearer_token(&self) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        let is_bearer = scheme.eq_ignore_ascii_case("bearer");
        is_bearer.then(|| token.trim_start())
    }
}

impl fmt::Debug for RequestContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestContext")
            .field("method", &self.method)
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
