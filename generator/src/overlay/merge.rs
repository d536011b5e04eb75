//! How an update enters its target: mappings merge, sequences grow, primitives are replaced.

use crate::tree::{Node, Value, push_token};

use super::Version;

/// The kinds that a merge tells apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Mapping,
    Sequence,
    Primitive,
}

pub(super) fn shape(node: &Node) -> Shape {
    match &node.value {
        Value::Mapping(_) => Shape::Mapping,
        Value::Sequence(_) => Shape::Sequence,
        _ => Shape::Primitive,
    }
}

/// Merges an update into a target and returns whether that changed it, or what does not fit.
///
/// A target that does not fit is left as it was.
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

/// Finds the first place where the kinds differ, as a pointer into the update.
fn check(target: &Node, update: &Node, pointer: &str) -> Result<(), String> {
    if shape(target) != shape(update) {
        let place = if pointer.is_empty() {
            String::new()
        } else {
            format!(" at {pointer}")
        };
        return Err(format!(
            "it puts {} upon {}{place}",
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
        // What is equal keeps the position that it has in the document.
        (old, new) if old == new => false,
        _ => {
            *target = update.clone();
            true
        }
    }
}
