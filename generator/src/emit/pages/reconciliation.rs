//! The page about the reconciliation: corrections, then every difference between the sources, by verdict.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use serde::Serialize;
use serde_json::Value as Json;

use super::template;
use crate::api::{Api, Operation};
use crate::description::document::Facet;
use crate::description::source::SourceMap;
use crate::emit::doc;
use crate::prose;
use crate::reconcile::judged::{
    Judged, JudgedClaim, JudgedCorrection, JudgedFacet, JudgedRemark, Position,
};
use crate::reconcile::merge::rules::Verdict;
use crate::reconcile::merge::{Finding, Merged, MergedSource, Source, item};

/// The most characters of a value that are shown. Lists, such as the values of an enum, are shown whole.
const WIDTH: usize = 120;

/// All texts are markdown.
#[derive(Serialize)]
struct Page {
    operations: usize,
    descriptions: usize,
    sources: Vec<SourceLine>,
    verdicts: Vec<Figure>,
    overlays: Vec<Group>,
    contradictions: Vec<Contradiction>,
    unions: Vec<Group>,
    names: Vec<String>,
    parameters: Vec<Renaming>,
    texts: Vec<String>,
    documents: Vec<Group>,
    supplements: Vec<Group>,
    choices: Vec<String>,
    reasons: Vec<String>,
}

#[derive(Serialize)]
struct Figure {
    name: &'static str,
    count: usize,
    meaning: String,
}

/// Lines below a heading.
#[derive(Serialize)]
struct Group {
    heading: String,
    lines: Vec<String>,
}

#[derive(Serialize)]
struct Contradiction {
    heading: String,
    claims: Vec<String>,
    rule: &'static str,
    /// The decision, its reason and its position. `None` if there is none yet.
    decision: Option<String>,
}

/// A name of path parameters, and what sources call them instead.
#[derive(Serialize)]
struct Renaming {
    name: String,
    others: Vec<String>,
}

#[derive(Serialize)]
struct SourceLine {
    id: String,
    title: String,
    operations: usize,
    alone: usize,
    /// Facets with a claim of no other source.
    single: usize,
    /// Facets that others claim, too, by verdict in the order of [`Verdict::ALL`].
    verdicts: Vec<usize>,
}

/// Renders `RECONCILIATION.md`. `sources` are the files that were merged.
///
/// # Errors
/// The template has a defect.
pub fn generate(
    api: &Api,
    merged: &Merged,
    sources: &SourceMap,
) -> Result<Vec<u8>, minijinja::Error> {
    let judged = Judged::new(merged, sources);
    let differences = judged.differences();
    let of = |verdict: Verdict| {
        let differences = differences.iter();
        differences.filter(move |difference| difference.verdict == verdict)
    };
    let annotations = || of(Verdict::Annotation);
    let is_name = |difference: &&JudgedFacet| difference.facet == Facet::Name.name();
    let is_path_parameter =
        |difference: &&JudgedFacet| is_name(difference) && difference.place.contains(" path ");
    let supplements = supplements(merged);
    let alone = |is_supplement: bool| {
        let declared = merged.sources.iter().map(|source| &source.declared);
        let sources = declared.filter(move |source| source.is_supplement == is_supplement);
        let group = |source: &Source| Group {
            heading: doc::code(&source.id),
            lines: of_one_source(&source.id, &differences, &supplements),
        };
        sources
            .map(group)
            .filter(|group| !group.lines.is_empty())
            .collect()
    };
    let of_several = |difference: &&JudgedFacet| only_document(difference, &supplements).is_none();
    let page = Page {
        operations: api.operations.len(),
        descriptions: merged.sources.iter().map(|source| source.operations).sum(),
        sources: source_lines(api, merged),
        verdicts: figures(merged),
        overlays: overlays(&judged.corrections()),
        contradictions: of(Verdict::Contradictory).map(contradiction).collect(),
        unions: unions(of(Verdict::Compatible).filter(of_several)),
        names: annotations()
            .filter(|difference| is_name(difference) && !is_path_parameter(difference))
            .map(text)
            .collect(),
        parameters: renamings(annotations().filter(is_path_parameter)),
        texts: annotations()
            .filter(|difference| !is_name(difference))
            .map(text)
            .collect(),
        documents: alone(false),
        supplements: alone(true),
        choices: choices(&supplements, of(Verdict::Contradictory)),
        reasons: reasons(&judged.remarks()),
    };
    Ok(template::render(specweave_templates::RECONCILIATION, &page)?.into_bytes())
}

