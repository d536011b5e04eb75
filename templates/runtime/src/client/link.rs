//! The `Link` header (RFC 8288).

use http::{HeaderMap, header};

/// A link of a `Link` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The target, which may be relative to the URL of the request.
    pub target: String,
    /// The parameters in order, with names in lower case.
    pub parameters: Vec<(String, String)>,
}

impl Link {
    /// The value of the first parameter with this name.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether this is one of the link's relations.
    pub fn is_rel(&self, relation: &str) -> bool {
        let mut relations = self.parameter("rel").unwrap_or_default().split_ascii_whitespace();
        relations.any(|one| one.eq_ignore_ascii_case(relation))
    }
}

/// The links of all `Link` headers. The rest of a header is ignored where it is malformed.
pub fn from_headers(headers: &HeaderMap) -> Vec<Link> {
    let texts = headers.get_all(header::LINK).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
    texts.flat_map(|text| parse(&text)).collect()
}

/// The links of one header value.
pub fn parse(text: &str) -> Vec<Link> {
    let mut links = Vec::new();
    let mut rest = text.trim_start_matches([' ', '\t', ',']);
    while let Some((target, after)) = rest.strip_prefix('<').and_then(|it| it.split_once('>')) {
        let (parameters, after) = parse_parameters(after);
        links.push(Link { target: target.trim().to_owned(), parameters });
        rest = after.trim_start_matches([' ', '\t', ',']);
    }
    links
}

/// The parameters after a target, and the rest of the text.
pub(super) fn parse_parameters(mut rest: &str) -> (Vec<(String, String)>, &str) {
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start();
        let Some(after) = rest.strip_prefix(';') else {
            return (parameters, rest);
        };
        let after = after.trim_start();
        let (name, after) = after.split_at(after.find(['=', ';', ',']).unwrap_or(after.len()));
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

/// A token or quoted string, and the rest of the text.
fn parse_value(text: &str) -> (String, &str) {
    let Some(inner) = text.strip_prefix('"') else {
        let (value, rest) = text.split_at(text.find([';', ',']).unwrap_or(text.len()));
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
