//! Finds the callbacks of an operation, which are not transcribed.
//!
//! ```text
//! ### Callbacks
//! #### name
//! **{expression}**
//! ## Summary                    an operation with all of its sections,
//! <aside class="…">               which ends with its security
//! <aside class="…">             the security of the operation that has the callbacks
//! ```

use crate::description::transcribe::page::Passage;
use crate::description::transcribe::reader::PageReader;

use super::{attribute, is_operation_marker};

/// The line before the callbacks of an operation.
const CALLBACKS: &str = "### Callbacks";

/// The start of the last part of every operation.
const SECURITY: &str = "<aside";

/// What the lines of the page so far tell of callbacks.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Whether the operation has callbacks.
    in_callbacks: bool,
    /// The number of operations that have not ended: that with the callbacks, and those of callbacks.
    open: usize,
    /// What the last line that is not blank was, if the heading of an operation of a callback can follow it.
    after: Option<Before>,
}

/// What can stand before the heading of an operation of a callback.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Before {
    Expression,
    Security,
}

impl Seen {
    /// Reads the next line. Returns whether it is the heading of an operation of a callback.
    pub(super) fn is_of_callback(&mut self, line: &str, is_operation: bool) -> bool {
        let line = line.trim();
        if line.is_empty() {
            return false;
        }
        let after = self.after.take();
        if is_operation {
            let is_next = after == Some(Before::Security) && self.open > 0;
            let is_of_callback =
                self.in_callbacks && (after == Some(Before::Expression) || is_next);
            if is_of_callback {
                self.open += 1;
            } else {
                *self = Self {
                    open: 1,
                    ..Self::default()
                };
            }
            return is_of_callback;
        }
        if line == CALLBACKS {
            self.in_callbacks = true;
        } else if line.starts_with(SECURITY) {
            self.open = self.open.saturating_sub(1);
        } else if line.starts_with("**") && line.ends_with("**") {
            self.after = Some(Before::Expression);
        }
        if line.ends_with("</aside>") {
            self.after = Some(Before::Security);
        }
        false
    }
}

/// The body of an operation, in two parts: that before its callbacks, and its security after them.
///
/// The callbacks are reported. Also returns how many request lines they have.
pub(super) fn leave_out<'a>(
    reader: &mut PageReader<'a, '_>,
    body: Passage<'a>,
) -> (Passage<'a>, Passage<'a>, usize) {
    let none = body.from(body.text.len());
    // A description may have such a heading of its own, but stands before the responses.
    let mut after_responses = body.lines().skip_while(|line| !is_responses_heading(*line));
    let Some(start) = after_responses.find(|line| line.text.trim_end() == CALLBACKS) else {
        return (body, none, 0);
    };
    reader.warn(
        "callbacks",
        start,
        "the callbacks of the operation are not transcribed",
        "describe them in an overlay",
    );
    let rest = body.from(start.start - body.start);
    let requests = rest
        .lines()
        .filter(|line| is_operation_marker(*line))
        .count();
    let asides: Vec<_> = rest
        .lines()
        .filter(|line| line.text.starts_with(SECURITY))
        .collect();
    // Each of the operations in the callbacks has its own.
    let security = match asides.last() {
        Some(last) if asides.len() > requests => rest.from(last.start - rest.start),
        _ => none,
    };
    (body.part(0, start.start - body.start), security, requests)
}

fn is_responses_heading(line: Passage<'_>) -> bool {
    line.text.starts_with("<h3 ")
        && attribute(line, "id").is_some_and(|id| id.text.ends_with("-responses"))
}