fn source_lines(api: &Api, merged: &Merged) -> Vec<SourceLine> {
    let supplements = supplements(merged);
    let alone = |id: &str| {
        let is_alone = |operation: &&Operation| {
            let provenance = operation.docs.provenance.iter();
            let mut others = provenance.map(|line| &*line.source);
            let has_others = others.any(|other| other != id && !supplements.contains(other));
            let mut sources = operation.docs.provenance.iter();
            !has_others && sources.any(|line| line.source == id)
        };
        api.operations.iter().filter(is_alone).count()
    };
    let line = |(index, source): (usize, &MergedSource)| SourceLine {
        single: source.single,
        verdicts: verdicts_of(index, &merged.findings),
        id: doc::code(&source.declared.id),
        title: doc::plain(&source.declared.title),
        operations: source.operations,
        alone: alone(&source.declared.id),
    };
    merged.sources.iter().enumerate().map(line).collect()
}

/// How many facets have a claim of a source, by verdict.
fn verdicts_of(source: usize, findings: &[Finding]) -> Vec<usize> {
    let has_claim = |finding: &&Finding| {
        let mut claims = finding.claims.iter();
        claims.any(|claim| usize::from(claim.origin.source.0) == source)
    };
    let verdicts: Vec<Verdict> = findings
        .iter()
        .filter(has_claim)
        .map(|finding| finding.judgement.verdict)
        .collect();
    let count = |verdict| verdicts.iter().filter(|other| **other == verdict).count();
    Verdict::ALL.map(count).to_vec()
}

/// Where the page has the facets with this verdict.
fn sections(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Contradictory => "; [decided with a reason](#contradictions)",
        Verdict::Compatible => {
            ": [kept together](#kept-together), or of [one document](#only-in-one-document) and the supplement"
        }
        Verdict::Annotation => ": [names](#names), [texts](#texts)",
        Verdict::Single => {
            ": [documents](#only-in-one-document), [supplement](#only-in-the-supplement)"
        }
        Verdict::Identical => "",
    }
}

fn figures(merged: &Merged) -> Vec<Figure> {
    let counts = merged.counts();
    let figure = |verdict: Verdict| Figure {
        name: verdict.name(),
        count: counts.get(&verdict).copied().unwrap_or(0),
        meaning: format!("{}{}", verdict.meaning(), sections(verdict)),
    };
    Verdict::ALL.map(figure).into()
}

/// The corrections by overlay, in the order of application. Those with the same reason are one line.
fn overlays(corrections: &[JudgedCorrection]) -> Vec<Group> {
    let heading = |correction: &JudgedCorrection| {
        let (file, source) = (&correction.position.file, &correction.source);
        format!("{} of {}", doc::code(file), doc::code(source))
    };
    let of_overlay = |same: &[JudgedCorrection]| {
        let mut by_reason: IndexMap<(&str, &str), Vec<&JudgedCorrection>> = IndexMap::new();
        for correction in same {
            let key = (correction.reason.as_str(), correction.change);
            by_reason.entry(key).or_default().push(correction);
        }
        let line = |((text, change), same): ((&str, &str), Vec<&JudgedCorrection>)| {
            let target = |correction: &&JudgedCorrection| {
                let (target, position) = (&correction.target, &correction.position);
                format!("{} ({})", doc::code(target), at(position))
            };
            let targets: Vec<String> = same.iter().map(target).collect();
            let verb = match change {
                "remove" => "Removes",
                "copy" => "Copies to",
                _ => "Updates",
            };
            format!("{} {verb} {}", reason(text), targets.join(", "))
        };
        by_reason.into_iter().map(line).collect()
    };
    let group = |same: &[JudgedCorrection]| {
        Some(Group {
            heading: heading(same.first()?),
            lines: of_overlay(same),
        })
    };
    let overlays = corrections.chunk_by(|a, b| heading(a) == heading(b));
    overlays.filter_map(group).collect()
}

