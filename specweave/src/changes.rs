//! What changes in the API when the crate on disk is written anew.

use generator::description::diagnostic::Diagnostics;
use generator::diff::{self, Diff, Severity, Version};
use generator::files::Files;
use generator::pipeline::{self, Outcome};
use generator::project::Project;

/// The effective API in the emitted crate.
const EFFECTIVE: &str = "openapi.yaml";

/// Compares the API of the crate on disk, which it has in its `openapi.yaml`, with a new one. `None` if there is no crate, or
/// none whose API can be read.
pub(crate) fn since_disk(project: &Project, outcome: &Outcome) -> Option<Diff> {
    let (files, lowered) = (outcome.files.as_ref()?, outcome.lowered.as_ref()?);
    let earlier = std::fs::read(project.output.join(EFFECTIVE)).ok()?;
    if is_same(files, &earlier) {
        return Some(Diff::default());
    }
    let earlier = project.of_effective(String::from_utf8(earlier).ok()?);
    let mut unreported = Diagnostics::default();
    let (merged, before) = pipeline::effective_and_lowered(&earlier, &mut unreported)?;
    let library = project.package.library().ok()?;
    let before = Version::new(&before, &library, &earlier.sources).with_merged(&merged);
    let after = Version::new(lowered, &library, &project.sources);
    let after = match &outcome.merged {
        Some(merged) => after.with_merged(merged),
        None => after,
    };
    Some(diff::diff(before, after))
}

fn is_same(files: &Files, earlier: &[u8]) -> bool {
    files.get(EFFECTIVE).is_some_and(|file| file == earlier)
}

/// `1 breaking change, 2 additions, 3 changes of documentation or of the wire format`
pub(crate) fn summary(diff: &Diff) -> String {
    let count = |severity, one: &str, many: &str| {
        let count = diff.of(severity).count();
        let name = if count == 1 { one } else { many };
        (count > 0).then(|| format!("{count} {name}"))
    };
    let counts = [
        count(Severity::Major, "breaking change", "breaking changes"),
        count(Severity::Minor, "addition", "additions"),
        count(
            Severity::Patch,
            "change of documentation or of the wire format",
            "changes of documentation or of the wire format",
        ),
    ];
    counts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}
