//! The texts that the generator fills in or copies: pages of the emitted crates, their tests, and pages of the site.
//!
//! Pages are templates of `minijinja`. The Rust that every emitted crate contains is in the package `specweave-runtime`.

/// `README.md` of an emitted crate.
pub const README: &str = include_str!("README.md.jinja");

/// `MIGRATING.md` of an emitted crate.
pub const MIGRATING: &str = include_str!("MIGRATING.md.jinja");

/// `RECONCILIATION.md` of an emitted crate.
pub const RECONCILIATION: &str = include_str!("RECONCILIATION.md.jinja");

/// `FIDELITY.md` of an emitted crate.
pub const FIDELITY: &str = include_str!("FIDELITY.md.jinja");

/// What the loopback test of an emitted crate calls.
pub const LOOPBACK_HARNESS: &str = include_str!("loopback/harness.rs");

/// What the test of the examples reads recorded payloads with.
pub const EXAMPLES_PAYLOADS: &str = include_str!("examples/payloads.rs");

/// What the test of the examples decodes and encodes with.
pub const EXAMPLES_ROUND_TRIP: &str = include_str!("examples/round_trip.rs");

/// What the test of synthetic samples decodes and encodes with.
pub const SAMPLES_ROUND_TRIP: &str = include_str!("samples/round_trip.rs");

/// Files of a site that are the same for every API, by their paths.
pub const SITE_FILES: &[(&str, &str)] = &[
    ("site.js", include_str!("site/site.js")),
    ("style.css", include_str!("site/style.css")),
];

macro_rules! pages {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("site/", $name, ".html.jinja")))),*]
    };
}

/// The pages of a site, by their names.
pub const SITE_PAGES: &[(&str, &str)] = pages![
    "changes",
    "differences",
    "frame",
    "macros",
    "operation",
    "operations",
    "overview",
    "type",
    "types",
];