fn contradiction(difference: &JudgedFacet) -> Contradiction {
    let decision = difference.decision.as_ref().map(|decision| {
        format!(
            "{}. {} ({})",
            value(&decision.value),
            reason(&decision.reason),
            at(&decision.position)
        )
    });
    Contradiction {
        heading: name(difference),
        claims: by_value(&difference.claims)
            .into_iter()
            .map(|(value, sources)| format!("{value} is claimed by {sources}."))
            .collect(),
        rule: difference.rule.unwrap_or_default(),
        decision,
    }
}

/// The compatible differences by rule.
fn unions<'d>(differences: impl Iterator<Item = &'d JudgedFacet>) -> Vec<Group> {
    let mut by_rule: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for difference in differences {
        let line = if difference.facet == Facet::Presence.name() {
            let silent = difference.silent.iter().map(|id| doc::code(id));
            format!(
                "{}: described by {}, left out by {}",
                part(difference),
                sources(&difference.claims),
                silent.collect::<Vec<_>>().join(", ")
            )
        } else {
            let claims = by_value(&difference.claims).into_iter();
            let claims = claims.map(|(value, sources)| format!("{value} by {sources}"));
            format!(
                "{}: {}. Result: {}",
                name(difference),
                claims.collect::<Vec<_>>().join("; "),
                value(&difference.value)
            )
        };
        let rule = difference.rule.unwrap_or_default();
        by_rule.entry(rule).or_default().push(line);
    }
    let groups = by_rule.into_iter();
    groups
        .map(|(rule, lines)| Group {
            heading: rule.to_owned(),
            lines,
        })
        .collect()
}

/// The path parameters with several names, by name.
fn renamings<'d>(differences: impl Iterator<Item = &'d JudgedFacet>) -> Vec<Renaming> {
    type Positions<'d> = Vec<&'d Position>;
    let mut by_name: BTreeMap<&str, BTreeMap<(&str, &str), Positions<'d>>> = BTreeMap::new();
    for difference in differences {
        let name = difference.value.as_str().unwrap_or_default();
        for claim in &difference.claims {
            let other = claim.value.as_str().unwrap_or_default();
            if other != name {
                let others = by_name.entry(name).or_default();
                let key = (other, claim.position.source.as_str());
                others
                    .entry(key)
                    .or_default()
                    .push(&claim.position.position);
            }
        }
    }
    let renaming = |(name, others): (&str, BTreeMap<(&str, &str), Positions<'d>>)| Renaming {
        name: doc::code(name),
        others: others
            .into_iter()
            .map(|((other, source), positions)| {
                let plural = if positions.len() == 1 { "" } else { "s" };
                format!(
                    "{} in {} operation{plural} of {} ({})",
                    doc::code(other),
                    positions.len(),
                    doc::code(source),
                    at_all(&positions)
                )
            })
            .collect(),
    };
    by_name.into_iter().map(renaming).collect()
}

/// Whose text is used, and whose is not.
fn text(difference: &JudgedFacet) -> String {
    let (used, others): (Vec<_>, Vec<_>) = difference.claims.iter().partition(|claim| {
        match (claim.value.as_str(), difference.value.as_str()) {
            (Some(text), Some(result)) => text == result || prose::shares_a_sentence(text, result),
            _ => claim.value == difference.value,
        }
    });
    if difference.facet == Facet::Name.name() {
        let others = by_value(&others.into_iter().cloned().collect::<Vec<_>>());
        let others = others
            .iter()
            .map(|(value, sources)| format!("{value} in {sources}"));
        let others = others.collect::<Vec<_>>().join(", ");
        return format!("{} is {others}", doc::code(&difference.place));
    }
    let name = name(difference);
    match (used.is_empty(), others.is_empty()) {
        (false, false) => format!("{name}: {} instead of {}", sources(used), sources(others)),
        (false, true) => format!("{name}: sentences of {}", sources(used)),
        (true, _) => format!("{name}: sentences of {}", sources(others)),
    }
}

