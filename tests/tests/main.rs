//! Everything that is tested across crates, in one binary.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

mod acceptance;
mod client_runtime;
mod current;
mod determinism;
mod explain;
mod fake;
mod fidelity;
mod media_types;
mod merge_laws;
mod mock;
mod models;
mod names;
mod negative;
mod over_http;
mod programs;
mod snapshots;
mod wire;
mod workspace;
