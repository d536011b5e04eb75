//! No text of a specification is ever code: a crate for a text that breaks out, put anywhere, is the crate for its
//! harmless twin but for literals and names.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod compare;
mod erase;
mod payloads;
mod sinks;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use generator::diagnostic::{Diagnostics, Severity};
use generator::output::Files;
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use serde_json::Value;

use sinks::Sink;

/// Runs the pipeline over a document. Nothing is written but the document itself.
fn run(document: &Value, folder: &Path) -> Outcome {
    let path = folder.join("api.json");
    std::fs::write(&path, document.to_string()).unwrap();
    let mut diagnostics = Diagnostics::default();
    let out = folder.join("out");
    let project = Project::of_files(&[path], &out, "probe-api", &mut diagnostics);
    assert!(!diagnostics.has_errors());
    pipeline::run(&project)
}

/// What is wrong with the outcome for a payload.
fn check(sink: &Sink, payload: &str, folder: &Path, twins: &mut Twins) -> Vec<String> {
    let outcome = run(&sink.filled(payload), folder);
    let errors = outcome.diagnostics.items().iter();
    let errors: Vec<_> = errors
        .filter(|item| item.severity == Severity::Error)
        .collect();
    let Some(files) = &outcome.files else {
        let unlocated = errors.iter().filter(|error| error.labels.is_empty());
        let mut found: Vec<String> = unlocated
            .map(|error| format!("not located: {}", error.message))
            .collect();
        if errors.is_empty() {
            found.push("nothing is emitted, and nothing says why".to_owned());
        }
        return found;
    };
    let twin = twins
        .entry((sink.name.clone(), sink.twin(payload)))
        .or_insert_with_key(|(_, twin)| run(&sink.filled(twin), folder).files);
    match twin {
        Some(twin) => compare::differences(files, twin),
        None => vec!["only the harmless twin is refused".to_owned()],
    }
}

type Twins = BTreeMap<(String, String), Option<Files>>;

/// Half of the pairs, every sink and every payload among them: all of them take a minute.
#[test]
fn no_text_of_a_specification_is_code() {
    check_pairs(|sink, payload| (sink + payload) % 2 == 0);
}

#[test]
#[ignore = "as much time again: `cargo test -p generator --test injection -- --include-ignored`"]
fn no_other_text_of_a_specification_is_code() {
    check_pairs(|sink, payload| (sink + payload) % 2 == 1);
}

fn check_pairs(is_wanted: impl Fn(usize, usize) -> bool + Sync) {
    let sinks = sinks::all();
    let payloads = payloads::all();
    assert!(sinks.len() >= 40 && payloads.len() >= 40);
    let next = AtomicUsize::new(0);
    let found = Mutex::new(Vec::new());
    let work = || {
        let folder = tempfile::TempDir::new().unwrap();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(sink) = sinks.get(index) else { break };
            let mut twins = Twins::new();
            let payloads = payloads.iter().enumerate();
            for (_, (name, payload)) in payloads.filter(|(number, _)| is_wanted(index, *number)) {
                let differences = check(sink, payload, folder.path(), &mut twins);
                let described = differences
                    .into_iter()
                    .map(|what| format!("{} <- {name}: {what}", sink.name));
                found.lock().unwrap().extend(described);
            }
        }
    };
    std::thread::scope(|scope| {
        let other = scope.spawn(work);
        work();
        other.join().unwrap();
    });
    let mut found = found.into_inner().unwrap();
    found.sort();
    assert!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.join("\n")
    );
}
