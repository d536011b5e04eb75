//! The pipeline as one function: bytes → documents → one effective API → frozen API → files in memory.

use std::collections::HashSet;
use std::fmt;
use std::path::PathBuf;

use crate::api::lower::{self, Lowered, MovedOperation};
use crate::api::names::{Collision, Lock};
use crate::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::description::document::{
    Correction, DescriptionFiles, Document, SourceId, page_positions, read,
};
use crate::description::load;
use crate::description::normalize;
use crate::description::overlay;
use crate::description::source::{FileId, Span};
use crate::description::transcribe;
use crate::description::tree::Node;
use crate::emit::pages::package::PackageError;
use crate::emit::{self, EmitError};
use crate::files::Files;
use crate::project::report::Report;
use crate::project::{Description, LockFile, Project};
use crate::reconcile::fidelity::{self, Fidelity};
use crate::reconcile::merge::{
    self, Merged, NEEDLESS_CHOICE, NEEDLESS_RESOLUTION, Resolutions, is_undecided,
    operation_subject,
};
use crate::reconcile::patterns;

/// The result of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The effective API with its claims and verdicts. `None` if a document could not be read.
    pub merged: Option<Merged>,
    /// The frozen API and its names. `None` if there were errors.
    pub lowered: Option<Lowered>,
    /// The files of the crate. `None` if there were errors.
    pub files: Option<Files>,
    /// The lock files to write beside the crate. Empty if there were errors.
    pub locks: Vec<WrittenLock>,
    /// The diagnostics about the input.
    pub diagnostics: Diagnostics,
    /// The report.
    pub report: Report,
}

/// A lock file to write beside the crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLock {
    /// Its path.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// A stage of a run, for those who show its progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage<'p> {
    /// A description is read.
    Reading(&'p str),
    /// The descriptions are reconciled.
    Reconciling,
    /// Types and names are settled.
    Lowering,
    /// The files of the crate are made.
    Emitting,
}

impl fmt::Display for Stage<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Reading(id) => write!(formatter, "reading {id}"),
            Self::Reconciling => formatter.write_str("reconciling"),
            Self::Lowering => formatter.write_str("settling types and names"),
            Self::Emitting => formatter.write_str("emitting"),
        }
    }
}

/// Runs the pipeline on a project. Reads and writes no files.
#[must_use]
pub fn run(project: &Project) -> Outcome {
    run_with_progress(project, &|_| {})
}

/// Runs the pipeline on a project, and tells when a stage begins. Reads and writes no files.
#[must_use]
pub fn run_with_progress(project: &Project, begins: &dyn Fn(Stage<'_>)) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let merged = reconcile_with_progress(project, &mut diagnostics, begins);
    let known = merged
        .as_ref()
        .filter(|_| is_complete(&diagnostics))
        .map(fidelity::of);
    let (names, moved) = pinned_names(project, merged.as_ref(), &mut diagnostics);
    let scores = check_fidelity(project, known.as_deref(), &moved, &mut diagnostics);
    let known = known.unwrap_or_default();
    let lowered = unless_errors(&merged, &diagnostics).map(|merged| {
        begins(Stage::Lowering);
        lower_merged(project, merged, &names, &mut diagnostics)
    });
    let files = merged
        .as_ref()
        .zip(unless_errors(&lowered, &diagnostics))
        .and_then(|(merged, lowered)| {
            begins(Stage::Emitting);
            emit_files(project, merged, lowered, &known, &mut diagnostics)
        });
    let locks = match (&lowered, &files) {
        (Some(lowered), Some(_)) => written_locks(project, lowered, &scores),
        _ => Vec::new(),
    };
    let report = Report::new(
        merged.as_ref(),
        lowered.as_ref(),
        files.is_some(),
        known,
        &diagnostics,
        &project.sources,
    );
    Outcome {
        merged,
        lowered,
        files,
        locks,
        diagnostics,
        report,
    }
}

/// The result of a stage, or `None` if there are errors, so that no later stage runs.
fn unless_errors<'r, T>(result: &'r Option<T>, diagnostics: &Diagnostics) -> Option<&'r T> {
    result.as_ref().filter(|_| !diagnostics.has_errors())
}

/// Whether all errors are contradictions without a valid resolution, and decisions that are not needed, if there are errors at
/// all. The effective API is complete then, with what is proposed as the decision for each contradiction, so that it can be
/// scored and compared.
#[must_use]
pub fn is_complete(diagnostics: &Diagnostics) -> bool {
    let is_about_decisions = |diagnostic: &Diagnostic| {
        diagnostic.severity != Severity::Error
            || is_undecided(diagnostic)
            || matches!(diagnostic.code, NEEDLESS_RESOLUTION | NEEDLESS_CHOICE)
    };
    diagnostics.items().iter().all(is_about_decisions)
}

