//! The site of `docs` in Chromium, driven by `playwright-core`.

use std::path::{Path, PathBuf};

use specweave::console;

use super::programs::{FOLDER, install_node, succeeds};

const PACKAGES: [&str; 2] = ["playwright-core@1.49.1", "axe-core@4.10.3"];

/// The site of this project.
const SITE: &str = "target/site";

pub(super) fn run() -> bool {
    let Some(chromium) = on_the_path(&["chromium", "chromium-browser", "google-chrome"]) else {
        console::failure(
            "no chromium on the PATH: install it (Debian: `apt-get install chromium`)",
        );
        return false;
    };
    let docs = "run --quiet --locked --package specweave -- docs --history 5 --out";
    if !succeeds("cargo", docs.split(' ').chain([SITE])) {
        return false;
    }
    if install_node(&PACKAGES.map(str::to_owned)).is_none() {
        return false;
    }
    // Node looks for packages beside the script.
    let script = Path::new(FOLDER).join("check_site.mjs");
    if let Err(error) = std::fs::copy("tests/site/check.mjs", &script) {
        console::failure(&format!("cannot write {}: {error}", script.display()));
        return false;
    }
    succeeds("node", [&*script, Path::new(SITE), &*chromium])
}

/// The first of these programs that is on the `PATH`.
fn on_the_path(programs: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut found = programs
        .iter()
        .flat_map(|program| folders.iter().map(move |it| it.join(program)));
    found.find(|file| file.is_file())
}
