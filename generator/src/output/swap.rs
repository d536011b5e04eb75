//! Replaces a folder as a whole.
//!
//! The new folder is built beside the old one. Then the two are exchanged in one step, and the old one is
//! removed. A run that is killed leaves the old folder or the new one, and a leftover beside it that the
//! next run removes. Writing only the changed files in place would be simpler, but a killed run would
//! leave a mix of old and new files.
//!
//! If the system cannot exchange folders, the old folder is first renamed to a backup. If the run is
//! killed before the new folder is in place, the next run restores the backup.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::folder::{BUILD, Folder, KEPT, REPOSITORY};
use super::{Contents, OutputError, failed};
use crate::parallel;

/// The paths of an output folder, and of the folders beside it.
#[derive(Debug)]
pub(super) struct FolderPaths {
    /// The output folder.
    pub(super) root: PathBuf,
    /// The new folder until it replaces the old one; after an exchange, the old one.
    pub(super) staged: PathBuf,
    /// The old folder, on systems that cannot exchange folders.
    pub(super) backup: PathBuf,
    /// The file that a run locks while it writes.
    pub(super) lock: PathBuf,
}

impl FolderPaths {
    /// The paths for an output folder, which need not exist.
    pub(super) fn of(root: &Path) -> Result<Self, OutputError> {
        let absolute = std::path::absolute(root).map_err(failed("find", root))?;
        if let Some(file) = absolute.ancestors().find(|path| path.is_file()) {
            return Err(OutputError::NotAFolder(file.to_owned()));
        }
        // Resolves symbolic links, so that the folder is replaced and not a link to it. After a killed
        // run, the folder may be missing.
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
            lock: parent.join(format!(".{name}.generated-lock")),
            root,
        })
    }

    /// Removes the leftovers of a killed run, and restores the backup if the folder is missing.
    pub(super) fn recover(&self) -> Result<(), OutputError> {
        if exists(&self.staged)? {
            refuse_not_owned(&self.staged, true)?;
            // It is the old folder if the run was killed after the exchange.
            if exists(&self.root)? {
                self.keep_from(&self.staged)?;
                clear(&self.staged).map_err(failed("remove", &self.staged))?;
            } else if exists(&self.staged.join(REPOSITORY))? {
                fs::rename(&self.staged, &self.root).map_err(failed("restore", &self.root))?;
            } else {
                clear(&self.staged).map_err(failed("remove", &self.staged))?;
            }
        }
        if exists(&self.backup)? {
            refuse_not_owned(&self.backup, false)?;
            if exists(&self.root)? {
                self.clear_backup()?;
            } else {
                fs::rename(&self.backup, &self.root).map_err(failed("restore", &self.root))?;
            }
        }
        Ok(())
    }

    /// Builds the new folder. `unchanged` are the paths of files to link from the old folder, so that
    /// their modification times stay; they are sorted.
    pub(super) fn stage(
        &self,
        files: &Contents<'_>,
        unchanged: &[&str],
    ) -> Result<(), OutputError> {
        let staged = self.stage_files(files, unchanged);
        if staged.is_err() {
            // Report the first error, not one of the cleanup.
            let _ = clear(&self.staged);
        }
        staged
    }

    fn stage_files(&self, files: &Contents<'_>, unchanged: &[&str]) -> Result<(), OutputError> {
        if let Some(parent) = self.staged.parent() {
            fs::create_dir_all(parent).map_err(failed("create", parent))?;
        }
        fs::create_dir(&self.staged).map_err(failed("create", &self.staged))?;
        let stage = |path: &str, content: &[u8]| {
            let to = self.staged.join(path);
            if unchanged.binary_search(&path).is_ok() {
                link(&self.root.join(path), &to).map_err(failed("create", &to))
            } else {
                create(&to, content).map_err(failed("write", &to))
            }
        };
        // The marker comes first, so that the next run recognises the leftover of a killed one.
        let marker = self.staged.join(super::marker::NAME);
        if let Some(content) = files.get(super::marker::NAME) {
            stage(super::marker::NAME, content)?;
        }
        let rest = files.iter();
        let rest: Vec<_> = rest
            .filter(|(path, _)| **path != super::marker::NAME)
            .collect();
        let mut folder = self.staged.clone();
        for (path, _) in &rest {
            let to = self.staged.join(path);
            if let Some(parent) = to.parent()
                && parent != folder
            {
                fs::create_dir_all(parent).map_err(failed("create", parent))?;
                parent.clone_into(&mut folder);
            }
        }
        // The generator must recognise its folder even after a power failure.
        let (synced, staged) = parallel::join(
            || File::open(&marker).and_then(|marker| marker.sync_all()),
            || parallel::map(&rest, |(path, content)| stage(path, content)),
        );
        synced.map_err(failed("write", &marker))?;
        staged.into_iter().collect()
    }

    /// Replaces the old folder by the staged one.
    pub(super) fn swap(&self) -> Result<(), OutputError> {
        let replaces = exists(&self.root)?;
        if replaces && exchange(&self.staged, &self.root) {
            self.keep_from(&self.staged)?;
            return clear(&self.staged).map_err(failed("remove", &self.staged));
        }
        if replaces && let Err(error) = fs::rename(&self.root, &self.backup) {
            let _ = clear(&self.staged);
            return Err(not_replaced(&self.root, error));
        }
        if let Err(error) = fs::rename(&self.staged, &self.root) {
            if replaces {
                // If this fails, too, the next run restores the backup.
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

    /// Moves the kept files and folders from the old folder to the new one. Fails if both have one that is the user's.
    fn keep_from(&self, old: &Path) -> Result<(), OutputError> {
        for name in KEPT {
            let (kept, new) = (old.join(name), self.root.join(name));
            if !exists(&kept)? {
                continue;
            }
            if !exists(&new)? {
                fs::rename(&kept, &new).map_err(failed("keep", &new))?;
            } else if name != BUILD && !is_generated(old, name)? && !is_generated(&self.root, name)?
            {
                return Err(OutputError::KeptTwice { kept, new });
            }
        }
        Ok(())
    }

    /// Moves the kept files and folders from the backup to the folder, and removes the backup.
    fn clear_backup(&self) -> Result<(), OutputError> {
        self.keep_from(&self.backup)?;
        clear(&self.backup).map_err(failed("remove", &self.backup))
    }
}

/// Exchanges two folders in one step. Returns `false` if the system or the file system cannot.
#[cfg(any(target_os = "linux", target_os = "macos"))]
fn exchange(one: &Path, other: &Path) -> bool {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    renameat_with(CWD, one, CWD, other, RenameFlags::EXCHANGE).is_ok()
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn exchange(_: &Path, _: &Path) -> bool {
    false
}

/// Why a folder was not replaced.
fn not_replaced(root: &Path, error: io::Error) -> OutputError {
    if error.kind() == ErrorKind::ResourceBusy {
        OutputError::MountPoint(root.to_owned())
    } else {
        failed("replace", root)(error)
    }
}

/// Whether the marker of a folder lists a file.
fn is_generated(root: &Path, name: &str) -> Result<bool, OutputError> {
    let marker = Folder::read(root)?.marker(root)?;
    Ok(marker.is_some_and(|marker| marker.knows(name)))
}

/// Fails if a folder was not written by the generator.
fn refuse_not_owned(path: &Path, may_be_incomplete: bool) -> Result<(), OutputError> {
    let folder = Folder::read(path)?;
    let is_marked = if may_be_incomplete {
        // The marker itself may be incomplete.
        folder.contains(super::marker::NAME)
    } else {
        folder.marker(path)?.is_some()
    };
    if is_marked || folder.is_empty() {
        return Ok(());
    }
    Err(OutputError::NotOwned(path.to_owned()))
}

/// Removes a folder, the marker last, so that the next run recognises the leftover of a killed one.
fn clear(path: &Path) -> io::Result<()> {
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

fn create(path: &Path, content: &[u8]) -> io::Result<()> {
    File::create_new(path)?.write_all(content)
}

/// Links a file. If the file system has no links, copies it with its modification time.
fn link(from: &Path, to: &Path) -> io::Result<()> {
    if fs::hard_link(from, to).is_ok() {
        return Ok(());
    }
    fs::copy(from, to)?;
    let modified = fs::metadata(from)?.modified()?;
    let file = File::options().write(true).open(to)?;
    file.set_modified(modified)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mount_point_is_told_from_other_failures() {
        let told = |kind: ErrorKind| not_replaced(Path::new("out"), kind.into()).to_string();
        assert_eq!(
            told(ErrorKind::ResourceBusy),
            "out cannot be replaced as a whole, since it is a mount point; choose a folder inside of it, or mount the folder around it"
        );
        assert_eq!(
            told(ErrorKind::PermissionDenied),
            "cannot replace out: permission denied"
        );
    }
}
