//! The commands of `specweave`, which `cargo xtask` of this project has, too.

mod acknowledged;
mod changes;
mod check;
pub mod console;
mod diff;
mod docs;
mod explain;
mod export;
mod generate;
mod init;
mod lint;
mod observe;
mod opened;
mod revision;
mod transcribe;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand};

use console::{Console, ConsoleOptions, DiagnosticsFormat};

/// How a command was started.
#[derive(Debug)]
pub struct Context {
    /// The command line that starts the program, for advice: `specweave` or `cargo xtask`.
    pub program: &'static str,
    /// Prints what the command has to say.
    pub console: Console,
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
    /// Finds defects of the descriptions themselves, each with its place, a code, and a page about it.
    Lint(Lint),
    /// Compares recorded exchanges with the effective API: what the API does that no description says, and what would mend it.
    Observe(Observe),
    /// Prints the effective API as an OpenAPI document, also of version 3.0 for tools that do not read 3.1.
    Export(Export),
    /// Transcribes the markdown pages of the manifest to OpenAPI documents.
    Transcribe(Transcribe),
}

/// The exit codes, for `--help`.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  success
  1  the run failed: errors in the descriptions, a denied defect, a crate that is out of date,
     a file that cannot be read
  2  wrong arguments
  3  `diff` found breaking changes that are not acknowledged, or `observe` found deviations
101  the program itself failed, which is a defect of it

Colours are left out in pipes and if NO_COLOR is set.";

/// The manifest, unless another one is named.
const MANIFEST: &str = "specs/manifest.toml";

/// The arguments of `init`.
#[derive(Debug, Args)]
pub struct Init {
    /// OpenAPI documents and markdown references. Without any, OpenAPI documents and Widdershins pages are looked for in the
    /// current folder and up to four levels below it; name pages of other dialects.
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
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// The option `--manifest`.
#[derive(Debug, Args)]
pub struct Manifest {
    /// The manifest with the sources. By default, it is `specs/manifest.toml` in the current folder or one around it.
    #[arg(long)]
    manifest: Option<PathBuf>,
}

impl Manifest {
    /// The path of the manifest.
    fn path(&self) -> PathBuf {
        if let Some(given) = &self.manifest {
            return given.clone();
        }
        let current = std::env::current_dir().unwrap_or_default();
        let depth = current
            .ancestors()
            .position(|it| it.join(MANIFEST).is_file());
        let up: PathBuf = std::iter::repeat_n("..", depth.unwrap_or(0)).collect();
        up.join(MANIFEST)
    }

    /// The option as it was given, for advice.
    fn given(&self) -> String {
        let given = self.manifest.as_ref();
        given.map_or_else(String::new, |path| {
            format!(" --manifest {}", path.display())
        })
    }
}

/// The arguments of `transcribe`.
#[derive(Debug, Args)]
pub struct Transcribe {
    #[command(flatten)]
    manifest: Manifest,
    #[command(flatten)]
    format: DiagnosticsFormat,
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
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// What `check` prints for programs, for `--help`.
const OUT_OF_DATE: &str = "\
With --format json, the document of a crate that is out of date has beside `diagnostics`:

