//! Compares the items of two versions.

use std::collections::HashSet;

use super::items::{Facet, Item, Items, Kind, in_one_notation};
use super::moved::{is_known_by_facet, moved, with_later_keys};
use super::place::Places;
use super::security::with_security_of_the_api_once;
use super::{Change, Severity, Side, effect};

/// All changes, in no particular order.
pub(super) fn compare(before: &Items, after: &Items) -> Vec<Change> {
    let (earlier, later) = (Context::of(before), Context::of(after));
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
            None if old.kind.comes_and_goes()
                && parent_stays(old, |parent| after.contains_key(parent)) =>
            {
                let change = if later.has_constant(old) {
                    no_longer_described(key, old)
                } else {
                    removed(key, old)
                };
                changes.push(earlier.places.of_reference(change, old));
            }
            None => {}
        }
    }
    for (key, new) in after {
        let is_new = new.kind.comes_and_goes() && !before.contains_key(key);
        if is_new && parent_stays(new, |parent| before.contains_key(parent)) {
            let change = if earlier.has_constant(new) {
                described_too(key, new)
            } else {
                added(key, new)
            };
            changes.push(later.places.of_reference(change, new));
        }
    }
    without_explained(&mut changes);
    with_security_of_the_api_once(changes)
}

/// What changes of items of a version refer to beside the items.
struct Context<'i> {
    places: Places<'i>,
    /// The constants of the headers of all responses.
    constants: HashSet<&'i str>,
}

impl<'i> Context<'i> {
    fn of(items: &'i Items) -> Self {
        let headers = items.values().filter(|item| item.kind == Kind::Header);
        Self {
            places: Places::of(items),
            constants: headers.map(|header| header.rust.as_str()).collect(),
        }
    }

    /// Whether an item is a header whose constant the version has, of this response or of another one.
    fn has_constant(&self, item: &Item) -> bool {
        item.kind == Kind::Header && self.constants.contains(item.rust.as_str())
    }
}

/// Whether the item that an item is a part of is in both versions.
fn parent_stays(item: &Item, has: impl Fn(&str) -> bool) -> bool {
    item.parent.as_deref().is_none_or(has)
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
        acknowledged: None,
    }
}

