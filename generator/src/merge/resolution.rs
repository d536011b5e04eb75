//! `resolutions.toml`: what a maintainer decided where the sources contradict each other, and why.

use serde::Deserialize;
use serde_json::Value as Json;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::Facet;
use crate::source::{FileId, SourceMap, Span};

/// A decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolution {
    /// What it is about, as the contradiction names it.
    pub subject: String,
    /// The facet, as the contradiction names it.
    pub facet: String,
    /// The value that holds.
    pub decision: Json,
    /// Why.
    pub reason: String,
    /// Fingerprint of the claims that were decided on.
    pub fingerprint: String,
    /// Where the entry stands.
    pub at: Span,
    /// Whether it is no entry, but that a source gave way.
    pub yielded: bool,
}

/// All decisions.
#[derive(Debug, Clone, Default)]
pub struct Resolutions {
    /// In the order of the file.
    pub entries: Vec<Resolution>,
    /// The path of the file, if there is one.
    pub path: Option<String>,
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
        let path = Some(sources.path(file).to_owned());
        let parsed: File = match toml::from_str(text) {
            Ok(parsed) => parsed,
            Err(error) => {
                diagnostics.push(toml_error(text, file, &error));
                return Self {
                    path,
                    ..Self::default()
                };
            }
        };
        let mut entries: Vec<Resolution> = Vec::new();
        for spanned in parsed.resolution {
            let at = span_at(text, file, spanned.span().start);
            let entry = spanned.into_inner();
            if entry.reason.trim().is_empty() {
                diagnostics.push(
                    Diagnostic::error(
                        "missing-reason",
                        format!("the decision on `{}` has no reason", entry.subject),
                    )
                    .at(at, "this entry")
                    .help("say why, so that the next maintainer can trust it"),
                );
            }
            if entries
                .iter()
                .any(|other| other.subject == entry.subject && other.facet == entry.facet)
            {
                diagnostics.push(
                    Diagnostic::error(
                        "duplicate-resolution",
                        format!("{} of `{}` is decided twice", entry.facet, entry.subject),
                    )
                    .at(at, "again here")
                    .help("remove one of the entries"),
                );
                continue;
            }
            let Entry {
                subject,
                facet,
                decision,
                reason,
                fingerprint,
            } = entry;
            entries.push(Resolution {
                subject,
                facet,
                decision,
                reason,
                fingerprint,
                at,
                yielded: false,
            });
        }
        Self { entries, path }
    }
}

/// The diagnostic of a TOML file that does not parse.
#[must_use]
pub fn toml_error(text: &str, file: FileId, error: &toml::de::Error) -> Diagnostic {
    let at = span_at(text, file, error.span().map_or(0, |span| span.start));
    Diagnostic::error("invalid-toml", error.message().trim().replace('\n', " ")).at(at, "here")
}

/// The position of a byte offset.
#[must_use]
pub fn span_at(text: &str, file: FileId, offset: usize) -> Span {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .map_or(0, |line| line.chars().count())
        + 1;
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    Span::new(file, narrow(line), narrow(column))
}

/// A stable fingerprint of a contradiction: it changes when there is a claim that nobody made before, or one less; a
/// source that only repeats a claim changes nothing.
pub(super) fn fingerprint<'a>(
    subject: &str,
    facet: Facet,
    values: impl Iterator<Item = &'a Json>,
) -> String {
    let mut lines: Vec<String> = values.map(Json::to_string).collect();
    lines.sort();
    lines.dedup();
    let text = format!("{subject}\n{}\n{}", facet.name(), lines.join("\n"));
    // FNV-1a, 64 bits: stable everywhere, and collisions are no attack here.
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    format!("{hash:016x}")
}
