//! `specweave explain`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::explain;
use generator::pipeline;
use generator::project::Project;
use serde::Serialize;

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
    if arguments.all {
        let differences = explain::differences(&project, merged);
        return if arguments.json {
            json(&differences)
        } else {
            print::line(explain::render_differences(&differences).trim_end());
            true
        };
    }
    let item = arguments.item.as_deref().unwrap_or_default();
    match explain::explain(&project, merged, outcome.lowered.as_ref(), item) {
        Ok(explanations) if arguments.json => json(&explanations),
        Ok(explanations) => {
            print::line(explain::render(&explanations).trim_end());
            true
        }
        Err(error) => {
            print::failure(&error.to_string());
            false
        }
    }
}

fn json<T: Serialize>(values: &[T]) -> bool {
    match explain::to_json(values) {
        Ok(json) => {
            print::line(&json);
            true
        }
        Err(error) => {
            print::failure(&error.to_string());
            false
        }
    }
}
