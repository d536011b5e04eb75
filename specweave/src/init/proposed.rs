//! The texts of the files that `init` writes.

use std::collections::BTreeMap;

use generator::description::diagnostic::{Diagnostic, Diagnostics, Severity};
use generator::description::pointers::Pointers;
use generator::project::Project;
use generator::reconcile::merge::is_undecided;

use super::base_path::BasePath;
use super::found::Found;

/// An overlay.
#[derive(Debug)]
pub(super) struct Overlay {
    /// The id of its source.
    source: String,
    /// Its path in the folder of the manifest.
    pub(super) path: String,
    pub(super) text: String,
    /// How many findings it has a place for. With none it is complete.
    pub(super) findings: usize,
}

impl Overlay {
    /// An overlay that is applied as it is.
    pub(super) fn complete(source: &str, name: &str, text: String) -> Self {
        Self {
            source: source.to_owned(),
            path: format!("overlays/{name}.yaml"),
            text,
            findings: 0,
        }
    }
}

/// The manifest of the sources with their overlays.
pub(super) fn manifest(
    sources: &[Found],
    package: &str,
    out: &str,
    base_path: &BasePath,
    overlays: &[Overlay],
) -> String {
    let mut text = format!(
        "# The descriptions of the API, and where the crate goes. Written by `specweave init`; it is yours now.
#
# `rank` is authority: 1 is the highest. Of texts the one that tells most is used, whatever its rank. A contradiction is
# never decided by rank: it needs an entry in `resolutions`.
# What no document says goes into one of your own, a `[[source]]` with `supplement = true` and the highest authority.

resolutions = \"resolutions.toml\"
# The public Rust names. Commit this file: it keeps names stable when a description changes.
names = \"names.lock\"
# How well each operation is known. A run fails if that falls.
fidelity = \"fidelity.lock\"
{base_path}
[package]
name = {package}
version = \"0.1.0\"
# license = \"MIT OR Apache-2.0\"
output = {out}
",
        base_path = base_path.to_toml(),
        package = string(package),
        out = string(out),
    );
    for (index, source) in sources.iter().enumerate() {
        let title = match source.title.as_str() {
            "" => source.file(),
            title => title.to_owned(),
        };
        text.push_str(&format!(
            "\n# Rank {rank}: {authority}.\n[[source]]\nid = {id}\ntitle = {title}\nrank = {rank}\n",
            rank = index + 1,
            authority = comment(&source.authority()),
            id = string(&source.id),
            title = string(&title),
        ));
        match source.dialect {
            Some(dialect) => text.push_str(&format!(
                "document = {}\npage = {}\ndialect = \"{dialect}\"\n",
                string(&format!("transcribed/{}.yaml", source.id)),
                string(&source.file()),
            )),
            None => text.push_str(&format!("document = {}\n", string(&source.file()))),
        }
        let own = overlays
            .iter()
            .filter(|overlay| overlay.source == source.id);
        let own: Vec<&Overlay> = own.collect();
        let list = |own: &mut dyn Iterator<Item = &&Overlay>| {
            let paths: Vec<String> = own.map(|overlay| string(&overlay.path)).collect();
            format!("overlays = [{}]\n", paths.join(", "))
        };
        let is_complete = |overlay: &&&Overlay| overlay.findings == 0;
        if own.iter().any(|overlay| overlay.findings == 0) {
            text.push_str(&list(&mut own.iter().filter(is_complete)));
        }
        if own.iter().any(|overlay| overlay.findings > 0) {
            text.push_str("# Corrections of what could not be read, to be completed:\n# ");
            text.push_str(&list(&mut own.iter()));
        }
    }
    text
}

/// An overlay for each source with findings that an overlay can correct.
pub(super) fn overlays(project: &Project, diagnostics: &Diagnostics) -> Vec<Overlay> {
    let mut findings: BTreeMap<&str, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.items() {
        if diagnostic.severity == Severity::Note || is_undecided(diagnostic) {
            continue;
        }
        let Some(at) = diagnostic.labels.first() else {
            continue;
        };
        let mut descriptions = project.descriptions.iter();
        if let Some(description) = descriptions.find(|it| it.document == at.at.file) {
            findings
                .entry(&description.id)
                .or_default()
                .push(diagnostic);
        }
    }
    let pointers = Pointers::new(&project.sources);
    let overlay = |(id, findings): (&str, Vec<&Diagnostic>)| {
        let description = project.descriptions.iter().find(|it| it.id == id)?;
        let document = project.sources.path(description.document);
        let in_comment = comment(document);
        let mut text = format!(
            "# Corrections of {in_comment}: OpenAPI Overlay 1.1, actions in order. Written by `specweave init` from what it found.\n\
             # Complete an action, take the marks of its comment away, and name this file in the manifest. An `update` merges into\n\
             # what is there: to give a key a value of another type, remove it (`remove: true`), and set it in a second action, whose\n\
             # target is what the key stands in.\n\
             overlay: 1.1.0\ninfo:\n  title: {}\n  version: 1.0.0\nextends: {}\nactions:\n",
            serde_json::Value::from(format!("Corrections of {document}")),
            serde_json::Value::from(format!("../{document}")),
        );
        let count = findings.len();
        for finding in findings {
            let place = finding
                .labels
                .first()
                .map(|label| project.sources.display(label.at).to_string());
            text.push_str(&format!(
                "\n# {}: {}\n# {}\n",
                finding.code,
                comment(&finding.message),
                comment(&place.unwrap_or_default())
            ));
            if let Some(help) = &finding.help {
                text.push_str(&format!("# {}\n", comment(help)));
            }
            let at = finding
                .labels
                .first()
                .and_then(|label| pointers.path_at(label.at));
            let target = at.unwrap_or_else(|| "$".to_owned());
            text.push_str(&format!(
                "#  - target: {}\n#    description: why this is right\n#    update: {{}}\n",
                serde_json::Value::from(target)
            ));
        }
        Some(Overlay {
            source: id.to_owned(),
            path: format!("overlays/{id}.yaml"),
            text,
            findings: count,
        })
    };
    findings.into_iter().filter_map(overlay).collect()
}

/// The name of a package for an API of this title: in lower case, with hyphens, ending in `-api`.
pub(super) fn package_name(title: &str) -> String {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    words.retain(|word| word != "api");
    if words
        .first()
        .is_none_or(|word| word.starts_with(|c: char| c.is_ascii_digit()))
    {
        words.insert(0, "the".to_owned());
    }
    words.truncate(4);
    format!("{}-api", words.join("-"))
}

/// A text in a comment, which ends with its line.
pub(super) fn comment(text: &str) -> String {
    let ends = |it: char| it.is_control() || matches!(it, '\u{2028}' | '\u{2029}');
    text.replace(ends, " ")
}

/// A text in TOML.
fn string(text: &str) -> String {
    toml::Value::from(text).to_string()
}
