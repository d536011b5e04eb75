//! `schemathesis` against the example server: requests as the effective API describes them, and as it does not.

use std::fs;
use std::io;
use std::path::{self, Path};
use std::process::Command;

use specweave::console;

use super::programs::{FOLDER, command_succeeds, install_python};
use super::service::{Ready, Service};

const PACKAGE: &str = "schemathesis==4.32.5";
const CONFIGURATION: &str = "schemathesis.toml";

/// What a response must be: no failure of the server, and a status, a media type and a body that are described.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance";

pub(super) fn run() -> bool {
    let Some(python) = install_python("schemathesis", PACKAGE) else {
        return false;
    };
    // What is deleted is gone for the requests after it, so it has a run and a server of its own.
    let runs = [
        ["--exclude-method", "DELETE"],
        ["--include-method", "DELETE"],
    ];
    runs.iter().all(|methods| match check(&python, methods) {
        Ok(succeeded) => succeeded,
        Err(error) => {
            console::failure(&error.to_string());
            false
        }
    })
}

fn check(python: &Path, methods: &[&str]) -> io::Result<bool> {
    let service = Service::start()?;
    fs::write(
        Path::new(FOLDER).join(CONFIGURATION),
        configuration(&service.ready),
    )?;
    let url = format!("{}/api/0", service.ready.url);
    let header = format!("Authorization: Bearer {}", service.ready.token);
    let arguments = [
        "-m",
        "schemathesis.cli",
        "--config-file",
        CONFIGURATION,
        "run",
        "../../generated/openapi.yaml",
        "--url",
        &url,
        "--header",
        &header,
        "--checks",
        CHECKS,
        "--phases",
        "examples,coverage,fuzzing",
        "--mode",
        "all",
        "--max-examples",
        "10",
        "--seed",
        "1",
        "--warnings",
        "off",
        "--no-color",
    ];
    // It leaves its caches in the folder that it runs in.
    let mut command = Command::new(path::absolute(python)?);
    let arguments = arguments.iter().chain(methods);
    Ok(command_succeeds(
        command.args(arguments).current_dir(FOLDER),
    ))
}

/// Path parameters that lead to what the server starts with. With random ones, nearly every response would be 404.
fn configuration(ready: &Ready) -> String {
    let Ready {
        organization,
        project,
        ..
    } = ready;
    format!(
        "[parameters]\n\
         organization_id_or_slug = \"{organization}\"\n\
         project_id_or_slug = \"{project}\"\n\
         team_id_or_slug = \"shop-team\"\n\
         team_id = \"1\"\n\
         member_id = \"1\"\n\
         issue_id = \"1\"\n\
         version = \"shop@1.0.0\"\n\
         monitor_id_or_slug = \"nightly-backup\"\n"
    )
}
