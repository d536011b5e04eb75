//! From several descriptions of one HTTP API to one Rust crate, in memory.
//!
//! Nothing in this library knows any particular API, opens a socket, or writes outside
//! [`output`]'s one writer.

pub mod diagnostic;
pub mod document;
pub mod emit;
pub mod explain;
pub mod external;
pub mod fidelity;
pub mod ir;
pub mod load;
pub mod lower;
pub mod manifest;
pub mod merge;
pub mod names;
pub mod normalize;
pub mod output;
pub mod overlay;
pub mod pipeline;
pub mod project;
pub mod report;
pub mod source;
pub mod suggest;
pub mod transcribe;
pub mod tree;
