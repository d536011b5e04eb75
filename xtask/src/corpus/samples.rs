//! Running the tests of samples of the emitted crates.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::{Deserialize, Serialize};

use super::workspace;

/// What came of the samples of one crate.
#[derive(Debug, Deserialize)]
pub(super) struct Samples {
    package: String,
    types: usize,
    lossy_types: usize,
    samples: usize,
    /// The samples that did not come back as they were.
    pub lost: Vec<Lost>,
}

/// A sample that did not come back as it was.
#[derive(Debug, Deserialize, Serialize)]
pub(super) struct Lost {
    #[serde(rename = "type")]
    name: String,
    reason: String,
    sample: serde_json::Value,
}

/// Builds and runs the tests of all crates of the workspace; by package.
pub(super) fn run(out: &Path, jobs: usize) -> io::Result<BTreeMap<String, Samples>> {
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
        .stderr(Stdio::null());
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
    child.wait()?;
    Ok(crates)
}

/// A line of sums.
pub(super) fn totals(crates: &BTreeMap<String, Samples>) -> String {
    let sum = |count: fn(&Samples) -> usize| crates.values().map(count).sum::<usize>();
    format!(
        "samples of {} crates: {} of {} types and {} of {} samples come back as they were",
        crates.len(),
        sum(|crate_| crate_.types - crate_.lossy_types),
        sum(|crate_| crate_.types),
        sum(|crate_| crate_.samples - crate_.lost.len()),
        sum(|crate_| crate_.samples),
    )
}
