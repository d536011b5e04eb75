//! Compares the items of two versions.

use std::collections::HashMap;

use indexmap::IndexMap;

use super::items::{Facet, Item, Kind};
use super::{Change, Severity, Side};

type Items = IndexMap<String, Item>;

/// From which similarity of their names on, an item that is gone and one that is new are taken for one.
const SIMILAR: f64 = 0.8;

/// All changes, in no particular order.
pub(super) fn compare(before: &Items, after: &Items) -> Vec<Change> {
    let moved = moved(before, after);
    let before = with_later_keys(before, &moved);
    let mut changes = Vec::new();
    for (key, (old_key, old)) in &before {
        match after.get(key) {
            Some(new) => {
                let has_other_key = moved.contains_key(*old_key);
                let was_told = has_other_key && !is_known_by_facet(new.kind);
                if was_told {
                    changes.push(of_key(old_key, key, old, new));
                }
                of_item(key, old, new, was_told, &mut changes);
            }
            None if parent_stays(old, |parent| after.contains_key(parent)) => {
                let is_elsewhere = |new: &Item| new.kind == Kind::Header && new.rust == old.rust;
                if old.kind == Kind::Header && after.values().any(is_elsewhere) {
                    changes.push(no_longer_described(key, old));
                } else {
                    changes.push(removed(key, old));
                }
            }
            None => {}
        }
    }
    for (key, new) in after {
        let is_new = !before.contains_key(key);
        if is_new && parent_stays(new, |parent| before.contains_key(parent)) {
            changes.push(added(key, new));
        }
    }
    without_explained_arguments(&mut changes);
    with_security_of_the_api_once(changes)
}

/// The changes, those of security requirements that operations have from the whole API as one: they are stated in one place.
fn with_security_of_the_api_once(changes: Vec<Change>) -> Vec<Change> {
    let is_security = |change: &Change| {
        let kinds = ["operation-security-changed", "operation-scopes-changed"];
        kinds.contains(&change.kind.as_str()) && !change.claims.is_empty()
    };
    let (security, mut others): (Vec<Change>, Vec<Change>) =
        changes.into_iter().partition(is_security);
    let mut groups: IndexMap<_, Vec<Change>> = IndexMap::new();
    for change in security {
        let at = (change.side == Side::Before, change.at.clone());
        let key = (
            change.kind.clone(),
            change.before.clone(),
            change.after.clone(),
            at,
        );
        groups.entry(key).or_default().push(change);
    }
    for mut group in groups.into_values() {
        let count = group.len();
        if count > 1
            && let Some(first) = group.first_mut()
        {
            first.kind = first.kind.replace("operation-", "api-");
            "the API".clone_into(&mut first.item);
            let whom = format!("all {count} operations that have no requirements of their own");
            let needs = first
                .effect
                .split_once(" needs: ")
                .map_or("", |(_, needs)| needs);
            first.effect = format!("{whom} need: {needs}");
            "Client".clone_into(&mut first.rust);
            group.truncate(1);
        }
        others.append(&mut group);
    }
    others
}

/// Whether the item that an item is a part of is in both versions.
fn parent_stays(item: &Item, has: impl Fn(&str) -> bool) -> bool {
    item.parent.as_deref().is_none_or(has)
}

/// The keys of the earlier items that have another key later: operations that have the same name in Rust, and items that have
/// the same form, a similar name, and are parts of the same.
fn moved(before: &Items, after: &Items) -> HashMap<String, String> {
    let gone: Vec<(&String, &Item)> = before
        .iter()
        .filter(|(key, _)| !after.contains_key(*key))
        .collect();
    let mut new: Vec<(&String, &Item)> = after
        .iter()
        .filter(|(key, _)| !before.contains_key(*key))
        .collect();
    let mut moved = HashMap::new();
    for (key, old) in gone {
        let mut best: Option<(f64, usize)> = None;
        for (at, (_, item)) in new.iter().enumerate() {
            let likeness = likeness(old, item);
            if likeness >= SIMILAR && best.is_none_or(|(most, _)| likeness > most) {
                best = Some((likeness, at));
            }
        }
        if let Some((_, at)) = best {
            let (later, _) = new.remove(at);
            moved.insert(key.clone(), later.clone());
        }
    }
    moved
}

/// Whether items of a kind have another key only because their media type or URL is another, which a facet tells.
fn is_known_by_facet(kind: Kind) -> bool {
    matches!(kind, Kind::MediaType | Kind::ResponseBody | Kind::Server)
}

/// How sure it is that an item became another one, from 0 to 1.
fn likeness(old: &Item, new: &Item) -> f64 {
    if old.kind != new.kind || old.parent != new.parent {
        return 0.0;
    }
    let keeps_name = old.kind == Kind::Operation || is_known_by_facet(old.kind);
    if keeps_name && old.name == new.name {
        return 1.0;
    }
    let can_be_renamed = matches!(
        old.kind,
        Kind::Operation | Kind::Webhook | Kind::Parameter | Kind::Field
    );
    if !can_be_renamed {
        return 0.0;
    }
    let has_same = |facet| old.facets.get(facet) == new.facets.get(facet);
    if !["type", "response", "arguments", "presence"]
        .into_iter()
        .all(has_same)
    {
        return 0.0;
    }
    strsim::jaro_winkler(&old.name, &new.name)
}

