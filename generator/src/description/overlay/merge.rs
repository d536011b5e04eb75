//! Merges an update into its target: mappings merge, sequences are extended, primitives are replaced.

use crate::description::tree::{Node, Value, push_token};

use super::Version;

/// The classes of nodes. Nodes of different classes cannot be merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NodeClass {
    Mapping,
    Sequence,
    Primitive,
}

pub(super) fn class_of(node: &Node) -> NodeClass {
    match &node.value {
        Value::Mapping(_) => NodeClass::Mapping,
        Value::Sequence(_) => NodeClass::Sequence,
        _ => NodeClass::Primitive,
    }
}

/// Merges an update into a target. Returns whether the target changed, or an error that names the conflict.
///
/// A target with a conflict is not changed.
pub(super) fn into_target(
    target: &mut Node,
    update: &Node,
    version: Version,
) -> Result<bool, String> {
    let items = match (&mut target.value, &update.value) {
        (Value::Sequence(items), Value::Sequence(added)) if version == Version::V1_1 => {
            items.extend(added.iter().cloned());
            return Ok(!added.is_empty());
        }
        (Value::Sequence(items), _) => items,
        _ => {
            check(target, update, "")?;
            return Ok(merge(target, update));
        }
    };
    items.push(update.clone());
    Ok(true)
}

/// Checks that all nodes of the update have the class of their target. The error has the pointer into the update.
fn check(target: &Node, update: &Node, pointer: &str) -> Result<(), String> {
    if class_of(target) != class_of(update) {
        let location = if pointer.is_empty() {
            String::new()
        } else {
            format!(" at {pointer}")
        };
        return Err(format!(
            "it merges {} into {}{location}",
            article(update),
            article(target)
        ));
    }
    if let (Value::Mapping(old), Value::Mapping(new)) = (&target.value, &update.value) {
        for (key, value) in new.iter() {
            if let Some(present) = old.get(key) {
                check(present, value, &push_token(pointer, key))?;
            }
        }
    }
    Ok(())
}

fn article(node: &Node) -> String {
    let kind = node.kind();
    let article = if kind.starts_with(['a', 'i', 'o']) {
        "an"
    } else {
        "a"
    };
    format!("{article} {kind}")
}

fn merge(target: &mut Node, update: &Node) -> bool {
    match (&mut target.value, &update.value) {
        (Value::Mapping(old), Value::Mapping(new)) => {
            let mut changed = false;
            for entry in &new.entries {
                if let Some(present) = old.get_mut(&entry.key) {
                    changed |= merge(present, &entry.value);
                } else {
                    old.insert(entry.key.clone(), entry.key_span, entry.value.clone());
                    changed = true;
                }
            }
            changed
        }
        (Value::Sequence(items), Value::Sequence(added)) => {
            items.extend(added.iter().cloned());
            !added.is_empty()
        }
        // An equal value keeps its position in the document.
        (old, new) if old == new => false,
        _ => {
            *target = update.clone();
            true
        }
    }
}
