//! What a method learns of the request beyond the operation's own parameters.

use std::fmt;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, Uri};

use super::route::{Captures, Route};
use super::{percent, style};

/// The request as it came in. Its `Debug` shows neither headers nor values, which may be secret.
pub struct RequestContext {
    /// The method.
    pub method: Method,
    /// The target, without the path of a router that this one is nested in.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// What layers attached, such as `axum::extract::ConnectInfo` with the address of the peer.
    pub extensions: Extensions,
    route: &'static Route,
    path: Captures,
    query: Vec<style::Pair>,
}

impl RequestContext {
    pub(super) fn new(parts: Parts, route: &'static Route, path: Captures) -> Self {
        let query = percent::pairs(parts.uri.query().unwrap_or_default());
        Self {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            route,
            path,
            query,
        }
    }

    /// The id of the operation, as the description writes it.
    #[must_use]
    pub fn operation_id(&self) -> &'static str {
        self.route.operation_id
    }

    /// The path of the operation with its parameters in braces, as the description writes it.
    #[must_use]
    pub fn path_template(&self) -> &'static str {
        self.route.template
    }

    /// The token of an `Authorization: Bearer <token>` header.
    #[must_use]
    pub fn bearer_token(&self) -> Option<&str> {
        let value = self.headers.get(AUTHORIZATION)?.to_str().ok()?;
        let (scheme, token) = value.split_once(' ')?;
        scheme
            .eq_ignore_ascii_case("bearer")
            .then(|| token.trim_start())
    }

    /// The raw text of a path parameter.
    pub(super) fn path_value(&self, name: &str) -> Option<&str> {
        self.path
            .iter()
            .find(|(key, _)| *key == name)
            .map(|(_, raw)| raw.as_str())
    }

    /// The pairs of the query, keys decoded, values raw.
    pub(super) fn query(&self) -> &[style::Pair] {
        &self.query
    }
}

impl fmt::Debug for RequestContext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestContext")
            .field("method", &self.method)
            .field("path_template", &self.route.template)
            .field("operation_id", &self.route.operation_id)
            .finish_non_exhaustive()
    }
}
