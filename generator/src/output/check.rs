//! Compares a folder with what would be written to it.

use std::fmt;
use std::path::Path;

use similar::TextDiff;

use super::folder::Folder;
use super::marker::{self, Marker};
use super::{Contents, Files, OutputError, complete};

/// Lines of a diff that are shown of one file.
const MAX_DIFF_LINES: usize = 60;

/// A file that is not as it would be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The path relative to the folder, with forward slashes.
    pub path: String,
    /// In what it differs.
    pub kind: Kind,
}

/// In what a file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It is as it was once written, but would be written differently now.
    Changed {
        /// From what is there to what would be written: a unified diff, cut after 60 lines.
        diff: String,
    },
    /// It is not as it was written: somebody edited it by hand.
    Edited {
        /// From what is there to what would be written: a unified diff, cut after 60 lines.
        diff: String,
    },
    /// It would be written, but is not there.
    Missing,
    /// It is there, but would not be written.
    Extra,
}

impl fmt::Display for Difference {
    /// `changed: src/lib.rs`, followed by the diff if there is one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (what, diff) = match &self.kind {
            Kind::Changed { diff } => ("out of date", diff.as_str()),
            Kind::Edited { diff } => ("edited by hand", diff.as_str()),
            Kind::Missing => ("missing", ""),
            Kind::Extra => ("extra", ""),
        };
        write!(formatter, "{what}: {}", self.path)?;
        match diff {
            "" => Ok(()),
            diff => write!(formatter, "\n{}", diff.trim_end()),
        }
    }
}

/// Compares every file of a folder with these files and the marker, in the order of the paths.
///
/// # Errors
///
/// If a path is refused, if the root is no folder, or if reading fails.
pub fn check(root: &Path, files: &Files) -> Result<Vec<Difference>, OutputError> {
    let rendered = super::marker(files)?;
    let files = complete(files, &rendered);
    // A symbolic link to the folder is followed; one inside of it is not.
    let real = std::fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let folder = Folder::read(&real)?;
    let written = folder.marker(&real)?;
    let mut differences = Vec::new();
    for (path, expected) in files.iter().filter(|(path, _)| **path != marker::NAME) {
        let content = folder.content(&real, path)?;
        if content.as_deref() != Some(*expected) {
            let kind = kind(&folder, path, content, expected, written.as_ref());
            differences.push(Difference {
                path: (*path).to_owned(),
                kind,
            });
        }
    }
    for path in folder.paths().filter(|path| !files.contains_key(*path)) {
        differences.push(Difference {
            path: path.to_owned(),
            kind: Kind::Extra,
        });
    }
    differences.extend(marker_difference(
        &folder,
        &real,
        &files,
        written.as_ref(),
        differences.is_empty(),
    )?);
    differences.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(differences)
}

fn kind(
    folder: &Folder,
    path: &str,
    content: Option<Vec<u8>>,
    expected: &[u8],
    written: Option<&Marker>,
) -> Kind {
    let Some(content) = content else {
        // A symbolic link or the like in the place of the file.
        return if folder.holds(path) {
            Kind::Edited {
                diff: "this is not a regular file\n".to_owned(),
            }
        } else {
            Kind::Missing
        };
    };
    let diff = diff(path, &content, expected);
    match written {
        Some(marker) if !marker.lists(path, &content) => Kind::Edited { diff },
        // Without a marker nobody knows what was written.
        _ => Kind::Changed { diff },
    }
}

/// The marker differs whenever a file does, and then says nothing new; it is reported where it is
/// missing, where it is no marker, and where it alone differs.
fn marker_difference(
    folder: &Folder,
    root: &Path,
    files: &Contents<'_>,
    written: Option<&Marker>,
    is_only_one: bool,
) -> Result<Option<Difference>, OutputError> {
    let expected = files.get(marker::NAME).copied().unwrap_or_default();
    let kind = match folder.content(root, marker::NAME)? {
        None if !folder.holds(marker::NAME) => Kind::Missing,
        Some(content) if content == expected => return Ok(None),
        Some(_) if written.is_some() && !is_only_one => return Ok(None),
        content => Kind::Edited {
            diff: diff(marker::NAME, &content.unwrap_or_default(), expected),
        },
    };
    Ok(Some(Difference {
        path: marker::NAME.to_owned(),
        kind,
    }))
}

fn diff(path: &str, old: &[u8], new: &[u8]) -> String {
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        return format!("{} and {} bytes that are no text\n", old.len(), new.len());
    };
    let diff = TextDiff::from_lines(old, new)
        .unified_diff()
        .context_radius(3)
        .header(&format!("{path} (on disk)"), &format!("{path} (generated)"))
        .to_string();
    let count = diff.lines().count();
    if count <= MAX_DIFF_LINES {
        return diff;
    }
    let shown: String = diff.split_inclusive('\n').take(MAX_DIFF_LINES).collect();
    format!("{shown}... {} more lines\n", count - MAX_DIFF_LINES)
}
