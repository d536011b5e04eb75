//! Merges the documents of all sources to one effective document. Records claims, verdicts and resolutions, and how well
//! each operation is known.

pub mod fidelity;
pub mod judged;
pub mod merge;
pub(crate) mod patterns;
