//! The subjects of claims, as text.

use std::fmt::{self, Display, Formatter};

use crate::description::document::Operation;
use crate::path_template::path_shape;

/// The subject of a schema, such as `Project.tags[]`. It is formatted only if it is needed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'s> {
    /// A component, or a part of an operation.
    Item(&'s str),
    /// A property of an object.
    Property(&'s Self, &'s str),
    /// The additional properties of an object.
    AdditionalProperties(&'s Self),
    /// The items of an array.
    Items(&'s Self),
    /// The item at an index of an array.
    ItemAt(&'s Self, usize),
    /// One of several alternatives.
    Alternative(&'s Self, usize),
}

impl Display for Subject<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(item) => formatter.write_str(item),
            Self::Property(object, name) => write!(formatter, "{object}.{name}"),
            Self::AdditionalProperties(object) => write!(formatter, "{object}{{}}"),
            Self::Items(array) => write!(formatter, "{array}[]"),
            Self::ItemAt(array, position) => write!(formatter, "{array}[{position}]"),
            Self::Alternative(union, position) => write!(formatter, "{union}|{position}"),
        }
    }
}

/// The identity of an operation's path: its shape, or the path itself if another operation has the route of that shape.
#[must_use]
pub fn identity(operation: &Operation) -> String {
    if operation.is_shadowed {
        operation.path.clone()
    } else {
        path_shape(&operation.path)
    }
}

/// The name of an operation in findings, `names.lock` and `fidelity.lock`: `GET /issues/{}/`.
#[must_use]
pub fn operation_subject(operation: &Operation) -> String {
    format!("{} {}", operation.method, identity(operation))
}

/// The API itself, as the subject of findings.
pub const THE_API: &str = "the API";

/// A security scheme, as the subject of findings: `security scheme bearer`.
#[must_use]
pub fn security_scheme_subject(name: &str) -> String {
    format!("security scheme {name}")
}

/// The operation or component of a subject: `GET /issues/{}/` of `GET /issues/{}/ query cursor`, `Project` of
/// `Project.teams[]`.
#[must_use]
pub fn item(subject: &str) -> &str {
    let mut spaces = subject.match_indices(' ');
    match (spaces.next(), spaces.next()) {
        (Some((method, _)), end) if subject[method..].starts_with(" /") => {
            end.map_or(subject, |(end, _)| &subject[..end])
        }
        _ => subject
            .split(['.', '[', '{', '|'])
            .next()
            .unwrap_or(subject),
    }
}

#[cfg(test)]
mod tests {
    use super::item;

    #[test]
    fn the_item_of_a_subject_is_its_operation_or_its_component() {
        assert_eq!(item("GET /a/{}/ query b.c"), "GET /a/{}/");
        assert_eq!(item("GET /a/{}/"), "GET /a/{}/");
        assert_eq!(item("Project.teams[].id"), "Project");
        assert_eq!(item("the API"), "the API");
    }
}
