//! Other generators, which may be installed.

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// The names of their programs.
pub(super) const PROGRAMS: [&str; 3] = ["oas3-gen", "openapi-to-rust", "cargo-progenitor"];

/// Whether a program is installed.
pub(super) fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The command that generates models and client from a document into an empty folder.
pub(super) fn command(program: &str, document: &Path, folder: &Path, name: &str) -> Command {
    let mut command = Command::new(program);
    match program {
        "cargo-progenitor" => {
            command.args([
                "progenitor",
                "--name",
                name,
                "--version",
                "0.1.0",
                "--input",
            ]);
            command.arg(document).arg("--output").arg(folder);
        }
        "openapi-to-rust" => {
            let configuration = folder.join("openapi-to-rust.toml");
            // If the file cannot be written, the program fails and reports that it is missing.
            let _ = fs::write(
                &configuration,
                format!(
                    "[generator]\nspec_path = {document:?}\noutput_dir = {:?}\nmodule_name = \"api\"\n\n[features]\nenable_async_client = true\n",
                    folder.join("src")
                ),
            );
            command.args(["generate", "--config"]).arg(configuration);
        }
        _ => {
            command
                .args(["generate", "client-mod", "--input"])
                .arg(document);
            command.arg("--output").arg(folder.join("src"));
        }
    }
    command
}
