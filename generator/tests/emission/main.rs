//! What is emitted: a few lines of OpenAPI in, whole items of the emitted crate out as they stand in its files, one behaviour
//! a test.
//!
//! [`run`] tells how descriptions are written and items are cut out. A snapshot that has to change is accepted with
//! `cargo insta review`.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

mod bodies;
mod client;
mod constants;
mod docs;
mod enums;
mod files;
mod loopback;
mod operations;
mod responses;
mod run;
mod server;
mod shadowing;
mod structs;
mod unions;
mod webhooks;
