//! Paths and operations: paths that cannot be told apart, or are probably one, and identifiers.

use std::collections::{BTreeMap, HashSet};

use indexmap::IndexMap;

use super::{Described, Findings};
use crate::description::document::{Facet, Operation};
use crate::description::source::Span;
use crate::description::tree::Node;
use crate::http::HttpMethod;
use crate::path_template::{Part, parts, path_shape};

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let paths = located(described);
    malformed(&paths, findings);
    differ_in_names(&paths, findings);
    differ_in_slash(&paths, findings);
    mixed_slashes(&paths, findings);
    queries(&paths, findings);
    identifiers(described, findings);
    bodies(described, findings);
}

/// A path and its position.
type Located<'d> = (&'d str, Span);

fn located<'d>(described: &Described<'d>) -> Vec<Located<'d>> {
    let paths = described.tree.get("paths").and_then(Node::as_mapping);
    let entries = paths.into_iter().flat_map(|it| &it.entries);
    let entries = entries.filter(|entry| entry.key.starts_with('/'));
    entries
        .map(|entry| (entry.key.as_str(), described.place_of(entry)))
        .collect()
}

/// Paths whose braces are not paired, or whose parameters have no name or the same one.
fn malformed(paths: &[Located<'_>], findings: &mut Findings) {
    for &(path, at) in paths {
        let mut seen = HashSet::new();
        let defect = parts(path).into_iter().find_map(|part| match part {
            Part::Literal(text) => text
                .contains(['{', '}'])
                .then(|| "has a brace without its other half".to_owned()),
            Part::Parameter("") => Some("has a parameter without a name".to_owned()),
            Part::Parameter(name) => {
                (!seen.insert(name)).then(|| format!("has the parameter `{name}` twice"))
            }
        });
        if let Some(defect) = defect {
            let message = format!("`{path}` {defect}");
            findings.add("malformed-path", message, at, "this path");
        }
    }
}

fn differ_in_names(paths: &[Located<'_>], findings: &mut Findings) {
    let mut by_shape: IndexMap<String, (&str, Span)> = IndexMap::new();
    for &(path, at) in paths {
        match by_shape.get(&path_shape(path)) {
            Some((first, first_at)) => {
                let message = format!("`{path}` and `{first}` are the same path");
                findings.add_all(
                    "paths-differ-in-names",
                    message,
                    &[
                        (at, "only names of parameters differ".to_owned()),
                        (*first_at, "the other path".to_owned()),
                    ],
                );
            }
            None => {
                by_shape.insert(path_shape(path), (path, at));
            }
        }
    }
}

fn differ_in_slash(paths: &[Located<'_>], findings: &mut Findings) {
    let mut by_path: BTreeMap<String, (&str, Span)> = BTreeMap::new();
    for &(path, at) in paths {
        let bare = path_shape(path);
        let bare = bare.strip_suffix('/').unwrap_or(&bare).to_owned();
        match by_path.get(&bare) {
            Some((first, first_at)) if first.ends_with('/') != path.ends_with('/') => {
                let message =
                    format!("`{path}` and `{first}` differ in the slash at the end alone");
                findings.add_all(
                    "paths-differ-in-slash",
                    message,
                    &[
                        (at, "this path".to_owned()),
                        (*first_at, "the other path".to_owned()),
                    ],
                );
            }
            _ => {
                by_path.insert(bare, (path, at));
            }
        }
    }
}

/// The least number of paths from which a habit is recognised, and how many times more paths keep it than not.
const HABIT: (usize, usize) = (10, 9);

fn mixed_slashes(paths: &[Located<'_>], findings: &mut Findings) {
    let (with, without): (Vec<_>, Vec<_>) = paths
        .iter()
        .filter(|(path, _)| *path != "/" && !path.contains('#'))
        .partition(|(path, _)| path.ends_with('/'));
    let (few, many, what) = if with.len() < without.len() {
        (with, without, "ends with a slash, unlike")
    } else {
        (without, with, "does not end with a slash, unlike")
    };
    if few.is_empty() || many.len() < HABIT.0 || many.len() < few.len() * HABIT.1 {
        return;
    }
    for &(path, at) in few {
        let message = format!("`{path}` {what} {} other paths", many.len());
        findings.add("mixed-trailing-slash", message, at, "this path");
    }
}

/// Paths with a query, which no path of a request has.
fn queries(paths: &[Located<'_>], findings: &mut Findings) {
    for &(path, at) in paths {
        // `{id?}` is a name.
        if path_shape(path).contains('?') {
            let message = format!("`{path}` has a query: describe its parameters by `in: query`");
            findings.add("query-in-path", message, at, "this path");
        }
    }
}

/// Request bodies of methods that HTTP defines none for.
fn bodies(described: &Described<'_>, findings: &mut Findings) {
    let operations = described.document.operations.iter();
    for operation in operations.filter(|it| matches!(it.method, HttpMethod::Get | HttpMethod::Head))
    {
        if let Some(body) = &operation.body {
            let message = format!("{} has a request body", name(operation));
            let at = body.provenance.first().at;
            findings.add(
                "request-body-of-get",
                message,
                at,
                "HTTP defines no meaning",
            );
        }
    }
}

fn identifiers(described: &Described<'_>, findings: &mut Findings) {
    let mut has_some = false;
    let mut without = Vec::new();
    for operation in &described.document.operations {
        match operation.facts.text(Facet::OperationId) {
            Some(_) => has_some = true,
            None => without.push(operation),
        }
    }
    if !has_some || without.is_empty() {
        return;
    }
    let places: Vec<(Span, String)> = without
        .iter()
        .map(|operation| (place(operation), name(operation)))
        .collect();
    let message = format!(
        "{} of {} operations have no `operationId`",
        places.len(),
        described.document.operations.len()
    );
    findings.add_all("missing-operation-id", message, &places);
}

fn place(operation: &Operation) -> Span {
    match operation.facts.get(Facet::OperationId) {
        Some(fact) => fact.provenance.first().at,
        None => operation.provenance.first().at,
    }
}

fn name(operation: &Operation) -> String {
    format!("{} {}", operation.method, operation.path)
}