/// The earlier items by their later keys, each with its own key.
fn with_later_keys<'i>(
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

/// A change, without what is particular to it.
fn change(severity: Severity, kind: &str, key: &str, item: &Item) -> Change {
    Change {
        severity,
        kind: format!("{}-{kind}", item.kind.as_str()),
        item: key.to_owned(),
        rust: item.rust.clone(),
        before: None,
        after: None,
        effect: String::new(),
        side: Side::After,
        at: item.claims.first().map(|claim| claim.at.clone()),
        claims: item.claims.clone(),
    }
}

fn removed(key: &str, item: &Item) -> Change {
    let effect = match item.kind {
        Kind::Operation => format!(
            "`{}` and its method of the server trait are gone",
            item.rust
        ),
        Kind::Parameter | Kind::Body if item.is_demanded => {
            format!("`{}` is no argument any more", item.rust)
        }
        Kind::ResponseBody => is_or_are(item, "gone"),
        _ => format!("`{}` is gone", item.rust),
    };
    Change {
        before: Some(shown(item)),
        effect,
        side: Side::Before,
        ..change(Severity::Major, "removed", key, item)
    }
}

/// The removal of a header from a response, where other responses have it, so that its constant stays.
fn no_longer_described(key: &str, item: &Item) -> Change {
    let response = item.parent.as_deref().unwrap_or_default();
    Change {
        before: Some(shown(item)),
        effect: format!(
            "`{}` is no longer described for `{response}`; the constant stays",
            item.rust
        ),
        side: Side::Before,
        ..change(Severity::Patch, "removed", key, item)
    }
}

fn added(key: &str, item: &Item) -> Change {
    let (severity, effect) = match item.kind {
        Kind::Parameter | Kind::Body if item.is_demanded => (
            Severity::Major,
            format!("callers must give the new argument `{}`", item.rust),
        ),
        Kind::Field if item.is_demanded => (
            Severity::Major,
            format!("callers must set the new field `{}`", item.rust),
        ),
        Kind::ResponseBody => (Severity::Minor, is_or_are(item, "new")),
        _ => (Severity::Minor, format!("`{}` is new", item.rust)),
    };
    Change {
        after: Some(shown(item)),
        effect,
        ..change(severity, "added", key, item)
    }
}

/// `` `GetBookResponse::OkText` and `GetBook::send_as_text` are gone ``, or only the first, if it has no method.
fn is_or_are(item: &Item, what: &str) -> String {
    let method = item.facets.get("method").map(|facet| facet.value.as_str());
    match method.filter(|method| !method.is_empty()) {
        Some(method) => format!("`{}` and `{method}` are {what}", item.rust),
        None => format!("`{}` is {what}", item.rust),
    }
}

/// What an item is, in a few words: its type, or what its call returns.
fn shown(item: &Item) -> String {
    let facet = |name| {
        item.facets
            .get(name)
            .map(|facet: &Facet| facet.value.clone())
    };
    let known = facet("type")
        .or_else(|| facet("response"))
        .or_else(|| facet("kind"));
    known.unwrap_or_else(|| item.name.clone())
}

/// The change of an item that has another key.
fn of_key(old_key: &str, key: &str, old: &Item, new: &Item) -> Change {
    let is_certain = old.name == new.name;
    let (severity, kind, effect) = if is_certain {
        (
            Severity::Patch,
            "moved",
            moved_effect(old_key, key, old, new),
        )
    } else {
        let effect = format!("`{}` is probably called `{}` now", old.rust, new.rust);
        (Severity::Major, "probably-renamed", effect)
    };
    Change {
        before: Some(old_key.to_owned()),
        after: Some(key.to_owned()),
        effect,
        ..change(severity, kind, key, new)
    }
}

/// How requests differ where an item has another key and the same name in Rust.
fn moved_effect(old_key: &str, key: &str, old: &Item, new: &Item) -> String {
    let rust = &new.rust;
    let method = |key: &str| key.split(' ').next().unwrap_or_default().to_owned();
    let (old_method, new_method) = (method(old_key), method(key));
    let path = |item: &Item| item.facets.get("path").map(|facet| facet.value.clone());
    let place = |key: &str, item: &Item| {
        let parent = item.parent.as_deref().unwrap_or_default();
        let place = key.strip_prefix(parent).unwrap_or(key);
        place.trim_start_matches([' ', '.']).to_owned()
    };
    if new.kind != Kind::Operation {
        let (before, after) = (place(old_key, old), place(key, new));
        format!("`{rust}` is sent as `{after}` instead of `{before}`")
    } else if old_method == new_method {
        format!("`{rust}` is sent to another path")
    } else if path(old) == path(new) {
        format!("`{rust}` is sent with `{new_method}` instead of `{old_method}`")
    } else {
        format!("`{rust}` is sent with `{new_method}` instead of `{old_method}`, to another path")
    }
}

