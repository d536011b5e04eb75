//! `cargo xtask check`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::output;
use generator::pipeline;
use generator::project::Project;

use crate::print;

/// The command that removes the differences.
const FIX: &str = "cargo xtask generate";

pub(crate) fn run(manifest: &Path) -> bool {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = Project::open(manifest, &mut diagnostics);
    let Some(project) = project else {
        print::findings(&diagnostics, &sources, Severity::Warning);
        return false;
    };
    let outcome = pipeline::run(&project);
    print::findings(&outcome.diagnostics, &project.sources, Severity::Error);
    let Some(files) = &outcome.files else {
        return false;
    };
    let differences = match output::check(&project.output, files) {
        Ok(differences) => differences,
        Err(error) => {
            print::failure(&format!("{error}\nrun `{FIX}`"));
            return false;
        }
    };
    for difference in &differences {
        print::line(&difference.to_string());
    }
    let mut current = differences.is_empty();
    for lock in &outcome.locks {
        if std::fs::read_to_string(&lock.path).ok().as_ref() != Some(&lock.text) {
            print::line(&format!("out of date: {}", lock.path.display()));
            current = false;
        }
    }
    if !current {
        print::failure(&format!("the crate on disk is out of date; run `{FIX}`"));
        return false;
    }
    print::line(&format!(
        "{} is current: {} files",
        project.output.display(),
        files.len()
    ));
    true
}
