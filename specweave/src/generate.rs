//! `specweave generate`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::files::Files;
use generator::output::{self, FolderLock};
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use generator::project::report::{Reconciliation, Report};

use crate::{Generate, opened, print};

/// Generates the crate of a manifest.
pub(crate) fn manifest(path: &Path) -> bool {
    let Some(project) = opened::manifest(path) else {
        return false;
    };
    let outcome = pipeline::run(&project);
    print::findings(&outcome.diagnostics, &project.sources, Severity::Error);
    write(&project, &outcome)
}

pub(crate) fn run(arguments: &Generate) -> bool {
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
        _ => opened::manifest(&arguments.manifest.manifest),
    };
    let Some(project) = project else { return false };
    if let Some(report) = &arguments.report
        && is_below(report, &project.output)
    {
        print::failure(&format!(
            "the report {} is inside of the output folder {}, which has generated files alone; choose another path",
            report.display(),
            project.output.display()
        ));
        return false;
    }
    let least = if arguments.verbose {
        Severity::Note
    } else {
        Severity::Warning
    };
    if diagnostics.has_errors() {
        print::findings(&diagnostics, &project.sources, least);
        let report = Report::of_failure(&diagnostics, &project.sources);
        write_report(arguments.report.as_deref(), &report);
        return false;
    }
    let mut outcome = pipeline::run(&project);
    if let Some(merged) = outcome
        .merged
        .as_ref()
        .filter(|_| arguments.report.is_some())
    {
        outcome.report.reconciliation = Some(Reconciliation::new(merged, &project.sources));
    }
    print::findings(&outcome.diagnostics, &project.sources, least);
    let written = write(&project, &outcome);
    let done = write_report(arguments.report.as_deref(), &outcome.report) && written;
    // The process ends here. Freeing a large document would only take time.
    std::mem::forget((project, outcome));
    done
}

/// Whether a path lies in a folder.
fn is_below(path: &Path, folder: &Path) -> bool {
    let absolute = |path: &Path| {
        let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        path.canonicalize().unwrap_or(path)
    };
    let beside = path.parent().map(absolute);
    beside.is_some_and(|beside| beside.starts_with(absolute(folder)))
}

/// Writes the crate and the lock files.
fn write(project: &Project, outcome: &Outcome) -> bool {
    let Some(files) = &outcome.files else {
        print::failure("nothing was written");
        return false;
    };
    // No other run writes while the lock files are written, either.
    let folder = match FolderLock::of(&project.output) {
        Ok(folder) => folder,
        Err(error) => {
            print::failure(&error.to_string());
            return false;
        }
    };
    if !write_files(&project.output, &folder, files) {
        return false;
    }
    for lock in &outcome.locks {
        if let Err(error) = output::write_file(&lock.path, lock.text.as_bytes()) {
            print::failure(&format!("cannot write {}: {error}", lock.path.display()));
            return false;
        }
    }
    let operations = &outcome.report.operations;
    print::line(&format!(
        "{} of {} operations, {} types",
        operations.emitted, operations.found, outcome.report.schemas.emitted
    ));
    let webhooks = &outcome.report.webhooks;
    if webhooks.found > 0 {
        let (emitted, found) = (webhooks.emitted, webhooks.found);
        print::line(&format!("{emitted} of {found} webhooks and callbacks"));
    }
    true
}

fn write_files(path: &Path, folder: &FolderLock, files: &Files) -> bool {
    match folder.write(files) {
        Ok(written) => {
            print::line(&format!("{}: {written}", path.display()));
            true
        }
        Err(error) => {
            print::failure(&error.to_string());
            false
        }
    }
}

fn write_report(path: Option<&Path>, report: &Report) -> bool {
    let Some(path) = path else { return true };
    match output::write_file(path, format!("{}\n", report.to_json()).as_bytes()) {
        Ok(()) => true,
        Err(error) => {
            print::failure(&format!("cannot write {}: {error}", path.display()));
            false
        }
    }
}
