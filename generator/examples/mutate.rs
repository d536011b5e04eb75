//! Mutates documents, and runs the generator on the mutants: `cargo run --release -p specweave-generator --example mutate -- FOLDER
//! [--seed N] [--first N] [--count N] [--emit-every N] [--largest BYTES]`.
//!
//! The seed and its number determine a mutant, so that `--first NUMBER --count 1` repeats a finding.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    reason = "a command-line program prints its results"
)]
#![allow(dead_code, reason = "only the fuzz targets use the rest")]

#[path = "../tests/mutation/mutant.rs"]
mod mutant;
#[path = "../../fuzz/src/lib.rs"]
mod targets;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use mutant::Documents;
use targets::Probe;

/// A mutant that takes longer is a finding.
const SLOW: Duration = Duration::from_secs(1);

/// A mutant that takes longer ends the run.
const HANGS: Duration = Duration::from_secs(30);

struct Options {
    folder: PathBuf,
    seed: u64,
    first: u64,
    count: u64,
    emit_every: u64,
    largest: u64,
}

fn options() -> Option<Options> {
    let mut arguments = std::env::args().skip(1);
    let mut options = Options {
        folder: arguments.next()?.into(),
        seed: 1,
        first: 0,
        count: 1_000,
        emit_every: 100,
        largest: 60_000,
    };
    while let Some(flag) = arguments.next() {
        let value = arguments.next()?.parse().ok()?;
        match flag.as_str() {
            "--seed" => options.seed = value,
            "--first" => options.first = value,
            "--count" => options.count = value,
            "--emit-every" => options.emit_every = value.max(1),
            "--largest" => options.largest = value,
            _ => return None,
        }
    }
    Some(options)
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!(
            "usage: mutate FOLDER [--seed N] [--first N] [--count N] [--emit-every N] [--largest BYTES]"
        );
        return ExitCode::FAILURE;
    };
    let mut documents = Vec::new();
    read(&options.folder, options.largest, &mut documents);
    let documents = Documents::new(documents);
    let probe = tempfile::tempdir()
        .ok()
        .and_then(|folder| Probe::new(folder.path()));
    let (Some(mut probe), false) = (probe, documents.is_empty()) else {
        eprintln!(
            "no documents of at most {} bytes in {}",
            options.largest,
            options.folder.display()
        );
        return ExitCode::FAILURE;
    };
    let current = watch();
    let started = Instant::now();
    let (mut lowered, mut emitted, mut findings) = (0_u64, 0_u64, 0_u64);
    for number in options.first..options.first.saturating_add(options.count) {
        let mutant = documents.mutant(options.seed, number);
        current.store(number, Ordering::Relaxed);
        let begun = Instant::now();
        let emits = number % options.emit_every == 0;
        let result = catch_unwind(AssertUnwindSafe(|| {
            if emits {
                probe.emit(&mutant)
            } else {
                probe.lower(&mutant)
            }
        }));
        let took = begun.elapsed();
        match &result {
            Ok(true) if emits => emitted += 1,
            Ok(true) => lowered += 1,
            Ok(false) => {}
            Err(_) => println!("mutant {number} of seed {}: panics", options.seed),
        }
        if took > SLOW {
            println!("mutant {number} of seed {}: takes {took:?}", options.seed);
        }
        if result.is_err() || took > SLOW {
            findings += 1;
            let _ = std::fs::write(format!("mutant-{}-{number}.yaml", options.seed), &mutant);
        }
    }
    println!(
        "{} mutants in {:.0} s: {lowered} lowered, {emitted} emitted, {findings} findings",
        options.count,
        started.elapsed().as_secs_f64()
    );
    if findings == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Starts a thread that ends the run if a mutant hangs. Returns where to store the number of the current mutant.
fn watch() -> Arc<AtomicU64> {
    let current = Arc::new(AtomicU64::new(u64::MAX));
    let watched = Arc::clone(&current);
    std::thread::spawn(move || {
        loop {
            let before = watched.load(Ordering::Relaxed);
            std::thread::sleep(HANGS);
            if before != u64::MAX && watched.load(Ordering::Relaxed) == before {
                println!("mutant {before} hangs");
                std::process::exit(2);
            }
        }
    });
    current
}

fn read(folder: &Path, largest: u64, documents: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            read(&path, largest, documents);
        } else if path
            .extension()
            .is_some_and(|kind| kind == "yaml" || kind == "yml" || kind == "json")
            && entry
                .metadata()
                .is_ok_and(|metadata| metadata.len() <= largest)
            && let Ok(text) = std::fs::read_to_string(&path)
        {
            documents.push(text);
        }
    }
}
