//! Reads a project: the manifest and every file that it names.

use std::path::{Path, PathBuf};

use super::files::{FileReader, split, without_dots};
use super::manifest::{self, ApiTexts, LintSetting, Manifest, NamedFile};
use crate::api::names::Taken;
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::external::External;
use crate::description::source::{FileId, SourceMap};
use crate::description::transcribe::Style;
use crate::emit::pages::package::PackageOptions;
use crate::output::Inputs;
use crate::reconcile::merge::{Source, Yields};

/// Everything that a run needs, read from disk.
#[derive(Debug)]
pub struct Project {
    /// All files.
    pub sources: SourceMap,
    /// The descriptions in order of authority.
    pub descriptions: Vec<Description>,
    /// See [`Manifest::base_path`].
    pub base_path: Option<String>,
    /// See [`Manifest::api`].
    pub api: ApiTexts,
    /// The resolutions. A file that does not exist has none, and is created.
    pub resolutions: Option<LockFile>,
    /// The pinned names.
    pub names: Option<LockFile>,
    /// The best fidelity scores.
    pub fidelity: Option<LockFile>,
    /// The levels of rules of `lint`.
    pub lint: Vec<LintSetting>,
    /// The emitted package.
    pub package: PackageOptions,
    /// The folder to write the crate to.
    pub output: PathBuf,
    /// The folder that the paths of sources are relative to.
    pub folder: PathBuf,
    /// The paths of all files that were read, relative to the current folder, the manifest among them.
    pub read: Vec<PathBuf>,
}

/// A file that a run reads if it exists, and writes beside the crate.
#[derive(Debug, Clone)]
pub struct LockFile {
    /// Its path.
    pub path: PathBuf,
    /// The file, if it exists.
    pub file: Option<FileId>,
}

/// A description of the API, read but not parsed.
#[derive(Debug, Clone)]
pub struct Description {
    /// Its id.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The document.
    pub document: FileId,
    /// The files that its references lead to.
    pub external: External,
    /// The page that it is transcribed from.
    pub page: Option<(FileId, Style)>,
    /// The overlays in order.
    pub overlays: Vec<FileId>,
    /// Whether the maintainers of this project wrote it.
    pub is_supplement: bool,
    /// The address that links in its texts are relative to.
    pub site: Option<String>,
    /// The reason why the claims of other sources win every contradiction, if they do.
    pub yields: Option<Yields>,
}

impl Description {
    /// What the manifest declares, for the merge.
    #[must_use]
    pub fn declared(&self) -> Source {
        Source {
            id: self.id.clone(),
            title: self.title.clone(),
            is_supplement: self.is_supplement,
            yields: self.yields.clone(),
        }
    }
}

impl Project {
    /// Reads the project of a manifest. Reports what cannot be read, and returns no project then. The second value has the
    /// files that were read, to render the diagnostics.
    pub fn open(manifest_path: &Path, diagnostics: &mut Diagnostics) -> (Option<Self>, SourceMap) {
        let (folder, name) = split(manifest_path);
        let mut reader = FileReader::new(diagnostics);
        let Some(file) = reader.read(&folder, &name, None) else {
            return (None, reader.sources);
        };
        let manifest = Manifest::read(&reader.sources, file, reader.diagnostics);
        let Some(manifest) = manifest else {
            return (None, reader.sources);
        };
        let project = Self::with_manifest(manifest, folder, reader);
        let sources = project.sources.clone();
        if diagnostics.has_errors() {
            (None, sources)
        } else {
            (Some(project), sources)
        }
    }

    fn with_manifest(manifest: Manifest, folder: PathBuf, mut reader: FileReader<'_>) -> Self {
        let descriptions = manifest
            .sources
            .iter()
            .filter_map(|source| Description::read(source, &folder, &mut reader))
            .collect();
        let mut lock_file =
            |file: &Option<NamedFile>| LockFile::read(file.as_ref()?, &folder, &mut reader);
        let resolutions = lock_file(&manifest.resolutions);
        let names = lock_file(&manifest.names);
        let fidelity = lock_file(&manifest.fidelity);
        Self {
            sources: reader.sources,
            descriptions,
            base_path: manifest.base_path,
            api: manifest.api,
            resolutions,
            names,
            fidelity,
            lint: manifest.lint,
            package: PackageOptions {
                license: manifest.package.license,
                repository: manifest.package.repository,
                loopback_tests: manifest.package.loopback_tests,
                example_tests: manifest.package.example_tests,
                ..PackageOptions::new(manifest.package.name, manifest.package.version)
            },
            output: without_dots(&folder.join(manifest.package.output)),
            folder,
            read: reader.paths,
        }
    }

