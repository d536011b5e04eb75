//! Judges the claims of several sources, and records the findings.

mod contradictions;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use serde_json::Value as Json;

use super::resolution::{Resolution, Resolutions, fingerprint};
use super::rules::{Judgement, Verdict, judge, judge_texts};
use super::subject::THE_API;
use super::texts;
use crate::description::document::{Facet, Fact, Facts, Origin, Provenance, SourceId};
use crate::description::source::Span;
use crate::http::Direction;
use crate::prose;

pub(crate) use contradictions::{NEEDLESS_CHOICE, NEEDLESS_RESOLUTION};
pub use contradictions::{Proposal, is_undecided};

/// The value that a source claims for a facet.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The value.
    pub value: Arc<Json>,
    /// The source, and the position of the claim.
    pub origin: Origin,
}

/// The claims of a fact, one for each origin.
pub(super) fn claims_of(facet: Facet, fact: &Fact) -> impl Iterator<Item = (Facet, Claim)> {
    fact.provenance.iter().map(move |origin| {
        let value = Arc::clone(&fact.value);
        (facet, Claim { value, origin })
    })
}

/// A facet of an item that several sources describe, with all claims and their verdict.
///
/// The findings are the only record of how sources agree and differ. Pages, reports and explanations render them.
#[derive(Debug, Clone)]
pub struct Finding {
    /// The subject: `GET /issues/{}/`, `GET /issues/{}/ query cursor`, `Project.firstEvent`.
    pub subject: String,
    /// The facet.
    pub facet: Facet,
    /// The claims in order of authority.
    pub claims: Vec<Claim>,
    /// The sources that describe the subject and claim nothing about the facet.
    pub silent: Vec<SourceId>,
    /// The verdict, with the rule and the resulting value.
    pub judgement: Judgement,
    /// The resolution, if the claims contradict each other.
    pub resolution: Option<Resolution>,
}

impl Finding {
    /// The resulting value.
    #[must_use]
    pub fn outcome(&self) -> &Json {
        self.resolution
            .as_ref()
            .map_or(&self.judgement.value, |resolution| &resolution.decision)
    }
}

/// The item that claims are about.
#[derive(Clone, Copy)]
pub(super) struct Item<'i> {
    /// The subject of its findings.
    pub(super) subject: &'i dyn Display,
    /// The direction in which its values are sent.
    pub(super) direction: Direction,
    /// The sources that describe it. Those among them without a claim are silent.
    pub(super) provenance: Option<&'i Provenance>,
}

impl<'i> Item<'i> {
    pub(super) fn new(
        subject: &'i dyn Display,
        direction: Direction,
        provenance: &'i Provenance,
    ) -> Self {
        Self {
            subject,
            direction,
            provenance: Some(provenance),
        }
    }

    /// The sources that describe the item and have none of the claims.
    fn silent(&self, claims: &[Claim]) -> Vec<SourceId> {
        let provenance = self.provenance.into_iter().flat_map(Provenance::iter);
        without(provenance.map(|origin| origin.source), claims)
    }
}

/// Each of the sources once, without those that have a claim. The sources are in order.
fn without(sources: impl Iterator<Item = SourceId>, claims: &[Claim]) -> Vec<SourceId> {
    let has_claim = |source: SourceId| claims.iter().any(|claim| claim.origin.source == source);
    let mut silent: Vec<SourceId> = sources.filter(|source| !has_claim(*source)).collect();
    silent.dedup();
    silent
}

/// Whether a facet is a remark of its source, which others need not make.
fn is_remark(facet: Facet) -> bool {
    matches!(
        facet,
        Facet::Arbitrary | Facet::Refuted | Facet::Reason | Facet::Chosen
    )
}

/// A remark of a source about an item: a reason (`x-reason`), what refutes the item (`x-refuted`), or why it is arbitrary
/// JSON (`x-arbitrary`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// The item, as the subject of findings.
    pub subject: String,
    /// [`Facet::Reason`], [`Facet::Refuted`] or [`Facet::Arbitrary`].
    pub facet: Facet,
    /// The text.
    pub text: String,
    /// The source, and the position of the remark.
    pub origin: Origin,
}

/// Whether a choice names a facet.
fn names(choice: &Json, facet: Facet) -> bool {
    choice
        .as_array()
        .is_some_and(|chosen| chosen.iter().any(|name| name == facet.name()))
}

/// A source of the merge, as the manifest declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The id.
    pub id: String,
    /// The title.
    pub title: String,
    /// Whether the maintainers of this project wrote it. It is no published description, and pages list it apart.
    pub is_supplement: bool,
    /// Set if the claims of the source yield to claims that contradict them.
    pub yields: Option<Yields>,
}

