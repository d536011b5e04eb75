//! `specweave generate`.

use std::collections::HashSet;
use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity, counted};
use generator::description::source::Span;
use generator::output::{self, FolderLock};
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use generator::project::report::{Reconciliation, Report};

use crate::console::Console;
use crate::{Context, Generate, changes, init, opened};

/// The most changes of the API that are shown; `diff` shows all.
const MOST_CHANGES: usize = 20;

/// Generates the crate of a manifest.
pub(crate) fn manifest(path: &Path, context: &Context) -> bool {
    let Some(project) = opened::manifest(path, context) else {
        return false;
    };
    let outcome = run_pipeline(&project, context);
    let console = &context.console;
    console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
    write(&project, &outcome, context)
}

/// Runs the pipeline, and shows its progress.
fn run_pipeline(project: &Project, context: &Context) -> Outcome {
    let progress = context.console.progress();
    pipeline::run_with_progress(project, &|stage| progress.tell(&stage.to_string()))
}

pub(crate) fn run(arguments: &Generate, context: &Context) -> bool {
    let console = &context.console;
    let mut diagnostics = Diagnostics::default();
    let project = match (&arguments.out, &arguments.name) {
        (Some(out), Some(name)) => {
            let mut project = opened::files(&arguments.spec, out, name, &mut diagnostics);
            project.package.sample_tests = arguments.samples;
            project.package.loopback_tests = arguments.loopback;
            if let Some(path) = &arguments.resolutions {
                project.resolve_with(path, &mut diagnostics);
            }
            Some(project)
        }
        _ => opened::manifest(&arguments.manifest.path(), context),
    };
    let Some(project) = project else { return false };
    if let Some(report) = &arguments.report {
        if output::leads_into(&project.output, report) {
            opened::refuse_inside(report, &project.output, context);
            return false;
        }
        if opened::refuses(&project, report, context) {
            return false;
        }
    }
    let least = if arguments.verbose {
        Severity::Note
    } else {
        Severity::Warning
    };
    if diagnostics.has_errors() {
        console.findings(&diagnostics, &project.sources, least);
        let report = Report::of_failure(&diagnostics, &project.sources);
        write_report(arguments.report.as_deref(), &report, console);
        return false;
    }
    let mut outcome = run_pipeline(&project, context);
    if let Some(merged) = outcome
        .merged
        .as_ref()
        .filter(|_| arguments.report.is_some())
    {
        outcome.report.reconciliation = Some(Reconciliation::new(merged, &project.sources));
    }
    console.findings(&outcome.diagnostics, &project.sources, least);
    let written = write(&project, &outcome, context);
    let done = write_report(arguments.report.as_deref(), &outcome.report, console) && written;
    // The process ends here. Freeing a large document would only take time.
    std::mem::forget((project, outcome));
    done
}

/// Writes the crate and the lock files.
fn write(project: &Project, outcome: &Outcome, context: &Context) -> bool {
    let console = &context.console;
    let Some(files) = &outcome.files else {
        if let Some(decisions) = pipeline::missing_resolutions(project)
            && output::write_file(&decisions.path, decisions.text.as_bytes()).is_ok()
        {
            console.line(&format!("written: {}", decisions.path.display()));
        }
        console.failure("no crate was written");
        return false;
    };
    // No other run writes while the lock files are written, either; but one may have written since they were read.
    let folder = match FolderLock::of(&project.output) {
        Ok(folder) => folder,
        Err(error) => {
            console.failure(&error.to_string());
            return false;
        }
    };
    if let Some(changed) = project.changed_lock() {
        console.failure(&format!(
            "{} has changed since this run has read it; nothing was written: run the command again",
            changed.display()
        ));
        return false;
    }
    let changes = changes::since_disk(project, outcome);
    match folder.write(files, &project.inputs()) {
        Ok(written) => console.line(&format!("{}: {written}", project.output.display())),
        Err(error) => {
            console.failure(&error.to_string());
            return false;
        }
    }
    for lock in &outcome.locks {
        if let Err(error) = output::write_file(&lock.path, lock.text.as_bytes()) {
            console.failure(&format!("cannot write {}: {error}", lock.path.display()));
            return false;
        }
    }
    let operations = &outcome.report.operations;
    console.line(&format!(
        "{} of {}, {}",
        operations.emitted,
        counted(operations.found, "operation"),
        counted(outcome.report.schemas.emitted, "type")
    ));
    let webhooks = &outcome.report.webhooks;
    if webhooks.found > 0 {
        let (emitted, found) = (webhooks.emitted, webhooks.found);
        console.line(&format!("{emitted} of {found} webhooks and callbacks"));
    }
    tell_unreviewed(outcome, console);
    if let Some(changes) = changes.filter(|it| !it.changes.is_empty()) {
        console.line(&format!(
            "The API has changed: {}",
            changes::summary(&changes)
        ));
        console.line(generator::diff::grouped(&changes, MOST_CHANGES).trim_end());
    }
    true
}

/// Tells how many of the decisions are as `init` has proposed them.
fn tell_unreviewed(outcome: &Outcome, console: &Console) {
    let findings = outcome.merged.iter().flat_map(|merged| &merged.findings);
    let decisions = findings.filter_map(|finding| finding.resolution.as_ref());
    let proposed = decisions.filter(|decision| decision.reason == init::REASON);
    let places: HashSet<Span> = proposed.map(|decision| decision.at).collect();
    if !places.is_empty() {
        let decisions = counted(places.len(), "decision");
        console.line(&format!(
            "not reviewed yet: {decisions}, as their reasons say"
        ));
    }
}

fn write_report(path: Option<&Path>, report: &Report, console: &Console) -> bool {
    let Some(path) = path else { return true };
    match output::write_file(path, format!("{}\n", report.to_json()).as_bytes()) {
        Ok(()) => true,
        Err(error) => {
            console.failure(&format!("cannot write {}: {error}", path.display()));
            false
        }
    }
}
