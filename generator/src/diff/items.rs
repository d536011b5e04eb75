//! An item of a version: what of it can change, and what a change asks of the next version.

use std::collections::{BTreeMap, HashMap};

use indexmap::IndexMap;

use super::{Claim, Severity};
use crate::api::Docs;
use crate::emit::pages::request_schemas::is_checked;

/// The items of a version by key.
pub(super) type Items = IndexMap<String, Item>;

/// An item.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) kind: Kind,
    /// The key of the item that it is a part of.
    pub(super) parent: Option<String>,
    /// What it is in Rust.
    pub(super) rust: String,
    /// Its own name in Rust, without what it is a part of.
    pub(super) name: String,
    /// Whether a caller that does not know it must be changed once it is there.
    pub(super) is_demanded: bool,
    /// What can change.
    pub(super) facets: IndexMap<&'static str, Facet>,
    pub(super) claims: Vec<Claim>,
    /// Where facets are stated that have places of their own.
    pub(super) places: HashMap<&'static str, Vec<Claim>>,
}

/// The kind of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Kind {
    Operation,
    Webhook,
    Parameter,
    Body,
    MediaType,
    Response,
    /// A variant of the enum of responses: a response in one media type, or without a body.
    ResponseBody,
    Header,
    Type,
    Field,
    EnumValue,
    Alternative,
    /// The items of a list or the values of a map: their bounds.
    Items,
    Server,
    SecurityScheme,
    /// The texts of the API itself.
    Api,
    /// A group of operations: its description.
    Tag,
    /// The package that the manifest states.
    Package,
}

impl Kind {
    /// How kinds of changes begin.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Webhook => "webhook",
            Self::Parameter => "parameter",
            Self::Body => "body",
            Self::MediaType => "media-type",
            Self::Response => "response",
            Self::ResponseBody => "response-body",
            Self::Header => "header",
            Self::Type => "type",
            Self::Field => "field",
            Self::EnumValue => "enum-value",
            Self::Alternative => "alternative",
            Self::Items => "items",
            Self::Server => "server",
            Self::SecurityScheme => "security-scheme",
            Self::Api => "api",
            Self::Tag => "tag",
            Self::Package => "package",
        }
    }

    /// Whether a change tells that an item is new or gone. That there are items of a list, a tag, or a package is told by the
    /// type, by the operations of the tag, or by nothing.
    pub(super) fn comes_and_goes(self) -> bool {
        !matches!(self, Self::Items | Self::Api | Self::Tag | Self::Package)
    }
}

/// Something about an item that can change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Facet {
    pub(super) value: String,
    /// What it is in Rust, if it is not the item itself: `ListTeams::send`.
    pub(super) rust: Option<String>,
    pub(super) rule: Rule,
}

/// What a change of a facet asks of the next version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    /// The same for every change.
    Always(Severity),
    /// Minor where there was nothing before, else major.
    Added,
    /// Alternatives, separated by ` | `: minor where there are several and none goes, since their enum is open, else major.
    Alternatives,
    /// A number that a request must not exceed: major where it is lowered or new, minor where it is raised or gone.
    Most,
    /// A number that a request must reach: major where it is raised or new, minor where it is lowered or gone.
    Least,
    /// A length or a number of items that a request must reach: as [`Self::Least`], but 0 says no more than nothing.
    LeastCount,
    /// What a request must match: minor where it is gone, else major.
    Restriction,
    /// The number that a request must be a multiple of: minor where it is gone, or was a multiple of the new one, else major.
    MultipleOf,
    /// Security requirements, by the names of their schemes: major where credentials that were enough are not any
    /// more, so that calls that were allowed are not, else minor.
    Security,
    /// The format of a text in a request: major where the server checks it, minor where it did and does not any more.
    Format,
}

