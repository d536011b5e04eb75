//! The command `specweave`.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use specweave::Task;
use specweave::console::ConsoleOptions;

/// A run makes millions of small allocations, and takes a third longer with the allocator of the system.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[derive(Parser)]
#[command(name = "specweave", version, about, after_help = specweave::EXIT_CODES)]
struct Command {
    #[command(subcommand)]
    task: Own,
    #[command(flatten)]
    console: ConsoleOptions,
}

#[derive(Subcommand)]
enum Own {
    #[command(flatten)]
    Tool(Task),
    /// Prints the completions of this command for a shell.
    Completions {
        /// The shell.
        shell: Shell,
    },
    /// Prints the manual page, or writes a page for each command to a folder.
    Man {
        /// The folder.
        #[arg(long)]
        out: Option<PathBuf>,
    },
}

fn main() -> ExitCode {
    let Command { task, console } = Command::parse();
    match task {
        Own::Tool(task) => specweave::with_stack(move || task.run("specweave", &console)),
        Own::Completions { shell } => {
            let mut text = Vec::new();
            clap_complete::generate(shell, &mut Command::command(), "specweave", &mut text);
            done(io::Write::write_all(&mut io::stdout(), &text))
        }
        Own::Man { out: None } => {
            done(clap_mangen::Man::new(Command::command()).render(&mut io::stdout()))
        }
        Own::Man { out: Some(folder) } => done(
            std::fs::create_dir_all(&folder)
                .and_then(|()| clap_mangen::generate_to(Command::command(), &folder))
                .map_err(|error| {
                    let text = format!("cannot write to {}: {error}", folder.display());
                    io::Error::new(error.kind(), text)
                }),
        ),
    }
}

/// The exit code of printing a text. A closed pipe is not an error.
fn done(printed: io::Result<()>) -> ExitCode {
    match printed {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            specweave::console::failure(&error.to_string());
            ExitCode::FAILURE
        }
        _ => ExitCode::SUCCESS,
    }
}
