//! Public names. All names of a kind are decided together, so that they are unique.

pub mod case;
mod lock;
pub mod modules;
pub mod operation;
mod taken;

pub use lock::Lock;
pub use taken::Taken;

use std::collections::BTreeMap;

use crate::api::{Name, Provenance};

/// An item that needs a name.
#[derive(Debug, Clone)]
pub struct UnnamedItem {
    /// Its key in `names.lock`.
    pub item: String,
    /// Possible names as words or in any case, the best first.
    pub candidates: Vec<String>,
    /// Items with a lower number choose their names first: those that the description names before those that are named
    /// after their position.
    pub priority: u8,
    /// The sources that describe it.
    pub provenance: Vec<Provenance>,
}

/// The kind of item that a name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NameKind {
    /// The method of an operation, in the client and in the server trait.
    Operation,
    /// The stem of the names of an operation's types.
    OperationType,
    /// The argument, field and setter of a parameter.
    Parameter,
    /// The server's method for a webhook or callback.
    Webhook,
    /// A type.
    Type,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// The server's variant for a media type.
    Content,
    /// The client's method for a media type.
    ClientMethod,
    /// The constant of a response header.
    Header,
    /// The type of a server.
    Server,
    /// The field of a variable of a server's URL.
    ServerVariable,
    /// The variant of a value of such a variable.
    ServerValue,
}

impl NameKind {
    /// All kinds, in the order of `names.lock`.
    pub const ALL: [Self; 13] = [
        Self::Operation,
        Self::OperationType,
        Self::Webhook,
        Self::Parameter,
        Self::Type,
        Self::Field,
        Self::Variant,
        Self::Content,
        Self::ClientMethod,
        Self::Header,
        Self::Server,
        Self::ServerVariable,
        Self::ServerValue,
    ];

    /// The kind as messages write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Operation => "operation",
            Self::OperationType => "operation type",
            Self::Parameter => "parameter",
            Self::Webhook => "webhook",
            Self::Type => "type",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Content => "media type",
            Self::ClientMethod => "media type method",
            Self::Header => "header",
            Self::Server => "server",
            Self::ServerVariable => "server variable",
            Self::ServerValue => "server variable value",
        }
    }

    /// Whether names are unique in the whole API, rather than within one type or operation.
    #[must_use]
    pub fn is_global(self) -> bool {
        matches!(
            self,
            Self::Operation | Self::Webhook | Self::Type | Self::Header | Self::Server
        )
    }

    /// The section of `names.lock` with the names of this kind.
    #[must_use]
    pub fn section(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::OperationType => "operation_types",
            Self::Parameter => "parameters",
            Self::Webhook => "webhooks",
            Self::Type => "types",
            Self::Field => "fields",
            Self::Variant => "variants",
            Self::Content => "contents",
            Self::ClientMethod => "client_methods",
            Self::Header => "headers",
            Self::Server => "servers",
            Self::ServerVariable => "server_variables",
            Self::ServerValue => "server_values",
        }
    }
}

/// An item that got a number because another item has its name. A crate that is generated once can have such a name. In a
/// crate with a `names.lock`, the number would depend on the order of the items, so that a maintainer has to decide.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collision {
    /// The kind of the item.
    pub kind: NameKind,
    /// Its key in `names.lock`.
    pub item: String,
    /// The name that another item has.
    pub wanted: String,
    /// The name with a number.
    pub given: String,
    /// The sources that describe the item.
    pub provenance: Vec<Provenance>,
}

