//! The project: its manifest, reading its files, and the report of a run.

mod files;
pub mod manifest;
mod reading;
pub mod report;
mod transcriptions;

pub use reading::{Description, LockFile, Project};
pub use transcriptions::{Transcription, Transcriptions};
