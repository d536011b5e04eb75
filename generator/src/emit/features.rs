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
    /// Whether it is on by default.
    pub default: bool,
}

/// The features in the order of the manifest.
pub const FEATURES: [Feature; 18] = [
    Feature {
        name: "client",
        adds: "The asynchronous client, with TLS by `rustls`.",
        implies: &["client-without-tls", "reqwest/rustls"],
        default: false,
    },
    Feature {
        name: "client-native-tls",
        adds: "The asynchronous client, with the TLS of the operating system.",
        implies: &["client-without-tls", "reqwest/native-tls"],
        default: false,
    },
    Feature {
        name: "client-without-tls",
        adds: "The asynchronous client, for `http` alone: for tests, or behind a proxy that adds TLS.",
        implies: &[],
        default: false,
    },
    Feature {
        name: "deviations",
        adds: "The sources of each deviation, and `ClientBuilder::on_deviation`. On by default.",
        implies: &[],
        default: true,
    },
    Feature {
        name: "gzip",
        adds: "Responses compressed with gzip, and `ClientBuilder::compress_requests`. Limits count what is decompressed.",
        implies: &["client-without-tls"],
        default: false,
    },
    Feature {
        name: "brotli",
        adds: "Responses compressed with brotli.",
        implies: &["client-without-tls", "reqwest/brotli"],
        default: false,
    },
    Feature {
        name: "deflate",
        adds: "Responses compressed with deflate.",
        implies: &["client-without-tls", "reqwest/deflate"],
        default: false,
    },
    Feature {
        name: "zstd",
        adds: "Responses compressed with zstd.",
        implies: &["client-without-tls", "reqwest/zstd"],
        default: false,
    },
    Feature {
        name: "blocking",
        adds: "`client::blocking`: waits for calls in code that is not asynchronous.",
        implies: &["client-without-tls", "tokio/rt-multi-thread"],
        default: false,
    },
    Feature {
        name: "mock",
        adds: "`client::mock`: a client for tests, with answers that are set in advance, without a socket.",
        implies: &["client-without-tls"],
        default: false,
    },
    Feature {
        name: "har",
        adds: "`client::har`: records exchanges with a server as HAR, and replays them in tests.",
        implies: &["mock"],
        default: false,
    },
    Feature {
        name: "server",
        adds: "A trait for each tag, and a router that serves it.",
        implies: &[],
        default: false,
    },
    Feature {
        name: "serve",
        adds: "`server::serve`: a server with time limits, a limit on connections and a graceful shutdown.",
        implies: &["server", "axum/tokio", "tokio/net"],
        default: false,
    },
    Feature {
        name: "document",
        adds: "`server::document`: serves the description as `/openapi.json`, with a page for readers.",
        implies: &["server"],
        default: false,
    },
    Feature {
        name: "fake",
        adds: "`server::fake`: responds to every operation from the description, in a process or as a server.",
        implies: &["document", "deviations"],
        default: false,
    },
    Feature {
        name: "chrono",
        adds: "Conversions between `Timestamp` and `chrono`.",
        implies: &[],
        default: false,
    },
    Feature {
        name: "time",
        adds: "Conversions between `Timestamp` and `time`.",
        implies: &[],
        default: false,
    },
    Feature {
        name: "tracing",
        adds: "A span of `tracing` for each attempt of the client, in the names of OpenTelemetry.",
        implies: &[],
        default: false,
    },
];
