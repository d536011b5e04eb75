//! What was created, changed and deleted.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use axum::http::HeaderMap;
use serde_json::{Map, Value};

use super::super::{RequestContext, operations, percent};
use super::values::{fits, items, mix, pick, property, view, wrapped};
use super::{Response, text};
use crate::operation::{Method, Operation};

/// The items that a collection begins with.
const FIRST: usize = 2;

/// How much is remembered, in bytes of JSON.
const MEMORY: usize = 8 << 20;

/// Properties by which an item may be known.
const NAMES: [&str; 6] = ["id", "slug", "name", "version", "key", "uuid"];

/// The collection of a request, and the item of it.
pub(super) struct Place {
    pub(super) collection: String,
    home: &'static str,
    pub(super) id: Option<String>,
    /// The properties that may be the id, the likeliest first.
    pub(super) names: Vec<String>,
    /// How many of them the parameter names.
    named: usize,
}

impl Place {
    /// `None` where no path ends with the id of such an item.
    pub(super) fn of(operation: &'static Operation, context: &RequestContext) -> Option<Self> {
        let home = HOMES.get(operation.id)?;
        let value = |name: &str| context.path_text(name).unwrap_or_default();
        let (collection, item) = home.rsplit_once('/')?;
        let segments = collection.split('/');
        let segments = segments.map(|segment| parameter(segment).map_or(segment.into(), value));
        let item = parameter(item)?;
        let is_item = trimmed(operation) == *home;
        let id = percent::decode(&value(item)).filter(|_| is_item);
        let (names, named) = names(item, id.as_deref().unwrap_or_default());
        Some(Self { collection: segments.collect::<Vec<_>>().join("/"), home, id, names, named })
    }

    /// The properties that no two items have in common.
    pub(super) fn unique(&self) -> &[String] {
        self.names.get(..self.named).unwrap_or_default()
    }
}

/// The paths of the items that operations are about: the path itself, or one with an id after the same last word and some
/// of the same parameters, such as `/teams/{org}/{team}/` for `/organizations/{org}/teams/`.
static HOMES: LazyLock<BTreeMap<&str, &str>> = LazyLock::new(|| {
    let all: Vec<_> = all().map(|one| (one, Shape::of(one))).collect();
    let homes = all.iter().filter_map(|(operation, shape)| {
        let path = trimmed(operation);
        if shape.is_item {
            return Some((operation.id, path));
        }
        let items = all.iter().filter(|(_, item)| {
            item.is_item && item.noun == shape.noun && item.parents.iter().all(|it| shape.parents.contains(it))
        });
        let home = items.max_by_key(|(item, shape)| (trimmed(item).starts_with(path), shape.parents.len()));
        Some((operation.id, trimmed(home?.0)))
    });
    homes.collect()
});

/// What the path of an operation tells.
struct Shape {
    noun: &'static str,
    parents: Vec<&'static str>,
    is_item: bool,
}

impl Shape {
    fn of(operation: &Operation) -> Self {
        let path = trimmed(operation);
        let mut nouns = path.rsplit('/').filter(|segment| !segment.contains('{'));
        let mut parents: Vec<_> = path.split('/').filter_map(parameter).collect();
        let is_item = path.rsplit('/').next().and_then(parameter).is_some();
        if is_item {
            parents.pop();
        }
        let noun = nouns.next().unwrap_or_default();
        Self { noun, parents, is_item }
    }
}

fn all() -> impl Iterator<Item = &'static Operation> {
    operations::GROUPS.iter().copied().flatten().copied()
}

/// The path of an operation without its query and its last slash.
fn trimmed(operation: &Operation) -> &'static str {
    let path = operation.path.split('?').next();
    path.unwrap_or_default().trim_end_matches('/')
}

/// The name of a parameter that is a whole segment.
fn parameter(segment: &str) -> Option<&str> {
    let name = segment.strip_prefix('{')?.strip_suffix('}')?;
    (!name.contains(['{', '}'])).then_some(name)
}

/// The properties that may be an id, and how many of them the parameter names.
fn names(parameter: &str, id: &str) -> (Vec<String>, usize) {
    let mut words = parameter.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    let camel = words.fold(first, |text, word| {
        let (head, tail) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
        text + &head.to_uppercase() + tail
    });
    let lower = parameter.to_ascii_lowercase();
    let (mut in_it, others): (Vec<_>, Vec<_>) = NAMES.into_iter().partition(|name| lower.contains(name));
    // `{id_or_slug}`
    if id.parse::<u64>().is_err() {
        in_it.reverse();
    }
    let named = 2 + in_it.len();
    let usual = in_it.into_iter().chain(others).map(str::to_owned);
    ([parameter.to_owned(), camel].into_iter().chain(usual).collect(), named)
}

/// The collections by their paths.
#[derive(Debug, Default)]
pub(super) struct Collections(BTreeMap<String, Items>);

impl Collections {
    /// The collection of a place. Where there is too much of all, it is the first one again.
    pub(super) fn of(&mut self, place: &Place, seed: u64) -> &mut Items {
        let size: usize = self.0.values().map(|items| items.size).sum();
        if size > MEMORY {
            self.0.clear();
        }
        let items = self.0.entry(place.collection.clone());
        items.or_insert_with(|| Items::new(place.home, seed))
    }
}

