//! Programs of others: installing them below `target/e2e`, and running them.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use specweave::console;

/// Where everything is installed.
pub(super) const FOLDER: &str = "target/e2e";

/// Installs a package of Python into a virtual environment of its own, and returns the interpreter.
pub(super) fn install_python(environment: &str, package: &str) -> Option<PathBuf> {
    let folder = Path::new(FOLDER).join(environment);
    let python = folder.join("bin/python");
    let create = ["-m".as_ref(), "venv".as_ref(), folder.as_os_str()];
    if !python.exists() && !succeeds("python3", create) {
        console::failure("cannot create a virtual environment: is python3 with venv installed?");
        return None;
    }
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        package,
    ];
    if succeeds(&python, install) {
        return Some(python);
    }
    console::failure(&format!("cannot install {package}"));
    None
}

/// Installs packages of Node under names of their own, and returns the folder that they are in.
pub(super) fn install_node(packages: &[String]) -> Option<PathBuf> {
    let install = [
        "install",
        "--silent",
        "--no-audit",
        "--no-fund",
        "--prefix",
        FOLDER,
    ];
    let arguments = install
        .into_iter()
        .chain(packages.iter().map(String::as_str));
    if succeeds("npm", arguments) {
        return Some(Path::new(FOLDER).join("node_modules"));
    }
    console::failure(&format!(
        "cannot install {}: is npm installed?",
        packages.join(" ")
    ));
    None
}

/// The command that runs a test of the example server which needs programs of others.
pub(super) fn test_of_example_server(test: &str) -> Command {
    let mut command = Command::new("cargo");
    command
        .args(["test", "--locked", "-p", "example-server", "--test", test])
        .args(["--", "--ignored"]);
    command
}

/// Runs a program, with its output to the terminal, and returns whether it succeeds.
pub(super) fn succeeds(
    program: impl AsRef<OsStr>,
    arguments: impl IntoIterator<Item = impl AsRef<OsStr>>,
) -> bool {
    command_succeeds(Command::new(program).args(arguments))
}

/// Runs a command, with its output to the terminal, and returns whether it succeeds.
pub(super) fn command_succeeds(command: &mut Command) -> bool {
    match command.status() {
        Ok(status) => status.success(),
        Err(error) => {
            let program = command.get_program().to_string_lossy().into_owned();
            console::failure(&format!("cannot run {program}: {error}"));
            false
        }
    }
}
