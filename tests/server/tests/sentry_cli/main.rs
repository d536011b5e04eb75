//! `sentry-cli` against the service: for each command its exit code, its output, and the state that it leaves.
//!
//! `cargo xtask e2e` installs the versions and runs these tests. `SENTRY_CLI` has the paths of the programs, separated like
//! those of `PATH`.

#![allow(
    clippy::expect_used,
    reason = "a test panics where something is not as expected"
)]
#![allow(
    deprecated,
    reason = "`sentry-cli` also calls the deprecated operations"
)]

mod cli;
mod events;
mod isolated;
mod lists;
#[path = "../service/process.rs"]
#[allow(dead_code, reason = "the tests of the service need more of it")]
mod process;
mod releases;
mod uploads;