/// The `yields` entry of a source in the manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yields {
    /// The reason.
    pub reason: String,
    /// The position of the entry.
    pub at: Span,
}

/// What a judge has recorded.
pub(super) struct Record {
    /// All findings, sorted by subject and facet.
    pub(super) findings: Vec<Finding>,
    /// All remarks, sorted by subject.
    pub(super) remarks: Vec<Remark>,
    /// For each source, the number of facets that no other source claims.
    pub(super) single: Vec<usize>,
    /// A decision for each contradiction without a resolution.
    pub(super) proposals: Vec<Proposal>,
}

/// Judges claims, applies resolutions, and records findings.
#[derive(Debug)]
pub struct ClaimJudge<'a> {
    findings: Vec<Finding>,
    remarks: Vec<Remark>,
    resolutions: &'a Resolutions,
    used: Vec<bool>,
    sources: &'a [Source],
    /// For each source, the number of facets that no other source claims.
    single: Vec<usize>,
    /// The choices of texts by position and facet, and whether they change anything wherever they apply.
    choices: BTreeMap<(Span, Facet), bool>,
}

impl<'a> ClaimJudge<'a> {
    /// A judge without findings. `sources` are in order of authority.
    #[must_use]
    pub fn new(resolutions: &'a Resolutions, sources: &'a [Source]) -> Self {
        Self {
            findings: Vec::new(),
            remarks: Vec::new(),
            resolutions,
            used: vec![false; resolutions.entries.len()],
            sources,
            single: vec![0; sources.len()],
            choices: BTreeMap::new(),
        }
    }

    /// Whether there are several sources. With a single one nothing can differ, and nothing is recorded.
    pub(super) fn is_recording(&self) -> bool {
        self.sources.len() > 1
    }

    /// A judge of the same sources, with the same resolutions.
    pub(super) fn without_findings(&self) -> Self {
        Self::new(self.resolutions, self.sources)
    }

    /// Adds what another judge of the same sources found.
    pub(super) fn add(&mut self, other: Self) {
        self.findings.extend(other.findings);
        self.remarks.extend(other.remarks);
        for (used, other) in self.used.iter_mut().zip(other.used) {
            *used |= other;
        }
        for (single, other) in self.single.iter_mut().zip(other.single) {
            *single += other;
        }
        for (choice, changes) in other.choices {
            *self.choices.entry(choice).or_default() |= changes;
        }
    }

    /// Judges the claims on one facet. Returns the resulting fact, whose provenance is that of the claims that agree with it.
    pub(super) fn settle(
        &mut self,
        item: Item<'_>,
        facet: Facet,
        claims: impl IntoIterator<Item = Claim>,
    ) -> Option<Fact> {
        let mut claims = claims.into_iter();
        let claim = claims.next()?;
        let Some(second) = claims.next() else {
            let Origin { source, at } = claim.origin;
            let fact = Fact::new(Arc::clone(&claim.value), Provenance::single(source, at));
            self.settle_single(item, facet, &claim.value, std::slice::from_ref(&claim));
            return Some(fact);
        };
        let first = [claim, second];
        let all = first.into_iter().chain(claims).collect();
        self.settle_several(item, facet, all, None)
    }

    /// Judges the claims on several facets, and sets the resulting facts in the order of their facets. A source that
    /// claims [`Facet::Chosen`] chooses its texts.
    pub(super) fn settle_all(
        &mut self,
        item: Item<'_>,
        mut claims: Vec<(Facet, Claim)>,
        facts: &mut Facts,
    ) {
        claims.sort_by_key(|(facet, _)| *facet);
        let (choices, claims): (Vec<_>, Vec<_>) = claims
            .into_iter()
            .partition(|(facet, _)| *facet == Facet::Chosen);
        let mut claims = claims.into_iter().peekable();
        while let Some((facet, _)) = claims.peek() {
            let facet = *facet;
            let same = std::iter::from_fn(|| {
                let (_, claim) = claims.next_if(|(other, _)| *other == facet)?;
                Some(claim)
            });
            let choice = choices
                .iter()
                .find(|(_, choice)| names(&choice.value, facet));
            let fact = match choice {
                Some((_, choice)) => {
                    let same = same.collect();
                    self.settle_several(item, facet, same, Some(choice.origin))
                }
                None => self.settle(item, facet, same),
            };
            if let Some(fact) = fact {
                facts.set(facet, fact);
            }
        }
    }