    /// Decides contradictions by a file of resolutions, which is read. Reports that it cannot be read.
    pub fn resolve_with(&mut self, path: &Path, diagnostics: &mut Diagnostics) {
        let (folder, name) = split(path);
        let mut reader = FileReader::new(diagnostics);
        reader.sources = std::mem::take(&mut self.sources);
        if let Some(file) = reader.read(&folder, &name, None) {
            self.resolutions = Some(LockFile {
                path: path.to_owned(),
                file: Some(file),
            });
        }
        self.sources = reader.sources;
        self.read.extend(reader.paths);
    }

    /// The paths of the files that a run with this project reads, or writes beside the crate. Some may not exist.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        let locks = [&self.resolutions, &self.names, &self.fidelity];
        let locks = locks.into_iter().flatten().map(|lock| &lock.path);
        self.read.iter().chain(locks).map(PathBuf::as_path)
    }

    /// The path of a file that a run reads and writes again, and that has changed since it was read.
    #[must_use]
    pub fn changed_lock(&self) -> Option<&Path> {
        let mut locks = [&self.names, &self.fidelity].into_iter().flatten();
        let changed = locks.find(|lock| {
            let read = lock.file.and_then(|file| self.sources.get(file));
            let present = std::fs::read(&lock.path).ok();
            present.as_deref() != read.map(|file| file.text.as_bytes())
        });
        changed.map(|lock| lock.path.as_path())
    }

    /// The files that the crate is made from, by their hashes. The files that a run writes itself are none of them.
    #[must_use]
    pub fn inputs(&self) -> Inputs {
        let written = [&self.names, &self.fidelity];
        let written = written.map(|lock| lock.as_ref().and_then(|lock| lock.file));
        let files = self.sources.iter();
        let read = files.filter(|(id, _)| !written.contains(&Some(*id)));
        Inputs::of(read.map(|(_, file)| (&*file.path, file.text.as_str())))
    }

    /// The project of an effective API, as an emitted crate has it in its `openapi.yaml`. The Rust names are those that this
    /// project pins.
    #[must_use]
    pub fn of_effective(&self, text: String) -> Self {
        let mut sources = SourceMap::default();
        let document = sources.add("openapi.yaml", text);
        let names = self.names.as_ref().map(|names| LockFile {
            path: names.path.clone(),
            file: names
                .file
                .and_then(|file| self.sources.get(file))
                .map(|file| sources.add(file.path.clone(), file.text.as_str())),
        });
        Self {
            descriptions: vec![Description::alone("openapi", document, External::default())],
            sources,
            base_path: None,
            api: ApiTexts::default(),
            resolutions: None,
            names,
            fidelity: None,
            lint: Vec::new(),
            package: self.package.clone(),
            output: self.output.clone(),
            folder: self.folder.clone(),
            read: Vec::new(),
        }
    }

    /// A project without a manifest: specification files, the one with the highest authority first.
    pub fn of_files(
        files: &[PathBuf],
        out: &Path,
        name: &str,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut reader = FileReader::new(diagnostics);
        let mut descriptions = Vec::new();
        for path in files {
            let (folder, file) = split(path);
            if path
                .extension()
                .is_some_and(|it| it == "md" || it == "markdown")
            {
                let message = format!("`{}` is a markdown page", path.display());
                reader.diagnostics.push(
                    Diagnostic::error("markdown-page", message)
                        .help("pages are sources of a manifest: `specweave init` makes one from the page and the other descriptions"),
                );
                continue;
            }
            if file.contains(char::is_control) {
                let message = format!("{file:?} has a control character");
                reader
                    .diagnostics
                    .push(Diagnostic::error("path-not-portable", message).help("rename the file"));
                continue;
            }
            // The paths are relative to different folders, so that equal paths may name different files.
            if let Some(document) = reader.read(&folder, &file, None) {
                let external = read_external(&mut reader, &folder, &file, document);
                let stem = path
                    .file_stem()
                    .map_or(file.clone(), |stem| stem.to_string_lossy().into_owned());
                let id = unique_id(&stem, &descriptions);
                descriptions.push(Description::alone(&id, document, external));
            }
        }
        Self {
            sources: reader.sources,
            descriptions,
            base_path: None,
            api: ApiTexts::default(),
            resolutions: None,
            names: None,
            fidelity: None,
            lint: Vec::new(),
            package: PackageOptions::new(name, "0.1.0"),
            output: out.to_owned(),
            folder: PathBuf::from("."),
            read: reader.paths,
        }
    }
}

