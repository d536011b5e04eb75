//! `cargo xtask e2e`: the effective API before a validator that we did not write.
//!
//! The validator is a Python package; it is installed into a virtual environment below `target/`.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use crate::print;

const ENVIRONMENT: &str = "target/e2e";
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

/// What has to be valid OpenAPI as it stands.
const DOCUMENTS: [&str; 2] = ["generated/openapi.yaml", "specs/projects.yaml"];

pub(crate) fn run() -> bool {
    let python = Path::new(ENVIRONMENT).join("bin/python");
    if !python.exists() && !succeeds("python3", ["-m", "venv", ENVIRONMENT]) {
        print::failure("cannot make a virtual environment: is python3 with venv installed?");
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
    ) {
        print::failure("cannot install the validator");
        return false;
    }
    let arguments = ["-m", "openapi_spec_validator"]
        .into_iter()
        .chain(DOCUMENTS);
    succeeds(&python, arguments)
}

/// Runs a program with the terminal that we have.
fn succeeds<'a>(program: impl AsRef<OsStr>, arguments: impl IntoIterator<Item = &'a str>) -> bool {
    match Command::new(program.as_ref()).args(arguments).status() {
        Ok(status) => status.success(),
        Err(error) => {
            print::failure(&format!(
                "cannot run {}: {error}",
                program.as_ref().to_string_lossy()
            ));
            false
        }
    }
}