/// Values by which an item differs from others, also where the description has an example.
fn identity(schema: &'static Value, key: u64) -> Map<String, Value> {
    let values = NAMES.iter().filter_map(|name| {
        let number = pick(key, 1_000_000).to_string();
        let texts = [number.clone(), format!("{name}-{number}")];
        let mut texts = texts.iter().skip(usize::from(*name != "id"));
        let value = texts.find_map(|text| known_as(schema, name, text))?;
        Some(((*name).to_owned(), value))
    });
    values.collect()
}

/// A text as a value of a property, a number where that is one.
fn known_as(schema: &'static Value, name: &str, text: &str) -> Option<Value> {
    let schema = property(schema, name)?;
    let number = text.parse::<u64>().ok().map(Value::from);
    let mut values = [Some(text.into()), number].into_iter().flatten();
    values.find(|value| fits(schema, value, 0))
}

/// The items of a collection.
#[derive(Debug)]
pub(super) struct Items {
    seed: u64,
    created: usize,
    all: Vec<Item>,
    deleted: BTreeSet<String>,
    /// About how many bytes of JSON were added.
    size: usize,
}

#[derive(Debug)]
struct Item {
    key: u64,
    known: Map<String, Value>,
}

impl Item {
    fn is(&self, id: &str, names: &[String]) -> bool {
        let mut known = names.iter().filter_map(|name| self.known.get(name));
        known.any(|value| text(value) == id)
    }
}

impl Items {
    fn new(home: &str, seed: u64) -> Self {
        let mut items = Self { seed, created: 0, all: Vec::new(), deleted: BTreeSet::new(), size: home.len() };
        let is_list =
            |one: &&Operation| one.method == Method::Get && HOMES.get(one.id) == Some(&home) && trimmed(one) != home;
        let mut lists = all().filter(is_list).map(|list| Response::of(list, None, &HeaderMap::new()));
        if let Some((_, schema)) = lists.find_map(|list| self::items(list.schema())) {
            for _ in 0..FIRST {
                items.create(schema, Map::new(), &[]);
            }
        }
        items
    }

    /// The list that a schema is of.
    pub(super) fn list(&self, schema: &'static Value) -> Option<Value> {
        let (property, item) = items(schema)?;
        let all = self.all.iter().map(|one| view(item, one.key, &one.known, 1)).collect();
        Some(match property {
            Some(name) => wrapped(schema, self.seed, name, all),
            None => all,
        })
    }

    /// Adds an item, in place of one with the same id in one of the `names`. `None` where the schema is of no object.
    pub(super) fn create(
        &mut self,
        schema: &'static Value,
        sent: Map<String, Value>,
        names: &[String],
    ) -> Option<Value> {
        self.created += 1;
        let key = mix(self.seed, &self.created.to_string());
        let mut known = identity(schema, key);
        known.extend(sent.clone());
        let created = view(schema, key, &known, 0);
        let mut known = created.as_object()?.clone();
        self.size += length(&created) + sent.values().map(length).sum::<usize>();
        let ids: Vec<String> = names.iter().filter_map(|name| sent.get(name)).map(text).collect();
        self.all.retain(|one| !ids.iter().any(|id| one.is(id, names)));
        self.deleted.retain(|id| !ids.contains(id));
        for (name, value) in sent {
            known.entry(name).or_insert(value);
        }
        self.all.push(Item { key, known });
        Some(created)
    }

    /// An item with what is changed of it. `None` where it was deleted.
    pub(super) fn item(
        &mut self,
        id: &str,
        names: &[String],
        schema: &'static Value,
        changes: Option<Map<String, Value>>,
    ) -> Option<Value> {
        self.size += changes.iter().flatten().map(|(_, value)| length(value)).sum::<usize>();
        if let Some(item) = self.all.iter_mut().find(|one| one.is(id, names)) {
            for (name, value) in changes.into_iter().flatten() {
                if property(schema, &name).is_none_or(|property| fits(property, &value, 0)) {
                    item.known.insert(name, value);
                }
            }
            return Some(view(schema, item.key, &item.known, 0));
        }
        if self.deleted.contains(id) {
            return None;
        }
        let key = mix(self.seed, id);
        let mut known = identity(schema, key);
        known.extend(changes.clone().unwrap_or_default());
        let mut found = names.iter();
        known.extend(found.find_map(|name| Some((name.clone(), known_as(schema, name, id)?))));
        let item = Item { key, known };
        let value = view(schema, item.key, &item.known, 0);
        if changes.is_some() {
            self.size += length(&value);
            self.all.push(item);
        }
        Some(value)
    }

    /// Removes an item. `false` where it was deleted before.
    pub(super) fn delete(&mut self, id: &str, names: &[String]) -> bool {
        let found = self.all.iter().position(|one| one.is(id, names));
        let item = found.map(|position| self.all.remove(position));
        let ids = item.iter().flat_map(|item| names.iter().filter_map(|name| item.known.get(name)));
        let ids: Vec<String> = ids.map(text).collect();
        self.size += id.len() + ids.iter().map(String::len).sum::<usize>();
        self.deleted.extend(ids);
        self.deleted.insert(id.to_owned()) || item.is_some()
    }
}

/// The bytes of a value as JSON.
fn length(value: &Value) -> usize {
    value.to_string().len()
}
