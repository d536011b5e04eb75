//! Reports the contradictions that nobody has decided, and the decisions that decide nothing.

use std::collections::BTreeSet;

use serde_json::Value as Json;

use super::{Claim, ClaimJudge, Finding};
use crate::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use crate::description::document::Facet;
use crate::description::suggest;
use crate::reconcile::merge::resolution::{Resolution, fingerprint};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::subject::THE_API;

/// The code of a contradiction without a decision.
const CONTRADICTION: &str = "contradiction";
/// The code of a contradiction whose decision is about other claims.
const STALE_RESOLUTION: &str = "stale-resolution";
/// The code of a decision without a contradiction.
pub(crate) const NEEDLESS_RESOLUTION: &str = "needless-resolution";
/// The code of a choice of a text that would be used without it.
pub(crate) const NEEDLESS_CHOICE: &str = "needless-choice";

/// Whether a diagnostic is about a contradiction that is not decided, or no longer.
#[must_use]
pub fn is_undecided(diagnostic: &Diagnostic) -> bool {
    matches!(diagnostic.code, CONTRADICTION | STALE_RESOLUTION)
}

/// A decision on a contradiction that is not decided: the claim of the highest authority.
#[derive(Debug, Clone, PartialEq)]
pub struct Proposal {
    /// The subject of the contradiction.
    pub subject: String,
    /// The facet of the contradiction.
    pub facet: &'static str,
    /// The proposed decision.
    pub decision: Json,
    /// The fingerprint of the contradicting claims.
    pub fingerprint: String,
}

impl Proposal {
    /// The entry of `resolutions.toml`, with a reason.
    #[must_use]
    pub fn to_toml(&self, reason: &str) -> String {
        let text = |text: &str| Json::String(text.to_owned());
        format!(
            "[[resolution]]\nsubject = {}\nfacet = {}\ndecision = {}\nreason = {}\nfingerprint = \"{}\"",
            text(&self.subject),
            text(self.facet),
            in_toml(&self.decision),
            text(reason),
            self.fingerprint,
        )
    }
}

/// With fewer items in common, lists are shown as they are.
const LEAST_COMMON: usize = 3;

/// A list with more items is compared without the shorter ones, if those have too little in common with it.
const SHORT: usize = 5;

/// A claimed value, as a diagnostic shows it: of a list, only what not every claim has.
fn shown<'v>(value: &Json, all: impl Iterator<Item = &'v Json>) -> String {
    let lists: Option<Vec<&Vec<Json>>> = all.map(Json::as_array).collect();
    let (Some(items), Some(mut lists)) = (value.as_array(), lists) else {
        return value.to_string();
    };
    if let Some(shown) = beside_common(items, &lists, "all have") {
        return shown;
    }
    lists.retain(|list| list.len() > SHORT);
    let is_one_of_several = items.len() > SHORT && lists.len() > 1;
    let shown = is_one_of_several.then(|| beside_common(items, &lists, "the long lists share"));
    shown.flatten().unwrap_or_else(|| value.to_string())
}

/// What a list has beside the items that all lists have. `None` if these are few.
fn beside_common(items: &[Json], lists: &[&Vec<Json>], shared: &str) -> Option<String> {
    let is_common = |item: &&Json| lists.iter().all(|list| list.contains(*item));
    let common = items.iter().filter(is_common).count();
    if common < LEAST_COMMON {
        return None;
    }
    let own = items.iter().filter(|item| !is_common(item));
    let own: Vec<String> = own.map(Json::to_string).collect();
    Some(match own.as_slice() {
        [] => format!("the {common} values that {shared}, and no other"),
        own => format!(
            "{} beside the {common} values that {shared}",
            own.join(", ")
        ),
    })
}

