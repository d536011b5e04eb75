//! Runs the tests with generated values of components in the emitted crates.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::workspace;

/// The results of one crate. A sample is a generated value of a component.
#[derive(Debug, Deserialize)]
pub(super) struct Samples {
    package: String,
    types: usize,
    lossy_types: usize,
    samples: usize,
    /// The samples that changed when they were decoded and encoded.
    pub lost: Vec<Lost>,
}

/// A sample that changed when it was decoded and encoded.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Lost {
    #[serde(rename = "type")]
    name: String,
    reason: String,
    sample: serde_json::Value,
}

/// The results of all crates.
pub(super) struct Run {
    /// The results by package. A crate whose test does not compile, or ends before it has counted, has none.
    pub crates: BTreeMap<String, Samples>,
    /// Whether `cargo test` failed.
    pub failed: bool,
}

/// Builds and runs the tests of all crates of the workspace. What Cargo prints is in `logs/samples.txt`.
pub(super) fn run(out: &Path, jobs: usize) -> io::Result<Run> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .args(["test", "--workspace", "--test=samples", "--no-fail-fast"])
        .args(["--offline", "--quiet"])
        .arg(format!("--jobs={jobs}"))
        .args(["--", "--nocapture"])
        .current_dir(out)
        .env("CARGO_TARGET_DIR", workspace::target())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(File::create(out.join("logs/samples.txt"))?);
    let mut child = cargo.spawn()?;
    let mut crates = BTreeMap::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).lines() {
            let line = line?;
            let sums = line.strip_prefix("samples: ");
            let sums = sums.and_then(|sums| serde_json::from_str::<Samples>(sums).ok());
            if let Some(sums) = sums {
                crates.insert(sums.package.clone(), sums);
            }
        }
    }
    let failed = !child.wait()?.success();
    Ok(Run { crates, failed })
}

/// Whether a crate has the test. One without components has none.
pub(super) fn has_test(out: &Path, package: &str) -> bool {
    let test = out.join("crates").join(package).join("tests/samples");
    test.is_dir()
}

/// A line with the totals of all crates.
pub(super) fn totals(crates: &BTreeMap<String, Samples>) -> String {
    let sum = |count: fn(&Samples) -> usize| crates.values().map(count).sum::<usize>();
    format!(
        "samples of {} crates: {} of {} types and {} of {} samples are unchanged",
        crates.len(),
        sum(|crate_| crate_.types - crate_.lossy_types),
        sum(|crate_| crate_.types),
        sum(|crate_| crate_.samples - crate_.lost.len()),
        sum(|crate_| crate_.samples),
    )
}
