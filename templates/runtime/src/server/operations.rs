//! The operations, by tag: here, none.

/// The operations of each group.
pub(super) static GROUPS: &[&[&crate::operation::Operation]] = &[];
