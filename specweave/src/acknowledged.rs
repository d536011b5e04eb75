//! The breaking changes that are known and wanted: the file of `specweave diff --acknowledged`.

use std::path::Path;

use generator::description::diagnostic::{Diagnostic, Diagnostics, Severity as Level};
use generator::description::source::{SourceMap, Span};
use generator::description::suggest;
use generator::description::toml_file::{span_at, toml_error};
use generator::diff::{Change, Diff, Severity};
use serde::Deserialize;
use toml::Spanned;

use crate::console::Console;

/// The entries of a file: `[[change]]` with `kind`, `item` and `reason`.
#[derive(Default)]
pub(crate) struct Acknowledged {
    sources: SourceMap,
    entries: Vec<(Entry, Span)>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    change: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: String,
    item: String,
    /// Why, for people.
    reason: String,
}

impl Entry {
    fn is(&self, change: &Change) -> bool {
        change.kind == self.kind && change.item == self.item
    }
}

impl Acknowledged {
    /// Reads the file, if there is one. `None` if it cannot be read, which is printed.
    pub(crate) fn read(path: Option<&Path>, console: &Console) -> Option<Self> {
        let mut sources = SourceMap::default();
        let Some(path) = path else {
            return Some(Self::default());
        };
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) => {
                console.failure(&format!("cannot read {}: {error}", path.display()));
                return None;
            }
        };
        let id = sources.add(path.display().to_string(), text.clone());
        match toml::from_str(&text) {
            Ok(File { change }) => {
                let at = |entry: &Spanned<Entry>| span_at(&text, id, entry.span().start);
                let entries = change.into_iter().map(|entry| {
                    let at = at(&entry);
                    (entry.into_inner(), at)
                });
                let entries = entries.collect();
                let read = Self { sources, entries };
                read.has_reasons(console).then_some(read)
            }
            Err(error) => {
                let mut diagnostics = Diagnostics::default();
                diagnostics.push(toml_error(&text, id, &error));
                console.findings(&diagnostics, &sources, Level::Error);
                None
            }
        }
    }

    /// Whether every entry has a reason. Reports those without.
    fn has_reasons(&self, console: &Console) -> bool {
        let mut empty = Diagnostics::default();
        for (entry, at) in &self.entries {
            if entry.reason.trim().is_empty() {
                let message = format!("`{}` of `{}` has no reason", entry.kind, entry.item);
                let help = "write as its `reason` why the change is wanted";
                let error = Diagnostic::error("empty-reason", message);
                empty.push(error.at(*at, "this entry").help(help));
            }
        }
        console.findings(&empty, &self.sources, Level::Error);
        !empty.has_errors()
    }

    /// Marks the breaking changes that are known and wanted, each with the reason.
    pub(crate) fn mark(&self, diff: &mut Diff) {
        let changes = diff.changes.iter_mut();
        for change in changes.filter(|change| change.severity == Severity::Major) {
            let known = self.entries.iter().find(|(entry, _)| entry.is(change));
            change.acknowledged = known.map(|(entry, _)| entry.reason.trim().to_owned());
        }
    }

    /// Warns of the entries without a breaking change.
    pub(crate) fn tell_needless(&self, diff: &Diff, console: &Console) {
        let mut needless = Diagnostics::default();
        for (entry, at) in &self.entries {
            if diff.of(Severity::Major).any(|change| entry.is(change)) {
                continue;
            }
            let Entry { kind, item, .. } = entry;
            let mut of_item = diff.of(Severity::Major).filter(|it| it.item == *item);
            let same_kind = diff.of(Severity::Major).filter(|it| it.kind == *kind);
            let similar = suggest::closest(item, same_kind.map(|change| &*change.item));
            let help = match (of_item.next(), similar) {
                (Some(change), _) => format!("did you mean the kind `{}`?", change.kind),
                (None, Some(similar)) => format!("did you mean `{similar}`?"),
                (None, None) => "remove the entry".to_owned(),
            };
            let message = format!("there is no breaking change `{kind}` of `{item}`");
            needless.push(
                Diagnostic::warning("needless-acknowledgement", message)
                    .at(*at, "this entry")
                    .help(help),
            );
        }
        console.findings(&needless, &self.sources, Level::Warning);
    }
}

/// How to acknowledge breaking changes, with an entry for each. `None` if there are none.
pub(crate) fn advice<'c>(changes: impl Iterator<Item = &'c Change>) -> Option<String> {
    let mut entries: Vec<String> = Vec::new();
    for change in changes {
        let texts = [&change.kind, &change.item];
        let [kind, item] = texts.map(|text| toml::Value::from(text.as_str()));
        let entry = format!("[[change]]\nkind = {kind}\nitem = {item}\nreason = \"\"");
        if !entries.contains(&entry) {
            entries.push(entry);
        }
    }
    let advice = "If the breaking changes are wanted, write an entry for each, with the reason, into the file of `--acknowledged`:";
    (!entries.is_empty()).then(|| format!("\n{advice}\n\n{}", entries.join("\n\n")))
}
