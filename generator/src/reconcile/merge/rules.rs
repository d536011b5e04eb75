//! The rules for verdicts: whether claims agree, and which value results.
//!
//! A *claim* is the value that one source states for one facet. Silence is not a claim, so a rule sees only the sources
//! that state a value. A source that yields (`yields` in the manifest) makes claims, but they give way to claims that
//! contradict them.
//!
//! | facet | in a response | in a request |
//! |---|---|---|
//! | type | a type that contains the other is compatible (number contains integer); overlapping lists are united; disjoint lists contradict | the same, but overlapping lists contradict |
//! | format | int64 contains int32, double contains float, uri contains url; others contradict | the same |
//! | nullable | true if any claim is true | a difference contradicts |
//! | enum | united, in order of authority | a difference contradicts |
//! | required | true if all claims are true | a difference contradicts |
//! | oneOf | united | a difference contradicts |
//! | additionalProperties | true if any claim is true | a difference contradicts |
//! | lower bounds | the lowest | a difference contradicts |
//! | upper bounds | the highest | a difference contradicts |
//! | pattern, multipleOf, default | the claim of the highest authority | a difference contradicts |
//! | deprecated | true if any claim is true | the same |
//! | security | overlapping alternatives are united, scopes included; disjoint alternatives contradict, and so do no authentication and required authentication | – |
//! | success status | overlapping lists are united; disjoint lists contradict | – |
//! | examples | united | united |
//! | summary, description | the text that tells most (`texts`), unless a source chooses its own by `x-chosen`; statements of other descriptions on limits, defaults, scopes and allowed values are added; the others are kept as claims | the same |
//! | title, version, operationId, tags, names and descriptions of enum values, security scheme, `x-arbitrary`, `x-refuted`, `x-reason` | the claim of the highest authority; the others are kept as claims | the same |
//! | name of a path parameter, header or component | the name of the highest authority | the same |
//! | discriminator mapping | united; two schemas for one value contradict | the same |
//! | $ref | other schemas contradict, and so does what a source describes itself although it has the schema (the claim `false`); beside alternatives, a reference is one of them | the same |
//! | readOnly, writeOnly | what one source only reads and another one only writes contradicts | the same |
//! | oneOf or anyOf | the keyword of the highest authority | the same |
//! | everything else | a difference contradicts | the same |
//!
//! A body or response of any media type (`*/*`) leaves it to the others: its schema is that of the media type that they name.
//!
//! What operations have from the security of the whole API is decided once, for the subject `the API`.
//!
//! A source that describes an item and states no value for a facet, or lacks a part of the item, does not contradict. If one
//! source is alone with a claim or a part, the verdict is `single`; a part of several sources is `compatible`.

use std::collections::HashSet;

use indexmap::{IndexMap, IndexSet};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::texts;
use crate::description::document::Facet;
use crate::http::Direction;

/// The verdict on a set of claims.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// All claims are equal.
    Identical,
    /// Only prose differs. One of the claims results; the others are kept.
    Annotation,
    /// One claim subsumes the other, or both can be true.
    Compatible,
    /// The claims cannot all be true. A maintainer decides.
    Contradictory,
    /// One source has a claim; others describe the item and claim nothing.
    Single,
}

impl Verdict {
    /// All verdicts, in the order in which they are reported.
    pub const ALL: [Self; 5] = [
        Self::Contradictory,
        Self::Compatible,
        Self::Annotation,
        Self::Single,
        Self::Identical,
    ];

    /// The verdicts on differences, in the same order.
    pub fn differences() -> impl Iterator<Item = Self> {
        let all = Self::ALL.into_iter();
        all.filter(|verdict| *verdict != Self::Identical)
    }

    /// The name of the verdict in reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Annotation => "annotation",
            Self::Compatible => "compatible",
            Self::Contradictory => "contradictory",
            Self::Single => "single",
        }
    }

    /// What the verdict means, for those who read a report.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Identical => "Several sources claim the same",
            Self::Annotation => "Only names or texts differ",
            Self::Compatible => "The claims can all be true",
            Self::Contradictory => "The claims cannot all be true",
            Self::Single => "One source claims it, others that describe the item do not",
        }
    }
}

