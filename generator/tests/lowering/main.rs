//! What descriptions become in the frozen API: a few lines of OpenAPI in, the types or operations out, one behaviour a test.
//!
//! [`text`] explains how they are written. A snapshot that has to change is accepted with `cargo insta review`.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

mod bodies;
mod boxes;
mod combinations;
mod directions;
mod enums;
mod names;
mod objects;
mod operations;
mod parameters;
mod presence;
mod run;
mod scalars;
mod sources;
mod text;
mod unions;
mod webhooks;