/// The ids of the supplements.
fn supplements(merged: &Merged) -> BTreeSet<&str> {
    let declared = merged.sources.iter().map(|source| &source.declared);
    let supplements = declared.filter(|source| source.is_supplement);
    supplements.map(|source| source.id.as_str()).collect()
}

/// The only document that has a part or makes a claim, if other documents that describe the item do not. The supplement
/// counts for nothing here: it describes most items of all documents.
fn only_document<'d>(
    difference: &'d JudgedFacet,
    supplements: &BTreeSet<&str>,
) -> Option<&'d JudgedClaim> {
    let is_part = difference.facet == Facet::Presence.name();
    if !is_part && difference.verdict != Verdict::Single {
        return None;
    }
    let is_document = |id: &str| !supplements.contains(id);
    let mut documents = difference
        .claims
        .iter()
        .filter(|claim| is_document(&claim.position.source));
    let only = documents.next()?;
    let is_other = |claim: &JudgedClaim| claim.position.source != only.position.source;
    let mut silent = difference.silent.iter();
    (!documents.any(is_other) && silent.any(|id| is_document(id))).then_some(only)
}

/// The claim of a source, if what it is about is listed as what only this source has.
fn only_claim<'d>(
    source: &str,
    difference: &'d JudgedFacet,
    supplements: &BTreeSet<&str>,
) -> Option<&'d JudgedClaim> {
    let of_document = only_document(difference, supplements);
    let only = match of_document {
        Some(only) => only,
        None if difference.verdict == Verdict::Single => difference.claims.first()?,
        None => return None,
    };
    (only.position.source == source).then_some(only)
}

/// What only one source has, by operation or component.
fn of_one_source(
    source: &str,
    differences: &[JudgedFacet],
    supplements: &BTreeSet<&str>,
) -> Vec<String> {
    let mut by_place: BTreeMap<(&str, &str), Vec<(String, &Position)>> = BTreeMap::new();
    for difference in differences {
        let Some(claim) = only_claim(source, difference, supplements) else {
            continue;
        };
        let place = difference.place.as_str();
        let is_in_supplement = difference.claims.len() > 1;
        let kind = format!(
            "{}{}",
            kind(difference),
            if is_in_supplement { "+" } else { "" }
        );
        by_place
            .entry((item(place), place))
            .or_default()
            .push((kind, &claim.position.position));
    }
    // For each item, the places of each combination of facets.
    let mut lines: BTreeMap<&str, IndexMap<String, Vec<String>>> = BTreeMap::new();
    for ((item, place), facets) in by_place {
        let (kinds, positions): (Vec<String>, Vec<&Position>) = facets.into_iter().unzip();
        let kinds = kinds.join(", ");
        let place = match place.strip_prefix(item).unwrap_or(place).trim_start() {
            "" => String::new(),
            rest => format!("{} ", doc::code(rest)),
        };
        let text = format!("{place}({})", at_all(&positions));
        let kinds = lines.entry(item).or_default().entry(kinds).or_default();
        kinds.push(text);
    }
    let line = |(item, kinds): (&str, IndexMap<String, Vec<String>>)| {
        let kinds = kinds.into_iter();
        let kinds = kinds.map(|(kinds, places)| format!("{kinds} {}", places.join(", ")));
        format!(
            "{}: {}",
            doc::code(item),
            kinds.collect::<Vec<_>>().join("; ")
        )
    };
    lines.into_iter().map(line).collect()
}

/// The contradictions that a supplement decides against a document: its own claim holds.
fn choices<'d>(
    supplements: &BTreeSet<&str>,
    differences: impl Iterator<Item = &'d JudgedFacet>,
) -> Vec<String> {
    let is_choice = |difference: &&JudgedFacet| {
        let mut claims = difference.claims.iter();
        claims.any(|claim| {
            supplements.contains(claim.position.source.as_str()) && claim.value == difference.value
        })
    };
    let link = |difference: &JudgedFacet| {
        let heading = name(difference);
        format!("[{heading}](#{})", anchor(&heading))
    };
    differences.filter(is_choice).map(link).collect()
}