/// A value as it is written on one line of TOML. TOML has no null: a decision for null has to be written by hand.
fn in_toml(value: &Json) -> String {
    match value {
        Json::Array(items) => {
            let items: Vec<String> = items.iter().map(in_toml).collect();
            format!("[{}]", items.join(","))
        }
        Json::Object(entries) => {
            let entry = |(key, value): (&String, &Json)| {
                format!("{} = {}", Json::String(key.clone()), in_toml(value))
            };
            let entries: Vec<String> = entries.iter().map(entry).collect();
            format!("{{{}}}", entries.join(", "))
        }
        plain => plain.to_string(),
    }
}

/// What a decision about claims has to be, if it is something else.
fn expected_instead(entry: &Resolution, claims: &[Claim], schemes: &[&str]) -> Option<String> {
    let decision = &entry.decision;
    if let Some(expected) = entry.expected_instead() {
        return Some(expected.to_owned());
    }
    match entry.facet {
        Facet::Security => {
            let requirements = decision.as_array().into_iter().flatten();
            let mut names = requirements
                .filter_map(Json::as_object)
                .flat_map(|it| it.keys());
            let is_known = names.all(|name| schemes.contains(&name.as_str()));
            (!is_known).then(|| format!("with the security schemes {}", named(schemes)))
        }
        Facet::SuccessStatus | Facet::Alternatives => (!is_claimed(decision, claims)).then(|| {
            let all: BTreeSet<String> = items(claims).map(in_toml).collect();
            format!("some of {}", Vec::from_iter(all).join(", "))
        }),
        Facet::DiscriminatorMapping => {
            let maps = claims.iter().filter_map(|claim| claim.value.as_object());
            let claimed: BTreeSet<&str> = maps
                .flat_map(|mapping| mapping.values())
                .filter_map(Json::as_str)
                .collect();
            let mut decided = decision.as_object().into_iter().flatten();
            let is_known =
                decided.all(|(_, key)| key.as_str().is_some_and(|key| claimed.contains(key)));
            (!is_known).then(|| format!("with the schemas {}", named(&Vec::from_iter(claimed))))
        }
        Facet::Enum => {
            let kind = |value: &Json| std::mem::discriminant(value);
            let kinds: Vec<_> = items(claims).map(kind).collect();
            let mut values = decision.as_array().into_iter().flatten();
            let has_kinds = values.all(|value| kinds.contains(&kind(value)));
            (!has_kinds).then(|| "values of the type that the sources claim".to_owned())
        }
        _ => None,
    }
}

/// Whether a source claims each item of a list.
fn is_claimed(list: &Json, claims: &[Claim]) -> bool {
    let mut decided = list.as_array().into_iter().flatten();
    decided.all(|item| items(claims).any(|claimed| claimed == item))
}

/// The items of all claimed lists.
fn items(claims: &[Claim]) -> impl Iterator<Item = &Json> {
    let lists = claims.iter().filter_map(|claim| claim.value.as_array());
    lists.flatten()
}

fn named(names: &[&str]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// A contradiction without a valid resolution.
struct Contradiction<'j> {
    /// What is to be decided about: the subject of the finding, or the API.
    subject: &'j str,
    finding: &'j Finding,
    /// The number of operations that have the same claims from the whole API.
    operations: usize,
    /// The entries for other claims.
    stale: Vec<&'j Resolution>,
}

