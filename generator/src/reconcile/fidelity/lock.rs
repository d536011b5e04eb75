//! `fidelity.lock`: the best score of each operation so far, and the reasons for scores that fell.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use toml::Spanned;

use super::Fidelity;
use crate::description::diagnostic::{Diagnostic, Diagnostics, counted};
use crate::description::source::{FileId, SourceMap, Span};
use crate::description::suggest;
use crate::description::toml_file::{span_at, toml_error};

const HEADER: &str = "\
# The best score that each operation has had: how well it is known, see FIDELITY.md of the emitted crate. Written by
# `specweave generate`, which never lowers a score; commit it. A score that falls is an error unless an entry here says
# what it fell to (0 for an operation that is gone) and why:
#
#     [falls.\"GET /issues/{}/\"]
#     score = 60
#     reason = \"…\"

";

/// The best scores, and the falls that a maintainer has accepted.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lock {
    /// The best score of each operation.
    #[serde(default)]
    scores: BTreeMap<String, Spanned<u8>>,
    /// The accepted fall of each operation.
    #[serde(default)]
    falls: BTreeMap<String, Spanned<Fall>>,
}

#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Fall {
    /// The score after the fall.
    score: u8,
    reason: String,
}

impl Lock {
    /// Reads `fidelity.lock`.
    pub fn read(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Self {
        let text = sources.get(file).map_or("", |file| &*file.text);
        match toml::from_str(text) {
            Ok(lock) => lock,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                Self::default()
            }
        }
    }

    /// Gives an operation that has moved to another method or path the score and the fall that it had at the first.
    pub fn move_operation(&mut self, from: &str, to: &str) {
        if let Some(score) = self.scores.remove(from) {
            self.scores.entry(to.to_owned()).or_insert(score);
        }
        if let Some(fall) = self.falls.remove(from) {
            self.falls.entry(to.to_owned()).or_insert(fall);
        }
    }

    /// Reports every score that fell without a reason, and every entry that is not needed.
    pub fn check(
        &self,
        scores: &[Fidelity],
        sources: &SourceMap,
        file: FileId,
        diagnostics: &mut Diagnostics,
    ) {
        let text = sources.get(file).map_or("", |file| &*file.text);
        let at = |start: usize| span_at(text, file, start);
        let operations: BTreeSet<&String> = self.scores.keys().chain(self.falls.keys()).collect();
        let scores: HashMap<&str, &Fidelity> =
            scores.iter().map(|now| (&*now.operation, now)).collect();
        let mut new: Vec<&str> = scores.keys().copied().collect();
        new.retain(|operation| !self.scores.contains_key(*operation));
        let moves = self.moves(&scores, &new);
        for operation in operations {
            let now = scores.get(&**operation).copied();
            let score = now.map_or(0, |now| now.score);
            let best = self.scores.get(operation);
            let fell = best.is_some_and(|best| score < *best.get_ref());
            let entry = self.falls.get(operation);
            let diagnostic = if fell {
                match entry {
                    None => {
                        let best = best.map(|best| (*best.get_ref(), at(best.span().start)));
                        Some(fall(operation, best, now, moves.get(&**operation).copied()))
                    }
                    Some(entry) => stale(operation, entry.get_ref(), score, at(entry.span().start)),
                }
            } else {
                entry.map(|entry| needless(operation, at(entry.span().start)))
            };
            if let Some(diagnostic) = diagnostic {
                diagnostics.push(diagnostic);
            }
        }
    }

    /// The operation that each one that is gone may be now. Two that may be the same one are left out: there can be only one
    /// line for it.
    fn moves<'a>(
        &'a self,
        scores: &HashMap<&str, &Fidelity>,
        new: &[&'a str],
    ) -> HashMap<&'a str, &'a str> {
        let gone = self.scores.keys().filter(|operation| {
            !scores.contains_key(operation.as_str()) && !self.falls.contains_key(*operation)
        });
        let moves: Vec<(&str, &str)> = gone
            .filter_map(|gone| Some((&**gone, suggest::closest(gone, new.iter().copied())?)))
            .collect();
        let is_only = |moved: &str| moves.iter().filter(|(_, other)| *other == moved).count() == 1;
        let only = moves.iter().filter(|(_, moved)| is_only(moved));
        only.copied().collect()
    }

    /// The best scores, including the current ones.
    #[must_use]
    pub fn raised(&self, scores: &[Fidelity]) -> Self {
        let mut raised = self.clone();
        for fidelity in scores {
            let best = raised
                .scores
                .entry(fidelity.operation.clone())
                .or_insert_with(|| Spanned::new(0..0, 0));
            *best.get_mut() = fidelity.score.max(*best.get_ref());
        }
        raised
    }