/// The lock files: the names of the crate, and its fidelity scores.
fn written_locks(
    project: &Project,
    lowered: &Lowered,
    scores: &fidelity::Lock,
) -> Vec<WrittenLock> {
    let names = project.names.as_ref();
    let names = names.map(|file| (file, lowered.lock.to_text()));
    let fidelity = project.fidelity.as_ref();
    let fidelity = fidelity.map(|file| (file, scores.to_text()));
    let written = names.into_iter().chain(fidelity);
    let written = written.map(|(file, text)| WrittenLock {
        path: file.path.clone(),
        text,
    });
    written.chain(missing_resolutions(project)).collect()
}

/// The file of resolutions to begin with, if that of the manifest does not exist.
#[must_use]
pub fn missing_resolutions(project: &Project) -> Option<WrittenLock> {
    let resolutions = project.resolutions.as_ref();
    let missing = resolutions.filter(|file| file.file.is_none())?;
    Some(WrittenLock {
        path: missing.path.clone(),
        text: merge::NO_RESOLUTIONS.to_owned(),
    })
}

/// Reads, merges and lowers the documents of a project, and emits nothing. `None` if the effective API is not complete.
pub fn lowered(project: &Project, diagnostics: &mut Diagnostics) -> Option<Lowered> {
    merged_and_lowered(project, diagnostics).map(|(_, lowered)| lowered)
}

/// The same, with the merged documents that were lowered.
pub fn merged_and_lowered(
    project: &Project,
    diagnostics: &mut Diagnostics,
) -> Option<(Merged, Lowered)> {
    lowered_with(project, diagnostics, |_, _| {})
}

/// The same of the API of an emitted crate ([`Project::of_effective`]). Its operations have the names that it states, though
/// others may be pinned by now.
pub fn effective_and_lowered(
    project: &Project,
    diagnostics: &mut Diagnostics,
) -> Option<(Merged, Lowered)> {
    lowered_with(project, diagnostics, |merged, names| {
        name_as_emitted(project, merged, names);
    })
}

fn lowered_with(
    project: &Project,
    diagnostics: &mut Diagnostics,
    change_names: impl FnOnce(&Merged, &mut Lock),
) -> Option<(Merged, Lowered)> {
    let merged = reconcile(project, diagnostics).filter(|_| is_complete(diagnostics))?;
    let mut unreported = Diagnostics::default();
    let (mut names, _) = pinned_names(project, Some(&merged), &mut unreported);
    change_names(&merged, &mut names);
    let lowered = lower_merged(project, &merged, &names, &mut unreported);
    Some((merged, lowered))
}

/// Gives the operations with pinned names those that the effective API of a crate has for them.
fn name_as_emitted(project: &Project, merged: &Merged, names: &mut Lock) {
    let description = project.descriptions.first();
    let mut unreported = Diagnostics::default();
    let tree =
        description.and_then(|it| load::parse(&project.sources, it.document, &mut unreported));
    let Some(paths) = tree.as_ref().and_then(|tree| tree.get("paths")) else {
        return;
    };
    for operation in &merged.document.operations {
        let item = paths.get(&operation.path);
        let written = item.and_then(|item| item.get(operation.method.key()));
        let name = written.and_then(|it| it.get("x-rust-operation")?.as_str());
        let pinned = names.operations.get_mut(&operation_subject(operation));
        if let (Some(name), Some(pinned)) = (name, pinned) {
            name.clone_into(pinned);
        }
    }
}

/// Reads all documents and merges them into one effective API. `None` if a document cannot be read.
pub fn reconcile(project: &Project, diagnostics: &mut Diagnostics) -> Option<Merged> {
    reconcile_with_progress(project, diagnostics, &|_| {})
}

