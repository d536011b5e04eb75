//! Two younger clients of Sentry against the service: the command `sentry`, and the server of the Model Context Protocol,
//! which checks every response against schemas of its own.
//!
//! `cargo xtask e2e clients` installs them and runs these tests: `SENTRY_CLIENTS` is the folder of their programs.

#![allow(
    clippy::expect_used,
    reason = "a test panics where something is not as expected"
)]

mod command;
mod context_server;
#[path = "../sentry_cli/isolated.rs"]
mod isolated;
#[path = "../service/process.rs"]
#[allow(dead_code, reason = "the tests of the service need more of it")]
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;

/// One of the programs, which keeps its files in a folder.
fn program(name: &str, folder: &Path) -> Command {
    let programs = std::env::var_os("SENTRY_CLIENTS").expect("SENTRY_CLIENTS is a folder");
    let mut command = isolated::isolated(&PathBuf::from(programs).join(name), folder);
    command.env("SENTRY_CLI_NO_TELEMETRY", "1");
    command
}
