//! The files of a project as they were at a revision of git.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::opened;

/// A folder with the files of a project at a revision. It is removed when it is dropped.
#[derive(Debug)]
pub(crate) struct Revision {
    folder: TempDir,
    manifest: PathBuf,
    shown: PathBuf,
}

/// Why the files of a revision cannot be read.
#[derive(Debug)]
pub(crate) struct RevisionError(String);

impl std::fmt::Display for RevisionError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Revision {
    /// Writes the folder of a manifest, as it was at a revision, to a temporary folder. Nothing in the repository changes.
    pub(crate) fn read(manifest: &Path, revision: &str) -> Result<Self, RevisionError> {
        if revision.starts_with('-') {
            return Err(RevisionError(format!("`{revision}` is no revision")));
        }
        if is_range(revision) {
            return Err(RevisionError(format!(
                "`{revision}` is a range of revisions; name one revision, to which the files as they are now are compared"
            )));
        }
        let beside = opened::folder_of(manifest);
        let name = manifest.file_name().unwrap_or_default();
        let folder = tempfile::tempdir()
            .map_err(|error| RevisionError(format!("cannot make a temporary folder: {error}")))?;
        let top = top_of(beside)?;
        let top = Path::new(&top);
        let prefix = git(beside, None, ["rev-parse", "--show-prefix"])?;
        let tree = format!("{revision}:{}", prefix.trim_end_matches(['/', '\n']));
        let has =
            |object: &str| git(top, None, ["rev-parse", "--verify", "--quiet", object]).is_ok();
        if !has(&format!("{revision}^{{tree}}")) {
            return Err(RevisionError(match revision {
                "HEAD" => format!(
                    "nothing is committed yet, so that there is no earlier version; commit {} first",
                    beside.display()
                ),
                _ => format!(
                    "`{revision}` is no revision of the repository {}",
                    top.display()
                ),
            }));
        }
        let in_tree = format!(
            "{revision}:{}{}",
            prefix.trim_end_matches('\n'),
            name.to_string_lossy()
        );
        if !has(&in_tree) {
            let manifest = manifest.display();
            return Err(RevisionError(format!(
                "{manifest} is not in `{revision}`, so that there is no earlier version; commit it first, or name a revision that has it"
            )));
        }
        let index = folder.path().join("index");
        let files = folder.path().join("files/");
        git(top, Some(&index), ["read-tree", &tree])?;
        let to = format!("--prefix={}/", files.display());
        git(top, Some(&index), ["checkout-index", "--all", &to])?;
        Ok(Self {
            manifest: files.join(name),
            folder,
            shown: match prefix.trim_end_matches(['/', '\n']) {
                "" => format!("{revision}:.").into(),
                below => format!("{revision}:{below}").into(),
            },
        })
    }

    /// The folder of the manifest as git writes it: `HEAD~1:specs`.
    pub(crate) fn shown(&self) -> &Path {
        &self.shown
    }

    /// The manifest at the revision.
    pub(crate) fn manifest(&self) -> &Path {
        debug_assert!(self.manifest.starts_with(self.folder.path()));
        &self.manifest
    }
}

/// Whether a text is a range of revisions, such as `main..HEAD`, and not a path with `..` in it.
pub(crate) fn is_range(text: &str) -> bool {
    text.split_once("..").is_some_and(|(_, end)| {
        let end = end.trim_start_matches('.');
        !end.starts_with(['/', '\\'])
    })
}

/// Whether a text names a revision of the repository that a manifest is in.
pub(crate) fn is_revision(manifest: &Path, text: &str) -> bool {
    let folder = opened::folder_of(manifest);
    let commit = format!("{text}^{{commit}}");
    let arguments = ["rev-parse", "--verify", "--quiet", &commit];
    !text.starts_with('-') && git(folder, None, arguments).is_ok()
}

/// A revision that has changed the folder of a manifest.
#[derive(Debug)]
pub(crate) struct Changed {
    /// Its short hash.
    pub(crate) hash: String,
    /// The day of the commit, as `2026-11-29`.
    pub(crate) date: String,
    /// The first line of its message.
    pub(crate) summary: String,
}

/// The latest revisions that have changed the folder of a manifest, the latest first. What was merged is one change, that of
/// the merge, so that each revision comes after the next one of the list.
pub(crate) fn latest(manifest: &Path, number: usize) -> Result<Vec<Changed>, RevisionError> {
    let beside = opened::folder_of(manifest);
    top_of(beside)?;
    let most = format!("--max-count={number}");
    let log = git(
        beside,
        None,
        [
            "log",
            &most,
            "--first-parent",
            "--format=%h%x09%cs%x09%s",
            "--",
            ".",
        ],
    )?;
    let lines = log.lines().filter_map(|line| {
        let mut parts = line.splitn(3, '\t').map(str::to_owned);
        Some(Changed {
            hash: parts.next()?,
            date: parts.next()?,
            summary: parts.next()?,
        })
    });
    Ok(lines.collect())
}

/// The top folder of the repository that a folder is in.
fn top_of(folder: &Path) -> Result<String, RevisionError> {
    let top = git(folder, None, ["rev-parse", "--show-toplevel"]);
    let top = top.map_err(|RevisionError(said)| {
        RevisionError(format!(
            "{} is in no repository of git that has an earlier version ({said}); give two files or manifests to compare",
            folder.display()
        ))
    })?;
    Ok(top.trim_end_matches('\n').to_owned())
}

/// What git tells its hooks of the repository that they run for: those of `git rev-parse --local-env-vars` but configuration.
const OF_ANOTHER_REPOSITORY: [&str; 12] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
];

/// Runs git in a folder, and returns what it prints. The repository is that of the folder, also in a hook of another one.
fn git<'a>(
    folder: &Path,
    index: Option<&Path>,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Result<String, RevisionError> {
    let mut command = Command::new("git");
    command
        .arg("-C")
        .arg(folder)
        .args(arguments.into_iter().map(OsStr::new));
    for variable in OF_ANOTHER_REPOSITORY {
        command.env_remove(variable);
    }
    if let Some(index) = index {
        command.env("GIT_INDEX_FILE", index);
    }
    let output = command
        .output()
        .map_err(|error| RevisionError(format!("cannot run git: {error}")))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(RevisionError(format!("git: {}", said.trim())))
    }
}
