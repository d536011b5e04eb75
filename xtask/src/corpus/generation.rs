//! Generates the crate of one document in a separate process, so that a panic, an abort or a hang is a failure of that
//! document alone.

use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::documents::Document;
use crate::memory;

/// The interval between two checks of a running process.
const INTERVAL: Duration = Duration::from_millis(5);

/// The result of generating one document.
#[derive(Debug, Clone, Default)]
pub(super) struct Generation {
    /// The number of operations of the document, and of emitted ones.
    pub operations: (usize, usize),
    /// The operations that were left out, each with the reason.
    pub skipped: Vec<String>,
    /// The number of emitted types.
    pub types: usize,
    /// Elapsed time of the process in seconds.
    pub seconds: f64,
    /// Peak memory of the process in MiB. Zero if the system does not provide it.
    pub mebibytes: u64,
    /// The number of failures of each class: the code of a diagnostic, or how the process ended. Empty on success.
    pub failures: BTreeMap<String, usize>,
}

/// Which tests are emitted with each crate.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tests {
    /// A test of the client against the server. It is only compiled.
    pub loopback: bool,
    /// A test with generated values of every component.
    pub samples: bool,
}

/// Generates a crate from a document. Writes the crate to `crates/`, the report to `reports/`, and the output to `logs/`.
pub(super) fn generate(
    document: &Document,
    out: &Path,
    tests: Tests,
    limit: Duration,
) -> io::Result<Generation> {
    let name = &document.package;
    let report = out.join("reports").join(format!("{name}.json"));
    let _ = std::fs::remove_file(&report);
    let log = File::create(out.join("logs").join(format!("{name}.txt")))?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("generate").arg("--spec").arg(&document.path);
    command
        .arg("--out")
        .arg(out.join("crates").join(name))
        .args(["--name", name]);
    command.arg("--report").arg(&report);
    if tests.loopback {
        command.arg("--loopback");
    }
    if tests.samples {
        command.arg("--samples");
    }
    command.stdin(Stdio::null()).stdout(Stdio::null());
    let started = Instant::now();
    let mut child = command.stderr(log).spawn()?;
    let (status, mebibytes) = wait(&mut child, started, limit)?;
    let mut generation = Generation {
        seconds: started.elapsed().as_secs_f64(),
        mebibytes,
        ..Generation::default()
    };
    if let Ok(text) = std::fs::read(&report) {
        generation.read(&text, status);
    }
    match status {
        Some(status) if status.success() => generation.failures.clear(),
        Some(status) if status.code() == Some(1) && !generation.failures.is_empty() => {}
        other => {
            let ending = ending(other);
            generation.failures.insert(ending, 1);
        }
    }
    Ok(generation)
}

/// Waits for the process, and ends it after `limit`, with no status then. Also returns its peak memory in MiB.
fn wait(
    child: &mut Child,
    started: Instant,
    limit: Duration,
) -> io::Result<(Option<ExitStatus>, u64)> {
    let mut mebibytes = 0;
    loop {
        mebibytes = mebibytes.max(memory::peak(child.id()).unwrap_or_default() / 1024);
        if let Some(status) = child.try_wait()? {
            return Ok((Some(status), mebibytes));
        }
        if started.elapsed() > limit {
            child.kill()?;
            child.wait()?;
            return Ok((None, mebibytes));
        }
        std::thread::sleep(INTERVAL);
    }
}

/// The class of failure for a process that neither succeeded nor reported an error.
fn ending(status: Option<ExitStatus>) -> String {
    const PANIC: i32 = 101;
    match status.map(|status| status.code()) {
        None => "timeout".to_owned(),
        Some(Some(PANIC)) => "panic".to_owned(),
        Some(Some(code)) => format!("exit code {code}"),
        Some(None) => "abort".to_owned(),
    }
}

#[derive(Deserialize)]
struct Report {
    operations: Count,
    schemas: Count,
    diagnostics: Vec<Finding>,
}

#[derive(Deserialize)]
struct Count {
    #[serde(rename = "in")]
    found: usize,
    emitted: usize,
    #[serde(default)]
    skipped: Vec<Skipped>,
}

#[derive(Deserialize)]
struct Skipped {
    operation: String,
    reason: String,
}

#[derive(Deserialize)]
struct Finding {
    severity: String,
    code: String,
}

impl Generation {
    fn read(&mut self, report: &[u8], status: Option<ExitStatus>) {
        let Ok(report) = serde_json::from_slice::<Report>(report) else {
            self.failures.insert("unreadable report".to_owned(), 1);
            return;
        };
        self.operations = (report.operations.found, report.operations.emitted);
        self.types = report.schemas.emitted;
        let skipped = report.operations.skipped.into_iter();
        self.skipped = skipped
            .map(|skipped| format!("{}: {}", skipped.operation, skipped.reason))
            .collect();
        if status.is_some_and(|status| status.success()) {
            return;
        }
        for finding in report.diagnostics {
            if finding.severity == "error" {
                *self.failures.entry(finding.code).or_default() += 1;
            }
        }
    }
}
