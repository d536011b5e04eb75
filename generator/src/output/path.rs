//! Checks that generated paths name the same file, inside the folder, on every system.

use std::collections::BTreeMap;

use super::{OutputError, marker};
use crate::api::names::modules;
use crate::files::Files;

/// Checks all paths.
pub(super) fn check(files: &Files) -> Result<(), OutputError> {
    // Some file systems ignore case, so that no two files or folders may differ only in case.
    let mut spellings: BTreeMap<String, (&str, bool)> = BTreeMap::new();
    for path in files.keys() {
        let refuse = |reason| OutputError::Path {
            path: path.clone(),
            reason,
        };
        if let Some(reason) = reason(path) {
            return Err(refuse(reason));
        }
        let ends = path.match_indices('/').map(|(end, _)| (end, true));
        for (end, is_folder) in ends.chain([(path.len(), false)]) {
            let part = path.get(..end).unwrap_or(path);
            match spellings.insert(part.to_ascii_lowercase(), (part, is_folder)) {
                Some((other, _)) if other != part => {
                    return Err(refuse("it differs from another one only in case"));
                }
                Some((_, other_is_folder)) if other_is_folder != is_folder => {
                    return Err(refuse("a file and a folder have the same name"));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn reason(path: &str) -> Option<&'static str> {
    if path.is_empty() {
        return Some("it is empty");
    }
    if path.eq_ignore_ascii_case(marker::NAME) {
        return Some("it is the path of the marker");
    }
    if path.starts_with('/') {
        return Some("it is absolute");
    }
    if path.contains('\\') {
        return Some("it contains a backslash");
    }
    if path.contains([':', '*', '?', '"', '<', '>', '|']) {
        return Some("it contains a character that some systems refuse");
    }
    if !path.bytes().all(|byte| (b' '..=b'~').contains(&byte)) {
        return Some("it is not printable ASCII");
    }
    let first = path.split('/').next().unwrap_or_default();
    if first.eq_ignore_ascii_case("target") {
        return Some("cargo builds into `target`");
    }
    path.split('/').find_map(|segment| match segment {
        "" => Some("a segment is empty"),
        "." | ".." => Some("it contains the segment `.` or `..`"),
        _ if segment.eq_ignore_ascii_case(".git") => Some("`.git` belongs to the user"),
        _ if segment.ends_with(['.', ' ']) => Some("a segment ends with a dot or a space"),
        _ if is_device(segment) => Some("a segment is the name of a device on Windows"),
        _ => None,
    })
}

/// Whether Windows takes a segment for a device, whatever its extension.
fn is_device(segment: &str) -> bool {
    let stem = segment.split('.').next().unwrap_or_default();
    modules::is_device(&stem.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_refused(paths: &[&str]) -> bool {
        let files = paths
            .iter()
            .map(|path| ((*path).to_owned(), Vec::new()))
            .collect();
        check(&files).is_err()
    }

    #[test]
    fn ordinary_paths_are_accepted() {
        assert!(!is_refused(&[
            "Cargo.toml",
            "src/lib.rs",
            "src/models/a b.rs",
            ".gitignore",
            "a..b"
        ]));
    }

    #[test]
    fn paths_that_leave_the_folder_or_depend_on_the_system_are_refused() {
        for path in [
            "",
            "/etc/passwd",
            "../a",
            "a/../b",
            "a/./b",
            "a//b",
            "a/",
            "..",
            ".",
            "a\\b",
            "C:a",
            "ä.rs",
            "a\nb",
            "a\0",
            "a.",
            "a ",
            ".generated",
            ".Generated",
            "target/x",
            "Target/x",
            "src/aux.rs",
            "COM1",
            "a/.Git/config",
            "a*",
        ] {
            assert!(is_refused(&[path]), "{path:?}");
        }
        assert!(is_refused(&["a.rs", "A.rs"]));
        assert!(is_refused(&["a/x.rs", "A/y.rs"]));
        assert!(is_refused(&["a", "a/b"]));
    }
}