/// The changes of an item. `was_told` says that a change has told of its other key, and with it of its other name.
fn of_item(key: &str, old: &Item, new: &Item, was_told: bool, changes: &mut Vec<Change>) {
    if old.name != new.name && !was_told {
        changes.push(Change {
            before: Some(old.rust.clone()),
            after: Some(new.rust.clone()),
            effect: format!("`{}` is called `{}` now", old.rust, new.rust),
            ..change(Severity::Major, "renamed", key, new)
        });
    }
    for (name, facet) in &new.facets {
        let Some(earlier) = old.facets.get(name) else {
            continue;
        };
        let has_same = |facet| old.facets.get(facet) == new.facets.get(facet);
        // Another type or other schemes say more than a format or scopes.
        let is_told = match *name {
            "path" => was_told,
            "scopes" => !has_same("security"),
            "format" => !has_same("type") || !has_same("target"),
            // Nothing is promised of a type that no response has, and this is not a change of the type.
            "promise" => earlier.value.is_empty() || facet.value.is_empty(),
            _ => false,
        };
        if earlier.value == facet.value || is_told {
            continue;
        }
        let severity = facet.rule.severity(&earlier.value, &facet.value);
        let rust = facet.rust.clone().unwrap_or_else(|| new.rust.clone());
        let mut change = Change {
            effect: effect(name, &rust, &earlier.value, &facet.value),
            rust,
            before: Some(earlier.value.clone()),
            after: Some(facet.value.clone()),
            ..change(severity, &format!("{name}-changed"), key, new)
        };
        let (later, earlier) = (new.places.get(name), old.places.get(name));
        if let Some(claims) = later.or(earlier) {
            change.at = claims.first().map(|claim| claim.at.clone());
            change.claims.clone_from(claims);
            change.side = if later.is_some() {
                Side::After
            } else {
                Side::Before
            };
        }
        changes.push(change);
    }
}

/// What the change of a facet does to the code of a caller.
fn effect(facet: &str, rust: &str, before: &str, after: &str) -> String {
    match facet {
        "documentation" => format!("the documentation of `{rust}` is another"),
        "deprecated" if after.is_empty() => format!("`{rust}` is deprecated no more"),
        "deprecated" => format!("the compiler warns of uses of `{rust}`"),
        "deprecation" if after.is_empty() => {
            format!("the description calls `{rust}` deprecated no more")
        }
        "deprecation" => format!("the description calls `{rust}` deprecated"),
        "tokens" => format!("callers get the tokens for `{rust}` in another way"),
        "pages" if before.is_empty() => format!("`{rust}` is new: pages of `{after}`"),
        "pages" if after.is_empty() => format!("`{rust}` is gone"),
        "method" if before.is_empty() => format!("`{after}` is new"),
        "method" if after.is_empty() => format!("`{before}` is gone"),
        "method" => format!("`{before}` is called `{after}` now"),
        "arguments" => format!("`{rust}` takes {after} instead of {before}"),
        "presence" if after == "required" => {
            format!("`{rust}` is an argument that callers must give")
        }
        "presence" => format!("`{rust}` sets it; the argument is gone"),
        "scopes" => format!(
            "`{rust}` needs: {} instead of {}",
            or_none(after),
            or_none(before)
        ),
        "format" => format!(
            "the format of `{rust}`: {} \u{2192} {}",
            or_none(before),
            or_none(after)
        ),
        "unique-items" if after.is_empty() => format!("the items of `{rust}` may be equal"),
        "unique-items" => format!("the items of `{rust}` must differ"),
        "additional-properties" if after.is_empty() => {
            format!("`{rust}` may have properties that are not described")
        }
        "additional-properties" => {
            format!("`{rust}` may have no properties but those described")
        }
        "security" => format!("`{rust}` needs: {}", or_none(after)),
        _ => format!("`{rust}`: {} \u{2192} {}", or_none(before), or_none(after)),
    }
}

fn or_none(value: &str) -> String {
    if value.is_empty() {
        "nothing".to_owned()
    } else {
        format!("`{value}`")
    }
}

/// Removes the changes of arguments that changes of the parameters or the body tell already.
fn without_explained_arguments(changes: &mut Vec<Change>) {
    let explained: Vec<String> = changes
        .iter()
        .filter(|change| {
            let kinds = ["parameter-", "body-", "media-type-"];
            change.severity == Severity::Major
                && kinds.iter().any(|kind| change.kind.starts_with(kind))
        })
        .map(|change| change.item.clone())
        .collect();
    changes.retain(|change| {
        let is_part = |part: &String| {
            let rest = part.strip_prefix(change.item.as_str());
            rest.is_some_and(|rest| rest.starts_with(' '))
        };
        change.kind != "operation-arguments-changed" || !explained.iter().any(is_part)
    });
}
