//! The inputs of a run by their hashes: the reason why a folder is out of date.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// The files that a crate was generated from, each with the SHA-256 of its content, in order of their paths.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    files: Vec<(String, String)>,
}

/// An input that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangedInput {
    /// Its path, relative to the manifest.
    pub path: String,
    /// Its hash when the crate was generated. `None` for an input that is new.
    pub before: Option<String>,
    /// Its hash now. `None` for an input that is gone.
    pub after: Option<String>,
}

impl Inputs {
    /// The inputs of these paths and contents.
    pub fn of<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = files.into_iter();
        let files = files.map(|(path, content)| (path.to_owned(), hash(content.as_bytes())));
        let mut files: Vec<(String, String)> = files.collect();
        files.sort_unstable();
        files.dedup();
        Self { files }
    }

    /// Adds an input whose hash is known.
    pub(super) fn add(&mut self, path: String, hash: String) {
        self.files.push((path, hash));
    }

    /// Paths and hashes.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.files.iter();
        files.map(|(path, hash)| (path.as_str(), hash.as_str()))
    }

    /// Whether no input is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What has changed since earlier inputs, in order of the paths.
    #[must_use]
    pub fn changed_since(&self, earlier: &Self) -> Vec<ChangedInput> {
        let only_in = |these: &Self, others: &Self| -> Vec<(String, String)> {
            let these = these.files.iter();
            let new = these.filter(|file| !others.files.contains(file));
            new.cloned().collect()
        };
        let mut changed: Vec<ChangedInput> = only_in(earlier, self)
            .into_iter()
            .map(|(path, hash)| ChangedInput {
                path,
                before: Some(hash),
                after: None,
            })
            .collect();
        for (path, hash) in only_in(self, earlier) {
            let earlier = changed.iter_mut();
            let mut of_path = earlier.filter(|it| it.path == path && it.after.is_none());
            match of_path.next() {
                Some(known) => known.after = Some(hash),
                None => changed.push(ChangedInput {
                    path,
                    before: None,
                    after: Some(hash),
                }),
            }
        }
        changed.sort_by(|one, other| one.path.cmp(&other.path));
        changed
    }
}

impl std::fmt::Display for ChangedInput {
    /// `pets.yaml has changed since the crate was generated (sha256 0123abcd to 4567cdef)`
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let short = |hash: &str| hash.get(..8).unwrap_or(hash).to_owned();
        let path = &self.path;
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => write!(
                formatter,
                "{path} has changed since the crate was generated (sha256 {} to {})",
                short(before),
                short(after)
            ),
            (Some(_), None) => write!(formatter, "{path} is no source any more"),
            (None, _) => write!(formatter, "{path} is new"),
        }
    }
}

/// The SHA-256 of a content in hexadecimal digits.
pub(super) fn hash(content: &[u8]) -> String {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16);
    let hash = Sha256::digest(content);
    let nibbles = hash.iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    nibbles.filter_map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::Inputs;

    #[test]
    fn what_has_changed_is_told_by_path() {
        let before = Inputs::of([("a.yaml", "1"), ("b.yaml", "1"), ("c.yaml", "1")]);
        let after = Inputs::of([("b.yaml", "2"), ("c.yaml", "1"), ("d.yaml", "1")]);
        let changed: Vec<String> = after
            .changed_since(&before)
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            changed,
            [
                "a.yaml is no source any more",
                "b.yaml has changed since the crate was generated (sha256 6b86b273 to d4735e3a)",
                "d.yaml is new",
            ]
        );
        assert!(after.changed_since(&after).is_empty());
    }
}
