//! `specweave explain`.

use generator::description::diagnostic::Severity;
use generator::explain::{self, Example};
use generator::pipeline;
use generator::reconcile::judged::JudgedFacet;
use serde::Serialize;

use crate::console::{Console, Format, Position, Reported};
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
        return match console.format() {
            Format::Text => {
                console.result(explain::render_differences(&differences).trim_end());
                true
            }
            Format::Json => json(&differences, console),
            Format::Github | Format::Sarif => report(&differences, console),
        };
    }
    let Some(item) = &arguments.item else {
        return examples(
            &explain::examples(merged, outcome.lowered.as_ref()),
            context,
        );
    };
    let explanations = match explain::explain(&project, merged, outcome.lowered.as_ref(), item) {
        Ok(explanations) => explanations,
        Err(error) => {
            // It may be in what could not be read.
            if !pipeline::is_complete(&outcome.diagnostics) {
                console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
            }
            console.failure(&error.to_string());
            return false;
        }
    };
    match console.format() {
        Format::Text => {
            console.result(explain::render(&explanations).trim_end());
            true
        }
        Format::Json => json(&explanations, console),
        Format::Github | Format::Sarif => {
            report(explanations.iter().flat_map(|it| &it.facets), console)
        }
    }
}

/// Tells what can be asked.
fn examples(examples: &[Example], context: &Context) -> bool {
    let console = &context.console;
    let program = context.program;
    match console.format() {
        Format::Text => {
            console.result(&format!(
                "`{program} explain ITEM` explains an item by any of its names, such as\n{}\
                 `{program} explain --all` lists every facet on which the sources differ.",
                explain::render_examples(examples)
            ));
            true
        }
        Format::Json => json(examples, console),
        Format::Github | Format::Sarif => {
            console.failure("there is nothing to report without an item; name one, or use `--all`");
            false
        }
    }
}

/// Reports each facet as a note at its claims.
fn report<'f>(facets: impl IntoIterator<Item = &'f JudgedFacet>, console: &Console) -> bool {
    for facet in facets {
        let message = format!("{} of `{}`: {}", facet.facet, facet.place, facet.value);
        let claims = facet.claims.iter().map(|claim| {
            let text = format!("`{}` claims {}", claim.position.source, claim.value);
            Position::new(&claim.position.position.at, text)
        });
        let reported = Reported {
            positions: claims.collect(),
            help: facet.rule.map(str::to_owned),
            ..Reported::new(Severity::Note, facet.verdict.name(), message)
        };
        console.report(reported, "");
    }
    true
}

fn json<T: Serialize>(values: &[T], console: &Console) -> bool {
    match explain::to_json(values) {
        Ok(json) => {
            console.document(&json);
            true
        }
        Err(error) => {
            console.failure(&error.to_string());
            false
        }
    }
}
