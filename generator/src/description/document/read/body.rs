//! Reads bodies: their media types, encodings and examples.

use std::collections::BTreeMap;

use indexmap::IndexMap;

use super::{DocumentReader, text};
use crate::description::diagnostic::Diagnostic;
use crate::description::document::{Body, Content, Facet, Fact, Facts};
use crate::description::tree::{Mapping, Node, Value};
use crate::http::{ParameterStyle, PropertyEncoding};

impl<'a> DocumentReader<'a> {
    pub(super) fn body(&mut self, node: &'a Node) -> Option<Body> {
        let found = self.resolve(node);
        let Some(mapping) = found.and_then(Node::as_mapping) else {
            let Some(found) = found else {
                return Some(self.unknown_body(node));
            };
            if found.value != Value::Null {
                self.expected(found, "a request body object");
            }
            return None;
        };
        self.check_keys(
            mapping,
            &["description", "content", "required"],
            "a request body",
        );
        let mut facts = Facts::default();
        self.prose(mapping, "description", Facet::Description, &mut facts);
        self.remarks(mapping, &mut facts);
        self.keyword(mapping, "required", Facet::Required, &mut facts);
        let contents = self.contents(mapping);
        if contents.is_empty() {
            let found = found.unwrap_or(node);
            self.leave_out(
                Diagnostic::warning("empty-body", "the request body has no media type")
                    .at(found.span, "it is left out")
                    .help("describe the body under `content` in an overlay"),
            );
            return None;
        }
        Some(Body {
            provenance: self.provenance(node),
            facts,
            contents,
        })
    }

    /// A body without a media type: any JSON.
    fn unknown_body(&self, node: &Node) -> Body {
        let content = Content {
            provenance: self.provenance(node),
            schema: None,
            encodings: IndexMap::new(),
            examples: Vec::new(),
        };
        Body {
            provenance: self.provenance(node),
            facts: Facts::default(),
            contents: std::iter::once(("application/json".to_owned(), content)).collect(),
        }
    }

    pub(super) fn contents(&mut self, mapping: &'a Mapping) -> IndexMap<String, Content> {
        let mut contents = IndexMap::new();
        let Some(node) = mapping.get("content") else {
            return contents;
        };
        let entries = match &node.value {
            Value::Mapping(entries) => entries,
            Value::Null => return contents,
            _ => {
                self.expected(node, "an object of media types");
                return contents;
            }
        };
        for entry in &entries.entries {
            let Some(node) = self.resolve(&entry.value) else {
                continue;
            };
            let empty = Content {
                provenance: self.provenance(node),
                schema: None,
                encodings: IndexMap::new(),
                examples: Vec::new(),
            };
            let content = match &node.value {
                Value::Mapping(media_type) => self.content(media_type, empty),
                Value::Null => empty,
                _ => {
                    self.expected(node, "a media type object");
                    empty
                }
            };
            contents.insert(entry.key.clone(), content);
        }
        contents
    }

    fn content(&mut self, media_type: &'a Mapping, empty: Content) -> Content {
        self.check_keys(
            media_type,
            &["schema", "example", "examples", "encoding"],
            "a media type",
        );
        Content {
            schema: media_type.get("schema").map(|schema| self.schema(schema)),
            encodings: self.encodings(media_type),
            examples: self.examples(media_type),
            ..empty
        }
    }

    fn encodings(&mut self, media_type: &'a Mapping) -> IndexMap<String, PropertyEncoding> {
        let encodings = media_type.get("encoding").and_then(Node::as_mapping);
        let mut read = IndexMap::new();
        for (name, node) in encodings.into_iter().flat_map(Mapping::iter) {
            self.extensions_not_read(node);
            if let Some(headers) = node.as_mapping().and_then(|node| node.entry("headers")) {
                self.leave_out(
                    Diagnostic::note(
                        "unsent-part-headers",
                        format!("the headers of the part `{name}` are not sent"),
                    )
                    .at(headers.key_span, "these headers"),
                );
            }
            read.insert(name.to_owned(), property_encoding(node));
        }
        read
    }

    fn examples(&mut self, media_type: &'a Mapping) -> Vec<Fact> {
        if let Some(node) = media_type.get("example") {
            return vec![self.fact(node, node.to_json())];
        }
        media_type
            .get("examples")
            .map(|node| self.named_examples(node))
            .unwrap_or_default()
    }

    pub(super) fn named_examples(&mut self, node: &'a Node) -> Vec<Fact> {
        let mut facts = Vec::new();
        let examples = node.as_mapping().into_iter().flat_map(Mapping::iter);
        // Sorted by name: the order of keys in the document must not reach the output.
        let examples: BTreeMap<&str, &Node> = examples.collect();
        for example in examples.into_values() {
            let Some(example) = self.resolve(example) else {
                continue;
            };
            if let Some(mapping) = example.as_mapping() {
                let not_read = ["summary", "description", "externalValue"];
                self.not_read(mapping, &not_read, "an example");
            }
            self.extensions_not_read(example);
            if let Some(value) = example.get("value") {
                facts.push(self.fact(value, value.to_json()));
            }
        }
        facts
    }
}

fn property_encoding(node: &Node) -> PropertyEncoding {
    let style = text(node, "style");
    let is_exploded = || matches!(style.as_deref(), None | Some("form" | "deepObject"));
    PropertyEncoding {
        content_type: text(node, "contentType"),
        style: style.as_deref().and_then(ParameterStyle::of_key),
        explode: node
            .get("explode")
            .and_then(Node::as_bool)
            .unwrap_or_else(is_exploded),
    }
}
