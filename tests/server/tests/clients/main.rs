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
#[path = "../service/process.rs"]
#[allow(dead_code, reason = "the tests of the service need more of it")]
mod process;

use std::path::{Path, PathBuf};
use std::process::Command;

/// One of the programs, which keeps its files in a folder. A proxy that is not there keeps it on this machine.
fn program(name: &str, folder: &Path) -> Command {
    let programs = std::env::var_os("SENTRY_CLIENTS").expect("SENTRY_CLIENTS is a folder");
    let nowhere = "http://127.0.0.1:9";
    let mut command = Command::new(PathBuf::from(programs).join(name));
    command
        .current_dir(folder)
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", folder)
        .env("SENTRY_CLI_NO_TELEMETRY", "1")
        .envs([
            ("http_proxy", nowhere),
            ("https_proxy", nowhere),
            ("no_proxy", "127.0.0.1"),
        ]);
    command
}
