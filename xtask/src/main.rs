//! The maintainer's command line: `cargo xtask <command>`.

mod bench;
mod corpus;
mod end_to_end;
mod memory;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};
use specweave::console::{Console, ConsoleOptions, Format};

/// A run makes millions of small allocations, and takes a third longer with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Reconciles descriptions of an API, and generates a Rust crate from them.
#[derive(Parser)]
#[command(name = "cargo xtask", version, after_help = specweave::EXIT_CODES)]
struct Command {
    #[command(subcommand)]
    task: Task,
    #[command(flatten)]
    console: ConsoleOptions,
}

#[derive(Subcommand)]
enum Task {
    #[command(flatten)]
    Tool(specweave::Task),
    /// Generates a crate from each OpenAPI file in a folder, and compiles all crates with `--check`.
    Corpus(corpus::Corpus),
    /// Measures generation and compilation, also of other generators that are installed.
    Bench(Bench),
    /// Runs programs of others against the effective API and the example server. Needs Python, Node, Chromium, git, and network
    /// access to install packages.
    E2e {
        /// The parts to run; all of them if none is named.
        parts: Vec<end_to_end::Part>,
    },
}

#[derive(Args)]
struct Bench {
    /// Documents to measure in addition to the descriptions of this project.
    files: Vec<PathBuf>,
    /// The number of measurements of each generation. The median is printed.
    #[arg(long, default_value_t = 5)]
    runs: usize,
}

fn main() -> ExitCode {
    let Command { task, console } = Command::parse();
    specweave::with_stack(move || run(&task, &console))
}

fn run(task: &Task, options: &ConsoleOptions) -> ExitCode {
    let console = Console::new(options, Format::Text);
    let done = match task {
        Task::Tool(task) => return task.run("cargo xtask", options),
        Task::Corpus(arguments) => corpus::run(arguments, &console),
        Task::Bench(arguments) => bench::run(arguments, &console),
        Task::E2e { parts } => end_to_end::run(parts),
    };
    specweave::exit_code(console.finish() && done)
}
