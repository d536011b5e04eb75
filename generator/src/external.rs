//! The files that a description's references lead to: found and read before anything is understood of them.
//!
//! References stay below the folder of the description, symbolic links included, and each file is read once, whatever
//! it is called. What cannot be read is remembered with the reason, and reported only where a reference that matters
//! leads there: text that merely looks like a reference, such as one in an example, must not fail a run.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use crate::diagnostic::Diagnostics;
use crate::load;
use crate::source::{FileId, SourceMap};
use crate::tree::{Node, Value};

/// The files beside a description.
#[derive(Debug, Clone, Default)]
pub struct External {
    /// What a path, relative to the description's folder and with forward slashes, leads to.
    found: BTreeMap<String, Found>,
    /// The paths of the files that were read, the description's own included.
    paths: HashMap<FileId, String>,
    /// The files in the order in which they were found.
    files: Vec<FileId>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A file that was read.
    File(FileId),
    /// A place that is not below the folder of the description.
    Outside,
    /// Nothing that can be read; why.
    Unreadable(String),
}

/// What a reference says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reference<'t> {
    /// `#…`: the same file.
    Local(&'t str),
    /// A URL of another host or of another scheme than files have.
    Remote,
    /// A path from the root of the file system, which no folder contains.
    Absolute,
    /// A relative path without its percent-encoding, and the fragment.
    File(String, &'t str),
}

impl<'t> Reference<'t> {
    /// Takes a reference apart.
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
        Self::File(decode(path), fragment)
    }
}

impl External {
    /// Reads the files that the document of a description leads to, directly or by other files.
    ///
    /// `folder` is where the document lies, `root` its text, `name` its name in the folder. In diagnostics the files are
    /// called after the document's own path in `sources`.
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

    /// The files that were read, in the order in which they were found; the description itself is not among them.
    #[must_use]
    pub fn files(&self) -> &[FileId] {
        &self.files
    }

    /// The path of a file, relative to the folder of the description.
    #[must_use]
    pub fn path(&self, file: FileId) -> Option<&str> {
        self.paths.get(&file).map(String::as_str)
    }

    /// What a relative path in a file leads to.
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
        // What is wrong with the file is reported when it is read for good.
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
            // What is not there cannot be looked at more closely than by its name.
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

/// Whether some `$ref` of the text may lead to another file: most descriptions are one file, and need not be parsed twice
/// to learn that.
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

/// Calls `found` for every text that stands where a reference can stand.
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

/// A path that stands in the file `base`, seen from the folder of the description: `.` and `..` are resolved.
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
pub fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high * 16 + low);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit)
        .to_digit(16)
        .and_then(|value| u8::try_from(value).ok())
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