    fn settle_several(
        &mut self,
        item: Item<'_>,
        facet: Facet,
        mut claims: Vec<Claim>,
        choice: Option<Origin>,
    ) -> Option<Fact> {
        // The position must not matter: the order of keys in a document means nothing.
        claims.sort_by_cached_key(|claim| {
            (
                claim.origin.source,
                claim.value.to_string(),
                claim.origin.at,
            )
        });
        claims.dedup();
        let first = claims.first()?;
        let judgement = if texts::is_text(facet) {
            self.judge_texts(facet, item.direction, &claims, choice)?
        } else {
            let by_source = values_by_source(facet, item.direction, &claims);
            let values: Vec<&Json> = by_source.iter().map(Cow::as_ref).collect();
            judge(facet, item.direction, &values)?
        };
        let is_of_one = claims
            .iter()
            .all(|claim| claim.origin.source == first.origin.source);
        if is_of_one && judgement.verdict != Verdict::Contradictory {
            let provenance = Provenance::from_all(claims.iter().map(|claim| claim.origin))?;
            self.settle_single(item, facet, &judgement.value, &claims);
            return Some(Fact::new(judgement.value, provenance));
        }
        let subject = item.subject.to_string();
        let resolution = match judgement.verdict {
            Verdict::Contradictory => self.decide(&subject, facet, item.direction, &claims),
            _ => None,
        };
        let finding = Finding {
            subject,
            facet,
            silent: item.silent(&claims),
            claims,
            judgement,
            resolution,
        };
        let value = finding.outcome().clone();
        let agrees = |claim: &&Claim| match (claim.value.as_str(), value.as_str()) {
            (Some(text), Some(result)) if texts::is_text(facet) => {
                prose::shares_a_sentence(text, result)
            }
            _ => *claim.value == value,
        };
        let agreeing = finding.claims.iter().filter(agrees);
        let provenance = Provenance::from_all(agreeing.map(|claim| claim.origin))
            .or_else(|| Provenance::from_all(finding.claims.iter().map(|claim| claim.origin)))?;
        self.remark(&finding.subject, facet, &finding.claims);
        self.findings.push(finding);
        Some(Fact::new(value, provenance))
    }

    /// Records the claims of one source, if other sources describe the item and claim nothing.
    fn settle_single(&mut self, item: Item<'_>, facet: Facet, value: &Json, claims: &[Claim]) {
        let Some(first) = claims.first() else { return };
        self.count_single(first.origin.source);
        self.remark(item.subject, facet, claims);
        if !self.is_recording() || is_remark(facet) {
            return;
        }
        let silent = item.silent(claims);
        if !silent.is_empty() {
            self.findings.push(Finding {
                subject: item.subject.to_string(),
                facet,
                claims: claims.to_vec(),
                silent,
                judgement: Judgement::of_one(value.clone()),
                resolution: None,
            });
        }
    }

    /// Records a part of an item that only some of the sources have. `owners` are the sources that describe the item,
    /// `part` is the provenance of the part, and `kind` says what it is.
    pub(super) fn record_presence(
        &mut self,
        subject: &dyn Display,
        kind: &'static str,
        owners: impl Iterator<Item = SourceId>,
        part: &Provenance,
    ) {
        if !self.is_recording() {
            return;
        }
        let mut origins: Vec<Origin> = part.iter().collect();
        origins.dedup_by_key(|origin| origin.source);
        let claim = |origin: Origin| Claim {
            value: Arc::new(Json::from(kind)),
            origin,
        };
        let claims: Vec<Claim> = origins.into_iter().map(claim).collect();
        let silent = without(owners, &claims);
        if !silent.is_empty() {
            self.findings.push(Finding {
                subject: subject.to_string(),
                facet: Facet::Presence,
                judgement: Judgement::of_presence(kind.into(), claims.len()),
                claims,
                silent,
                resolution: None,
            });
        }
    }

    /// Records a difference that the caller has settled.
    pub(super) fn record(
        &mut self,
        subject: &dyn Display,
        facet: Facet,
        claims: Vec<Claim>,
        judgement: Judgement,
    ) {
        if self.is_recording() {
            self.findings.push(Finding {
                subject: subject.to_string(),
                facet,
                claims,
                silent: Vec::new(),
                judgement,
                resolution: None,
            });
        }
    }

    /// Keeps the claims of a facet that is a remark.
    fn remark(&mut self, subject: &dyn Display, facet: Facet, claims: &[Claim]) {
        if !is_remark(facet) {
            return;
        }
        for claim in claims {
            self.remarks.push(Remark {
                subject: subject.to_string(),
                facet,
                text: claim.value.as_str().unwrap_or_default().to_owned(),
                origin: claim.origin,
            });
        }
    }

