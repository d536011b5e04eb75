//! A project on disk: the manifest and every file that it names, read once.

use std::path::{Component, Path, PathBuf};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::package::PackageOptions;
use crate::external::External;
use crate::manifest::{ApiTexts, Manifest};
use crate::merge::Yields;
use crate::source::{FileId, SourceMap, Span};
use crate::transcribe::{Style, transcribe};

/// Everything that a run reads.
#[derive(Debug)]
pub struct Project {
    /// All texts.
    pub sources: SourceMap,
    /// The descriptions in order of authority.
    pub descriptions: Vec<Description>,
    /// See [`Manifest::base_path`].
    pub base_path: Option<String>,
    /// Texts of the whole API.
    pub api: ApiTexts,
    /// Decisions.
    pub resolutions: Option<FileId>,
    /// Pinned names.
    pub names: Option<LockFile>,
    /// The best fidelity scores.
    pub fidelity: Option<LockFile>,
    /// The emitted package.
    pub package: PackageOptions,
    /// The folder that the crate goes to.
    pub output: PathBuf,
    /// The folder that the paths of sources are relative to.
    pub folder: PathBuf,
}

/// A file that a run reads, if it is there, and writes beside the crate.
#[derive(Debug, Clone)]
pub struct LockFile {
    /// Where it is written.
    pub path: PathBuf,
    /// Its text, if it is there.
    pub file: Option<FileId>,
}

/// A description of the API, read but not parsed.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its id.
    pub id: String,
    /// What it is, in a few words.
    pub title: String,
    /// The document.
    pub document: FileId,
    /// The files that its references lead to.
    pub external: External,
    /// The page that it is transcribed from.
    pub page: Option<(FileId, Style)>,
    /// The overlays in order.
    pub overlays: Vec<FileId>,
    /// Set when its claims give way wherever others contradict them.
    pub yields: Option<Yields>,
}

impl Project {
    /// Reads the project of a manifest. `None` when something cannot be read, which is reported with the texts read so far.
    pub fn open(manifest_path: &Path, diagnostics: &mut Diagnostics) -> (Option<Self>, SourceMap) {
        let (folder, name) = split(manifest_path);
        let mut sources = SourceMap::default();
        let Some(file) = read(&mut sources, &folder, &name, None, diagnostics) else {
            return (None, sources);
        };
        let Some(manifest) = Manifest::read(&sources, file, diagnostics) else {
            return (None, sources);
        };
        let project = Self::with_manifest(manifest, folder, file, sources.clone(), diagnostics);
        match diagnostics.has_errors() {
            true => (None, project.sources),
            false => (Some(project), sources),
        }
    }

    fn with_manifest(
        manifest: Manifest,
        folder: PathBuf,
        file: FileId,
        mut sources: SourceMap,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let start = Span::new(file, 1, 1);
        let mut descriptions = Vec::new();
        for source in &manifest.sources {
            let mut open =
                |path: &str| read(&mut sources, &folder, path, Some(source.at), diagnostics);
            let page = source
                .markdown
                .as_ref()
                .map(|markdown| (open(&markdown.page), markdown.style.clone()));
            let document = open(&source.document);
            let overlays = source
                .overlays
                .iter()
                .filter_map(|path| open(path))
                .collect();
            let page = match page {
                Some((Some(page), style)) => Some((page, style)),
                Some((None, _)) => continue,
                None => None,
            };
            if let Some(document) = document {
                let (beside, file) = split(&folder.join(&source.document));
                let external = External::read(&mut sources, &beside, &file, document);
                let (id, title) = (source.id.clone(), source.title.clone());
                descriptions.push(Description {
                    id,
                    title,
                    document,
                    external,
                    page,
                    overlays,
                    yields: source.yields.clone().map(|reason| Yields {
                        reason,
                        at: source.at,
                    }),
                });
            }
        }
        let resolutions = manifest
            .resolutions
            .as_ref()
            .and_then(|path| read(&mut sources, &folder, path, Some(start), diagnostics));
        let mut lock_file = |path: &Option<String>| {
            let name = path.as_ref()?;
            let path = tidy(&folder.join(name));
            let file = match path.exists() {
                true => Some(read(&mut sources, &folder, name, Some(start), diagnostics)?),
                false => None,
            };
            Some(LockFile { path, file })
        };
        let names = lock_file(&manifest.names);
        let fidelity = lock_file(&manifest.fidelity);
        Self {
            sources,
            descriptions,
            base_path: manifest.base_path,
            api: manifest.api,
            resolutions,
            names,
            fidelity,
            package: PackageOptions {
                license: manifest.package.license,
                example_tests: manifest.package.example_tests,
                ..PackageOptions::new(manifest.package.name, manifest.package.version)
            },
            output: tidy(&folder.join(manifest.package.output)),
            folder,
        }
    }

    /// A project of specification files without a manifest, the highest authority first.
    pub fn of_files(
        files: &[PathBuf],
        out: &Path,
        name: &str,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut sources = SourceMap::default();
        let mut descriptions = Vec::new();
        for path in files {
            let (folder, file) = split(path);
            // Files of the same name in different folders are different files.
            if let Some(document) = read_anew(&mut sources, &folder, &file, None, diagnostics) {
                let external = External::read(&mut sources, &folder, &file, document);
                let stem = path
                    .file_stem()
                    .map_or(file.clone(), |stem| stem.to_string_lossy().into_owned());
                let id = free_id(&stem, &descriptions);
                descriptions.push(Description {
                    title: id.clone(),
                    id,
                    document,
                    external,
                    page: None,
                    overlays: Vec::new(),
                    yields: None,
                });
            }
        }
        Self {
            sources,
            descriptions,
            base_path: None,
            api: ApiTexts::default(),
            resolutions: None,
            names: None,
            fidelity: None,
            package: PackageOptions::new(name, "0.1.0"),
            output: out.to_owned(),
            folder: PathBuf::from("."),
        }
    }
}

