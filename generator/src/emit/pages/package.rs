//! What makes a crate of the emitted modules: manifest and README.

mod manifest;

use std::collections::BTreeMap;

use serde::Serialize;

use self::manifest::{
    BROWSER_DEPENDENCIES, DEPENDENCIES, Dependency, NATIVE_DEPENDENCIES, manifest,
};

use super::template;
use crate::api::{Api, Name};
use crate::emit::doc;
use crate::emit::features::{FEATURES, Feature};
use crate::emit::rust::mounting;

/// What the description of an API cannot say about the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageOptions {
    /// Name of the package, such as `sentry-api`.
    pub name: String,
    /// Version of the package: a semantic version, unlike that of the API.
    pub version: String,
    /// One line for the registry; derived from the API's title when absent.
    pub description: Option<String>,
    /// SPDX expression; the manifest states none when absent.
    pub license: Option<String>,
    /// URL of the repository.
    pub repository: Option<String>,
    /// Whether the client is tested against the server, for every operation and status, and the examples of the
    /// documentation are compiled.
    pub loopback_tests: bool,
    /// Whether the examples of the descriptions become a test of the crate.
    pub example_tests: bool,
    /// Whether synthetic samples of every component become a test of the crate.
    pub sample_tests: bool,
}

impl PackageOptions {
    /// Options with a name and a version and nothing else.
    #[must_use]
    pub fn new(name: impl Into<String>, version: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            version: version.into(),
            description: None,
            license: None,
            repository: None,
            loopback_tests: false,
            example_tests: false,
            sample_tests: false,
        }
    }

    /// The name under which Rust knows the library, such as `sentry_api`.
    ///
    /// # Errors
    /// The package cannot have this name.
    pub fn library(&self) -> Result<Name, PackageError> {
        let invalid = || PackageError::Name(self.name.clone());
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let starts_with_letter = self.name.starts_with(|c: char| c.is_ascii_alphabetic());
        if !starts_with_letter || !self.name.chars().all(allowed) {
            return Err(invalid());
        }
        // Rust warns of a crate that is not in snake case.
        let words: Vec<&str> = self
            .name
            .split(['-', '_'])
            .filter(|word| !word.is_empty())
            .collect();
        let library = words.join("_").to_ascii_lowercase();
        let library = Name::new(&library).map_err(|_| invalid())?;
        // A raw name is a keyword, which Cargo refuses; the others would shadow what emitted paths start with.
        let reserved = ["std", "core", "alloc", "test", "proc_macro"];
        let is_dependency = |d: &Dependency| d.name.replace('-', "_") == library.as_str();
        if library.as_str() != library.plain()
            || reserved.contains(&library.as_str())
            || DEPENDENCIES.iter().any(is_dependency)
            || NATIVE_DEPENDENCIES.iter().any(is_dependency)
            || BROWSER_DEPENDENCIES.iter().any(is_dependency)
        {
            return Err(invalid());
        }
        Ok(library)
    }
}

/// Why no package could be made.
#[derive(Debug, thiserror::Error)]
pub enum PackageError {
    /// The package cannot have this name.
    #[error(
        "`{0}` cannot be the name of a package: take ASCII letters, digits, `-` and `_`, a letter first, and neither a \
         keyword nor a crate of the emitted code"
    )]
    Name(String),
    /// The version is no semantic version.
    #[error("`{0}` is not a semantic version such as `1.2.3`")]
    Version(String),
    /// The manifest cannot be written: a defect of this emitter.
    #[error("the manifest cannot be written: {0}")]
    Manifest(#[from] toml::ser::Error),
    /// A template cannot be rendered: a defect of this emitter.
    #[error("a template cannot be rendered: {0}")]
    Template(#[from] minijinja::Error),
}

/// `Cargo.toml`, `README.md` and `MIGRATING.md`, by their path in the crate. `patterns` tells whether requests have patterns.
///
/// # Errors
/// The options name an impossible package; everything else is a defect of this emitter.
pub fn generate(
    api: &Api,
    options: &PackageOptions,
    patterns: bool,
) -> Result<BTreeMap<String, Vec<u8>>, PackageError> {
    options.library()?;
    if semver::Version::parse(&options.version).is_err() {
        return Err(PackageError::Version(options.version.clone()));
    }
    let mut files = BTreeMap::new();
    files.insert(
        "Cargo.toml".to_owned(),
        manifest(api, options, patterns)?.into_bytes(),
    );
    files.insert("README.md".to_owned(), readme(api, options)?.into_bytes());
    files.insert("MIGRATING.md".to_owned(), migrating(options)?.into_bytes());
    Ok(files)
}

/// What the template of the README is filled with; all text is markdown.
#[derive(Serialize)]
struct Readme<'a> {
    package: &'a str,
    version: &'a str,
    title: String,
    api_version: String,
    description: Option<String>,
    operations: usize,
    webhooks: Option<usize>,
    types: usize,
    features: &'static [Feature],
    /// The expression that mounts some groups.
    mounting: String,
    sources: Vec<ReadmeSource>,
}

#[derive(Serialize)]
struct ReadmeSource {
    id: String,
    title: String,
    operations: usize,
}

fn readme(api: &Api, options: &PackageOptions) -> Result<String, PackageError> {
    let line = |text: &str| doc::lines(text).join(" ");
    let sources = api.sources.iter().map(|source| ReadmeSource {
        id: line(&doc::code(&source.id)),
        title: doc::plain(&source.title),
        operations: source.operations,
    });
    let readme = Readme {
        package: &options.name,
        version: &options.version,
        title: doc::plain(&api.title),
        api_version: line(&doc::code(&api.version)),
        description: api
            .description
            .as_deref()
            .map(|text| doc::lines(text).join("\n")),
        operations: api.operations.len(),
        webhooks: api
            .webhooks
            .as_ref()
            .map(|webhooks| webhooks.operations.len()),
        types: api.types.len(),
        features: &FEATURES,
        mounting: mounting(api),
        sources: sources.collect(),
    };
    Ok(template::render(specweave_templates::README, &readme)?)
}

/// What becomes of calls that were written with `reqwest`.
fn migrating(options: &PackageOptions) -> Result<String, PackageError> {
    #[derive(Serialize)]
    struct Migrating<'a> {
        package: &'a str,
        library: String,
    }
    let migrating = Migrating {
        package: &options.name,
        library: options.library()?.as_str().to_owned(),
    };
    Ok(template::render(
        specweave_templates::MIGRATING,
        &migrating,
    )?)
}

#[cfg(test)]
mod tests {
    use semver::Version;

    use super::PackageOptions;

    #[test]
    fn names_that_cargo_or_emitted_paths_cannot_take_are_refused() {
        let library = |name: &str| PackageOptions::new(name, "0.1.0").library();
        assert_eq!(library("sentry-api").unwrap().as_str(), "sentry_api");
        for refused in [
            "",
            "1st",
            "a b",
            "caf\u{e9}",
            "type",
            "std",
            "serde-json",
            "../x",
        ] {
            assert!(library(refused).is_err(), "{refused}");
        }
    }

    #[test]
    fn versions_of_apis_are_not_versions_of_crates() {
        for version in ["0.1.0", "1.2.3-rc.1+build.5", "1.0.0+1"] {
            assert!(Version::parse(version).is_ok(), "{version}");
        }
        for refused in [
            "2023-06",
            "v1",
            "1.0",
            "01.0.0",
            "1.0.0-",
            "1.0.0-\u{e9}",
            "",
        ] {
            assert!(Version::parse(refused).is_err(), "{refused}");
        }
    }
}
