//! The entries of a mapping: a list that finds a key quickly even when it is long.

use std::collections::HashMap;
use std::ops::{Deref, DerefMut};
use std::sync::OnceLock;

use super::{Entry, Node};

/// Up to this length a linear search is faster than an index.
const SEARCHED: usize = 16;

/// A list of [`Entry`] with an index of its keys. The first search of a long list builds the index.
///
/// It derefs to `Vec<Entry>`. Mutable access to the vector drops the index.
#[derive(Default)]
pub struct Entries {
    list: Vec<Entry>,
    #[expect(
        clippy::box_collection,
        reason = "most mappings have no index; a node stays small"
    )]
    index: OnceLock<Box<HashMap<String, usize>>>,
}

impl Entries {
    /// The index of the entry with a key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        if self.list.len() <= SEARCHED {
            return self.search(key);
        }
        self.index
            .get_or_init(|| {
                // The first of equal keys wins, as in a linear search.
                let mut index = HashMap::with_capacity(self.list.len());
                for (position, entry) in self.list.iter().enumerate() {
                    index.entry(entry.key.clone()).or_insert(position);
                }
                Box::new(index)
            })
            .get(key)
            .copied()
    }

    /// The value at an index. Its key cannot change, so the index of keys stays valid.
    pub(super) fn value_mut(&mut self, position: usize) -> Option<&mut Node> {
        self.list.get_mut(position).map(|entry| &mut entry.value)
    }

    /// Appends an entry. The caller makes sure that the list does not have its key.
    pub(super) fn append(&mut self, entry: Entry) {
        if let Some(index) = self.index.get_mut() {
            index.insert(entry.key.clone(), self.list.len());
        }
        self.list.push(entry);
    }

    /// Removes the entry of a key. This builds no index, because the removal would drop it again.
    pub(super) fn remove_key(&mut self, key: &str) -> Option<Entry> {
        let position = match self.index.get() {
            Some(index) => index.get(key).copied(),
            None => self.search(key),
        }?;
        self.index.take();
        Some(self.list.remove(position))
    }

    fn search(&self, key: &str) -> Option<usize> {
        self.list.iter().position(|entry| entry.key == key)
    }
}

impl Deref for Entries {
    type Target = Vec<Entry>;

    fn deref(&self) -> &Self::Target {
        &self.list
    }
}

impl DerefMut for Entries {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.index.take();
        &mut self.list
    }
}

impl Clone for Entries {
    fn clone(&self) -> Self {
        self.list.clone().into()
    }
}

impl PartialEq for Entries {
    fn eq(&self, other: &Self) -> bool {
        self.list == other.list
    }
}

impl std::fmt::Debug for Entries {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.list.fmt(formatter)
    }
}

impl From<Vec<Entry>> for Entries {
    fn from(list: Vec<Entry>) -> Self {
        Self {
            list,
            index: OnceLock::new(),
        }
    }
}

impl FromIterator<Entry> for Entries {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        entries.into_iter().collect::<Vec<_>>().into()
    }
}

impl IntoIterator for Entries {
    type Item = Entry;
    type IntoIter = std::vec::IntoIter<Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a> IntoIterator for &'a Entries {
    type Item = &'a Entry;
    type IntoIter = std::slice::Iter<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.iter()
    }
}

impl<'a> IntoIterator for &'a mut Entries {
    type Item = &'a mut Entry;
    type IntoIter = std::slice::IterMut<'a, Entry>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter_mut()
    }
}

#[cfg(test)]
mod tests {
    use crate::description::source::{SourceMap, Span};
    use crate::description::tree::{Mapping, Node, Value};

    fn span() -> Span {
        Span::new(SourceMap::default().add("a", ""), 1, 1)
    }

    fn number(value: usize) -> Node {
        Node {
            span: span(),
            value: Value::Number(value.into()),
        }
    }

    fn long_mapping() -> Mapping {
        let mut mapping = Mapping::default();
        for value in 0..1000 {
            mapping.insert(format!("key{value}"), span(), number(value));
        }
        mapping
    }

    #[test]
    fn long_mapping_finds_replaces_and_removes() {
        let mut mapping = long_mapping();
        assert_eq!(mapping.get("key999"), Some(&number(999)));
        mapping.insert("key999".to_owned(), span(), number(7));
        assert_eq!(mapping.entries.len(), 1000);
        assert_eq!(mapping.get("key999"), Some(&number(7)));
        assert_eq!(mapping.remove("key0"), Some(number(0)));
        assert_eq!(mapping.get("key0"), None);
        assert_eq!(mapping.get("key1"), Some(&number(1)));
    }

    #[test]
    fn change_through_the_vector_is_seen_by_a_search() {
        let mut mapping = long_mapping();
        assert!(mapping.get("key5").is_some());
        for entry in &mut mapping.entries {
            entry.key.push('x');
        }
        assert_eq!(mapping.get("key5"), None);
        assert_eq!(mapping.get("key5x"), Some(&number(5)));
        mapping.entries.truncate(3);
        assert_eq!(mapping.get("key5x"), None);
    }
}
