//! The command `specweave`.

use std::process::ExitCode;

use clap::Parser;
use specweave::{Context, Task};

/// A run makes millions of small allocations, and takes a third longer with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Weaves several descriptions of one HTTP API into one Rust crate.
#[derive(Parser)]
#[command(name = "specweave", version, about)]
struct Command {
    #[command(subcommand)]
    task: Task,
}

fn main() -> ExitCode {
    let task = Command::parse().task;
    specweave::with_stack(move || task.run(&Context::new("specweave")))
}
