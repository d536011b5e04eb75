//! `names.lock`: public Rust names, pinned to what they stand for.
//!
//! Adding, removing or reordering sources never renames what stays: a pinned name is taken before any new one is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::merge::toml_error;
use crate::source::{FileId, SourceMap, Span};

const HEADER: &str = "\
# Public Rust names, pinned to what they stand for. Written by `cargo xtask generate`; commit it.
# To rename an item on purpose, edit its line here and generate again.

";

/// The pinned names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// `GET /issues/{}/hashes/` → `list_issue_hashes`.
    #[serde(default)]
    pub operations: BTreeMap<String, String>,
    /// `Issue`, `Issue.tags[]` or `GET /issues/{}/hashes/ 200[]` → `Issue`.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
}

impl Lock {
    /// Reads a lock file.
    pub fn read(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Self {
        let text = sources.get(file).map_or("", |file| &*file.text);
        let lock: Self = match toml::from_str(text) {
            Ok(lock) => lock,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                return Self::default();
            }
        };
        for (item, name) in lock.operations.iter().chain(&lock.types) {
            if crate::ir::Name::new(name).is_err() {
                diagnostics.push(
                    Diagnostic::error(
                        "invalid-name",
                        format!("`{name}` (of `{item}`) is not a Rust identifier"),
                    )
                    .at(Span::new(file, 1, 1), "in this file")
                    .help("correct the name"),
                );
            }
        }
        for (what, names) in [("operation", &lock.operations), ("type", &lock.types)] {
            let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
            for (item, name) in names {
                if let Some(first) = seen.insert(name, item) {
                    diagnostics.push(
                        Diagnostic::error(
                            "duplicate-name",
                            format!("the {what} name `{name}` is pinned twice: to `{first}` and to `{item}`"),
                        )
                        .at(Span::new(file, 1, 1), "in this file")
                        .help("rename one of them"),
                    );
                }
            }
        }
        lock
    }

    /// The lock file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{HEADER}{}", toml::to_string(self).unwrap_or_default())
    }
}
