//! The files and folders of a run of `init`, which a run that fails takes away again.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use generator::output;

use super::failed;
use crate::opened;

/// The files and folders that were not there before. They are removed when this is dropped, unless they are to be kept.
#[derive(Debug, Default)]
pub(super) struct Made {
    files: RefCell<Vec<PathBuf>>,
    folders: RefCell<Vec<PathBuf>>,
}

impl Made {
    /// Keeps the files and folders: the project is complete.
    pub(super) fn keep(&self) {
        self.files.take();
        self.folders.take();
    }

    /// Writes a file, and the folder that it is in.
    pub(super) fn write(&self, path: &Path, text: &str) -> Result<(), String> {
        self.prepare(path)?;
        output::write_file(path, text.as_bytes()).map_err(|error| failed("write", path, &error))
    }

    /// Copies a file, and creates the folder that the copy is in.
    pub(super) fn copy(&self, from: &Path, to: &Path) -> Result<(), String> {
        self.prepare(to)?;
        fs::copy(from, to).map_err(|error| failed("copy", from, &error))?;
        Ok(())
    }

    /// Creates the folder of a file, and remembers what was not there.
    fn prepare(&self, path: &Path) -> Result<(), String> {
        self.create(opened::folder_of(path))?;
        if !path.exists() {
            self.files.borrow_mut().push(path.to_owned());
        }
        Ok(())
    }

    /// Creates a folder and those that lead to it.
    pub(super) fn create(&self, folder: &Path) -> Result<(), String> {
        let missing = folder
            .ancestors()
            .take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        let mut missing: Vec<PathBuf> = missing.map(Path::to_owned).collect();
        missing.reverse();
        fs::create_dir_all(folder).map_err(|error| failed("create", folder, &error))?;
        self.folders.borrow_mut().extend(missing);
        Ok(())
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // What cannot be removed stays, as does a folder that has files of others; the error of the run is told.
        for file in self.files.take() {
            let _ = fs::remove_file(file);
        }
        for folder in self.folders.take().iter().rev() {
            let _ = fs::remove_dir(folder);
        }
    }
}