/// A verdict with the rule that led to it and the value that follows from it.
#[derive(Debug, Clone, PartialEq)]
pub struct Judgement {
    /// The verdict.
    pub verdict: Verdict,
    /// The rule, as a sentence.
    pub rule: &'static str,
    /// The resulting value. For a contradiction, the value of the highest authority.
    pub value: Json,
}

impl Judgement {
    /// The judgement on a facet that one source claims, though others describe the item.
    pub(super) fn of_one(value: Json) -> Self {
        let rule = "one source states it; the others that describe the item do not mention it";
        judged(Verdict::Single, rule, value)
    }

    /// The judgement on a part that a number of the sources have, and others that describe the item lack.
    pub(super) fn of_presence(kind: Json, sources: usize) -> Self {
        match sources {
            0 | 1 => judged(Verdict::Single, "one source has it", kind),
            _ => judged(Verdict::Compatible, "what some sources lack is kept", kind),
        }
    }

    /// The judgement on different names of a path parameter, header or component.
    pub(super) fn of_names(name: Json) -> Self {
        let rule = "the name of the highest authority is used";
        judged(Verdict::Annotation, rule, name)
    }

    /// The judgement on different mappings of a discriminator.
    pub(super) fn of_mappings(mapping: Json) -> Self {
        judged(Verdict::Compatible, "the mappings are united", mapping)
    }

    /// The judgement on paths that differ only in a trailing slash.
    pub(super) fn of_trailing_slash(paths: Json) -> Self {
        let rule = "paths that differ in a trailing slash are two operations";
        judged(Verdict::Compatible, rule, paths)
    }
}

fn judged(verdict: Verdict, rule: &'static str, value: Json) -> Judgement {
    Judgement {
        verdict,
        rule,
        value,
    }
}

/// Judges the claims on a facet, in order of authority. Returns `None` without claims.
///
/// Of a response, a reader must accept every value that any source allows. What a request has to carry must not be weakened by
/// a union, and a value that is sent in both directions is judged as a request.
#[must_use]
pub fn judge(facet: Facet, direction: Direction, claims: &[&Json]) -> Option<Judgement> {
    let (first, rest) = claims.split_first()?;
    let first = *first;
    if rest.iter().all(|other| *other == first) {
        return Some(judged(
            Verdict::Identical,
            "all claims are equal",
            first.clone(),
        ));
    }
    if texts::is_text(facet) {
        return judge_texts(facet, claims, None);
    }
    Some(judge_difference(facet, direction, first, claims))
}

/// Judges different texts, in order of authority. `chosen` is the index of the one that its source chooses.
#[must_use]
pub fn judge_texts(facet: Facet, claims: &[&Json], chosen: Option<usize>) -> Option<Judgement> {
    let (rule, value) = texts::settle(facet, claims, chosen)?;
    Some(judged(Verdict::Annotation, rule, value))
}