fn removed(key: &str, item: &Item) -> Change {
    let effect = match item.kind {
        Kind::Operation if has_server_method(item) => format!(
            "`{}` and its method of the server trait are gone",
            item.rust
        ),
        Kind::Parameter | Kind::Body if item.is_demanded => {
            format!("`{}` is no longer an argument", item.rust)
        }
        Kind::ResponseBody => effect::is_or_are(item, "gone"),
        Kind::MediaType if item.name.is_empty() => format!(
            "`{}`: the API no longer takes `{}`",
            item.rust,
            effect::media_type(item)
        ),
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

/// The addition of a header to a response, where other responses have it already.
fn described_too(key: &str, item: &Item) -> Change {
    let response = item.parent.as_deref().unwrap_or_default();
    Change {
        after: Some(shown(item)),
        effect: format!("`{}` is described for `{response}`, too", item.rust),
        ..change(Severity::Patch, "added", key, item)
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
        Kind::ResponseBody => (Severity::Minor, effect::is_or_are(item, "new")),
        Kind::MediaType if item.name.is_empty() => (
            Severity::Minor,
            format!(
                "`{}` is sent as before; the API also takes `{}`",
                item.rust,
                effect::media_type(item)
            ),
        ),
        _ => (Severity::Minor, format!("`{}` is new", item.rust)),
    };
    Change {
        after: Some(shown(item)),
        effect,
        ..change(severity, "added", key, item)
    }
}

/// Whether a server trait has a method for an operation.
fn has_server_method(operation: &Item) -> bool {
    let server_trait = operation.facets.get("server-trait");
    server_trait.is_some_and(|facet| !facet.value.is_empty())
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
        let kind = match new.kind {
            Kind::EnumValue => "wire-changed",
            Kind::Webhook => "id-changed",
            _ => "moved",
        };
        (Severity::Patch, kind, effect::moved(old_key, key, old, new))
    } else {
        let effect = format!("`{}` is probably called `{}` now", old.rust, new.rust);
        (Severity::Major, "probably-renamed", effect)
    };
    let value = |key: &str, item: &Item| match item.kind {
        Kind::EnumValue => effect::own_key(key, item),
        _ => key.to_owned(),
    };
    Change {
        before: Some(value(old_key, old)),
        after: Some(value(key, new)),
        effect,
        ..change(severity, kind, key, new)
    }
}

/// The changes of an item. `was_told` says that a change has told of its other key, and with it of its other name.
fn of_item(key: &str, old: &Item, new: &Item, was_told: bool, changes: &mut Vec<Change>) {
    let (old, new) = &in_one_notation(old, new);
    if old.name != new.name && !was_told {
        changes.push(Change {
            before: Some(old.rust.clone()),
            after: Some(new.rust.clone()),
            effect: effect::renamed(old, new),
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
            "path" | "http-method" => was_told,
            // What gives an operation its first error with a body, or takes the last one, says so; so does another form of a
            // security scheme.
            "error" | "place" => earlier.value.is_empty() || facet.value.is_empty(),
            // The body, the parameters and the responses of a webhook say so.
            "arguments" | "response" if new.kind == Kind::Webhook => true,
            "arguments" => has_other_order("argument-order", old, new),
            // What is new or gone says so itself.
            "argument-order" | "alternative-order" | "value-order" => {
                !has_other_order(name, old, new)
            }
            // Another name in Rust follows from another id or name in the description.
            "id" | "name" => old.name != new.name,
            "scopes" => !has_same("security"),
            "format" => !has_same("type") || !has_same("target"),
            "server-type" => !has_same("type") || !has_same("presence"),
            // Nothing is promised of a type that no response has, and this is not a change of the type.
            "promise" => earlier.value.is_empty() || facet.value.is_empty(),
            _ => false,
        };
        if earlier.value == facet.value || is_told {
            continue;
        }
        let severity = facet.rule.severity(&earlier.value, &facet.value);
        let rust = facet.rust.clone().unwrap_or_else(|| new.rust.clone());
        let effect = match *name {
            "error" => effect::of_error(&new.rust, earlier, facet),
            name => effect::of_facet(name, &rust, &earlier.value, &facet.value),
        };
        let mut change = Change {
            effect,
            rust,
            before: Some(earlier.value.clone()),
            after: Some(facet.value.clone()),
            ..change(severity, &changed_kind(new.kind, name), key, new)
        };
        if *name == "error" {
            let types = [earlier, facet].map(|it| Some(effect::type_of_errors(it)));
            [change.before, change.after] = types;
        }
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

/// Whether a facet lists the same names in another order: of arguments, values that code gives by position mean something else.
fn has_other_order(facet: &str, old: &Item, new: &Item) -> bool {
    let names = |item: &'_ Item| -> Option<Vec<String>> {
        let names = item.facets.get(facet)?.value.split(", ");
        Some(names.map(str::to_owned).collect())
    };
    let (Some(mut before), Some(mut after)) = (names(old), names(new)) else {
        return false;
    };
    let is_same_order = before == after;
    before.sort();
    after.sort();
    !is_same_order && before == after
}

/// `type-changed`, or `changed` for the facet that an item is called after.
fn changed_kind(kind: Kind, facet: &str) -> String {
    if kind.as_str() == facet {
        "changed".to_owned()
    } else {
        format!("{facet}-changed")
    }
}

/// Removes the changes of arguments, and of the body that the server reads, that changes of their parts tell already.
fn without_explained(changes: &mut Vec<Change>) {
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
        let is_of_parts = ["operation-arguments-changed", "body-server-type-changed"];
        !is_of_parts.contains(&change.kind.as_str()) || !explained.iter().any(is_part)
    });
}
