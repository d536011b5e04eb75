//! Documentation of items: prose, notes and provenance.

use serde_json::Value as Json;

use crate::api::{Docs, Provenance};
use crate::description::document::{self, Facet, Facts, Schema};
use crate::prose;
use crate::reconcile::merge::Merged;

/// The facets that become notes in the documentation of an item.
const NOTED: [(Facet, &str); 14] = [
    (Facet::Minimum, "Minimum"),
    (Facet::Maximum, "Maximum"),
    (Facet::ExclusiveMinimum, "Greater than"),
    (Facet::ExclusiveMaximum, "Less than"),
    (Facet::MultipleOf, "Multiple of"),
    (Facet::MinLength, "Minimum length"),
    (Facet::MaxLength, "Maximum length"),
    (Facet::Pattern, "Pattern"),
    (Facet::MinItems, "Minimum number of items"),
    (Facet::MaxItems, "Maximum number of items"),
    (Facet::UniqueItems, "Items are unique"),
    (Facet::MinProperties, "Minimum number of properties"),
    (Facet::MaxProperties, "Maximum number of properties"),
    (Facet::ContentMediaType, "Media type of the content"),
];

/// Documentation from facts: summary or title, description, deprecation, provenance.
pub(super) fn of_facts(facts: &Facts, origins: &document::Provenance, merged: &Merged) -> Docs {
    let summary = facts
        .text(Facet::Summary)
        .or(facts.text(Facet::Title))
        .map(str::to_owned);
    let mut description = facts.text(Facet::Description);
    let deprecated = facts.flag(Facet::Deprecated) == Some(true);
    let mut deprecation = None;
    if deprecated {
        deprecation = facts.text(Facet::Refuted).map(str::to_owned);
        if deprecation.is_none()
            && let Some((reason, rest)) = description.and_then(prose::deprecation)
        {
            let rest = (!rest.is_empty()).then_some(rest);
            (deprecation, description) = (Some(reason), rest);
        }
    }
    Docs {
        summary: summary.filter(|summary| Some(summary.as_str()) != description),
        description: description.map(str::to_owned),
        deprecated,
        deprecation,
        notes: Vec::new(),
        provenance: provenance(origins, merged),
        format: None,
        items: None,
        values: None,
        names_sources: merged.sources.len() > 1,
    }
}

/// A sentence of a description that has more bytes than this, in the third person, does not take the place of a summary.
const LONGEST_SUMMARY: usize = 100;

/// Documentation of an operation: its summary is a sentence in the third person, and its description does not repeat it.
/// The first sentence of the description is the summary if it begins with a verb of the same meaning, says all that the
/// summary says, and is not long.
pub(super) fn of_operation(facts: &Facts, origins: &document::Provenance, merged: &Merged) -> Docs {
    let mut docs = of_facts(facts, origins, merged);
    let description = docs.description.take().unwrap_or_default();
    let first = prose::sentences(&description).into_iter().next();
    let first = first.unwrap_or_default();
    let after_first = prose::after_first(&description, &first);
    let is_summary = |summary: &str| {
        let fits = summary.is_empty() || prose::summary_sentence(&first).len() <= LONGEST_SUMMARY;
        fits && prose::begins_alike(summary, &first) && !prose::says_more(summary, &first)
    };
    let stated = docs.summary.take().unwrap_or_default();
    let (summary, description) = if !prose::says_more(&first, &stated) {
        (stated.as_str(), after_first)
    } else if is_summary(&stated) {
        (first.as_str(), after_first)
    } else {
        (stated.as_str(), description.as_str())
    };
    let stated = |text: String| (!text.is_empty()).then_some(text);
    Docs {
        summary: stated(prose::summary_sentence(summary)),
        description: stated(prose::third_person(description)),
        ..docs
    }
}

/// Documentation of a use of a schema, as a parameter or a property: that of the schema, with the default.
pub(super) fn of_use(schema: &Schema, merged: &Merged) -> Docs {
    let mut docs = of_schema(schema, merged);
    if let Some(value) = default(schema, merged) {
        docs.notes.insert(0, note("Default", value));
    }
    docs
}

/// The default of a use of a schema, which the component that it refers to may state. What is left out has a default, so that
/// it is none of the type.
pub(super) fn default<'m>(schema: &'m Schema, merged: &'m Merged) -> Option<&'m Json> {
    let mut referred = schema.with_referred(&merged.document.schemas);
    let fact = referred.find_map(|it| it.facts.get(Facet::Default))?;
    Some(&fact.value)
}

/// Documentation of a schema, with its bounds as notes.
pub(super) fn of_schema(schema: &Schema, merged: &Merged) -> Docs {
    let mut docs = of_facts(&schema.facts, &schema.provenance, merged);
    // The type of a list with an item for each position has its length.
    let is_tuple = !schema.prefix_items.is_empty();
    let says_length = |facet| matches!(facet, Facet::MinItems | Facet::MaxItems);
    docs.format = schema.facts.text(Facet::Format).map(str::to_owned);
    let part = |part: &Option<Box<Schema>>| {
        let part = part.as_deref().filter(|part| part.reference.is_none())?;
        Some(Box::new(of_schema(part, merged)))
    };
    docs.items = part(&schema.items);
    docs.values = part(&schema.additional);
    for (facet, label) in NOTED {
        if is_tuple && says_length(facet) {
            continue;
        }
        if let Some(fact) = schema.facts.get(facet) {
            docs.notes.push(note(label, &fact.value));
        }
    }
    if let Some(reason) = schema.facts.text(Facet::Arbitrary) {
        let subject = if schema.only_type() == Some("object") {
            "An object with any properties"
        } else {
            "Any JSON value"
        };
        docs.notes.push(format!("{subject}. {reason}"));
    }
    docs
}

/// A note such as "Maximum length: `50`".
pub(super) fn note(label: &str, value: &Json) -> String {
    match value {
        Json::Bool(true) => format!("{label}."),
        Json::String(text) => format!("{label}: {}", code(text)),
        other => format!("{label}: {}", code(&other.to_string())),
    }
}

/// A markdown code span with any text.
pub(super) fn code(text: &str) -> String {
    let longest = text
        .split(|character| character != '`')
        .map(str::len)
        .max()
        .unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if text.starts_with('`') || text.ends_with('`') {
        " "
    } else {
        ""
    };
    format!(
        "{fence}{pad}{}{pad}{fence}",
        text.replace(['\n', '\r'], " ")
    )
}

/// The sources that describe an item, each with its first position.
pub(super) fn provenance(origins: &document::Provenance, merged: &Merged) -> Vec<Provenance> {
    let mut lines: Vec<Provenance> = Vec::new();
    for origin in origins.iter() {
        let source = merged.source(origin.source).to_owned();
        if lines.last().is_none_or(|line| line.source != source) {
            lines.push(Provenance {
                source,
                at: origin.at,
            });
        }
    }
    lines
}
