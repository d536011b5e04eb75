//! Reading and lowering of documents as they are found: in many files, with defects, with everything a schema can say.

#![allow(missing_docs, reason = "tests are read, not called")]
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that fails panics"
)]

mod defects;
mod depth;
mod effective;
mod keys;
mod multi_file;
mod patterns;
mod run;
mod schemas;
mod shadowed;
