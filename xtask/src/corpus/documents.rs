//! Finds the documents of a folder.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

use generator::description::diagnostic::Diagnostics;
use generator::description::load;
use generator::description::source::SourceMap;

/// A file that may be a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// Its path.
    pub path: PathBuf,
    /// Its path below the folder, with `/`.
    pub title: String,
    /// The name of the package to generate, unique in the run.
    pub package: String,
    /// Whether it has the key `openapi`. A file without it may be a part of another document.
    pub is_whole: bool,
}

/// The YAML and JSON files below a folder whose path contains `filter`, in the order of their paths.
pub(super) fn find(folder: &Path, filter: Option<&str>) -> io::Result<Vec<Document>> {
    let mut paths = Vec::new();
    collect(folder, &mut paths)?;
    paths.sort();
    let mut taken = BTreeSet::new();
    let mut documents = Vec::new();
    for path in paths {
        let below = path.strip_prefix(folder).unwrap_or(&path);
        let title = below.to_string_lossy().replace('\\', "/");
        if filter.is_some_and(|text| !title.contains(text)) {
            continue;
        }
        let text = String::from_utf8_lossy(&std::fs::read(&path)?).into_owned();
        documents.push(Document {
            package: package(&title, &mut taken),
            is_whole: is_whole(&text),
            title,
            path,
        });
    }
    Ok(documents)
}

fn collect(folder: &Path, paths: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        let suffix = path.extension().and_then(|suffix| suffix.to_str());
        if entry.file_type()?.is_dir() {
            collect(&path, paths)?;
        } else if matches!(suffix, Some("yaml" | "yml" | "json")) {
            paths.push(path);
        }
    }
    Ok(())
}

/// The name of a package: `api-` and the words of the path. No keyword and no dependency begins with `api-`.
fn package(title: &str, taken: &mut BTreeSet<String>) -> String {
    let stem = title.rsplit_once('.').map_or(title, |(stem, _)| stem);
    let words = stem.split(|letter: char| !letter.is_ascii_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let name = format!("api-{}", words.join("-").to_ascii_lowercase());
    let mut unique = name.clone();
    let mut number = 2;
    while !taken.insert(unique.clone()) {
        unique = format!("{name}-{number}");
        number += 1;
    }
    unique
}

/// Whether a document has the key `openapi` at its root. True for a text that does not parse, which the generator will
/// report.
fn is_whole(text: &str) -> bool {
    let mut sources = SourceMap::default();
    let file = sources.add("document", text);
    let root = load::parse(&sources, file, &mut Diagnostics::default());
    root.is_none_or(|root| root.get("openapi").is_some())
}

#[cfg(test)]
mod tests {
    use super::{find, is_whole};

    #[test]
    fn a_document_without_the_key_openapi_is_a_part() {
        for whole in [
            "openapi: 3.1.0\n",
            "info: {}\n\"openapi\" : 3.0.0\n",
            "{\"openapi\":\"3.0.0\"}",
            "{not json",
            "# a comment\n{\"info\": {},\n \"openapi\": \"3.0.0\"}",
        ] {
            assert!(is_whole(whole), "{whole}");
        }
        for part in ["type: object\n", "info:\n  openapi: 3\n", "{\"a\":1}"] {
            assert!(!is_whole(part), "{part}");
        }
    }

    #[test]
    fn every_file_of_the_folder_has_its_own_package() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("a")).unwrap();
        for file in ["a/b.yaml", "a-b.json", "A_b.yml", "notes.txt"] {
            std::fs::write(folder.path().join(file), "openapi: 3.1.0\n").unwrap();
        }
        let documents = find(folder.path(), None).unwrap();
        let packages: Vec<&str> = documents.iter().map(|d| d.package.as_str()).collect();
        assert_eq!(packages, ["api-a-b", "api-a-b-2", "api-a-b-3"]);
        assert_eq!(find(folder.path(), Some("a/")).unwrap().len(), 1);
    }
}