impl Rule {
    /// What a change between these values asks.
    pub(super) fn severity(self, before: &str, after: &str) -> Severity {
        let number = |text: &str| text.parse::<f64>().ok();
        let tightened = |is_tighter: fn(f64, f64) -> bool| match (number(before), number(after)) {
            (Some(before), Some(after)) => is_tighter(before, after),
            _ => before.is_empty(),
        };
        let is_major = match self {
            Self::Always(severity) => return severity,
            Self::Added => !before.is_empty(),
            Self::Alternatives => {
                let stays = |one: &str| after.split(" | ").any(|other| other == one);
                !before.contains(" | ") || !before.split(" | ").all(stays)
            }
            Self::Security => !accepts_the_same(before, after),
            Self::Most => tightened(|before, after| after < before),
            Self::Least => tightened(|before, after| after > before),
            Self::LeastCount => {
                let (before, after) = (or_zero(before), or_zero(after));
                if before == after {
                    return Severity::Patch;
                }
                return Self::Least.severity(before, after);
            }
            Self::Restriction => !after.is_empty(),
            Self::MultipleOf => !(after.is_empty() || is_multiple(number(before), number(after))),
            Self::Format if is_checked(after) => true,
            Self::Format if is_checked(before) => false,
            Self::Format => return Severity::Patch,
        };
        if is_major {
            Severity::Major
        } else {
            Severity::Minor
        }
    }
}

fn or_zero(count: &str) -> &str {
    if count.is_empty() { "0" } else { count }
}

/// Whether a number is a multiple of another one. Decimal fractions such as 0.1 are not exact.
fn is_multiple(number: Option<f64>, of: Option<f64>) -> bool {
    let ratio = number.zip(of).map(|(number, of)| number / of);
    ratio.is_some_and(|ratio| {
        let whole = ratio.round();
        whole.abs() >= 1.0 && (ratio - whole).abs() < 1e-9
    })
}

/// What separates the security requirements of which one is enough, and the schemes that one asks for.
pub(super) const SECURITY_OR: &str = " or ";
pub(super) const SECURITY_AND: &str = " and ";

/// The security requirement of a call that needs no credential.
pub(super) const NO_CREDENTIAL: &str = "no credential";

/// The type of the errors of an operation that have several types.
pub(super) const ENUM_OF_ERRORS: &str = "an enum by status";

/// Whether what was enough for each of the earlier security requirements is enough for one of the later ones.
fn accepts_the_same(before: &str, after: &str) -> bool {
    before.split(SECURITY_OR).all(|earlier| {
        let given: Vec<&str> = schemes(earlier).collect();
        let mut later = after.split(SECURITY_OR);
        later.any(|later| schemes(later).all(|scheme| given.contains(&scheme)))
    })
}

/// The schemes that a security requirement asks for.
fn schemes(requirement: &str) -> impl Iterator<Item = &str> {
    let schemes = requirement.split(SECURITY_AND);
    schemes.filter(|scheme| !scheme.is_empty() && *scheme != NO_CREDENTIAL)
}

pub(super) const PATCH: Rule = Rule::Always(Severity::Patch);
pub(super) const MINOR: Rule = Rule::Always(Severity::Minor);
pub(super) const MAJOR: Rule = Rule::Always(Severity::Major);

/// The bounds among the notes of an item and what else they state of its values, with the rule for requests.
const BOUNDS: [(&str, &str, Rule); 13] = [
    ("Minimum", "minimum", Rule::Least),
    ("Greater than", "exclusive-minimum", Rule::Least),
    ("Maximum", "maximum", Rule::Most),
    ("Less than", "exclusive-maximum", Rule::Most),
    ("Minimum length", "minimum-length", Rule::LeastCount),
    ("Maximum length", "maximum-length", Rule::Most),
    ("Minimum number of items", "minimum-items", Rule::LeastCount),
    ("Maximum number of items", "maximum-items", Rule::Most),
    (
        "Minimum number of properties",
        "minimum-properties",
        Rule::LeastCount,
    ),
    (
        "Maximum number of properties",
        "maximum-properties",
        Rule::Most,
    ),
    ("Pattern", "pattern", Rule::Restriction),
    ("Multiple of", "multiple-of", Rule::MultipleOf),
    ("Media type of the content", "content-media-type", PATCH),
];

impl Item {
    /// Whether its values are integers.
    fn is_integer(&self) -> bool {
        let types = ["type", "target"].into_iter();
        let mut types = types.filter_map(|facet| self.facets.get(facet));
        types.any(|facet| {
            let ty = facet.value.trim_end_matches('>').rsplit('<').next();
            matches!(ty, Some("i32" | "i64" | "u32" | "u64"))
        })
    }

    /// Writes an exclusive bound as an inclusive one, unless it has both.
    fn include(&mut self, inclusive: &str, exclusive: &str, step: i64) {
        let number = |facet: &str| self.facets.get(facet)?.value.parse::<i64>().ok();
        let bound = number(exclusive).and_then(|bound| bound.checked_add(step));
        let bound = bound.filter(|_| number(inclusive).is_none());
        if let Some(bound) = bound
            && let Some(facet) = self.facets.get_mut(inclusive)
        {
            facet.value = bound.to_string();
            if let Some(facet) = self.facets.get_mut(exclusive) {
                facet.value.clear();
            }
        }
    }

