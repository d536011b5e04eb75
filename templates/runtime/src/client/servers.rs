//! The servers that the description names: here, none.
