//! Compiles the emitted crates, and counts the errors and warnings of each.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::workspace;

/// All features but TLS, which adds only dependencies.
const FEATURES: &str = "client-without-tls,fake,mock,server";

/// The errors and warnings of the compiler.
#[derive(Debug, Default)]
pub(super) struct Compilation {
    /// For each package, the number of findings of each class, such as `error:E0308` or `warning:unused_imports`. A package
    /// without findings has no entry.
    pub findings: BTreeMap<String, BTreeMap<String, usize>>,
    /// The first finding of each class, as the compiler prints it.
    pub examples: BTreeMap<String, String>,
    /// Whether `cargo check` failed.
    pub failed: bool,
}

/// Type-checks all crates of the workspace with their emitted tests, `jobs` at the same time.
pub(super) fn check(out: &Path, jobs: usize) -> io::Result<Compilation> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args([
            "check",
            "--workspace",
            "--lib",
            "--test=*",
            "--keep-going",
            "--offline",
            "--quiet",
        ])
        .args(["--message-format=json", "--features", FEATURES])
        .arg(format!("--jobs={jobs}"))
        .current_dir(out)
        .env("CARGO_TARGET_DIR", workspace::target())
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = cargo.spawn()?;
    let mut compilation = Compilation::default();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            compilation.read(&line?);
        }
    }
    compilation.failed = !child.wait()?.success();
    Ok(compilation)
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    manifest_path: Option<String>,
    message: Option<Finding>,
}

#[derive(Deserialize)]
struct Finding {
    level: String,
    message: String,
    code: Option<Code>,
    rendered: Option<String>,
    #[serde(default)]
    spans: Vec<serde::de::IgnoredAny>,
}

#[derive(Deserialize)]
struct Code {
    code: String,
}

impl Compilation {
    /// Reads a line of Cargo's output. Lines that are not messages of the compiler are ignored.
    fn read(&mut self, line: &str) {
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            return;
        };
        let (Some(path), Some(finding)) = (&message.manifest_path, message.message) else {
            return;
        };
        // A finding without a position only counts others: `aborting due to 3 previous errors`.
        if message.reason != "compiler-message" || finding.spans.is_empty() {
            return;
        }
        let folder = Path::new(path).parent().and_then(Path::file_name);
        let package = folder.unwrap_or_default().to_string_lossy().into_owned();
        let code = finding.code.map_or(finding.message, |code| code.code);
        let class = format!("{}:{code}", finding.level);
        *self
            .findings
            .entry(package)
            .or_default()
            .entry(class.clone())
            .or_default() += 1;
        if let Some(rendered) = finding.rendered {
            self.examples.entry(class).or_insert(rendered);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Compilation;

    #[test]
    fn findings_are_counted_by_package_and_class() {
        let mut compilation = Compilation::default();
        let line = |spans: &str| {
            format!(
                r#"{{"reason":"compiler-message","manifest_path":"/x/crates/api-a/Cargo.toml","message":
                {{"level":"warning","message":"m","code":{{"code":"dead_code"}},"rendered":"r","spans":[{spans}]}}}}"#
            )
        };
        compilation.read(&line("{}"));
        compilation.read(&line("{}"));
        compilation.read(&line(""));
        compilation.read("no JSON");
        assert_eq!(compilation.findings["api-a"]["warning:dead_code"], 2);
        assert_eq!(compilation.examples["warning:dead_code"], "r");
    }
}
