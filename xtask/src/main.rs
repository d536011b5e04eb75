//! The maintainer's command line: `cargo xtask <command>`.

mod bench;
mod check;
mod corpus;
mod end_to_end;
mod explain;
mod generate;
mod memory;
mod print;
mod transcribe;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// A run makes millions of small allocations, and takes a third longer with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reconciles descriptions of an API, and generates a Rust crate from them.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generates the crate from the sources of the manifest, or from specification files.
    Generate(Generate),
    /// Checks that the crate on disk is the one that `generate` would write.
    Check(Manifest),
    /// Explains an item: every claim, the verdict, the rule, the resolution and the Rust items.
    Explain(Explain),
    /// Transcribes the markdown pages of the manifest to OpenAPI documents.
    Transcribe(Manifest),
    /// Generates a crate from each OpenAPI file in a folder, and compiles all crates with `--check`.
    Corpus(corpus::Corpus),
    /// Measures generation and compilation, also of other generators that are installed.
    Bench(Bench),
    /// Validates the effective API with a third-party validator. Needs Python and network access.
    E2e,
}

/// The option `--manifest`.
#[derive(Args)]
struct Manifest {
    /// The manifest with the sources.
    #[arg(long, default_value = "specs/manifest.toml")]
    manifest: PathBuf,
}

#[derive(Args)]
struct Generate {
    #[command(flatten)]
    manifest: Manifest,
    /// Specification files instead of a manifest, the highest authority first.
    #[arg(long, num_args = 1.., requires_all = ["out", "name"], conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// The folder to write the crate to. Other files in it are removed on the next run.
    #[arg(long, requires = "spec")]
    out: Option<PathBuf>,
    /// The package name of the crate.
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// The file to write a JSON report to: items read and emitted, all diagnostics, and every difference between sources.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Adds a test of the client against the server to the crate.
    #[arg(long, requires = "spec")]
    loopback: bool,
    /// Adds a test with generated values of every component to the crate.
    #[arg(long, requires = "spec")]
    samples: bool,
    /// Prints notes in addition to warnings and errors.
    #[arg(long)]
    verbose: bool,
}

#[derive(Args)]
struct Bench {
    /// Documents to measure in addition to the descriptions of this project.
    files: Vec<PathBuf>,
    /// The number of measurements of each generation. The median is printed.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Args)]
struct Explain {
    #[command(flatten)]
    manifest: Manifest,
    /// A specification file instead of a manifest. Repeat it for several, the highest authority first.
    #[arg(long, conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// Any name of the item, such as `retrieve_project`, `GET /projects/{}/{}/`, `Project`, `Project.firstEvent` or
    /// `list_organization_projects.cursor`.
    #[arg(required_unless_present = "all")]
    item: Option<String>,
    /// Lists every facet on which sources differ, by verdict, instead of explaining an item.
    #[arg(long, conflicts_with = "item")]
    all: bool,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Stack size of the worker thread in bytes. The nesting of documents is limited, so that they need much less. The system
/// reserves the address space, and provides memory only for the part in use.
const STACK: usize = 256 << 20;

fn main() -> ExitCode {
    let task = Command::parse().task;
    let worker = std::thread::Builder::new().stack_size(STACK);
    let done = match worker.spawn(move || run(&task)) {
        Ok(worker) => worker.join().unwrap_or(false),
        Err(error) => {
            print::failure(&format!("cannot start a thread: {error}"));
            false
        }
    };
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn run(task: &Task) -> bool {
    match task {
        Task::Generate(arguments) => generate::run(arguments),
        Task::Check(arguments) => check::run(&arguments.manifest),
        Task::Explain(arguments) => explain::run(arguments),
        Task::Transcribe(arguments) => transcribe::run(&arguments.manifest),
        Task::Corpus(arguments) => corpus::run(arguments),
        Task::Bench(arguments) => bench::run(arguments),
        Task::E2e => end_to_end::run(),
    }
}
