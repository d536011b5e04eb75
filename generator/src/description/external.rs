//! Finds and reads the files that a description's references lead to, before the description itself is read.
//!
//! References must stay below the folder of the description; symbolic links are resolved. Each file is read once,
//! whatever path leads to it. A path that cannot be read is remembered with the reason. It is reported only if a
//! reference uses it, because a text that looks like a reference can be part of an example.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use percent_encoding::percent_decode_str;

use crate::description::diagnostic::Diagnostics;
use crate::description::load;
use crate::description::source::{FileId, SourceMap};
use crate::description::tree::{Node, Value};

/// The files beside a description.
#[derive(Debug, Clone, Default)]
pub struct External {
    /// The result for each path, relative to the description's folder and with forward slashes.
    found: BTreeMap<String, Found>,
    /// The paths of the files that were read, including the description itself.
    paths: HashMap<FileId, String>,
    /// The files in the order in which they were found.
    files: Vec<FileId>,
}

/// The result of reading a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file that was read.
    File(FileId),
    /// A path outside the folder of the description.
    Outside,
    /// A path that cannot be read, with the reason.
    Unreadable(String),
}

/// A parsed `$ref` value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference<'t> {
    /// `#…`: the same file.
    Local(&'t str),
    /// A URL with a scheme or a host.
    Remote,
    /// An absolute path of the file system.
    Absolute,
    /// A relative path, percent-decoded, and the fragment.
    File(String, &'t str),
}

impl<'t> Reference<'t> {
    /// Parses a `$ref` value.
    #[must_use]
    pub fn parse(text: &'t str) -> Self {
        if let Some(fragment) = text.strip_prefix('#') {
            return Self::Local(fragment);
        }
        if text.starts_with("//") {
            return Self::Remote;
        }
        if text.starts_with(['/', '\\']) {
            return Self::Absolute;
        }
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        if let Some((scheme, _)) = path.split_once(':')
            && scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|character| character.is_ascii_alphanumeric() || "+-.".contains(character))
        {
            // One letter is the drive of a path on Windows.
            return match scheme.len() {
                1 => Self::Absolute,
                _ => Self::Remote,
            };
        }
        Self::File(decode(path).into_owned(), fragment)
    }
}

impl External {
    /// Reads the files that the document of a description leads to, directly or through other files.
    ///
    /// `folder` contains the document, `root` is its id in `sources`, `name` its file name. Diagnostics name the files
    /// relative to the document's path in `sources`.
    pub fn read(sources: &mut SourceMap, folder: &Path, name: &str, root: FileId) -> Self {
        let mut external = Self::default();
        external.paths.insert(root, name.to_owned());
        let shown = sources.path(root);
        let prefix = shown
            .strip_suffix(name)
            .map_or_else(String::new, str::to_owned);
        let mut open = vec![root];
        while let Some(file) = open.pop() {
            for path in external.mentioned(sources, file) {
                if external.found.contains_key(&path) {
                    continue;
                }
                let found = external.open(sources, folder, &prefix, &path);
                if let Found::File(file) = found
                    && file != root
                    && !external.files.contains(&file)
                {
                    external.files.push(file);
                    open.push(file);
                }
                external.found.insert(path, found);
            }
        }
        external
    }

    /// The files that were read, in the order in which they were found, without the description itself.
    #[must_use]
    pub fn files(&self) -> &[FileId] {
        &self.files
    }

    /// The path of a file, relative to the folder of the description.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&str> {
        self.paths.get(&file).map(String::as_str)
    }

    /// The result for a relative path that the file `base` contains.
    #[must_use]
    pub fn find(&self, base: FileId, path: &str) -> Option<&Found> {
        self.found.get(&join(self.path(base)?, path))
    }

    /// The paths that the references of a file lead to, relative to the folder of the description.
    fn mentioned(&self, sources: &SourceMap, file: FileId) -> Vec<String> {
        let (Some(base), Some(text)) = (self.path(file), sources.get(file)) else {
            return Vec::new();
        };
        if !may_leave(&text.text) {
            return Vec::new();
        }
        // Errors in the file are reported when it is read as part of the description.
        let Some(tree) = load::parse(sources, file, &mut Diagnostics::default()) else {
            return Vec::new();
        };
        let mut paths = Vec::new();
        collect(&tree, &mut |text| {
            if let Reference::File(path, _) = Reference::parse(text) {
                paths.push(join(base, &path));
            }
        });
        paths
    }

    fn open(&mut self, sources: &mut SourceMap, folder: &Path, prefix: &str, path: &str) -> Found {
        let unreadable = |error: std::io::Error| Found::Unreadable(error.kind().to_string());
        let folder = match folder.canonicalize() {
            Ok(folder) => folder,
            Err(error) => return unreadable(error),
        };
        let target = match folder.join(path).canonicalize() {
            Ok(target) => target,
            // A missing file cannot be resolved, so its path is only checked by its text.
            Err(_) if path == ".." || path.starts_with("../") => return Found::Outside,
            Err(error) => return unreadable(error),
        };
        let Ok(relative) = target.strip_prefix(&folder) else {
            return Found::Outside;
        };
        let parts: Vec<_> = relative
            .components()
            .map(|part| part.as_os_str().to_string_lossy())
            .collect();
        let relative = parts.join("/");
        let known = self.paths.iter().find(|(_, known)| **known == relative);
        if let Some((file, _)) = known {
            return Found::File(*file);
        }
        if !target.is_file() {
            return Found::Unreadable("not a file".to_owned());
        }
        match std::fs::read(&target).map(String::from_utf8) {
            Err(error) => unreadable(error),
            Ok(Err(_)) => Found::Unreadable("not UTF-8".to_owned()),
            Ok(Ok(text)) => {
                let file = sources.add(format!("{prefix}{relative}"), text);
                self.paths.insert(file, relative);
                Found::File(file)
            }
        }
    }
}

