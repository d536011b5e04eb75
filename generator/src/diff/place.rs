//! Where a change is, if a reference leads to what is new or gone.

use std::collections::HashSet;

use super::Change;
use super::items::{Item, Kind};
use crate::description::source::NamedPosition;

/// The change of a response that is new or gone. Where an operation only refers to the response, which stands elsewhere, the
/// change is at the operation.
pub(super) fn of_reference<'i>(
    mut change: Change,
    response: &Item,
    version: impl Iterator<Item = (&'i str, &'i Item)> + Clone,
) -> Change {
    if response.kind != Kind::Response {
        return change;
    }
    let parent = response.parent.as_deref();
    let Some((_, operation)) = version.clone().find(|(key, _)| Some(*key) == parent) else {
        return change;
    };
    let others = version
        .clone()
        .filter(|(_, item)| item.kind == Kind::Response && item.parent.as_deref() != parent);
    let shared: HashSet<&NamedPosition> = others.flat_map(|(_, it)| positions(it)).collect();
    let operations = version.filter(|(_, it)| it.kind == operation.kind);
    let starts: Vec<&NamedPosition> = operations.flat_map(|(_, it)| positions(it)).collect();
    for claim in &mut change.claims {
        let own = operation.claims.iter().find(|it| it.source == claim.source);
        if let Some(own) = own
            && (shared.contains(&claim.at) || !is_within(&claim.at, &own.at, &starts))
        {
            claim.at = own.at.clone();
        }
    }
    change.at = change.claims.first().map(|claim| claim.at.clone());
    change
}

fn positions(item: &Item) -> impl Iterator<Item = &NamedPosition> {
    item.claims.iter().map(|claim| &claim.at)
}

/// Whether a position is behind the start of an operation, and before that of the next one.
fn is_within(at: &NamedPosition, start: &NamedPosition, starts: &[&NamedPosition]) -> bool {
    let place = |it: &NamedPosition| (it.line, it.column);
    let of_file = starts.iter().filter(|it| it.path == at.path);
    let last = of_file
        .filter(|it| place(it) <= place(at))
        .max_by_key(|it| place(it));
    last.is_some_and(|last| *last == start)
}
