//! The headers that the description names: here, none.
