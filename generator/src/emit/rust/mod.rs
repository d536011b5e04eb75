//! The Rust of the emitted crate, from the frozen [`Api`] alone.

mod client;
mod example;
mod examples;
mod imports;
mod library;
mod loopback;
mod models;
mod operations;
mod round_trip_test;
mod runtime;
mod sample;
mod scope;
mod security;
mod server;
pub mod source_file;
mod value_type;

use std::collections::BTreeMap;

use crate::api::{Api, Name};
use crate::parallel;

pub use loopback::left_out;
pub use round_trip_test::generate as sample_tests;
pub use runtime::pattern;
pub use sample::sample;
pub use scope::type_text;
pub use server::mounting;
use source_file::FormatError;

/// The package that is emitted.
#[derive(Debug, Clone, Copy)]
pub struct Package<'a> {
    /// Its name, such as `sentry-api`.
    pub name: &'a str,
    /// Its version.
    pub version: &'a str,
    /// Whether it has a test of the client against the server, and one of the examples of the documentation.
    pub has_loopback_tests: bool,
    /// Whether it has a test of the examples of the descriptions.
    pub has_example_tests: bool,
}

/// The sources and tests of the crate by their path in it. `library` is the name of its library.
///
/// # Errors
/// Emitted Rust cannot be parsed: a defect of an emitter.
pub fn generate(
    api: &Api,
    library: &Name,
    package: Package,
) -> Result<BTreeMap<String, Vec<u8>>, FormatError> {
    let mut files = runtime::shared();
    files.insert(
        "src/lib.rs".to_owned(),
        library::generate(api, library, package)?,
    );
    files.insert(
        "src/security/schemes.rs".to_owned(),
        security::generate(api)?,
    );
    files.insert("rustfmt.toml".to_owned(), RUSTFMT.into());
    let ((server, client), (models, operations)) = parallel::join(
        || parallel::join(|| server::generate(api), || client::generate(api, library)),
        || parallel::join(|| models::generate(api), || operations::generate(api)),
    );
    files.extend(server?);
    files.extend(client?);
    files.extend(models?);
    files.extend(operations?);
    if package.has_loopback_tests {
        files.extend(loopback::generate(api, library)?);
        let documentation = library::documentation_test(api, library)?;
        files.insert("tests/documentation.rs".to_owned(), documentation);
    }
    if package.has_example_tests {
        files.extend(examples::generate(api, library)?);
    }
    Ok(files)
}

/// The crate is formatted by its generator, and a formatter with other settings leaves it alone.
const RUSTFMT: &str = "# Formatted by the generator.\ndisable_all_formatting = true\n";
