//! `specweave diff`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use generator::api::Name;
use generator::api::lower::Lowered;
use generator::description::diagnostic::{Diagnostics, Severity as Level};
use generator::description::source::Span;
use generator::diff::{self, Change, Severity, Side, Undecided, Version};
use generator::pipeline;
use generator::project::{Project, manifest};
use generator::reconcile::merge::Merged;

use crate::acknowledged::{self, Acknowledged};
use crate::console::{Position, Reported};
use crate::revision::{Revision, is_range, is_revision};
use crate::{Context, Diff, FOUND, Format, WRONG_ARGUMENTS, opened};

pub(crate) fn run(arguments: &Diff, context: &Context) -> ExitCode {
    let console = &context.console;
    let manifest = arguments.manifest.path();
    let compared = match Compared::of(&arguments.versions, &manifest) {
        Ok(compared) => compared,
        Err(message) => {
            console.failure(&message);
            return ExitCode::from(WRONG_ARGUMENTS);
        }
    };
    let Some(mut diff) = compared.compare(&manifest, context) else {
        return ExitCode::FAILURE;
    };
    let Some(known) = Acknowledged::read(arguments.acknowledged.as_deref(), console) else {
        return ExitCode::FAILURE;
    };
    known.tell_needless(&diff, console);
    known.mark(&mut diff);
    let is_new = |change: &Change| change.acknowledged.is_none();
    match arguments.format() {
        Format::Text => {
            console.result(diff::render(&diff).trim_end());
            let new = diff.of(Severity::Major).filter(|change| is_new(change));
            if let Some(advice) = acknowledged::advice(new) {
                console.advice(&advice);
            }
        }
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
                console.report(reported(change), "");
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
fn reported(change: &Change) -> Reported {
    let level = if change.severity == Severity::Major && change.acknowledged.is_none() {
        Level::Error
    } else {
        Level::Note
    };
    let mut message = format!("{}: {}", change.item, change.effect);
    if let Some(reason) = &change.acknowledged {
        message.push_str(&format!(" (acknowledged: {reason})"));
    }
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

/// What is compared.
enum Compared<'a> {
    /// The files as they were at a revision, and as they are now.
    Since(String),
    /// Two files, the earlier one first.
    Files(&'a Path, &'a Path),
}

/// What the arguments of `diff` can be.
const TAKES: &str = "`diff` takes one revision, to which the files as they are now are compared, or two documents or manifests, the earlier one first";

impl<'a> Compared<'a> {
    /// What the arguments name. An error says what is wrong with them.
    fn of(versions: &'a [PathBuf], manifest: &Path) -> Result<Self, String> {
        match versions {
            [before, after] => {
                let revision = versions.iter().find(|version| {
                    let text = version.to_string_lossy();
                    !version.exists() && (is_range(&text) || is_revision(manifest, &text))
                });
                match revision {
                    Some(revision) => Err(format!(
                        "`{}` is a revision, of which only one can be given, and no file beside it; {TAKES}",
                        revision.display()
                    )),
                    None => Ok(Self::Files(before, after)),
                }
            }
            [version] => {
                let text = version.to_string_lossy().into_owned();
                if version.is_file() && !is_revision(manifest, &text) {
                    Err(format!("`{text}` is one file; {TAKES}"))
                } else if is_range(&text) && !version.exists() {
                    Err(format!("`{text}` is a range of revisions; {TAKES}"))
                } else {
                    Ok(Self::Since(text))
                }
            }
            _ => Ok(Self::Since("HEAD".to_owned())),
        }
    }

    /// The changes. `None` if one of the two versions cannot be read, which was printed.
    fn compare(&self, manifest: &Path, context: &Context) -> Option<diff::Diff> {
        match self {
            Self::Since(revision) => Some(since(manifest, revision, context)?.1),
            Self::Files(before, after) => between(
                &Read::file(before, context)?,
                &Read::file(after, context)?,
                context,
            ),
        }
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
    let before = opened::below(revision.manifest(), revision.shown(), context)?;
    let before = Read::of(before, Some(revision.manifest()), context)?;
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
        let read = Read::quietly(project, Some(revision.manifest()));
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
    /// The position of the package in the manifest, if there is one.
    package_at: Option<Span>,
    /// `None` if a document cannot be read.
    lowered: Option<(Merged, Lowered)>,
    library: Option<Name>,
    diagnostics: Diagnostics,
}

impl Read {
    /// Reads a manifest, if the file is a TOML file, or else a document. Prints why it cannot be read.
    fn file(path: &Path, context: &Context) -> Option<Self> {
        if path.extension().is_some_and(|it| it == "toml") {
            Self::of(opened::manifest(path, context)?, Some(path), context)
        } else {
            Self::of(opened::to_read(&[path.to_owned()], context)?, None, context)
        }
    }

    fn of(project: Project, manifest: Option<&Path>, context: &Context) -> Option<Self> {
        if let Err(error) = project.package.library() {
            context.console.failure(&error.to_string());
            return None;
        }
        let read = Self::quietly(project, manifest);
        if read.lowered.is_none() {
            read.tell_errors(context);
        }
        read.lowered.is_some().then_some(read)
    }

    /// The same; nothing is printed.
    fn quietly(project: Project, manifest: Option<&Path>) -> Self {
        let mut diagnostics = Diagnostics::default();
        let lowered = pipeline::merged_and_lowered(&project, &mut diagnostics);
        let name = manifest.and_then(Path::file_name);
        let file = name.and_then(|name| project.sources.find(&name.to_string_lossy()));
        Self {
            package_at: file.map(|file| manifest::package_position(&project.sources, file)),
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
        let ((merged, lowered), library) = (self.lowered.as_ref()?, self.library.as_ref()?);
        let version = Version::new(lowered, library, &self.project.sources).with_merged(merged);
        Some(match self.package_at {
            Some(at) => version.with_package(&self.project.package, at),
            None => version,
        })
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
