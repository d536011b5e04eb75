//! What a change of the descriptions does to the API and to the code of a caller.
//!
//! Both versions are read into a list of items, each with what a caller or an implementer can see of it. Items are compared by
//! their names in the API, so that a new name in Rust is a rename, not a removal and an addition.

mod compare;
mod effect;
mod items;
mod moved;
mod place;
mod reader;
mod renamed;
mod security;
mod text;

use serde::{Serialize, Serializer};

use crate::api::lower::Lowered;
use crate::api::{Api, Name};
use crate::description::diagnostic::Diagnostics;
use crate::description::source::{NamedPosition, SourceMap, Span};
use crate::emit::pages::package::PackageOptions;
use crate::reconcile::merge::{Merged, is_undecided};

pub use text::{changelog, grouped, markdown, render};

/// One of the two versions that are compared.
#[derive(Debug, Clone, Copy)]
pub struct Version<'a> {
    /// The frozen API.
    pub api: &'a Api,
    /// The name of its library.
    pub library: &'a Name,
    /// The files that it was read from.
    pub sources: &'a SourceMap,
    /// The package that the manifest states, and where. It is compared if both versions have one.
    pub package: Option<(&'a PackageOptions, Span)>,
    /// The merged documents, which know where the texts of the API are.
    pub merged: Option<&'a Merged>,
}

impl<'a> Version<'a> {
    /// The version of a lowered API.
    #[must_use]
    pub fn new(lowered: &'a Lowered, library: &'a Name, sources: &'a SourceMap) -> Self {
        Self {
            api: &lowered.api,
            library,
            sources,
            package: None,
            merged: None,
        }
    }

    /// With the package that a manifest states at a position.
    #[must_use]
    pub fn with_package(self, package: &'a PackageOptions, at: Span) -> Self {
        let package = Some((package, at));
        Self { package, ..self }
    }

    /// With the places of the texts of the API.
    #[must_use]
    pub fn with_merged(self, merged: &'a Merged) -> Self {
        let merged = Some(merged);
        Self { merged, ..self }
    }
}

/// How much a change asks of the next version of the crate, by semantic versioning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Code of callers compiles as before, and does the same: documentation, and what only the wire shows.
    Patch,
    /// Something new that code of callers need not know. So are new fields of structs and new variants of enums, though a
    /// struct literal that names all fields, or a `match` without `_`, may no longer compile: the documentation of every emitted
    /// crate reserves them for minor versions, and its `Cargo.toml` tells `cargo semver-checks` so.
    Minor,
    /// Code of callers may no longer compile, or requests that were allowed are not.
    Major,
}

impl Severity {
    /// The name in text and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

/// A change of one item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it asks of the next version.
    pub severity: Severity,
    /// The kind, such as `operation-removed` or `field-type-changed`.
    pub kind: String,
    /// The item in the API: `GET /teams/{}/{}/ query expand`, `Team.dateCreated`.
    pub item: String,
    /// The item in Rust: `RetrieveTeam::expand`, `Team::date_created`.
    pub rust: String,
    /// What was there. `None` for an addition, and empty for something about an item that was not stated.
    pub before: Option<String>,
    /// What is there now. `None` for a removal, and empty for something about an item that is no longer stated.
    pub after: Option<String>,
    /// What it does to the code of a caller, in one line.
    pub effect: String,
    /// The version that `at` and `claims` are of: the later one, or the earlier one for a removal.
    pub side: Side,
    /// File, line and column of the claim with the highest authority.
    pub at: Option<NamedPosition>,
    /// The sources that describe the item, with file, line and column, in order of authority.
    pub claims: Vec<Claim>,
    /// Why a breaking change is wanted, if it is acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
}

/// A source that describes an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Claim {
    /// The source's id in the manifest, or `manifest` for what the manifest states itself.
    pub source: String,
    /// File, line and column.
    pub at: NamedPosition,
}

/// One of the two versions that are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    /// The earlier version.
    Before,
    /// The later version.
    After,
}

impl Side {
    /// The mark of a place that is not one of the files as they are now.
    #[must_use]
    pub fn mark(self) -> &'static str {
        match self {
            Self::Before => " (before)",
            Self::After => "",
        }
    }

    /// `earlier` or `later`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Before => "earlier",
            Self::After => "later",
        }
    }
}

/// A contradiction without a valid resolution. What is proposed as its decision was compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Undecided {
    /// The version whose sources contradict each other.
    pub side: Side,
    /// What they contradict each other about.
    pub message: String,
    /// File, line and column of the claim with the highest authority.
    pub at: Option<NamedPosition>,
}

