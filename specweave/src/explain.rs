//! `specweave explain`.

use generator::description::diagnostic::Severity;
use generator::explain;
use generator::pipeline;
use serde::Serialize;

use crate::console::Console;
use crate::{Context, Explain, opened};

pub(crate) fn run(arguments: &Explain, context: &Context) -> bool {
    let console = &context.console;
    let project = opened::files_or_manifest(&arguments.spec, &arguments.manifest, context);
    let Some(project) = project else {
        return false;
    };
    let outcome = pipeline::run(&project);
    let Some(merged) = &outcome.merged else {
        console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
        return false;
    };
    if arguments.all {
        let differences = explain::differences(&project, merged);
        return if arguments.json {
            json(&differences, console)
        } else {
            console.result(explain::render_differences(&differences).trim_end());
            true
        };
    }
    let item = arguments.item.as_deref().unwrap_or_default();
    match explain::explain(&project, merged, outcome.lowered.as_ref(), item) {
        Ok(explanations) if arguments.json => json(&explanations, console),
        Ok(explanations) => {
            console.result(explain::render(&explanations).trim_end());
            true
        }
        Err(error) => {
            console.failure(&error.to_string());
            false
        }
    }
}

fn json<T: Serialize>(values: &[T], console: &Console) -> bool {
    match explain::to_json(values) {
        Ok(json) => {
            console.result(&json);
            true
        }
        Err(error) => {
            console.failure(&error.to_string());
            false
        }
    }
}
