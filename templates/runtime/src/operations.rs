//! The operations: here, none.
