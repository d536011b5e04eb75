//! `sentry-cli` against the example server, by the tests of that package: they start the server and look at its state.

use std::env::consts::{ARCH, OS};
use std::path::Path;

use specweave::console;

use super::programs::{command_succeeds, install_node, test_of_example_server};

/// The newest version, and the newest of those that still call operations of which later ones know nothing.
const VERSIONS: [&str; 2] = ["3.8.0", "2.58.6"];

pub(super) fn run() -> bool {
    let Some(package) = package() else {
        console::failure(&format!("there is no sentry-cli for {OS} on {ARCH}"));
        return false;
    };
    let alias = |version: &str| format!("sentry-cli-{version}");
    let packages = VERSIONS.map(|version| format!("{}@npm:{package}@{version}", alias(version)));
    let Some(modules) = install_node(&packages) else {
        return false;
    };
    let Ok(modules) = modules.canonicalize() else {
        return false;
    };
    let programs = VERSIONS.map(|version| modules.join(alias(version)).join("bin/sentry-cli"));
    match std::env::join_paths(programs.iter().map(Path::new)) {
        Ok(programs) => {
            command_succeeds(test_of_example_server("sentry_cli").env("SENTRY_CLI", programs))
        }
        Err(error) => {
            console::failure(&error.to_string());
            false
        }
    }
}

/// The package with the program for this machine.
fn package() -> Option<&'static str> {
    match (OS, ARCH) {
        ("linux", "x86_64") => Some("@sentry/cli-linux-x64"),
        ("linux", "aarch64") => Some("@sentry/cli-linux-arm64"),
        ("macos", _) => Some("@sentry/cli-darwin"),
        _ => None,
    }
}
