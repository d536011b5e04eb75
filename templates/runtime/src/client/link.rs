//! The `Link` header (RFC 8288).

use http::{HeaderMap, header};

/// A link of a `Link` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The target as sent: absolute, or relative to the URL of the request.
    pub target: String,
    /// Its parameters in order, names in lower case.
    pub parameters: Vec<(String, String)>,
}

impl Link {
    /// The value of a parameter; the first counts where it is given several times.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether the link has this relation; a `rel` may list several.
    #[must_use]
    pub fn is_rel(&self, relation: &str) -> bool {
        self.parameter("rel").is_some_and(|rel| {
            rel.split_ascii_whitespace()
                .any(|r| r.eq_ignore_ascii_case(relation))
        })
    }
}

/// All links of all `Link` headers, in order. What is malformed ends its header.
#[must_use]
pub fn from_headers(headers: &HeaderMap) -> Vec<Link> {
    headers
        .get_all(header::LINK)
        .iter()
        .flat_map(|value| parse(&String::from_utf8_lossy(value.as_bytes())))
        .collect()
}

/// The links of one header value.
#[must_use]
pub fn parse(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', ',']);
    while let Some(inner) = rest.strip_prefix('<') {
        let Some((target, after)) = inner.split_once('>') else {
            break;
        };
        let (parameters, after) = parse_parameters(after);
        links.push(Link {
            target: target.trim().to_owned(),
            parameters,
        });
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    links
}

/// The parameters after a target, and what follows them.
fn parse_parameters(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(';') else {
            return (parameters, rest);
        };
        let after = after.trim_start();
        let end = after.find(['=', ';', ',']).unwrap_or(after.len());
        let (name, after) = after.split_at(end);
        let (value, after) = match after.strip_prefix('=') {
            Some(after) => parse_value(after.trim_start()),
            None => (String::new(), after),
        };
        let name = name.trim().to_ascii_lowercase();
        if !name.is_empty() {
            parameters.push((name, value));
        }
        rest = after;
    }
}

/// A token or a quoted string, and what follows it.
fn parse_value(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let end = text.find([';', ',']).unwrap_or(text.len());
        let (value, rest) = text.split_at(end);
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut characters = inner.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            '"' => return (value, inner.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(characters.next().map(|(_, escaped)| escaped)),
            other => value.push(other),
        }
    }
    (value, "")
}
