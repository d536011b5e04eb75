//! What needs the inside of the runtime to be tested: tables made by hand, and the macros that emitted code uses.
//!
//! What a user of an emitted crate sees is tested in the workspace's `tests/`, with emitted crates.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "a test that fails panics")]

mod decode;
mod objects;
mod operations;
#[cfg(feature = "server")]
mod server;
mod unions;
