//! What the terminal gets to see.

use std::io::Write;

use generator::diagnostic::{Diagnostics, Severity};
use generator::source::SourceMap;

/// Prints findings of at least a severity to standard error, errors last, and a line that counts them.
#[allow(clippy::print_stderr, reason = "this is what a command line is for")]
pub(crate) fn findings(diagnostics: &Diagnostics, sources: &SourceMap, least: Severity) {
    let shown = diagnostics.at_least(least);
    if !shown.items().is_empty() {
        eprintln!("{}\n", shown.render(sources));
    }
    let count = |severity| {
        diagnostics
            .items()
            .iter()
            .filter(|item| item.severity == severity)
            .count()
    };
    let counts = [
        (Severity::Error, "error"),
        (Severity::Warning, "warning"),
        (Severity::Note, "note"),
    ];
    let counts: Vec<String> = counts
        .iter()
        .map(|(severity, name)| (count(*severity), name))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
        .collect();
    if !counts.is_empty() {
        eprintln!("{}", counts.join(", "));
    }
}

/// Prints a line to standard output. That nobody reads it any more, as behind `| head`, is no failure.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints a failure to standard error.
#[allow(clippy::print_stderr, reason = "this is what a command line is for")]
pub(crate) fn failure(text: &str) {
    eprintln!("error: {text}");
}
