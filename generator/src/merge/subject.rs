//! What claims are about, in words.

use std::fmt::{self, Display, Formatter};

/// What a schema is of, such as `Project.tags[]`: spelled only where there is something to say of it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Subject<'s> {
    /// A component, or a place in an operation.
    Item(&'s str),
    /// A property of an object.
    Property(&'s Self, &'s str),
    /// The properties of an object that have no name.
    FurtherProperties(&'s Self),
    /// The items of an array.
    Items(&'s Self),
    /// The item at a position of an array.
    ItemAt(&'s Self, usize),
    /// One of several alternatives.
    Alternative(&'s Self, usize),
}

impl Display for Subject<'_> {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Item(item) => formatter.write_str(item),
            Self::Property(object, name) => write!(formatter, "{object}.{name}"),
            Self::FurtherProperties(object) => write!(formatter, "{object}{{}}"),
            Self::Items(array) => write!(formatter, "{array}[]"),
            Self::ItemAt(array, position) => write!(formatter, "{array}[{position}]"),
            Self::Alternative(union, position) => write!(formatter, "{union}|{position}"),
        }
    }
}
