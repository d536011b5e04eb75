//! The runtime by itself, over its public API. What needs an emitted API is tested in the workspace's `tests`.

#![allow(missing_docs, reason = "tests are read, not called")]

mod admission;
mod blocking;
mod compression;
mod credentials;
mod decoding;
mod downloads;
mod errors;
mod events;
mod faults;
mod har;
mod http2;
mod interference;
mod lines;
mod links;
mod mock;
mod multipart;
mod observing;
mod pages;
mod parameters;
mod paths;
mod proxies;
mod rate_limits;
mod responses;
mod retries;
mod server;
mod serving;
mod settings;
mod sockets;
#[cfg(all(feature = "client", unix))]
mod tls;
mod transports;
mod types;
mod uploads;

use std::process::{Command, Output};

use runtime::client::Client;
use runtime::operation::{Method, Operation, path};

/// `PUT /teams/{team}/{kind}`.
static PUT: Operation = Operation {
    id: "put",
    method: Method::Put,
    path: "/teams/{team}/{kind}",
    parameters: &[path("team"), path("kind")],
    accept: "application/json",
    ..Operation::EMPTY
};

/// `PUT /`.
static ROOT: Operation = Operation { id: "root", method: Method::Put, ..Operation::EMPTY };

/// A client that does not wait between attempts.
fn client(origin: &str) -> Client {
    let builder = Client::builder().base_url(origin);
    let builder = builder.sleep_with(|_| Box::pin(std::future::ready(())));
    builder.build().unwrap()
}

/// The variable with the case that a test has in a process of its own.
const CASE: &str = "RUNTIME_TEST_CASE";

/// Runs a test in a process of its own: what it changes or needs holds for a whole process.
fn alone(test: &str, case: &str) -> Command {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--exact", test, "--nocapture"]).env(CASE, case);
    child
}

/// Checks that the test of a process of its own was run.
fn assert_passed(output: &Output) {
    assert!(output.status.success(), "{output:?}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("1 passed"));
}
