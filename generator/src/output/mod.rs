//! The one writer: what was generated goes to disk, or is compared with what is there.
//!
//! A folder of output is owned as a whole. Files in it that are no longer generated are removed,
//! except for `target/` and `Cargo.lock` at its root, which building the crate in place leaves, and
//! `.git`, which nobody wants to lose. The file `.generated` marks the folder as owned and lists the
//! hash of every file as it was written; that tells a file that was edited by hand from one that is
//! merely out of date. A folder that is neither empty nor marked is never touched.

mod check;
mod folder;
mod marker;
mod path;
mod swap;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fmt, io};

pub use check::{Difference, Kind, check};
use folder::Folder;
use marker::Marker;

/// What was generated: paths relative to the folder, with forward slashes, and contents.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What [`write()`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Written {
    /// Paths that are new.
    pub added: Vec<String>,
    /// Paths whose content is new.
    pub changed: Vec<String>,
    /// Paths that are no longer generated and were removed.
    pub removed: Vec<String>,
    /// Of those changed or removed, the ones that had been edited or added by hand.
    pub edited: Vec<String>,
    /// How many files were left alone.
    pub unchanged: usize,
}

/// Why output was not written or compared. The folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// A generated path leads out of the folder, or means different things on different systems.
    #[error("the generated path {path:?} is refused: {reason}")]
    Path {
        /// The path.
        path: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The folder holds something that the generator did not write.
    #[error(
        "{} is not empty and was not written by the generator (it has no valid `{}`); choose another folder, or empty this one",
        .0.display(), marker::NAME
    )]
    NotOwned(PathBuf),
    /// Reading or writing failed.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was attempted, such as `read`.
        action: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
}

impl fmt::Display for Written {
    /// `3 added, 1 changed, 0 removed, 120 unchanged`, then the edits by hand that were overwritten.
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

/// Writes a single file that is not part of a folder of output: the old content or the new one, never a part.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_file(path: &Path, content: &[u8]) -> io::Result<()> {
    if std::fs::read(path).is_ok_and(|present| present == content) {
        return Ok(());
    }
    let mut staged = path.as_os_str().to_owned();
    staged.push(".new");
    let staged = PathBuf::from(staged);
    let mut file = std::fs::File::create(&staged)?;
    let moved = io::Write::write_all(&mut file, content)
        .and_then(|()| file.sync_all())
        .and_then(|()| std::fs::rename(&staged, path));
    if moved.is_err() {
        // The error to report is the one that kept the file from being written.
        let _ = std::fs::remove_file(&staged);
    }
    moved
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

/// Makes a folder hold exactly these files and the marker.
///
/// Files that do not change keep their modification time. The new folder is built beside the old one
/// and then takes its place, so that whatever fails leaves the old one; what a killed run leaves
/// behind is put right by the next one. Runs on the same folder must not overlap.
///
/// The system is not told to bring each of thousands of files to the disk at once, which would take longer than all else.
/// What is lost when the machine itself goes down shows as a difference from the marker, and the next run writes it again.
///
/// # Errors
///
/// If a path is refused, if the folder is not owned, or if reading or writing fails.
pub fn write(root: &Path, files: &Files) -> Result<Written, OutputError> {
    let marker = marker(files)?;
    let files = complete(files, &marker);
    let places = swap::Places::of(root)?;
    places.recover()?;
    let old = Folder::read(&places.root)?;
    let old_marker = old.marker(&places.root)?;
    if old_marker.is_none() && !old.is_empty() {
        return Err(OutputError::NotOwned(root.to_owned()));
    }
    let mut written = Written::default();
    let mut kept = Vec::new();
    for (path, content) in &files {
        match old.content(&places.root, path)? {
            Some(present) if present == *content => kept.push(*path),
            present => {
                if old.holds(path) {
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
        let present = old.content(&places.root, path)?;
        note_edit(&mut written, path, present.as_deref(), old_marker.as_ref());
    }
    written.unchanged = kept.len();
    if kept.len() < files.len() || !written.removed.is_empty() {
        places.stage(&files, &kept)?;
        places.swap()?;
    }
    Ok(written)
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

/// What a folder is to hold: files and the marker.
type Contents<'f> = BTreeMap<&'f str, &'f [u8]>;

/// Checks the paths, and renders the marker of the files.
fn marker(files: &Files) -> Result<String, OutputError> {
    path::check(files)?;
    Ok(Marker::of(files).render())
}

fn complete<'f>(files: &'f Files, marker: &'f str) -> Contents<'f> {
    let files = files.iter();
    files
        .map(|(path, content)| (path.as_str(), content.as_slice()))
        .chain([(marker::NAME, marker.as_bytes())])
        .collect()
}
