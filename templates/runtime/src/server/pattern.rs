//! Patterns of texts, which match in linear time.

use regex::Regex;

/// A regular expression.
pub(super) struct Pattern(Regex);

impl Pattern {
    /// `None` for one that cannot be matched in linear time: it has a backreference or looks around.
    pub(super) fn new(pattern: &str) -> Option<Self> {
        Regex::new(pattern).ok().map(Self)
    }

    pub(super) fn is_match(&self, text: &str) -> bool {
        self.0.is_match(text)
    }
}
