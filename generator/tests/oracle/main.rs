//! `openapiv3` as an independent reader: what it reads of an OpenAPI 3.0 document, the generator reads, too, and nothing
//! else, unless a diagnostic says so.
//!
//! `DOCUMENTS=<folder> cargo test -p specweave-generator --test oracle -- --nocapture` compares the 3.0 documents of a folder, too.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]
#![allow(clippy::print_stdout, reason = "what was skipped is said")]

mod claim;
#[path = "../shared/documents.rs"]
mod documents;
mod ours;
mod theirs;

use std::path::{Path, PathBuf};

use claim::Claim;

/// The differences of one document, or why it was not compared.
enum Outcome {
    Compared(Vec<String>),
    Skipped(String),
}

#[test]
fn the_documents_of_the_tests_are_read_as_openapiv3_reads_them() {
    let compared = compare_all(&documents::of_the_tests());
    assert!(compared >= 4, "only {compared} documents were compared");
}

#[test]
fn the_documents_of_a_folder_are_read_as_openapiv3_reads_them() {
    if let Some(paths) = documents::of_the_folder() {
        let compared = compare_all(&paths);
        println!("compared {compared} documents of OpenAPI 3.0");
    }
}

/// Compares the documents of OpenAPI 3.0 among the files, and returns how many there were. Prints which were skipped, and
/// panics with all differences.
fn compare_all(paths: &[PathBuf]) -> usize {
    let outcomes = documents::each(paths, |path| {
        let text = std::fs::read_to_string(path).unwrap();
        is_v3_0(&text).then(|| compare(path, &text))
    });
    let (mut compared, mut report) = (0, String::new());
    for (path, outcome) in outcomes {
        match outcome {
            Outcome::Skipped(why) => println!("skipped: {}: {why}", path.display()),
            Outcome::Compared(differences) => {
                compared += 1;
                if !differences.is_empty() {
                    let differences = differences.join("\n  ");
                    report.push_str(&format!("{}:\n  {differences}\n", path.display()));
                }
            }
        }
    }
    assert!(report.is_empty(), "{report}");
    compared
}

/// Whether a text is a document of OpenAPI 3.0, by the first `openapi` key that stands in it.
fn is_v3_0(text: &str) -> bool {
    let version = |line: &str| {
        let line = line.trim_start_matches(['{', ' ', '\t', '"', '\'']);
        let rest = line.strip_prefix("openapi")?;
        let rest = rest.trim_start_matches(['"', '\'', ' ', ':']);
        Some(rest.starts_with("3.0"))
    };
    text.lines().find_map(version).unwrap_or_else(|| {
        let compact = text.split_once("\"openapi\"").map_or("", |(_, rest)| rest);
        compact
            .trim_start_matches([' ', ':', '"'])
            .starts_with("3.0")
    })
}

fn compare(path: &Path, text: &str) -> Outcome {
    let theirs = match theirs::claims(path, text) {
        Ok(claims) => claims,
        Err(why) => return Outcome::Skipped(format!("openapiv3 refuses it: {why}")),
    };
    let ours = ours::read(path, text);
    let mut differences = Vec::new();
    for claim in theirs.difference(&ours.claims) {
        differences.push(("only openapiv3 reads", claim));
    }
    let is_more = |claim: &&Claim| !claim.may_be_inferred();
    for claim in ours.claims.difference(&theirs).filter(is_more) {
        differences.push(("only the generator reads", claim));
    }
    let unexplained = differences
        .into_iter()
        .filter(|(_, claim)| !ours.is_explained(claim));
    Outcome::Compared(
        unexplained
            .map(|(who, claim)| format!("{who} {claim}, {}", ours.place(claim)))
            .collect(),
    )
}
