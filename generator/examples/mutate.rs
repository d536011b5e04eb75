//! Mutates documents and runs the generator over them: `cargo run --release -p generator --example mutate -- FOLDER
//! [--seed N] [--count N] [--emit-every N] [--largest BYTES]`.
//!
//! A mutant is told by the seed and its number, so a finding is seen again with `--first NUMBER --count 1`.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::panic,
    reason = "a command line says what it found"
)]
#![allow(dead_code, reason = "the fuzz targets use the rest")]

#[path = "../../fuzz/src/lib.rs"]
mod bodies;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bodies::Probe;

/// A document that takes longer is a finding.
const SLOW: Duration = Duration::from_secs(1);

/// A document that takes longer ends the run.
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
    documents.sort();
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
        let mutant = mutant(&documents, options.seed, number);
        current.store(number, Ordering::Relaxed);
        let begun = Instant::now();
        let emits = number % options.emit_every == 0;
        let result = catch_unwind(AssertUnwindSafe(|| match emits {
            true => probe.emitted(&mutant),
            false => probe.document(&mutant),
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

/// Ends the run when a mutant hangs.
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

/// Numbers that only look random (xorshift).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next())
            .unwrap_or(0)
            .checked_rem(end)
            .unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        items.get(self.below(items.len()))
    }
}

/// Words that mean something where they stand.
const WORDS: [&str; 36] = [
    "null",
    "~",
    "true",
    "[]",
    "{}",
    "-1",
    "1e400",
    "99999999999999999999",
    "\"\"",
    "''",
    "string",
    "object",
    "array",
    "integer",
    "type: [string, 'null']",
    "nullable: true",
    "$ref: '#/components/schemas/'",
    "$ref: '#'",
    "allOf: []",
    "oneOf: []",
    "enum: []",
    "enum: [1, a, null, {}]",
    "discriminator: {propertyName: ''}",
    "additionalProperties: false",
    "items: {}",
    "properties: {}",
    "required: [a]",
    "/{a}{b}",
    "default",
    "*alias",
    "&anchor",
    "!!str",
    "\u{202e}",
    "\\\"",
    "format: binary",
    "\u{0}",
];

fn mutant(documents: &[String], seed: u64, number: u64) -> String {
    let mut random = Random((seed << 40) ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    for _ in 0..4 {
        random.next();
    }
    let mut text = random.pick(documents).cloned().unwrap_or_default();
    for _ in 0..=random.below(6) {
        text = match random.below(10) {
            0..=4 => mutate_lines(&text, documents, &mut random),
            5..=7 => mutate_token(&text, &mut random),
            _ => mutate_characters(&text, &mut random),
        };
    }
    text
}

fn mutate_lines(text: &str, documents: &[String], random: &mut Random) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let (from, to) = (random.below(lines.len()), random.below(lines.len()));
    let end = (from + 1 + random.below(12)).min(lines.len());
    match random.below(6) {
        0 => {
            lines.drain(from..end);
        }
        1 => lines.swap(from, to),
        2 => {
            let copied: Vec<&str> = lines.get(from..end).unwrap_or_default().to_vec();
            lines.splice(to..to, copied);
        }
        3 => {
            let other: Vec<&str> = random
                .pick(documents)
                .map(|other| other.lines().collect())
                .unwrap_or_default();
            let start = random.below(other.len());
            let taken = other.into_iter().skip(start).take(1 + random.below(30));
            lines.splice(to..to, taken);
        }
        4 => lines.truncate(to),
        _ => {
            let line = lines.get(from).copied().unwrap_or_default();
            let moved = match random.below(2) {
                0 => format!("  {line}"),
                _ => line.strip_prefix("  ").unwrap_or(line).to_owned(),
            };
            let mut lines: Vec<String> = lines.into_iter().map(str::to_owned).collect();
            if let Some(line) = lines.get_mut(from) {
                *line = moved;
            }
            return lines.join("\n");
        }
    }
    lines.join("\n")
}

/// Puts a word in the place of another one, or of a value.
fn mutate_token(text: &str, random: &mut Random) -> String {
    let is_inside = |letter: char| letter.is_alphanumeric() || "_-/#$.".contains(letter);
    let at = boundary(text, random.below(text.len()));
    let before = text.get(..at).unwrap_or_default();
    let start = before
        .rfind(|letter| !is_inside(letter))
        .map_or(0, |found| boundary_after(text, found));
    let rest = text.get(start..).unwrap_or_default();
    let length = rest.find(|letter| !is_inside(letter)).unwrap_or(rest.len());
    let other = match random.below(3) {
        0 => {
            let words: Vec<&str> = text
                .split(|letter| !is_inside(letter))
                .filter(|word| !word.is_empty())
                .collect();
            random.pick(&words).copied().unwrap_or_default().to_owned()
        }
        _ => random.pick(&WORDS).copied().unwrap_or_default().to_owned(),
    };
    let head = text.get(..start).unwrap_or_default();
    let tail = rest.get(length..).unwrap_or_default();
    format!("{head}{other}{tail}")
}

fn mutate_characters(text: &str, random: &mut Random) -> String {
    let start = boundary(text, random.below(text.len()));
    let end = boundary(text, (start + random.below(8)).min(text.len()));
    let signs: Vec<char> = "{}[]:,-?#&*!|>'\"%@`\\/ \n\t\r0aZ\u{e9}\u{2028}\u{feff}\u{1f980}"
        .chars()
        .collect();
    let other = random.pick(&signs).copied().unwrap_or(' ');
    let (head, tail) = (
        text.get(..start).unwrap_or_default(),
        text.get(end..).unwrap_or_default(),
    );
    format!("{head}{other}{tail}")
}

/// The last boundary of characters up to an offset.
fn boundary(text: &str, offset: usize) -> usize {
    (0..=offset.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// The first boundary of characters behind an offset.
fn boundary_after(text: &str, offset: usize) -> usize {
    (offset + 1..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(text.len())
}