/// The reasons that sources give for what they state, each with all its places.
fn reasons(remarks: &[JudgedRemark]) -> Vec<String> {
    let mut by_text: IndexMap<&str, Vec<String>> = IndexMap::new();
    let reasons = remarks.iter();
    for remark in reasons.filter(|remark| remark.key == Facet::Reason.name()) {
        let position = &remark.position;
        let place = format!(
            "{} ({} {})",
            doc::code(&remark.place),
            doc::code(&position.source),
            at(&position.position)
        );
        by_text.entry(&remark.text).or_default().push(place);
    }
    let line =
        |(text, places): (&str, Vec<String>)| format!("{} {}", reason(text), places.join(", "));
    by_text.into_iter().map(line).collect()
}

/// `type` of `Project.firstEvent`.
fn name(difference: &JudgedFacet) -> String {
    let facet = match difference.facet {
        // Not a keyword of OpenAPI.
        words if words.contains(' ') => words.to_owned(),
        keyword => doc::code(keyword),
    };
    format!("{facet} of {}", doc::code(&difference.place))
}

/// What the claim of one source is about: the facet, with the values of an enum, or what is present.
fn kind(difference: &JudgedFacet) -> String {
    match difference.value.as_str() {
        Some(kind) if difference.facet == Facet::Presence.name() => kind.to_owned(),
        _ if difference.facet == Facet::Enum.name() => {
            format!("{} {}", difference.facet, value(&difference.value))
        }
        _ => difference.facet.to_owned(),
    }
}

/// What is present where: response `GET /x 404`.
fn part(difference: &JudgedFacet) -> String {
    format!("{} {}", kind(difference), doc::code(&difference.place))
}

/// Each claimed value with the sources that claim it, in order of authority.
fn by_value(claims: &[JudgedClaim]) -> Vec<(String, String)> {
    let mut values: Vec<(&Json, Vec<&JudgedClaim>)> = Vec::new();
    for claim in claims {
        match values.iter_mut().find(|(value, _)| **value == claim.value) {
            Some((_, same)) => same.push(claim),
            None => values.push((&claim.value, vec![claim])),
        }
    }
    let values = values.into_iter();
    values
        .map(|(claimed, claims)| (value(claimed), sources(claims)))
        .collect()
}

/// The sources of claims with their positions.
fn sources<'c>(claims: impl IntoIterator<Item = &'c JudgedClaim>) -> String {
    let mut positions: Vec<(&str, Vec<&Position>)> = Vec::new();
    for claim in claims {
        let source = claim.position.source.as_str();
        match positions.last_mut() {
            Some((last, all)) if *last == source => all.push(&claim.position.position),
            _ => positions.push((source, vec![&claim.position.position])),
        }
    }
    let texts = positions.into_iter();
    let texts =
        texts.map(|(source, positions)| format!("{} ({})", doc::code(source), at_all(&positions)));
    texts.collect::<Vec<_>>().join(", ")
}

/// A value in one line. What is no list is cut after [`WIDTH`] characters.
fn value(value: &Json) -> String {
    let text = value.to_string();
    match text.char_indices().nth(WIDTH).filter(|_| !value.is_array()) {
        Some((cut, _)) => doc::code(&format!("{}...", &text[..cut])),
        None => doc::code(&text),
    }
}

fn reason(text: &str) -> String {
    doc::lines(text).join(" ")
}

/// `file:line`.
fn at(position: &Position) -> String {
    at_all(&[position])
}

/// `file:line,line` of all positions, each file and each line once.
fn at_all(positions: &[&Position]) -> String {
    let mut files: BTreeMap<&str, BTreeSet<u32>> = BTreeMap::new();
    for position in positions {
        files
            .entry(&position.file)
            .or_default()
            .insert(position.line);
    }
    let texts = files.into_iter().map(|(file, lines)| {
        let lines = lines.iter().map(u32::to_string);
        doc::code(&format!("{file}:{}", lines.collect::<Vec<_>>().join(",")))
    });
    texts.collect::<Vec<_>>().join(", ")
}

/// The anchor that renderers of markdown give a heading.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter_map(|letter| match letter {
        ' ' => Some('-'),
        '-' | '_' => Some(letter),
        letter if letter.is_alphanumeric() => Some(letter.to_ascii_lowercase()),
        _ => None,
    });
    kept.collect()
}
