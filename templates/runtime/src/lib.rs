//! The Rust that every emitted crate contains, as a crate of its own.
//!
//! The generator copies the files of `types/`, `client/` and `server/` into each crate that it emits. What an emitted
//! crate adds from its API stands here as small files of an API without operations (`client/api.rs`,
//! `headers.rs`, `client/servers.rs`, `client/operations.rs`, `security/schemes.rs`, `server/operations.rs`,
//! `types/response_contracts.json`, `openapi.json` beside `src`), so that an editor, clippy and rustfmt know the rest, and
//! it has tests of its own. Those files are not copied.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![allow(dead_code, reason = "an API uses what it needs")]

pub mod models {
    //! The models: here, none.
}

#[cfg(any(feature = "client-without-tls", feature = "server"))]
pub mod header;

#[cfg(any(feature = "client-without-tls", feature = "server"))]
pub mod headers;

#[cfg(any(feature = "client-without-tls", feature = "server"))]
pub mod operation;

#[cfg(any(feature = "client-without-tls", feature = "server"))]
pub mod operations;

#[cfg(any(feature = "client-without-tls", feature = "server"))]
pub mod security;

pub mod types;

pub use types::{Decode, Decoded, Deviation, DeviationKind, Deviations, decode};

#[cfg(feature = "client-without-tls")]
pub mod client;

#[cfg(feature = "server")]
pub mod server;

#[cfg(test)]
mod tests;
