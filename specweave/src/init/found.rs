//! The descriptions that a person has.

use std::collections::HashSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use generator::description::diagnostic::{Diagnostics, Severity, counted};
use generator::description::document::Facet;
use generator::description::source::SourceMap;
use generator::description::transcribe::{MarkdownDialect, dialect_of};
use generator::pipeline;
use generator::project::Project;
use generator::project::manifest::is_portable;

use crate::{Context, opened};

/// A description.
#[derive(Debug)]
pub(super) struct Found {
    /// Its file.
    path: PathBuf,
    /// Its id in the manifest.
    pub(super) id: String,
    pub(super) title: String,
    version: Option<String>,
    operations: usize,
    /// The dialect of a markdown page.
    pub(super) dialect: Option<MarkdownDialect>,
    /// The files that its references lead to, relative to its folder.
    external: Vec<String>,
    /// Where its copy is, relative to the folder of the manifest: in this folder, unless another source has a file of the
    /// same name there.
    folder: PathBuf,
}

/// A file, and where its copy is written to.
#[derive(Debug)]
pub(super) struct FileCopy {
    pub(super) from: PathBuf,
    pub(super) to: PathBuf,
}

impl fmt::Display for Found {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        let operations = counted(self.operations, "operation");
        match (&self.dialect, &self.version) {
            (Some(dialect), _) => write!(
                formatter,
                "{path}, a markdown page of the dialect {dialect}"
            ),
            (None, Some(version)) => {
                write!(formatter, "{path}, version {version} with {operations}")
            }
            (None, None) => write!(formatter, "{path}, {operations}"),
        }
    }
}

impl Found {
    /// The name of its file.
    fn name(&self) -> &Path {
        Path::new(self.path.file_name().unwrap_or_default())
    }

    /// Its path, relative to the folder of the manifest.
    pub(super) fn file(&self) -> String {
        let path = self.folder.join(self.name());
        path.to_string_lossy().replace('\\', "/")
    }

    /// Its files and their copies.
    fn copies(&self, manifest_folder: &Path) -> Vec<FileCopy> {
        let folder = opened::folder_of(&self.path);
        let copies = manifest_folder.join(&self.folder);
        let own = FileCopy {
            from: self.path.clone(),
            to: copies.join(self.name()),
        };
        let external = self.external.iter().map(|path| FileCopy {
            from: folder.join(path),
            to: copies.join(path),
        });
        std::iter::once(own).chain(external).collect()
    }

    /// What tells of its authority, in words.
    pub(super) fn authority(&self) -> String {
        match (&self.dialect, &self.version) {
            (Some(_), _) => "a page for people, without a schema for every body".to_owned(),
            (None, Some(version)) => format!(
                "version {version}, {}",
                counted(self.operations, "operation")
            ),
            (None, None) => format!("no version, {}", counted(self.operations, "operation")),
        }
    }

    /// Documents come before pages, later versions before earlier ones, those with more operations first.
    fn order(&self) -> (bool, std::cmp::Reverse<Vec<u64>>, std::cmp::Reverse<usize>) {
        let version = self.version.as_deref().unwrap_or_default();
        let numbers = version.split(|c: char| !c.is_ascii_digit());
        let numbers = numbers.filter_map(|number| number.parse().ok()).collect();
        (
            self.dialect.is_some(),
            std::cmp::Reverse(numbers),
            std::cmp::Reverse(self.operations),
        )
    }
}

/// How deep folders are searched.
const DEPTH: usize = 4;

/// The folders that are not searched.
const SKIPPED: [&str; 3] = ["target", "node_modules", "vendor"];

/// The files in a folder and below it, up to [`DEPTH`] levels, that begin as an OpenAPI document does, or that are pages of
/// Widdershins.
pub(super) fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![(folder.to_owned(), 0)];
    while let Some((folder, depth)) = open.pop() {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || SKIPPED.contains(&name.as_str()) {
                continue;
            }
            match entry.file_type() {
                Ok(kind) if kind.is_dir() && depth < DEPTH && !path.join(".generated").exists() => {
                    open.push((path, depth + 1));
                }
                Ok(kind) if kind.is_file() && is_description(&path) => {
                    found.push(path.strip_prefix(".").map(Path::to_owned).unwrap_or(path));
                }
                _ => {}
            }
        }
    }
    found.sort();
    found
}

fn is_description(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    match &*extension.to_ascii_lowercase() {
        "yaml" | "yml" | "json" => lossy(path).is_some_and(|text| {
            let mut lines = text.lines().take(50);
            let has_key = |line: &str| {
                let line = line.trim_start_matches(['\u{feff}', '\u{fffd}', '{', ' ', '\t']);
                line.starts_with("openapi:") || line.contains("\"openapi\":")
            };
            lines.any(has_key)
        }),
        _ => is_page(path) && dialect(path) == Some(MarkdownDialect::Widdershins),
    }
}

/// Whether the name of a file is that of a markdown page.
fn is_page(path: &Path) -> bool {
    let extension = path.extension().unwrap_or_default();
    extension.eq_ignore_ascii_case("md") || extension.eq_ignore_ascii_case("markdown")
}

