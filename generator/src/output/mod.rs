//! Writes the generated files to disk, or compares them with the files on disk.
//!
//! The generator owns a whole output folder. It removes files that it wrote and no longer generates. Files that it did not
//! write are refused, except for `.git`, and for `target/` and `Cargo.lock` at the root, which a build in the folder creates.
//! The marker file `.generated` says that the generator owns the folder, and has the hash of every
//! file as it was written. The hash tells a file that was edited by hand from one that is only out
//! of date. The marker has the hashes of the inputs, too, which tell why a folder is out of date. A folder without a marker is never changed, unless it is empty.

mod check;
mod file;
mod folder;
mod inputs;
mod lock;
mod marker;
mod path;
mod swap;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use crate::files::Files;
pub use check::{Difference, DifferenceKind, check};
pub use file::write_file;
use folder::Folder;
pub use folder::{folder_around, leads_into, real_path};
pub use inputs::{ChangedInput, Inputs};
pub use lock::FolderLock;
use marker::Marker;
use swap::FolderPaths;

/// The changes that [`write()`] made.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// New files.
    pub added: Vec<String>,
    /// Files with new content.
    pub changed: Vec<String>,
    /// Files that are no longer generated, and were removed.
    pub removed: Vec<String>,
    /// The changed and removed files that had been edited or added by hand.
    pub edited: Vec<String>,
    /// The number of files that did not change.
    pub unchanged: usize,
}

/// Why the files were not written or compared. The folder did not change, unless the error is one of clearing up after it was
/// replaced: then it has the new files, and the next run clears up.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// A generated path leads out of the folder, or does not name the same file on every system.
    #[error("the generated path {path:?} is refused: {reason}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with the path.
        reason: &'static str,
    },
    /// The folder has files that the generator did not write.
    #[error(
        "{} is not empty and was not written by the generator (it has no valid `{}`); choose another folder, or empty this one",
        .0.display(), marker::NAME
    )]
    NotOwned(PathBuf),
    /// The path of the folder is that of a file, or leads through one.
    #[error("{} is a file, not a folder; choose another folder", .0.display())]
    NotAFolder(PathBuf),
    /// The folder has the result of another command: a crate where a site is to be written, or a site where a crate is.
    #[error("{} has the result of another command; choose another folder, or remove this one", .0.display())]
    OfAnotherCommand(PathBuf),
    /// The folder has files that the generator did not write and would remove.
    #[error("{} has files that the generator did not write: {}; move them out of it", folder.display(), files.join(", "))]
    ForeignFiles {
        /// The folder.
        folder: PathBuf,
        /// The files, by their path in it.
        files: Vec<String>,
    },
    /// The folder has files that look like generated ones, but are not among those that `.generated` lists.
    #[error(
        "{} has generated files that its `{}` does not list: {}; an earlier run left them, before `{}` was reset (by `git stash`, for \
         example): remove them",
        folder.display(), marker::NAME, files.join(", "), marker::NAME
    )]
    LeftBehind {
        /// The folder.
        folder: PathBuf,
        /// The files, by their path in it.
        files: Vec<String>,
    },
    /// A run was killed after it replaced the folder, and before it moved a file or folder of the user back, of which there is
    /// a new one now.
    #[error(
        "a run that was killed has left {} beside the new {}; remove one of them, or move the first one elsewhere",
        kept.display(), new.display()
    )]
    KeptTwice {
        /// The one that was kept.
        kept: PathBuf,
        /// The one in the folder.
        new: PathBuf,
    },
    /// The folder is a mount point, which cannot be replaced as a whole.
    #[error(
        "{} cannot be replaced as a whole, since it is a mount point; choose a folder inside of it, or mount the folder around it",
        .0.display()
    )]
    MountPoint(PathBuf),
    /// Another run writes to the folder.
    #[error("another run writes to {}; wait until it has ended", .0.display())]
    Busy(PathBuf),
    /// Reading or writing failed.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// The action, as a verb such as `read`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl fmt::Display for Written {
    /// `3 added, 1 changed, 0 removed, 120 unchanged`, then a line for each overwritten edit.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (added, changed, removed) = (self.added.len(), self.changed.len(), self.removed.len());
        let unchanged = self.unchanged;
        write!(
            formatter,
            "{added} added, {changed} changed, {removed} removed, {unchanged} unchanged"
        )?;
        for path in &self.edited {
            write!(formatter, "\noverwritten although edited by hand: {path}")?;
        }
        Ok(())
    }
}

