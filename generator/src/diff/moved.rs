//! The items that have another key in the later version.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use indexmap::IndexMap;

use super::items::{Item, Items, Kind};

/// From which similarity of their names on, an item that is gone and one that is new are taken for one.
const SIMILAR: f64 = 0.8;

/// The keys of the earlier items that have another key later: items that are parts of the same and have the same name in
/// Rust, and those that have the same form and a similar name.
pub(super) fn moved(before: &Items, after: &Items) -> HashMap<String, String> {
    let mut moved = HashMap::new();
    pair(before, after, same_name, &mut moved);
    pair(before, after, same_form, &mut moved);
    moved
}

/// Pairs each earlier item that is gone with the item that it most likely became: of the new ones that are of the same kind,
/// parts of the same, and have the same features, the one with the most similar name. Items without features are not paired.
fn pair<'i, F: Eq + Hash>(
    before: &'i Items,
    after: &'i Items,
    features: impl Fn(&'i Item) -> Option<F>,
    moved: &mut HashMap<String, String>,
) {
    let group = |item: &'i Item| Some((item.kind, item.parent.as_deref(), features(item)?));
    let mut new: HashMap<_, Vec<(&String, &Item)>> = HashMap::new();
    let taken: HashSet<&String> = moved.values().collect();
    for (key, item) in after {
        if !before.contains_key(key)
            && !taken.contains(key)
            && let Some(group) = group(item)
        {
            new.entry(group).or_default().push((key, item));
        }
    }
    for (key, old) in before {
        if !after.contains_key(key)
            && !moved.contains_key(key)
            && let Some(new) = group(old).and_then(|group| new.get_mut(&group))
            && let Some(at) = most_alike(old, new)
        {
            let (later, _) = new.remove(at);
            moved.insert(key.clone(), later.clone());
        }
    }
}

/// The first of the new items whose name is the most similar one, if any is similar enough.
fn most_alike(old: &Item, new: &[(&String, &Item)]) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (at, (_, item)) in new.iter().enumerate() {
        let likeness = strsim::jaro_winkler(&old.name, &item.name);
        if likeness >= SIMILAR && best.is_none_or(|(most, _)| likeness > most) {
            best = Some((likeness, at));
        }
    }
    best.map(|(_, at)| at)
}

/// Whether items of a kind have another key only because their media type, URL or type is another, which a facet tells.
pub(super) fn is_known_by_facet(kind: Kind) -> bool {
    matches!(
        kind,
        Kind::MediaType | Kind::ResponseBody | Kind::Server | Kind::Alternative
    )
}

/// Whether items of a kind that are parts of the same are one if they have one name in Rust.
fn is_known_by_name(kind: Kind) -> bool {
    let is_named = matches!(
        kind,
        Kind::Operation | Kind::Webhook | Kind::Parameter | Kind::Field | Kind::EnumValue
    );
    is_named || is_known_by_facet(kind)
}

/// What items have in common that certainly are one: the name in Rust.
fn same_name(item: &Item) -> Option<&str> {
    is_known_by_name(item.kind).then_some(&item.name)
}

/// What items have in common that probably are one, if their names are similar.
fn same_form(item: &Item) -> Option<[Option<&str>; 5]> {
    let can_be_renamed = matches!(
        item.kind,
        Kind::Operation | Kind::Webhook | Kind::Parameter | Kind::Field
    );
    let facets = ["type", "response", "arguments", "presence", "http-method"];
    let form = facets.map(|facet| item.facets.get(facet).map(|it| it.value.as_str()));
    can_be_renamed.then_some(form)
}

/// The earlier items by their later keys, each with its own key.
pub(super) fn with_later_keys<'i>(
    before: &'i Items,
    moved: &HashMap<String, String>,
) -> IndexMap<String, (&'i String, &'i Item)> {
    let items = before.iter();
    items
        .map(|(key, item)| (later_key(key, before, moved), (key, item)))
        .collect()
}

/// The key of an earlier item among the later ones: what it is a part of can have another key.
fn later_key(key: &str, before: &Items, moved: &HashMap<String, String>) -> String {
    if let Some(later) = moved.get(key) {
        return later.clone();
    }
    let parent = before.get(key).and_then(|item| item.parent.as_deref());
    let part = parent.and_then(|parent| Some((parent, key.strip_prefix(parent)?)));
    match part {
        Some((parent, rest)) => format!("{}{rest}", later_key(parent, before, moved)),
        None => key.to_owned(),
    }
}
