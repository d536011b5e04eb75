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
