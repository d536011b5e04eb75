//! Measures how the cost of a run grows with the document: `cargo bench -p specweave-generator --bench growth`.
//!
//! The documents have N operations and N schemas. If a document costs more than 2.3 times as much as one of half the size,
//! the benchmark fails. The cost is CPU time on Linux, because other processes do not change it, and elapsed time on other
//! systems.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "a benchmark prints its results and has no callers"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use generator::description::diagnostic::Diagnostics;
use generator::pipeline;
use generator::project::Project;

/// The allocator of `xtask`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The numbers of operations and of schemas.
const SIZES: [usize; 4] = [500, 1000, 2000, 4000];
/// The most that a document may cost, relative to one of half the size.
const MAX_RATIO: f64 = 2.3;
/// The number of measurements. The cheapest counts, because only other processes make a run more expensive.
const RUNS: usize = 3;

fn main() -> ExitCode {
    // `cargo test` runs benchmarks with `--test`, to check only that they start.
    if std::env::args().any(|argument| argument == "--test") {
        return ExitCode::SUCCESS;
    }
    let mut succeeded = true;
    let mut before: Option<Duration> = None;
    for size in SIZES {
        let duration = match measured(size) {
            Ok(duration) => duration,
            Err(error) => {
                println!("{size:5}: {error}");
                return ExitCode::FAILURE;
            }
        };
        let ratio = before.map(|before| duration.as_secs_f64() / before.as_secs_f64());
        let grown = ratio.map_or(String::new(), |ratio| {
            format!(", {ratio:.2} times the half")
        });
        println!("{size:5} operations and schemas: {duration:8.1?}{grown}");
        succeeded &= ratio.is_none_or(|ratio| ratio <= MAX_RATIO);
        before = Some(duration);
    }
    if succeeded {
        ExitCode::SUCCESS
    } else {
        println!("a document costs more than {MAX_RATIO} times as much as one of half the size");
        ExitCode::FAILURE
    }
}

/// The cost of the cheapest of several runs.
fn measured(size: usize) -> Result<Duration, Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("document.json");
    std::fs::write(&path, document(size)?)?;
    let mut best = Duration::MAX;
    for _ in 0..RUNS {
        let mut diagnostics = Diagnostics::default();
        let paths = [path.clone()];
        let project = Project::of_files(&paths, Path::new("unwritten"), "grown", &mut diagnostics);
        let (began, spent) = (Instant::now(), processor_time());
        let outcome = pipeline::run(&project);
        let cost = match (spent, processor_time()) {
            (Some(before), Some(after)) => after.saturating_sub(before),
            _ => began.elapsed(),
        };
        best = best.min(cost);
        let emitted = outcome.report.operations.emitted;
        if outcome.files.is_none() || emitted != size {
            return Err(format!("{emitted} of {size} operations were emitted").into());
        }
    }
    Ok(best)
}

/// The CPU time of this process with all threads. Linux counts it in hundredths of a second.
fn processor_time() -> Option<Duration> {
    const MILLISECONDS_PER_TICK: u64 = 10;
    let line = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name is in parentheses and may contain any text. User and system time are fields 14 and 15: the 12th
    // and 13th after the name.
    let (_, fields) = line.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_millis(
        (user + system) * MILLISECONDS_PER_TICK,
    ))
}

/// A document that resembles real ones: names are similar, schemas refer to each other and have inline objects, operations
/// share parameters, and each resource has an operation that lists it and one that changes it.
fn document(size: usize) -> Result<String, std::fmt::Error> {
    let mut text =
        String::from(r#"{"openapi":"3.1.0","info":{"title":"Grown","version":"1"},"paths":{"#);
    for index in 0..size / 2 {
        let comma = if index == 0 { "" } else { "," };
        let (tag, other) = (index / 40, index * 7 % size);
        write!(
            text,
            r##"{comma}"/groups/{{group_id}}/resources{index}/{{resource_id}}":{{
            "parameters":[{{"name":"group_id","in":"path","required":true,"description":"The id of the group.","schema":{{"type":"string"}}}},
                {{"name":"resource_id","in":"path","required":true,"schema":{{"type":"integer"}}}}],
            "get":{{"operationId":"listResource{index}","tags":["tag{tag}"],"summary":"Lists resource {index}.",
                "parameters":[{{"name":"page","in":"query","schema":{{"type":"integer","default":1}}}},
                    {{"name":"sort","in":"query","schema":{{"enum":["new","old","size{index}"]}}}}],
                "responses":{{"200":{{"description":"All is well.","content":{{"application/json":{{"schema":
                    {{"type":"array","items":{{"$ref":"#/components/schemas/Model{index}"}}}}}}}}}},
                    "404":{{"description":"There is none."}}}}}},
            "put":{{"operationId":"changeResource{index}","tags":["tag{tag}"],"description":"Changes *resource* {index}.",
                "requestBody":{{"required":true,"content":{{"application/json":{{"schema":{{"$ref":"#/components/schemas/Model{other}"}}}}}}}},
                "responses":{{"200":{{"description":"It is changed.","content":{{"application/json":{{"schema":
                    {{"type":"object","properties":{{"id":{{"type":"integer"}},"of{index}":{{"type":"string"}}}}}}}}}}}}}}}}}}"##
        )?;
    }
    text.push_str(r#"},"components":{"schemas":{"#);
    for index in 0..size {
        let comma = if index == 0 { "" } else { "," };
        let next = (index + 1) % size;
        write!(
            text,
            r##"{comma}"Model{index}":{{"type":"object","description":"The model {index}.","required":["id","name"],"properties":{{
            "id":{{"type":"integer","format":"int64"}},"name":{{"type":"string","description":"What it is called."}},
            "created_at":{{"type":"string","format":"date-time"}},"state":{{"type":"string","enum":["open","closed","state{index}"]}},
            "owner":{{"type":"object","properties":{{"login":{{"type":"string"}},"rank{index}":{{"type":"number"}}}}}},
            "next":{{"$ref":"#/components/schemas/Model{next}"}},"labels":{{"type":"array","items":{{"type":"string"}}}}}}}}"##
        )?;
    }
    text.push_str("}}}");
    Ok(text)
}