/// The text of a file, however it is encoded: a description in another encoding than UTF-8 is found, and why it cannot be read
/// is told when it is.
fn lossy(path: &Path) -> Option<String> {
    let bytes = fs::read(path).ok()?;
    // UTF-16 has them beside the letters of ASCII.
    Some(String::from_utf8_lossy(&bytes).replace('\0', ""))
}

fn dialect(path: &Path) -> Option<MarkdownDialect> {
    let mut sources = SourceMap::default();
    let file = sources.add("page.md", lossy(path)?);
    dialect_of(&sources, file)
}

/// Reads the files, and sorts them by authority. Prints why one of them cannot be read.
pub(super) fn read(
    files: &[PathBuf],
    diagnostics: &mut Diagnostics,
    context: &Context,
) -> Option<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    let mut is_readable = true;
    for path in files {
        if found.iter().any(|other| is_same_file(&other.path, path)) {
            context
                .console
                .failure(&format!("{} is named twice", path.display()));
            is_readable = false;
            continue;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if !is_portable(&name) {
            context.console.failure(&format!(
                "the name of {path:?} has a backslash or a control character; rename the file"
            ));
            is_readable = false;
            continue;
        }
        let description = if is_page(path) {
            page(path, context)
        } else {
            document(path, diagnostics, context)
        };
        match description {
            Some(description) => found.push(description),
            None => is_readable = false,
        }
    }
    found.sort_by_key(Found::order);
    number_equal_ids(&mut found);
    is_readable.then_some(found)
}

/// Gives each source an id of its own: `api` and `api-2`.
fn number_equal_ids(sources: &mut [Found]) {
    let mut taken: HashSet<String> = HashSet::new();
    for source in sources {
        let stem = source.id.clone();
        let mut number = 2;
        while !taken.insert(source.id.clone()) {
            source.id = format!("{stem}-{number}");
            number += 1;
        }
    }
}

fn page(path: &Path, context: &Context) -> Option<Found> {
    let Some(dialect) = dialect(path) else {
        context.console.failure(&format!(
            "{} has no operation in a dialect that is known ({})",
            path.display(),
            MarkdownDialect::names()
        ));
        return None;
    };
    Some(Found {
        id: id(path),
        title: String::new(),
        version: None,
        operations: 0,
        dialect: Some(dialect),
        external: Vec::new(),
        folder: PathBuf::new(),
        path: path.to_owned(),
    })
}

fn document(path: &Path, diagnostics: &mut Diagnostics, context: &Context) -> Option<Found> {
    let project: Project = opened::to_read(&[path.to_owned()], context)?;
    let mut found = Diagnostics::default();
    let Some(merged) = pipeline::reconcile(&project, &mut found) else {
        context
            .console
            .findings(&found, &project.sources, Severity::Error);
        return None;
    };
    diagnostics.extend(found);
    let description = project.descriptions.first()?;
    let external = description.external.files().iter();
    let external = external.filter_map(|file| description.external.path(*file));
    let external: Vec<String> = external.map(str::to_owned).collect();
    if let Some(outside) = external.iter().find(|path| path.starts_with("..")) {
        context.console.failure(&format!(
            "{} refers to {outside}, which is outside of its folder; name the documents in a manifest above both",
            path.display()
        ));
        return None;
    }
    Some(Found {
        id: id(path),
        title: merged.text(Facet::Title).unwrap_or_default().to_owned(),
        version: merged.text(Facet::Version).map(str::to_owned),
        operations: merged.document.operations_found,
        dialect: None,
        external,
        folder: PathBuf::new(),
        path: path.to_owned(),
    })
}

/// The files that have to be copied into the folder of the manifest: all but those that lie where their copy would. A source
/// that has a file of the same name as another one gets a folder of its own. Writes nothing.
///
/// # Errors
/// If a copy would replace a file.
pub(super) fn copies(sources: &mut [Found], folder: &Path) -> Result<Vec<FileCopy>, String> {
    let mut planned: Vec<FileCopy> = Vec::new();
    let mut ordered: Vec<&mut Found> = sources.iter_mut().collect();
    // What lies in the folder already keeps its name.
    ordered.sort_by_key(|source| !is_same_file(&source.path, &folder.join(source.name())));
    for source in ordered {
        let is_taken = |copy: &FileCopy| {
            let mut others = planned.iter().filter(|other| other.to == copy.to);
            others.any(|other| !is_same_file(&other.from, &copy.from))
        };
        if source.copies(folder).iter().any(is_taken) {
            source.folder = PathBuf::from(&source.id);
        }
        planned.extend(source.copies(folder));
    }
    planned.sort_by(|a, b| a.to.cmp(&b.to));
    planned.dedup_by(|a, b| a.to == b.to);
    planned.retain(|copy| !is_same_file(&copy.from, &copy.to));
    match planned.iter().find(|copy| copy.to.exists()) {
        Some(copy) => Err(format!(
            "{} would be overwritten by {}; rename one of them",
            copy.to.display(),
            copy.from.display()
        )),
        None => Ok(planned),
    }
}

/// Whether two paths lead to the same file, which exists.
fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

/// The id of a source: the stem of its file.
fn id(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let words = stem.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    if words.is_empty() {
        "source".to_owned()
    } else {
        words.join("-")
    }
}
