//! The items that have another key in the later version.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::items::{Item, Items, Kind};

/// From which similarity of their names on, an item that is gone and one that is new are taken for one.
const SIMILAR: f64 = 0.8;

/// The similarity of items that certainly are one.
const SAME: f64 = 1.0;

/// The keys of the earlier items that have another key later: items that are parts of the same and have the same name in
/// Rust, and those that have the same form and a similar name.
pub(super) fn moved(before: &Items, after: &Items) -> HashMap<String, String> {
    let gone: Vec<(&String, &Item)> = before
        .iter()
        .filter(|(key, _)| !after.contains_key(*key))
        .collect();
    let mut new: Vec<(&String, &Item)> = after
        .iter()
        .filter(|(key, _)| !before.contains_key(*key))
        .collect();
    let mut moved = HashMap::new();
    for least in [SAME, SIMILAR] {
        for (key, old) in &gone {
            if moved.contains_key(*key) {
                continue;
            }
            if let Some(at) = most_alike(old, &new, least) {
                let (later, _) = new.remove(at);
                moved.insert((*key).clone(), later.clone());
            }
        }
    }
    moved
}

/// Which of the new items an item most likely became, if any is as similar as that.
fn most_alike(old: &Item, new: &[(&String, &Item)], least: f64) -> Option<usize> {
    let mut best: Option<(f64, usize)> = None;
    for (at, (_, item)) in new.iter().enumerate() {
        let likeness = likeness(old, item);
        if likeness >= least && best.is_none_or(|(most, _)| likeness > most) {
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

/// How sure it is that an item became another one, from 0 to 1.
fn likeness(old: &Item, new: &Item) -> f64 {
    if old.kind != new.kind || old.parent != new.parent {
        return 0.0;
    }
    if is_known_by_name(old.kind) && old.name == new.name {
        return SAME;
    }
    let can_be_renamed = matches!(
        old.kind,
        Kind::Operation | Kind::Webhook | Kind::Parameter | Kind::Field
    );
    if !can_be_renamed {
        return 0.0;
    }
    let value = |item: &Item, facet| item.facets.get(facet).map(|it| it.value.clone());
    let has_same = |facet| value(old, facet) == value(new, facet);
    if !["type", "response", "arguments", "presence", "http-method"]
        .into_iter()
        .all(has_same)
    {
        return 0.0;
    }
    strsim::jaro_winkler(&old.name, &new.name)
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
