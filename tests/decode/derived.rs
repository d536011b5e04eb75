//! The structs of the emitted models once more, with serde's derive. `build.rs` writes them.

#![allow(missing_docs, reason = "they are those of the emitted crate")]
#![allow(unused_imports, reason = "models of an API use what they need")]

use std::collections::BTreeMap;

use sentry_api::types::{Base64, Binary, Date, Secret, Timestamp, Uri};
use serde_json::Value;

include!(concat!(env!("OUT_DIR"), "/derived.rs"));