fn judge_difference(
    facet: Facet,
    direction: Direction,
    first: &Json,
    claims: &[&Json],
) -> Judgement {
    use Verdict::{Annotation, Compatible, Contradictory};
    let response = direction == Direction::Response;
    match facet {
        Facet::Arbitrary
        | Facet::Refuted
        | Facet::Reason
        | Facet::Title
        | Facet::Version
        | Facet::OperationId
        | Facet::Tags
        | Facet::EnumNames
        | Facet::EnumDescriptions => judged(
            Annotation,
            "the text of the highest authority is used",
            first.clone(),
        ),
        Facet::SecurityScheme => judged(
            Annotation,
            "the declaration of the highest authority is used",
            first.clone(),
        ),
        Facet::AlternativesKind => judged(
            Annotation,
            "the keyword of the highest authority is used",
            first.clone(),
        ),
        Facet::Examples => judged(Annotation, "examples are united", united(claims)),
        Facet::Type => judge_types(direction, claims),
        Facet::Format => judge_formats(first, claims),
        Facet::Deprecated => judged(
            Compatible,
            "deprecated if any source claims it",
            json!(true),
        ),
        Facet::Nullable if response => judged(
            Compatible,
            "nullable in a response if any source claims it",
            json!(true),
        ),
        Facet::Required if response => judged(
            Compatible,
            "required in a response only if all sources with a claim agree",
            json!(false),
        ),
        Facet::AdditionalProperties if response => judged(
            Compatible,
            "additional properties are allowed in a response if any source allows them",
            json!(true),
        ),
        Facet::Alternatives if response => judged(
            Compatible,
            "the alternatives of a response are united",
            united(claims),
        ),
        Facet::Enum if response => judged(
            Compatible,
            "the enum values of a response are united",
            united(claims),
        ),
        Facet::Minimum
        | Facet::ExclusiveMinimum
        | Facet::MinLength
        | Facet::MinItems
        | Facet::MinProperties
            if response =>
        {
            judged(
                Compatible,
                "in a response, the lowest bound is used",
                extreme(claims, f64::lt),
            )
        }
        Facet::Maximum
        | Facet::ExclusiveMaximum
        | Facet::MaxLength
        | Facet::MaxItems
        | Facet::MaxProperties
            if response =>
        {
            judged(
                Compatible,
                "in a response, the highest bound is used",
                extreme(claims, f64::gt),
            )
        }
        Facet::Pattern | Facet::MultipleOf | Facet::Default if response => judged(
            Annotation,
            "in a response, the claim of the highest authority is used",
            first.clone(),
        ),
        Facet::Reference if claims.iter().any(|claim| claim.is_boolean()) => judged(
            Contradictory,
            "one refers to a schema, and the other describes something else; `false` decides for the description",
            first.clone(),
        ),
        Facet::Security => judge_security(first, claims),
        Facet::SuccessStatus => judge_success(first, claims),
        _ => judged(
            Contradictory,
            contradiction(facet, direction),
            first.clone(),
        ),
    }
}

/// Why claims that differ cannot be reconciled.
fn contradiction(facet: Facet, direction: Direction) -> &'static str {
    match facet {
        Facet::Default => "what is left out has one default",
        Facet::Location => "a value is sent in one place",
        Facet::Reference => "they refer to different schemas",
        Facet::ReadOnly | Facet::WriteOnly => "only one of them can be true",
        Facet::DiscriminatorMapping => "a value of the discriminator belongs to one schema",
        Facet::Required => "a request either has to contain it, or need not",
        Facet::Enum => "a server need not accept a value that only one source lists",
        Facet::Style | Facet::Explode | Facet::AllowReserved => "a value is written in one way",
        Facet::Servers => "the API has one base path",
        _ if matches!(direction, Direction::Request) => {
            "a server need not accept what only one source allows"
        }
        _ => "only one of them can be true",
    }
}

/// All items of all lists, each once, in order of authority.
fn united(claims: &[&Json]) -> Json {
    let items = claims.iter().filter_map(|claim| claim.as_array()).flatten();
    let all: IndexSet<&Json> = items.collect();
    Json::Array(all.into_iter().cloned().collect())
}

fn extreme(claims: &[&Json], better: fn(&f64, &f64) -> bool) -> Json {
    let mut best: Option<(f64, &Json)> = None;
    for claim in claims {
        let Some(value) = claim.as_f64() else {
            continue;
        };
        if best.is_none_or(|(current, _)| better(&value, &current)) {
            best = Some((value, claim));
        }
    }
    best.map_or(Json::Null, |(_, claim)| claim.clone())
}

/// Whether every type of `small` is allowed by `large`.
fn types_within(small: &[Json], large: &[Json]) -> bool {
    small
        .iter()
        .all(|kind| large.contains(kind) || (kind == "integer" && large.contains(&json!("number"))))
}

