//! The description of the API, and a page that shows it.

use std::sync::LazyLock;

use axum::Router;
use axum::body::Bytes;
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::routing::get;

/// The description of the API: OpenAPI 3.1 in JSON.
pub const OPENAPI: &str = include_str!("../../openapi.json");

/// Shows the `openapi.json` beside it, without another file or host.
const REFERENCE: &str = include_str!("reference.html");

/// All that the page may do.
const POLICY: &str = "default-src 'none'; connect-src 'self'; script-src 'unsafe-inline'; style-src 'unsafe-inline'";

/// [`OPENAPI`], with the place where it is served as the only server.
static SERVED: LazyLock<Bytes> = LazyLock::new(|| {
    let lines = OPENAPI.lines().map(|line| {
        let is_servers = line.starts_with("\"servers\":[");
        if is_servers { "\"servers\":[{\"url\":\".\"}]," } else { line }
    });
    lines.collect::<Vec<_>>().join("\n").into()
});

/// The routes `/openapi.json`, with the place where it is served as the API's server, and `/reference`, a page for
/// readers, which needs no network. Merge them with the router of the API, at its base path.
pub fn document() -> Router {
    let json = async || ([(CONTENT_TYPE, "application/json")], SERVED.clone());
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, POLICY)];
    let page = async move || (headers, REFERENCE);
    Router::new().route("/openapi.json", get(json)).route("/reference", get(page))
}
