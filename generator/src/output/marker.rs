//! The marker: the file that says that the generator owns a folder, and has the hashes of its files.

use std::collections::BTreeMap;

use super::inputs::{Inputs, hash};
use crate::files::Files;
use crate::parallel;

/// The name of the marker, at the root of the folder.
pub(super) const NAME: &str = ".generated";

/// The first line. The other lines are in the format of `sha256sum`.
const HEADER: &str =
    "# This folder is generated. Do not edit it; `sha256sum --check .generated` finds edits.";

/// How the line of an input begins. `sha256sum` ignores it.
const INPUT: &str = "# of ";

/// The hashes of the files of a folder, and of the inputs that they were generated from.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    hashes: BTreeMap<String, String>,
    inputs: Inputs,
}

impl Marker {
    /// The marker of these files.
    pub(super) fn of(files: &Files, inputs: &Inputs) -> Self {
        let files: Vec<_> = files.iter().collect();
        let hashes = parallel::map(&files, |(path, content)| ((*path).clone(), hash(content)));
        Self {
            hashes: hashes.into_iter().collect(),
            inputs: inputs.clone(),
        }
    }

    /// Parses a marker. `None` if the text is not a marker.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return None;
        }
        let mut hashes = BTreeMap::new();
        let mut inputs = Inputs::default();
        for line in lines {
            if let Some((hash, path)) = line.strip_prefix(INPUT).and_then(pair) {
                inputs.add(path, hash);
            } else {
                let (hash, path) = pair(line)?;
                hashes.insert(path, hash);
            }
        }
        Some(Self { hashes, inputs })
    }

    /// The text of the marker.
    pub(super) fn render(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (path, hash) in self.inputs.iter() {
            text.push_str(&format!("{INPUT}{hash}  {path}\n"));
        }
        for (path, hash) in &self.hashes {
            text.push_str(&format!("{hash}  {path}\n"));
        }
        text
    }

    /// The inputs that the files were generated from.
    pub(super) fn inputs(&self) -> &Inputs {
        &self.inputs
    }

    /// Whether a marker lists the same files with the same content, whatever the inputs were.
    pub(super) fn lists_same(&self, other: &Self) -> bool {
        self.hashes == other.hashes
    }

    /// Whether a file with this path was written.
    pub(super) fn knows(&self, path: &str) -> bool {
        self.hashes.contains_key(path)
    }

    /// Whether the file was written with this content.
    pub(super) fn lists(&self, path: &str, content: &[u8]) -> bool {
        self.hashes
            .get(path)
            .is_some_and(|listed| *listed == hash(content))
    }
}

/// A hash and a path, as `sha256sum` separates them.
fn pair(line: &str) -> Option<(String, String)> {
    let (hash, path) = line.split_once("  ")?;
    Some((hash.to_owned(), path.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marker_survives_a_round_trip_and_knows_its_files() {
        let files = Files::from([("src/a b.rs".to_owned(), b"abc".to_vec())]);
        let inputs = Inputs::of([("api.yaml", "openapi: 3.1.0\n")]);
        let marker = Marker::of(&files, &inputs);
        let text = marker.render();
        assert!(text.ends_with(
            "\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  src/a b.rs\n"
        ));
        assert_eq!(Marker::parse(&text), Some(marker));
        let marker = Marker::of(&files, &inputs);
        assert_eq!(marker.inputs(), &inputs);
        assert!(marker.lists("src/a b.rs", b"abc"));
        assert!(!marker.lists("src/a b.rs", b"abd"));
        assert!(!marker.lists("b", b"abc"));
    }

    #[test]
    fn other_texts_are_no_markers() {
        for text in [
            "",
            "abc",
            "# This folder is generated.\n",
            &format!("{HEADER}\nno hash\n"),
        ] {
            assert_eq!(Marker::parse(text), None, "{text}");
        }
    }
}
