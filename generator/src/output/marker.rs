//! The marker: the file that says that the generator owns a folder, and has the hashes of its files.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::files::Files;
use crate::parallel;

/// The name of the marker, at the root of the folder.
pub(super) const NAME: &str = ".generated";

/// The first line. The other lines are in the format of `sha256sum`.
const HEADER: &str =
    "# This folder is generated. Do not edit it; `sha256sum --check .generated` finds edits.";

/// The hashes of the files of a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Marker {
    hashes: BTreeMap<String, String>,
}

impl Marker {
    /// The marker of these files.
    pub(super) fn of(files: &Files) -> Self {
        let files: Vec<_> = files.iter().collect();
        let hashes = parallel::map(&files, |(path, content)| ((*path).clone(), hash(content)));
        Self {
            hashes: hashes.into_iter().collect(),
        }
    }

    /// Parses a marker. `None` if the text is not a marker.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next() != Some(HEADER) {
            return None;
        }
        let hashes = lines
            .map(|line| {
                line.split_once("  ")
                    .map(|(hash, path)| (path.to_owned(), hash.to_owned()))
            })
            .collect::<Option<_>>()?;
        Some(Self { hashes })
    }

    /// The text of the marker.
    pub(super) fn render(&self) -> String {
        let mut text = format!("{HEADER}\n");
        for (path, hash) in &self.hashes {
            text.push_str(&format!("{hash}  {path}\n"));
        }
        text
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

fn hash(content: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    let hash = Sha256::digest(content);
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marker_survives_a_round_trip_and_knows_its_files() {
        let files = Files::from([("src/a b.rs".to_owned(), b"abc".to_vec())]);
        let marker = Marker::of(&files);
        let text = marker.render();
        assert!(text.ends_with(
            "\nba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  src/a b.rs\n"
        ));
        assert_eq!(Marker::parse(&text), Some(marker));
        let marker = Marker::of(&files);
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
