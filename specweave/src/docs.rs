//! `specweave docs`.

use std::path::Path;

use generator::description::diagnostic::Severity;
use generator::output::{FolderLock, Inputs};
use generator::pipeline;
use generator::site::{self, Revision, Site};

use crate::{Context, Docs, diff, opened, revision};

pub(crate) fn run(arguments: &Docs, context: &Context) -> bool {
    let console = &context.console;
    let project = opened::files_or_manifest(&arguments.spec, &arguments.manifest, context);
    let Some(project) = project else { return false };
    let outcome = pipeline::run(&project);
    console.findings(&outcome.diagnostics, &project.sources, Severity::Error);
    let (Some(merged), Some(lowered)) = (&outcome.merged, &outcome.lowered) else {
        console.failure("nothing was written");
        return false;
    };
    let history = if arguments.spec.is_empty() {
        history(&arguments.manifest.path(), arguments.history, context)
    } else {
        Vec::new()
    };
    let site = Site {
        project: &project,
        merged,
        lowered,
        history: &history,
    };
    let files = match site::files(&site) {
        Ok(files) => files,
        Err(error) => {
            console.failure(&error.to_string());
            return false;
        }
    };
    match FolderLock::of(&arguments.out).and_then(|folder| folder.write(&files, &Inputs::default()))
    {
        Ok(written) => {
            console.line(&format!("{}: {written}", arguments.out.display()));
            true
        }
        Err(error) => {
            console.failure(&error.to_string());
            false
        }
    }
}

/// The changes of the latest revisions. Without git there are none.
fn history(manifest: &Path, number: usize, context: &Context) -> Vec<Revision> {
    if number == 0 {
        return Vec::new();
    }
    let revisions = match revision::latest(manifest, number.saturating_add(1)) {
        Ok(revisions) => revisions,
        Err(error) => {
            let text = format!("the page of changes is empty: {error}");
            context.console.line(&text);
            return Vec::new();
        }
    };
    let hashes = revisions.iter().map(|revision| &*revision.hash);
    let diffs = diff::of_revisions(manifest, hashes);
    let changed = revisions.into_iter().zip(diffs);
    changed
        .map(|(revision, diff)| Revision {
            name: revision.hash,
            date: revision.date,
            summary: revision.summary,
            diff,
        })
        .collect()
}
