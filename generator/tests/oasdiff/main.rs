//! The rules of `oasdiff`, another tool that compares two versions of a description, and what `diff` tells of the same change.
//!
//! `rules.txt` has all rules of its release of August 2026 (`oasdiff checks changelog`), each with its level. Each has a case here, or
//! a reason why there is none. The snapshot has what `diff` tells of each case: the verdict, and the kinds of changes.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

mod cases;

use generator::description::diagnostic::Diagnostics;
use generator::diff::{self, Diff, Severity, Version};
use generator::pipeline;
use generator::project::Project;

use cases::{Case, LESS_SEVERE, NOT_COMPARED, case};

const RULES: &str = include_str!("rules.txt");

#[test]
fn each_rule_is_seen_or_has_a_reason() {
    let mut table = String::new();
    let mut defects = String::new();
    for line in RULES.lines() {
        let (rule, level) = line.split_once(' ').unwrap();
        let reason = reason(NOT_COMPARED, rule);
        let Some(case) = case(rule) else {
            match reason {
                Some(reason) => {
                    table.push_str(&format!("{rule} ({level}): not compared: {reason}\n"))
                }
                None => defects.push_str(&format!(
                    "{rule} ({level}) has neither a case nor a reason\n"
                )),
            }
            continue;
        };
        let diff = match between(&case) {
            Ok(diff) => diff,
            Err(error) => {
                defects.push_str(&format!("{rule}: {error}\n"));
                continue;
            }
        };
        if reason.is_some() == (diff != Diff::default()) {
            defects.push_str(&format!("{rule} ({level}): {}\n", told(&diff)));
        }
        let is_major = diff.verdict() == Some(Severity::Major);
        let is_excused = cases::reason(LESS_SEVERE, rule).is_some();
        if level == "error" && reason.is_none() && is_major == is_excused {
            defects.push_str(&format!("{rule} ({level}) is {}\n", told(&diff)));
        }
        let reason = reason.map(|reason| format!("not compared: {reason}"));
        table.push_str(&format!(
            "{rule} ({level}): {}\n",
            reason.unwrap_or_else(|| told(&diff))
        ));
    }
    assert!(defects.is_empty(), "\n{defects}");
    insta::assert_snapshot!(table);
}

fn reason(list: &'static [(&'static str, &'static str)], rule: &str) -> Option<&'static str> {
    cases::reason(list, rule)
}

/// `major: parameter-type-changed, ...`
fn told(diff: &Diff) -> String {
    let mut kinds: Vec<&str> = diff.changes.iter().map(|it| it.kind.as_str()).collect();
    kinds.dedup();
    format!("{}: {}", diff.verdict_name(), kinds.join(", "))
}

fn between(case: &Case) -> Result<Diff, String> {
    let read = |text: &str| {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("pets.yaml");
        std::fs::write(&file, text).unwrap();
        let mut diagnostics = Diagnostics::default();
        let project = Project::of_files(&[file], folder.path(), "pets", &mut diagnostics);
        match pipeline::lowered(&project, &mut diagnostics) {
            Some(lowered) if !diagnostics.has_errors() => Ok((project, lowered)),
            _ => Err(diagnostics.render(&project.sources)),
        }
    };
    let (before, after) = (read(&case.before)?, read(&case.after)?);
    let library = before.0.package.library().unwrap();
    Ok(diff::diff(
        Version::new(&before.1, &library, &before.0.sources),
        Version::new(&after.1, &library, &after.0.sources),
    ))
}
