//! The example server as a child process.

use std::io::{self, BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use serde::Deserialize;

/// A running example server with a database in memory. Dropping it ends it.
pub(super) struct Service {
    process: Child,
    pub(super) ready: Ready,
}

/// The line that the server prints when it is ready.
#[derive(Deserialize)]
pub(super) struct Ready {
    pub(super) url: String,
    pub(super) token: String,
    pub(super) organization: String,
    pub(super) project: String,
}

impl Service {
    /// Builds the server, starts it, and waits until it is ready.
    pub(super) fn start() -> io::Result<Self> {
        // With the profile of this program, so that both are in the same folder.
        let profile = if cfg!(debug_assertions) {
            "dev"
        } else {
            "release"
        };
        let build = [
            "build",
            "--quiet",
            "--locked",
            "-p",
            "example-server",
            "--profile",
        ];
        if !Command::new("cargo")
            .args(build)
            .arg(profile)
            .status()?
            .success()
        {
            return Err(io::Error::other("the example server does not build"));
        }
        // `cargo run` would be the process to end, and leave the server running.
        let folder = std::env::current_exe()?;
        let mut process = Command::new(folder.with_file_name("example-server"))
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(output) = process.stdout.take() {
            BufReader::new(output).read_line(&mut line)?;
        }
        match serde_json::from_str(&line) {
            Ok(ready) => Ok(Self { process, ready }),
            Err(error) => {
                process.kill()?;
                Err(error.into())
            }
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended before.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
