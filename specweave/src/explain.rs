//! `specweave explain`.

use generator::description::diagnostic::Severity;
use generator::explain;
use generator::pipeline;
use serde::Serialize;

use crate::{Explain, opened, print};

pub(crate) fn run(arguments: &Explain) -> bool {
    let project = match arguments.spec.as_slice() {
        [] => opened::manifest(&arguments.manifest.manifest),
        files => opened::to_read(files),
    };
    let Some(project) = project else {
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
