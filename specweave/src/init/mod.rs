//! `specweave init`: a manifest for descriptions, and a first run.

mod base_path;
mod found;
mod made;
mod proposed;

use std::fs;
use std::path::{Component, Path, PathBuf};

use generator::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use generator::emit::pages::package::PackageOptions;
use generator::output::{self, FolderLock};
use generator::pipeline;
use generator::project::Transcriptions;
use generator::reconcile::merge::{BASE_PATHS_DIFFER, NO_RESOLUTIONS, Proposal};

use crate::console::Console;
use crate::{Context, Init, opened};
use base_path::BasePath;
use found::{FileCopy, Found};
use made::Made;
use proposed::Overlay;

/// The reason of the decisions that are proposed.
pub(crate) const REASON: &str = "Proposed by `specweave init`, since the source of the highest authority says so. Not reviewed yet.";

pub(crate) fn run(arguments: &Init, context: &Context) -> bool {
    match init(arguments, context) {
        Ok(done) => done,
        Err(error) => {
            context.console.failure(&error);
            false
        }
    }
}

fn init(arguments: &Init, context: &Context) -> Result<bool, String> {
    let console = &context.console;
    let folder = &arguments.dir;
    let manifest = folder.join("manifest.toml");
    refuse_existing(folder, &manifest)?;
    let files = named_or_found(arguments)?;
    let mut diagnostics = Diagnostics::default();
    let Some(mut sources) = found::read(&files, &mut diagnostics, context) else {
        return Ok(false);
    };
    for source in &sources {
        console.line(&format!("found: {source}"));
    }
    let package = package_name(arguments, &sources);
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| PathBuf::from(&package));
    refuse_package(&package, folder, &out)?;
    let made = Made::default();
    made.create(folder)?;
    let _alone = FolderLock::of(folder).map_err(|error| error.to_string())?;
    // Another run may have ended just now.
    refuse_existing(folder, &manifest)?;
    copy(&found::copies(&mut sources, folder)?, &made, console)?;
    let out = beside(folder, &out);
    let write_manifest = |base_path: &BasePath, overlays: &[Overlay]| {
        let text = proposed::manifest(&sources, &package, &out, base_path, overlays);
        made.write(&manifest, &text)
    };
    let opened = || opened::manifest(&manifest, context).ok_or("the project cannot be read");
    write_manifest(&BasePath::Common, &[])?;
    transcribe(&manifest, &made, console)?;
    let project = opened()?;
    let base_path = base_path::propose(&project);
    let mut overlays = base_path.overlays(&project);
    write_overlays(&overlays, folder, &made, console)?;
    write_manifest(&base_path, &overlays)?;
    let project = opened()?;
    let outcome = pipeline::run(&project);
    let corrections = proposed::overlays(&project, &outcome.diagnostics);
    write_overlays(&corrections, folder, &made, console)?;
    overlays.extend(corrections);
    write_manifest(&base_path, &overlays)?;
    tell_servers(&base_path, &manifest, console);
    let proposals = outcome
        .merged
        .map_or_else(Vec::new, |merged| merged.proposals);
    decide(&proposals, folder, &made)?;
    made.keep();
    console.line(&format!("written: {}", manifest.display()));
    tell_decisions(proposals.len(), folder, console);
    let done = crate::generate::manifest(&manifest, context);
    let differ = |diagnostic: &Diagnostic| diagnostic.code == BASE_PATHS_DIFFER;
    if done && outcome.diagnostics.items().iter().any(differ) {
        forget_names(folder)?;
        console.line(&format!(
            "the same operations are below different paths; as long as nobody has decided in {} whether they are the same, \
             no names are pinned: the next `{} generate` does that",
            manifest.display(),
            context.program
        ));
    } else if done {
        tell_what_is_next(&manifest, context);
    }
    Ok(done)
}

/// Removes the files that pin the names of operations which may become others.
fn forget_names(folder: &Path) -> Result<(), String> {
    for name in ["names.lock", "fidelity.lock"] {
        let path = folder.join(name);
        fs::remove_file(&path).map_err(|error| failed("remove", &path, &error))?;
    }
    Ok(())
}

/// Fails if there is something that people have written by hand, and of which nobody may have a copy: a manifest, decisions
/// or corrections. A transcription beside no manifest may be corrected by hand, too.
fn refuse_existing(folder: &Path, manifest: &Path) -> Result<(), String> {
    if manifest.exists() {
        return Err(format!(
            "{} exists; add a `[[source]]` to it, or choose another folder with `--dir`",
            manifest.display()
        ));
    }
    let kept = ["resolutions.toml", "overlays", "transcribed"].map(|name| folder.join(name));
    match kept.iter().find(|path| path.exists()) {
        Some(kept) => Err(format!(
            "{} exists, but no manifest beside it; move it away, or choose another folder with `--dir`",
            kept.display()
        )),
        None => Ok(()),
    }
}

/// Fails if no crate can have the name, or none can be written to the folder: a later run would find a manifest that is no use.
fn refuse_package(name: &str, folder: &Path, out: &Path) -> Result<(), String> {
    let options = PackageOptions::new(name, "0.1.0");
    options.library().map_err(|error| error.to_string())?;
    output::refuse_crate(out).map_err(|error| error.to_string())?;
    if output::leads_into(out, folder) {
        return Err(format!(
            "the folder of the manifest, {}, would be inside of the output folder {}, which has generated files alone; choose \
             another `--dir` or `--out`",
            folder.display(),
            out.display()
        ));
    }
    Ok(())
}

