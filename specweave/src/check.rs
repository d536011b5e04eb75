//! `specweave check`.

use std::path::Path;

use generator::description::diagnostic::Severity;
use generator::diff::{may_follow, next_version};
use generator::files::Files;
use generator::output::{self, ChangedInput, Difference, Inputs};
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use semver::Version;
use serde_json::json;

use crate::console::Reported;
use crate::{Check, Context, changes, diff, opened};

/// The most lines of differences between files that are shown without `--verbose`.
const MOST_LINES: usize = 200;

/// The most changes of the API that are shown without `--verbose`.
const MOST_CHANGES: usize = 100;

pub(crate) fn run(arguments: &Check, context: &Context) -> bool {
    let console = &context.console;
    let manifest = &arguments.manifest.path();
    let Some(project) = opened::manifest(manifest, context) else {
        return false;
    };
    let progress = console.progress();
    let outcome = pipeline::run_with_progress(&project, &|stage| progress.tell(&stage.to_string()));
    drop(progress);
    console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
    let Some(files) = &outcome.files else {
        return false;
    };
    let fix = format!("{} generate{}", context.program, arguments.manifest.given());
    let is_current = match is_current(arguments, context, &project, &outcome, files) {
        Ok(true) => {
            console.line(&format!(
                "{} is current: {} files",
                project.output.display(),
                files.len()
            ));
            true
        }
        Ok(false) => {
            console.failure(&format!("the crate on disk is out of date; run `{fix}`"));
            false
        }
        Err(error) => {
            console.failure(&format!("{error}\nrun `{fix}`"));
            false
        }
    };
    // The version is that of the descriptions, whatever is on disk.
    let is_sufficient = match &arguments.semver {
        Some(revision) => {
            has_sufficient_version(manifest, revision, &project.package.version, context)
        }
        None => true,
    };
    is_current && is_sufficient
}

/// Compares the folder and the lock files with what `generate` would write, and prints what differs and why.
fn is_current(
    arguments: &Check,
    context: &Context,
    project: &Project,
    outcome: &Outcome,
    files: &Files,
) -> Result<bool, output::OutputError> {
    let console = &context.console;
    let differences = output::check(&project.output, files)?;
    let locks = outcome.locks.iter();
    let stale =
        locks.filter(|lock| std::fs::read_to_string(&lock.path).ok().as_ref() != Some(&lock.text));
    let stale: Vec<_> = stale.collect();
    if differences.is_empty() && stale.is_empty() {
        return Ok(true);
    }
    let recorded = output::inputs(&project.output)?;
    let inputs = changed_inputs(&recorded, project);
    for reason in reasons(inputs.as_deref(), project) {
        console.line(&reason);
    }
    console.detail("inputs", json!(inputs));
    let diff = changes::since_disk(project, outcome);
    console.detail("api", json!(diff));
    if let Some(diff) = diff.filter(|it| !it.changes.is_empty()) {
        let most = if arguments.verbose {
            usize::MAX
        } else {
            MOST_CHANGES
        };
        console.line(&format!("\nThe API changes: {}", changes::summary(&diff)));
        console.line(generator::diff::grouped(&diff, most).trim_end());
        console.line("");
    }
    let mut room = if arguments.verbose {
        usize::MAX
    } else {
        MOST_LINES
    };
    for difference in &differences {
        let file = project.output.join(&difference.path).display().to_string();
        let reported = Reported::of_file("out-of-date", difference.heading(), file);
        console.report(reported, &shown(difference, &mut room));
    }
    for lock in stale {
        let path = lock.path.display().to_string();
        let text = format!("out of date: {path}");
        console.report(Reported::of_file("out-of-date", text.as_str(), path), &text);
    }
    Ok(false)
}

/// The inputs that have changed. `None` if the crate does not record its inputs.
fn changed_inputs(recorded: &Inputs, project: &Project) -> Option<Vec<ChangedInput>> {
    if recorded.is_empty() {
        return None;
    }
    let mut changed = project.inputs().changed_since(recorded);
    for input in &mut changed {
        let path = project.folder.join(&input.path);
        input.path = path.display().to_string();
    }
    Some(changed)
}

/// Why the crate is out of date: the inputs that have changed. The lock of names is none of them: a run writes it itself.
fn reasons(changed: Option<&[ChangedInput]>, project: &Project) -> Vec<String> {
    let Some(changed) = changed else {
        return vec!["the folder does not say what it was generated from".to_owned()];
    };
    if changed.is_empty() {
        let names = project.names.as_ref();
        let names = names.map(|lock| format!("names in {}, or ", lock.path.display()));
        return vec![format!(
            "no source has changed: the generator has, or {}files were edited by hand",
            names.unwrap_or_default()
        )];
    }
    changed.iter().map(ToString::to_string).collect()
}

/// A difference with its lines, as long as there is room for them.
fn shown(difference: &Difference, room: &mut usize) -> String {
    let text = difference.to_string();
    let lines = text.lines().count();
    match room.checked_sub(lines) {
        Some(rest) => {
            *room = rest;
            text
        }
        None => {
            *room = 0;
            format!("{} (`--verbose` shows all lines)", difference.heading())
        }
    }
}

/// Whether the version of the manifest suffices for what has changed since a revision.
fn has_sufficient_version(
    manifest: &Path,
    revision: &str,
    version: &str,
    context: &Context,
) -> bool {
    let console = &context.console;
    let since = diff::since(manifest, revision, context);
    let Some((earlier, changes)) = since.filter(|(_, changes)| changes.undecided.is_empty()) else {
        return false;
    };
    let verdict = match changes.verdict_name() {
        "none" => "no",
        name => name,
    };
    let severity = changes.verdict();
    match (Version::parse(&earlier), Version::parse(version)) {
        (Ok(earlier), Ok(version)) if may_follow(&version, &earlier, severity) => {
            console.line(&format!(
                "version {version} suffices: {verdict} changes since {revision} ({earlier})"
            ));
            true
        }
        (Ok(earlier), Ok(version)) => {
            let needed = next_version(&earlier, severity);
            console.failure(&format!(
                "{}: version {version} is too low for {verdict} changes since {revision} ({earlier}); set at least {needed}",
                manifest.display()
            ));
            false
        }
        (Err(error), _) | (_, Err(error)) => {
            console.failure(&format!(
                "a version in the manifest is not a semantic version: {error}"
            ));
            false
        }
    }
}
