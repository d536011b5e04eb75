//! Which operation an exchange is of.

use crate::description::document::{Document, Facet, Operation};
use crate::path_template::{Part, parts, url_origin, url_path};

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
    servers: Vec<Server>,
    /// The operations that have servers of their own, each with them.
    elsewhere: Vec<(&'m Operation, Vec<Server>)>,
    hosts: &'m [String],
}

/// A server, with `{}` for variables.
struct Server {
    /// In lower case. Empty for a URL that is relative.
    origin: String,
    base: String,
}

impl Server {
    fn new(url: &str) -> Self {
        Self {
            origin: url_origin(url).to_ascii_lowercase(),
            base: url_path(url).to_owned(),
        }
    }
}

impl<'m> Routes<'m> {
    pub(super) fn new(document: &'m Document, hosts: &'m [String]) -> Self {
        let urls = document.servers.iter().map(|server| server.url.as_str());
        let mut servers: Vec<Server> = urls.map(Server::new).collect();
        if servers.is_empty() {
            servers.push(Server::new(""));
        }
        let own = |operation: &'m Operation| {
            let servers = operation.facts.list(Facet::Servers).iter();
            let urls = servers.filter_map(|server| server.get("url")?.as_str());
            (operation, urls.map(Server::new).collect::<Vec<Server>>())
        };
        let elsewhere = document.operations.iter().map(own);
        let elsewhere = elsewhere.filter(|(_, servers)| !servers.is_empty());
        Self {
            document,
            servers,
            elsewhere: elsewhere.collect(),
            hosts,
        }
    }

    pub(super) fn route(&self, exchange: &Exchange) -> Routed<'m> {
        let origin = url_origin(&exchange.url).to_ascii_lowercase();
        let path = path_of(&exchange.url);
        let mut unknown = None;
        for server in self.servers.iter().filter(|it| self.is_at(it, &origin)) {
            let Some(rest) = below(&path, &server.base) else {
                continue;
            };
            let operations = self.document.operations.iter();
            if let Some(operation) = best(operations.filter(|it| is_of(exchange, &rest, it))) {
                return Routed::Operation(operation);
            }
            unknown = Some(self.template(&rest));
        }
        let elsewhere = self.elsewhere.iter().filter(|(operation, servers)| {
            let mut below = servers
                .iter()
                .filter(|it| self.has_own(it, &origin))
                .filter_map(|it| below(&path, &it.base));
            below.any(|rest| is_of(exchange, &rest, operation))
        });
        match best(elsewhere.map(|(operation, _)| *operation)) {
            Some(operation) => Routed::Operation(operation),
            None => unknown.map_or(Routed::Elsewhere, Routed::Unknown),
        }
    }

    /// Whether a server of the API is at an origin.
    fn is_at(&self, server: &Server, origin: &str) -> bool {
        let host = origin.split_once("://").map_or(origin, |(_, host)| host);
        let mut hosts = self.hosts.iter();
        server.origin.is_empty()
            || hosts.any(|given| given.eq_ignore_ascii_case(host))
            || fits(origin, &server.origin)
    }

    /// Whether a server of an operation is at an origin. A relative URL is of the hosts of the API.
    fn has_own(&self, server: &Server, origin: &str) -> bool {
        let mut servers = self.servers.iter();
        self.is_at(server, origin)
            && (!server.origin.is_empty() || servers.any(|it| self.is_at(it, origin)))
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
}

/// Whether an operation has the method of an exchange, and a path.
fn is_of(exchange: &Exchange, path: &str, operation: &Operation) -> bool {
    let count = path.split('/').count();
    let template = operation.path.split('/');
    operation.method == exchange.method
        && template.clone().count() == count
        && template
            .zip(path.split('/'))
            .all(|(template, segment)| fits(segment, template))
}

/// The operation with the fewest parameters before literals.
fn best<'m>(operations: impl Iterator<Item = &'m Operation>) -> Option<&'m Operation> {
    operations.min_by_key(|operation| {
        let segments = operation.path.split('/');
        segments
            .map(|segment| segment.contains('{'))
            .collect::<Vec<bool>>()
    })
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
///
/// Each literal is taken where it occurs first, and the last one at the end: what fits otherwise fits so, too.
fn fits(text: &str, template: &str) -> bool {
    let parts = parts(template);
    let mut rest = text;
    let mut is_open = false;
    for (index, part) in parts.iter().enumerate() {
        let is_last = index + 1 == parts.len();
        let after = match part {
            Part::Parameter(_) => {
                let mut characters = rest.chars();
                characters.next().map(|_| characters.as_str())
            }
            Part::Literal(literal) if !is_open => rest.strip_prefix(literal),
            Part::Literal(literal) if is_last => rest.ends_with(literal).then_some(""),
            Part::Literal(literal) => rest.split_once(literal).map(|(_, after)| after),
        };
        let Some(after) = after else {
            return false;
        };
        rest = after;
        is_open = matches!(part, Part::Parameter(_));
    }
    is_open || rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::{below, fits};

    #[test]
    fn templates_fit_texts() {
        let fitting = [
            ("ab", "{x}{y}"),
            ("é", "{x}"),
            ("a--b", "{x}-{y}"),
            ("a-b-a-b", "{x}-b"),
            ("aXbXdc", "a{x}X{y}c"),
            ("odd{", "odd{"),
            ("a{b", "{x}{b"),
        ];
        for (text, template) in fitting {
            assert!(fits(text, template), "{text} {template}");
        }
        let others = [
            ("a", "{x}{y}"),
            ("-b", "{x}-{y}"),
            ("a-", "{x}-{y}"),
            ("-b", "{x}-b"),
            ("aXbXc", "a{x}X{y}c"),
            ("pets", "pet"),
            ("pet", "pets{x}"),
        ];
        for (text, template) in others {
            assert!(!fits(text, template), "{text} {template}");
        }

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

    /// If all splits of the text were tried, this would not end.
    #[test]
    fn a_template_with_many_parameters_is_compared_in_a_moment() {
        let template = format!("{}z", "{a}-".repeat(12));
        assert!(!fits(&format!("{}!", "-".repeat(10_000)), &template));
        assert!(fits(&format!("{}z", "-".repeat(10_000)), &template));
    }
}