    fn number(&self, facet: &str) -> Option<f64> {
        self.facets.get(facet)?.value.parse().ok()
    }

    /// Makes a bound an addition at most, if one of the earlier version has refused all that it refuses.
    fn follow(&mut self, bound: &str, refused_before: impl Fn(f64) -> bool) {
        let follows = self.number(bound).is_some_and(refused_before);
        if let Some(facet) = self.facets.get_mut(bound)
            && follows
            && matches!(facet.rule, Rule::Least | Rule::Most)
        {
            facet.rule = MINOR;
        }
    }

    pub(super) fn facet(mut self, name: &'static str, value: String, rule: Rule) -> Self {
        let rust = None;
        self.facets.insert(name, Facet { value, rust, rule });
        self
    }

    /// Tells where a facet is stated, if it has a place of its own.
    pub(super) fn stated(mut self, facet: &'static str, claims: Vec<Claim>) -> Self {
        if !claims.is_empty() {
            self.places.insert(facet, claims);
        }
        self
    }

    /// A facet of something else in Rust than the item.
    pub(super) fn facet_of(
        mut self,
        name: &'static str,
        rust: String,
        value: String,
        rule: Rule,
    ) -> Self {
        let rust = Some(rust);
        self.facets.insert(name, Facet { value, rust, rule });
        self
    }

    /// Adds the bounds among the notes, and the format. Those of responses are documentation.
    pub(super) fn bounds(mut self, docs: &Docs, is_sent: bool) -> Self {
        let notes = &docs.notes;
        let format = docs.format.clone().unwrap_or_default();
        let rule = if is_sent { Rule::Format } else { PATCH };
        self = self.facet("format", format, rule);
        let is_unique = notes.iter().any(|note| note == "Items are unique.");
        let rule = if is_sent { Rule::Least } else { PATCH };
        self = self.facet("unique-items", yes(is_unique), rule);
        let notes: BTreeMap<&str, &str> = notes
            .iter()
            .filter_map(|note| note.split_once(": "))
            .collect();
        for (label, name, rule) in BOUNDS {
            let value = notes.get(label).copied().unwrap_or_default();
            let value = without_fence(value);
            let value = match value.parse::<f64>() {
                Ok(number) if name != "pattern" => number.to_string(),
                _ => value.to_owned(),
            };
            let rule = if is_sent { rule } else { PATCH };
            self = self.facet(name, value, rule);
        }
        self
    }
}

/// Two versions of an item, the bounds of integers in one notation: less than 101 is at most 100. A bound of other numbers that
/// replaces one in the other notation is breaking only if it refuses more.
pub(super) fn in_one_notation(old: &Item, new: &Item) -> (Item, Item) {
    let (mut old, mut new) = (old.clone(), new.clone());
    let notations = [
        ("maximum", "exclusive-maximum", -1_i8),
        ("minimum", "exclusive-minimum", 1),
    ];
    for (inclusive, exclusive, step) in notations {
        let differs = |facet| old.facets.get(facet) != new.facets.get(facet);
        if differs(inclusive) && differs(exclusive) && old.is_integer() && new.is_integer() {
            old.include(inclusive, exclusive, step.into());
            new.include(inclusive, exclusive, step.into());
        }
        // The greater, the more does the bound refuse.
        let strictness = |bound: f64| bound * f64::from(step);
        if let Some(refused) = old.number(exclusive) {
            new.follow(inclusive, |bound| strictness(bound) <= strictness(refused));
        }
        if let Some(allowed) = old.number(inclusive) {
            new.follow(exclusive, |bound| strictness(bound) < strictness(allowed));
        }
    }
    (old, new)
}

/// The text of a code span.
fn without_fence(span: &str) -> &str {
    let fence = span.len() - span.trim_start_matches('`').len();
    let text = span.get(fence..span.len() - fence).unwrap_or_default();
    let padded = text.strip_prefix(' ').and_then(|it| it.strip_suffix(' '));
    match padded {
        Some(inner) if inner.starts_with('`') || inner.ends_with('`') => inner,
        _ => text,
    }
}

/// What a facet that is there or not has as its value.
pub(super) fn yes(flag: bool) -> String {
    if flag { "yes" } else { "" }.to_owned()
}
