//! Text of tokens → the same on one line, with blanks where they belong.

use super::lexer;
use super::spacing::{self, Spacing};
use super::token::{Delimiter, Kind, Token};

/// Groups deeper than this are not formatted: no emitter writes them, and they must not exhaust the stack.
const DEEPEST: usize = 400;

/// Bytes of a token and the blank before it, of short ones on average.
const AVERAGE: usize = 6;

/// Tokens on one line, however long it is.
#[derive(Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) tokens: Vec<Token>,
}

impl Line {
    /// Reads a text of tokens; `None` if its brackets are not in pairs.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut reader = Reader::default();
        reader.line.text.reserve(text.len());
        reader.line.tokens.reserve(text.len() / AVERAGE);
        let mut rest = text.trim_ascii_start();
        while !rest.is_empty() {
            let (kind, length) = lexer::first(rest)?;
            let (token, after) = rest.split_at_checked(length)?;
            reader.token(kind, token)?;
            rest = after.trim_ascii_start();
        }
        reader.end_comparisons();
        reader.open.is_empty().then_some(reader.line)
    }

    /// How the line reads from the first to the last of some tokens.
    pub(super) fn of(&self, tokens: &[Token]) -> &str {
        let range = tokens.first().zip(tokens.last());
        let text = range.and_then(|(first, last)| self.text.get(first.begin..last.end));
        text.unwrap_or_default()
    }
}

/// What is read of a text.
#[derive(Default)]
struct Reader {
    line: Line,
    open: Vec<Group>,
    /// Whether the parameters of a closure are being read, in the innermost group.
    in_closure: bool,
}

/// A group that is being read.
struct Group {
    delimiter: Delimiter,
    /// Where what stands in it begins.
    start: usize,
    /// Whether it stands among the parameters of a closure.
    in_closure: bool,
    /// Whether it is the list of an import, which is the one use of braces that fits on a line.
    is_import: bool,
    /// Whether it is a tuple, or parentheses around one element.
    is_tuple: bool,
    /// Whether attributes stand in it.
    is_attributed: bool,
}

impl Reader {
    fn token(&mut self, kind: Kind, token: &str) -> Option<()> {
        match kind {
            Kind::Opening(delimiter) => return self.open(delimiter, token),
            Kind::Closing(Delimiter::Angle) => {
                if self.is_in(Delimiter::Angle) {
                    return self.close(Delimiter::Angle, token);
                }
                self.push(Kind::Operator, token);
            }
            Kind::Closing(delimiter) => {
                self.end_comparisons();
                return self.close(delimiter, token);
            }
            Kind::Semicolon => {
                // No list of type arguments holds a whole statement.
                self.end_comparisons();
                self.push(kind, token);
            }
            _ => self.push(kind, token),
        }
        Some(())
    }

    fn is_in(&self, delimiter: Delimiter) -> bool {
        let innermost = self.open.last();
        innermost.is_some_and(|group| group.delimiter == delimiter)
    }

    /// Where what stands in the innermost group begins.
    fn start(&self) -> usize {
        self.open.last().map_or(0, |group| group.start)
    }

    /// Adds a token to the innermost group, behind a blank where one belongs.
    fn push(&mut self, kind: Kind, token: &str) {
        let before = self.line.tokens.get(self.start()..).unwrap_or_default();
        let Spacing { space, glued } = spacing::settle(before, kind, &mut self.in_closure);
        if space {
            self.line.text.push(' ');
        }
        if kind.begins_attribute()
            && let Some(group) = self.open.last_mut()
        {
            group.is_attributed = true;
        }
        self.append(kind, glued, token);
    }

    fn append(&mut self, kind: Kind, glued: bool, token: &str) {
        let begin = self.line.text.len();
        self.line.text.push_str(token);
        let token = Token {
            kind,
            glued,
            begin,
            end: self.line.text.len(),
            size: 1,
            broken: self.line.tokens.last().map_or(0, |last| last.broken),
        };
        self.line.tokens.push(token);
    }

    fn open(&mut self, delimiter: Delimiter, token: &str) -> Option<()> {
        let before = self.line.tokens.get(self.start()..).unwrap_or_default();
        let previous = before.last().map(|previous| previous.kind);
        self.push(Kind::Opening(delimiter), token);
        self.open.push(Group {
            delimiter,
            start: self.line.tokens.len(),
            in_closure: std::mem::take(&mut self.in_closure),
            is_import: previous == Some(Kind::Separator),
            is_tuple: delimiter == Delimiter::Parenthesis
                && !previous.is_some_and(Kind::is_operand),
            is_attributed: false,
        });
        (self.open.len() < DEEPEST).then_some(())
    }

    /// Ends the innermost group.
    fn close(&mut self, delimiter: Delimiter, token: &str) -> Option<()> {
        let group = self.open.pop()?;
        if group.delimiter != delimiter {
            return None;
        }
        let tokens = &mut self.line.tokens;
        // Where a last comma means nothing, it is for the printer to set.
        if delimiter != Delimiter::Brace && !group.is_tuple {
            let comma = tokens.pop_if(|last| last.kind == Kind::Comma);
            if let Some(comma) = comma {
                self.line.text.truncate(comma.begin);
            }
        }
        let is_body =
            delimiter == Delimiter::Brace && !group.is_import && tokens.len() > group.start;
        let size = tokens.len() - group.start + 2;
        if let Some(opening) = tokens.get_mut(group.start - 1) {
            opening.size = size;
        }
        self.in_closure = group.in_closure;
        self.append(Kind::Closing(delimiter), false, token);
        if let Some(closing) = self.line.tokens.last_mut() {
            closing.size = size;
            closing.broken += usize::from(is_body || group.is_attributed);
        }
        Some(())
    }

    /// Takes each `<` that opened the innermost groups for the comparison that it is, as no `>` closes it.
    fn end_comparisons(&mut self) {
        while self.is_in(Delimiter::Angle) {
            let Some(group) = self.open.pop() else {
                return;
            };
            self.in_closure = group.in_closure;
            let sign = group.start - 1;
            if let Some(sign) = self.line.tokens.get_mut(sign) {
                sign.kind = Kind::Operator;
            }
            self.set_apart(group.start);
            self.set_apart(sign);
        }
    }

    /// Puts a blank before a token, unless there is one.
    fn set_apart(&mut self, index: usize) {
        let (before, others) = self.line.tokens.split_at_mut(index);
        let end = before.last().map_or(0, |last| last.end);
        if others.first().is_some_and(|first| first.begin == end) {
            self.line.text.insert(end, ' ');
            for token in others {
                token.begin += 1;
                token.end += 1;
            }
        }
    }
}
