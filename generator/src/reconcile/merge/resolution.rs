//! `resolutions.toml`: the maintainer's decisions on contradictions, with reasons.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::Facet;
use crate::description::source::{FileId, SourceMap, Span};
use crate::description::suggest;
use crate::description::toml_file::{span_at, toml_error};

/// A file of resolutions without an entry.
pub const NO_RESOLUTIONS: &str = "# What holds where the sources contradict each other, and why. `specweave generate` prints a missing entry ready to paste.\n";

/// The decision on a contradiction.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// The subject of the contradiction.
    pub subject: String,
    /// The facet of the contradiction.
    pub facet: Facet,
    /// The resulting value.
    pub decision: Json,
    /// The reason.
    pub reason: String,
    /// The fingerprint of the contradicting claims.
    pub fingerprint: String,
    /// The position of the entry.
    pub at: Span,
    /// Whether this is not an entry, but the result of a source that yields.
    pub yielded: bool,
}

/// All resolutions.
#[derive(Debug, Clone, Default)]
pub struct Resolutions {
    /// The entries, in the order of the file.
    pub entries: Vec<Resolution>,
    /// The path of the file, if there is one.
    pub path: Option<String>,
    /// Whether the file cannot be read, so that nobody knows what it decides.
    pub is_unreadable: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    resolution: Vec<toml::Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    subject: String,
    facet: String,
    decision: Json,
    reason: String,
    fingerprint: String,
}

impl Resolutions {
    /// Reads `resolutions.toml`.
    pub fn read(sources: &SourceMap, file: FileId, diagnostics: &mut Diagnostics) -> Self {
        let text = sources.get(file).map_or("", |file| &*file.text);
        let path = Some(sources.shown_path(file).to_owned());
        let parsed: File = match toml::from_str(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                return Self {
                    path,
                    is_unreadable: true,
                    ..Self::default()
                };
            }
        };
        let mut entries: Vec<Resolution> = Vec::new();
        for spanned in parsed.resolution {
            let at = span_at(text, file, spanned.span().start);
            let Some(resolution) = resolution(spanned.into_inner(), at, diagnostics) else {
                continue;
            };
            let Resolution { subject, facet, .. } = &resolution;
            let is_same = |it: &Resolution| it.subject == *subject && it.facet == *facet;
            if entries.iter().any(is_same) {
                diagnostics.push(
                    Diagnostic::error(
                        "duplicate-resolution",
                        format!("{} of `{subject}` is decided twice", facet.name()),
                    )
                    .at(at, "again here")
                    .help("remove one of the entries"),
                );
            } else {
                entries.push(resolution);
            }
        }
        Self {
            entries,
            path,
            is_unreadable: false,
        }
    }
}

/// The resolution of an entry. Reports what it lacks, and returns `None` if its facet is unknown.
fn resolution(entry: Entry, at: Span, diagnostics: &mut Diagnostics) -> Option<Resolution> {
    if entry.reason.trim().is_empty() {
        diagnostics.push(
            Diagnostic::error(
                "missing-reason",
                format!("the resolution of `{}` has no reason", entry.subject),
            )
            .at(at, "this entry")
            .help("add a `reason`, so that the next maintainer can trust the decision"),
        );
    }
    let Some(facet) = Facet::named(&entry.facet) else {
        diagnostics.push(unknown_facet(&entry, at));
        return None;
    };
    Some(Resolution {
        subject: entry.subject,
        facet,
        decision: entry.decision,
        reason: entry.reason,
        fingerprint: entry.fingerprint,
        at,
        yielded: false,
    })
}

fn unknown_facet(entry: &Entry, at: Span) -> Diagnostic {
    let Entry { subject, facet, .. } = entry;
    let help = match suggest::closest(facet, Facet::NAMES.iter().copied()) {
        Some(similar) => format!("did you mean `{similar}`?"),
        None => "paste the entry that `generate` prints".to_owned(),
    };
    let message = format!("no facet is called `{facet}`, which is to be decided of `{subject}`");
    Diagnostic::error("unknown-facet", message)
        .at(at, "this entry")
        .help(help)
}

