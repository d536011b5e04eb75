//! Tokens → text that people read: lines of at most 100 characters, one statement or field on each.
//!
//! What is emitted is made of few forms. A formatter for them alone costs a fraction of the time of parsing the tokens
//! again and formatting any Rust there may be, which would be most of a run.

mod lexer;
mod line;
mod print;
mod spacing;
mod statement;
mod token;

/// Formats items; `None` if the text is not made of tokens, or its brackets are not in pairs.
///
/// No token changes, but for commas behind the last element of a list.
pub(super) fn format(tokens: &str) -> Option<String> {
    Some(print::items(&line::Line::read(tokens)?))
}

#[cfg(test)]
mod tests;
