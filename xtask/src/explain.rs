//! `cargo xtask explain`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::explain;
use generator::pipeline;
use generator::project::Project;

use crate::{Explain, print};

pub(crate) fn run(arguments: &Explain) -> bool {
    let mut diagnostics = Diagnostics::default();
    let (project, sources) = match arguments.spec.as_slice() {
        [] => Project::open(&arguments.manifest.manifest, &mut diagnostics),
        files => {
            // Nothing is written, so that the folder and the name do not matter.
            let project = Project::of_files(files, Path::new("."), "api", &mut diagnostics);
            let sources = project.sources.clone();
            ((!diagnostics.has_errors()).then_some(project), sources)
        }
    };
    let Some(project) = project else {
        print::findings(&diagnostics, &sources, Severity::Error);
        return false;
    };
    let outcome = pipeline::run(&project);
    let Some(merged) = &outcome.merged else {
        print::findings(&outcome.diagnostics, &project.sources, Severity::Error);
        return false;
    };
    match explain::explain(&project, merged, outcome.lowered.as_ref(), &arguments.item) {
        Ok(explanations) if arguments.json => match explain::to_json(&explanations) {
            Ok(json) => print::line(&json),
            Err(error) => {
                print::failure(&error.to_string());
                return false;
            }
        },
        Ok(explanations) => print::line(explain::render(&explanations).trim_end()),
        Err(error) => {
            print::failure(&error.to_string());
            return false;
        }
    }
    true
}
