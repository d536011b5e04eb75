//! Finds defects of descriptions: what is legal OpenAPI, or nearly, and still not what its authors meant.
//!
//! One file for each family of rules, and one page for each rule, in `pages/`. The first YAML document of a page has the defect
//! and the second one does not, which a test checks.

mod alternatives;
mod components;
mod declared;
mod discriminators;
mod examples;
mod keywords;
mod naming;
mod paths;
mod patterns;
mod recursion;
mod required;
mod responses;
mod rules;
mod types;
mod walk;

use std::collections::BTreeMap;

use crate::description::diagnostic::{Diagnostic, Diagnostics, Severity, counted};
use crate::description::document::Document;
use crate::description::source::Span;
use crate::description::suggest;
use crate::description::tree::{Entry, Node, Value};
use crate::pipeline;
use crate::project::Project;

pub use rules::{READING, RULES, Reading, Rule};

/// What becomes of the findings of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// They are not reported.
    Allow,
    /// They are notes.
    Note,
    /// They are warnings.
    Warn,
    /// They are errors, and fail the run.
    Deny,
}

impl std::str::FromStr for Level {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "allow" => Ok(Self::Allow),
            "note" => Ok(Self::Note),
            "warn" => Ok(Self::Warn),
            "deny" => Ok(Self::Deny),
            _ => Err(format!(
                "`{text}` is no level; the levels are allow, note, warn and deny"
            )),
        }
    }
}

/// The levels that differ from those of the rules, by code.
#[derive(Debug, Clone, Default)]
pub struct Levels {
    by_code: BTreeMap<String, Level>,
}

impl Levels {
    /// The levels of the `[lint]` table of a manifest. Reports what is no level and no code.
    pub fn of_manifest(project: &Project, diagnostics: &mut Diagnostics) -> Self {
        let mut levels = Self::default();
        for setting in &project.lint {
            let set = setting
                .level
                .parse()
                .and_then(|level| levels.set(&setting.code, level));
            if let Err(error) = set {
                diagnostics
                    .push(Diagnostic::error("lint-level", error).at(setting.at, "in this entry"));
            }
        }
        levels
    }

    /// Sets the level of a rule, or of what reading reports.
    ///
    /// # Errors
    /// If nothing has the code, or if it is of an error of reading, which no level makes milder.
    pub fn set(&mut self, code: &str, level: Level) -> Result<(), String> {
        let reading = rules::find_reading(code);
        if rules::find(code).is_none() && reading.is_none() {
            let codes = RULES.iter().map(|rule| rule.code);
            let codes = codes.chain(READING.iter().map(|it| it.code));
            let similar = suggest::closest(code, codes);
            let help = similar.map(|it| format!("; did you mean `{it}`?"));
            return Err(format!(
                "no rule has the code `{code}`{}",
                help.unwrap_or_default()
            ));
        }
        if level != Level::Deny && reading.is_some_and(|it| it.level == Level::Deny) {
            return Err(format!(
                "`{code}` is always an error, because the document cannot be read; its level is deny"
            ));
        }
        self.by_code.insert(code.to_owned(), level);
        Ok(())
    }
}

/// A description, as rules see it.
struct Described<'d> {
    /// The tree with the overlays.
    tree: &'d Node,
    /// The normalised document.
    document: &'d Document,
    /// Whether it was transcribed from a page, which states neither types nor what OpenAPI demands.
    is_transcribed: bool,
}

impl Described<'_> {
    /// The position of an entry. A page states the content of an entry rather than its key, so that the key of a
    /// transcription may have no line of its own.
    fn place_of(&self, entry: &Entry) -> Span {
        if !self.is_transcribed || is_stated(entry.key_span) {
            return entry.key_span;
        }
        first_stated(&entry.value).unwrap_or(entry.key_span)
    }
}

/// Whether a position in a page is not its beginning, where a transcription has what the page does not state.
fn is_stated(at: Span) -> bool {
    (at.line, at.column) != (1, 1)
}

/// The first position in a node that the page states.
fn first_stated(node: &Node) -> Option<Span> {
    if is_stated(node.span) {
        return Some(node.span);
    }
    match &node.value {
        Value::Mapping(mapping) => mapping.iter().find_map(|(_, value)| first_stated(value)),
        Value::Sequence(items) => items.iter().find_map(first_stated),
        _ => None,
    }
}

/// What the rules have found.
#[derive(Default)]
struct Findings {
    items: Vec<Diagnostic>,
}

/// The most positions of one finding.
const MOST_PLACES: usize = 5;

impl Findings {
    /// Adds a finding of a rule at a position.
    fn add(&mut self, code: &'static str, message: impl Into<String>, at: Span, text: &str) {
        self.items
            .push(Diagnostic::warning(code, message).at(at, text));
    }

    /// Adds a finding of a rule at several positions. The first few are told.
    fn add_all(
        &mut self,
        code: &'static str,
        message: impl Into<String>,
        places: &[(Span, String)],
    ) {
        let mut found = Diagnostic::warning(code, message);
        for (at, text) in places.iter().take(MOST_PLACES) {
            found = found.at(*at, text.as_str());
        }
        if places.len() > MOST_PLACES {
            found = found.help(counted(places.len() - MOST_PLACES, "more place"));
        }
        self.items.push(found);
    }
}

/// Reads each description of a project alone, and reports its defects: those that reading finds, and those of the rules.
#[must_use]
pub fn lint(project: &Project, levels: &Levels) -> Diagnostics {
    let mut all = Diagnostics::default();
    for description in &project.descriptions {
        let mut diagnostics = Diagnostics::default();
        let read = pipeline::read_alone(project, description, &mut diagnostics);
        let mut findings = Findings::default();
        if let Some((tree, document)) = &read {
            let described = Described {
                tree,
                document,
                is_transcribed: description.page.is_some(),
            };
            for check in rules::FAMILIES {
                check(&described, &mut findings);
            }
        }
        for diagnostic in diagnostics.items().iter().cloned() {
            all_at(levels, diagnostic, &mut all);
        }
        for diagnostic in findings.items {
            all_at(levels, diagnostic, &mut all);
        }
    }
    all.deduplicate();
    all
}

/// Adds a diagnostic at the level of its code. An error of reading stays one: the description could not be read.
fn all_at(levels: &Levels, mut diagnostic: Diagnostic, all: &mut Diagnostics) {
    let code = diagnostic.code;
    let of_rule = || rules::find(code).map(|rule| rule.level);
    let of_reading = || rules::find_reading(code).map(|reading| reading.level);
    let level = levels.by_code.get(code).copied();
    let level = level.or_else(of_rule).or_else(of_reading);
    if diagnostic.severity != Severity::Error {
        diagnostic.severity = match level {
            Some(Level::Allow) => return,
            Some(Level::Note) => Severity::Note,
            Some(Level::Warn) => Severity::Warning,
            Some(Level::Deny) => Severity::Error,
            None => diagnostic.severity,
        };
    }
    all.push(diagnostic);
}

/// The page of a code, in markdown. `None` if nothing has the code.
#[must_use]
pub fn page(code: &str) -> Option<String> {
    if let Some(rule) = rules::find(code) {
        return Some(rule.page.to_owned());
    }
    let reading = rules::find_reading(code)?;
    Some(format!("# {code}\n\n{}\n", reading.page))
}
