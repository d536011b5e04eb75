//! When two paths are the same path.

use crate::document::Operation;

/// A path with each `{…}` reduced to `{}`: the names of parameters do not make two operations, everything else does.
#[must_use]
pub fn shape(path: &str) -> String {
    let mut shape = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((_, after)) = after.split_once('}') else {
            break;
        };
        shape.push_str(literal);
        shape.push_str("{}");
        rest = after;
    }
    shape.push_str(rest);
    shape
}

/// The path that an operation goes by: its shape, or the path as it is written where another one has that shape.
#[must_use]
pub fn identity(operation: &Operation) -> String {
    match operation.is_shadowed {
        true => operation.path.clone(),
        false => shape(&operation.path),
    }
}

/// What findings, `names.lock` and `fidelity.lock` call an operation: `GET /issues/{}/`.
#[must_use]
pub fn operation_subject(operation: &Operation) -> String {
    format!("{} {}", operation.method, identity(operation))
}

/// The path of an absolute or relative URL, without a slash at its end: `/api/0` of `https://sentry.io/api/0/`.
#[must_use]
pub fn url_path(url: &str) -> &str {
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = if after_scheme.len() == url.len() {
        url
    } else {
        after_scheme
            .find('/')
            .map_or("", |slash| &after_scheme[slash..])
    };
    let path = path
        .split(['?', '#'])
        .next()
        .unwrap_or_default()
        .trim_end_matches('/');
    if path.starts_with('/') { path } else { "" }
}

/// The URL without its path: `https://sentry.io`.
#[must_use]
pub fn url_origin(url: &str) -> &str {
    match url.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
            &url[..scheme.len() + 3 + host]
        }
        None => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{shape, url_origin, url_path};

    #[test]
    fn parameter_names_do_not_count_and_everything_else_does() {
        assert_eq!(
            shape("/projects/{organization_slug}/{project_slug}/"),
            "/projects/{}/{}/"
        );
        assert_eq!(shape("/compare/{base}...{head}"), "/compare/{}...{}");
        assert_ne!(shape("/teams/{id}"), shape("/teams/{id}/"));
        assert_eq!(shape("/odd/{unclosed"), "/odd/{unclosed");
    }

    #[test]
    fn a_url_is_an_origin_and_a_path() {
        assert_eq!(url_path("https://sentry.io/api/0/"), "/api/0");
        assert_eq!(url_path("https://sentry.io"), "");
        assert_eq!(url_path("/v1"), "/v1");
        assert_eq!(url_path("v1"), "");
        assert_eq!(url_origin("https://sentry.io/api/0"), "https://sentry.io");
        assert_eq!(url_origin("/v1"), "");
    }
}
