//! Generates the crate into the folder of the build. Only its modules are used: this crate is its root.

use std::error::Error;
use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::pipeline;
use generator::project::Project;

const DESCRIPTION: &str = "pets.yaml";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DESCRIPTION}");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&[DESCRIPTION.into()], &out, "pets-api", &mut diagnostics);
    let outcome = pipeline::run(&project);
    diagnostics.extend(outcome.diagnostics);
    let Some(files) = outcome.files else {
        let errors = diagnostics.at_least(Severity::Error);
        return Err(errors.render(&project.sources).into());
    };
    for (path, content) in &files {
        let path = out.join(path);
        std::fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
        std::fs::write(path, content)?;
    }
    // An included file cannot begin with the attributes of a crate.
    let root = String::from_utf8(files["src/lib.rs"].clone())?;
    let modules = root
        .find("pub mod models;")
        .ok_or("the crate has no models")?;
    std::fs::write(out.join("src/modules.rs"), &root[modules..])?;
    Ok(())
}
