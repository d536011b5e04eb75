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

/// The operations that have moved since their names were pinned. They are known by their operationIds.
#[must_use]
pub fn moved_operations(merged: &Merged, lock: &Lock) -> Vec<MovedOperation> {
    let operations = &merged.document.operations;
    let present: HashSet<String> = operations.iter().map(operation_subject).collect();
    let mut gone: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut new: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for item in lock.operations.keys() {
        if let (false, Some(key)) = (present.contains(item), pinned_key(lock, item)) {
            gone.entry(key).or_default().push(item);
        }
    }
    for operation in operations {
        let item = operation_subject(operation);
        if let (false, Some(id)) = (lock.operations.contains_key(&item), id(operation)) {
            for key in HashSet::from([id.to_owned(), method_of(id)]) {
                new.entry(key).or_default().push(item.clone());
            }
        }
    }
    let moved = gone.into_iter().filter_map(|(key, places)| {
        let ([from], [to]) = (places.as_slice(), new.get(key)?.as_slice()) else {
            return None;
        };
        Some(MovedOperation {
            from: (*from).to_owned(),
            to: to.clone(),
        })
    });
    moved.collect()
}

/// The pinned names, those of operations that have moved at their new place.
pub(super) fn follow(merged: &Merged, lock: &Lock) -> Lock {
    let mut followed = lock.clone();
    for MovedOperation { from, to } in moved_operations(merged, lock) {
        followed.move_operation(&from, &to);
    }
    followed
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

/// What an operation of the lock is known by: its operationId, or the method that is called after it.
fn pinned_key<'l>(lock: &'l Lock, item: &str) -> Option<&'l str> {
    let id = lock.operation_ids.get(item);
    id.or_else(|| lock.operations.get(item)).map(String::as_str)
}

fn id(operation: &Operation) -> Option<&str> {
    operation.facts.text(Facet::OperationId)
}

/// The method that is called after an operationId.
fn method_of(id: &str) -> String {
    case::snake(id, "operation").plain().to_owned()
}
