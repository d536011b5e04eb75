//! One run at a time writes to a folder.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use super::swap::FolderPaths;
use super::{OutputError, failed};

/// The right to write to an output folder. No other process has it until it is dropped, or until this process ends, however
/// it ends.
#[derive(Debug)]
pub struct FolderLock {
    paths: FolderPaths,
    /// The locked file. The system unlocks it when the process ends.
    _file: File,
}

impl FolderLock {
    /// Locks an output folder, which need not exist.
    ///
    /// # Errors
    /// If another run has locked it, or if the file that is locked cannot be created.
    pub fn of(root: &Path) -> Result<Self, OutputError> {
        let paths = FolderPaths::of(root)?;
        if let Some(parent) = paths.lock.parent() {
            fs::create_dir_all(parent).map_err(failed("create", parent))?;
        }
        loop {
            let open = File::options()
                .create(true)
                .truncate(false)
                .write(true)
                .open(&paths.lock);
            let file = open.map_err(failed("create", &paths.lock))?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(OutputError::Busy(paths.root)),
                Err(TryLockError::Error(error)) => {
                    return Err(failed("lock", &paths.lock)(error));
                }
            }
            // The run before may have removed the file after it was opened here.
            if is_still_there(&file, &paths.lock) {
                return Ok(Self { paths, _file: file });
            }
        }
    }

    pub(super) fn paths(&self) -> &FolderPaths {
        &self.paths
    }
}

impl Drop for FolderLock {
    fn drop(&mut self) {
        // A file that stays is locked again by the next run.
        let _ = fs::remove_file(&self.paths.lock);
    }
}

/// Whether a path still leads to an open file.
#[cfg(unix)]
fn is_still_there(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let of_file = file.metadata().map(|it| (it.dev(), it.ino()));
    let of_path = fs::metadata(path).map(|it| (it.dev(), it.ino()));
    matches!((of_file, of_path), (Ok(one), Ok(other)) if one == other)
}

/// Whether a path still leads to an open file. An open file cannot be removed here.
#[cfg(not(unix))]
fn is_still_there(_: &File, _: &Path) -> bool {
    true
}
