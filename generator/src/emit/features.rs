//! The features of an emitted crate: its manifest has them, and its documentation explains them.

use serde::Serialize;

/// A feature of every emitted crate.
#[derive(Serialize)]
pub struct Feature {
    /// As Cargo knows it.
    pub name: &'static str,
    /// What it adds.
    pub adds: &'static str,
    /// Other features that it turns on.
    pub implies: &'static [&'static str],
}

/// The features in the order of the manifest.
pub const FEATURES: [Feature; 7] = [
    Feature {
        name: "client",
        adds: "The asynchronous client, with TLS by `rustls`.",
        implies: &["client-without-tls", "reqwest/rustls"],
    },
    Feature {
        name: "client-native-tls",
        adds: "The asynchronous client, with the TLS of the operating system.",
        implies: &["client-without-tls", "reqwest/native-tls"],
    },
    Feature {
        name: "client-without-tls",
        adds: "The asynchronous client, for `http` alone: for tests, or behind a proxy that adds TLS.",
        implies: &[],
    },
    Feature {
        name: "deviations",
        adds: "Reports of responses that are not as the descriptions promise.",
        implies: &["client-without-tls"],
    },
    Feature {
        name: "server",
        adds: "A trait for each tag, and a router that serves it.",
        implies: &[],
    },
    Feature {
        name: "chrono",
        adds: "Conversions between `Timestamp` and `chrono`.",
        implies: &[],
    },
    Feature {
        name: "time",
        adds: "Conversions between `Timestamp` and `time`.",
        implies: &[],
    },
];
