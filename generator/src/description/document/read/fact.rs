//! Reads single facts.

use serde_json::{Value as Json, json};

use super::DocumentReader;
use crate::description::document::{Facet, Fact, Facts};
use crate::description::tree::{Mapping, Node, Value};

impl<'a> DocumentReader<'a> {
    /// The fact that a node states.
    pub(super) fn fact(&self, at: &Node, mut value: Json) -> Fact {
        // Sorted: the order of keys in the document must not reach the output.
        value.sort_all_objects();
        Fact::new(value, self.provenance(at))
    }

    /// Reads a string. The spelling of any other scalar counts as a string.
    pub(super) fn prose(
        &mut self,
        mapping: &'a Mapping,
        key: &str,
        facet: Facet,
        facts: &mut Facts,
    ) {
        let Some(node) = mapping.get(key) else { return };
        match node.as_str().map(str::trim) {
            Some("") => {}
            Some(text) => {
                facts.set(facet, self.fact(node, json!(text)));
                self.choice(mapping, facet, facts);
            }
            None => match &node.value {
                Value::Null => {}
                Value::Mapping(_) | Value::Sequence(_) => self.expected(node, "a string"),
                // A title or id that is spelled like a number or boolean.
                _ => facts.set(facet, self.fact(node, json!(node.to_json().to_string()))),
            },
        }
    }

    /// Reads what the author remarks about an operation, parameter, body or response.
    pub(super) fn remarks(&mut self, mapping: &'a Mapping, facts: &mut Facts) {
        for facet in [Facet::Refuted, Facet::Reason] {
            self.prose(mapping, facet.name(), facet, facts);
        }
    }

    /// Reads whether the text of a facet is chosen over those of other sources: whether `x-chosen` lists it.
    pub(super) fn choice(&self, mapping: &'a Mapping, facet: Facet, facts: &mut Facts) {
        let Some(node) = mapping.get(Facet::Chosen.name()) else {
            return;
        };
        let listed = node.as_sequence().into_iter().flatten();
        if listed
            .filter_map(Node::as_str)
            .any(|key| key == facet.name())
        {
            let mut chosen = facts.list(Facet::Chosen).to_vec();
            chosen.push(json!(facet.name()));
            facts.set(Facet::Chosen, self.fact(node, Json::Array(chosen)));
        }
    }

    /// Reads a boolean, quoted or not.
    pub(super) fn flag(
        &mut self,
        mapping: &'a Mapping,
        key: &str,
        facet: Facet,
        facts: &mut Facts,
    ) {
        let Some(node) = mapping.get(key) else { return };
        let quoted = || match node.as_str()?.trim() {
            "true" | "True" => Some(true),
            "false" | "False" => Some(false),
            _ => None,
        };
        match node.as_bool().or_else(quoted) {
            Some(flag) => facts.set(facet, self.fact(node, json!(flag))),
            None if node.value == Value::Null => {}
            None => self.expected(node, "true or false"),
        }
    }
}
