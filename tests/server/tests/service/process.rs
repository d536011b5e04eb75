//! The service as a child process.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use sentry_api::client::{Client, Error};

/// The organization and the project of a new database.
pub(crate) const ORGANIZATION: &str = "example";
pub(crate) const PROJECT: &str = "shop";

/// A running service. Dropping it kills it.
pub(crate) struct Service {
    process: Child,
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Service {
    /// Starts the service with a database in memory.
    pub(crate) fn start() -> Self {
        Self::run(&[])
    }

    /// [`start`](Self::start), and a client.
    pub(crate) fn start_with_client() -> (Self, Client) {
        let service = Self::start();
        let client = service.client();
        (service, client)
    }

    /// Starts the service with a database in a file.
    pub(crate) fn open(database: &Path) -> Self {
        Self::run(&["--database", database.to_str().expect("a path of UTF-8")])
    }

    /// Starts the service with further arguments.
    pub(crate) fn run(arguments: &[&str]) -> Self {
        let mut process = Command::new(env!("CARGO_BIN_EXE_example-server"))
            .args(arguments)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the service starts");
        let mut line = String::new();
        let output = process.stdout.take().expect("the output is piped");
        BufReader::new(output)
            .read_line(&mut line)
            .expect("the service prints a line");
        let ready: serde_json::Value = serde_json::from_str(&line).expect("the line is JSON");
        let text = |key: &str| ready[key].as_str().expect(key).to_owned();
        Self {
            process,
            url: text("url"),
            token: text("token"),
        }
    }

    /// A client with the token of this start.
    pub(crate) fn client(&self) -> Client {
        self.client_with(&self.token)
    }

    /// A client with another token.
    pub(crate) fn client_with(&self, token: &str) -> Client {
        let builder = Client::builder().base_url(format!("{}/api/0", self.url));
        builder.token(token).build().expect("the client is built")
    }

    /// Sends a signal, such as `TERM`, to the process.
    pub(crate) fn signal(&self, name: &str) {
        let id = self.process.id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill starts").success());
    }

    /// Waits for the end of the process, and returns its exit code; without one, a signal has killed it.
    pub(crate) fn exit_code(mut self) -> Option<i32> {
        let status = self.process.wait().expect("the service has ended");
        status.code()
    }

    /// Kills the process at once, as a crash would.
    pub(crate) fn kill(mut self) {
        self.process.kill().expect("the service is killed");
        self.process.wait().expect("the service has ended");
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have been killed before.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The status that a call failed with.
pub(crate) fn status<T>(result: Result<T, Error>) -> u16 {
    let error = result.err().expect("the call fails");
    error.status().expect("there is a response").as_u16()
}
