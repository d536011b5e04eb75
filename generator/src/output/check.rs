//! Compares a folder with the files that would be written to it.

use std::fmt;
use std::path::Path;

use similar::TextDiff;

use super::folder::Folder;
use super::marker::{self, Marker};
use super::{Contents, Inputs, OutputError, with_marker};
use crate::files::Files;

/// The most lines of a diff that are shown.
const MAX_DIFF_LINES: usize = 60;

/// A file that differs from the generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The path relative to the folder, with forward slashes.
    pub path: String,
    /// How it differs.
    pub kind: DifferenceKind,
}

/// How a file differs from the generated one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DifferenceKind {
    /// The file is as the generator wrote it, but the generated content is different now.
    Changed {
        /// A unified diff from the file on disk to the generated one, at most 60 lines.
        diff: String,
    },
    /// The file was edited by hand: it is not as the generator wrote it.
    Edited {
        /// A unified diff from the file on disk to the generated one, at most 60 lines.
        diff: String,
    },
    /// The file does not exist.
    Missing,
    /// The file exists, but is not generated.
    Extra,
}

impl Difference {
    /// `out of date: src/lib.rs`
    #[must_use]
    pub fn heading(&self) -> String {
        let what = match self.kind {
            DifferenceKind::Changed { .. } => "out of date",
            DifferenceKind::Edited { .. } => "edited by hand",
            DifferenceKind::Missing => "missing",
            DifferenceKind::Extra => "extra",
        };
        format!("{what}: {}", self.path)
    }
}

impl fmt::Display for Difference {
    /// The heading, followed by the diff if there is one.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let diff = match &self.kind {
            DifferenceKind::Changed { diff } | DifferenceKind::Edited { diff } => diff.as_str(),
            DifferenceKind::Missing | DifferenceKind::Extra => "",
        };
        formatter.write_str(&self.heading())?;
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
    let rendered = super::marker(files, &Inputs::default())?;
    let files = with_marker(files, &rendered);
    // A symbolic link to the folder is followed, but not one inside it.
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
            kind: DifferenceKind::Extra,
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
) -> DifferenceKind {
    let Some(content) = content else {
        // There may be a symbolic link instead of the file.
        return if folder.contains(path) {
            DifferenceKind::Edited {
                diff: "this is not a regular file\n".to_owned(),
            }
        } else {
            DifferenceKind::Missing
        };
    };
    let diff = diff(path, &content, expected);
    match written {
        Some(marker) if !marker.lists(path, &content) => DifferenceKind::Edited { diff },
        // Without a marker, an edit by hand cannot be recognised.
        _ => DifferenceKind::Changed { diff },
    }
}

/// The difference of the marker. It differs whenever a file does, so it is reported only if it is
/// missing, if it is not valid, or if nothing else differs.
fn marker_difference(
    folder: &Folder,
    root: &Path,
    files: &Contents<'_>,
    written: Option<&Marker>,
    is_only_one: bool,
) -> Result<Option<Difference>, OutputError> {
    let expected = files.get(marker::NAME).copied().unwrap_or_default();
    let kind = match folder.content(root, marker::NAME)? {
        None if !folder.contains(marker::NAME) => DifferenceKind::Missing,
        Some(_) if written.is_some_and(|marker| lists_same(marker, expected)) => return Ok(None),
        Some(_) if written.is_some() && !is_only_one => return Ok(None),
        content => DifferenceKind::Edited {
            diff: diff(marker::NAME, &content.unwrap_or_default(), expected),
        },
    };
    Ok(Some(Difference {
        path: marker::NAME.to_owned(),
        kind,
    }))
}

/// Whether a marker lists the same files as a rendered one. The inputs may differ: a change of them that changes no file is
/// none of the crate.
fn lists_same(marker: &Marker, rendered: &[u8]) -> bool {
    let rendered = std::str::from_utf8(rendered).ok().and_then(Marker::parse);
    rendered.is_some_and(|rendered| marker.lists_same(&rendered))
}

fn diff(path: &str, old: &[u8], new: &[u8]) -> String {
    if path.ends_with(".json") {
        // Data for programs, in lines that nobody reads.
        return format!("{} bytes on disk, {} generated\n", old.len(), new.len());
    }
    let (Ok(old), Ok(new)) = (std::str::from_utf8(old), std::str::from_utf8(new)) else {
        return format!("{} and {} bytes that are not text\n", old.len(), new.len());
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
