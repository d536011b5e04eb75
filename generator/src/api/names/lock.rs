//! `names.lock`: the public Rust names of the items of an API.
//!
//! Adding, removing or reordering sources never renames an item, because pinned names are used before new ones are made.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::NameKind;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::source::{FileId, SourceMap, Span};
use crate::description::toml_file::{span_at, toml_error};

const HEADER: &str = "\
# Public Rust names, pinned to what they stand for, and the types that are boxed. Written by `specweave generate`; commit it.
# To rename an item on purpose, edit its line here and generate again.

";

/// The pinned names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// `GET /issues/{}/hashes/` → `list_issue_hashes`.
    #[serde(default)]
    pub operations: BTreeMap<String, String>,
    /// `GET /issues/{}/hashes/` → `List an Issue's Hashes`: the operationId, if the name does not follow from it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub operation_ids: BTreeMap<String, String>,
    /// `GET /errors/` → `GetErrorOperation`: the stem of an operation's types, if it differs from the operation's name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub operation_types: BTreeMap<String, String>,
    /// `webhook POST petCreated` → `pet_created`, and likewise callbacks of operations.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub webhooks: BTreeMap<String, String>,
    /// `GET /issues/{}/hashes/` → `Issues`: the tag from which the names of its module and server trait follow.
    #[serde(default)]
    pub tags: BTreeMap<String, String>,
    /// `/issues/{}/hashes/` → `["issue_id"]`: the names of the parameters of a path, which may differ between sources.
    #[serde(default)]
    pub path_parameters: BTreeMap<String, Vec<String>>,
    /// `GET /issues/{}/ query x-id` → `x_id2`, if the name does not follow from the parameter's alone.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// `Issue`, `Issue.tags[]` or `GET /issues/{}/hashes/ 200[]` → `Issue`.
    #[serde(default)]
    pub types: BTreeMap<String, String>,
    /// `Project` → `true`: the types that an optional field of a response has in a `Box`, because they are large. `None` in a
    /// lock file without this section, which was written before there was one.
    #[serde(default)]
    pub boxed: Option<BTreeMap<String, bool>>,
    /// `Issue.isPublic` → `is_public`, if the name does not follow from the property's alone.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// `Issue.status: -new` → `MinusNew`, if the name does not follow from the value alone.
    #[serde(default)]
    pub variants: BTreeMap<String, String>,
    /// `POST /pets/ body image/png` or `GET /pets/ 200 text/csv` → `ImagePng`: the server's variant for a media type, if
    /// there are several, or if JSON could be added before it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub contents: BTreeMap<String, String>,
    /// `POST /pets/ body image/png` → `create_pet_as_image_png`: the client's method for a media type that it does not
    /// prefer.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub client_methods: BTreeMap<String, String>,
    /// `x-rate-limit` → `X_RATE_LIMIT`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// `https://{region}.example.com` → `Server`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub servers: BTreeMap<String, String>,
    /// `https://{region}.example.com {region}` → `region`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub server_variables: BTreeMap<String, String>,
    /// `https://{region}.example.com {region}: eu` → `Eu`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub server_values: BTreeMap<String, String>,
    /// The position of each entry, by section and item.
    #[serde(skip)]
    positions: BTreeMap<String, BTreeMap<String, Span>>,
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
            let at = |value: Spanned<toml::Value>| span_at(text, file, value.span().start);
            let entries = entries.into_iter().map(|(item, value)| (item, at(value)));
            lock.positions.insert(section, entries.collect());
        }
        lock.check(diagnostics);
        lock
    }

    /// Reports names that are not identifiers, and names with two items.
    fn check(&self, diagnostics: &mut Diagnostics) {
        for kind in NameKind::ALL {
            let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
            for (item, name) in self.section(kind) {
                let entry = |diagnostic: Diagnostic| self.locate(diagnostic, kind, item);
                if crate::api::Name::new(name).is_err() {
                    diagnostics.push(
                        entry(Diagnostic::error(
                            "invalid-name",
                            format!("`{name}` (of `{item}`) is not a Rust identifier"),
                        ))
                        .help("correct the name"),
                    );
                }
                if kind.is_global()
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

    /// The pinned names of a kind, by item.
    #[must_use]
    pub fn section(&self, kind: NameKind) -> &BTreeMap<String, String> {
        match kind {
            NameKind::Operation => &self.operations,
            NameKind::OperationType => &self.operation_types,
            NameKind::Parameter => &self.parameters,
            NameKind::Webhook => &self.webhooks,
            NameKind::Type => &self.types,
            NameKind::Field => &self.fields,
            NameKind::Variant => &self.variants,
            NameKind::Content => &self.contents,
            NameKind::ClientMethod => &self.client_methods,
            NameKind::Header => &self.headers,
            NameKind::Server => &self.servers,
            NameKind::ServerVariable => &self.server_variables,
            NameKind::ServerValue => &self.server_values,
        }
    }

    /// The pinned names of a kind, by item, to be changed.
    pub fn section_mut(&mut self, kind: NameKind) -> &mut BTreeMap<String, String> {
        match kind {
            NameKind::Operation => &mut self.operations,
            NameKind::OperationType => &mut self.operation_types,
            NameKind::Parameter => &mut self.parameters,
            NameKind::Webhook => &mut self.webhooks,
            NameKind::Type => &mut self.types,
            NameKind::Field => &mut self.fields,
            NameKind::Variant => &mut self.variants,
            NameKind::Content => &mut self.contents,
            NameKind::ClientMethod => &mut self.client_methods,
            NameKind::Header => &mut self.headers,
            NameKind::Server => &mut self.servers,
            NameKind::ServerVariable => &mut self.server_variables,
            NameKind::ServerValue => &mut self.server_values,
        }
    }

    /// Moves all entries of an operation to another method or path: those of its parameters, types and callbacks, too.
    pub fn move_operation(&mut self, from: &str, to: &str) {
        for kind in NameKind::ALL {
            move_keys(self.section_mut(kind), from, to);
        }
        move_keys(&mut self.operation_ids, from, to);
        move_keys(&mut self.tags, from, to);
        if let Some(boxed) = &mut self.boxed {
            move_keys(boxed, from, to);
        }
        for positions in self.positions.values_mut() {
            move_keys(positions, from, to);
        }
        // Other operations may still have the path.
        let path = |item: &str| item.split_once(' ').map(|(_, path)| path.to_owned());
        if let (Some(from), Some(to)) = (path(from), path(to))
            && let Some(parameters) = self.path_parameters.get(&from).cloned()
        {
            self.path_parameters.entry(to).or_insert(parameters);
        }
    }

    /// The position of an entry, or `None` if it was not read from a file.
    #[must_use]
    pub fn at(&self, kind: NameKind, item: &str) -> Option<Span> {
        self.positions.get(kind.section())?.get(item).copied()
    }

    fn locate(&self, diagnostic: Diagnostic, kind: NameKind, item: &str) -> Diagnostic {
        match self.at(kind, item) {
            Some(at) => diagnostic.at(at, "this entry"),
            None => diagnostic,
        }
    }

    /// Reports pinned fields, variants and parameters that no longer exist.
    pub fn report_unused(&self, lowered: &Self, diagnostics: &mut Diagnostics) {
        let sections = [
            (NameKind::Field, '.'),
            (NameKind::Variant, ':'),
            (NameKind::Parameter, ' '),
        ];
        for (kind, separator) in sections {
            let (pinned, used) = (self.section(kind), lowered.section(kind));
            for item in pinned.keys().filter(|item| !used.contains_key(*item)) {
                // If its type or operation was removed, the entry goes without a report.
                let owner_was_removed = match kind {
                    NameKind::Parameter => {
                        let mut owners = lowered.operations.keys().chain(lowered.webhooks.keys());
                        !owners.any(|owner| {
                            let rest = item.strip_prefix(owner.as_str());
                            rest.is_some_and(|rest| rest.starts_with(separator))
                        })
                    }
                    _ => {
                        let owner = item.rsplit_once(separator).map_or("", |(owner, _)| owner);
                        self.types.contains_key(owner) && !lowered.types.contains_key(owner)
                    }
                };
                if !owner_was_removed {
                    let message = format!("there is no {} `{item}`", kind.name());
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

/// Moves the entries of an operation in a section. Those of its new place go before.
fn move_keys<T>(section: &mut BTreeMap<String, T>, from: &str, to: &str) {
    let of_callback = format!(" of {from}: ");
    let moved_key = |key: &str| match key.strip_prefix(from) {
        Some(rest) if rest.is_empty() || rest.starts_with(' ') => Some(format!("{to}{rest}")),
        _ if key.starts_with("callback ") && key.contains(&of_callback) => {
            Some(key.replacen(&of_callback, &format!(" of {to}: "), 1))
        }
        _ => None,
    };
    for (key, value) in std::mem::take(section) {
        section
            .entry(moved_key(&key).unwrap_or(key))
            .or_insert(value);
    }
}
