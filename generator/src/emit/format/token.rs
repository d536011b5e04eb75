//! What a text of tokens is made of.

/// Brackets around a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delimiter {
    Parenthesis,
    Bracket,
    Brace,
    /// Around type parameters and arguments.
    Angle,
}

/// What a token is, as far as it matters to blanks and lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Names that `::` or `.` joins, or one alone.
    Name,
    /// `::` and such names.
    AbsolutePath,
    /// `.` and such names.
    Member,
    Literal,
    Lifetime,
    /// A comment that documents what follows, to the end of its line.
    Documentation,
    Opening(Delimiter),
    Closing(Delimiter),
    // Words that are no names.
    As,
    Else,
    Fn,
    For,
    Impl,
    Move,
    Pub,
    Return,
    Use,
    /// Another one that an item begins with.
    Item,
    /// Another one that a statement begins with which ends with its braces.
    Block,
    /// Any other.
    Keyword,
    // Signs.
    /// `&` or `*`.
    Pointer,
    Bang,
    Bar,
    Colon,
    Comma,
    Dollar,
    Dot,
    Equals,
    /// `=>`.
    FatArrow,
    Hash,
    /// `&&` or `-`.
    Minus,
    /// `+=`.
    PlusEquals,
    Question,
    /// `..`.
    Range,
    /// `..=`.
    RangeInclusive,
    Semicolon,
    /// `::`.
    Separator,
    /// Any other.
    Operator,
}

impl Kind {
    pub(super) fn of_word(word: &str) -> Self {
        match word.as_bytes() {
            b"as" => Self::As,
            b"else" => Self::Else,
            b"fn" => Self::Fn,
            b"for" => Self::For,
            b"impl" => Self::Impl,
            b"move" => Self::Move,
            b"pub" => Self::Pub,
            b"return" => Self::Return,
            b"use" => Self::Use,
            b"async" | b"const" | b"enum" | b"extern" | b"mod" | b"static" | b"struct"
            | b"trait" | b"type" => Self::Item,
            b"if" | b"loop" | b"match" | b"unsafe" | b"while" => Self::Block,
            b"break" | b"continue" | b"dyn" | b"in" | b"let" | b"mut" | b"ref" | b"where" => {
                Self::Keyword
            }
            _ => Self::Name,
        }
    }

    /// Whether it is the first token of an attribute, which stands on lines of its own.
    pub(super) fn begins_attribute(self) -> bool {
        matches!(self, Self::Documentation | Self::Hash)
    }

    /// Whether it is the first token of an item.
    pub(super) fn begins_item(self) -> bool {
        matches!(self, Self::Fn | Self::Impl | Self::Pub | Self::Item)
    }

    /// Whether it ends a value, path or type: what follows it may belong to it.
    pub(super) fn is_operand(self) -> bool {
        match self {
            Self::Name | Self::AbsolutePath | Self::Member | Self::Literal | Self::Question => true,
            Self::Closing(delimiter) => delimiter != Delimiter::Brace,
            _ => false,
        }
    }
}

/// A token of a [`Line`](super::line::Line).
#[derive(Debug)]
pub(super) struct Token {
    pub(super) kind: Kind,
    /// Whether nothing stands between it and what follows.
    pub(super) glued: bool,
    /// Where it begins on the line, and where it ends.
    pub(super) begin: usize,
    pub(super) end: usize,
    /// How many tokens the group has that it opens or closes, with both brackets; 1 if it is no bracket.
    pub(super) size: usize,
    /// How many groups end up to here that have to be broken into lines.
    pub(super) broken: usize,
}

/// Characters that tokens take on one line, without a blank before the first.
pub(super) fn width(tokens: &[Token]) -> usize {
    match tokens {
        [first, .., last] => last.end - first.begin,
        [only] => only.end - only.begin,
        [] => 0,
    }
}

/// Whether among tokens, which have each bracket with its counterpart, a group has to be broken into lines.
pub(super) fn is_broken(tokens: &[Token]) -> bool {
    matches!(tokens, [first, .., last] if first.broken < last.broken)
}

/// Splits the first node off: a token, or a group with its brackets.
pub(super) fn split_node(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    tokens.split_at_checked(tokens.first()?.size)
}

/// Splits the last node off: what is before it, and a token, or a group with its brackets.
pub(super) fn split_last_node(tokens: &[Token]) -> Option<(&[Token], &[Token])> {
    let start = tokens.len().checked_sub(tokens.last()?.size)?;
    tokens.split_at_checked(start)
}

/// The kinds of the nodes; a group's is that of its opening. With each, the number of tokens up to its end.
pub(super) fn nodes(tokens: &[Token]) -> impl Iterator<Item = (Kind, usize)> {
    let mut end = 0;
    std::iter::from_fn(move || {
        let first = tokens.get(end)?;
        end += first.size;
        Some((first.kind, end))
    })
}
