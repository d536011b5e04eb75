//! `specweave diff`.

use std::path::Path;
use std::process::ExitCode;

use generator::api::Name;
use generator::api::lower::Lowered;
use generator::description::diagnostic::{Diagnostics, Severity as Level};
use generator::diff::{self, Change, Severity, Side, Undecided, Version};
use generator::pipeline;
use generator::project::Project;

use crate::acknowledged::Acknowledged;
use crate::console::{Position, Reported};
use crate::revision::Revision;
use crate::{Context, Diff, FOUND, Format, opened};

pub(crate) fn run(arguments: &Diff, context: &Context) -> ExitCode {
    let console = &context.console;
    let Some(diff) = compare(arguments, context) else {
        return ExitCode::FAILURE;
    };
    let Some(known) = Acknowledged::read(arguments.acknowledged.as_deref(), console) else {
        return ExitCode::FAILURE;
    };
    known.tell_needless(&diff, console);
    let is_new = |change: &Change| !known.has(change);
    match arguments.format() {
        Format::Text => console.result(diff::render(&diff).trim_end()),
        Format::Markdown => console.result(diff::markdown(&diff).trim_end()),
        Format::Changelog => console.result(diff::changelog(&diff).trim_end()),
        Format::Json => match diff.to_json() {
            Ok(text) => console.document(&text),
            Err(error) => {
                console.failure(&error.to_string());
                return ExitCode::FAILURE;
            }
        },
        Format::Github | Format::Sarif => {
            for change in &diff.changes {
                console.report(reported(change, is_new(change)), "");
            }
        }
    }
    if !diff.undecided.is_empty() {
        ExitCode::FAILURE
    } else if diff.of(Severity::Major).any(is_new) {
        ExitCode::from(FOUND)
    } else {
        ExitCode::SUCCESS
    }
}

/// A change where it is described: an error if it is breaking and new. What is removed has no place in the files as they are now.
fn reported(change: &Change, is_new: bool) -> Reported {
    let level = if change.severity == Severity::Major && is_new {
        Level::Error
    } else {
        Level::Note
    };
    let mut message = format!("{}: {}", change.item, change.effect);
    if change.side == Side::Before {
        let at = change.at.as_ref().map(ToString::to_string);
        message.push_str(&format!(" (it was at {})", at.unwrap_or_default()));
        return Reported::new(level, &change.kind, message);
    }
    let claims = change.claims.iter().map(|claim| {
        let text = format!("`{}` describes it", claim.source);
        Position::new(&claim.at, text)
    });
    Reported {
        positions: claims.collect(),
        ..Reported::new(level, &change.kind, message)
    }
}

/// Compares the versions of the arguments. `None` if one of them cannot be read, which was printed.
fn compare(arguments: &Diff, context: &Context) -> Option<diff::Diff> {
    let manifest = &arguments.manifest.path();
    match arguments.versions.as_slice() {
        [before, after] => between(
            &Read::file(before, context)?,
            &Read::file(after, context)?,
            context,
        ),
        [before] if before.is_file() => between(
            &Read::file(before, context)?,
            &Read::file(manifest, context)?,
            context,
        ),
        [revision] => Some(since(manifest, &revision.to_string_lossy(), context)?.1),
        [] => Some(since(manifest, "HEAD", context)?.1),
        _ => None,
    }
}

/// The version in the manifest of a revision, and the changes since. `None` if one of the two cannot be read, which was
/// printed.
pub(crate) fn since(
    manifest: &Path,
    revision: &str,
    context: &Context,
) -> Option<(String, diff::Diff)> {
    if !opened::is_there(manifest, context) {
        return None;
    }
    let revision = match Revision::read(manifest, revision) {
        Ok(revision) => revision,
        Err(error) => {
            context.console.failure(&error.to_string());
            return None;
        }
    };
    let folder = opened::folder_of(manifest);
    let before = opened::below(revision.manifest(), folder, context)?;
    let before = Read::of(before, context)?;
    let changes = between(&before, &Read::file(manifest, context)?, context)?;
    Some((before.project.package.version, changes))
}

/// The changes from each revision to the one before it in the list. `None` where one of the two cannot be read, or is not
/// decided.
pub(crate) fn of_revisions<'r>(
    manifest: &Path,
    revisions: impl IntoIterator<Item = &'r str>,
) -> Vec<Option<diff::Diff>> {
    let read = |revision: &str| {
        let revision = Revision::read(manifest, revision).ok()?;
        let mut diagnostics = Diagnostics::default();
        let (project, _) = Project::open(revision.manifest(), &mut diagnostics);
        let mut project = project?;
        let shown = opened::folder_of(manifest);
        project.sources.show_below(shown, |_| true);
        let read = Read::quietly(project);
        (!read.diagnostics.has_errors()).then_some(read)
    };
    let versions: Vec<Option<Read>> = revisions.into_iter().map(read).collect();
    let pairs = versions.windows(2).map(|pair| match pair {
        [Some(after), Some(before)] => Some(diff::diff(before.version()?, after.version()?)),
        _ => None,
    });
    pairs.collect()
}

/// A version that was read and lowered.
struct Read {
    project: Project,
    /// `None` if a document cannot be read.
    lowered: Option<Lowered>,
    library: Option<Name>,
    diagnostics: Diagnostics,
}

impl Read {
    /// Reads a manifest, if the file is a TOML file, or else a document. Prints why it cannot be read.
    fn file(path: &Path, context: &Context) -> Option<Self> {
        if path.extension().is_some_and(|it| it == "toml") {
            Self::of(opened::manifest(path, context)?, context)
        } else {
            Self::of(opened::to_read(&[path.to_owned()], context)?, context)
        }
    }

    fn of(project: Project, context: &Context) -> Option<Self> {
        if let Err(error) = project.package.library() {
            context.console.failure(&error.to_string());
            return None;
        }
        let read = Self::quietly(project);
        if read.lowered.is_none() {
            read.tell_errors(context);
        }
        read.lowered.is_some().then_some(read)
    }

    /// The same; nothing is printed.
    fn quietly(project: Project) -> Self {
        let mut diagnostics = Diagnostics::default();
        let lowered = pipeline::lowered(&project, &mut diagnostics);
        Self {
            library: project.package.library().ok(),
            project,
            lowered,
            diagnostics,
        }
    }

    fn tell_errors(&self, context: &Context) {
        let (diagnostics, sources) = (&self.diagnostics, &self.project.sources);
        context.console.findings(diagnostics, sources, Level::Error);
    }

    fn version(&self) -> Option<Version<'_>> {
        let (lowered, library) = (self.lowered.as_ref()?, self.library.as_ref()?);
        Some(Version::new(lowered, library, &self.project.sources))
    }
}

/// The changes between two versions. Prints the contradictions in each that are not decided.
fn between(before: &Read, after: &Read, context: &Context) -> Option<diff::Diff> {
    let mut diff = diff::diff(before.version()?, after.version()?);
    for (read, side) in [(before, Side::Before), (after, Side::After)] {
        let undecided = Undecided::among(&read.diagnostics, &read.project.sources, side);
        if !undecided.is_empty() {
            read.tell_errors(context);
        }
        diff.undecided.extend(undecided);
    }
    let bases = after.diagnostics.of("base-paths-differ");
    let sources = &after.project.sources;
    context.console.findings(&bases, sources, Level::Warning);
    Some(diff)
}
