//! The whole road, top to bottom: bytes → documents → one effective API → frozen API → files in memory.

use std::collections::HashSet;
use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Files as Documents, SourceId, origin, read};
use crate::emit::package::PackageError;
use crate::emit::{self, EmitError};
use crate::fidelity::{self, Fidelity};
use crate::load;
use crate::lower::{self, Lowered};
use crate::merge::{self, Merged, Resolutions};
use crate::names::{Collision, Lock};
use crate::normalize;
use crate::output::Files;
use crate::overlay;
use crate::project::{Description, LockFile, Project};
use crate::report::Report;
use crate::source::FileId;
use crate::transcribe;

/// What a run came to.
#[derive(Debug)]
pub struct Outcome {
    /// The effective API and how it came about, if the documents could be read at all.
    pub merged: Option<Merged>,
    /// The frozen API with its names, unless there were errors.
    pub lowered: Option<Lowered>,
    /// The files of the crate, unless there were errors.
    pub files: Option<Files>,
    /// The files beside the crate that pin what it has come to, unless there were errors.
    pub locks: Vec<WrittenLock>,
    /// What there is to say about the input.
    pub diagnostics: Diagnostics,
    /// What went in and what came out.
    pub report: Report,
}

/// A file beside the crate, to be written with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrittenLock {
    /// Where it goes.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// Runs the pipeline over a project. Reads nothing but the project and writes nothing.
#[must_use]
pub fn run(project: &Project) -> Outcome {
    let mut diagnostics = Diagnostics::default();
    let merged = reconcile(project, &mut diagnostics);
    let known = match &merged {
        Some(merged) if !diagnostics.has_errors() => fidelity::of(merged),
        _ => Vec::new(),
    };
    let scores = check_fidelity(project, &known, &mut diagnostics);
    let lowered = match &merged {
        Some(merged) if !diagnostics.has_errors() => {
            Some(lower_merged(project, merged, &mut diagnostics))
        }
        _ => None,
    };
    let files = match (&merged, &lowered) {
        (Some(merged), Some(lowered)) if !diagnostics.has_errors() => {
            emit_files(project, merged, lowered, &known, &mut diagnostics)
        }
        _ => None,
    };
    let mut locks = Vec::new();
    if let (Some(lowered), Some(_)) = (&lowered, &files) {
        let text = |lock_file: &LockFile, text: String| WrittenLock {
            path: lock_file.path.clone(),
            text,
        };
        locks.extend(
            project
                .names
                .as_ref()
                .map(|file| text(file, lowered.lock.to_text())),
        );
        locks.extend(
            project
                .fidelity
                .as_ref()
                .map(|file| text(file, scores.to_text())),
        );
    }
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

/// Documents → one effective API. `None` when a document cannot be read at all.
pub fn reconcile(project: &Project, diagnostics: &mut Diagnostics) -> Option<Merged> {
    let mut sources = Vec::new();
    let mut documents = Vec::new();
    for (index, description) in project.descriptions.iter().enumerate() {
        let source = SourceId(u16::try_from(index).unwrap_or(u16::MAX));
        if let Some(document) = document(project, description, source, diagnostics) {
            sources.push(merge::Source {
                id: description.id.clone(),
                yields: description.yields.clone(),
            });
            documents.push(document);
        }
    }
    if documents.is_empty() || documents.len() < project.descriptions.len() {
        return None;
    }
    let resolutions = match project.resolutions {
        Some(file) => Resolutions::read(&project.sources, file, diagnostics),
        None => Resolutions::default(),
    };
    let mut merged = merge::merge(
        sources,
        documents,
        project.base_path.as_deref(),
        &resolutions,
        diagnostics,
    );
    let texts = project.api.clone();
    merged.document.title = texts.title.or(merged.document.title);
    merged.document.version = texts.version.or(merged.document.version);
    merged.document.description = texts.description.or(merged.document.description);
    merge::report_skipped(&merged.document, diagnostics);
    Some(merged)
}

/// One description: bytes → tree → overlaid tree → normalised document.
fn document(
    project: &Project,
    description: &Description,
    source: SourceId,
    diagnostics: &mut Diagnostics,
) -> Option<Document> {
    let mut tree = load::parse(&project.sources, description.document, diagnostics)?;
    if let Some((page, style)) = &description.page {
        check_transcription(project, description, *page, style, diagnostics);
        origin::apply(&mut tree, *page);
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
    }
    let files = Documents::parse(
        &tree,
        description.document,
        &description.external,
        &project.sources,
    );
    let mut document = read::files(&files, source, description.page.is_some(), diagnostics)?;
    drop(files);
    drop(tree);
    normalize::normalize(&mut document, diagnostics);
    Some(document)
}

/// A transcription is what its page says: edits of it belong into an overlay.
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
    // The defects of a page are reported when it is transcribed, and mended by overlays.
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
                format!("`{path}` is not what `{}` says", project.sources.path(page)),
            )
            .at(
                first_difference(project, description.document, &fresh),
                "the first difference",
            )
            .help("run `cargo xtask transcribe`; put fixes into an overlay"),
        );
    }
}

