//! Younger clients of Sentry against the example server, by the tests of that package: they start the server and look at its
//! state.

use specweave::console;

use super::programs::{command_succeeds, install_node, test_of_example_server};

/// The command `sentry`, and the server of the Model Context Protocol.
const PACKAGES: [&str; 2] = ["sentry@0.49.0", "@sentry/mcp-server@0.36.0"];

pub(super) fn run() -> bool {
    let Some(modules) = install_node(&PACKAGES.map(ToOwned::to_owned)) else {
        return false;
    };
    let Ok(programs) = modules.join(".bin").canonicalize() else {
        console::failure("the clients are not where they were installed");
        return false;
    };
    command_succeeds(test_of_example_server("clients").env("SENTRY_CLIENTS", programs))
}