fn judge_types(direction: Direction, claims: &[&Json]) -> Judgement {
    // Null alone states that the value can be null, but not its type otherwise.
    let null = json!(["null"]);
    let typed: Vec<&Json> = claims
        .iter()
        .copied()
        .filter(|claim| **claim != null)
        .collect();
    if typed.len() < claims.len()
        && let [first, rest @ ..] = typed.as_slice()
        && rest.iter().all(|other| other == first)
    {
        let rule = "null does not state the type of other values";
        return judged(Verdict::Compatible, rule, (*first).clone());
    }
    let claims = typed.as_slice();
    let lists: Vec<&[Json]> = claims
        .iter()
        .filter_map(|claim| claim.as_array())
        .map(Vec::as_slice)
        .collect();
    let widest = lists
        .iter()
        .find(|large| lists.iter().all(|small| types_within(small, large)));
    if let Some(widest) = widest {
        let rule = "the wider type contains the narrower one";
        return judged(Verdict::Compatible, rule, Json::Array(widest.to_vec()));
    }
    let first = lists.first().map(|list| list.to_vec()).unwrap_or_default();
    let overlaps = |a: &[Json], b: &[Json]| {
        a.iter()
            .any(|kind| types_within(std::slice::from_ref(kind), b))
            || b.iter()
                .any(|kind| types_within(std::slice::from_ref(kind), a))
    };
    let all_overlap = lists.iter().all(|a| lists.iter().all(|b| overlaps(a, b)));
    if all_overlap && direction == Direction::Response {
        return judged(
            Verdict::Compatible,
            "overlapping types of a response are united",
            united(claims),
        );
    }
    judged(
        Verdict::Contradictory,
        "no value has both types",
        Json::Array(first),
    )
}

fn judge_formats(first: &Json, claims: &[&Json]) -> Judgement {
    for (narrow, wide) in [("int32", "int64"), ("float", "double"), ("url", "uri")] {
        if claims
            .iter()
            .all(|claim| **claim == narrow || **claim == wide)
        {
            return judged(
                Verdict::Compatible,
                "the wider format contains the narrower one",
                json!(wide),
            );
        }
    }
    judged(
        Verdict::Contradictory,
        "a string of one format does not match the other",
        first.clone(),
    )
}

fn judge_security(first: &Json, claims: &[&Json]) -> Judgement {
    let lists: Vec<Vec<Json>> = claims.iter().map(|claim| scheme_names(claim)).collect();
    let lists: Vec<&[Json]> = lists.iter().map(Vec::as_slice).collect();
    if lists.iter().any(|list| list.is_empty()) {
        let rule = "no authentication contradicts required authentication";
        return judged(Verdict::Contradictory, rule, first.clone());
    }
    if any_disjoint(&lists) {
        let rule = "the sources have no way to authenticate in common";
        return judged(Verdict::Contradictory, rule, first.clone());
    }
    let mut all: IndexMap<Vec<Json>, Vec<Json>> = IndexMap::new();
    for alternative in claims.iter().filter_map(|claim| claim.as_array()).flatten() {
        let known = all.entry(scheme_names(&json!([alternative]))).or_default();
        if !known.contains(alternative) {
            known.push(alternative.clone());
        }
    }
    // A source that names no scopes does not say that none is needed.
    for same in all.values_mut() {
        if same.iter().any(names_scopes) {
            same.retain(names_scopes);
        }
    }
    judged(
        Verdict::Compatible,
        "the ways to authenticate of all sources are kept; one without scopes gives way to the same one with scopes",
        Json::Array(all.into_values().flatten().collect()),
    )
}

/// Whether an alternative names a scope.
fn names_scopes(alternative: &Json) -> bool {
    let mut schemes = alternative.as_object().into_iter().flatten();
    schemes.any(|(_, scopes)| scopes.as_array().is_some_and(|scopes| !scopes.is_empty()))
}

/// The scheme names of each alternative. Alternatives that differ only in scopes count as equal.
fn scheme_names(requirements: &Json) -> Vec<Json> {
    let alternatives = requirements.as_array().into_iter().flatten();
    let names = alternatives.map(|alternative| {
        let schemes = alternative.as_object().into_iter().flatten();
        schemes.map(|(name, _)| json!(name)).collect()
    });
    names.collect()
}

/// Whether any two of the lists are disjoint.
fn any_disjoint(lists: &[&[Json]]) -> bool {
    let sets: Vec<HashSet<&Json>> = lists.iter().map(|list| list.iter().collect()).collect();
    let mut pairs = sets.iter().flat_map(|a| sets.iter().map(move |b| (a, b)));
    pairs.any(|(a, b)| a.is_disjoint(b))
}

