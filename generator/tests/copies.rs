//! A document and a copy of it agree in everything: merged, every verdict is `identical`. And the effective API that a crate
//! contains, read again, is the same API.
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
use generator::diff::{self, Version};
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

#[test]
fn the_effective_apis_of_the_documents_of_the_tests_are_read_as_they_were_written() {
    let read = count_same(&documents::of_the_tests(), changes_when_read_again);
    assert!(read >= 10, "only {read} documents were read");
}

#[test]
fn the_effective_apis_of_the_documents_of_a_folder_are_read_as_they_were_written() {
    if let Some(paths) = documents::of_the_folder() {
        let read = count_same(&paths, changes_when_read_again);
        println!("read {read} effective APIs again");
    }
}

/// What `diff` tells between an API and its effective document, read again.
fn changes_when_read_again(path: &Path) -> Result<Vec<String>, String> {
    let mut diagnostics = Diagnostics::default();
    let files = [path.to_owned()];
    let project = Project::of_files(&files, Path::new("unwritten"), "api", &mut diagnostics);
    let outcome = pipeline::run(&project);
    let (Some(files), Some(before)) = (&outcome.files, &outcome.lowered) else {
        let errors = outcome.diagnostics.at_least(Severity::Error);
        return Err(errors.render(&project.sources));
    };
    let written = files.get("openapi.yaml").unwrap().to_vec();
    let read = project.of_effective(String::from_utf8(written).unwrap());
    let Some(after) = pipeline::lowered(&read, &mut diagnostics) else {
        return Ok(vec![diagnostics.render(&read.sources)]);
    };
    let library = project.package.library().unwrap();
    let diff = diff::diff(
        Version::new(before, &library, &project.sources),
        Version::new(&after, &library, &read.sources),
    );
    let changes = diff.changes.iter();
    Ok(changes
        .map(|change| format!("{}: {}", change.kind, change.effect))
        .collect())
}

fn merge_all(paths: &[PathBuf]) -> usize {
    count_same(paths, differences)
}

/// The number of files that are descriptions, of each of which there are no `differences`. Prints which descriptions were
/// skipped, and panics with all differences.
fn count_same(
    paths: &[PathBuf],
    differences: impl Fn(&Path) -> Result<Vec<String>, String> + Sync,
) -> usize {
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
    let single: Vec<usize> = both.sources.iter().map(|source| source.single).collect();
    if single != [0, 0] {
        differences.push(format!(
            "facets that one of the two claims alone: {single:?}"
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
