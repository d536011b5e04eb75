//! All public names, gathered first and made unique together.

pub mod case;
mod lock;
pub mod modules;
pub mod operation;

pub use lock::Lock;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};

use crate::ir::{Name, Provenance};

/// Something that needs a name.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// What it stands for, as `names.lock` writes it.
    pub item: String,
    /// Names in words or any case, the best first.
    pub candidates: Vec<String>,
    /// Lower goes first: an item of the description's own name before one that is named after its place.
    pub priority: u8,
    /// Who describes it, and where.
    pub provenance: Vec<Provenance>,
}

/// What a name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A method of client and server.
    Operation,
    /// A method that webhooks or callbacks call.
    Webhook,
    /// A type.
    Type,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
}

impl Kind {
    /// What it is, in a word.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::Webhook => "webhook",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
        }
    }

    /// The section of `names.lock` that pins it.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Webhook => "webhooks",
            Self::Type => "types",
            Self::Field => "fields",
            Self::Variant => "variants",
        }
    }
}

/// Two items want the same name, and one of them was given another one: fine for a crate that is emitted once, not for
/// one whose names have to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// What they are.
    pub kind: Kind,
    /// The item that was given another name, as `names.lock` writes it.
    pub item: String,
    /// The name that it wants.
    pub wanted: String,
    /// The name that it was given.
    pub given: String,
    /// Who describes the item, and where.
    pub provenance: Vec<Provenance>,
}

/// Gives every wanted item a unique name of type case or snake case; pinned names first.
///
/// The result is in the order of `wanted` and does not depend on it.
/// Where all candidates of an item are taken it gets the last one with a number, and `collisions` says so.
#[must_use]
pub fn assign(
    kind: Kind,
    wanted: &[Wanted],
    pinned: &BTreeMap<String, String>,
    reserved: &[&str],
    collisions: &mut Vec<Collision>,
) -> Vec<Name> {
    let spell = |text: &str| match kind {
        Kind::Operation => case::snake(text, "operation"),
        Kind::Webhook => case::snake(text, "webhook"),
        Kind::Field => case::snake(text, "field"),
        Kind::Type => case::pascal(text, "Type"),
        Kind::Variant => case::pascal(text, "Value"),
    };
    let mut taken: HashSet<String> = reserved.iter().map(|name| key(name)).collect();
    let mut names: Vec<Option<Name>> = wanted
        .iter()
        .map(|wanted| {
            let name = Name::new(pinned.get(&wanted.item)?).ok()?;
            taken.insert(key(name.plain())).then_some(name)
        })
        .collect();
    // A name that is pinned to an item that is gone may come back with it, so it is not given away.
    taken.extend(pinned.values().map(|name| key(name)));
    let mut numbers = HashMap::new();
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|index| {
        wanted
            .get(*index)
            .map(|wanted| (wanted.priority, &wanted.candidates, &wanted.item))
    });
    for index in order {
        let (Some(slot), Some(wanted)) = (names.get_mut(index), wanted.get(index)) else {
            continue;
        };
        if slot.is_none() {
            let (name, numbered_from) = free(&wanted.candidates, &mut taken, &mut numbers, spell);
            collisions.extend(numbered_from.map(|wish| Collision {
                kind,
                item: wanted.item.clone(),
                wanted: wish.plain().to_owned(),
                given: name.plain().to_owned(),
                provenance: wanted.provenance.clone(),
            }));
            *slot = Some(name);
        }
    }
    names
        .into_iter()
        .map(|name| name.unwrap_or_else(Name::placeholder))
        .collect()
}

/// Names that differ by case alone are the same file on some machines.
fn key(name: &str) -> String {
    name.trim_start_matches("r#").to_ascii_lowercase()
}

