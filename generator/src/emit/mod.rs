//! From the frozen [`Api`] to files in memory. Emitters decide nothing: every name and every choice
//! stands in the [`Api`].

pub mod client;
pub mod code;
pub mod doc;
pub mod examples;
pub mod fidelity_page;
mod format;
mod indentation;
pub mod loopback;
pub mod models;
mod module_files;
pub mod openapi;
pub mod package;
mod parallel;
pub mod promises;
pub mod reconciliation;
pub mod rust;
pub mod sample;
pub mod samples;
pub mod server;
mod template;
mod yaml;

use std::thread;

use crate::fidelity::Fidelity;
use crate::ir::{Api, Name};
use crate::merge::Merged;
use crate::output::Files;

use package::{PackageError, PackageOptions};
use rust::FormatError;

/// Why a crate could not be emitted.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// Emitted tokens cannot be formatted.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The package cannot be described.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A text file cannot be rendered.
    #[error("a template cannot be rendered: {0}")]
    Template(#[from] minijinja::Error),
    /// What the descriptions promise cannot be written.
    #[error("what the descriptions promise cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The effective description cannot be written.
    #[error("the effective description cannot be written: {0}")]
    Yaml(#[from] serde_yaml::Error),
}

/// All files of the crate.
///
/// # Errors
/// The package's name or version is invalid, or an emitter has a defect.
pub fn crate_files(
    api: &Api,
    merged: &Merged,
    known: &[Fidelity],
    options: &PackageOptions,
) -> Result<Files, EmitError> {
    let library: Name = options.library()?;
    let mut files = Files::new();
    files.extend(package::generate(api, options)?);
    // The effective description is the only large file that is not made of many parts.
    let description = thread::scope(|scope| {
        let description = scope.spawn(|| openapi::generate(api, merged, &library));
        files.extend(models::generate(api)?);
        files.extend(client::generate(api)?);
        files.extend(server::generate(api)?);
        files.extend(loopback::generate(api, &library)?);
        match description.join() {
            Ok(description) => Ok::<_, EmitError>(description),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    files.insert("openapi.yaml".to_owned(), description);
    files.insert(
        "src/client/promises.json".to_owned(),
        promises::generate(api)?,
    );
    if options.example_tests {
        files.extend(examples::generate(api, &library)?);
    }
    if options.sample_tests {
        files.extend(samples::generate(api, merged, &library)?);
    }
    files.insert(
        "FIDELITY.md".to_owned(),
        fidelity_page::generate(&merged.document, known)?,
    );
    files.insert(
        "RECONCILIATION.md".to_owned(),
        reconciliation::generate(api, merged)?,
    );
    Ok(files)
}
