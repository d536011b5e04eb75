//! What reading has left out of the effective API, which an export does not have either.

use crate::description::component_references::ComponentReferences;
use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::load;
use crate::project::Project;

/// The codes of what is left out and does not say of which item.
const CODES: [&str; 6] = [
    "newer-than-3.1",
    "not-emitted",
    "not-expressed",
    "not-read",
    "skipped-operation",
    "unknown-key",
];

/// What to know of something that is left out.
const NOT_EXPORTED: &str = "the exported document does not have it";

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
        help.push_str(NOT_EXPORTED);
        losses.push(loss);
    }
    losses.deduplicate();
    losses
}

/// A note for each component that nothing refers to: the effective API has what components say where they are used. It has
/// all schemas.
#[must_use]
pub fn unused_components(project: &Project) -> Diagnostics {
    let mut losses = Diagnostics::default();
    for description in &project.descriptions {
        // What is wrong in a document is reported when it is read for the effective API.
        let mut unreported = Diagnostics::default();
        let Some(root) = load::parse(&project.sources, description.document, &mut unreported)
        else {
            continue;
        };
        let unused = ComponentReferences::of(&root).unused(&root);
        for unused in unused.into_iter().filter(|it| it.kind != "schemas") {
            let loss = Diagnostic::note("unused-component", unused.message());
            let loss = loss.at(unused.entry.key_span, "this component");
            losses.push(loss.help(NOT_EXPORTED));
        }
    }
    losses
}

fn is_loss(found: &Diagnostic) -> bool {
    found.leaves_out.is_some() || CODES.contains(&found.code)
}
