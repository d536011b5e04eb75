//! Findings with readable values: the names of sources and facets, and positions as file, line and JSON pointer.
//!
//! This is the only way from a finding to text. The pages of the emitted crate, `--report` and `explain` render these values.

use serde::Serialize;
use serde_json::Value as Json;

use super::merge::rules::Verdict;
use super::merge::{Claim, Finding, Merged};
use crate::description::document::{Origin, SourceId};
use crate::description::pointers::Pointers;
use crate::description::source::{NamedPosition, SourceMap, Span};

/// A facet of an item, with its claims and their verdict.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedFacet {
    /// The item: `GET /issues/{}/ query cursor`, `Project.firstEvent`.
    pub place: String,
    /// The facet: `enum`, `presence`.
    pub facet: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// The rule of the verdict. `None` if only one source describes the item.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'static str>,
    /// The resulting value.
    pub value: Json,
    /// The claims in order of authority.
    pub claims: Vec<JudgedClaim>,
    /// The sources that describe the item and claim nothing about the facet.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub silent: Vec<String>,
    /// The resolution of a contradiction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
}

/// The claim of a source.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedClaim {
    /// The value.
    pub value: Json,
    /// The source and the position.
    #[serde(flatten)]
    pub position: SourcePosition,
}

/// A source and a position in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SourcePosition {
    /// The source.
    pub source: String,
    /// The position.
    #[serde(flatten)]
    pub position: Position,
    /// JSON pointer of the position in its document. `None` in a markdown page.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

/// A position in a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Position {
    /// `file:line:column`.
    pub at: NamedPosition,
    /// The file.
    pub file: String,
    /// The line, counted from 1.
    pub line: u32,
}

/// The resolution of a contradiction.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    /// The value that was chosen.
    pub value: Json,
    /// The reason.
    pub reason: String,
    /// The position of the resolution.
    #[serde(flatten)]
    pub position: Position,
}

/// A correction that an overlay has made.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedCorrection {
    /// The source that was corrected.
    pub source: String,
    /// The title of the overlay.
    pub overlay: String,
    /// The JSONPath of the corrected nodes.
    pub target: String,
    /// What was done: `update`, `copy` or `remove`.
    pub change: &'static str,
    /// The reason.
    pub reason: String,
    /// The position of the action.
    #[serde(flatten)]
    pub position: Position,
}

/// A remark of a source about an item.
#[derive(Debug, Clone, Serialize)]
pub struct JudgedRemark {
    /// The item.
    pub place: String,
    /// `x-reason`, `x-refuted` or `x-arbitrary`.
    pub key: &'static str,
    /// The text.
    pub text: String,
    /// The source and the position.
    #[serde(flatten)]
    pub position: SourcePosition,
}

/// Reads findings of a merge.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    merged: &'a Merged,
    sources: &'a SourceMap,
    pointers: Option<&'a Pointers<'a>>,
}

impl<'a> Judged<'a> {
    /// Reads the findings of a merge. `sources` are the files that were merged.
    #[must_use]
    pub fn new(merged: &'a Merged, sources: &'a SourceMap) -> Self {
        Self {
            merged,
            sources,
            pointers: None,
        }
    }

    /// The same for what a run prints: with paths that a shell can open, and with JSON pointers, for which the files are parsed
    /// again.
    #[must_use]
    pub fn with_pointers(self, pointers: &'a Pointers<'a>) -> Self {
        Self {
            pointers: Some(pointers),
            ..self
        }
    }

    /// Every facet on which sources differ: contradictions first, then by item and facet.
    #[must_use]
    pub fn differences(&self) -> Vec<JudgedFacet> {
        let of = |verdict: Verdict| {
            let findings = self.merged.findings.iter();
            findings.filter(move |finding| finding.judgement.verdict == verdict)
        };
        let findings = Verdict::differences().flat_map(of);
        findings.map(|finding| self.facet(finding)).collect()
    }

    /// All corrections, in the order of sources.
    #[must_use]
    pub fn corrections(&self) -> Vec<JudgedCorrection> {
        let sources = self.merged.sources.iter();
        let corrections = sources.flat_map(|source| {
            let corrections = source.corrections.iter();
            corrections.map(|correction| (&source.declared.id, correction))
        });
        corrections
            .map(|(source, correction)| JudgedCorrection {
                source: source.clone(),
                overlay: correction.overlay.clone(),
                target: correction.target.clone(),
                change: correction.change,
                reason: correction.reason.clone(),
                position: self.position(correction.at),
            })
            .collect()
    }

    /// All remarks, sorted by item.
    #[must_use]
    pub fn remarks(&self) -> Vec<JudgedRemark> {
        let remarks = self.merged.remarks.iter();
        remarks
            .map(|remark| JudgedRemark {
                place: remark.subject.clone(),
                key: remark.facet.name(),
                text: remark.text.clone(),
                position: self.origin(remark.origin),
            })
            .collect()
    }

    /// One finding.
    #[must_use]
    pub fn facet(&self, finding: &Finding) -> JudgedFacet {
        let decision = finding.resolution.as_ref().map(|resolution| Decision {
            value: resolution.decision.clone(),
            reason: resolution.reason.clone(),
            position: self.position(resolution.at),
        });
        JudgedFacet {
            place: finding.subject.clone(),
            facet: finding.facet.name(),
            verdict: finding.judgement.verdict,
            rule: Some(finding.judgement.rule),
            value: finding.outcome().clone(),
            claims: finding
                .claims
                .iter()
                .map(|claim| self.claim(claim))
                .collect(),
            silent: finding.silent.iter().map(|id| self.source(*id)).collect(),
            decision,
        }
    }

    /// A claim with its position.
    #[must_use]
    pub fn claim(&self, claim: &Claim) -> JudgedClaim {
        JudgedClaim {
            value: (*claim.value).clone(),
            position: self.origin(claim.origin),
        }
    }

    /// The position of an origin.
    #[must_use]
    pub fn origin(&self, origin: Origin) -> SourcePosition {
        SourcePosition {
            source: self.source(origin.source),
            position: self.position(origin.at),
            pointer: self.pointers.and_then(|pointers| pointers.at(origin.at)),
        }
    }

    fn source(&self, id: SourceId) -> String {
        self.merged.source(id).to_owned()
    }

    fn position(&self, at: Span) -> Position {
        let line = at.line;
        let (at, file) = match self.pointers {
            Some(_) => (self.sources.shown(at), self.sources.shown_path(at.file)),
            None => (self.sources.display(at), self.sources.path(at.file)),
        };
        Position {
            at,
            file: file.to_owned(),
            line,
        }
    }
}