fn judge_success(first: &Json, claims: &[&Json]) -> Judgement {
    let lists: Vec<&[Json]> = claims
        .iter()
        .filter_map(|claim| claim.as_array())
        .map(Vec::as_slice)
        .collect();
    if any_disjoint(&lists) {
        let rule = "the sources state different success statuses";
        return judged(Verdict::Contradictory, rule, first.clone());
    }
    let mut all = united(claims);
    if let Some(statuses) = all.as_array_mut() {
        statuses.sort_by_key(Json::to_string);
    }
    judged(Verdict::Compatible, "success statuses are united", all)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::{Direction, Verdict, judge};
    use crate::description::document::Facet;

    fn check(facet: Facet, direction: Direction, claims: &[Json], verdict: Verdict, value: Json) {
        let claims: Vec<&Json> = claims.iter().collect();
        let judgement = judge(facet, direction, &claims).unwrap();
        assert_eq!(
            (judgement.verdict, judgement.value),
            (verdict, value),
            "{facet:?} {claims:?}"
        );
    }

    #[test]
    fn equal_claims_are_identical_whatever_the_facet() {
        for facet in [
            Facet::Type,
            Facet::Required,
            Facet::Enum,
            Facet::Location,
            Facet::Description,
        ] {
            check(
                facet,
                Direction::Request,
                &[json!(["a"]), json!(["a"])],
                Verdict::Identical,
                json!(["a"]),
            );
        }
    }

    #[test]
    fn prose_is_an_annotation_and_the_authority_wins() {
        check(
            Facet::Title,
            Direction::Request,
            &[json!("one"), json!("two")],
            Verdict::Annotation,
            json!("one"),
        );
    }

    #[test]
    fn an_integer_is_a_number_but_not_a_string() {
        let (integer, number, string) = (json!(["integer"]), json!(["number"]), json!(["string"]));
        check(
            Facet::Type,
            Direction::Request,
            &[integer.clone(), number.clone()],
            Verdict::Compatible,
            number,
        );
        check(
            Facet::Type,
            Direction::Response,
            &[string.clone(), integer],
            Verdict::Contradictory,
            string,
        );
    }

    #[test]
    fn a_response_is_read_leniently() {
        let response = Direction::Response;
        check(
            Facet::Required,
            response,
            &[json!(true), json!(false)],
            Verdict::Compatible,
            json!(false),
        );
        check(
            Facet::Nullable,
            response,
            &[json!(false), json!(true)],
            Verdict::Compatible,
            json!(true),
        );
        check(
            Facet::Enum,
            response,
            &[json!(["b", "a"]), json!(["a", "c"])],
            Verdict::Compatible,
            json!(["b", "a", "c"]),
        );
        check(
            Facet::Minimum,
            response,
            &[json!(3), json!(1)],
            Verdict::Compatible,
            json!(1),
        );
        check(
            Facet::MaxLength,
            response,
            &[json!(3), json!(9)],
            Verdict::Compatible,
            json!(9),
        );
    }

    #[test]
    fn a_request_is_not_weakened() {
        for (facet, a, b) in [
            (Facet::Required, json!(true), json!(false)),
            (Facet::Nullable, json!(true), json!(false)),
            (Facet::Enum, json!(["a"]), json!(["a", "b"])),
            (Facet::Maximum, json!(1), json!(2)),
            (Facet::Default, json!(1), json!(2)),
            (Facet::Pattern, json!("a"), json!("b")),
        ] {
            check(
                facet,
                Direction::Request,
                &[a.clone(), b],
                Verdict::Contradictory,
                a,
            );
        }
    }

    #[test]
    fn success_statuses_overlap_or_contradict() {
        let response = Direction::Response;
        check(
            Facet::SuccessStatus,
            response,
            &[json!(["201"]), json!(["200", "201"])],
            Verdict::Compatible,
            json!(["200", "201"]),
        );
        check(
            Facet::SuccessStatus,
            response,
            &[json!(["200"]), json!(["204"])],
            Verdict::Contradictory,
            json!(["200"]),
        );
    }

    #[test]
    fn formats_widen_or_contradict() {
        check(
            Facet::Format,
            Direction::Request,
            &[json!("int32"), json!("int64")],
            Verdict::Compatible,
            json!("int64"),
        );
        check(
            Facet::Format,
            Direction::Request,
            &[json!("date-time"), json!("uri")],
            Verdict::Contradictory,
            json!("date-time"),
        );
    }
}
