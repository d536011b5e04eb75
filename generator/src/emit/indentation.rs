//! Blanks in front of a line.

const BLANKS: &str = "                                                                ";

/// Adds blanks, many at once: a large crate has a million lines.
pub(super) fn indent(text: &mut String, mut blanks: usize) {
    while blanks > 0 {
        let some = BLANKS.get(..blanks).unwrap_or(BLANKS);
        text.push_str(some);
        blanks -= some.len();
    }
}