impl LockFile {
    /// Reads the file if it exists. `None` if it exists and cannot be read.
    fn read(named: &NamedFile, folder: &Path, reader: &mut FileReader<'_>) -> Option<Self> {
        let path = without_dots(&folder.join(&named.path));
        let file = if path.exists() {
            Some(reader.read_named(folder, &named.path, named.at)?)
        } else {
            None
        };
        Some(Self { path, file })
    }
}

impl Description {
    /// The description of a document alone.
    fn alone(id: &str, document: FileId, external: External) -> Self {
        Self {
            id: id.to_owned(),
            title: id.to_owned(),
            document,
            external,
            page: None,
            overlays: Vec::new(),
            is_supplement: false,
            site: None,
            yields: None,
        }
    }

    /// Reads the files of a source. `None` if its document or its page cannot be read.
    fn read(source: &manifest::Source, folder: &Path, reader: &mut FileReader<'_>) -> Option<Self> {
        let markdown = source.markdown.as_ref();
        let page = markdown.map(|markdown| {
            let page = reader.read_named(folder, &markdown.page, markdown.at);
            (page, markdown.style.clone())
        });
        if page.is_some() && !folder.join(&source.document.path).exists() {
            reader.diagnostics.push(
                Diagnostic::error(
                    "missing-transcription",
                    format!("`{}` does not exist yet", source.document.path),
                )
                .at(source.document.at, "named here")
                .help("run `specweave transcribe`, which writes it from the page"),
            );
            return None;
        }
        let mut open = |file: &NamedFile| reader.read_named(folder, &file.path, file.at);
        let document = open(&source.document);
        let overlays = source.overlays.iter().filter_map(open).collect();
        let page = match page {
            Some((page, style)) => Some((page?, style)),
            None => None,
        };
        let document = document?;
        let (beside, file) = split(&folder.join(&source.document.path));
        let external = read_external(reader, &beside, &file, document);
        let yields = source.yields.clone();
        Some(Self {
            id: source.id.clone(),
            title: source.title.clone(),
            document,
            external,
            page,
            overlays,
            is_supplement: source.is_supplement,
            site: source.site.clone(),
            yields: yields.map(|reason| Yields {
                reason,
                at: source.at,
            }),
        })
    }
}

/// Reads the files that the references of a document lead to.
fn read_external(
    reader: &mut FileReader<'_>,
    folder: &Path,
    name: &str,
    document: FileId,
) -> External {
    let external = External::read(&mut reader.sources, folder, name, document);
    let files = external.files().iter();
    let paths = files.filter_map(|file| external.path(*file));
    reader.paths.extend(paths.map(|path| folder.join(path)));
    external
}

/// An id that no other description has, with a number if needed.
fn unique_id(stem: &str, descriptions: &[Description]) -> String {
    let mut taken = Taken::default();
    taken.extend(descriptions.iter().map(|other| &other.id));
    if taken.take(stem) {
        stem.to_owned()
    } else {
        taken.take_numbered(stem, "-")
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const MANIFEST: &str = "names = 'names.lock'
fidelity = 'fidelity.lock'
resolutions = 'resolutions.toml'
[package]
name = 'pets'
version = '0.1.0'
output = '../pets'
[[source]]
id = 'pets'
title = 'Pets'
rank = 1
document = 'pets.yaml'
overlays = ['overlay.yaml']
";

    fn open(folder: &Path) -> Project {
        let mut diagnostics = Diagnostics::default();
        let (project, _) = Project::open(&folder.join("manifest.toml"), &mut diagnostics);
        project.unwrap()
    }

    #[test]
    fn the_files_of_a_run_are_known_and_whether_one_has_changed() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        for (name, text) in [
            ("manifest.toml", MANIFEST),
            ("pets.yaml", "$ref: pet.yaml\n"),
            ("pet.yaml", "type: object\n"),
            ("overlay.yaml", "overlay: 1.1.0\n"),
            ("names.lock", "# Names.\n"),
        ] {
            fs::write(path(name), text).unwrap();
        }
        let project = open(folder.path());
        let known: Vec<&Path> = project.paths().collect();
        for name in [
            "manifest.toml",
            "pets.yaml",
            "pet.yaml",
            "overlay.yaml",
            "names.lock",
            "fidelity.lock",
            "resolutions.toml",
        ] {
            assert!(known.contains(&&*path(name)), "{name}: {known:?}");
        }
        assert_eq!(project.changed_lock(), None);
        fs::write(path("names.lock"), "# Other names.\n").unwrap();
        assert_eq!(project.changed_lock(), Some(&*path("names.lock")));
        let project = open(folder.path());
        assert_eq!(project.changed_lock(), None);
        fs::write(path("fidelity.lock"), "").unwrap();
        assert_eq!(project.changed_lock(), Some(&*path("fidelity.lock")));
    }
}