    /// Judges texts. Those of sources that yield do not count beside others. Records whether a choice changes anything.
    fn judge_texts(
        &mut self,
        facet: Facet,
        direction: Direction,
        claims: &[Claim],
        choice: Option<Origin>,
    ) -> Option<Judgement> {
        let firm = self.firm_claims(claims);
        let heard = if firm.is_empty() { claims } else { &firm };
        let values: Vec<&Json> = heard.iter().map(|claim| &*claim.value).collect();
        let measured = judge(facet, direction, &values)?;
        let Some(choice) = choice else {
            return Some(measured);
        };
        let chosen = heard
            .iter()
            .position(|claim| claim.origin.source == choice.source);
        let judgement = judge_texts(facet, &values, chosen)?;
        *self.choices.entry((choice.at, facet)).or_default() |= judgement.value != measured.value;
        Some(judgement)
    }

    fn count_single(&mut self, source: SourceId) {
        if let Some(single) = self.single.get_mut(usize::from(source.0)) {
            *single += 1;
        }
    }

    /// The resolution of a contradiction: the claims without those of yielding sources decide, or else an entry of
    /// `resolutions.toml`.
    fn decide(
        &mut self,
        subject: &str,
        facet: Facet,
        direction: Direction,
        claims: &[Claim],
    ) -> Option<Resolution> {
        let yielded = claims
            .iter()
            .find_map(|claim| self.yielding(claim.origin.source));
        let Some(yields) = yielded else {
            return self.resolution(subject, facet, claims);
        };
        let firm = self.firm_claims(claims);
        let values: Vec<&Json> = firm.iter().map(|claim| &*claim.value).collect();
        let decision = match judge(facet, direction, &values) {
            Some(judgement) if judgement.verdict == Verdict::Contradictory => {
                return self.resolution(subject, facet, &firm);
            }
            Some(judgement) => judgement.value,
            // All sources yield, so the highest authority decides.
            None => (*claims.first()?.value).clone(),
        };
        Some(Resolution {
            subject: subject.to_owned(),
            facet,
            decision,
            reason: yields.reason.clone(),
            fingerprint: fingerprint(subject, facet, firm.iter().map(|claim| &*claim.value)),
            at: yields.at,
            yielded: true,
        })
    }

    /// The claims of sources that do not yield.
    fn firm_claims(&self, claims: &[Claim]) -> Vec<Claim> {
        claims
            .iter()
            .filter(|claim| !self.yields(claim.origin.source))
            .cloned()
            .collect()
    }

    fn yielding(&self, id: SourceId) -> Option<&'a Yields> {
        self.sources.get(usize::from(id.0))?.yields.as_ref()
    }

    /// Whether the claims of a source yield to claims that contradict them.
    #[must_use]
    pub fn yields(&self, id: SourceId) -> bool {
        self.yielding(id).is_some()
    }

    /// The entry of `resolutions.toml` for these claims. One about the API decides for all operations that have their security
    /// requirements from it.
    fn resolution(&mut self, subject: &str, facet: Facet, claims: &[Claim]) -> Option<Resolution> {
        let is_about_it = |entry: &Resolution| {
            entry.subject == subject || (facet == Facet::Security && entry.subject == THE_API)
        };
        let is_valid = |entry: &Resolution| {
            let values = claims.iter().map(|claim| &*claim.value);
            entry.fingerprint == fingerprint(&entry.subject, facet, values)
        };
        let mut entries = self.resolutions.entries.iter().zip(&mut self.used);
        let (entry, used) = entries
            .find(|(entry, _)| entry.facet == facet && is_about_it(entry) && is_valid(entry))?;
        *used = true;
        Some(entry.clone())
    }

    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        self.sources
            .get(usize::from(id.0))
            .map_or("?", |source| &source.id)
    }

    /// What was recorded.
    #[must_use]
    pub(super) fn into_record(self) -> Record {
        let proposals = self.proposals();
        let Self {
            mut findings,
            mut remarks,
            single,
            ..
        } = self;
        findings.sort_by(|a, b| (&a.subject, a.facet).cmp(&(&b.subject, b.facet)));
        remarks.sort_by(|a, b| {
            (&a.subject, a.facet, a.origin.source).cmp(&(&b.subject, b.facet, b.origin.source))
        });
        Record {
            findings,
            remarks,
            single,
            proposals,
        }
    }
}

/// The value that each source claims. What a source says in several places, as of alternatives that are the same type, is
/// judged to one value, unless it contradicts itself.
fn values_by_source(facet: Facet, direction: Direction, claims: &[Claim]) -> Vec<Cow<'_, Json>> {
    let same_source = |a: &Claim, b: &Claim| a.origin.source == b.origin.source;
    let values = claims.chunk_by(same_source).flat_map(|claims| {
        let own: Vec<&Json> = claims.iter().map(|claim| &*claim.value).collect();
        match judge(facet, direction, &own) {
            Some(judgement) if judgement.verdict != Verdict::Contradictory => {
                vec![Cow::Owned(judgement.value)]
            }
            _ => own.into_iter().map(Cow::Borrowed).collect(),
        }
    });
    values.collect()
}
