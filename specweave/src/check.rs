//! `specweave check`.

use std::path::Path;

use generator::description::diagnostic::Severity;
use generator::output;
use generator::pipeline;
use semver::Version;

use crate::{Check, Context, diff, opened, print};

pub(crate) fn run(arguments: &Check, context: &Context) -> bool {
    let manifest = &arguments.manifest.manifest;
    let fix = format!("{} generate", context.program);
    let Some(project) = opened::manifest(manifest) else {
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
            print::failure(&format!("{error}\nrun `{fix}`"));
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
        print::failure(&format!("the crate on disk is out of date; run `{fix}`"));
        return false;
    }
    print::line(&format!(
        "{} is current: {} files",
        project.output.display(),
        files.len()
    ));
    match &arguments.semver {
        Some(revision) => has_sufficient_version(manifest, revision, &project.package.version),
        None => true,
    }
}

/// Whether the version of the manifest suffices for what has changed since a revision.
fn has_sufficient_version(manifest: &Path, revision: &str, version: &str) -> bool {
    let Some((earlier, changes)) = diff::since(manifest, revision) else {
        return false;
    };
    let verdict = changes.verdict_name();
    let needed = Version::parse(&earlier)
        .map(|earlier| generator::diff::next_version(&earlier, changes.verdict()));
    match (needed, Version::parse(version)) {
        (Ok(needed), Ok(version)) if version >= needed => {
            print::line(&format!(
                "version {version} suffices: {verdict} changes since {revision} ({earlier})"
            ));
            true
        }
        (Ok(needed), Ok(version)) => {
            print::failure(&format!(
                "{}: version {version} is too low for {verdict} changes since {revision} ({earlier}); set at least {needed}",
                manifest.display()
            ));
            false
        }
        (Err(error), _) | (_, Err(error)) => {
            print::failure(&format!(
                "a version in the manifest is not a semantic version: {error}"
            ));
            false
        }
    }
}
