//! Names that do not follow the habit of the document.

use indexmap::IndexMap;

use super::walk;
use super::{Described, Findings};
use crate::description::document::Facet;
use crate::description::source::Span;
use crate::http::ParameterLocation;

pub(super) fn check(described: &Described<'_>, findings: &mut Findings) {
    let mut properties = Names::default();
    walk::schemas(described.document, &mut |_, schema| {
        for (name, property) in &schema.properties {
            properties.add(name, walk::place(property));
        }
    });
    properties.report("property", findings);
    for location in [ParameterLocation::Path, ParameterLocation::Query] {
        let mut names = Names::default();
        for parameter in walk::parameters(described.document) {
            if parameter.location == location {
                names.add(&parameter.name, parameter.provenance.first().at);
            }
        }
        names.report(&format!("{} parameter", location.key()), findings);
    }
    let mut identifiers = Names::default();
    for operation in &described.document.operations {
        if let Some(fact) = operation.facts.get(Facet::OperationId)
            && let Some(id) = fact.value.as_str()
        {
            identifiers.add(id, fact.provenance.first().at);
        }
    }
    identifiers.report("`operationId`", findings);
}

/// How the words of a name are separated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Case {
    Camel,
    Pascal,
    Snake,
    Kebab,
}

impl Case {
    /// The case of a name of several words. `None` for one word, and for names that are no words, such as `filter[name]`.
    fn of(name: &str) -> Option<Self> {
        let is_word = |c: char| c.is_ascii_alphanumeric();
        let has_upper = name.chars().any(|c| c.is_ascii_uppercase());
        let has_lower = name.chars().any(|c| c.is_ascii_lowercase());
        if name.starts_with(|c: char| !c.is_ascii_alphabetic()) || !has_lower {
            return None;
        }
        let only = |separator: char| name.chars().all(|c| is_word(c) || c == separator);
        if name.chars().all(is_word) {
            // One word with a capital, `Name`, may be a name of its own.
            let humps = name.chars().skip(1).any(|c| c.is_ascii_uppercase());
            let is_pascal = name.starts_with(|c: char| c.is_ascii_uppercase());
            return match (is_pascal, humps) {
                (true, true) => Some(Self::Pascal),
                (false, true) => Some(Self::Camel),
                _ => None,
            };
        }
        if has_upper {
            return None;
        }
        match () {
            () if only('_') => Some(Self::Snake),
            () if only('-') => Some(Self::Kebab),
            () => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Camel => "camelCase",
            Self::Pascal => "PascalCase",
            Self::Snake => "snake_case",
            Self::Kebab => "kebab-case",
        }
    }
}

/// Different names by case, each with its first position.
#[derive(Default)]
struct Names<'d> {
    by_case: IndexMap<Case, IndexMap<&'d str, Span>>,
}

/// The least number of names from which a habit is recognised, and how many times more names keep it than not.
const HABIT: (usize, usize) = (20, 9);

impl<'d> Names<'d> {
    fn add(&mut self, name: &'d str, at: Span) {
        if let Some(case) = Case::of(name) {
            self.by_case
                .entry(case)
                .or_default()
                .entry(name)
                .or_insert(at);
        }
    }

    /// Reports the names that are not in the case of most.
    fn report(&self, what: &str, findings: &mut Findings) {
        let Some((habit, names)) = self.by_case.iter().max_by_key(|(_, names)| names.len()) else {
            return;
        };
        let others = self.by_case.iter().filter(|(case, _)| *case != habit);
        let others: Vec<(Span, String)> = others
            .flat_map(|(case, names)| {
                let name =
                    |(name, at): (&&str, &Span)| (*at, format!("`{name}` is in {}", case.name()));
                names.iter().map(name).collect::<Vec<_>>()
            })
            .collect();
        let is_habit = names.len() >= HABIT.0 && names.len() >= others.len() * HABIT.1;
        if is_habit && !others.is_empty() {
            let plural = if others.len() == 1 {
                "name is not"
            } else {
                "names are not"
            };
            findings.add_all(
                "inconsistent-naming",
                format!(
                    "{} {what} {plural} in {}, as {} are",
                    others.len(),
                    habit.name(),
                    names.len()
                ),
                &others,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Case;

    #[test]
    fn the_case_of_a_name_is_known_from_two_words_on() {
        for (name, expected) in [
            ("created_at", Some(Case::Snake)),
            ("createdAt", Some(Case::Camel)),
            ("CreatedAt", Some(Case::Pascal)),
            ("created-at", Some(Case::Kebab)),
            ("id", None),
            ("URL", None),
            ("Name", None),
            ("_links", None),
            ("filter[name]", None),
            ("X-Request-Id", None),
            ("some_thingElse", None),
        ] {
            assert_eq!(Case::of(name), expected, "{name}");
        }
    }
}
