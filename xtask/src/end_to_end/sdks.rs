//! SDKs of Sentry against the example server, by the tests of that package: they start the server and look at its state.

use specweave::console;

use super::programs::{command_succeeds, install_node, install_python, test_of_example_server};

const PYTHON: &str = "sentry-sdk==2.75.0";
const NODE: &str = "@sentry/node@11.12.0";

pub(super) fn run() -> bool {
    let Some(python) = install_python("sdk", PYTHON) else {
        return false;
    };
    let Some(modules) = install_node(&[NODE.to_owned()]) else {
        return false;
    };
    let paths = python
        .parent()
        .and_then(|folder| folder.canonicalize().ok());
    let (Some(folder), Ok(modules)) = (paths, modules.canonicalize()) else {
        console::failure("the SDKs are not where they were installed");
        return false;
    };
    let mut command = test_of_example_server("sdks");
    command
        .env("SENTRY_PYTHON", folder.join("python"))
        .env("NODE_PATH", modules);
    command_succeeds(&mut command)
}
