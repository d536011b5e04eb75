//! Path templates (`/pets/{id}`), and the origins and paths of URLs.

/// A part of a path template.
#[derive(Clone, Copy)]
pub(crate) enum Part<'p> {
    /// Text, which is not empty.
    Literal(&'p str),
    /// The name of a parameter: what stands between `{` and the next `}`.
    Parameter(&'p str),
}

/// The parts of a path template, in order.
pub(crate) fn parts(path: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = path;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        parts.push(Part::Parameter(name));
        rest = after;
    }
    if !rest.is_empty() {
        parts.push(Part::Literal(rest));
    }
    parts
}

/// Replaces each `{…}` of a path template by `{}`. Two templates with the same shape differ only in the names of their
/// parameters.
#[must_use]
pub fn path_shape(path: &str) -> String {
    let parts = parts(path).into_iter();
    parts
        .map(|part| match part {
            Part::Literal(text) => text,
            Part::Parameter(_) => "{}",
        })
        .collect()
}

/// The names of the parameters in a path template, in order.
pub(crate) fn template_names(path: &str) -> impl Iterator<Item = &str> {
    let parts = parts(path).into_iter();
    parts.filter_map(|part| match part {
        Part::Parameter(name) => Some(name),
        Part::Literal(_) => None,
    })
}

/// The path of an absolute or relative URL, without a trailing slash: `/api/0` for `https://sentry.io/api/0/`.
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

/// The scheme and the authority of an absolute URL: `https://sentry.io`. Empty for a relative URL.
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
    use super::{path_shape, url_origin, url_path};

    #[test]
    fn parameter_names_do_not_count_and_everything_else_does() {
        assert_eq!(
            path_shape("/projects/{organization_slug}/{project_slug}/"),
            "/projects/{}/{}/"
        );
        assert_eq!(path_shape("/compare/{base}...{head}"), "/compare/{}...{}");
        assert_ne!(path_shape("/teams/{id}"), path_shape("/teams/{id}/"));
        assert_eq!(path_shape("/odd/{unclosed"), "/odd/{unclosed");
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
