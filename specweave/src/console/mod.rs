//! What a command prints: results to standard output, diagnostics as the user asks for them, progress on a terminal alone.

mod format;
mod progress;

use std::cell::RefCell;
use std::io::{self, ErrorKind, IsTerminal, Write};

use clap::{Args, ValueEnum};
use generator::description::diagnostic::{Diagnostic, Diagnostics, Severity, counted};
use generator::description::source::{NamedPosition, SourceMap};

pub use progress::Progress;
use serde_json::{Map, Value};

/// The options of every command about what it prints.
#[derive(Debug, Clone, Args)]
pub struct ConsoleOptions {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    /// Prints nothing but results and errors.
    #[arg(long, short, global = true)]
    quiet: bool,
}

/// The option `--format` of the commands that print diagnostics.
#[derive(Debug, Clone, Copy, Default, Args)]
pub struct DiagnosticsFormat {
    /// How diagnostics are printed. What is not `text` goes to standard output, and nothing else does.
    #[arg(long, value_enum, default_value_t = Format::Text)]
    pub(crate) format: Format,
}

/// How diagnostics are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// For a terminal, with excerpts, to standard error.
    #[default]
    Text,
    /// One JSON document.
    Json,
    /// Annotations of a workflow of GitHub.
    Github,
    /// One SARIF 2.1.0 log, for code scanning.
    Sarif,
}

/// A diagnostic without its source map, as a program reads it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Reported {
    /// Its severity.
    pub severity: Severity,
    /// Its code.
    pub code: String,
    /// Its message.
    pub message: String,
    /// The JSON pointer of what it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The positions it is about, the primary one first.
    pub positions: Vec<Position>,
    /// How to fix the problem.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// The path of the file, relative to the current folder.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1, in characters.
    pub column: u32,
    /// What is there; may be empty.
    pub text: String,
}

impl Position {
    /// A position with a text about it.
    #[must_use]
    pub fn new(at: &NamedPosition, text: String) -> Self {
        Self {
            file: at.path.clone(),
            line: at.line,
            column: at.column,
            text,
        }
    }
}

impl Reported {
    /// A diagnostic of a run that has no position.
    #[must_use]
    pub fn new(severity: Severity, code: &str, message: impl Into<String>) -> Self {
        Self {
            severity,
            code: code.to_owned(),
            message: message.into(),
            pointer: None,
            positions: Vec::new(),
            help: None,
        }
    }

    /// A diagnostic about a whole file.
    #[must_use]
    pub fn of_file(code: &str, message: impl Into<String>, file: String) -> Self {
        let position = Position {
            file,
            line: 1,
            column: 1,
            text: String::new(),
        };
        Self {
            positions: vec![position],
            ..Self::new(Severity::Error, code, message)
        }
    }

    fn of(diagnostic: &Diagnostic, sources: &SourceMap) -> Self {
        let labels = diagnostic.labels.iter();
        let positions = labels.map(|it| Position::new(&sources.shown(it.at), it.text.clone()));
        Self {
            severity: diagnostic.severity,
            code: diagnostic.code.to_owned(),
            message: diagnostic.message.clone(),
            pointer: diagnostic.pointer.clone(),
            positions: positions.collect(),
            help: diagnostic.help.clone(),
        }
    }
}

/// Prints what a command has to say.
#[derive(Debug)]
pub struct Console {
    format: Format,
    quiet: bool,
    /// What is printed at the end, in a format for programs.
    reported: RefCell<Vec<Reported>>,
    /// What a JSON document has beside the diagnostics, by key.
    details: RefCell<Map<String, Value>>,
    /// The result as a JSON document, which is printed at the end.
    document: RefCell<Option<String>>,
    /// Why standard output could not be written to, at first.
    failed: RefCell<Option<io::Error>>,
}

impl Console {
    /// The console of a command. Decides on colours for the whole process.
    #[must_use]
    pub fn new(options: &ConsoleOptions, format: Format) -> Self {
        options.color.write_global();
        Self {
            format,
            quiet: options.quiet,
            reported: RefCell::default(),
            details: RefCell::default(),
            document: RefCell::default(),
            failed: RefCell::default(),
        }
    }

    /// Prints a line of the result to standard output. A closed pipe, as with `| head`, is not an error.
    pub fn result(&self, text: &str) {
        self.remember(writeln!(anstream::stdout(), "{text}"));
    }

