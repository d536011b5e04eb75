//! Generated files in memory.

use std::collections::BTreeMap;

/// The contents of files in bytes, by path. A path is relative to the output folder and has forward slashes.
pub type Files = BTreeMap<String, Vec<u8>>;
