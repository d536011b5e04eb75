//! The emitted `Cargo.toml`.

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;

use super::{PackageError, PackageOptions};
use crate::api::Api;
use crate::emit::doc;
use crate::emit::features::FEATURES;
use crate::emit::rust::source_file::HEADER;

/// A dependency of the emitted crate.
pub(super) struct Dependency {
    pub(super) name: &'static str,
    version: &'static str,
    features: &'static [&'static str],
    /// Whether its default features are wanted.
    defaults: bool,
    /// The features that bring it in. The types need those that have none.
    only_for: &'static [&'static str],
}

const fn light(name: &'static str, version: &'static str) -> Dependency {
    Dependency {
        name,
        version,
        features: &[],
        defaults: false,
        only_for: &[],
    }
}

/// For the patterns of requests, where there are any.
const REGEX: &str = "regex";

/// All dependencies of every emitted crate, sorted by name.
pub(super) const DEPENDENCIES: [Dependency; 24] = [
    Dependency {
        features: &["multipart", "original-uri"],
        only_for: &["server"],
        ..light("axum", "0.8")
    },
    // The version that `reqwest` has, so that there is one.
    Dependency {
        features: &["alloc"],
        ..light("base64", "0.23")
    },
    Dependency {
        defaults: true,
        ..light("bytes", "1")
    },
    Dependency {
        only_for: &["chrono"],
        ..light("chrono", "0.4")
    },
    Dependency {
        defaults: true,
        only_for: &["gzip"],
        ..light("flate2", "1")
    },
    Dependency {
        features: &["alloc"],
        only_for: &["client-without-tls", "serve", "fake"],
        ..light("futures-util", "0.3")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls", "server"],
        ..light("http", "1")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls"],
        ..light("http-body", "1")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls", "server"],
        ..light("http-body-util", "0.1")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls"],
        ..light("httpdate", "1")
    },
    Dependency {
        features: &["http1", "server-auto", "service", "tokio"],
        only_for: &["serve"],
        ..light("hyper-util", "0.1")
    },
    Dependency {
        features: &["std"],
        ..light("jiff", "0.2")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls", "server"],
        ..light("percent-encoding", "2")
    },
    Dependency {
        defaults: true,
        only_for: &["server"],
        ..light(REGEX, "1")
    },
    Dependency {
        features: &["http2", "system-proxy"],
        only_for: &["client-without-tls"],
        ..light("reqwest", "0.13")
    },
    Dependency {
        features: &["derive"],
        defaults: true,
        ..light("serde", "1")
    },
    Dependency {
        defaults: true,
        ..light("serde_json", "1")
    },
    // For the errors of the types, so that every crate has it; its macro uses the `syn` that that of `serde` uses.
    light("thiserror", "2"),
    Dependency {
        only_for: &["time"],
        ..light("time", "0.3")
    },
    Dependency {
        features: &["rt", "sync", "time"],
        only_for: &["client-without-tls", "serve", "fake"],
        ..light("tokio", "1")
    },
    Dependency {
        features: &["add-extension", "catch-panic", "timeout"],
        only_for: &["serve"],
        ..light("tower-http", "0.6")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls", "server"],
        ..light("tower-service", "0.3")
    },
    Dependency {
        only_for: &["tracing"],
        ..light("tracing", "0.1")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls"],
        ..light("url", "2")
    },
];

/// The further dependency of the client everywhere else, which `reqwest` has there, too: for the reasons of HTTP/2.
pub(super) const NATIVE_DEPENDENCIES: [Dependency; 1] = [Dependency {
    only_for: &["client-without-tls"],
    ..light("h2", "0.4")
}];

/// The further dependencies of the client in a browser: streams of `reqwest`, tasks and timers.
pub(super) const BROWSER_DEPENDENCIES: [Dependency; 3] = [
    Dependency {
        features: &["stream"],
        only_for: &["client-without-tls"],
        ..light("reqwest", "0.13")
    },
    Dependency {
        defaults: true,
        only_for: &["client-without-tls"],
        ..light("wasm-bindgen-futures", "0.4")
    },
    Dependency {
        features: &["tokio"],
        only_for: &["client-without-tls"],
        ..light("wasmtimer", "0.4")
    },
];

/// Where these are needed.
const BROWSER: &str = "cfg(target_arch = \"wasm32\")";
const NATIVE: &str = "cfg(not(target_arch = \"wasm32\"))";

#[derive(Serialize)]
struct ManifestTarget<'a> {
    dependencies: IndexMap<&'a str, ManifestDependency<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Manifest<'a> {
    package: ManifestPackage<'a>,
    lib: ManifestLibrary,
    features: IndexMap<&'a str, Vec<String>>,
    dependencies: IndexMap<&'a str, ManifestDependency<'a>>,
    target: IndexMap<&'a str, ManifestTarget<'a>>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    dev_dependencies: IndexMap<&'a str, ManifestDependency<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    test: &'static [ManifestTest],
}

/// A test that the crate brings along.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestTest {
    name: &'static str,
    path: &'static str,
    required_features: &'static [&'static str],
}

/// The tests of the client against the server and of the examples of the documentation.
const TESTS: [ManifestTest; 2] = [
    ManifestTest {
        name: "documentation",
        path: "tests/documentation.rs",
        required_features: &["mock", "server"],
    },
    ManifestTest {
        name: "loopback",
        path: "tests/loopback/main.rs",
        required_features: &["client-without-tls", "fake"],
    },
];

