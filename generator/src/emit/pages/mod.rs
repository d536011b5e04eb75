//! What the emitted crate contains besides Rust: the effective description, pages about how it came about, the package.
//!
//! Pages tell what was reconciled, so they read the merged document beside the [`Api`](crate::api::Api).

pub mod fidelity_page;
mod lines;
pub mod openapi;
pub mod package;
pub mod reconciliation;
pub mod request_schemas;
pub mod response_contracts;
mod template;
mod yaml;