impl ClaimJudge<'_> {
    /// Reports contradictions without a resolution, resolutions whose claims have changed, and resolutions without a
    /// contradiction. Where base paths differ, resolutions are without one for that reason, so that this is the error.
    /// `schemes` are the names of the security schemes of the whole API.
    pub fn report(
        &self,
        schemes: &[&str],
        differing_bases: Option<Diagnostic>,
        diagnostics: &mut Diagnostics,
    ) {
        let contradictions = self.contradictions();
        // The decisions may be in a file that cannot be read, which is the error.
        if !self.resolutions.is_unreadable {
            for contradiction in &contradictions {
                diagnostics.push(self.contradiction(contradiction, schemes));
            }
        }
        let needless = self.choices.iter().filter(|(_, changes)| !**changes);
        for ((at, facet), _) in needless {
            let message = format!(
                "the {} need not be chosen: the texts are the same without that",
                facet.name()
            );
            diagnostics.push(
                Diagnostic::error(NEEDLESS_CHOICE, message)
                    .at(*at, "this choice")
                    .help(format!("remove `{}` from the list", facet.name())),
            );
        }
        let is_stale = |entry: &Resolution| {
            let mut stale = contradictions.iter().flat_map(|it| &it.stale);
            stale.any(|stale| stale.at == entry.at)
        };
        let entries = self.resolutions.entries.iter().zip(&self.used);
        let entries = entries.filter(|(entry, _)| !is_stale(entry));
        // If the base paths differ, that is why decisions fit nothing.
        let is_explained = differing_bases.is_some();
        if let Some(mut differing) = differing_bases {
            if entries.clone().any(|(_, used)| !used) {
                differing.severity = Severity::Error;
            }
            diagnostics.push(differing);
        }
        for (entry, used) in entries {
            let found = if *used {
                self.invalid_decision(entry, schemes)
            } else if is_explained {
                None
            } else {
                Some(self.needless_resolution(entry))
            };
            if let Some(found) = found {
                diagnostics.push(found.at(entry.at, "this entry"));
            }
        }
    }

    /// Reports a decision that its facet cannot have, if it is applied.
    fn invalid_decision(&self, entry: &Resolution, schemes: &[&str]) -> Option<Diagnostic> {
        let is_applied = |finding: &&Finding| {
            let applied = finding.resolution.as_ref();
            applied.is_some_and(|resolution| resolution.at == entry.at)
        };
        let finding = self.findings.iter().find(is_applied)?;
        let expected = expected_instead(entry, &finding.claims, schemes)?;
        let Resolution {
            subject,
            facet,
            decision,
            ..
        } = entry;
        let message = format!("{} of `{subject}` cannot be {decision}", facet.name());
        let found = Diagnostic::error("invalid-decision", message);
        Some(found.help(format!("decide {expected}")))
    }

    /// Reports a decision without a contradiction. Its subject or facet may be misspelt: that of one that nobody decided.
    fn needless_resolution(&self, entry: &Resolution) -> Diagnostic {
        let facet = entry.facet.name();
        let subject = &entry.subject;
        let message = format!("there is no contradiction about {facet} of `{subject}`");
        let same_facet = self.undecided().filter(|it| it.facet == entry.facet);
        let similar = suggest::closest(subject, same_facet.map(|it| it.subject.as_str()));
        let mut same_subject = self.undecided().filter(|it| it.subject == *subject);
        let help = match (similar, same_subject.next()) {
            (Some(similar), _) => format!("did you mean `{similar}`?"),
            (None, Some(other)) => format!("did you mean the facet `{}`?", other.facet.name()),
            (None, None) => "remove the entry".to_owned(),
        };
        Diagnostic::error(NEEDLESS_RESOLUTION, message).help(help)
    }

    fn contradiction(&self, contradiction: &Contradiction<'_>, schemes: &[&str]) -> Diagnostic {
        let Contradiction {
            subject,
            finding,
            operations,
            stale,
        } = contradiction;
        let (code, message) = if stale.is_empty() {
            (CONTRADICTION, "the sources contradict each other")
        } else {
            (
                STALE_RESOLUTION,
                "the claims have changed since this was decided",
            )
        };
        let mut message = format!("{message}: {} of `{subject}`", finding.facet.name());
        if *operations > 1 {
            message.push_str(&format!(
                ", for {operations} operations that have no requirements of their own"
            ));
        }
        let mut diagnostic = Diagnostic::error(code, message);
        for claim in &finding.claims {
            let others = finding.claims.iter().map(|claim| &*claim.value);
            let text = format!(
                "`{}` claims {}",
                self.source(claim.origin.source),
                shown(&claim.value, others)
            );
            diagnostic = diagnostic.at(claim.origin.at, text);
        }
        for entry in stale {
            diagnostic = diagnostic.at(entry.at, "decided here");
        }
        let way_out = match (&self.resolutions.path, stale.len()) {
            (Some(path), 0) => format!("add an entry to {path}"),
            (Some(path), 1) => format!("replace the entry of {path} by this one"),
            (Some(path), entries) => format!("replace the {entries} entries of {path} by this one"),
            (None, _) => {
                "fix a document, or add an entry to the file that a manifest or `--resolutions` names"
                    .to_owned()
            }
        };
        let mut proposal = self.proposal(contradiction);
        let mut reason = "";
        // What was decided still holds, unless somebody thinks again, or it has what no source claims any more.
        if let [decided] = stale.as_slice()
            && expected_instead(decided, &finding.claims, schemes).is_none()
            && (finding.facet != Facet::Enum || is_claimed(&decided.decision, &finding.claims))
        {
            proposal.decision = decided.decision.clone();
            reason = &decided.reason;
        }
        diagnostic.help(format!(
            "{}; {way_out}:\n\n{}",
            finding.judgement.rule,
            proposal.to_toml(reason)
        ))
    }

    /// The decision for a contradiction, as its judgement proposes it.
    fn proposal(&self, contradiction: &Contradiction<'_>) -> Proposal {
        let Contradiction {
            subject, finding, ..
        } = contradiction;
        let firm = self.firm_claims(&finding.claims);
        let decided = if firm.is_empty() {
            &finding.claims
        } else {
            &firm
        };
        let values = decided.iter().map(|claim| &*claim.value);
        Proposal {
            subject: (*subject).to_owned(),
            facet: finding.facet.name(),
            decision: finding.judgement.value.clone(),
            fingerprint: fingerprint(subject, finding.facet, values),
        }
    }

    /// A decision for each contradiction, sorted by subject and facet.
    pub(super) fn proposals(&self) -> Vec<Proposal> {
        let contradictions = self.contradictions();
        let mut proposals: Vec<Proposal> = contradictions
            .iter()
            .map(|contradiction| self.proposal(contradiction))
            .collect();
        proposals.sort_by(|a, b| (&a.subject, a.facet).cmp(&(&b.subject, b.facet)));
        proposals
    }

    /// The contradictions to decide. One about the security that operations have from the whole API is a single one: the claims
    /// of all of them stand at the same places.
    fn contradictions(&self) -> Vec<Contradiction<'_>> {
        let mut contradictions: Vec<Contradiction<'_>> = Vec::new();
        for finding in self.undecided() {
            let is_same = |known: &&mut Contradiction<'_>| {
                let known = known.finding;
                known.facet == Facet::Security
                    && finding.facet == Facet::Security
                    && known.claims == finding.claims
            };
            let stale = self.entries_about(&finding.subject, finding.facet);
            match contradictions.iter_mut().find(is_same) {
                Some(known) => {
                    known.subject = THE_API;
                    known.operations += 1;
                    known.stale.extend(stale);
                }
                None => contradictions.push(Contradiction {
                    subject: &finding.subject,
                    finding,
                    operations: 1,
                    stale: stale.collect(),
                }),
            }
        }
        for contradiction in &mut contradictions {
            if contradiction.operations > 1 {
                let entries = self.entries_about(THE_API, Facet::Security);
                contradiction.stale.extend(entries);
            }
        }
        contradictions
    }

    /// The entries about a facet of a subject that decide nothing.
    fn entries_about(&self, subject: &str, facet: Facet) -> impl Iterator<Item = &Resolution> {
        let entries = self.resolutions.entries.iter().zip(&self.used);
        entries.filter_map(move |(entry, used)| {
            (!used && entry.facet == facet && entry.subject == subject).then_some(entry)
        })
    }

    /// The contradictions without a valid resolution.
    fn undecided(&self) -> impl Iterator<Item = &Finding> {
        self.findings.iter().filter(|finding| {
            finding.judgement.verdict == Verdict::Contradictory && finding.resolution.is_none()
        })
    }
}