    /// Remembers that standard output could not be written to.
    fn remember(&self, printed: io::Result<()>) {
        if let Err(error) = printed
            && error.kind() != ErrorKind::BrokenPipe
        {
            self.failed.borrow_mut().get_or_insert(error);
        }
    }

    /// How diagnostics are printed.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// The result of a command as a JSON document. It is printed at the end; if it is an object, the diagnostics are in it.
    pub(crate) fn document(&self, text: &str) {
        *self.document.borrow_mut() = Some(text.to_owned());
    }

    /// Prints a line about what was done: to standard output, or to standard error if that is for programs.
    pub fn line(&self, text: &str) {
        if self.quiet {
            return;
        }
        if self.format == Format::Text {
            self.result(text);
        } else {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Reports the diagnostics of at least a severity, errors last, and how many of each severity are shown.
    pub fn findings(&self, diagnostics: &Diagnostics, sources: &SourceMap, least: Severity) {
        let least = if self.quiet { Severity::Error } else { least };
        let shown = diagnostics.at_least(least);
        if self.format != Format::Text {
            let items = shown.items().iter();
            let reported = items.map(|item| Reported::of(item, sources));
            self.reported.borrow_mut().extend(reported);
            return;
        }
        let mut error = anstream::stderr();
        if !shown.items().is_empty() {
            let _ = writeln!(error, "{}\n", shown.render_styled(sources));
        }
        let counts = counts(&shown);
        if !counts.is_empty() && !self.quiet {
            let _ = writeln!(error, "{counts}");
        }
    }

    /// Reports a finding of a command that is no diagnostic of a description. In text, `text` is printed to standard output
    /// instead.
    pub fn report(&self, reported: Reported, text: &str) {
        if self.format == Format::Text {
            self.result(text);
        } else {
            self.reported.borrow_mut().push(reported);
        }
    }

    /// Prints advice about the result to standard error, in text alone and unless the run is quiet.
    pub(crate) fn advice(&self, text: &str) {
        if self.format == Format::Text && !self.quiet {
            let _ = writeln!(anstream::stderr(), "{text}");
        }
    }

    /// Adds a value to the JSON document, beside the diagnostics.
    pub(crate) fn detail(&self, key: &str, value: Value) {
        self.details.borrow_mut().insert(key.to_owned(), value);
    }

    /// Reports the error that ends a command.
    pub fn failure(&self, text: &str) {
        if self.format == Format::Text {
            failure(text);
        } else {
            let failure = Reported::new(Severity::Error, "failed", text);
            self.reported.borrow_mut().push(failure);
        }
    }

    /// Shows the progress of long work on a terminal, until it is dropped.
    #[must_use]
    pub fn progress(&self) -> Progress {
        let is_shown = !self.quiet && io::stderr().is_terminal();
        Progress::new(is_shown)
    }

    /// Prints what was reported, in a format for programs. Returns whether all of the output could be written; tells why not.
    #[must_use]
    pub fn finish(&self) -> bool {
        let mut output = io::stdout();
        let text = self.for_programs();
        let written = output.write_all(text.as_bytes());
        self.remember(written.and_then(|()| output.flush()));
        match &*self.failed.borrow() {
            Some(error) => {
                failure(&format!("cannot write to standard output: {error}"));
                false
            }
            None => true,
        }
    }

    /// What was reported, in a format for programs.
    fn for_programs(&self) -> String {
        let reported = self.reported.borrow();
        match (self.format, &*self.document.borrow()) {
            (Format::Text, _) => String::new(),
            (Format::Json, Some(document)) => format::with_diagnostics(document, &reported),
            (Format::Json, None) => format::json(&reported, &self.details.borrow()),
            (Format::Github, _) => format::github(&reported),
            (Format::Sarif, _) => format::sarif(&reported),
        }
    }
}

/// Prints an error to standard error.
pub fn failure(text: &str) {
    let style = clap::builder::Styles::styled();
    let style = style.get_error();
    let _ = writeln!(anstream::stderr(), "{style}error:{style:#} {text}");
}

/// `1 error, 2 warnings`
fn counts(diagnostics: &Diagnostics) -> String {
    let count = |severity| {
        let items = diagnostics.items().iter();
        items.filter(|item| item.severity == severity).count()
    };
    [Severity::Error, Severity::Warning, Severity::Note]
        .into_iter()
        .map(|severity| (count(severity), severity))
        .filter(|(count, _)| *count > 0)
        .map(|(count, name)| counted(count, &name.to_string()))
        .collect::<Vec<_>>()
        .join(", ")
}
