//! Replaces a folder as a whole.
//!
//! The new folder is staged beside the old one; then the two change places at once, and the old one is
//! removed. A run that is killed leaves the old folder or the new one, and something beside it to clear
//! away. Where the system cannot exchange folders, the old one is renamed to a backup first; a run that
//! is killed before the new one is in its place leaves the backup, which the next run restores.

use std::fs::{self, File};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::folder::{Folder, KEPT};
use super::{Contents, OutputError, failed};

/// The folder and the places beside it.
pub(super) struct Places {
    pub(super) root: PathBuf,
    pub(super) staged: PathBuf,
    pub(super) backup: PathBuf,
}

impl Places {
    /// The places of a folder, which need not exist.
    pub(super) fn of(root: &Path) -> Result<Self, OutputError> {
        let absolute = std::path::absolute(root).map_err(failed("find", root))?;
        // The real folder is replaced, not a symbolic link to it. A folder that is missing after a
        // killed run has no real path, but its parent has.
        let root = match fs::canonicalize(&absolute) {
            Ok(real) => real,
            Err(error) if error.kind() == ErrorKind::NotFound => absolute,
            Err(error) => return Err(failed("find", root)(error)),
        };
        let (Some(parent), Some(name)) = (root.parent(), root.file_name()) else {
            return Err(OutputError::NotOwned(root));
        };
        let name = name.to_string_lossy();
        Ok(Self {
            staged: parent.join(format!(".{name}.generated-new")),
            backup: parent.join(format!(".{name}.generated-old")),
            root,
        })
    }

    /// Puts right what a killed run left behind.
    pub(super) fn recover(&self) -> Result<(), OutputError> {
        if exists(&self.staged)? {
            refuse_foreign(&self.staged, true)?;
            // It is the old folder when a run was killed after the two were exchanged.
            if exists(&self.root)? {
                self.keep_from(&self.staged)?;
            }
            clear(&self.staged).map_err(failed("remove", &self.staged))?;
        }
        if exists(&self.backup)? {
            refuse_foreign(&self.backup, false)?;
            if exists(&self.root)? {
                self.clear_backup()?;
            } else {
                fs::rename(&self.backup, &self.root).map_err(failed("restore", &self.root))?;
            }
        }
        Ok(())
    }

    /// Builds the new folder. Of the kept files, which are sorted, the old ones are used, so that
    /// their times stay.
    pub(super) fn stage(&self, files: &Contents<'_>, kept: &[&str]) -> Result<(), OutputError> {
        let staged = self.stage_files(files, kept);
        if staged.is_err() {
            // The first error is what matters.
            let _ = clear(&self.staged);
        }
        staged
    }

    fn stage_files(&self, files: &Contents<'_>, kept: &[&str]) -> Result<(), OutputError> {
        if let Some(parent) = self.staged.parent() {
            fs::create_dir_all(parent).map_err(failed("create", parent))?;
        }
        fs::create_dir(&self.staged).map_err(failed("create", &self.staged))?;
        // The marker comes first: it tells that what a killed run leaves is ours.
        let marker = files.get_key_value(super::marker::NAME);
        let rest = files
            .iter()
            .filter(|(path, _)| **path != super::marker::NAME);
        let mut folder = self.staged.clone();
        for (path, content) in marker.into_iter().chain(rest) {
            let to = self.staged.join(path);
            if let Some(parent) = to.parent()
                && parent != folder
            {
                fs::create_dir_all(parent).map_err(failed("create", parent))?;
                parent.clone_into(&mut folder);
            }
            if kept.binary_search(path).is_ok() {
                link(&self.root.join(path), &to).map_err(failed("create", &to))?;
            } else {
                create(&to, content).map_err(failed("write", &to))?;
                // Whatever a failing machine loses, the folder is known as ours after it.
                if *path == super::marker::NAME {
                    let synced = File::open(&to).and_then(|marker| marker.sync_all());
                    synced.map_err(failed("write", &to))?;
                }
            }
        }
        Ok(())
    }

    /// Puts the staged folder in the place of the old one.
    pub(super) fn swap(&self) -> Result<(), OutputError> {
        let replaces = exists(&self.root)?;
        if replaces && exchange(&self.staged, &self.root) {
            self.keep_from(&self.staged)?;
            return clear(&self.staged).map_err(failed("remove", &self.staged));
        }
        if replaces && let Err(error) = fs::rename(&self.root, &self.backup) {
            let _ = clear(&self.staged);
            return Err(failed("replace", &self.root)(error));
        }
        if let Err(error) = fs::rename(&self.staged, &self.root) {
            if replaces {
                // If this fails too, the next run restores the backup.
                let _ = fs::rename(&self.backup, &self.root);
            }
            let _ = clear(&self.staged);
            return Err(failed("replace", &self.root)(error));
        }
        if replaces {
            self.clear_backup()
        } else {
            Ok(())
        }
    }

    /// Moves what is kept from an old folder to the new one.
    fn keep_from(&self, old: &Path) -> Result<(), OutputError> {
        for name in KEPT {
            let (from, to) = (old.join(name), self.root.join(name));
            if exists(&from)? && !exists(&to)? {
                fs::rename(&from, &to).map_err(failed("keep", &to))?;
            }
        }
        Ok(())
    }

    /// Moves what is kept from the backup to the folder, and removes the rest.
    fn clear_backup(&self) -> Result<(), OutputError> {
        self.keep_from(&self.backup)?;
        clear(&self.backup).map_err(failed("remove", &self.backup))
    }
}

/// Lets two folders change places at once. `false` where the system, or the file system, cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Refuses to touch a folder that only happens to have the name of one of ours.
fn refuse_foreign(path: &Path, may_be_incomplete: bool) -> Result<(), OutputError> {
    let folder = Folder::read(path)?;
    let is_marked = if may_be_incomplete {
        // The marker itself may be half written.
        folder.holds(super::marker::NAME)
    } else {
        folder.marker(path)?.is_some()
    };
    if is_marked || folder.is_empty() {
        return Ok(());
    }
    Err(OutputError::NotOwned(path.to_owned()))
}

/// Removes a folder, the marker last: a run that is killed meanwhile leaves what is known as ours.
fn clear(path: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        if entry.file_name() == super::marker::NAME {
            continue;
        }
        if entry.file_type()?.is_dir() {
            fs::remove_dir_all(entry.path())?;
        } else {
            fs::remove_file(entry.path())?;
        }
    }
    fs::remove_dir_all(path)
}

fn exists(path: &Path) -> Result<bool, OutputError> {
    match fs::symlink_metadata(path) {
        Ok(_) => Ok(true),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
        Err(error) => Err(failed("read", path)(error)),
    }
}

fn create(path: &Path, content: &[u8]) -> std::io::Result<()> {
    File::create_new(path)?.write_all(content)
}

/// Links a file, or copies it with its time where the file system knows no links.
fn link(from: &Path, to: &Path) -> std::io::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    let modified = fs::metadata(from)?.modified()?;
    let file = File::options().write(true).open(to)?;
    file.set_modified(modified)
}
