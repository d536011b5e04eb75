//! Renders explanations as text for a terminal with 100 columns.

use serde_json::Value as Json;

use super::{Explanation, Facet, SourcePosition};

/// The most characters of a value that are shown.
const WIDTH: usize = 76;

/// Renders explanations.
#[must_use]
pub fn render(explanations: &[Explanation]) -> String {
    explanations
        .iter()
        .map(explanation)
        .collect::<Vec<_>>()
        .join("\n")
}

fn explanation(explanation: &Explanation) -> String {
    let mut text = format!("{}\n", explanation.subject);
    if !explanation.names.is_empty() {
        text.push_str(&format!("  also called {}\n", explanation.names.join(", ")));
    }
    for position in &explanation.described {
        text.push_str(&format!(
            "  described by {:<18} {}\n",
            position.source,
            at(position)
        ));
    }
    for facet in &explanation.facets {
        text.push_str(&self::facet(facet));
    }
    if !explanation.parts.is_empty() {
        text.push_str("\n  parts\n");
        for part in &explanation.parts {
            text.push_str(&format!("    {part}\n"));
        }
    }
    if !explanation.rust.is_empty() {
        text.push_str("\n  in Rust\n");
        for item in &explanation.rust {
            text.push_str(&format!("    {item}\n"));
        }
    }
    text
}

/// `file:line:column`, and the JSON pointer if there is one.
fn at(position: &SourcePosition) -> String {
    match &position.pointer {
        Some(pointer) => format!("{} #{pointer}", position.at),
        None => position.at.clone(),
    }
}

fn facet(facet: &Facet) -> String {
    let verdict = match facet.rule {
        Some(rule) => format!("{}: {rule}", facet.verdict),
        None => "claimed by one source".to_owned(),
    };
    let mut text = format!(
        "\n  {} = {}\n    {verdict}\n",
        facet.name,
        value(&facet.value)
    );
    for claim in &facet.claims {
        text.push_str(&format!(
            "      {:<18} {}\n",
            claim.position.source,
            at(&claim.position)
        ));
        if facet.rule.is_some() {
            text.push_str(&format!("        says {}\n", value(&claim.value)));
        }
    }
    if let Some(decision) = &facet.decision {
        text.push_str(&format!(
            "    decided: {} ({})\n",
            value(&decision.value),
            decision.at
        ));
        text.push_str(&format!("      {}\n", decision.reason));
    } else if facet.verdict == "contradictory" {
        text.push_str("    not decided: `cargo xtask generate` prints the entry that decides it\n");
    }
    text
}

/// A value in one line, cut after [`WIDTH`] characters.
fn value(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDTH) {
        Some((cut, _)) => format!("{}...", &text[..cut]),
        None => text,
    }
}
