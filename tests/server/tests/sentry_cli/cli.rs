//! A version of `sentry-cli` with a service of its own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use sentry_api::client::Client;

use crate::isolated::isolated;
use crate::process::{ORGANIZATION, PROJECT, Service};

/// A version of `sentry-cli`, in a folder of its own.
pub(crate) struct Cli {
    program: PathBuf,
    service: Service,
    folder: tempfile::TempDir,
    /// What a command needs beside a token.
    dsn: String,
}

/// What a command did.
pub(crate) struct Output {
    pub(crate) succeeded: bool,
    /// What it printed, and what it complained about.
    pub(crate) text: String,
}

impl Cli {
    /// Every version, each with a new service.
    pub(crate) async fn all() -> Vec<Self> {
        let programs =
            std::env::var_os("SENTRY_CLI").expect("SENTRY_CLI has the paths of sentry-cli");
        let mut all = Vec::new();
        for program in std::env::split_paths(&programs) {
            let service = Service::start();
            let keys = service
                .client()
                .list_project_client_keys(ORGANIZATION, PROJECT)
                .send()
                .await;
            let keys = keys.expect("the keys are listed").value.into_iter();
            let dsn = keys.filter_map(|key| key.dsn?.public).next();
            all.push(Self {
                program,
                service,
                folder: tempfile::tempdir().expect("a folder"),
                dsn: dsn.expect("a key has a DSN"),
            });
        }
        all
    }

    /// Whether this is a version before 3.
    pub(crate) fn is_old(&self) -> bool {
        self.run(&["--version"]).contains("sentry-cli 2.")
    }

    /// A client for the state that commands leave.
    pub(crate) fn client(&self) -> Client {
        self.service.client()
    }

    /// The folder that commands run in.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file to the folder.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let path = self.folder().join(path);
        let folder = path.parent().expect("a file is in a folder");
        fs::create_dir_all(folder).expect("the folder is made");
        fs::write(path, content).expect("the file is written");
    }

    /// Runs a command that succeeds, and returns its output.
    pub(crate) fn run(&self, arguments: &[&str]) -> String {
        let Output { succeeded, text } = self.output(arguments);
        assert!(
            succeeded,
            "{} {arguments:?} failed:\n{text}",
            self.program.display()
        );
        text
    }

    /// Runs a command that fails, and returns its output.
    pub(crate) fn fail(&self, arguments: &[&str]) -> String {
        let Output { succeeded, text } = self.output(arguments);
        assert!(
            !succeeded,
            "{} {arguments:?} succeeded:\n{text}",
            self.program.display()
        );
        text
    }

    /// Runs a command.
    pub(crate) fn output(&self, arguments: &[&str]) -> Output {
        let output = isolated(&self.program, self.folder())
            .args(arguments)
            .env("SENTRY_URL", &self.service.url)
            .env("SENTRY_AUTH_TOKEN", &self.service.token)
            .env("SENTRY_ORG", ORGANIZATION)
            .env("SENTRY_PROJECT", PROJECT)
            .env("SENTRY_DSN", &self.dsn)
            .env("SENTRY_DISABLE_UPDATE_CHECK", "1")
            .env("SENTRY_NO_PROGRESS_BARS", "1")
            .output()
            .expect("sentry-cli starts");
        let text = [output.stdout, output.stderr].concat();
        Output {
            succeeded: output.status.success(),
            text: String::from_utf8_lossy(&text).into_owned(),
        }
    }

    /// Makes a repository with two commits, as a clone of `example/shop`. Returns the commits, the newest first.
    pub(crate) fn repository(&self) -> Vec<String> {
        self.git(&["init", "--quiet"]);
        self.git(&["remote", "add", "origin", "https://github.com/example/shop"]);
        for number in ["one", "two"] {
            self.write("number", number);
            self.git(&["add", "number"]);
            self.git(&["commit", "--quiet", "--message", number]);
        }
        self.git(&["log", "--format=%H"])
            .lines()
            .map(ToOwned::to_owned)
            .collect()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .args(["-c", "user.name=Anna", "-c", "user.email=anna@example.com"])
            .args(arguments)
            .current_dir(self.folder())
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git starts");
        assert!(output.status.success(), "git {arguments:?} failed");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// The cells of a table, row by row, without its header.
pub(crate) fn table(output: &str) -> Vec<Vec<String>> {
    let rows = output.lines().filter(|line| line.starts_with('|')).skip(1);
    let cells = |row: &str| {
        let cells = row.trim_matches('|').split('|');
        cells.map(|cell| cell.trim().to_owned()).collect()
    };
    rows.map(cells).collect()
}
