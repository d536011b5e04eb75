//! `cargo xtask e2e`: what needs programs that Cargo does not build. All of it is installed below `target/`.
//!
//! The effective API is validated with a third-party validator, a Python package. The site of `docs` is looked at in Chromium,
//! driven by `playwright-core` of npm.

use std::ffi::OsStr;
use std::path::Path;
use std::process::Command;

use specweave::print;

const ENVIRONMENT: &str = "target/e2e";
const VALIDATOR: &str = "openapi-spec-validator==0.9.0";

/// The documents to validate.
const DOCUMENTS: [&str; 2] = ["generated/openapi.yaml", "specs/projects.yaml"];

pub(crate) fn run() -> bool {
    let valid = validate();
    site() && valid
}

/// The site of this project, and the folder of what looks at it.
const SITE: &str = "target/site";
const BROWSER: &str = "target/e2e-site";

/// Looks at the site of this project in a browser.
fn site() -> bool {
    let Some(chromium) = on_the_path(&["chromium", "chromium-browser", "google-chrome"]) else {
        print::failure("no chromium on the PATH: install it (Debian: `apt-get install chromium`)");
        return false;
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let docs = [
        "run",
        "--quiet",
        "--package",
        "specweave",
        "--",
        "docs",
        "--history",
        "5",
        "--out",
        SITE,
    ];
    if !succeeds(cargo, docs) {
        return false;
    }
    for file in ["check.mjs", "package.json"] {
        let copied = std::fs::create_dir_all(BROWSER).and_then(|()| {
            std::fs::copy(
                Path::new("tests/site").join(file),
                Path::new(BROWSER).join(file),
            )
        });
        if let Err(error) = copied {
            print::failure(&format!("cannot copy {file}: {error}"));
            return false;
        }
    }
    let install = [
        "install",
        "--prefix",
        BROWSER,
        "--no-audit",
        "--no-fund",
        "--silent",
    ];
    if !succeeds("npm", install) {
        print::failure("cannot install playwright-core and axe-core: is npm installed?");
        return false;
    }
    succeeds("node", [&format!("{BROWSER}/check.mjs"), SITE, &chromium])
}

/// The first of these programs that is on the `PATH`.
fn on_the_path(programs: &[&str]) -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    let found = programs
        .iter()
        .flat_map(|program| folders.iter().map(move |it| it.join(program)));
    let mut found = found.filter(|file| file.is_file());
    found.next().map(|file| file.display().to_string())
}

fn validate() -> bool {
    let python = Path::new(ENVIRONMENT).join("bin/python");
    if !python.exists() && !succeeds("python3", ["-m", "venv", ENVIRONMENT]) {
        print::failure("cannot create a virtual environment: is python3 with venv installed?");
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

/// Runs a program, with its output to the terminal, and returns whether it succeeds.
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