/// A name that no other description has: with a number, if need be.
fn free_id(stem: &str, descriptions: &[Description]) -> String {
    let mut id = stem.to_owned();
    let mut number = 1;
    while descriptions.iter().any(|other| other.id == id) {
        number += 1;
        id = format!("{stem}-{number}");
    }
    id
}

/// The transcriptions of a manifest, made from their pages.
#[derive(Debug)]
pub struct Transcriptions {
    /// The manifest's folder.
    pub folder: PathBuf,
    /// One a page.
    pub files: Vec<Transcription>,
}

/// A page in the normal form.
#[derive(Debug)]
pub struct Transcription {
    /// Where it goes, relative to the folder.
    pub path: String,
    /// Its text.
    pub text: String,
}

impl Transcriptions {
    /// Transcribes every page of a manifest; the documents themselves need not exist yet.
    pub fn of(manifest_path: &Path, diagnostics: &mut Diagnostics) -> (Self, SourceMap) {
        let (folder, name) = split(manifest_path);
        let mut sources = SourceMap::default();
        let mut files = Vec::new();
        let manifest = read(&mut sources, &folder, &name, None, diagnostics)
            .and_then(|file| Manifest::read(&sources, file, diagnostics));
        for source in manifest.iter().flat_map(|manifest| &manifest.sources) {
            let Some(markdown) = &source.markdown else {
                continue;
            };
            let Some(page) = read(
                &mut sources,
                &folder,
                &markdown.page,
                Some(source.at),
                diagnostics,
            ) else {
                continue;
            };
            if let Some(text) = transcribe(&sources, page, &markdown.style, diagnostics) {
                files.push(Transcription {
                    path: source.document.clone(),
                    text,
                });
            }
        }
        (Self { folder, files }, sources)
    }
}

/// The folder of a path, and the name of the file in it.
fn split(path: &Path) -> (PathBuf, String) {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    (folder.to_owned(), name)
}

/// A path as a person writes it: `specs/../generated` is `generated`, unless `specs` is a symbolic link to elsewhere.
fn tidy(path: &Path) -> PathBuf {
    let mut tidied = PathBuf::new();
    for part in path.components() {
        let leads_back = match (part, tidied.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => !tidied.is_symlink(),
            _ => false,
        };
        match (leads_back, part) {
            (true, _) => {
                tidied.pop();
            }
            (false, Component::CurDir) => {}
            (false, part) => tidied.push(part),
        }
    }
    match tidied.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => tidied,
    }
}

/// Reads a file below a folder. Reports what cannot be read, and paths that lead out of the folder.
fn read(
    sources: &mut SourceMap,
    folder: &Path,
    path: &str,
    named_at: Option<Span>,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    if Path::new(path)
        .components()
        .any(|part| !matches!(part, Component::Normal(_) | Component::CurDir))
    {
        diagnostics.push(located(
            named_at,
            Diagnostic::error("path-outside", format!("`{path}` leads out of the folder"))
                .help("name files below the manifest's folder"),
        ));
        return None;
    }
    match sources.find(path) {
        Some(known) => Some(known),
        None => read_anew(sources, folder, path, named_at, diagnostics),
    }
}

fn located(named_at: Option<Span>, diagnostic: Diagnostic) -> Diagnostic {
    match named_at {
        Some(at) => diagnostic.at(at, "named here"),
        None => diagnostic,
    }
}

/// Reads a file in a folder, whether one of its name was read already or not.
fn read_anew(
    sources: &mut SourceMap,
    folder: &Path,
    path: &str,
    named_at: Option<Span>,
    diagnostics: &mut Diagnostics,
) -> Option<FileId> {
    let bytes = match std::fs::read(folder.join(path)) {
        Ok(bytes) => bytes,
        Err(error) => {
            // A path that stands in no file is one of the command line, seen from where that was called.
            let shown = match named_at {
                Some(_) => path.to_owned(),
                None => folder.join(path).display().to_string(),
            };
            let help = match error.kind() {
                std::io::ErrorKind::IsADirectory => "name a file in this folder",
                _ => "correct the path, or the file's permissions",
            };
            diagnostics.push(located(
                named_at,
                Diagnostic::error("unreadable-file", format!("cannot read `{shown}`: {error}"))
                    .help(help),
            ));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(sources.add(path, text)),
        Err(error) => {
            let at = error.utf8_error().valid_up_to();
            diagnostics.push(located(
                named_at,
                Diagnostic::error("not-utf-8", format!("`{path}` is not UTF-8 (at byte {at})"))
                    .help("save the file as UTF-8"),
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::tidy;

    #[test]
    fn a_path_is_written_without_detours() {
        for (path, expected) in [
            ("specs/../generated", "generated"),
            ("./specs/./names.lock", "specs/names.lock"),
            ("../a/b/../../c", "../c"),
            ("/a/b/../c", "/a/c"),
            ("specs/..", "."),
        ] {
            assert_eq!(tidy(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_through_a_link_stays_as_it_is() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("deep/specs")).unwrap();
        let link = folder.path().join("specs");
        std::os::unix::fs::symlink(folder.path().join("deep/specs"), &link).unwrap();
        let path = link.join("../generated");
        assert_eq!(tidy(&path), path);
    }
}
