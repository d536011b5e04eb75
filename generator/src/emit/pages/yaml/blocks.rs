//! Objects that a page has several times. The library writes each of them once or twice; every further time, its text is
//! copied, with the indentation of its place.
//!
//! Before a tree is written, all of its objects are numbered: equal objects have the same number. An object that was
//! numbered before is written as a mark with its number, which [`Blocks::expand`] replaces by the text.

use std::cell::Cell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::Value as Json;

use crate::description::document::Written;

/// Objects of fewer bytes are written each time.
const LEAST_BYTES: usize = 64;

/// The objects of all trees of a page.
#[derive(Debug, Default)]
pub(in crate::emit::pages) struct Blocks {
    /// The numbers of objects. An object is known by its entries, in which the objects have numbers, too.
    numbers: Mutex<HashMap<Vec<u8>, usize>>,
    /// The texts of objects without indentation.
    texts: Mutex<HashMap<usize, Arc<str>>>,
}

/// The objects of one tree in the order in which they are written.
pub(super) struct Plan<'b> {
    pub(super) blocks: &'b Blocks,
    objects: Vec<Planned>,
    next: Cell<usize>,
}

#[derive(Clone, Copy)]
struct Planned {
    /// Its number, if its text is to be copied.
    copied: Option<usize>,
    /// The position of the first object that is not in it.
    end: usize,
}

impl Plan<'_> {
    /// The number of the next object, if its text is to be copied.
    pub(super) fn next(&self) -> Option<usize> {
        let position = self.next.get();
        let planned = self.objects.get(position)?;
        let next = planned.copied.map_or(position + 1, |_| planned.end);
        self.next.set(next);
        planned.copied
    }
}

impl Blocks {
    /// Numbers the objects of a tree.
    pub(super) fn plan(&self, tree: &Written<'_>) -> Plan<'_> {
        let mut objects = Vec::new();
        self.add_written(tree, &mut Vec::new(), &mut objects);
        Plan {
            blocks: self,
            objects,
            next: Cell::new(0),
        }
    }

    fn add_written(&self, value: &Written<'_>, key: &mut Vec<u8>, objects: &mut Vec<Planned>) {
        match value {
            Written::Value(value) => self.add_json(value, key, objects),
            Written::Text(text) => push_text(key, text),
            Written::Flag(flag) => key.push(if *flag { b't' } else { b'f' }),
            Written::Count(count) => push_plain(key, &count.to_string()),
            Written::List(items) => {
                key.push(b'[');
                for item in items {
                    self.add_written(item, key, objects);
                }
                key.push(b']');
            }
            Written::Object(object) => {
                let add = |value: &Written<'_>, own: &mut Vec<u8>, objects: &mut Vec<Planned>| {
                    self.add_written(value, own, objects);
                };
                self.add_object(object.iter(), add, key, objects);
            }
        }
    }

    fn add_json(&self, value: &Json, key: &mut Vec<u8>, objects: &mut Vec<Planned>) {
        match value {
            Json::Null => key.push(b'n'),
            Json::Bool(flag) => key.push(if *flag { b't' } else { b'f' }),
            Json::Number(number) => push_plain(key, &number.to_string()),
            Json::String(text) => push_text(key, text),
            Json::Array(items) => {
                key.push(b'[');
                for item in items {
                    self.add_json(item, key, objects);
                }
                key.push(b']');
            }
            Json::Object(object) => {
                let entries = object.iter().map(|(key, value)| (key.as_str(), value));
                let add = |value: &Json, own: &mut Vec<u8>, objects: &mut Vec<Planned>| {
                    self.add_json(value, own, objects);
                };
                self.add_object(entries, add, key, objects);
            }
        }
    }

    fn add_object<'v, V: 'v>(
        &self,
        entries: impl Iterator<Item = (&'v str, &'v V)>,
        add: impl Fn(&V, &mut Vec<u8>, &mut Vec<Planned>),
        key: &mut Vec<u8>,
        objects: &mut Vec<Planned>,
    ) {
        let position = objects.len();
        objects.push(Planned {
            copied: None,
            end: 0,
        });
        let mut own = Vec::with_capacity(128);
        for (name, value) in entries {
            push_text(&mut own, name);
            add(value, &mut own, objects);
        }
        let end = objects.len();
        let is_large = own.len() >= LEAST_BYTES || end > position + 1;
        let (number, is_known) = self.number(own);
        if let Some(planned) = objects.get_mut(position) {
            let copied = (is_large && is_known).then_some(number);
            *planned = Planned { copied, end };
        }
        key.push(b'{');
        key.extend_from_slice(&number.to_le_bytes());
    }

    /// The number of an object, and whether it had one.
    fn number(&self, object: Vec<u8>) -> (usize, bool) {
        let mut numbers = lock(&self.numbers);
        let next = numbers.len();
        let number = *numbers.entry(object).or_insert(next);
        (number, number != next)
    }

    /// Remembers the text of an object, unless it is known.
    pub(super) fn remember<E>(
        &self,
        number: usize,
        write: impl FnOnce() -> Result<String, E>,
    ) -> Result<(), E> {
        // The lock is free while the text is written, which takes long.
        let is_known = lock(&self.texts).contains_key(&number);
        if !is_known {
            let text = write()?;
            lock(&self.texts).insert(number, text.trim_end_matches('\n').into());
        }
        Ok(())
    }

    /// Appends the text of an object behind `key: ` or `- `, with the indentation of this place.
    pub(super) fn expand(&self, number: usize, page: &mut String) {
        let Some(block) = lock(&self.texts).get(&number).cloned() else {
            return;
        };
        let line = page.get(page.rfind('\n').map_or(0, |end| end + 1)..);
        let line = line.unwrap_or_default();
        let mut key = line.trim_start_matches(' ');
        while let Some(rest) = key.strip_prefix("- ") {
            key = rest.trim_start_matches(' ');
        }
        let mut indentation = line.len() - key.len();
        // An object begins on the line of its `-`, and below its key.
        let mut begins_line = false;
        if !key.is_empty() {
            indentation += 2;
            begins_line = key != ": ";
        }
        if begins_line {
            page.truncate(page.trim_end_matches(' ').len());
            page.push('\n');
        }
        let indentation = " ".repeat(indentation);
        for (index, line) in block.split('\n').enumerate() {
            if index > 0 {
                page.push('\n');
            }
            if (index > 0 || begins_line) && !line.is_empty() {
                page.push_str(&indentation);
            }
            page.push_str(line);
        }
    }
}

fn push_text(key: &mut Vec<u8>, text: &str) {
    key.push(b's');
    key.extend_from_slice(&text.len().to_le_bytes());
    key.extend_from_slice(text.as_bytes());
}

/// A text that is no string for a reader, such as a number.
fn push_plain(key: &mut Vec<u8>, text: &str) {
    push_text(key, text);
    key.push(b'p');
}

/// Whoever panicked while it held the lock left a map that is as good as any.
fn lock<T>(map: &Mutex<T>) -> MutexGuard<'_, T> {
    map.lock().unwrap_or_else(PoisonError::into_inner)
}
