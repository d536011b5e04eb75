//! No text of a specification is ever code: a crate for a text that breaks out, put anywhere, is the crate for its
//! harmless twin but for literals and names.
//!
//! Every text is tried in every place. One document takes a text in each of its places at once: if its crate is that of
//! the twin, no text of them leaks, since a leak in one place is not undone by another. If it is not, halves of the places
//! are tried on their own, down to single ones: only those are judged, so that texts that get into each other's way, or of
//! which one refuses the document, hide nothing.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "what is emitted is read as tokens"
)]

mod compare;
mod erase;
mod payloads;
mod sinks;

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::files::Files;
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use serde_json::Value;

use sinks::{Document, Sink};

/// A text in a place.
type Pair<'a> = (&'a Sink, &'a Payload);

/// A name and a text.
type Payload = (&'static str, String);

/// The crates of harmless documents, by the texts that are special in them.
type Twins = BTreeMap<Vec<(String, String)>, Option<Files>>;

/// Runs the pipeline over a document. Nothing is written but the document itself.
fn run(document: &Value, folder: &Path) -> Outcome {
    let path = folder.join("api.json");
    std::fs::write(&path, document.to_string()).unwrap();
    let mut diagnostics = Diagnostics::default();
    let out = folder.join("out");
    let mut project = Project::of_files(&[path], &out, "probe-api", &mut diagnostics);
    project.package.loopback_tests = true;
    project.package.example_tests = true;
    assert!(!diagnostics.has_errors());
    pipeline::run(&project)
}

/// The pairs of one document that are to be tried, and what they need.
struct Trial<'a> {
    document: &'a Document,
    folder: &'a Path,
    twins: Twins,
    runs: usize,
}

impl Trial<'_> {
    /// What is wrong with the outcomes for some pairs, each with the pair.
    fn leaks(&mut self, pairs: &[Pair<'_>]) -> Vec<String> {
        let outcome = self.outcome(pairs);
        if let [(sink, (name, _))] = pairs {
            let found = self.judge(pairs, &outcome).into_iter();
            return found
                .map(|what| format!("{} <- {name}: {what}", sink.name))
                .collect();
        }
        if outcome.files.is_some() && self.judge(pairs, &outcome).is_empty() {
            return Vec::new();
        }
        let (one, other) = pairs.split_at(pairs.len() / 2);
        let mut found = self.leaks(one);
        found.extend(self.leaks(other));
        found
    }

    fn outcome(&mut self, pairs: &[Pair<'_>]) -> Outcome {
        let texts = pairs.iter();
        let texts = texts.map(|(sink, (_, text))| (&*sink.name, &**text));
        self.runs += 1;
        run(&self.document.filled(&texts.collect()), self.folder)
    }

    /// What is wrong with an outcome.
    fn judge(&mut self, pairs: &[Pair<'_>], outcome: &Outcome) -> Vec<String> {
        let Some(files) = &outcome.files else {
            return badly_refused(outcome);
        };
        let special = pairs.iter().filter_map(|(sink, (_, text))| {
            let twin = sink.twin(text)?;
            Some((sink.name.clone(), twin))
        });
        let twin = self
            .twins
            .entry(special.collect())
            .or_insert_with_key(|special| {
                let texts = special.iter();
                let texts = texts.map(|(sink, text)| (&**sink, &**text));
                self.runs += 1;
                run(&self.document.filled(&texts.collect()), self.folder).files
            });
        match twin {
            Some(twin) => compare::differences(files, twin),
            None => vec!["only the harmless twin is refused".to_owned()],
        }
    }
}

/// A document may be refused, with the place of what is wrong.
fn badly_refused(outcome: &Outcome) -> Vec<String> {
    let errors = outcome.diagnostics.items().iter();
    let errors: Vec<_> = errors
        .filter(|item| item.severity == Severity::Error)
        .collect();
    if errors.is_empty() {
        return vec!["nothing is emitted, and nothing says why".to_owned()];
    }
    let unlocated = errors.iter().filter(|error| error.labels.is_empty());
    unlocated
        .map(|error| format!("not located: {}", error.message))
        .collect()
}

#[test]
fn no_text_of_a_specification_is_code() {
    let documents = sinks::documents();
    let payloads = payloads::all();
    let sinks: usize = documents.iter().map(|document| document.sinks.len()).sum();
    assert!(sinks >= 40 && payloads.len() >= 40);
    // In each round, every place of a document has another text; after all of them, it has had each.
    let rounds = 0..payloads.len();
    let rounds: Vec<(&Document, usize)> = documents
        .iter()
        .flat_map(|document| rounds.clone().map(move |round| (document, round)))
        .collect();
    let next = AtomicUsize::new(0);
    let (found, tried, runs) = (
        Mutex::new(Vec::new()),
        AtomicUsize::new(0),
        AtomicUsize::new(0),
    );
    let work = || {
        let folder = tempfile::TempDir::new().unwrap();
        while let Some((document, round)) = rounds.get(next.fetch_add(1, Ordering::Relaxed)) {
            let pairs: Vec<Pair<'_>> = document
                .sinks
                .iter()
                .zip(payloads.iter().cycle().skip(*round))
                .collect();
            let mut trial = Trial {
                document,
                folder: folder.path(),
                twins: Twins::new(),
                runs: 0,
            };
            let leaks = trial.leaks(&pairs);
            tried.fetch_add(pairs.len(), Ordering::Relaxed);
            runs.fetch_add(trial.runs, Ordering::Relaxed);
            found.lock().unwrap().extend(leaks);
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let (tried, runs) = (tried.into_inner(), runs.into_inner());
    println!("{tried} pairs of a place and a text in {runs} runs");
    assert_eq!(tried, sinks * payloads.len());
    let mut found = found.into_inner().unwrap();
    found.sort();
    assert!(
        found.is_empty(),
        "{} leaks:\n{}",
        found.len(),
        found.join("\n")
    );
}
