//! What must be present: missing lists, lists that contradict texts, and names that nothing has.

use super::walk;
use super::{Described, Findings};
use crate::description::document::{Facet, Schema};
use crate::description::source::Span;
use crate::http::ParameterLocation;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    walk::schemas(described.document, &mut |_, schema| {
        unknown_property(described, schema, findings);
        for (name, property) in &schema.properties {
            let text = property.facts.text(Facet::Description).unwrap_or_default();
            let flag = property.facts.flag(Facet::Required);
            against_text(name, text, flag, walk::place(property), findings);
        }
    });
    for parameter in walk::parameters(described.document) {
        let at = parameter.provenance.first().at;
        let text = parameter.facts.text(Facet::Description).unwrap_or_default();
        let flag = parameter.facts.flag(Facet::Required);
        if parameter.location == ParameterLocation::Path {
            if flag != Some(true) && !described.is_transcribed {
                findings.add(
                    "optional-path-parameter",
                    format!(
                        "the path parameter `{}` is not `required: true`",
                        parameter.name
                    ),
                    at,
                    "a path without it is another path",
                );
            }
        } else {
            // OpenAPI: a parameter that does not say it is required is optional.
            against_text(
                &parameter.name,
                text,
                Some(flag == Some(true)),
                at,
                findings,
            );
        }
    }
    missing_lists(described, findings);
}

/// A list of required properties has a name that no property has.
fn unknown_property(described: &Described<'_>, schema: &Schema, findings: &mut Findings) {
    let may_have_others = !schema.alternatives.is_empty()
        || !schema.all_of.is_empty()
        || schema.additional.is_some()
        || schema.properties.is_empty()
        || schema.reference.is_some()
        || schema.facts.flag(Facet::AdditionalProperties) == Some(true);
    if may_have_others || described.is_transcribed {
        return;
    }
    for (name, origin) in &schema.required_elsewhere {
        let properties = schema.properties.keys().map(String::as_str);
        let similar = crate::description::suggest::closest(name, properties);
        let hint = similar.map(|it| format!("did you mean `{it}`?"));
        findings.add(
            "required-unknown-property",
            format!("`{name}` is required, and no property is called so"),
            origin.at,
            hint.as_deref().unwrap_or("in this list"),
        );
    }
}

/// What a text says at its beginning, or in parentheses, about being required.
fn stated(text: &str) -> Option<bool> {
    let text = text
        .trim_start_matches(['*', '_', '`', '(', '[', ' ', '\n'])
        .to_ascii_lowercase();
    let begins = |word: &str| {
        let rest = text.strip_prefix(word)?;
        let rest = rest.trim_start_matches(['*', '_', '`']);
        rest.is_empty().then_some(()).or_else(|| {
            rest.starts_with(['.', ',', ';', ':', ')', ']', '\n'])
                .then_some(())
        })
    };
    let is_required = begins("required").is_some() || text.contains("(required)");
    let is_optional = begins("optional").is_some() || text.contains("(optional)");
    match (is_required, is_optional) {
        (true, false) => Some(true),
        (false, true) => Some(false),
        _ => None,
    }
}

fn against_text(name: &str, text: &str, flag: Option<bool>, at: Span, findings: &mut Findings) {
    let (Some(flag), Some(stated)) = (flag, stated(text)) else {
        return;
    };
    if flag != stated {
        let word = |required: bool| if required { "required" } else { "optional" };
        findings.add(
            "required-against-text",
            format!(
                "`{name}` is {}, and its description says that it is {}",
                word(flag),
                word(stated)
            ),
            at,
            "this item",
        );
    }
}

/// The least number of object schemas of which a habit is recognised.
const LEAST: usize = 10;

/// Most components have a list of required properties, and some have none.
fn missing_lists(described: &Described<'_>, findings: &mut Findings) {
    let (sent, received) = walk::components_by_direction(described.document);
    let objects = described.document.schemas.iter().filter(|(key, schema)| {
        // A request may well have nothing that is required, such as the changes of a patch.
        let is_received = received.contains(key.as_str()) && !sent.contains(key.as_str());
        is_received
            && !key.contains('/')
            && schema.properties.len() > 1
            && schema.alternatives.is_empty()
    });
    let (with, without): (Vec<_>, Vec<_>) = objects.partition(|(_, schema)| {
        let mut properties = schema.properties.values();
        properties.any(|it| it.facts.get(Facet::Required).is_some())
            || !schema.required_elsewhere.is_empty()
    });
    if with.len() < LEAST || with.len() < without.len() * 9 || without.is_empty() {
        return;
    }
    let places: Vec<(Span, String)> = without
        .iter()
        .map(|(key, schema)| (walk::place(schema), format!("`{key}`")))
        .collect();
    findings.add_all(
        "missing-required",
        format!(
            "{} schemas of responses do not say which of their properties are required, and {} do",
            without.len(),
            with.len()
        ),
        &places,
    );
}

#[cfg(test)]
mod tests {
    use super::stated;

    #[test]
    fn only_a_plain_statement_counts() {
        for (text, expected) in [
            ("Required. The name.", Some(true)),
            ("**Optional**: the name", Some(false)),
            ("The name (optional)", Some(false)),
            ("(required) The name", Some(true)),
            ("The required name", None),
            ("Optional settings of the name", None),
            ("Required if `kind` is set", None),
            ("Required for new users.", None),
        ] {
            assert_eq!(stated(text), expected, "{text}");
        }
    }
}
