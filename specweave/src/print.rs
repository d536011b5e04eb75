//! Prints to the terminal.

use std::io::Write;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::source::SourceMap;

/// Prints the diagnostics of at least a severity to standard error, errors last, and the number of each severity.
#[allow(
    clippy::print_stderr,
    reason = "a command-line program prints to the terminal"
)]
pub fn findings(diagnostics: &Diagnostics, sources: &SourceMap, least: Severity) {
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

/// Prints a line to standard output. A closed pipe, as with `| head`, is not an error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Prints an error to standard error.
#[allow(
    clippy::print_stderr,
    reason = "a command-line program prints to the terminal"
)]
pub fn failure(text: &str) {
    eprintln!("error: {text}");
}

/// Prints a remark to standard error.
#[allow(
    clippy::print_stderr,
    reason = "a command-line program prints to the terminal"
)]
pub fn note(text: &str) {
    eprintln!("note: {text}");
}