/// Turns an I/O error into an [`OutputError`].
fn failed(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> OutputError {
    let path = path.to_owned();
    move |source| OutputError::Io {
        action,
        path,
        source,
    }
}

/// Writes these files and the marker to a folder, and removes those that the generator wrote before and no longer generates.
///
/// Files that do not change keep their modification time. The new folder is built beside the old one
/// and then replaces it, so that a failure leaves the old one. The next run removes what a killed run
/// leaves.
///
/// The files are not flushed to the disk one by one, because that would take longer than the rest of
/// the run. After a power failure, files may be incomplete; the next run finds and writes them again.
///
/// # Errors
///
/// If a path is refused, if the folder is not owned, if another run writes to it, or if reading or writing fails.
pub fn write(root: &Path, files: &Files, inputs: &Inputs) -> Result<Written, OutputError> {
    FolderLock::of(root)?.write(files, inputs)
}

impl FolderLock {
    /// Writes these files to the folder, as [`write()`] does.
    ///
    /// # Errors
    /// If a path is refused, if the folder is not owned, or if reading or writing fails.
    pub fn write(&self, files: &Files, inputs: &Inputs) -> Result<Written, OutputError> {
        let marker = marker(files, inputs)?;
        let files = with_marker(files, &marker);
        let paths = self.paths();
        paths.recover()?;
        let old = Folder::read(&paths.root)?;
        // A crate has inputs, and a site has none.
        let old_marker = marker_of_own(&paths.root, &old, !inputs.is_empty())?;
        refuse_foreign_files(&paths.root, &old, old_marker.as_ref(), &files)?;
        let mut written = Written::default();
        let mut kept = Vec::new();
        for (path, content) in &files {
            match old.content(&paths.root, path)? {
                Some(present) if present == *content => kept.push(*path),
                present => {
                    if old.contains(path) {
                        written.changed.push((*path).to_owned());
                        note_edit(&mut written, path, present.as_deref(), old_marker.as_ref());
                    } else {
                        written.added.push((*path).to_owned());
                    }
                }
            }
        }
        for path in old.paths().filter(|path| !files.contains_key(*path)) {
            written.removed.push(path.to_owned());
            let present = old.content(&paths.root, path)?;
            note_edit(&mut written, path, present.as_deref(), old_marker.as_ref());
        }
        written.unchanged = kept.len();
        if kept.len() < files.len() || !written.removed.is_empty() {
            paths.stage(&files, &kept)?;
            paths.swap()?;
        }
        Ok(written)
    }
}

/// Fails if no crate can be written to a folder, whatever its files are. Writes nothing.
///
/// # Errors
///
/// If the folder is not owned, or has the result of another command, or if reading fails.
pub fn refuse_crate(root: &Path) -> Result<(), OutputError> {
    let root = FolderPaths::of(root)?.root;
    marker_of_own(&root, &Folder::read(&root)?, true).map(|_| ())
}

/// The marker of a folder that may be written to; none if it is empty.
fn marker_of_own(
    root: &Path,
    folder: &Folder,
    has_inputs: bool,
) -> Result<Option<Marker>, OutputError> {
    let marker = folder.marker(root)?;
    match &marker {
        None if !folder.is_empty() => Err(OutputError::NotOwned(root.to_owned())),
        Some(marker) if marker.inputs().is_empty() == has_inputs => {
            Err(OutputError::OfAnotherCommand(root.to_owned()))
        }
        _ => Ok(marker),
    }
}

/// What the first line of a generated file has.
const GENERATED: &str = "@generated by `specweave";

/// Fails if a file would be removed that the generator did not write.
fn refuse_foreign_files(
    root: &Path,
    old: &Folder,
    marker: Option<&Marker>,
    files: &Contents<'_>,
) -> Result<(), OutputError> {
    let is_known = |path: &str| {
        path == marker::NAME
            || marker.is_some_and(|marker| marker.knows(path))
            || files.contains_key(path)
    };
    let foreign = old.paths().filter(|path| !is_known(path));
    let files: Vec<String> = foreign.map(str::to_owned).collect();
    if files.is_empty() {
        return Ok(());
    }
    let mut left_behind = true;
    for path in &files {
        let content = old.content(root, path)?.unwrap_or_default();
        let text = String::from_utf8_lossy(&content);
        let first = text.lines().next().unwrap_or_default();
        left_behind &= first.contains(GENERATED);
    }
    let folder = root.to_owned();
    Err(if left_behind {
        OutputError::LeftBehind { folder, files }
    } else {
        OutputError::ForeignFiles { folder, files }
    })
}

fn note_edit(written: &mut Written, path: &str, present: Option<&[u8]>, marker: Option<&Marker>) {
    let is_as_written = match (present, marker) {
        (Some(content), Some(marker)) => marker.lists(path, content),
        _ => false,
    };
    if !is_as_written && path != marker::NAME {
        written.edited.push(path.to_owned());
    }
}

/// The files of a folder with the marker, by path.
type Contents<'f> = BTreeMap<&'f str, &'f [u8]>;

/// Checks the paths, and returns the text of the marker.
fn marker(files: &Files, inputs: &Inputs) -> Result<String, OutputError> {
    path::check(files)?;
    Ok(Marker::of(files, inputs).render())
}

/// The inputs that the files of a folder were generated from, none if the folder does not say.
///
/// # Errors
///
/// If reading fails.
pub fn inputs(root: &Path) -> Result<Inputs, OutputError> {
    let real = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let marker = Folder::read(&real)?.marker(&real)?;
    Ok(marker.map_or_else(Inputs::default, |marker| marker.inputs().clone()))
}

/// Adds the marker to the files.
fn with_marker<'f>(files: &'f Files, marker: &'f str) -> Contents<'f> {
    let files = files.iter();
    files
        .map(|(path, content)| (path.as_str(), content.as_slice()))
        .chain([(marker::NAME, marker.as_bytes())])
        .collect()
}
