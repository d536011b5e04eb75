//! The ledger: what was claimed by more than one source, and what it came to.

use std::fmt::Display;
use std::sync::Arc;

use serde_json::Value as Json;

use super::resolution::{Resolution, Resolutions, fingerprint};
use super::rules::{Direction, Judgement, Verdict, judge};
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Facet, Fact, Facts, Said, SaidBy, SourceId};
use crate::source::Span;

/// What one source says of a facet, at all the places where it says so.
#[derive(Debug, Clone, PartialEq)]
pub struct Claim {
    /// The value.
    pub value: Arc<Json>,
    /// Who says so, and where.
    pub said: Said,
}

/// What a fact comes to as claims: one of each who says so.
pub(super) fn claims_of(facet: Facet, fact: &Fact) -> impl Iterator<Item = (Facet, Claim)> {
    fact.said.iter().map(move |said| {
        let value = Arc::clone(&fact.value);
        (facet, Claim { value, said })
    })
}

/// A facet of which more than one source speaks.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is about: `GET /issues/{}/`, `GET /issues/{}/ query cursor`, `Project.firstEvent`.
    pub subject: String,
    /// The facet.
    pub facet: Facet,
    /// The claims in order of authority.
    pub claims: Vec<Claim>,
    /// What they come to.
    pub judgement: Judgement,
    /// The maintainer's decision, if the claims contradict each other.
    pub resolution: Option<Resolution>,
}

impl Finding {
    /// The value that holds.
    #[must_use]
    pub fn outcome(&self) -> &Json {
        self.resolution
            .as_ref()
            .map_or(&self.judgement.value, |resolution| &resolution.decision)
    }
}

/// A source of the merge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its id in the manifest.
    pub id: String,
    /// Set when its claims give way wherever others contradict them.
    pub yields: Option<Yields>,
}

/// That a source gives way where others contradict it, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yields {
    /// Why.
    pub reason: String,
    /// Where that is said.
    pub at: Span,
}

/// Judges claims, applies decisions, and keeps the record.
#[derive(Debug)]
pub struct Ledger<'a> {
    findings: Vec<Finding>,
    resolutions: &'a Resolutions,
    used: Vec<bool>,
    sources: &'a [Source],
    /// Facets of which one source alone speaks, by source.
    single: Vec<usize>,
}

impl<'a> Ledger<'a> {
    /// An empty ledger. `sources` are in order of authority.
    #[must_use]
    pub fn new(resolutions: &'a Resolutions, sources: &'a [Source]) -> Self {
        Self {
            findings: Vec::new(),
            resolutions,
            used: vec![false; resolutions.entries.len()],
            sources,
            single: vec![0; sources.len()],
        }
    }

    /// Settles one facet: the fact that follows from the claims, said by all who agree with it.
    pub fn settle(
        &mut self,
        subject: &dyn Display,
        facet: Facet,
        direction: Direction,
        claims: impl IntoIterator<Item = Claim>,
    ) -> Option<Fact> {
        let mut claims = claims.into_iter();
        let Claim { value, said } = claims.next()?;
        let Some(second) = claims.next() else {
            self.count_single(said.by);
            let said = SaidBy::one(said.by, said.at);
            return Some(Fact { value, said });
        };
        let first = [Claim { value, said }, second];
        self.settle_several(
            subject,
            facet,
            direction,
            first.into_iter().chain(claims).collect(),
        )
    }

    /// Settles the claims on any facets, and sets the facts that follow from them in the order of their facets.
    pub fn settle_all(
        &mut self,
        subject: &dyn Display,
        direction: Direction,
        mut claims: Vec<(Facet, Claim)>,
        facts: &mut Facts,
    ) {
        claims.sort_by_key(|(facet, _)| *facet);
        let mut claims = claims.into_iter().peekable();
        while let Some((facet, _)) = claims.peek() {
            let facet = *facet;
            let same = std::iter::from_fn(|| {
                let (_, claim) = claims.next_if(|(other, _)| *other == facet)?;
                Some(claim)
            });
            if let Some(fact) = self.settle(subject, facet, direction, same) {
                facts.set(facet, fact);
            }
        }
    }

    fn settle_several(
        &mut self,
        subject: &dyn Display,
        facet: Facet,
        direction: Direction,
        mut claims: Vec<Claim>,
    ) -> Option<Fact> {
        // Not by position: the order of keys in a document is no authority.
        claims.sort_by_cached_key(|claim| (claim.said.by, claim.value.to_string(), claim.said.at));
        claims.dedup();
        let first = claims.first()?;
        if claims
            .iter()
            .all(|claim| claim.said.by == first.said.by && claim.value == first.value)
        {
            let value = Arc::clone(&first.value);
            let said = SaidBy::all(claims.iter().map(|claim| claim.said))?;
            self.count_single(first.said.by);
            return Some(Fact { value, said });
        }
        let values: Vec<&Json> = claims.iter().map(|claim| &*claim.value).collect();
        let judgement = judge(facet, direction, &values)?;
        let subject = subject.to_string();
        let resolution = match judgement.verdict {
            Verdict::Contradictory => self.decide(&subject, facet, direction, &claims),
            _ => None,
        };
        let finding = Finding {
            subject,
            facet,
            claims,
            judgement,
            resolution,
        };
        let value = finding.outcome().clone();
        let agreeing = finding.claims.iter().filter(|claim| *claim.value == value);
        let said = SaidBy::all(agreeing.map(|claim| claim.said))
            .or_else(|| SaidBy::all(finding.claims.iter().map(|claim| claim.said)))?;
        self.findings.push(finding);
        Some(Fact::new(value, said))
    }

