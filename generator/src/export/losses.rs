//! What reading has left out of the effective API, which an export does not have either.

use crate::description::diagnostic::{Diagnostic, Diagnostics};

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

fn is_loss(found: &Diagnostic) -> bool {
    found.leaves_out.is_some() || CODES.contains(&found.code)
}
