//! The context of a request.

#![allow(dead_code, reason = "an API may have no parameters")]

use std::fmt;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, Method, Uri};

use super::route::Captures;
use super::{percent, style};
use crate::operation::Operation;

/// The request as it was received, and who sent it. `Debug` shows neither headers nor values, which may be secret.
pub struct RequestContext<Principal = ()> {
    /// The sender, from [`Service::authenticate`](super::Service::authenticate).
    pub principal: Principal,
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
            principal: (),
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            extensions: parts.extensions,
            operation,
            path,
            query,
        }
    }

    /// The request of this sender.
    pub fn with_principal<Principal>(self, principal: Principal) -> RequestContext<Principal> {
        RequestContext {
            principal,
            method: self.method,
            uri: self.uri,
            headers: self.headers,
            extensions: self.extensions,
            operation: self.operation,
            path: self.path,
            query: self.query,
        }
    }
}

impl<Principal> RequestContext<Principal> {
    /// The operation of the request.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }
}

impl<Principal> fmt::Debug for RequestContext<Principal> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RequestContext")
            .field("method", &self.method)
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
