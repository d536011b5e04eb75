//! Everything that is tested across crates, in one binary.

#![allow(missing_docs, reason = "tests are read, not called")]

mod acceptance;
mod client_runtime;
mod current;
mod determinism;
mod negative;
mod server_runtime;
mod snapshots;
mod types;
mod workspace;
