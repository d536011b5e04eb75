//! The operations, by tag: here, none.
