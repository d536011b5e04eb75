//! What the project promises of its five descriptions, checked against readings of them that share no code with the generator.

mod counts;
pub(crate) mod reading;
mod sentences;
mod union;
mod wording;
