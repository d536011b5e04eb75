//! `cargo xtask e2e`: validates the effective API with a third-party validator.
//!
//! The validator is a Python package. It is installed into a virtual environment below `target/`.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use specweave::console::Console;

const ENVIRONMENT: &str = "target/e2e";
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

/// The documents to validate.
const DOCUMENTS: [&str; 2] = ["generated/openapi.yaml", "specs/projects.yaml"];

pub(crate) fn run(console: &Console) -> bool {
    let python = Path::new(ENVIRONMENT).join("bin/python");
    if !python.exists() && !succeeds("python3", ["-m", "venv", ENVIRONMENT], console) {
        console.failure("cannot create a virtual environment: is python3 with venv installed?");
        return false;
    }
    if !succeeds(
        &python,
        [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            VALIDATOR,
        ],
        console,
    ) {
        console.failure("cannot install the validator");
        return false;
    }
    let arguments = ["-m", "openapi_spec_validator"]
        .into_iter()
        .chain(DOCUMENTS);
    succeeds(&python, arguments, console)
}

/// Runs a program, with its output to the terminal, and returns whether it succeeds.
fn succeeds<'a>(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = &'a str>,
    console: &Console,
) -> bool {
    match Command::new(program.as_ref()).args(arguments).status() {
        Ok(status) => status.success(),
        Err(error) => {
            console.failure(&format!(
                "cannot run {}: {error}",
                program.as_ref().to_string_lossy()
            ));
            false
        }
    }
}
