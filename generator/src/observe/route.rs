//! Which operation an exchange is of.

use crate::description::document::{Document, Operation};
use crate::path_template::{url_origin, url_path};

use super::har::Exchange;
use super::scrub;

/// The operation of an exchange.
pub(super) enum Routed<'m> {
    /// It is of this operation.
    Operation(&'m Operation),
    /// It is below a server of the API, and no operation has its method and path, which is given below the server's path, with
    /// `{id}` for each value.
    Unknown(String),
    /// It is of another host.
    Elsewhere,
}

/// Finds the operations of exchanges.
pub(super) struct Routes<'m> {
    document: &'m Document,
    /// Origins and base paths of the servers, with `{}` for variables.
    servers: Vec<(String, String)>,
    hosts: &'m [String],
}

impl<'m> Routes<'m> {
    pub(super) fn new(document: &'m Document, hosts: &'m [String]) -> Self {
        let urls = document.servers.iter().map(|server| server.url.as_str());
        let mut servers: Vec<(String, String)> = urls
            .map(|url| (url_origin(url).to_owned(), url_path(url).to_owned()))
            .collect();
        if servers.is_empty() {
            servers.push((String::new(), String::new()));
        }
        Self {
            document,
            servers,
            hosts,
        }
    }

    pub(super) fn route(&self, exchange: &Exchange) -> Routed<'m> {
        let origin = url_origin(&exchange.url);
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let path = path_of(&exchange.url);
        let mut unknown = None;
        for (of_server, base) in &self.servers {
            let is_given = self.hosts.iter().any(|given| given == host);
            if !is_given && !of_server.is_empty() && !fits(origin, of_server) {
                continue;
            }
            let Some(rest) = below(&path, base) else {
                continue;
            };
            if let Some(operation) = self.operation(exchange, &rest) {
                return Routed::Operation(operation);
            }
            unknown = Some(self.template(&rest));
        }
        unknown.map_or(Routed::Elsewhere, Routed::Unknown)
    }

    /// The path with `{id}` for each segment that is a parameter of the paths that begin alike, or may be a value.
    fn template(&self, path: &str) -> String {
        let operations = self.document.operations.iter();
        let mut alike: Vec<Vec<&str>> = operations
            .map(|operation| operation.path.split('/').collect())
            .collect();
        let mut segments = Vec::new();
        for (index, segment) in path.split('/').enumerate() {
            let is_literal = |it: &Vec<&str>| it.get(index) == Some(&segment);
            let fits_parameter = |it: &Vec<&str>| {
                it.get(index)
                    .is_some_and(|template| fits(segment, template))
            };
            let is_name = if alike.iter().any(is_literal) {
                alike.retain(is_literal);
                true
            } else {
                alike.retain(fits_parameter);
                alike.is_empty() && scrub::is_name(segment)
            };
            segments.push(if is_name { segment } else { "{id}" });
        }
        segments.join("/")
    }

    /// The operation of a method and a path; of several, the one with the fewest parameters before literals.
    fn operation(&self, exchange: &Exchange, path: &str) -> Option<&'m Operation> {
        let segments: Vec<&str> = path.split('/').collect();
        let operations = self.document.operations.iter().filter(|operation| {
            let template: Vec<&str> = operation.path.split('/').collect();
            operation.method == exchange.method
                && template.len() == segments.len()
                && template
                    .iter()
                    .zip(&segments)
                    .all(|(one, other)| fits(other, one))
        });
        operations.min_by_key(|operation| {
            let segments = operation.path.split('/');
            segments
                .map(|segment| segment.contains('{'))
                .collect::<Vec<bool>>()
        })
    }
}

/// The path of a URL, with its slash at the end.
fn path_of(url: &str) -> String {
    let rest = url.strip_prefix(url_origin(url)).unwrap_or(url);
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    rest[..end].to_owned()
}

/// What is below a base path, which may have variables.
fn below(path: &str, base: &str) -> Option<String> {
    let count = base.split('/').count();
    let segments: Vec<&str> = path.split('/').collect();
    if base.is_empty() {
        return Some(path.to_owned());
    }
    let is_below = segments.len() > count
        && base
            .split('/')
            .zip(&segments)
            .all(|(one, other)| fits(other, one));
    is_below.then(|| format!("/{}", segments[count..].join("/")))
}

/// Whether a text is one that a template with `{…}` makes. A parameter is at least one character.
fn fits(text: &str, template: &str) -> bool {
    let Some((literal, after)) = template.split_once('{') else {
        return text == template;
    };
    let Some((_, rest)) = after.split_once('}') else {
        return text == template;
    };
    let Some(text) = text.strip_prefix(literal) else {
        return false;
    };
    let starts = text.char_indices().map(|(at, _)| at).skip(1);
    starts
        .chain([text.len()])
        .any(|at| at > 0 && text.is_char_boundary(at) && fits(&text[at..], rest))
}

#[cfg(test)]
mod tests {
    use super::{below, fits};

    #[test]
    fn templates_fit_texts() {
        assert!(fits(
            "https://eu.pets.example",
            "https://{region}.pets.example"
        ));
        assert!(!fits(
            "https://pets.example",
            "https://{region}.pets.example"
        ));
        assert!(fits("a.json", "{name}.json") && !fits("a.yaml", "{name}.json"));
        assert!(!fits("", "{name}"));
        assert_eq!(below("/api/0/pets/", "/api/0").as_deref(), Some("/pets/"));
        assert_eq!(below("/api/1/pets/", "/api/0"), None);
        assert_eq!(below("/pets", "").as_deref(), Some("/pets"));
    }
}
