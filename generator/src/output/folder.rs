//! What a folder of output holds.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::marker::{self, Marker};
use super::{OutputError, failed};

/// What stays at the root of a folder although it is not generated.
pub(super) const KEPT: [&str; 3] = [".git", "Cargo.lock", "target"];

/// The files below a folder. A symbolic link is a file without content and is never followed.
pub(super) struct Folder {
    /// Whether each path, with forward slashes, is a regular file.
    files: BTreeMap<String, bool>,
    /// Whether there are folders, be they empty, besides those that are kept.
    has_folders: bool,
    /// Whether `Cargo.lock` was found; it counts only where it is generated.
    kept_files: BTreeMap<String, bool>,
}

impl Folder {
    /// Reads a folder, which need not exist.
    pub(super) fn read(root: &Path) -> Result<Self, OutputError> {
        let mut folder = Self {
            files: BTreeMap::new(),
            has_folders: false,
            kept_files: BTreeMap::new(),
        };
        match fs::symlink_metadata(root) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(OutputError::NotOwned(root.to_owned())),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(folder),
            Err(error) => return Err(failed("read", root)(error)),
        }
        // A list instead of recursion, since a folder may be deeper than the stack.
        let mut open = vec![String::new()];
        while let Some(below) = open.pop() {
            let directory = root.join(&below);
            for entry in fs::read_dir(&directory).map_err(failed("read", &directory))? {
                let entry = entry.map_err(failed("read", &directory))?;
                let kind = entry.file_type().map_err(failed("read", &entry.path()))?;
                let name = entry.file_name().to_string_lossy().into_owned();
                let is_kept = below.is_empty() && KEPT.contains(&name.as_str());
                let path = if below.is_empty() {
                    name
                } else {
                    format!("{below}/{name}")
                };
                if is_kept {
                    if kind.is_file() {
                        folder.kept_files.insert(path, true);
                    }
                } else if kind.is_dir() {
                    folder.has_folders = true;
                    open.push(path);
                } else {
                    folder.files.insert(path, kind.is_file());
                }
            }
        }
        Ok(folder)
    }

    /// Whether nothing stands in the folder but what is kept.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.has_folders
    }

    /// The paths of the files that are not kept.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether a path is there.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.kept_files.contains_key(path)
    }

    /// The content of a file; `None` where it is missing or no regular file.
    pub(super) fn content(&self, root: &Path, path: &str) -> Result<Option<Vec<u8>>, OutputError> {
        let is_file = self.files.get(path).or_else(|| self.kept_files.get(path));
        if is_file != Some(&true) {
            return Ok(None);
        }
        let path = root.join(path);
        fs::read(&path).map(Some).map_err(failed("read", &path))
    }

    /// The marker of the folder, if it has a valid one.
    pub(super) fn marker(&self, root: &Path) -> Result<Option<Marker>, OutputError> {
        let content = self.content(root, marker::NAME)?;
        Ok(content
            .and_then(|content| String::from_utf8(content).ok())
            .and_then(|text| Marker::parse(&text)))
    }
}
