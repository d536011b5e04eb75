//! `specweave export`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::description::source::SourceMap;
use generator::pipeline::{self, Outcome};
use generator::{export, output};

use crate::{Context, Export, OpenApiVersion, opened};

/// The effective API in the emitted crate.
const EFFECTIVE: &str = "openapi.yaml";

pub(crate) fn run(arguments: &Export, context: &Context) -> bool {
    let console = &context.console;
    let project = opened::files_or_manifest(&arguments.spec, &arguments.manifest, context);
    let Some(project) = project else {
        return false;
    };
    if let Some(out) = &arguments.out
        && opened::refuses(&project, out, context)
    {
        return false;
    }
    let progress = console.progress();
    let outcome = pipeline::run_with_progress(&project, &|stage| progress.tell(&stage.to_string()));
    drop(progress);
    let effective = outcome
        .files
        .as_ref()
        .and_then(|files| files.get(EFFECTIVE));
    let Some(effective) = effective else {
        console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
        return false;
    };
    let effective = String::from_utf8_lossy(effective).into_owned();
    let (text, mut notes) = match text(arguments, effective, &outcome) {
        Ok(exported) => exported,
        Err(error) => {
            console.failure(&error);
            return false;
        }
    };
    notes.extend(export::unused_components(&project));
    console.findings(&notes, &project.sources, Severity::Note);
    write(arguments.out.as_deref(), &text, context)
}

/// The exported text, JSON for a file that ends so, else YAML, and what it does not have of the descriptions.
fn text(
    arguments: &Export,
    effective: String,
    outcome: &Outcome,
) -> Result<(String, Diagnostics), String> {
    let is_json = arguments
        .out
        .as_ref()
        .and_then(|path| path.extension())
        .is_some_and(|it| it == "json");
    let mut sources = SourceMap::default();
    sources.add(EFFECTIVE, effective.as_str());
    let mut notes = export::losses_of_reading(&outcome.diagnostics);
    let text = match arguments.openapi {
        OpenApiVersion::V3_0 => {
            let exported = export::openapi_3_0(&sources, EFFECTIVE).map_err(|it| it.to_string())?;
            if let Some(merged) = &outcome.merged {
                notes.extend(export::located(&exported.notes, &sources, &merged.document));
            }
            if is_json {
                exported.to_json()
            } else {
                exported.to_yaml().map_err(|it| it.to_string())?
            }
        }
        OpenApiVersion::V3_1 if is_json => {
            export::to_json(&sources, EFFECTIVE).map_err(|it| it.to_string())?
        }
        OpenApiVersion::V3_1 => effective,
    };
    Ok((text, notes))
}

fn write(path: Option<&Path>, text: &str, context: &Context) -> bool {
    let console = &context.console;
    let Some(path) = path else {
        console.result(text.trim_end());
        return true;
    };
    match output::write_file(path, text.as_bytes()) {
        Ok(()) => {
            console.line(&format!("written: {}", path.display()));
            true
        }
        Err(error) => {
            console.failure(&format!("cannot write {}: {error}", path.display()));
            false
        }
    }
}