impl Undecided {
    /// The contradictions among the diagnostics of a version.
    pub fn among(diagnostics: &Diagnostics, sources: &SourceMap, side: Side) -> Vec<Self> {
        let items = diagnostics.items().iter();
        let undecided = items.filter(|it| is_undecided(it));
        undecided
            .map(|it| Self {
                side,
                message: it.message.clone(),
                at: it.labels.first().map(|label| sources.shown(label.at)),
            })
            .collect()
    }
}

/// All changes between two versions. They are serialised with the verdict.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// The contradictions that are not decided, so that what they are about may change otherwise.
    pub undecided: Vec<Undecided>,
    /// The changes: the most severe first, then by item.
    pub changes: Vec<Change>,
}

impl Diff {
    /// The severity of the most severe change. `None` if there is no change.
    #[must_use]
    pub fn verdict(&self) -> Option<Severity> {
        self.changes.iter().map(|change| change.severity).max()
    }

    /// The name of the verdict: `none`, `patch`, `minor` or `major`.
    #[must_use]
    pub fn verdict_name(&self) -> &'static str {
        self.verdict().map_or("none", Severity::as_str)
    }

    /// The changes of a severity.
    pub fn of(&self, severity: Severity) -> impl Iterator<Item = &Change> {
        let changes = self.changes.iter();
        changes.filter(move |change| change.severity == severity)
    }

    /// The changes with the verdict, as JSON.
    ///
    /// # Errors
    /// If serialising fails. It does not fail for values of this module.
    pub fn to_json(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string_pretty(self)
    }
}

impl Serialize for Diff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Written<'a> {
            verdict: &'static str,
            #[serde(skip_serializing_if = "<[Undecided]>::is_empty")]
            undecided: &'a [Undecided],
            changes: &'a [Change],
        }
        let written = Written {
            verdict: self.verdict_name(),
            undecided: &self.undecided,
            changes: &self.changes,
        };
        written.serialize(serializer)
    }
}

/// Whether a version may follow an earlier one after changes of a severity. A pre-release promises nothing of the versions
/// after it, and counts as the version that it prepares.
#[must_use]
pub fn may_follow(
    version: &semver::Version,
    earlier: &semver::Version,
    severity: Option<Severity>,
) -> bool {
    let numbers = |it: &semver::Version| (it.major, it.minor, it.patch);
    let needed = next_version(earlier, severity);
    let order = version.cmp_precedence(earlier);
    if severity.is_some() {
        order.is_gt() && numbers(version) >= numbers(&needed)
    } else {
        order.is_ge()
    }
}

/// The lowest version that may follow a version after changes of a severity. Before 1.0.0, the second number counts what is
/// major, and the third all else, as cargo reads versions. After a pre-release, the next one is enough.
#[must_use]
pub fn next_version(version: &semver::Version, severity: Option<Severity>) -> semver::Version {
    let (major, minor, patch) = (version.major, version.minor, version.patch);
    let numbers = match (severity, major, minor) {
        (None, ..) => return version.clone(),
        _ if !version.pre.is_empty() => return next_prerelease(version),
        (Some(Severity::Major), 0, 0) | (Some(Severity::Patch), ..) => (major, minor, patch + 1),
        (Some(Severity::Major), 0, _) => (0, minor + 1, 0),
        (Some(Severity::Major), ..) => (major + 1, 0, 0),
        (Some(Severity::Minor), 0, _) => (0, minor, patch + 1),
        (Some(Severity::Minor), ..) => (major, minor + 1, 0),
    };
    semver::Version::new(numbers.0, numbers.1, numbers.2)
}

/// `1.0.0-alpha.2` of `1.0.0-alpha.1`, and `1.0.0-alpha.1` of `1.0.0-alpha`.
fn next_prerelease(version: &semver::Version) -> semver::Version {
    let pre = version.pre.as_str();
    let numbered = pre.rsplit_once('.').and_then(|(name, number)| {
        let number = number.parse::<u64>().ok()?.checked_add(1)?;
        Some(format!("{name}.{number}"))
    });
    let pre = numbered.unwrap_or_else(|| format!("{pre}.1"));
    semver::Version {
        pre: semver::Prerelease::new(&pre).unwrap_or_default(),
        ..semver::Version::new(version.major, version.minor, version.patch)
    }
}

/// Compares two versions.
#[must_use]
pub fn diff(before: Version<'_>, after: Version<'_>) -> Diff {
    let renamed = renamed::renamed_types(before.api, after.api);
    let old = reader::ItemReader::new(before, &renamed).read();
    let new = reader::ItemReader::new(after, &renamed::Renamed::new()).read();
    let mut changes = compare::compare(&old, &new);
    changes.sort_by(|one, other| {
        (other.severity, &one.item, &one.kind).cmp(&(one.severity, &other.item, &other.kind))
    });
    Diff {
        undecided: Vec::new(),
        changes,
    }
}
