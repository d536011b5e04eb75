//! Reads responses and their headers.

use indexmap::IndexMap;

use super::DocumentReader;
use super::not_read::is_extension;
use super::parameter::PARAMETER_KEYS;
use crate::description::diagnostic::Diagnostic;
use crate::description::document::{Facet, Facts, Response};
use crate::description::tree::{Mapping, Node, Value};
use crate::http::{ParameterLocation, Status};

impl<'a> DocumentReader<'a> {
    pub(super) fn responses(&mut self, mapping: &'a Mapping) -> IndexMap<Status, Response> {
        let mut responses = IndexMap::new();
        let Some(node) = mapping.get("responses") else {
            return responses;
        };
        let node = self.group(node);
        if node.value == Value::Null {
            return responses;
        }
        let Some(entries) = node.as_mapping() else {
            self.expected(node, "an object of responses");
            return responses;
        };
        for entry in &entries.entries {
            if is_extension(&entry.key) {
                self.extension_not_read(entry);
                continue;
            }
            let status = status(&entry.key);
            if status.is_none() || !is_canonical(&entry.key) {
                let read = match status {
                    Some(status) => format!("it is read as {status}"),
                    None => "it is left out".to_owned(),
                };
                self.leave_out(
                    Diagnostic::warning(
                        "invalid-status",
                        format!("`{}` is not a status; {read}", entry.key),
                    )
                    .at(
                        entry.key_span,
                        "expected a code such as 200, a range such as 4XX, or default",
                    )
                    .help("correct the document, or fix it in an overlay"),
                );
            }
            let Some(status) = status else { continue };
            if let Some(response) = self.response(&entry.value)
                && !responses.contains_key(&status)
            {
                responses.insert(status, response);
            }
        }
        responses.sort_unstable_keys();
        responses
    }

    fn response(&mut self, node: &'a Node) -> Option<Response> {
        // A reference that leads nowhere costs only this response, not the operation.
        let node = self.resolve(node)?;
        let Some(mapping) = node.as_mapping() else {
            if node.value != Value::Null {
                self.expected(node, "a response object");
            }
            return Some(Response {
                provenance: self.provenance(node),
                facts: Facts::default(),
                contents: IndexMap::new(),
                headers: IndexMap::new(),
            });
        };
        self.check_keys(
            mapping,
            &["description", "headers", "content", "links"],
            "a response",
        );
        self.not_read(mapping, &["links"], "a response");
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        self.remarks(mapping, &mut facts);
        let mut headers = IndexMap::new();
        let described = mapping.get("headers").and_then(Node::as_mapping);
        for entry in described.into_iter().flat_map(|headers| &headers.entries) {
            let name = entry.key.as_str();
            if !self.can_be_sent(name, ParameterLocation::Header, entry.key_span) {
                continue;
            }
            let Some(header) = self.resolve(&entry.value) else {
                continue;
            };
            let Some(described) = header.as_mapping() else {
                self.expected(header, "a header object");
                continue;
            };
            self.check_keys(described, &PARAMETER_KEYS, "a header");
            self.not_read(described, &["allowEmptyValue"], "a header");
            let parameter =
                self.described_parameter(header, described, name, ParameterLocation::Header);
            headers.insert(name.to_owned(), parameter);
        }
        Some(Response {
            provenance: self.provenance(node),
            facts,
            contents: self.contents(mapping),
            headers,
        })
    }
}

/// The status of a key of `responses`. Accepts spellings that OpenAPI forbids: `200 OK`, `4xx`.
fn status(key: &str) -> Option<Status> {
    let key = key.trim();
    if key.eq_ignore_ascii_case("default") {
        return Some(Status::Default);
    }
    let digits = key.bytes().take_while(u8::is_ascii_digit).count();
    let (number, rest) = key.split_at(digits);
    if digits == 1
        && rest
            .get(..2)
            .is_some_and(|rest| rest.eq_ignore_ascii_case("xx"))
    {
        let hundred = number.parse().ok()?;
        return (1..=5).contains(&hundred).then_some(Status::Range(hundred));
    }
    let is_word = rest.starts_with(|first: char| first.is_alphanumeric());
    let code = number.parse().ok().filter(|_| digits == 3 && !is_word)?;
    (100..1000).contains(&code).then_some(Status::Code(code))
}

/// Whether a status is spelled as OpenAPI requires, except for upper and lower case.
fn is_canonical(key: &str) -> bool {
    key.len() == 3 || key == "default"
}