/// Whether a `$ref` of the text may lead to another file. Most descriptions are one file and need not be parsed twice.
fn may_leave(text: &str) -> bool {
    let leaves = |after: &str| {
        let value =
            after.trim_start_matches(['"', '\'', ':', ' ', '\t', '\r', '\n', '>', '|', '-']);
        value.starts_with(|first: char| first.is_alphanumeric() || "._~%\\/@+".contains(first))
    };
    let behind_signs = text.split('$').skip(1);
    behind_signs
        .filter_map(|text| text.strip_prefix("ref"))
        .any(leaves)
}

/// Calls `found` for every string that can be a reference.
fn collect(node: &Node, found: &mut impl FnMut(&str)) {
    match &node.value {
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Mapping(mapping) => {
            for (key, value) in mapping.iter() {
                match (key, value.as_str()) {
                    ("$ref", Some(text)) => found(text),
                    ("discriminator", _) => {
                        let targets = value.get("mapping").and_then(Node::as_mapping);
                        let targets = targets.into_iter().flat_map(|mapping| mapping.iter());
                        targets
                            .filter_map(|(_, target)| target.as_str())
                            .filter(|text| looks_like_path(text))
                            .for_each(&mut *found);
                    }
                    _ => collect(value, found),
                }
            }
        }
        _ => {}
    }
}

/// Whether the value of a discriminator's mapping is a path rather than the name of a schema.
#[must_use]
pub fn looks_like_path(text: &str) -> bool {
    text.contains('/')
        || [".yaml", ".yml", ".json"]
            .iter()
            .any(|end| text.contains(end))
}

/// Resolves a path that the file `base` contains, relative to the folder of the description.
fn join(base: &str, path: &str) -> String {
    if path.is_empty() {
        return base.to_owned();
    }
    let folder = base.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A part of a URI reference without its percent-encoding, as far as it is valid.
#[must_use]
pub fn decode(text: &str) -> Cow<'_, str> {
    let decoded = percent_decode_str(text).decode_utf8();
    decoded.unwrap_or(Cow::Borrowed(text))
}

#[cfg(test)]
mod tests {
    use super::{Reference, join, may_leave};

    #[test]
    fn a_reference_is_local_relative_or_leads_away() {
        let file = |path: &str, fragment| Reference::File(path.to_owned(), fragment);
        assert_eq!(Reference::parse("#/a"), Reference::Local("/a"));
        assert_eq!(Reference::parse("./a.yaml#/B"), file("./a.yaml", "/B"));
        assert_eq!(Reference::parse("a%20b.yaml"), file("a b.yaml", ""));
        for remote in [
            "https://example.org/a.yaml",
            "HTTP://LOCALHOST/a",
            "//example.org/a",
            "data:application/json,{}",
            "file:///etc/passwd",
        ] {
            assert_eq!(Reference::parse(remote), Reference::Remote, "{remote}");
        }
        for absolute in ["/etc/passwd", "C:\\a.yaml", "\\\\host\\a"] {
            assert_eq!(
                Reference::parse(absolute),
                Reference::Absolute,
                "{absolute}"
            );
        }
    }

    #[test]
    fn paths_are_seen_from_the_folder_of_the_description() {
        assert_eq!(join("api.yaml", "./a/b.yaml"), "a/b.yaml");
        assert_eq!(join("paths/pets.yaml", "../common.yaml"), "common.yaml");
        assert_eq!(join("paths/pets.yaml", ""), "paths/pets.yaml");
        assert_eq!(join("api.yaml", "../../a.yaml"), "../../a.yaml");
    }

    #[test]
    fn a_text_whose_references_are_all_local_is_not_searched() {
        assert!(!may_leave("a: {$ref: '#/a'}\nb: {\"$ref\" : \"#/b\"}"));
        assert!(!may_leave("properties: {$ref: {type: string}}"));
        assert!(may_leave("a: {$ref: 'a.yaml'}"));
        assert!(may_leave("a:\n  $ref: a.yaml#/b"));
    }
}
