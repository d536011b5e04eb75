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

/// Millions of small pieces make a third of a run with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reconciles descriptions of an API and emits a Rust crate from them.
#[derive(Parser)]
#[command(name = "cargo xtask", version, about)]
struct Command {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Generates the crate of the manifest, or of specification files.
    Generate(Generate),
    /// Checks that the committed crate is what the descriptions say.
    Check(Manifest),
    /// Shows why an item is what it is: every claim, the verdict, the rule, the decision and the Rust item.
    Explain(Explain),
    /// Writes the normalised form of the markdown references.
    Transcribe(Manifest),
    /// Generates a crate from each OpenAPI file of a folder, and compiles them all.
    Corpus(corpus::Corpus),
    /// Measures generation and compilation, beside generators of others where they are installed.
    Bench(Bench),
    /// Validates the effective API with a validator of others; needs Python and its package index.
    E2e,
}

/// Where the manifest is.
#[derive(Args)]
struct Manifest {
    /// The manifest that names the sources.
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
    /// The folder that the crate goes to; it is wholly owned by the generator.
    #[arg(long, requires = "spec")]
    out: Option<PathBuf>,
    /// The package name of the crate.
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// Where to write a report in JSON: what went in, what came out, and every finding.
    #[arg(long)]
    report: Option<PathBuf>,
    /// Adds a test of synthetic samples of every component to the crate.
    #[arg(long, requires = "spec")]
    samples: bool,
    /// Prints notes, too, not only warnings and errors.
    #[arg(long)]
    verbose: bool,
}

#[derive(Args)]
struct Bench {
    /// Documents to measure besides the descriptions of this project.
    files: Vec<PathBuf>,
    /// How often each generation is measured; the median counts.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

#[derive(Args)]
struct Explain {
    #[command(flatten)]
    manifest: Manifest,
    /// A specification file instead of a manifest; given several times, the highest authority first.
    #[arg(long, conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// `retrieve_project`, `GET /projects/{}/{}/`, `Project`, `Project.firstEvent`, `list_organization_projects.cursor` ….
    item: String,
    /// Prints JSON.
    #[arg(long)]
    json: bool,
}

/// Bytes of stack of the thread that does the work. Documents cannot nest deep enough to need it; it is reserved, and
/// only what is used is taken from the machine.
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
    match done {
        true => ExitCode::SUCCESS,
        false => ExitCode::FAILURE,
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