fn first_difference(project: &Project, file: FileId, fresh: &str) -> crate::source::Span {
    let written = project.sources.get(file).map_or("", |file| &*file.text);
    let same = written
        .lines()
        .zip(fresh.lines())
        .take_while(|(a, b)| a == b)
        .count();
    crate::source::Span::new(file, u32::try_from(same + 1).unwrap_or(u32::MAX), 1)
}

/// Compares the scores with the best that there were; the better ones of both.
fn check_fidelity(
    project: &Project,
    known: &[Fidelity],
    diagnostics: &mut Diagnostics,
) -> fidelity::Lock {
    let Some(file) = project.fidelity.as_ref().and_then(|lock| lock.file) else {
        return fidelity::Lock::default().raised(known);
    };
    let lock = fidelity::Lock::read(&project.sources, file, diagnostics);
    // Nothing is known where there are errors, and nothing has fallen by them.
    if !diagnostics.has_errors() {
        lock.check(known, &project.sources, file, diagnostics);
    }
    lock.raised(known)
}

fn lower_merged(project: &Project, merged: &Merged, diagnostics: &mut Diagnostics) -> Lowered {
    let lock = match project.names.as_ref().and_then(|names| names.file) {
        Some(file) => Lock::read(&project.sources, file, diagnostics),
        None => Lock::default(),
    };
    let titles: Vec<String> = project
        .descriptions
        .iter()
        .map(|description| description.title.clone())
        .collect();
    let lowered = lower::lower(merged, &titles, &lock);
    if project.names.is_some() {
        lock.check_members(&lowered.lock, diagnostics);
        // What a source that yields describes, too, may be there or be another type because of it alone. It gets a name
        // that is left: one entry of the manifest is enough for such a source.
        let yielding = merged.sources.iter();
        let yielding = yielding.filter(|source| source.yields.is_some());
        let yielding: HashSet<&str> = yielding.map(|source| &*source.id).collect();
        let is_firm = |collision: &&Collision| {
            let mut said = collision.provenance.iter();
            said.all(|said| !yielding.contains(&*said.source))
        };
        for collision in lowered.collisions.iter().filter(is_firm) {
            diagnostics.push(name_collision(collision));
        }
    }
    lowered
}

/// Names that have to stay are not numbered in the order of what came along: a maintainer says who is called what.
fn name_collision(collision: &Collision) -> Diagnostic {
    let Collision {
        kind,
        item,
        wanted,
        given,
        provenance,
    } = collision;
    let message = format!(
        "the {} `{item}` wants the name `{wanted}`, which another one has",
        kind.name()
    );
    let mut diagnostic = Diagnostic::error("name-collision", message);
    for provenance in provenance {
        diagnostic = diagnostic.at(provenance.at, "described here");
    }
    diagnostic.help(format!(
        "choose a name for it in the file of names, such as:\n\n[{}]\n{} = {}",
        kind.section(),
        toml::Value::from(item.as_str()),
        toml::Value::from(given.as_str()),
    ))
}

fn emit_files(
    project: &Project,
    merged: &Merged,
    lowered: &Lowered,
    known: &[Fidelity],
    diagnostics: &mut Diagnostics,
) -> Option<Files> {
    match emit::crate_files(&lowered.api, merged, known, &project.package) {
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
