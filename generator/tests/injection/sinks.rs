//! Every place that a text of a specification can come from: marks such as `@title@` in small documents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The documents, each with the marks of some sinks.
const DOCUMENTS: [&str; 6] = [
    include_str!("documents/body.json"),
    include_str!("documents/info.json"),
    include_str!("documents/operation.json"),
    include_str!("documents/schema.json"),
    include_str!("documents/security.json"),
    include_str!("documents/union.json"),
];

/// The places that are names of headers and cookies.
const TOKENS: [&str; 5] = [
    "cookie_parameter",
    "header_parameter",
    "response_header",
    "scheme_cookie",
    "scheme_header",
];

/// A place in a document that takes any text.
#[derive(Debug, Clone)]
pub struct Sink {
    /// Its mark, without the signs around it.
    pub name: String,
}

/// A document with places that take any text.
#[derive(Debug)]
pub struct Document {
    /// The places, sorted by name.
    pub sinks: Vec<Sink>,
    template: Value,
}

/// All documents.
pub fn documents() -> Vec<Document> {
    let read = |text: &&str| {
        let names: BTreeSet<String> = marks(text).collect();
        Document {
            sinks: names.into_iter().map(|name| Sink { name }).collect(),
            template: serde_json::from_str(text).unwrap(),
        }
    };
    DOCUMENTS.iter().map(read).collect()
}

impl Document {
    /// The document with texts in some places, by name, and harmless ones in all others.
    pub fn filled(&self, texts: &BTreeMap<&str, &str>) -> Value {
        fill(&self.template, &|mark| match texts.get(mark) {
            Some(text) => (*text).to_owned(),
            None => harmless(mark),
        })
    }
}

fn marks(text: &str) -> impl Iterator<Item = String> {
    let parts = text.split('@').skip(1).step_by(2);
    parts.map(|mark| mark.trim_start_matches('~').to_owned())
}

impl Sink {
    /// A harmless text of the same structure, where that matters; elsewhere any harmless one will do.
    pub fn twin(&self, payload: &str) -> Option<String> {
        let structure: &[char] = match self.name.as_str() {
            // Slashes part a path into segments, and braces mark its parameters.
            "path_segment" | "path_parameter" => &['/', '{', '}'],
            // Braces mark the variables of a server's address.
            "server_host" | "server_path" | "server_variable" => &['{', '}'],
            // An HTTP scheme that cannot be called so is left to the caller: so is its twin.
            "http_scheme" if !is_token(payload.trim()) => return Some("/".to_owned()),
            // What no header or cookie can be called is left out: so is its twin.
            name if TOKENS.contains(&name) && !is_token(payload.trim()) => {
                return Some("\n".to_owned());
            }
            "scheme_query" if payload.trim().is_empty() => return Some(String::new()),
            "part_content_type" if payload.trim().is_empty() => return Some(String::new()),
            // A list or range of media types is left to who sends the part.
            "part_content_type" if payload.contains([',', '*']) => return Some("*/*".to_owned()),
            _ => return None,
        };
        let mut twin = String::new();
        let mut number = 0;
        for character in payload.chars() {
            if structure.contains(&character) {
                twin.push(character);
            } else if !twin.ends_with('x') {
                // Parameters of a path differ by their names.
                number += 1;
                twin.push_str(&format!("{number}x"));
            }
        }
        Some(twin)
    }
}

/// The text of a place that no other text is put in.
fn harmless(mark: &str) -> String {
    let is_token = mark == "http_scheme" || TOKENS.contains(&mark);
    let blank = if is_token { "-" } else { " " };
    mark.replace('_', blank)
}

/// Whether a header or cookie can have a text for its name.
fn is_token(text: &str) -> bool {
    let is_token_byte =
        |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token_byte)
}

fn fill(value: &Value, text_of: &dyn Fn(&str) -> String) -> Value {
    match value {
        Value::String(text) => Value::String(fill_text(text, text_of)),
        Value::Array(items) => items.iter().map(|item| fill(item, text_of)).collect(),
        Value::Object(entries) => {
            let entries = entries.iter();
            let filled =
                entries.map(|(key, value)| (fill_text(key, text_of), fill(value, text_of)));
            Value::Object(filled.collect::<Map<_, _>>())
        }
        other => other.clone(),
    }
}

fn fill_text(text: &str, text_of: &dyn Fn(&str) -> String) -> String {
    let mut filled = String::new();
    for (index, part) in text.split('@').enumerate() {
        match (index % 2 == 1, part.strip_prefix('~')) {
            (false, _) => filled.push_str(part),
            (true, None) => filled.push_str(&text_of(part)),
            (true, Some(mark)) if text.starts_with('#') => {
                filled.push_str(&pointer_token(&text_of(mark)));
            }
            (true, Some(mark)) => filled.push_str(&text_of(mark)),
        }
    }
    filled
}

/// A text as a token of a JSON pointer in the fragment of a reference.
fn pointer_token(text: &str) -> String {
    let mut token = String::new();
    for octet in text.replace('~', "~0").replace('/', "~1").bytes() {
        if octet.is_ascii_alphanumeric() || b"-._~".contains(&octet) {
            token.push(char::from(octet));
        } else {
            token.push_str(&format!("%{octet:02X}"));
        }
    }
    token
}
