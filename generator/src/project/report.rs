//! The report of a run: how many items were read and emitted, and all diagnostics.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::json;

use crate::api::lower::Lowered;
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::pointers::Pointers;
use crate::description::source::SourceMap;
use crate::reconcile::fidelity::Fidelity;
use crate::reconcile::judged::{Judged, JudgedCorrection, JudgedFacet, JudgedRemark};
use crate::reconcile::merge::Merged;

/// The report of a run, as `--report` writes it.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Operations.
    pub operations: Count,
    /// Webhooks, and callbacks of operations.
    pub webhooks: Count,
    /// Component schemas that were read, and named types that were emitted.
    pub schemas: Count,
    /// The fidelity of each operation.
    pub fidelity: Vec<Fidelity>,
    /// Parts of operations and schemas that were left out or simplified.
    pub skipped: Vec<Part>,
    /// All diagnostics.
    pub diagnostics: Vec<Entry>,
    /// How the sources were reconciled, if that was asked for.
    #[serde(flatten)]
    pub reconciliation: Option<Reconciliation>,
}

/// How the sources were reconciled. Everything has the file, the line and the JSON pointer of its claims.
#[derive(Debug, Clone, Serialize)]
pub struct Reconciliation {
    /// The number of facets with claims, by verdict.
    pub verdicts: BTreeMap<&'static str, usize>,
    /// Every facet on which sources differ.
    pub differences: Vec<JudgedFacet>,
    /// The corrections that overlays have made.
    pub corrections: Vec<JudgedCorrection>,
    /// The remarks of the sources: reasons, and what is refuted.
    pub remarks: Vec<JudgedRemark>,
}

impl Reconciliation {
    /// What was found in a merge of these files. The files are parsed again, to find the JSON pointers.
    #[must_use]
    pub fn new(merged: &Merged, sources: &SourceMap) -> Self {
        let pointers = Pointers::new(sources);
        let judged = Judged::new(merged, sources).with_pointers(&pointers);
        Self {
            verdicts: merged
                .counts()
                .into_iter()
                .map(|(verdict, count)| (verdict.name(), count))
                .collect(),
            differences: judged.differences(),
            corrections: judged.corrections(),
            remarks: judged.remarks(),
        }
    }
}

/// How many items of a kind were read and emitted.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Count {
    /// The number of items in the descriptions. An item in several descriptions counts once.
    #[serde(rename = "in")]
    pub found: usize,
    /// The number of emitted items.
    pub emitted: usize,
    /// The items that were left out.
    pub skipped: Vec<Skipped>,
}

/// An item that was left out.
#[derive(Debug, Clone, Serialize)]
pub struct Skipped {
    /// `GET /path`.
    pub operation: String,
    /// Why it was left out.
    pub reason: String,
    /// `file:line:column`.
    pub at: String,
}

/// A part of an item that was left out or simplified.
#[derive(Debug, Clone, Serialize)]
pub struct Part {
    /// `GET /path`, or the name of a component.
    pub item: String,
    /// Which part, and why.
    pub reason: String,
    /// `file:line:column`.
    pub at: String,
}

/// A diagnostic with readable positions.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    /// `error`, `warning` or `note`.
    pub severity: String,
    /// The code of the diagnostic.
    pub code: &'static str,
    /// The message.
    pub message: String,
    /// JSON pointer, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// `file:line:column` of each position, the primary one first.
    pub at: Vec<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

impl Report {
    /// The report of a run whose files could not be read.
    #[must_use]
    pub fn of_failure(diagnostics: &Diagnostics, sources: &SourceMap) -> Self {
        Self::new(None, None, false, Vec::new(), diagnostics, sources)
    }

    /// The report as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        serde_json::to_string_pretty(self)
            .unwrap_or_else(|error| json!({"error": error.to_string()}).to_string())
    }

    pub(crate) fn new(
        merged: Option<&Merged>,
        lowered: Option<&Lowered>,
        emitted: bool,
        fidelity: Vec<Fidelity>,
        diagnostics: &Diagnostics,
        sources: &SourceMap,
    ) -> Self {
        let mut operations = Count::default();
        let mut webhooks = Count::default();
        let mut schemas = Count::default();
        if let Some(merged) = merged {
            operations.found = merged.document.operations_found;
            webhooks.found = merged.document.webhooks_found;
            schemas.found = merged.document.schemas.len();
            operations.skipped = merged
                .document
                .skipped
                .iter()
                .map(|skipped| Skipped {
                    operation: skipped.item.clone(),
                    reason: skipped.reason.clone(),
                    at: sources.shown(skipped.origin.at).to_string(),
                })
                .collect();
        }
        if let Some(lowered) = lowered.filter(|_| emitted) {
            operations.emitted = lowered.api.operations.len();
            let called = lowered.api.webhooks.as_ref();
            webhooks.emitted = called.map_or(0, |webhooks| webhooks.operations.len());
            schemas.emitted = lowered.api.types.len();
        }
        let skipped = diagnostics.items().iter();
        let skipped = skipped.filter_map(|item| part(item, sources)).collect();
        let diagnostics = diagnostics
            .items()
            .iter()
            .map(|item| entry(item, sources))
            .collect();
        Self {
            operations,
            webhooks,
            schemas,
            fidelity,
            skipped,
            diagnostics,
            reconciliation: None,
        }
    }
}

fn part(diagnostic: &Diagnostic, sources: &SourceMap) -> Option<Part> {
    let at = diagnostic.labels.first();
    Some(Part {
        item: diagnostic.leaves_out.clone()?,
        reason: diagnostic.message.clone(),
        at: at.map_or_else(String::new, |label| sources.shown(label.at).to_string()),
    })
}

fn entry(diagnostic: &Diagnostic, sources: &SourceMap) -> Entry {
    Entry {
        severity: diagnostic.severity.to_string(),
        code: diagnostic.code,
        message: diagnostic.message.clone(),
        pointer: diagnostic.pointer.clone(),
        at: diagnostic
            .labels
            .iter()
            .map(|label| sources.shown(label.at).to_string())
            .collect(),
        help: diagnostic.help.clone(),
    }
}