    /// The text of the file.
    #[must_use]
    pub fn to_text(&self) -> String {
        format!("{HEADER}{}", toml::to_string(self).unwrap_or_default())
    }
}

/// The diagnostic for a fall without a reason. `moved` is the operation that one that is gone may be now.
fn fall(
    operation: &str,
    best: Option<(u8, Span)>,
    now: Option<&Fidelity>,
    moved: Option<&str>,
) -> Diagnostic {
    let (message, help) = match now {
        Some(now) => (
            format!("`{operation}` is known less well than it was"),
            format!("{}; ", known(now)),
        ),
        None => (
            format!("`{operation}` is gone"),
            moved
                .map(|moved| format!("if it is `{moved}` now, call its line so; otherwise "))
                .unwrap_or_default(),
        ),
    };
    let score = now.map_or(0, |now| now.score);
    let mut diagnostic = Diagnostic::error("fidelity-fell", message);
    if let Some((best, at)) = best {
        diagnostic = diagnostic.at(at, format!("its score was {best} and is {score} now"));
    }
    diagnostic.help(format!(
        "{help}fix the descriptions, or add a reason to this file:\n\n[falls.{}]\nscore = {score}\nreason = \"\"",
        toml::Value::from(operation),
    ))
}

/// What a score counts.
fn known(now: &Fidelity) -> String {
    format!(
        "{} of {} schemas in bodies and {} of {} parameters are typed, {} of {} parts are in fewer than two documents, {}, {} refuted",
        now.bodies.count,
        now.bodies.of,
        now.parameters.count,
        now.parameters.of,
        now.uncorroborated.count,
        now.uncorroborated.of,
        counted(now.documents, "document"),
        now.refuted,
    )
}

/// The diagnostic for an entry about a score that did not fall.
fn needless(operation: &str, at: Span) -> Diagnostic {
    Diagnostic::error(
        "needless-fall",
        format!("the score of `{operation}` is not lower than it was"),
    )
    .at(at, "this entry")
    .help("remove the entry")
}

/// The diagnostic for an entry that does not match its fall.
fn stale(operation: &str, entry: &Fall, score: u8, at: Span) -> Option<Diagnostic> {
    let (code, message, help) = if entry.reason.trim().is_empty() {
        (
            "missing-reason",
            format!("the fall of `{operation}` has no reason"),
            "add a `reason`, so that the next maintainer can trust it".to_owned(),
        )
    } else if score == entry.score {
        return None;
    } else {
        (
            "stale-fall",
            format!("the score of `{operation}` is {score}, not {}", entry.score),
            format!("look again, and set `score = {score}` if the reason still holds"),
        )
    };
    Some(
        Diagnostic::error(code, message)
            .at(at, "this entry")
            .help(help),
    )
}

#[cfg(test)]
mod tests {
    use super::super::Share;
    use super::*;

    fn known(operation: &str) -> Fidelity {
        Fidelity {
            operation: operation.to_owned(),
            score: 50,
            bodies: Share::default(),
            parameters: Share::default(),
            documents: 1,
            uncorroborated: Share::default(),
            refuted: 0,
            contradictions: 0,
        }
    }

    /// The operations that a lock with these lines calls gone, and whether it offers to rename the line.
    fn gone(lines: &str, now: &[&str]) -> Vec<(String, bool)> {
        let mut sources = SourceMap::default();
        let file = sources.add("fidelity.lock", format!("[scores]\n{lines}"));
        let mut diagnostics = Diagnostics::default();
        let lock = Lock::read(&sources, file, &mut diagnostics);
        let scores: Vec<Fidelity> = now.iter().map(|operation| known(operation)).collect();
        lock.check(&scores, &sources, file, &mut diagnostics);
        let items = diagnostics.items().iter();
        items
            .map(|item| {
                let help = item.help.as_deref().unwrap_or_default();
                (item.message.clone(), help.contains("call its line so"))
            })
            .collect()
    }

    #[test]
    fn a_line_is_renamed_only_if_no_other_one_could_be() {
        let v1 = "\"GET /api/v1/runs/{}/results\" = 50\n";
        let v2 = "\"GET /api/v2/runs/{}/results\" = 50\n";
        let now = ["GET /api/v3/runs/{}/results"];
        let message = |version| format!("`GET /api/{version}/runs/{{}}/results` is gone");
        assert_eq!(gone(v1, &now), [(message("v1"), true)]);
        assert_eq!(
            gone(&format!("{v1}{v2}"), &now),
            [(message("v1"), false), (message("v2"), false)]
        );
    }
}
