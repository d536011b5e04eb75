//! The commands of `specweave`, which `cargo xtask` of this project has, too.

mod check;
mod diff;
mod docs;
mod explain;
mod generate;
mod init;
mod opened;
pub mod print;
mod revision;
mod transcribe;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

/// How a command was started.
#[derive(Debug, Clone)]
pub struct Context {
    /// The command line that starts the program, for advice: `specweave` or `cargo xtask`.
    pub program: &'static str,
}

impl Context {
    /// The context of a program.
    #[must_use]
    pub fn new(program: &'static str) -> Self {
        Self { program }
    }
}

/// A command.
#[derive(Debug, Subcommand)]
pub enum Task {
    /// Makes a manifest for descriptions of an API, with the order of their authority, and generates the crate.
    Init(Init),
    /// Generates the crate from the sources of the manifest, or from specification files.
    Generate(Generate),
    /// Checks that the crate on disk is the one that `generate` would write.
    Check(Check),
    /// Explains an item: every claim, the verdict, the rule, the resolution and the Rust items.
    Explain(Explain),
    /// Shows what has changed since a revision, or between two documents, and what the next version has to be.
    Diff(Diff),
    /// Writes a static site: operations and types with the claims of each source, differences, coverage, changes.
    Docs(Docs),
    /// Transcribes the markdown pages of the manifest to OpenAPI documents.
    Transcribe(Manifest),
}

/// The manifest, unless another one is named.
const MANIFEST: &str = "specs/manifest.toml";

/// The arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// OpenAPI documents and markdown references. Without any, they are looked for below the current folder.
    files: Vec<PathBuf>,
    /// The folder of the manifest. The files are copied into it.
    #[arg(long, default_value = "specs")]
    dir: PathBuf,
    /// The package name of the crate. By default, it is made of the API's title.
    #[arg(long)]
    name: Option<String>,
    /// The folder to write the crate to. By default, it has the name of the package.
    #[arg(long)]
    out: Option<PathBuf>,
}

/// The option `--manifest`.
#[derive(Debug, Args)]
pub struct Manifest {
    /// The manifest with the sources.
    #[arg(long, default_value = MANIFEST)]
    manifest: PathBuf,
}

/// The arguments of `generate`.
#[derive(Debug, Args)]
pub struct Generate {
    #[command(flatten)]
    manifest: Manifest,
    /// Specification files instead of a manifest, the highest authority first.
    #[arg(long, num_args = 1.., requires_all = ["out", "name"], conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// The folder to write the crate to.
    #[arg(long, requires = "spec")]
    out: Option<PathBuf>,
    /// The package name of the crate.
    #[arg(long, requires = "spec")]
    name: Option<String>,
    /// A file that decides the contradictions between the specification files, as the `resolutions` of a manifest do.
    #[arg(long, requires = "spec")]
    resolutions: Option<PathBuf>,
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

/// The arguments of `check`.
#[derive(Debug, Args)]
pub struct Check {
    #[command(flatten)]
    manifest: Manifest,
    /// Fails if the version in the manifest is too low for what has changed since a revision.
    #[arg(long, value_name = "REVISION", num_args = 0..=1, default_missing_value = "HEAD")]
    semver: Option<String>,
}

/// The arguments of `explain`.
#[derive(Debug, Args)]
pub struct Explain {
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

/// The arguments of `diff`.
#[derive(Debug, Args)]
pub struct Diff {
    #[command(flatten)]
    manifest: Manifest,
    /// A git revision, to which the sources of the manifest are compared; or two documents or manifests, the earlier one
    /// first.
    #[arg(value_name = "REVISION|FILE", num_args = 0..=2, default_value = "HEAD")]
    versions: Vec<PathBuf>,
    /// How the changes are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Prints JSON: `--format json`.
    #[arg(long)]
    json: bool,
    /// A file with the breaking changes that are known and wanted. They do not make the command fail.
    #[arg(long)]
    acknowledged: Option<PathBuf>,
}

/// The arguments of `docs`.
#[derive(Debug, Args)]
pub struct Docs {
    #[command(flatten)]
    manifest: Manifest,
    /// A specification file instead of a manifest. Repeat it for several, the highest authority first.
    #[arg(long, conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// The folder to write the site to. It has the site alone.
    #[arg(long)]
    out: PathBuf,
    /// How many revisions of git that changed the descriptions the page of changes shows.
    #[arg(long, default_value_t = 10, conflicts_with = "spec")]
    history: usize,
}

/// How changes are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// For a terminal.
    Text,
    /// For a pull request.
    Markdown,
    /// Entries of a change log.
    Changelog,
    /// For other programs.
    Json,
}

/// The exit code of `diff` if there are breaking changes that are not acknowledged.
pub const BREAKING: u8 = 3;

impl Task {
    /// Runs the command: 0 if it succeeds, [`BREAKING`] for breaking changes, 1 for everything else.
    #[must_use]
    pub fn run(&self, context: &Context) -> ExitCode {
        let done = match self {
            Self::Init(arguments) => init::run(arguments, context),
            Self::Generate(arguments) => generate::run(arguments),
            Self::Check(arguments) => check::run(arguments, context),
            Self::Explain(arguments) => explain::run(arguments),
            Self::Diff(arguments) => return diff::run(arguments),
            Self::Docs(arguments) => docs::run(arguments),
            Self::Transcribe(arguments) => transcribe::run(&arguments.manifest),
        };
        exit_code(done)
    }
}

/// The exit code of a command that succeeds or fails.
#[must_use]
pub fn exit_code(done: bool) -> ExitCode {
    if done {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// Stack size of the worker thread in bytes. The nesting of documents is limited, so that they need much less. The system
/// reserves the address space, and provides memory only for the part in use.
const STACK: usize = 256 << 20;

/// Runs a command in a thread with a stack that suffices for deeply nested documents.
pub fn with_stack(command: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK);
    match worker.spawn(command) {
        Ok(worker) => worker.join().unwrap_or(ExitCode::FAILURE),
        Err(error) => {
            print::failure(&format!("cannot start a thread: {error}"));
            ExitCode::FAILURE
        }
    }
}
