//! Reads files, and handles their paths.

use std::path::{Component, Path, PathBuf};

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::{FileId, SourceMap, Span};

/// Reads files, and reports those that cannot be read.
pub(super) struct FileReader<'d> {
    /// The files that were read.
    pub(super) sources: SourceMap,
    /// Their paths, relative to the current folder.
    pub(super) paths: Vec<PathBuf>,
    pub(super) diagnostics: &'d mut Diagnostics,
}

impl<'d> FileReader<'d> {
    pub(super) fn new(diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            sources: SourceMap::default(),
            paths: Vec::new(),
            diagnostics,
        }
    }

    /// Reads a file that the manifest in a folder names, unless it was read before. Reports a file that cannot be read.
    pub(super) fn read_named(&mut self, folder: &Path, path: &str, at: Span) -> Option<FileId> {
        match self.sources.find(path) {
            Some(known) => Some(known),
            None => self.read(folder, path, Some(at)),
        }
    }

    /// Reads a file in a folder, even if a file with the same path was read before. Reports a file that cannot be read.
    /// `named_at` is the position of the path in the manifest.
    pub(super) fn read(
        &mut self,
        folder: &Path,
        path: &str,
        named_at: Option<Span>,
    ) -> Option<FileId> {
        if let Some(diagnostic) = unread(path, &folder.join(path)) {
            self.diagnostics.push(located(named_at, diagnostic));
            return None;
        }
        let bytes = match std::fs::read(folder.join(path)) {
            Ok(bytes) => bytes,
            Err(error) => {
                // A path without a position is an argument of the command line, relative to the current folder.
                let shown = match named_at {
                    Some(_) => path.to_owned(),
                    None => folder.join(path).display().to_string(),
                };
                self.diagnostics.push(located(
                    named_at,
                    Diagnostic::error("unreadable-file", format!("cannot read `{shown}`: {error}"))
                        .help("correct the path, or the file's permissions"),
                ));
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => {
                self.paths.push(folder.join(path));
                Some(self.sources.add(path, text))
            }
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                self.diagnostics.push(located(
                    named_at,
                    Diagnostic::error("not-utf-8", format!("`{path}` is not UTF-8 (at byte {at})"))
                        .help("save the file as UTF-8"),
                ));
                None
            }
        }
    }
}

/// Why a path is not read at all, if it is none of a file.
fn unread(path: &str, joined: &Path) -> Option<Diagnostic> {
    let joined_text = joined.to_string_lossy();
    if let Some(url) = url(path).or_else(|| url(&joined_text)) {
        let message = format!("`{url}` is a URL, and nothing is fetched from the network");
        let help =
            "save the document, so that a run can be repeated, and give the path of the file";
        return Some(Diagnostic::error("unreadable-file", message).help(help));
    }
    if joined.is_dir() {
        let message = format!("`{joined_text}` is a folder");
        let help =
            "name a file in it; `specweave init` finds the descriptions in the current folder";
        return Some(Diagnostic::error("unreadable-file", message).help(help));
    }
    None
}

/// The URL of a path that is one. Paths lose the second slash after the scheme.
fn url(path: &str) -> Option<String> {
    let (scheme, rest) = path.split_once(":/")?;
    let is_scheme = matches!(scheme, "http" | "https");
    is_scheme.then(|| format!("{scheme}://{}", rest.trim_start_matches('/')))
}

fn located(named_at: Option<Span>, diagnostic: Diagnostic) -> Diagnostic {
    match named_at {
        Some(at) => diagnostic.at(at, "named here"),
        None => diagnostic,
    }
}

/// The folder of a path, and the name of the file in it.
pub(super) fn split(path: &Path) -> (PathBuf, String) {
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

/// Removes `.` and `..` from a path: `specs/../generated` becomes `generated`. A `..` after a symbolic link stays.
pub(super) fn without_dots(path: &Path) -> PathBuf {
    let mut shorter = PathBuf::new();
    for part in path.components() {
        let leads_back = match (part, shorter.components().next_back()) {
            (Component::ParentDir, Some(Component::Normal(_))) => !shorter.is_symlink(),
            _ => false,
        };
        if leads_back {
            shorter.pop();
        } else if part != Component::CurDir {
            shorter.push(part);
        }
    }
    if shorter.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        shorter
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::without_dots;

    #[test]
    fn dots_are_removed_from_a_path() {
        for (path, expected) in [
            ("specs/../generated", "generated"),
            ("./specs/./names.lock", "specs/names.lock"),
            ("../a/b/../../c", "../c"),
            ("/a/b/../c", "/a/c"),
            ("specs/..", "."),
        ] {
            assert_eq!(without_dots(Path::new(path)), Path::new(expected), "{path}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_path_through_a_symbolic_link_stays() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(folder.path().join("deep/specs")).unwrap();
        let link = folder.path().join("specs");
        std::os::unix::fs::symlink(folder.path().join("deep/specs"), &link).unwrap();
        let path = link.join("../generated");
        assert_eq!(without_dots(&path), path);
    }
}