impl Resolution {
    /// What the decision has to be, if it is something else. Texts of any kind are taken as they are.
    pub(super) fn expected_instead(&self) -> Option<&'static str> {
        const TYPES: [&str; 7] = [
            "array", "boolean", "integer", "null", "number", "object", "string",
        ];
        const LOCATIONS: [&str; 5] = ["body", "cookie", "header", "path", "query"];
        let decision = &self.decision;
        let each = |holds: &dyn Fn(&str) -> bool| {
            let items = decision.as_array().filter(|items| !items.is_empty());
            items.is_some_and(|items| items.iter().all(|item| item.as_str().is_some_and(holds)))
        };
        let (holds, expected) = match self.facet {
            Facet::Type => (
                each(&|name| TYPES.contains(&name)),
                "a list of JSON types, such as `[\"string\"]`",
            ),
            Facet::SuccessStatus => (
                each(&|status| status == "default" || status.starts_with(['1', '2', '3'])),
                "a list of statuses of successes, such as `[\"200\"]`",
            ),
            Facet::Location => (
                decision
                    .as_str()
                    .is_some_and(|place| LOCATIONS.contains(&place)),
                "one of `body`, `cookie`, `header`, `path` and `query`",
            ),
            Facet::Enum => (
                decision.as_array().is_some_and(|values| !values.is_empty()),
                "the list of the values",
            ),
            Facet::DiscriminatorMapping => (
                decision
                    .as_object()
                    .is_some_and(|mapping| mapping.values().all(Json::is_string)),
                "the schema of each value, such as `{ \"cat\" = \"Cat\" }`",
            ),
            Facet::Security => (
                decision
                    .as_array()
                    .is_some_and(|requirements| requirements.iter().all(Json::is_object)),
                "a list of requirements, such as `[{\"key\" = []}]`",
            ),
            other => {
                let form = other.form();
                (form.holds(decision), form.name())
            }
        };
        (!holds).then_some(expected)
    }
}

/// A fingerprint of the claimed values. It changes when a value is claimed for the first time or no more. It does not
/// change when another source claims the same value.
pub(super) fn fingerprint<'a>(
    subject: &str,
    facet: Facet,
    values: impl Iterator<Item = &'a Json>,
) -> String {
    let mut lines: Vec<String> = values.map(Json::to_string).collect();
    lines.sort();
    lines.dedup();
    let text = format!("{subject}\n{}\n{}", facet.name(), lines.join("\n"));
    // FNV-1a with 64 bits: stable on all platforms. A collision is not a security problem here.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::Resolution;
    use crate::description::document::Facet;
    use crate::description::source::{SourceMap, Span};

    #[test]
    fn a_decision_has_the_form_of_its_facet() {
        let cases: [(Facet, Json, Json); 9] = [
            (Facet::Type, json!(["integer"]), json!("integer")),
            (Facet::Type, json!(["string", "null"]), json!(["text"])),
            (Facet::SuccessStatus, json!(["204"]), json!(["418"])),
            (Facet::Location, json!("query"), json!("url")),
            (Facet::Required, json!(true), json!("yes")),
            (Facet::MaxLength, json!(5), json!(-5)),
            (Facet::Maximum, json!(-5), json!("5")),
            (Facet::Enum, json!(["a", 1]), json!([])),
            (Facet::UniqueItems, json!(false), json!(0)),
        ];
        let file = SourceMap::default().add("resolutions.toml", "");
        let expected = |facet, decision: &Json| {
            let resolution = Resolution {
                subject: "Note.pages".to_owned(),
                facet,
                decision: decision.clone(),
                reason: "The server was asked.".to_owned(),
                fingerprint: String::new(),
                at: Span::new(file, 1, 1),
                yielded: false,
            };
            resolution.expected_instead().is_some()
        };
        for (facet, fits, does_not) in cases {
            assert!(!expected(facet, &fits), "{facet:?} {fits}");
            assert!(expected(facet, &does_not), "{facet:?} {does_not}");
        }
        assert!(!expected(Facet::Pattern, &json!("anything")));
    }
}