fn reconcile_with_progress(
    project: &Project,
    diagnostics: &mut Diagnostics,
    begins: &dyn Fn(Stage<'_>),
) -> Option<Merged> {
    let mut sources = Vec::new();
    let mut documents = Vec::new();
    for (index, description) in project.descriptions.iter().enumerate() {
        let source = SourceId(u16::try_from(index).unwrap_or(u16::MAX));
        begins(Stage::Reading(&description.id));
        if let Some(document) = document(project, description, source, diagnostics) {
            sources.push(description.declared());
            documents.push(document);
        }
    }
    if documents.is_empty() || documents.len() < project.descriptions.len() {
        return None;
    }
    begins(Stage::Reconciling);
    let resolutions = match &project.resolutions {
        Some(LockFile {
            file: Some(file), ..
        }) => Resolutions::read(&project.sources, *file, diagnostics),
        Some(LockFile { path, file: None }) => Resolutions {
            path: Some(path.display().to_string()),
            ..Resolutions::default()
        },
        None => Resolutions::default(),
    };
    let mut merged = merge::merge(
        sources,
        documents,
        project.base_path.as_deref(),
        &resolutions,
        diagnostics,
    );
    merged.own_texts = project.api.by_facet();
    merge::report_skipped(&merged.document, diagnostics);
    patterns::report_unchecked(&merged.document, diagnostics);
    Some(merged)
}

/// The tree of a description, with its overlays, and what they have corrected.
fn overlaid(
    project: &Project,
    description: &Description,
    diagnostics: &mut Diagnostics,
) -> Option<(Node, Vec<Correction>)> {
    let mut tree = load::parse(&project.sources, description.document, diagnostics)?;
    let mut corrections = Vec::new();
    if let Some((page, style)) = &description.page {
        check_transcription(project, description, *page, style, diagnostics);
        page_positions::apply(&mut tree, *page);
    }
    for file in &description.overlays {
        let overlay = load::parse(&project.sources, *file, diagnostics)
            .and_then(|tree| overlay::read(&tree, diagnostics));
        let Some(overlay) = overlay else { continue };
        overlay::apply(
            &mut tree,
            project.sources.path(description.document),
            &overlay,
            diagnostics,
        );
        corrections.extend(overlay.corrections());
    }
    Some((tree, corrections))
}

/// Reads one description alone: its tree with the overlays, and its normalised document.
pub fn read_alone(
    project: &Project,
    description: &Description,
    diagnostics: &mut Diagnostics,
) -> Option<(Node, Document)> {
    let (tree, _) = overlaid(project, description, diagnostics)?;
    let mut document = read_tree(project, description, SourceId(0), &tree, diagnostics)?;
    normalize::normalize(&mut document, description.site.as_deref(), diagnostics);
    Some((tree, document))
}

/// Reads one description: bytes → tree → overlaid tree → normalised document.
fn document(
    project: &Project,
    description: &Description,
    source: SourceId,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let (tree, corrections) = overlaid(project, description, diagnostics)?;
    let mut document = read_tree(project, description, source, &tree, diagnostics)?;
    drop(tree);
    normalize::normalize(&mut document, description.site.as_deref(), diagnostics);
    document.corrections = corrections;
    Some(document)
}

/// Reads the document of a description from its tree.
fn read_tree(
    project: &Project,
    description: &Description,
    source: SourceId,
    tree: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let files = DescriptionFiles::parse(
        tree,
        description.document,
        &description.external,
        &project.sources,
    );
    read::files(&files, source, description.page.is_some(), diagnostics)
}

/// Reports a transcription that was edited by hand.
fn check_transcription(
    project: &Project,
    description: &Description,
    page: FileId,
    style: &transcribe::Style,
    diagnostics: &mut Diagnostics,
) {
    let written = project
        .sources
        .get(description.document)
        .map(|file| file.text.clone());
    // Warnings about a page are reported only by `specweave transcribe`.
    let mut defects = Diagnostics::default();
    let fresh = transcribe::transcribe(&project.sources, page, style, &mut defects);
    if defects.has_errors() {
        diagnostics.extend(defects);
    }
    let Some(fresh) = fresh else { return };
    if written.as_deref() != Some(&fresh) {
        let path = project.sources.path(description.document);
        diagnostics.push(
            Diagnostic::error(
                "edited-transcription",
                format!(
                    "`{path}` differs from the transcription of `{}`",
                    project.sources.path(page)
                ),
            )
            .at(
                first_difference(project, description.document, &fresh),
                "the first difference",
            )
            .help("run `specweave transcribe`, which reads the page anew; what is to be fixed in the transcription goes into an overlay"),
        );
    }
}

fn first_difference(project: &Project, file: FileId, fresh: &str) -> Span {
    let written = project.sources.get(file).map_or("", |file| &*file.text);
    let same = written
        .lines()
        .zip(fresh.lines())
        .take_while(|(a, b)| a == b)
        .count();
    Span::new(file, u32::try_from(same + 1).unwrap_or(u32::MAX), 1)
}

/// Reports scores that have fallen below those in the lock. Returns the better one of each. There are no scores if the
/// effective API is not complete. An operation that has moved keeps its score.
fn check_fidelity(
    project: &Project,
    known: Option<&[Fidelity]>,
    moved: &[MovedOperation],
    diagnostics: &mut Diagnostics,
) -> fidelity::Lock {
    let Some(file) = project.fidelity.as_ref().and_then(|lock| lock.file) else {
        return fidelity::Lock::default().raised(known.unwrap_or_default());
    };
    let mut of_lock = Diagnostics::default();
    let mut lock = fidelity::Lock::read(&project.sources, file, &mut of_lock);
    for MovedOperation { from, to } in moved {
        lock.move_operation(from, to);
    }
    if let Some(known) = known.filter(|_| !of_lock.has_errors()) {
        lock.check(known, &project.sources, file, &mut of_lock);
    }
    diagnostics.extend(of_lock);
    lock.raised(known.unwrap_or_default())
}

/// The names in `names.lock`, those of operations that have moved at their new places, and these operations.
fn pinned_names(
    project: &Project,
    merged: Option<&Merged>,
    diagnostics: &mut Diagnostics,
) -> (Lock, Vec<MovedOperation>) {
    let Some(file) = project.names.as_ref().and_then(|names| names.file) else {
        return (Lock::default(), Vec::new());
    };
    let mut names = Lock::read(&project.sources, file, diagnostics);
    let moved = merged.map(|merged| lower::follow_moved_operations(merged, &mut names));
    (names, moved.unwrap_or_default())
}

fn lower_merged(
    project: &Project,
    merged: &Merged,
    lock: &Lock,
    diagnostics: &mut Diagnostics,
) -> Lowered {
    let lowered = lower::lower(merged, lock);
    if project.names.is_some() {
        lock.report_unused(&lowered.lock, diagnostics);
        // An item that a yielding source describes may exist, or differ, only because of that source. It keeps its number,
        // so that such a source needs no entries in the names file.
        let declared = merged.sources.iter().map(|source| &source.declared);
        let yielding = declared.filter(|source| source.yields.is_some());
        let yielding: HashSet<&str> = yielding.map(|source| &*source.id).collect();
        let needs_decision = |collision: &&Collision| {
            let mut provenance = collision.provenance.iter();
            provenance.all(|line| !yielding.contains(&*line.source))
        };
        for collision in lowered.collisions.iter().filter(needs_decision) {
            let pinned = lock.section(collision.kind);
            let now = lowered.lock.section(collision.kind);
            let mut gone = pinned.iter().filter(|(item, _)| !now.contains_key(*item));
            let holder = gone.find(|(_, name)| **name == collision.wanted);
            diagnostics.push(name_collision(collision, holder.map(|(item, _)| item)));
        }
    }
    lowered
}

/// The error for two items with the same name. The maintainer chooses, because a number would depend on the order of the
/// items. `gone` is an item of the names file that has the name and is no more.
fn name_collision(collision: &Collision, gone: Option<&String>) -> Diagnostic {
    let Collision {
        kind,
        item,
        wanted,
        given,
        provenance,
    } = collision;
    let message = format!(
        "the name `{wanted}` of the {} `{item}` is not unique",
        kind.name()
    );
    let mut diagnostic = Diagnostic::error("name-collision", message);
    for provenance in provenance {
        diagnostic = diagnostic.at(provenance.at, "described here");
    }
    let entry = |name: &str| {
        let (item, name) = (toml::Value::from(item.as_str()), toml::Value::from(name));
        format!("\n\n[{}]\n{item} = {name}", kind.section())
    };
    diagnostic.help(match gone {
        Some(gone) => format!(
            "in the file of pinned names, `{gone}` has it, which is gone: if it is `{item}` now, write this in place of its line:{}",
            entry(wanted.as_str())
        ),
        None => format!(
            "pin a unique name in the file of pinned names, for example:{}",
            entry(given.as_str())
        ),
    })
}

fn emit_files(
    project: &Project,
    merged: &Merged,
    lowered: &Lowered,
    known: &[Fidelity],
    diagnostics: &mut Diagnostics,
) -> Option<Files> {
    match emit::crate_files(
        &lowered.api,
        merged,
        known,
        &project.sources,
        &project.package,
    ) {
        Ok(files) => Some(files),
        Err(EmitError::Package(error @ (PackageError::Name(_) | PackageError::Version(_)))) => {
            diagnostics.push(
                Diagnostic::error("invalid-package", error.to_string())
                    .help("correct `package` in the manifest, or `--name`"),
            );
            None
        }
        Err(error) => {
            diagnostics.push(
                Diagnostic::error("emission-failed", error.to_string()).help(
                    "this is a defect of the generator: please report it with the specification",
                ),
            );
            None
        }
    }
}