/// The files that were named, or those below the current folder.
fn named_or_found(arguments: &Init) -> Result<Vec<PathBuf>, String> {
    if !arguments.files.is_empty() {
        return Ok(arguments.files.clone());
    }
    let files = found::below(Path::new("."));
    if files.is_empty() {
        return Err("no OpenAPI document and no Widdershins page is found in the current folder or up to four levels below it; name the files".to_owned());
    }
    Ok(files)
}

/// Tells what was done about servers that differ.
fn tell_servers(base_path: &BasePath, manifest: &Path, console: &Console) {
    let manifest = manifest.display();
    match base_path {
        BasePath::Common => {}
        BasePath::Proposed { base, servers, .. } => console.line(&format!(
            "the servers of the sources differ: {servers}; `base_path` is set to `{base}`: review {manifest}"
        )),
        BasePath::Differing { servers } => console.line(&format!(
            "the servers of the sources differ: {servers}; `base_path` in {manifest} says what to enter if they are one"
        )),
    }
}

/// Tells that contradictions were decided, and where.
fn tell_decisions(decided: usize, folder: &Path, console: &Console) {
    let decided = match decided {
        0 => return,
        1 => "1 contradiction is decided".to_owned(),
        decided => format!("{decided} contradictions are decided"),
    };
    console.line(&format!(
        "{decided} for the source of the highest authority: review {}",
        folder.join("resolutions.toml").display()
    ));
}

/// Tells what to run next.
fn tell_what_is_next(manifest: &Path, context: &Context) {
    let given = if manifest == Path::new(crate::MANIFEST) {
        String::new()
    } else {
        format!(" --manifest {}", manifest.display())
    };
    context.console.line(&format!(
        "next: `{program} explain --all{given}` shows every difference; after a change of a description, `{program} diff{given}` and `{program} generate{given}`",
        program = context.program
    ));
}

/// Copies the files of the sources into the folder of the manifest.
fn copy(copies: &[FileCopy], made: &Made, console: &Console) -> Result<(), String> {
    for FileCopy { from, to } in copies {
        made.copy(from, to)?;
        let [from, to] = [from, to].map(|path| path.strip_prefix(".").unwrap_or(path));
        console.line(&format!("copied: {} to {}", from.display(), to.display()));
    }
    Ok(())
}

/// Writes the transcriptions of the pages.
fn transcribe(manifest: &Path, made: &Made, console: &Console) -> Result<(), String> {
    let mut diagnostics = Diagnostics::default();
    let (transcriptions, mut sources) = Transcriptions::of(manifest, &mut diagnostics);
    sources.show_below(opened::folder_of(manifest), |_| true);
    console.findings(&diagnostics, &sources, Severity::Warning);
    if diagnostics.has_errors() {
        return Err(
            "a page cannot be transcribed: correct it, or leave it out; what was written is removed again"
                .to_owned(),
        );
    }
    for transcription in &transcriptions.files {
        made.write(
            &transcriptions.folder.join(&transcription.path),
            &transcription.text,
        )?;
    }
    Ok(())
}

/// Writes the overlays with places for corrections.
fn write_overlays(
    overlays: &[Overlay],
    folder: &Path,
    made: &Made,
    console: &Console,
) -> Result<(), String> {
    for overlay in overlays {
        let path = folder.join(&overlay.path);
        made.write(&path, &overlay.text)?;
        let purpose = match overlay.findings {
            0 => "with the server of a source that names none".to_owned(),
            1 => "with a place for the correction of a finding".to_owned(),
            count => format!("with a place for the correction of each of {count} findings"),
        };
        console.line(&format!("written: {}, {purpose}", path.display()));
    }
    Ok(())
}

/// Writes the proposed decisions.
fn decide(proposals: &[Proposal], folder: &Path, made: &Made) -> Result<(), String> {
    let mut text = NO_RESOLUTIONS.to_owned();
    for proposal in proposals {
        text.push('\n');
        text.push_str(&proposal.to_toml(REASON));
        text.push('\n');
    }
    made.write(&folder.join("resolutions.toml"), &text)
}

/// The name of the package: the given one, or that of the API with `-api`.
fn package_name(arguments: &Init, sources: &[Found]) -> String {
    if let Some(name) = &arguments.name {
        return name.clone();
    }
    let titles = sources.iter().map(|source| source.title.as_str());
    let title = titles
        .into_iter()
        .find(|title| !title.is_empty())
        .unwrap_or("api");
    proposed::package_name(title)
}

/// The path of the output folder in the manifest: relative to the folder of the manifest, if that is below the current folder,
/// or else absolute.
fn beside(folder: &Path, out: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let below = folder.strip_prefix(&here).unwrap_or(folder);
    let is_below = |part| matches!(part, Component::Normal(_) | Component::CurDir);
    if out.is_absolute() || !below.components().all(is_below) {
        return here.join(out).display().to_string();
    }
    let normal = below
        .components()
        .filter(|part| matches!(part, Component::Normal(_)));
    let up = "../".repeat(normal.count());
    format!("{up}{}", out.display())
}

fn failed(action: &str, path: &Path, error: &std::io::Error) -> String {
    format!("cannot {action} {}: {error}", path.display())
}