/// Returns a unique name for each item, in the order of `unnamed`. That order has no influence on the names.
///
/// An item gets its pinned name, or else its first candidate that is free. If no candidate is free, it gets the last one
/// with a number, and a [`Collision`] is added. No item gets a `reserved` name.
#[must_use]
pub fn assign(
    kind: NameKind,
    unnamed: &[UnnamedItem],
    pinned: &BTreeMap<String, String>,
    reserved: &[&str],
    collisions: &mut Vec<Collision>,
) -> Vec<Name> {
    let spell = |text: &str| match kind {
        NameKind::Operation => case::snake(text, "operation"),
        NameKind::Webhook => case::snake(text, "webhook"),
        NameKind::Field => case::snake(text, "field"),
        NameKind::Parameter => case::snake(text, "parameter"),
        NameKind::OperationType => case::pascal(text, "Operation"),
        NameKind::Type => case::pascal(text, "Type"),
        NameKind::Variant | NameKind::ServerValue => case::pascal(text, "Value"),
        NameKind::Content => case::pascal(text, "Media"),
        NameKind::ClientMethod => case::snake(text, "method"),
        NameKind::Header => case::screaming(text, "HEADER"),
        NameKind::Server => case::pascal(text, "Server"),
        NameKind::ServerVariable => case::snake(text, "variable"),
    };
    let mut taken = Taken::folding_case();
    taken.extend(reserved);
    let mut names: Vec<Option<Name>> = unnamed
        .iter()
        .map(|item| {
            let name = Name::new(pinned.get(&item.item)?).ok()?;
            taken.take(name.plain()).then_some(name)
        })
        .collect();
    // The pinned names of removed items stay reserved, because an item may return.
    taken.extend(pinned.values().map(|name| name.trim_start_matches("r#")));
    let mut order: Vec<usize> = (0..unnamed.len()).collect();
    order.sort_by_key(|index| {
        unnamed
            .get(*index)
            .map(|item| (item.priority, &item.candidates, &item.item))
    });
    for index in order {
        let (Some(slot), Some(unnamed)) = (names.get_mut(index), unnamed.get(index)) else {
            continue;
        };
        if slot.is_none() {
            let (name, numbered_from) = free(&unnamed.candidates, &mut taken, spell);
            collisions.extend(numbered_from.map(|wanted_name| Collision {
                kind,
                item: unnamed.item.clone(),
                wanted: wanted_name.plain().to_owned(),
                given: name.plain().to_owned(),
                provenance: unnamed.provenance.clone(),
            }));
            *slot = Some(name);
        }
    }
    names
        .into_iter()
        .map(|name| name.unwrap_or_else(Name::placeholder))
        .collect()
}

/// Returns the first candidate that is free. If there is none, returns the last candidate with a number, and the last
/// candidate itself.
fn free(
    candidates: &[String],
    taken: &mut Taken,
    spell: impl Fn(&str) -> Name,
) -> (Name, Option<Name>) {
    let mut last = None;
    for candidate in candidates {
        let name = spell(candidate);
        if taken.take(name.plain()) {
            return (name, None);
        }
        last = Some(name);
    }
    let base = last.unwrap_or_else(Name::placeholder);
    let numbered = Name::new(&taken.take_numbered(stem(&base), ""));
    (numbered.unwrap_or_else(|_| Name::placeholder()), Some(base))
}

/// The name to append a number or word to: without a final `_`, which only tells a name from a keyword.
#[must_use]
pub fn stem(name: &Name) -> &str {
    match name.plain().trim_end_matches('_') {
        "" => name.plain(),
        stem => stem,
    }
}

/// Makes names unique: a name that is `reserved` or that an earlier one has gets a number.
#[must_use]
pub fn unique(names: impl IntoIterator<Item = Name>, reserved: &[&str]) -> Vec<Name> {
    let mut taken = Taken::default();
    taken.extend(reserved);
    let unique = names.into_iter().map(|name| {
        if taken.take(name.plain()) {
            return name;
        }
        let ends_in_digit = name.plain().ends_with(|last: char| last.is_ascii_digit());
        let separator = if ends_in_digit { "_" } else { "" };
        let numbered = Name::new(&taken.take_numbered(stem(&name), separator));
        numbered.unwrap_or_else(|_| Name::placeholder())
    });
    unique.collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::case::pascal;
    use super::{Name, NameKind, UnnamedItem, assign, unique};

    fn unnamed(item: &str, candidates: &[&str], priority: u8) -> UnnamedItem {
        let candidates = candidates.iter().map(|name| (*name).to_owned()).collect();
        UnnamedItem {
            item: item.to_owned(),
            candidates,
            priority,
            provenance: Vec::new(),
        }
    }

    fn names(unnamed: &[UnnamedItem], pinned: &[(&str, &str)]) -> Vec<String> {
        let pinned: BTreeMap<String, String> = pinned
            .iter()
            .map(|(item, name)| ((*item).to_owned(), (*name).to_owned()))
            .collect();
        assign(NameKind::Type, unnamed, &pinned, &[], &mut Vec::new())
            .iter()
            .map(ToString::to_string)
            .collect()
    }

    #[test]
    fn an_item_that_the_description_names_goes_before_one_named_after_its_position() {
        let items = [
            unnamed("b", &["Issue", "ListIssue"], 1),
            unnamed("a", &["Issue"], 0),
        ];
        assert_eq!(names(&items, &[]), ["ListIssue", "Issue"]);
    }

    #[test]
    fn a_number_replaces_the_underscore_after_a_keyword() {
        let names = unique([pascal("Self", "X"), pascal("self", "X")], &[]);
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        assert_eq!(names, ["Self_", "Self2"]);
    }

    #[test]
    fn a_new_item_does_not_change_a_pinned_name() {
        let items = [unnamed("b", &["Issue"], 0), unnamed("a", &["Issue"], 0)];
        assert_eq!(names(&items, &[]), ["Issue2", "Issue"]);
        assert_eq!(names(&items, &[("b", "Issue")]), ["Issue", "Issue2"]);
    }
}
