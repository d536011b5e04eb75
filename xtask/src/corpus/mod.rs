//! `cargo xtask corpus`: generates a crate from each of many documents, and compiles all crates together.

mod compilation;
mod documents;
mod generation;
mod samples;
mod table;
mod workspace;

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use rayon::ThreadPoolBuilder;
use rayon::iter::{IntoParallelIterator, ParallelIterator};
use serde_json::json;

use self::compilation::Compilation;
use self::documents::Document;
use self::generation::{Generation, Tests};
use self::samples::Samples;
use specweave::console::{Console, Progress};

/// Generates a crate from each document of a folder.
#[derive(Args)]
pub(crate) struct Corpus {
    /// The folder. Its subfolders are searched, too. Without a folder, nothing is done.
    #[arg(env = "DOCUMENTS")]
    folder: Option<PathBuf>,
    /// Uses only files whose path contains this text.
    #[arg(long)]
    filter: Option<String>,
    /// The number of documents to generate, or crates to compile, at the same time.
    #[arg(long, default_value_t = 2)]
    jobs: usize,
    /// Compiles all crates. A warning is a failure.
    #[arg(long)]
    check: bool,
    /// Tests that generated values of every component are decoded and encoded without loss.
    #[arg(long)]
    samples: bool,
    /// Counts an operation that was left out as a failure of its document.
    #[arg(long)]
    all_operations: bool,
    /// The file to write the failures to, by class, in JSON.
    #[arg(long)]
    report: Option<PathBuf>,
    /// The folder to write the crates to. The default is `corpus` in the target folder.
    #[arg(long)]
    out: Option<PathBuf>,
    /// The time limit of a generation in seconds.
    #[arg(long, default_value_t = 120)]
    limit: u64,
}

/// A file of the folder, and its results.
struct Entry {
    document: Document,
    /// `None` for a file that is a part of another document.
    generation: Option<Generation>,
    checked: Checked,
    samples: Option<Samples>,
}

/// The result of compiling a crate.
#[derive(PartialEq, Eq)]
enum Checked {
    /// The crate was not compiled, or there is none.
    Not,
    /// No errors and no warnings.
    Clean,
    /// The number of findings of each class.
    Findings(BTreeMap<String, usize>),
}

impl Entry {
    /// The number of failures of each class. Empty on success.
    fn failures(&self) -> BTreeMap<String, usize> {
        let mut failures = self
            .generation
            .as_ref()
            .map(|generation| generation.failures.clone())
            .unwrap_or_default();
        if let Checked::Findings(findings) = &self.checked {
            failures.extend(findings.clone());
        }
        match &self.samples {
            Some(samples) if !samples.lost.is_empty() => {
                failures.insert("lost sample".to_owned(), samples.lost.len());
            }
            _ => {}
        }
        failures
    }

    fn is_generated(&self) -> bool {
        let generation = self.generation.as_ref();
        generation.is_some_and(|generation| generation.failures.is_empty())
    }
}

pub(crate) fn run(arguments: &Corpus, console: &Console) -> bool {
    let Some(folder) = &arguments.folder else {
        console.line("skipped: set DOCUMENTS or name a folder");
        return true;
    };
    match try_run(arguments, folder, console) {
        Ok(done) => done,
        Err(error) => {
            console.failure(&error.to_string());
            false
        }
    }
}

fn try_run(arguments: &Corpus, folder: &Path, console: &Console) -> io::Result<bool> {
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| workspace::target().join("corpus"));
    for folder in ["crates", "reports", "logs"] {
        std::fs::create_dir_all(out.join(folder))?;
    }
    // The compiler runs in another folder, so that relative paths would not work.
    let out = out.canonicalize()?;
    let documents = documents::find(folder, arguments.filter.as_deref())?;
    let mut entries = generate_all(arguments, documents, &out, &console.progress())?;
    let mut compilation = Compilation::default();
    let generated = entries.iter().filter(|entry| entry.is_generated());
    let packages: Vec<String> = generated
        .map(|entry| entry.document.package.clone())
        .collect();
    if !packages.is_empty() {
        workspace::write(&out, &packages)?;
        if arguments.check {
            let progress = console.progress();
            progress.tell(&format!("compiling {} crates", packages.len()));
            compilation = compilation::check(&out, arguments.jobs)?;
            add_findings(&mut entries, &compilation);
        }
    }
    let mut sums = None;
    let mut tests_failed = false;
    if arguments.samples && packages.iter().any(|it| samples::has_test(&out, it)) {
        let run = samples::run(&out, arguments.jobs)?;
        sums = Some(samples::totals(&run.crates));
        tests_failed = run.failed;
        let has_test = |package: &str| samples::has_test(&out, package);
        add_samples(&mut entries, run.crates, has_test);
    }
    if arguments.all_operations {
        entries.iter_mut().for_each(count_skipped);
    }
    console.result(&table::text(&entries));
    sums.iter().for_each(|sums| console.result(sums));
    if let Some(path) = &arguments.report {
        let report = serde_json::to_string_pretty(&report(&entries, &compilation))?;
        std::fs::write(path, report + "\n")?;
    }
    let documents = entries.iter().filter(|entry| entry.generation.is_some());
    if documents.count() == 0 {
        console.failure("the folder has no document");
        return Ok(false);
    }
    let failed = entries.iter().any(|entry| !entry.failures().is_empty());
    if compilation.failed && !failed {
        console.failure("`cargo check` failed before it compiled the crates");
    }
    if tests_failed && !failed {
        console.failure("`cargo test` failed, although no sample was changed");
    }
    Ok(!failed && !compilation.failed && !tests_failed)
}