  inputs  the inputs that have changed, each with `path` and its SHA-256 `before` and `after` (null if there is none);
          null if the crate does not say what it was generated from
  api     what changes in the API, as `diff --format json` prints it; null if the API on disk cannot be read";

/// The arguments of `check`.
#[derive(Debug, Args)]
#[command(after_help = OUT_OF_DATE)]
pub struct Check {
    #[command(flatten)]
    manifest: Manifest,
    /// Fails if the version in the manifest is too low for what has changed since a revision.
    #[arg(long, value_name = "REVISION", num_args = 0..=1, default_missing_value = "HEAD")]
    semver: Option<String>,
    /// Shows all changes of the API, and all lines of the files that differ.
    #[arg(long)]
    verbose: bool,
    #[command(flatten)]
    format: DiagnosticsFormat,
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
    /// `list_organization_projects.cursor`; `the API` is its title, version and servers. Without it, what can be asked is
    /// printed, an example of each kind.
    item: Option<String>,
    /// Lists every facet on which sources differ, by verdict, instead of explaining an item.
    #[arg(long, conflicts_with = "item")]
    all: bool,
    /// Prints JSON: `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// The arguments of `lint`.
#[derive(Debug, Args)]
pub struct Lint {
    #[command(flatten)]
    manifest: Manifest,
    /// OpenAPI documents instead of a manifest.
    #[arg(conflicts_with = "manifest")]
    files: Vec<PathBuf>,
    /// Makes the findings of a code errors, which fail the run. Repeat it for several.
    #[arg(long, value_name = "CODE", value_parser = lint::code)]
    deny: Vec<String>,
    /// Makes the findings of a code warnings.
    #[arg(long, value_name = "CODE", value_parser = lint::milder_code)]
    warn: Vec<String>,
    /// Leaves out the findings of a code. The table `[lint]` of the manifest does the same: `code = "allow"`.
    #[arg(long, value_name = "CODE", value_parser = lint::milder_code)]
    allow: Vec<String>,
    /// Prints the page of a code: what the defect is, and for a rule of `lint`, a document with it and one without.
    #[arg(long, value_name = "CODE", value_parser = lint::code, conflicts_with_all = ["files", "list", "format"])]
    explain: Option<String>,
    /// Lists all rules with their levels.
    #[arg(long, conflicts_with_all = ["files", "format"])]
    list: bool,
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// The arguments of `observe`.
#[derive(Debug, Args)]
#[command(
    after_help = "Nothing that may be a secret is printed: no values but those of enums, no addresses, no credentials."
)]
pub struct Observe {
    #[command(flatten)]
    manifest: Manifest,
    /// A specification file instead of a manifest. Repeat it for several, the highest authority first.
    #[arg(long, conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// HTTP archives (HAR), or folders of them.
    #[arg(required = true, value_name = "HAR|FOLDER")]
    recordings: Vec<PathBuf>,
    /// A host of the API beside those of its servers, such as `localhost:8000`.
    #[arg(long)]
    host: Vec<String>,
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// The arguments of `export`.
#[derive(Debug, Args)]
pub struct Export {
    #[command(flatten)]
    manifest: Manifest,
    /// A specification file instead of a manifest. Repeat it for several, the highest authority first.
    #[arg(long, conflicts_with = "manifest")]
    spec: Vec<PathBuf>,
    /// The version of OpenAPI. A note tells what it cannot say.
    #[arg(long, value_enum, default_value_t = OpenApiVersion::V3_1)]
    openapi: OpenApiVersion,
    /// The file to write to: JSON if its name ends in `.json`, else YAML. Without it, YAML is printed; `--format json`, `github`
    /// and `sarif` need it, since standard output has the diagnostics then.
    #[arg(long, required_if_eq_any([("format", "json"), ("format", "github"), ("format", "sarif")]))]
    out: Option<PathBuf>,
    #[command(flatten)]
    format: DiagnosticsFormat,
}

/// A version of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum OpenApiVersion {
    /// OpenAPI 3.0.3.
    #[value(name = "3.0")]
    V3_0,
    /// OpenAPI 3.1.0, as it is in the emitted crate.
    #[value(name = "3.1")]
    V3_1,
}

/// What the file of `diff --acknowledged` is, for `--help`.
const ACKNOWLEDGED: &str = "\
The file of --acknowledged is TOML, with an entry for each change; `kind` and `item` are as `diff` prints them:

