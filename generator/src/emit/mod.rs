//! From the frozen [`Api`] to files in memory. Emitters decide nothing: every name and every choice
//! stands in the [`Api`].

pub mod doc;
mod features;
pub mod pages;
pub mod rust;
pub mod tokens;

use crate::api::{Api, Name};
use crate::description::source::SourceMap;
use crate::files::Files;
use crate::parallel;
use crate::reconcile::fidelity::Fidelity;
use crate::reconcile::merge::Merged;

use pages::package::{self, PackageError, PackageOptions};
use pages::{fidelity_page, openapi, reconciliation, request_schemas, response_contracts};
use rust::source_file::FormatError;

/// Why a crate could not be emitted.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// Emitted Rust cannot be parsed.
    #[error(transparent)]
    Format(#[from] FormatError),
    /// The package cannot be described.
    #[error(transparent)]
    Package(#[from] PackageError),
    /// A text file cannot be rendered.
    #[error("a template cannot be rendered: {0}")]
    Template(#[from] minijinja::Error),
    /// A file of JSON cannot be written.
    #[error("a file of JSON cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    /// The effective description cannot be written.
    #[error("the effective description cannot be written: {0}")]
    Yaml(#[from] serde_yaml::Error),
}

/// All files of the crate. `sources` are the files that were merged.
///
/// # Errors
/// The package's name or version is invalid, or an emitter has a defect.
pub fn crate_files(
    api: &Api,
    merged: &Merged,
    known: &[Fidelity],
    sources: &SourceMap,
    options: &PackageOptions,
) -> Result<Files, EmitError> {
    let library: Name = options.library()?;
    let package = rust::Package {
        name: &options.name,
        version: &options.version,
        has_loopback_tests: options.loopback_tests,
        has_example_tests: options.example_tests,
    };
    let ((description, others), (rust, served)) = parallel::join(
        || {
            parallel::join(
                || openapi::generate(api, merged, &library),
                || other_files(api, merged, known, sources, options, &library),
            )
        },
        || {
            parallel::join(
                || rust::generate(api, &library, package),
                || openapi::generate_json(api, merged, &library),
            )
        },
    );
    let mut files = others?;
    files.extend(rust?);
    files.insert("openapi.yaml".to_owned(), description?);
    files.insert("openapi.json".to_owned(), served?);
    Ok(files)
}

/// The files besides the effective description and the sources.
fn other_files(
    api: &Api,
    merged: &Merged,
    known: &[Fidelity],
    sources: &SourceMap,
    options: &PackageOptions,
    library: &Name,
) -> Result<Files, EmitError> {
    let mut files = Files::new();
    let (schemas, patterns) = request_schemas::generate(api, &merged.document)?;
    files.insert("src/server/request_schemas.json".to_owned(), schemas);
    files.extend([rust::pattern(patterns)]);
    files.extend(package::generate(api, options, patterns)?);
    files.insert(
        "src/types/response_contracts.json".to_owned(),
        response_contracts::generate(api)?,
    );
    if options.sample_tests {
        files.extend(rust::sample_tests(api, merged, library)?);
    }
    files.insert(
        "FIDELITY.md".to_owned(),
        fidelity_page::generate(merged, known, sources)?,
    );
    files.insert(
        "RECONCILIATION.md".to_owned(),
        reconciliation::generate(api, merged, sources)?,
    );
    Ok(files)
}
