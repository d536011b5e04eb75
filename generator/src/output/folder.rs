//! The files of an output folder.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::marker::{self, Marker};
use super::{OutputError, failed};

/// Files and folders at the root that are kept although they are not generated.
pub(super) const KEPT: [&str; 3] = [REPOSITORY, "Cargo.lock", BUILD];

/// The one of them that is never generated, and that nothing makes again.
pub(super) const REPOSITORY: &str = ".git";

/// The one of them that a build makes again.
pub(super) const BUILD: &str = "target";

/// The absolute path without `.`, `..` and symbolic links. What a path leads to need not exist.
#[must_use]
pub fn real_path(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut real = PathBuf::new();
    for part in absolute.components() {
        if part == Component::ParentDir {
            real.pop();
        } else {
            real.push(part);
        }
        if let Ok(there) = real.canonicalize() {
            real = there;
        }
    }
    real
}

/// Whether a path leads into an output folder, to what would be a file of the generator. What it keeps there, such as `target`,
/// is the user's.
#[must_use]
pub fn leads_into(folder: &Path, path: &Path) -> bool {
    let (folder, path) = (real_path(folder), real_path(path));
    let Ok(below) = path.strip_prefix(folder) else {
        return false;
    };
    let first = below.components().next().map(Component::as_os_str);
    !KEPT.iter().any(|kept| first == Some(kept.as_ref()))
}

/// The output folder that a path leads into: one with a marker.
#[must_use]
pub fn folder_around(path: &Path) -> Option<PathBuf> {
    let real = real_path(path);
    let mut folders = real.ancestors().skip(1);
    let folder = folders.find(|folder| folder.join(marker::NAME).is_file())?;
    leads_into(folder, &real).then(|| folder.to_owned())
}

/// The files below a folder. A symbolic link counts as a file without content, and is never followed.
pub(super) struct Folder {
    /// Whether each path, with forward slashes, is a regular file.
    files: BTreeMap<String, bool>,
    /// Whether there are folders, even empty ones, other than the kept ones.
    has_folders: bool,
    /// The kept files, such as `Cargo.lock`. They are compared only if they are generated.
    kept_files: BTreeMap<String, bool>,
}

impl Folder {
    /// Reads a folder. One that does not exist is empty.
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
        // Uses a list instead of recursion, because folders may be nested deeper than the call stack.
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

    /// Whether the folder is empty but for kept files and folders.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty() && !self.has_folders
    }

    /// The paths of all files but the kept ones.
    pub(super) fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// Whether the folder has a file with this path.
    pub(super) fn contains(&self, path: &str) -> bool {
        self.files.contains_key(path) || self.kept_files.contains_key(path)
    }

    /// The content of a file. `None` if it is missing or not a regular file.
    pub(super) fn content(&self, root: &Path, path: &str) -> Result<Option<Vec<u8>>, OutputError> {
        let is_file = self.files.get(path).or_else(|| self.kept_files.get(path));
        if is_file != Some(&true) {
            return Ok(None);
        }
        let path = root.join(path);
        fs::read(&path).map(Some).map_err(failed("read", &path))
    }

    /// The marker of the folder. `None` if it has no valid one.
    pub(super) fn marker(&self, root: &Path) -> Result<Option<Marker>, OutputError> {
        let content = self.content(root, marker::NAME)?;
        Ok(content
            .and_then(|content| String::from_utf8(content).ok())
            .and_then(|text| Marker::parse(&text)))
    }
}
