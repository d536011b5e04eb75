//! `cargo xtask e2e`: programs of others against what this repository makes.
//!
//! - `openapi-spec-validator` validates the effective API.
//! - `sentry-cli`, in two versions, drives the example server.
//! - the command `sentry` and Sentry's server of the Model Context Protocol drive it, too.
//! - the SDKs of Sentry for Python and for Node send events to the example server.
//! - `schemathesis` calls every operation of the example server as the effective API describes it, and as it does not.
//! - Chromium shows the site of `docs`.
//! - `cargo-semver-checks`, where it is installed, compares emitted crates, and `diff` their descriptions.
//! - `cargo publish --dry-run` packs the tool and the emitted crate, and builds what it has packed.
//!
//! The packages of Python and of Node are installed below `target/e2e`, and those programs talk to this machine alone. Chromium
//! and cargo-semver-checks have to be installed; `cargo publish --dry-run` reads the registry.

mod clients;
mod programs;
mod schemathesis;
mod sdks;
mod sentry_cli;
mod service;
mod site;
mod versions;

use std::process::Command;

use clap::ValueEnum;
use specweave::console;

use programs::{FOLDER, command_succeeds, install_python, succeeds};

const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

/// The documents to validate.
const DOCUMENTS: [&str; 2] = ["generated/openapi.yaml", "specs/projects.yaml"];

/// A part of `e2e`.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// Validates the effective API.
    Documents,
    /// Runs `sentry-cli` against the example server.
    SentryCli,
    /// Runs the command `sentry` and Sentry's server of the Model Context Protocol against the example server.
    Clients,
    /// Runs the SDKs of Sentry against the example server.
    Sdks,
    /// Runs `schemathesis` against the example server.
    Schemathesis,
    /// Looks at the site of `docs` in Chromium.
    Site,
    /// Compares the verdicts of `diff` with those of `cargo-semver-checks`, if that is installed.
    Versions,
    /// Packs and builds what is published.
    Packages,
}

/// Runs the parts; all of them if none is named.
pub(crate) fn run(parts: &[Part]) -> bool {
    let parts = if parts.is_empty() {
        Part::value_variants()
    } else {
        parts
    };
    parts.iter().all(|part| match part {
        Part::Documents => validate(),
        Part::SentryCli => sentry_cli::run(),
        Part::Clients => clients::run(),
        Part::Sdks => sdks::run(),
        Part::Schemathesis => schemathesis::run(),
        Part::Site => site::run(),
        Part::Versions => versions::run(),
        Part::Packages => pack(),
    })
}

/// What is published: the tool with what it depends on, and the emitted crate.
const PACKAGES: [&str; 5] = [
    "specweave-runtime",
    "specweave-templates",
    "specweave-generator",
    "specweave",
    "sentry-api",
];

/// Packs them and builds them from their packages; what is not committed yet is packed, too.
///
/// Cargo keeps the sources of a registry by its path, and the registry of a dry run lies in the target folder. In the same
/// folder, a second run would build what the first one has packed.
fn pack() -> bool {
    let target = std::fs::create_dir_all(FOLDER).and_then(|()| tempfile::tempdir_in(FOLDER));
    let target = match target {
        Ok(target) => target,
        Err(error) => {
            console::failure(&format!("cannot create a folder in {FOLDER}: {error}"));
            return false;
        }
    };
    let mut cargo = Command::new("cargo");
    cargo.args(["publish", "--dry-run", "--allow-dirty", "--locked"]);
    cargo.arg("--target-dir").arg(target.path());
    for package in PACKAGES {
        cargo.args(["--package", package]);
    }
    // Each package is built by itself, with none of the settings of this workspace.
    command_succeeds(cargo.env("CARGO_PROFILE_DEV_DEBUG", "false"))
}

fn validate() -> bool {
    let Some(python) = install_python("validator", VALIDATOR) else {
        return false;
    };
    let arguments = ["-m", "openapi_spec_validator"];
    succeeds(&python, arguments.into_iter().chain(DOCUMENTS))
}