  [[change]]
  kind = \"parameter-removed\"
  item = \"GET /pets query tag\"
  reason = \"Nobody has used it since 2024.\"";

/// The arguments of `diff`.
#[derive(Debug, Args)]
#[command(after_help = ACKNOWLEDGED)]
pub struct Diff {
    #[command(flatten)]
    manifest: Manifest,
    /// One git revision, to which the sources of the manifest as they are now are compared; or two documents or manifests,
    /// the earlier one first.
    #[arg(value_name = "REVISION|FILE", num_args = 0..=2, default_value = "HEAD")]
    versions: Vec<PathBuf>,
    /// How the changes are printed.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Prints JSON: `--format json`.
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// A file with the breaking changes that are known and wanted. They do not make the command fail, and are marked. An
    /// entry without such a change is a warning, one without a reason an error.
    #[arg(long, value_name = "FILE")]
    acknowledged: Option<PathBuf>,
}

impl Diff {
    /// How the changes are printed.
    fn format(&self) -> Format {
        if self.json { Format::Json } else { self.format }
    }
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
    #[command(flatten)]
    format: DiagnosticsFormat,
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
    /// Annotations of a workflow of GitHub: breaking changes are errors, unless they are acknowledged.
    Github,
    /// One SARIF 2.1.0 log, for code scanning.
    Sarif,
}

/// The exit code for wrong arguments, which is also that of the parser of arguments.
pub const WRONG_ARGUMENTS: u8 = 2;

/// The exit code of a command that has found what it looks for: breaking changes that are not acknowledged, deviations.
pub const FOUND: u8 = 3;

impl Task {
    /// Runs the command of a program, and returns one of the [`EXIT_CODES`].
    #[must_use]
    pub fn run(&self, program: &'static str, options: &ConsoleOptions) -> ExitCode {
        let context = Context {
            program,
            console: Console::new(options, self.format().format),
        };
        let code = self.run_in(&context);
        if context.console.finish() {
            code
        } else {
            ExitCode::FAILURE
        }
    }

    fn run_in(&self, context: &Context) -> ExitCode {
        let done = match self {
            Self::Init(arguments) => init::run(arguments, context),
            Self::Generate(arguments) => generate::run(arguments, context),
            Self::Check(arguments) => check::run(arguments, context),
            Self::Explain(arguments) => explain::run(arguments, context),
            Self::Docs(arguments) => docs::run(arguments, context),
            Self::Export(arguments) => export::run(arguments, context),
            Self::Lint(arguments) => lint::run(arguments, context),
            Self::Diff(arguments) => return diff::run(arguments, context),
            Self::Observe(arguments) => return observe::run(arguments, context),
            Self::Transcribe(arguments) => transcribe::run(arguments, context),
        };
        exit_code(done)
    }

    /// How diagnostics are printed.
    fn format(&self) -> DiagnosticsFormat {
        match self {
            Self::Init(arguments) => arguments.format,
            Self::Generate(arguments) => arguments.format,
            Self::Check(arguments) => arguments.format,
            Self::Lint(arguments) => arguments.format,
            Self::Transcribe(arguments) => arguments.format,
            Self::Docs(arguments) => arguments.format,
            Self::Export(arguments) => arguments.format,
            Self::Observe(arguments) => arguments.format,
            Self::Explain(arguments) if arguments.json => DiagnosticsFormat {
                format: console::Format::Json,
            },
            Self::Explain(arguments) => arguments.format,
            Self::Diff(arguments) => DiagnosticsFormat {
                format: match arguments.format() {
                    Format::Text | Format::Markdown | Format::Changelog => console::Format::Text,
                    Format::Json => console::Format::Json,
                    Format::Github => console::Format::Github,
                    Format::Sarif => console::Format::Sarif,
                },
            },
        }
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

/// The exit code of a program that panics.
const PANIC: u8 = 101;

/// Runs a command in a thread with a stack that suffices for deeply nested documents. If it panics, the exit code is 101, as it
/// is for the main thread.
pub fn with_stack(command: impl FnOnce() -> ExitCode + Send + 'static) -> ExitCode {
    let worker = std::thread::Builder::new().stack_size(STACK);
    match worker.spawn(command) {
        Ok(worker) => worker.join().unwrap_or(ExitCode::from(PANIC)),
        Err(error) => {
            console::failure(&format!("cannot start a thread: {error}"));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_has_an_exit_code_of_its_own() {
        let code = with_stack(|| panic!("planted"));
        assert_eq!(format!("{code:?}"), format!("{:?}", ExitCode::from(PANIC)));
    }
}
