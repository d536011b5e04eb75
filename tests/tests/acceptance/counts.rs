//! How many operations the descriptions have, counted line by line.

use std::collections::{BTreeMap, BTreeSet};

use super::reading::shape;
use crate::workspace;

const METHODS: [&str; 5] = ["get", "put", "post", "patch", "delete"];

/// `GET /issues/{}/` of a line such as `GET /api/0/issues/{issue_id}/`.
fn operation(line: &str) -> Option<String> {
    let (method, path) = line.trim().split_once(' ')?;
    let known = METHODS.contains(&method.to_lowercase().as_str());
    (known && path.starts_with('/')).then(|| format!("{method} {}", shape(path)))
}

/// The operations of a page that states each on a line of its own, between a prefix and a suffix.
fn of_page(path: &str, prefix: &str, middle: &str, suffix: &str) -> Vec<String> {
    let text = workspace::text(path);
    let lines = text.lines().filter_map(|line| {
        let line = line.trim_end().strip_prefix(prefix)?.strip_suffix(suffix)?;
        operation(&line.replacen(middle, " ", 1))
    });
    lines.collect()
}

/// The operations of an OpenAPI document that is indented by two blanks.
fn of_document(path: &str) -> Vec<String> {
    let text = workspace::text(path);
    let mut operations = Vec::new();
    let mut template = "";
    let lines = text.lines().skip_while(|line| *line != "paths:").skip(1);
    for line in lines.take_while(|line| line.is_empty() || line.starts_with(' ')) {
        match line
            .strip_prefix("  ")
            .and_then(|line| line.strip_suffix(':'))
        {
            Some(key) if key.starts_with('/') => template = key,
            Some(key) => {
                let method = key.strip_prefix("  ").filter(|key| METHODS.contains(key));
                operations.extend(
                    method.map(|key| format!("{} {}", key.to_uppercase(), shape(template))),
                );
            }
            None => {}
        }
    }
    operations
}

fn by_source() -> [(&'static str, Vec<String>); 5] {
    [
        ("projects", of_document("specs/projects.yaml")),
        (
            "error-monitoring",
            of_document("specs/error-monitoring.yaml"),
        ),
        (
            "reference",
            of_page("specs/reference/reference.md", "`***", "*** ", "`"),
        ),
        (
            "project-guide",
            of_page("specs/reference/project-guide.md", "", " ", ""),
        ),
        (
            "teams-reference",
            of_page("specs/reference/teams-reference.md", "`", " ", "`"),
        ),
    ]
}

#[test]
fn the_descriptions_have_112_operations_on_68_paths() {
    let mut all = BTreeSet::new();
    let mut total = 0;
    for ((source, operations), expected) in by_source().into_iter().zip([22, 12, 101, 3, 8]) {
        assert_eq!(operations.len(), expected, "{source}");
        total += operations.len();
        all.extend(operations);
    }
    let paths: BTreeSet<_> = all
        .iter()
        .filter_map(|operation| operation.split_once(' '))
        .map(|(_, path)| path)
        .collect();
    assert_eq!((total, all.len(), paths.len()), (146, 112, 68));
}

#[test]
fn every_operation_of_every_description_is_emitted_and_none_besides() {
    let mut described: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (source, operations) in by_source() {
        for operation in operations {
            described.entry(operation).or_default().push(source);
        }
    }
    let emitted: BTreeMap<String, Vec<&str>> = workspace::api()
        .operations
        .iter()
        .map(|operation| {
            let key = format!("{} {}", operation.method, shape(&operation.path.template));
            let sources = operation
                .docs
                .provenance
                .iter()
                .map(|said| said.source.as_str())
                // The maintainers' own description says something of every operation, and adds none.
                .filter(|source| *source != "supplement");
            (key, sources.collect())
        })
        .collect();
    assert_eq!(emitted, described);
}

#[test]
fn the_report_counts_what_the_descriptions_have() {
    let outcome = workspace::outcome();
    let operations = &outcome.report.operations;
    assert_eq!(
        (
            operations.found,
            operations.emitted,
            operations.skipped.len()
        ),
        (112, 112, 0)
    );
    let merged = outcome.merged.as_ref().expect("there were no errors");
    let described = merged.sources.iter().map(|source| source.operations);
    assert_eq!(described.collect::<Vec<_>>(), [112, 22, 12, 101, 3, 8]);
}

#[test]
fn thirty_operations_are_described_more_than_once_and_one_by_four() {
    let mut described: BTreeMap<String, usize> = BTreeMap::new();
    for operation in by_source()
        .into_iter()
        .flat_map(|(_, operations)| operations)
    {
        *described.entry(operation).or_default() += 1;
    }
    let at_least = |count| {
        described
            .values()
            .filter(|described| **described >= count)
            .count()
    };
    assert_eq!((at_least(2), at_least(4), at_least(5)), (30, 1, 0));
}
