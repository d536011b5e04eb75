//! A document and a copy of it agree in everything: merged, every verdict is `identical`.
//!
//! `DOCUMENTS=<folder> cargo test -p specweave-generator --test copies -- --nocapture` holds that for the documents of a folder, too.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]
#![allow(clippy::print_stdout, reason = "what was skipped is said")]

#[path = "shared/documents.rs"]
mod documents;

use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::pipeline;
use generator::project::Project;
use generator::reconcile::merge::Merged;
use generator::reconcile::merge::rules::Verdict;

#[test]
fn the_documents_of_the_tests_agree_with_their_copies() {
    let merged = merge_all(&documents::of_the_tests());
    assert!(merged >= 10, "only {merged} documents were merged");
}

#[test]
fn the_documents_of_a_folder_agree_with_their_copies() {
    if let Some(paths) = documents::of_the_folder() {
        let merged = merge_all(&paths);
        println!("merged {merged} documents with their copies");
    }
}

/// Merges each of the files that is a description with a copy of itself, and returns how many there were. Prints which
/// descriptions were skipped, and panics with all that is not identical.
fn merge_all(paths: &[PathBuf]) -> usize {
    let outcomes = documents::each(paths, |path| {
        let text = std::fs::read_to_string(path).unwrap();
        text.contains("openapi").then(|| differences(path))
    });
    let (mut merged, mut report) = (0, String::new());
    for (path, outcome) in outcomes {
        match outcome {
            Err(why) => println!("skipped: {}: {why}", path.display()),
            Ok(differences) => {
                merged += 1;
                if !differences.is_empty() {
                    let differences = differences.join("\n  ");
                    report.push_str(&format!("{}:\n  {differences}\n", path.display()));
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    merged
}

/// What a document and its copy do not agree in. An error says why the document alone cannot be merged.
fn differences(path: &Path) -> Result<Vec<String>, String> {
    let (alone, refusal) = merge(&[path.to_owned()]);
    let Some(alone) = alone.filter(|_| refusal.is_empty()) else {
        return Err(refusal);
    };
    let mut differences: Vec<String> = alone
        .findings
        .iter()
        .map(|finding| format!("{} alone: {}", finding.subject, finding.facet.name()))
        .collect();
    let (both, refusal) = merge(&[path.to_owned(), path.to_owned()]);
    let Some(both) = both.filter(|_| refusal.is_empty()) else {
        return Ok(vec![refusal]);
    };
    let found = both.findings.iter();
    let not_identical = found.filter(|finding| finding.judgement.verdict != Verdict::Identical);
    differences.extend(not_identical.map(|finding| {
        let (facet, judgement) = (finding.facet.name(), &finding.judgement);
        format!("{} {facet}: {}", finding.subject, judgement.rule)
    }));
    if both.single.iter().any(|count| *count > 0) {
        differences.push(format!(
            "facets that one of the two claims alone: {:?}",
            both.single
        ));
    }
    let names = |merged: &Merged| -> Vec<String> {
        merged.document.security_schemes.keys().cloned().collect()
    };
    if names(&alone) != names(&both) {
        differences.push(format!(
            "security schemes {:?} became {:?}",
            names(&alone),
            names(&both)
        ));
    }
    let schemas = |merged: &Merged| -> Vec<String> {
        merged
            .document
            .schemas
            .keys()
            .map(ToString::to_string)
            .collect()
    };
    if schemas(&alone) != schemas(&both) {
        differences.push(format!(
            "schemas {:?} became {:?}",
            schemas(&alone),
            schemas(&both)
        ));
    }
    Ok(differences)
}

/// Merges files, the first having the highest authority. The text has the errors.
fn merge(paths: &[PathBuf]) -> (Option<Merged>, String) {
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(paths, Path::new("unwritten"), "api", &mut diagnostics);
    let merged = pipeline::reconcile(&project, &mut diagnostics);
    let errors = diagnostics.at_least(Severity::Error);
    (merged, errors.render(&project.sources))
}
