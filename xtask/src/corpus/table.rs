//! The table that a run prints: a line for each document, and the totals.

use super::{Checked, Entry};

/// The table with all lines.
pub(super) fn text(entries: &[Entry]) -> String {
    let width = entries.iter().map(|entry| entry.document.title.len());
    let width = width.max().unwrap_or_default().max("document".len());
    let mut lines = vec![format!(
        "{:width$}  {:>6} {:>7} {:>7} {:>6} {:>8} {:>6}  result",
        "document", "in", "emitted", "skipped", "types", "seconds", "MiB"
    )];
    lines.extend(entries.iter().map(|entry| line(entry, width)));
    lines.push(totals(entries));
    lines.join("\n")
}

fn line(entry: &Entry, width: usize) -> String {
    let title = &entry.document.title;
    let Some(generation) = &entry.generation else {
        return format!("{title:width$}  no key `openapi`: a part of another document");
    };
    let (found, emitted) = generation.operations;
    format!(
        "{title:width$}  {found:>6} {emitted:>7} {:>7} {:>6} {:>8.2} {:>6}  {}",
        generation.skipped.len(),
        generation.types,
        generation.seconds,
        generation.mebibytes,
        result(entry)
    )
}

fn result(entry: &Entry) -> String {
    let failures = entry.failures();
    let classes: Vec<String> = failures
        .iter()
        .map(|(class, count)| format!("{class} x{count}"))
        .collect();
    match (classes.is_empty(), &entry.checked) {
        (false, _) => classes.join(", "),
        (true, Checked::Not) => "generated".to_owned(),
        (true, Checked::Clean) => "compiles".to_owned(),
        (true, Checked::Findings(_)) => "does not compile".to_owned(),
    }
}

fn totals(entries: &[Entry]) -> String {
    let generations: Vec<_> = entries
        .iter()
        .filter_map(|entry| entry.generation.as_ref())
        .collect();
    let good = generations
        .iter()
        .filter(|generation| generation.failures.is_empty());
    let clean = entries
        .iter()
        .filter(|entry| entry.checked == Checked::Clean);
    let found: usize = generations.iter().map(|g| g.operations.0).sum();
    let emitted: usize = generations.iter().map(|g| g.operations.1).sum();
    format!(
        "\n{} documents: {} generated, {} compiled without warnings; {emitted} of {found} operations; {} types; {:.1} s",
        generations.len(),
        good.count(),
        clean.count(),
        generations.iter().map(|g| g.types).sum::<usize>(),
        generations.iter().map(|g| g.seconds).sum::<f64>(),
    )
}