/// The first candidate that is free; or else the last one with a number, and the last one. `numbers` are those to try
/// next: all smaller ones are taken, and stay so.
fn free(
    candidates: &[String],
    taken: &mut HashSet<String>,
    numbers: &mut HashMap<String, u32>,
    spell: impl Fn(&str) -> Name,
) -> (Name, Option<Name>) {
    let mut last = None;
    for candidate in candidates {
        let name = spell(candidate);
        if taken.insert(key(name.plain())) {
            return (name, None);
        }
        last = Some(name);
    }
    let base = last.unwrap_or_else(Name::placeholder);
    let next = numbers.entry(key(stem(&base))).or_insert(2);
    for number in *next.. {
        if let Ok(name) = Name::new(&format!("{}{number}", stem(&base)))
            && taken.insert(key(name.plain()))
        {
            *next = number.saturating_add(1);
            return (name, Some(base));
        }
    }
    (base, None)
}

/// What a number or word is put behind: without the `_` that tells a name from a keyword, which is none any more then.
#[must_use]
pub fn stem(name: &Name) -> &str {
    match name.plain().trim_end_matches('_') {
        "" => name.plain(),
        stem => stem,
    }
}

/// Makes names unique in the order given, by a number behind a later one; `reserved` are not given to anything.
#[must_use]
pub fn unique(names: impl IntoIterator<Item = Name>, reserved: &[&str]) -> Vec<Name> {
    let names = names.into_iter();
    let count = names.size_hint().0 + reserved.len();
    let mut taken: HashSet<Cow<'_, str>> = HashSet::with_capacity(count);
    taken.extend(reserved.iter().map(|name| Cow::Borrowed(*name)));
    let mut numbers: HashMap<String, u32> = HashMap::new();
    let mut result = Vec::with_capacity(names.size_hint().0);
    for name in names {
        if taken.insert(name.plain().to_owned().into()) {
            result.push(name);
            continue;
        }
        let mut unique = name.clone();
        let number = numbers.entry(name.plain().to_owned()).or_insert(2);
        while !taken.insert(unique.plain().to_owned().into()) {
            let separator = if name.plain().ends_with(|last: char| last.is_ascii_digit()) {
                "_"
            } else {
                ""
            };
            unique = Name::new(&format!("{}{separator}{number}", stem(&name)))
                .unwrap_or_else(|_| Name::placeholder());
            *number += 1;
        }
        result.push(unique);
    }
    result
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::case::pascal;
    use super::{Kind, Name, Wanted, assign, unique};

    fn wanted(item: &str, candidates: &[&str], priority: u8) -> Wanted {
        let candidates = candidates.iter().map(|name| (*name).to_owned()).collect();
        Wanted {
            item: item.to_owned(),
            candidates,
            priority,
            provenance: Vec::new(),
        }
    }

    fn names(wanted: &[Wanted], pinned: &[(&str, &str)]) -> Vec<String> {
        let pinned: BTreeMap<String, String> = pinned
            .iter()
            .map(|(item, name)| ((*item).to_owned(), (*name).to_owned()))
            .collect();
        assign(Kind::Type, wanted, &pinned, &[], &mut Vec::new())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn what_has_a_name_keeps_it_and_what_is_named_after_its_place_makes_room() {
        let items = [
            wanted("b", &["Issue", "ListIssue"], 1),
            wanted("a", &["Issue"], 0),
        ];
        assert_eq!(names(&items, &[]), ["ListIssue", "Issue"]);
    }

    #[test]
    fn a_number_takes_the_place_of_the_sign_behind_a_keyword() {
        let names = unique([pascal("Self", "X"), pascal("self", "X")], &[]);
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        assert_eq!(names, ["Self_", "Self2"]);
    }

    #[test]
    fn a_pinned_name_stays_whatever_comes_along() {
        let items = [wanted("b", &["Issue"], 0), wanted("a", &["Issue"], 0)];
        assert_eq!(names(&items, &[]), ["Issue2", "Issue"]);
        assert_eq!(names(&items, &[("b", "Issue")]), ["Issue", "Issue2"]);
    }
}
