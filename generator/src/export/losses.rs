//! What reading has left out of the effective API, which an export does not have either.

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::load;
use crate::project::Project;

/// The codes of what is left out and does not say of which item.
const CODES: [&str; 5] = [
    "newer-than-3.1",
    "not-emitted",
    "not-expressed",
    "skipped-operation",
    "unknown-key",
];

/// Those of the diagnostics of a run that tell of something that the effective API does not have.
#[must_use]
pub fn of_reading(diagnostics: &Diagnostics) -> Diagnostics {
    let mut losses = Diagnostics::default();
    for found in diagnostics.items().iter().filter(|it| is_loss(it)) {
        let mut loss = found.clone();
        let help = loss.help.get_or_insert_default();
        if !help.is_empty() {
            help.push_str("; ");
        }
        help.push_str("the exported document does not have it");
        losses.push(loss);
    }
    losses.deduplicate();
    losses
}

/// What descriptions say of the API that is no claim about it, and that the effective API does not have: by JSON pointer.
const ABOUT_THE_API: [&str; 4] = [
    "/info/contact",
    "/info/license",
    "/info/termsOfService",
    "/externalDocs",
];

/// A note for each text about the API that the effective API does not have.
#[must_use]
pub fn about_the_api(project: &Project) -> Diagnostics {
    let mut losses = Diagnostics::default();
    for description in &project.descriptions {
        // What is wrong in a document is reported when it is read for the effective API.
        let mut unreported = Diagnostics::default();
        let Some(root) = load::parse(&project.sources, description.document, &mut unreported)
        else {
            continue;
        };
        for pointer in ABOUT_THE_API {
            if let Some(found) = root.pointer(pointer) {
                let name = pointer.rsplit('/').next().unwrap_or(pointer);
                let message = format!("the effective API has no `{name}`");
                let loss =
                    Diagnostic::note("not-exported", message).at(found.span, "this is left out");
                losses.push(loss.help("add it to the exported document"));
            }
        }
    }
    losses
}

fn is_loss(found: &Diagnostic) -> bool {
    found.leaves_out.is_some() || CODES.contains(&found.code)
}
