//! The command as its user sees it: arguments, what it prints, exit codes, files.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

mod console;
mod diff;
mod docs;
mod export;
mod init;
mod lint;
mod observe;
mod refused;
mod runs_at_once;

use std::path::Path;
use std::process::{Command, Output};

/// Runs the command in a folder.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_specweave"))
        .current_dir(folder)
        .args(arguments)
        .output()
        .unwrap()
}
