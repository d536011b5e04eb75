//! How the cost of a run grows with the document: `cargo bench -p generator --bench growth`.
//!
//! Documents of N operations and N schemas. Twice the document may cost 2.3 times as much; more is a failure. The cost is
//! the time that all processors spend on it where the system tells it (Linux), as other work on the machine has no part
//! in that, and the time that passes elsewhere.

#![allow(
    missing_docs,
    clippy::print_stdout,
    reason = "benchmarks are run, not called"
)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use generator::diagnostic::Diagnostics;
use generator::pipeline;
use generator::project::Project;

/// What the command line allocates with.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many operations and schemas a document has.
const SIZES: [usize; 4] = [500, 1000, 2000, 4000];
/// How much twice the document may cost.
const MOST: f64 = 2.3;
/// How often each is measured; the cheapest run counts, as what slows a run down is not the document.
const RUNS: usize = 3;

fn main() -> ExitCode {
    // `cargo test` builds and starts benchmarks, too, and wants to know only that they start.
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
        succeeded &= ratio.is_none_or(|ratio| ratio <= MOST);
        before = Some(duration);
    }
    match succeeded {
        true => ExitCode::SUCCESS,
        false => {
            println!("twice the document costs more than {MOST} times as much");
            ExitCode::FAILURE
        }
    }
}

/// The cheapest of several runs over a document.
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

/// What this process has cost so far, all of its threads, as Linux counts it: in hundredths of a second.
fn processor_time() -> Option<Duration> {
    const MILLISECONDS_OF_A_TICK: u64 = 10;
    let line = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program may hold anything; behind it, user and system time are the 12th and 13th of the fields.
    let (_, fields) = line.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (user, system): (u64, u64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some(Duration::from_millis(
        (user + system) * MILLISECONDS_OF_A_TICK,
    ))
}

/// A document in which names are alike, as they are in real ones: schemas refer to each other and hold objects of their
/// own, operations share parameters, and each resource has one that lists and one that changes.
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