    fn count_single(&mut self, source: SourceId) {
        if let Some(single) = self.single.get_mut(usize::from(source.0)) {
            *single += 1;
        }
    }

    /// The decision on a contradiction: what is left when the sources that yield have yielded, or what a maintainer says.
    fn decide(
        &mut self,
        subject: &str,
        facet: Facet,
        direction: Direction,
        claims: &[Claim],
    ) -> Option<Resolution> {
        let firm = self.firm(claims);
        let yielded = claims.iter().find_map(|claim| self.yielding(claim.said.by));
        let (Some(yields), true) = (yielded, firm.len() < claims.len() || firm.is_empty()) else {
            return self.resolution(subject, facet, claims);
        };
        let values: Vec<&Json> = firm.iter().map(|claim| &*claim.value).collect();
        let decision = match judge(facet, direction, &values) {
            Some(judgement) if judgement.verdict == Verdict::Contradictory => {
                return self.resolution(subject, facet, &firm);
            }
            Some(judgement) => judgement.value,
            // All of them yield: the highest authority among them is left.
            None => (*claims.first()?.value).clone(),
        };
        Some(Resolution {
            subject: subject.to_owned(),
            facet: facet.name().to_owned(),
            decision,
            reason: yields.reason.clone(),
            fingerprint: fingerprint(subject, facet, firm.iter().map(|claim| &*claim.value)),
            at: yields.at,
            yielded: true,
        })
    }

    /// The claims of sources that do not yield.
    fn firm(&self, claims: &[Claim]) -> Vec<Claim> {
        claims
            .iter()
            .filter(|claim| !self.yields(claim.said.by))
            .cloned()
            .collect()
    }

    fn yielding(&self, id: SourceId) -> Option<&'a Yields> {
        self.sources.get(usize::from(id.0))?.yields.as_ref()
    }

    /// Whether a source gives way where others contradict it.
    #[must_use]
    pub fn yields(&self, id: SourceId) -> bool {
        self.yielding(id).is_some()
    }

    fn resolution(&mut self, subject: &str, facet: Facet, claims: &[Claim]) -> Option<Resolution> {
        let position = self
            .resolutions
            .entries
            .iter()
            .position(|entry| entry.subject == subject && entry.facet == facet.name())?;
        if let Some(used) = self.used.get_mut(position) {
            *used = true;
        }
        let entry = self.resolutions.entries.get(position)?;
        (entry.fingerprint == fingerprint(subject, facet, claims.iter().map(|claim| &*claim.value)))
            .then(|| entry.clone())
    }

    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        self.sources
            .get(usize::from(id.0))
            .map_or("?", |source| &source.id)
    }

    /// Reports contradictions that nobody decided, decisions whose claims have changed, and decisions that nothing needs.
    pub fn report(&self, diagnostics: &mut Diagnostics) {
        for finding in &self.findings {
            if finding.judgement.verdict == Verdict::Contradictory && finding.resolution.is_none() {
                diagnostics.push(self.contradiction(finding));
            }
        }
        for (entry, used) in self.resolutions.entries.iter().zip(&self.used) {
            if !used {
                diagnostics.push(
                    Diagnostic::error(
                        "needless-resolution",
                        format!(
                            "nothing contradicts itself about {} of `{}`",
                            entry.facet, entry.subject
                        ),
                    )
                    .at(entry.at, "this entry")
                    .help("remove the entry"),
                );
            }
        }
    }

    fn contradiction(&self, finding: &Finding) -> Diagnostic {
        let stale =
            self.resolutions.entries.iter().find(|entry| {
                entry.subject == finding.subject && entry.facet == finding.facet.name()
            });
        let (code, message) = match stale {
            Some(_) => (
                "stale-resolution",
                "the claims have changed since this was decided",
            ),
            None => ("contradiction", "the sources contradict each other"),
        };
        let message = format!(
            "{message}: {} of `{}`",
            finding.facet.name(),
            finding.subject
        );
        let mut diagnostic = Diagnostic::error(code, message);
        for claim in &finding.claims {
            let text = format!("`{}` says {}", self.source(claim.said.by), claim.value);
            diagnostic = diagnostic.at(claim.said.at, text);
        }
        if let Some(entry) = stale {
            diagnostic = diagnostic.at(entry.at, "decided here");
        }
        let way_out = match &self.resolutions.path {
            Some(path) => format!("decide in {path}"),
            None => "mend a document, or decide in the file that a manifest names as `resolutions`"
                .to_owned(),
        };
        diagnostic.help(format!(
            "{}; {way_out}:\n\n{}",
            finding.judgement.rule,
            self.entry(finding)
        ))
    }

    /// The entry of `resolutions.toml` for a contradiction, ready to paste.
    fn entry(&self, finding: &Finding) -> String {
        let firm = self.firm(&finding.claims);
        let decided = if firm.is_empty() {
            &finding.claims
        } else {
            &firm
        };
        let print = fingerprint(
            &finding.subject,
            finding.facet,
            decided.iter().map(|claim| &*claim.value),
        );
        format!(
            "[[resolution]]\nsubject = {}\nfacet = {}\ndecision = {}\nreason = \"\"\nfingerprint = \"{print}\"",
            Json::String(finding.subject.clone()),
            Json::String(finding.facet.name().to_owned()),
            finding.judgement.value,
        )
    }

    /// All findings, sorted by subject and facet, and of each source the number of facets of which no other speaks.
    #[must_use]
    pub fn into_findings(self) -> (Vec<Finding>, Vec<usize>) {
        let mut findings = self.findings;
        findings.sort_by(|a, b| (&a.subject, a.facet).cmp(&(&b.subject, b.facet)));
        (findings, self.single)
    }
}
