//! Operations at another method or path than the one that their names are pinned to.

use std::collections::{BTreeMap, HashSet};

use crate::api::names::{Lock, case};
use crate::description::document::{Facet, Operation};
use crate::reconcile::merge::{Merged, operation_subject};

/// An operation that is at another method or path than its pinned names are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MovedOperation {
    /// Where its names are pinned: `GET /issues/{}/`.
    pub from: String,
    /// Where it is now.
    pub to: String,
}

/// Gives the operations that have moved since their names were pinned these names where they are now. Returns these operations.
/// They are known by their operationIds.
pub fn follow_moved_operations(merged: &Merged, lock: &mut Lock) -> Vec<MovedOperation> {
    let moved = moved_operations(merged, lock);
    for MovedOperation { from, to } in &moved {
        lock.move_operation(from, to);
    }
    moved
}

/// The operations at a new place of which one alone of those that are gone has the operationId.
fn moved_operations(merged: &Merged, lock: &Lock) -> Vec<MovedOperation> {
    let operations = &merged.document.operations;
    let present: HashSet<String> = operations.iter().map(operation_subject).collect();
    let mut gone: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    let mut new: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in lock.operations.keys() {
        if let (false, Some(method)) = (present.contains(item), pinned_method(lock, item)) {
            gone.entry(method).or_default().push(item);
        }
    }
    for operation in operations {
        let item = operation_subject(operation);
        if let (false, Some(id)) = (lock.operations.contains_key(&item), id(operation)) {
            new.entry(method_of(id)).or_default().push(item);
        }
    }
    let moved = gone.into_iter().filter_map(|(method, places)| {
        let ([from], [to]) = (places.as_slice(), new.get(&method)?.as_slice()) else {
            return None;
        };
        Some(MovedOperation {
            from: (*from).clone(),
            to: to.clone(),
        })
    });
    moved.collect()
}

/// Pins the operationId of an operation if its method is not called after it.
pub(super) fn pin_id(operation: &Operation, item: &str, locked: &mut Lock) {
    let method = locked.operations.get(item);
    if let Some(id) = id(operation)
        && method.is_some_and(|method| *method != method_of(id))
    {
        locked.operation_ids.insert(item.to_owned(), id.to_owned());
    }
}

/// The method that would be called after the operationId of an operation of the lock, whatever it is called.
fn pinned_method(lock: &Lock, item: &str) -> Option<String> {
    let id = lock.operation_ids.get(item).map(|id| method_of(id));
    id.or_else(|| lock.operations.get(item).cloned())
}

fn id(operation: &Operation) -> Option<&str> {
    operation.facts.text(Facet::OperationId)
}

/// The method that is called after an operationId.
fn method_of(id: &str) -> String {
    case::snake(id, "operation").plain().to_owned()
}
