//! Renders explanations as text for a terminal with 100 columns.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Example, Explanation};
use crate::reconcile::judged::{JudgedFacet, SourcePosition};
use crate::reconcile::merge::rules::Verdict;

/// The most characters of a value that are shown. Lists, such as the values of an enum, are shown whole.
const WIDTH: usize = 76;

/// Renders explanations, and after them what their verdicts mean.
#[must_use]
pub fn render(explanations: &[Explanation]) -> String {
    let mut texts: Vec<String> = explanations.iter().map(explanation).collect();
    let facets = explanations.iter().flat_map(|one| &one.facets);
    // A facet without a rule has a claim of its only source.
    let judged = facets.filter(|facet| facet.rule.is_some());
    let verdicts: BTreeSet<Verdict> = judged.map(|facet| facet.verdict).collect();
    let meaning = |verdict: &Verdict| format!("  {:<14} {}\n", verdict.name(), verdict.meaning());
    if !verdicts.is_empty() {
        let meanings: String = verdicts.iter().map(meaning).collect();
        texts.push(format!("verdicts\n{meanings}"));
    }
    texts.join("\n")
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
        text.push_str(&self::facet(facet, &explanation.subject));
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
        Some(pointer) => format!("{} #{pointer}", position.position.at),
        None => position.position.at.to_string(),
    }
}

/// Renders what can be asked, an item in a line.
#[must_use]
pub fn render_examples(examples: &[Example]) -> String {
    let names = examples.iter().map(|example| example.name.chars().count());
    let width = names.max().unwrap_or(0);
    let line = |example: &Example| format!("  {:<width$}  {}\n", example.name, example.meaning);
    examples.iter().map(line).collect()
}

/// Renders differences by verdict, each verdict with the number of its differences.
#[must_use]
pub fn render_differences(differences: &[JudgedFacet]) -> String {
    let mut text = String::new();
    for verdict in Verdict::differences() {
        let of_verdict = differences.iter();
        let of_verdict: Vec<&JudgedFacet> = of_verdict
            .filter(|difference| difference.verdict == verdict)
            .collect();
        let (name, meaning) = (verdict.name(), verdict.meaning());
        text.push_str(&format!("{name}: {}. {meaning}.\n", of_verdict.len()));
        for difference in &of_verdict {
            let heading = format!("{} of {}", difference.facet, difference.place);
            text.push_str(&format!("\n  {heading} = {}\n", value(&difference.value)));
            text.push_str(&details(difference));
        }
        text.push('\n');
    }
    text
}

/// A facet of an item. The heading names the place only if it is not the item itself.
fn facet(facet: &JudgedFacet, subject: &str) -> String {
    let place = match facet.place.as_str() {
        place if place == subject => String::new(),
        place => format!(" of {place}"),
    };
    let heading = format!("\n  {}{place} = {}\n", facet.facet, value(&facet.value));
    heading + &details(facet)
}

/// The verdict, the claims and the resolution.
fn details(facet: &JudgedFacet) -> String {
    let verdict = match facet.rule {
        Some(rule) => format!("{}: {rule}", facet.verdict.name()),
        None => "claimed by one source".to_owned(),
    };
    let mut text = format!("    {verdict}\n");
    for claim in &facet.claims {
        text.push_str(&format!(
            "      {:<18} {}\n",
            claim.position.source,
            at(&claim.position)
        ));
        // A single claim is the value itself, unless the manifest states another one.
        if facet.claims.len() > 1 || claim.value != facet.value {
            text.push_str(&format!("        says {}\n", value(&claim.value)));
        }
    }
    if !facet.silent.is_empty() {
        text.push_str(&format!("    left out by {}\n", facet.silent.join(", ")));
    }
    if let Some(decision) = &facet.decision {
        text.push_str(&format!(
            "    decided: {} ({})\n",
            value(&decision.value),
            decision.position.at
        ));
        text.push_str(&format!("      {}\n", decision.reason));
    } else if facet.verdict == Verdict::Contradictory {
        text.push_str("    not decided: `generate` prints the entry that decides it\n");
    }
    text
}

/// A value in one line. What is no list is cut after [`WIDTH`] characters.
fn value(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDTH).filter(|_| !value.is_array()) {
        Some((cut, _)) => format!("{}...", &text[..cut]),
        None => text,
    }
}
