//! `names.lock`: public Rust names, pinned to what they stand for.
//!
//! Adding, removing or reordering sources never renames what stays: a pinned name is taken before any new one is made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Kind;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::merge::{span_at, toml_error};
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
    /// `webhook POST petCreated` → `pet_created`, callbacks of operations too.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub webhooks: BTreeMap<String, String>,
    /// `GET /issues/{}/hashes/` → `Issues`: the tag that names its module and its server trait.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `/issues/{}/hashes/` → `["issue_id"]`: what the parameters of a path are called, which sources call differently.
    #[serde(default)]
    pub path_parameters: BTreeMap<String, Vec<String>>,
    /// `Issue`, `Issue.tags[]` or `GET /issues/{}/hashes/ 200[]` → `Issue`.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// `Issue.isPublic` → `is_public`, where the name does not follow from the property's alone.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// `Issue.status: -new` → `MinusNew`, where the name does not follow from the value alone.
    #[serde(default)]
    pub variants: BTreeMap<String, String>,
    /// Where each entry stands, by section and item.
    #[serde(skip)]
    positions: BTreeMap<(String, String), Span>,
}

impl Lock {
    /// Reads a lock file.
    pub fn read(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Self {
        let text = sources.get(file).map_or("", |file| &*file.text);
        let mut lock: Self = match toml::from_str(text) {
            Ok(lock) => lock,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                return Self::default();
            }
        };
        let sections: BTreeMap<String, BTreeMap<String, Spanned<toml::Value>>> =
            toml::from_str(text).unwrap_or_default();
        for (section, entries) in sections {
            for (item, value) in entries {
                let at = span_at(text, file, value.span().start);
                lock.positions.insert((section.clone(), item), at);
            }
        }
        lock.check(diagnostics);
        lock
    }

    /// Reports names that are no identifiers, and names that are given twice.
    fn check(&self, diagnostics: &mut Diagnostics) {
        let sections = [
            (Kind::Operation, &self.operations),
            (Kind::Webhook, &self.webhooks),
            (Kind::Type, &self.types),
            (Kind::Field, &self.fields),
            (Kind::Variant, &self.variants),
        ];
        for (kind, names) in sections {
            let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
            for (item, name) in names {
                let entry = |diagnostic: Diagnostic| self.locate(diagnostic, kind, item);
                if crate::ir::Name::new(name).is_err() {
                    diagnostics.push(
                        entry(Diagnostic::error(
                            "invalid-name",
                            format!("`{name}` (of `{item}`) is not a Rust identifier"),
                        ))
                        .help("correct the name"),
                    );
                }
                if matches!(kind, Kind::Operation | Kind::Webhook | Kind::Type)
                    && let Some(first) = seen.insert(name, item)
                {
                    let message = format!(
                        "the {} name `{name}` is pinned twice: to `{first}` and to `{item}`",
                        kind.name()
                    );
                    diagnostics.push(
                        entry(Diagnostic::error("duplicate-name", message))
                            .help("rename one of them"),
                    );
                }
            }
        }
    }

    /// The position of an entry, if it was read from a file.
    #[must_use]
    pub fn at(&self, kind: Kind, item: &str) -> Option<Span> {
        let key = (kind.section().to_owned(), item.to_owned());
        self.positions.get(&key).copied()
    }

    fn locate(&self, diagnostic: Diagnostic, kind: Kind, item: &str) -> Diagnostic {
        match self.at(kind, item) {
            Some(at) => diagnostic.at(at, "this entry"),
            None => diagnostic,
        }
    }

    /// Reports pinned fields and variants that are not there.
    pub fn check_members(&self, lowered: &Self, diagnostics: &mut Diagnostics) {
        let sections = [
            (Kind::Field, &self.fields, &lowered.fields, '.'),
            (Kind::Variant, &self.variants, &lowered.variants, ':'),
        ];
        for (kind, pinned, used, separator) in sections {
            for item in pinned.keys().filter(|item| !used.contains_key(*item)) {
                let owner = item.rsplit_once(separator).map_or("", |(owner, _)| owner);
                // With a type that has gone, the names of its members go.
                let has_gone = self.types.contains_key(owner) && !lowered.types.contains_key(owner);
                if !has_gone {
                    let message = format!("no {} is `{item}`", kind.name());
                    diagnostics.push(
                        self.locate(Diagnostic::error("needless-name", message), kind, item)
                            .help("remove the entry"),
                    );
                }
            }
        }
    }

    /// The lock file's text.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{HEADER}{}", toml::to_string(self).unwrap_or_default())
    }
}