/// What the loopback test needs beyond the dependencies of its features: a socket to serve on.
const AXUM_FOR_TESTS: ManifestDependency<'_> = ManifestDependency {
    version: "0.8",
    default_features: false,
    features: &["http1", "tokio"],
    optional: false,
};

/// What the loopback test needs beyond the dependencies of its features: a runtime.
const TOKIO_FOR_TESTS: ManifestDependency<'_> = ManifestDependency {
    version: "1",
    default_features: false,
    features: &["macros", "net", "rt"],
    optional: false,
};

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestPackage<'a> {
    name: &'a str,
    version: &'a str,
    edition: &'a str,
    rust_version: &'a str,
    description: String,
    readme: &'a str,
    categories: [&'a str; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repository: Option<&'a str>,
    metadata: ManifestMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestMetadata {
    docs: ManifestDocs,
    cargo_semver_checks: ManifestSemverChecks,
}

#[derive(Serialize)]
struct ManifestSemverChecks {
    lints: IndexMap<&'static str, ManifestLint>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestLint {
    required_update: &'static str,
}

/// The lints of `cargo semver-checks` for what the crate promises to be minor: see "Versions" in the documentation of its root.
const MINOR_LINTS: [&str; 2] = ["constructible_struct_adds_field", "enum_variant_added"];

#[derive(Serialize)]
struct ManifestDocs {
    rs: ManifestDocsRs,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestDocsRs {
    all_features: bool,
}

#[derive(Serialize)]
struct ManifestLibrary {
    name: String,
    /// Examples in descriptions are nobody's Rust.
    doctest: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct ManifestDependency<'a> {
    version: &'a str,
    #[serde(skip_serializing_if = "is_true")]
    default_features: bool,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    features: &'a [&'a str],
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    optional: bool,
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
fn is_true(value: &bool) -> bool {
    *value
}

fn entries<'a>(
    dependencies: impl Iterator<Item = &'a Dependency>,
) -> IndexMap<&'static str, ManifestDependency<'static>> {
    let entries = dependencies.map(|dependency| {
        let entry = ManifestDependency {
            version: dependency.version,
            default_features: dependency.defaults,
            features: dependency.features,
            optional: !dependency.only_for.is_empty(),
        };
        (dependency.name, entry)
    });
    entries.collect()
}

pub(super) fn manifest(
    api: &Api,
    options: &PackageOptions,
    patterns: bool,
) -> Result<String, PackageError> {
    let is_needed = |dependency: &&Dependency| patterns || dependency.name != REGEX;
    let description = options.description.clone().unwrap_or_else(|| {
        let title = doc::one_line(&api.title);
        format!("Types, a client and server traits for {title}")
    });
    let defaults = FEATURES.iter().filter(|feature| feature.default);
    let defaults = defaults.map(|feature| feature.name.to_owned()).collect();
    let mut features = IndexMap::from([("default", defaults)]);
    for feature in FEATURES {
        let dependencies: IndexSet<String> = DEPENDENCIES
            .iter()
            .chain(&NATIVE_DEPENDENCIES)
            .chain(&BROWSER_DEPENDENCIES)
            .filter(is_needed)
            .filter(|dependency| dependency.only_for.contains(&feature.name))
            .map(|dependency| format!("dep:{}", dependency.name))
            .collect();
        let implied = feature.implies.iter().map(|implied| (*implied).to_owned());
        let all = dependencies.into_iter().chain(implied);
        features.insert(feature.name, all.collect());
    }
    let native = ManifestTarget {
        dependencies: entries(NATIVE_DEPENDENCIES.iter()),
    };
    let browser = ManifestTarget {
        dependencies: entries(BROWSER_DEPENDENCIES.iter()),
    };
    let mut dev_dependencies = IndexMap::new();
    let mut test: &[ManifestTest] = &[];
    if options.loopback_tests {
        dev_dependencies.extend([("axum", AXUM_FOR_TESTS), ("tokio", TOKIO_FOR_TESTS)]);
        test = &TESTS;
    }
    let manifest = Manifest {
        package: ManifestPackage {
            name: &options.name,
            version: &options.version,
            edition: "2024",
            rust_version: "1.88",
            description,
            readme: "README.md",
            categories: ["api-bindings"],
            license: options.license.as_deref(),
            repository: options.repository.as_deref(),
            metadata: ManifestMetadata {
                docs: ManifestDocs {
                    rs: ManifestDocsRs { all_features: true },
                },
                cargo_semver_checks: ManifestSemverChecks {
                    lints: MINOR_LINTS
                        .map(|lint| {
                            let required_update = "minor";
                            (lint, ManifestLint { required_update })
                        })
                        .into(),
                },
            },
        },
        lib: ManifestLibrary {
            name: options.library()?.plain().to_owned(),
            doctest: false,
        },
        features,
        dependencies: entries(DEPENDENCIES.iter().filter(is_needed)),
        target: IndexMap::from([(NATIVE, native), (BROWSER, browser)]),
        dev_dependencies,
        test,
    };
    let header = HEADER.replacen("//", "#", 1);
    Ok(format!("{header}\n{}", toml::to_string(&manifest)?))
}
