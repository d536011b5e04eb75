//! Opens a project, and prints why it cannot be opened.

use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity};
use generator::output;
use generator::project::Project;

use crate::{Context, Manifest};

/// The project of a manifest. What is printed about it names files below the folder of the manifest.
pub(crate) fn manifest(path: &Path, context: &Context) -> Option<Project> {
    if !is_there(path, context) {
        return None;
    }
    below(path, folder_of(path), context)
}

/// Whether a manifest is there. Prints how to get one if it is not.
pub(crate) fn is_there(manifest: &Path, context: &Context) -> bool {
    let is_there = manifest.exists();
    if !is_there {
        let program = context.program;
        context.console.failure(&format!(
            "there is no manifest {}; write one with `{program} init`, name another with `--manifest`, or do without one: \
             `{program} generate --spec FILE`, `{program} lint FILE`, `{program} diff OLD NEW`",
            manifest.display()
        ));
    }
    is_there
}

/// The project of a manifest. What is printed about it names files below another folder.
pub(crate) fn below(path: &Path, shown: &Path, context: &Context) -> Option<Project> {
    let mut diagnostics = Diagnostics::default();
    let (project, mut sources) = Project::open(path, &mut diagnostics);
    let Some(mut project) = project else {
        sources.show_below(shown, |_| true);
        context
            .console
            .findings(&diagnostics, &sources, Severity::Warning);
        return None;
    };
    project.sources.show_below(shown, |_| true);
    Some(project)
}

/// The project of specification files, the one with the highest authority first.
pub(crate) fn files(
    paths: &[PathBuf],
    out: &Path,
    name: &str,
    diagnostics: &mut Diagnostics,
) -> Project {
    let mut project = Project::of_files(paths, out, name, diagnostics);
    for (path, description) in paths.iter().zip(&project.descriptions) {
        let files = description.external.files();
        let is_here = |file| file == description.document || files.contains(&file);
        project.sources.show_below(folder_of(path), is_here);
    }
    project
}

/// The project of specification files that is only read, or without any that of the manifest. Prints why it cannot be opened.
pub(crate) fn files_or_manifest(
    paths: &[PathBuf],
    fallback: &Manifest,
    context: &Context,
) -> Option<Project> {
    match paths {
        [] => manifest(&fallback.path(), context),
        files => to_read(files, context),
    }
}

/// The project of specification files that is only read. Prints why it cannot be opened.
pub(crate) fn to_read(paths: &[PathBuf], context: &Context) -> Option<Project> {
    let mut diagnostics = Diagnostics::default();
    // Nothing is written, so that the folder and the name do not matter.
    let project = files(paths, Path::new("."), "api", &mut diagnostics);
    if diagnostics.has_errors() {
        let console = &context.console;
        console.findings(&diagnostics, &project.sources, Severity::Error);
        return None;
    }
    Some(project)
}

/// Whether a result must not be written to a path: there is a file that the run reads or writes otherwise, or a folder whose
/// files are all generated. Prints that.
pub(crate) fn refuses(project: &Project, result: &Path, context: &Context) -> bool {
    let there = output::real_path(result);
    if project.paths().any(|path| output::real_path(path) == there) {
        context.console.failure(&format!(
            "{} is a file that this run reads or writes itself, and would be overwritten; choose another path",
            result.display()
        ));
        return true;
    }
    match output::folder_around(result) {
        Some(folder) => {
            refuse_inside(result, &folder, context);
            true
        }
        None => false,
    }
}

/// Prints that a result must not be written into an output folder.
pub(crate) fn refuse_inside(result: &Path, folder: &Path, context: &Context) {
    context.console.failure(&format!(
        "{} is inside of the output folder {}, which has generated files alone; choose another path",
        result.display(),
        folder.display()
    ));
}

/// The folder of a path, `.` for a name alone.
pub(crate) fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|it| !it.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}
