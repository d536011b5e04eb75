//! Reads single facts.

use serde_json::{Value as Json, json};

use super::DocumentReader;
use crate::description::document::form::Form;
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

    /// Reads the facet that a key states, if there is one.
    pub(super) fn keyword(
        &mut self,
        mapping: &'a Mapping,
        key: &str,
        facet: Facet,
        facts: &mut Facts,
    ) {
        if let Some(node) = mapping.get(key) {
            self.value(node, facet, facts);
        }
    }

    /// Reads the value of a facet, if it has the form of its values. Where that is a certain form, an empty value is none.
    pub(super) fn value(&mut self, node: &'a Node, facet: Facet, facts: &mut Facts) {
        let form = facet.form();
        match meant(node, form) {
            Some(value) => facts.set(facet, self.fact(node, value)),
            None if node.value == Value::Null => {}
            None => self.expected(node, form.name()),
        }
    }
}

/// The value of a form that a node means: booleans and numbers may be quoted, a text need not be, and JSON Schema does not
/// tell `20.0` from `20`.
pub(super) fn meant(node: &Node, form: Form) -> Option<Json> {
    let written = node.to_json();
    let text = node.as_str().map(str::trim);
    let value = match (form, text) {
        (Form::Flag, Some("true" | "True")) => json!(true),
        (Form::Flag, Some("false" | "False")) => json!(false),
        (Form::Count | Form::Number | Form::Positive, Some(text)) => {
            Json::Number(text.parse().ok()?)
        }
        (Form::Text, None) if written.is_boolean() || written.is_number() => {
            json!(written.to_string())
        }
        _ => written,
    };
    let value = match form {
        Form::Count => integral(value),
        _ => value,
    };
    form.holds(&value).then_some(value)
}

/// An integer that is written as a float, as an integer.
fn integral(value: Json) -> Json {
    /// Above it, a float may stand for another integer than the one that was written.
    const MOST: f64 = 9_007_199_254_740_992.0;
    match value.as_f64() {
        Some(number) if value.is_f64() && number.fract() == 0.0 && number.abs() <= MOST => {
            #[allow(
                clippy::cast_possible_truncation,
                reason = "it is an integer within the bounds"
            )]
            let integer = number as i64;
            json!(integer)
        }
        _ => value,
    }
}