/// Generates a crate from each document, `--jobs` at the same time.
fn generate_all(
    arguments: &Corpus,
    documents: Vec<Document>,
    out: &Path,
    progress: &Progress,
) -> io::Result<Vec<Entry>> {
    progress.steps(documents.len());
    let limit = Duration::from_secs(arguments.limit);
    // The tests of the client against the server are only compiled, to check their emitter.
    let tests = Tests {
        loopback: arguments.check,
        samples: arguments.samples,
    };
    let pool = ThreadPoolBuilder::new().num_threads(arguments.jobs.max(1));
    let pool = pool.build().map_err(io::Error::other)?;
    let entry = |document: Document| {
        progress.tell(&document.title);
        let generation = document
            .is_whole
            .then(|| generation::generate(&document, out, tests, limit));
        progress.step();
        Ok(Entry {
            generation: generation.transpose()?,
            document,
            checked: Checked::Not,
            samples: None,
        })
    };
    pool.install(|| documents.into_par_iter().map(entry).collect())
}

fn add_findings(entries: &mut [Entry], compilation: &Compilation) {
    for entry in entries.iter_mut().filter(|entry| entry.is_generated()) {
        let findings = compilation.findings.get(&entry.document.package);
        entry.checked = match findings {
            Some(findings) => Checked::Findings(findings.clone()),
            None => Checked::Clean,
        };
    }
}

/// Adds the results of the tests. A crate that has a test and no results failed.
fn add_samples(
    entries: &mut [Entry],
    mut crates: BTreeMap<String, Samples>,
    has_test: impl Fn(&str) -> bool,
) {
    for entry in entries.iter_mut().filter(|entry| entry.is_generated()) {
        let package = &entry.document.package;
        entry.samples = crates.remove(package);
        if entry.samples.is_none()
            && has_test(package)
            && let Some(generation) = &mut entry.generation
        {
            let class = "samples without a result".to_owned();
            generation.failures.insert(class, 1);
        }
    }
}

fn count_skipped(entry: &mut Entry) {
    if let Some(generation) = &mut entry.generation {
        let skipped = generation.skipped.len();
        if skipped > 0 {
            let class = "skipped operation".to_owned();
            generation.failures.insert(class, skipped);
        }
    }
}

/// The JSON report: for each class of failure the number, the documents and an example.
fn report(entries: &[Entry], compilation: &Compilation) -> serde_json::Value {
    let mut classes: BTreeMap<String, BTreeMap<&str, usize>> = BTreeMap::new();
    for entry in entries {
        for (class, count) in entry.failures() {
            let documents = classes.entry(class).or_default();
            documents.insert(&entry.document.title, count);
        }
    }
    let classes: BTreeMap<&String, serde_json::Value> = classes
        .iter()
        .map(|(class, documents)| {
            let count: usize = documents.values().sum();
            let example = compilation.examples.get(class);
            (
                class,
                json!({"count": count, "documents": documents, "example": example}),
            )
        })
        .collect();
    let skipped: BTreeMap<&str, &Vec<String>> = entries
        .iter()
        .filter_map(|entry| {
            Some((
                entry.document.title.as_str(),
                &entry.generation.as_ref()?.skipped,
            ))
        })
        .filter(|(_, skipped)| !skipped.is_empty())
        .collect();
    let lost: BTreeMap<&str, _> = entries
        .iter()
        .filter_map(|entry| Some((entry.document.title.as_str(), &entry.samples.as_ref()?.lost)))
        .filter(|(_, lost)| !lost.is_empty())
        .collect();
    json!({"failures": classes, "skipped": skipped, "lost_samples": lost})
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(package: &str) -> Entry {
        Entry {
            document: Document {
                path: PathBuf::new(),
                title: package.to_owned(),
                package: package.to_owned(),
                is_whole: true,
            },
            generation: Some(Generation::default()),
            checked: Checked::Not,
            samples: None,
        }
    }

    #[test]
    fn a_crate_whose_test_has_no_result_failed() {
        let line =
            r#"{"package": "tested", "types": 1, "lossy_types": 0, "samples": 2, "lost": []}"#;
        let samples: Samples = serde_json::from_str(line).unwrap();
        let crates = BTreeMap::from([("tested".to_owned(), samples)]);
        let mut entries = ["tested", "panicked", "without-components"].map(entry);
        add_samples(&mut entries, crates, |package| {
            package != "without-components"
        });
        let failures = entries.map(|entry| entry.failures().into_keys().collect::<Vec<_>>());
        assert_eq!(
            failures,
            [vec![], vec!["samples without a result".to_owned()], vec![]]
        );
    }
}
