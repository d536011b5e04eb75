//! The context of a request.

#![allow(dead_code, reason = "an API may have no parameters")]

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use axum::extract::OriginalUri;
use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderValue, Method, Request, Uri};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::route::Template;
use super::{percent, style};
use crate::operation::Operation;

/// The request as it was received, and who sent it. `Debug` shows neither headers nor values, which may be secret.
///
/// The extensions are those of the layers, such as `axum::extract::ConnectInfo` with the address of the peer.
pub struct RequestContext<Principal = ()> {
    /// The sender, from [`Service::authenticate`](super::Service::authenticate).
    pub principal: Principal,
    /// The method.
    pub method: Method,
    /// The target, without the path of an outer router.
    pub uri: Uri,
    /// The headers.
    pub headers: HeaderMap,
    /// The extensions.
    pub extensions: Extensions,
    operation: &'static Operation,
    /// The path of the operation; `None` where it is served under another one.
    path: Option<Arc<Template>>,
    pub(super) query: Vec<style::Pair>,
}

impl RequestContext {
    /// A request without headers for an operation, to test a method of yours with.
    pub fn new(operation: &'static Operation) -> Self {
        let mut request = Request::new(());
        *request.method_mut() = operation.method.as_str().parse().unwrap_or_default();
        *request.uri_mut() = operation.path.parse().unwrap_or_default();
        Self::received(request.into_parts().0, operation, None)
    }

    pub(super) fn received(parts: Parts, operation: &'static Operation, path: Option<Arc<Template>>) -> Self {
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

    /// The text of a path parameter, percent-encoded.
    pub(super) fn path_text(&self, name: &str) -> Option<Cow<'_, str>> {
        self.path.as_ref()?.parameter(name, &self.uri)
    }

    /// The target as it was sent, with the path of outer routers.
    pub fn url(&self) -> &Uri {
        let original = self.extensions.get();
        original.map_or(&self.uri, |OriginalUri(uri)| uri)
    }

    /// A `Link` header to another page of a list, such as `next`: the target of this request with another cursor.
    pub fn page_link(&self, relation: &str, cursor: &str) -> HeaderValue {
        let name = self.operation.cursor.unwrap_or("cursor");
        let pairs = self.url().query().unwrap_or_default().split('&');
        let is_other = |pair: &&str| {
            let key = pair.split('=').next().unwrap_or_default();
            !pair.is_empty() && percent::decode_form(key).as_deref() != Some(name)
        };
        let cursor = utf8_percent_encode(cursor, NON_ALPHANUMERIC);
        let cursor = format!("{name}={cursor}");
        let query: Vec<&str> = pairs.filter(is_other).chain([&*cursor]).collect();
        let link = format!("<{}?{}>; rel=\"{relation}\"", self.url().path(), query.join("&"));
        HeaderValue::from_str(&link).unwrap_or_else(|_| HeaderValue::from_static(""))
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
