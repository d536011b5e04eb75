//! The documents that a law has to hold for: those of the tests, and those of a folder that `DOCUMENTS` names.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The JSON and YAML files of this repository's tests, sorted.
pub fn of_the_tests() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut paths = Vec::new();
    for folder in ["tests", "generator/tests"] {
        collect(&root.join(folder), &mut paths);
    }
    paths
}

/// The JSON and YAML files of the folder that `DOCUMENTS` names. Without it, `None`, and a line that says so.
pub fn of_the_folder() -> Option<Vec<PathBuf>> {
    let Some(folder) = std::env::var_os("DOCUMENTS") else {
        println!("skipped: set DOCUMENTS to a folder of OpenAPI documents");
        return None;
    };
    let mut paths = Vec::new();
    collect(Path::new(&folder), &mut paths);
    Some(paths)
}

/// What a function makes of each of the files that it is for, on all cores.
pub fn each<T: Send>(
    paths: &[PathBuf],
    function: impl Fn(&Path) -> Option<T> + Sync,
) -> BTreeMap<&Path, T> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new(BTreeMap::new());
    let work = || {
        while let Some(path) = paths.get(next.fetch_add(1, Ordering::Relaxed)) {
            if let Some(result) = function(path) {
                results.lock().unwrap().insert(path.as_path(), result);
            }
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    results.into_inner().unwrap()
}

/// The JSON and YAML files of a folder and the folders in it, but for emitted crates and documents that are wrong on
/// purpose.
fn collect(folder: &Path, paths: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{folder:?}: {error}"));
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["generated", "negative", "target"].contains(&&*name) {
                collect(&path, paths);
            }
        } else if [".json", ".yaml", ".yml"]
            .iter()
            .any(|end| name.ends_with(end))
        {
            paths.push(path);
        }
    }
    paths.sort_unstable();
}
