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

impl Delimiter {
    pub(super) fn of_opening(character: char) -> Option<Self> {
        match character {
            '(' => Some(Self::Parenthesis),
            '[' => Some(Self::Bracket),
            '{' => Some(Self::Brace),
            _ => None,
        }
    }

    pub(super) fn of_closing(character: char) -> Option<Self> {
        match character {
            ')' => Some(Self::Parenthesis),
            ']' => Some(Self::Bracket),
            '}' => Some(Self::Brace),
            _ => None,
        }
    }

    pub(super) fn opening(self) -> &'static str {
        match self {
            Self::Parenthesis => "(",
            Self::Bracket => "[",
            Self::Brace => "{",
            Self::Angle => "<",
        }
    }

    pub(super) fn closing(self) -> &'static str {
        match self {
            Self::Parenthesis => ")",
            Self::Bracket => "]",
            Self::Brace => "}",
            Self::Angle => ">",
        }
    }
}

/// What a node is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword.
    Word,
    Literal,
    Lifetime,
    Punctuation,
    /// A comment that documents what follows, to the end of its line.
    Documentation,
    Group(Delimiter),
}

/// A token or a group.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind,
    /// The token; nothing for a group.
    pub(super) text: &'a str,
    /// What stands in the group.
    pub(super) children: Box<[Node<'a>]>,
    /// Whether a blank stands before it on a line.
    pub(super) space: bool,
    /// Whether nothing stands between it and what follows.
    pub(super) glued: bool,
    /// Characters that it takes on one line.
    pub(super) width: usize,
    /// Whether it has to be broken into lines.
    pub(super) broken: bool,
}

impl<'a> Node<'a> {
    pub(super) fn token(kind: Kind, text: &'a str) -> Self {
        Self {
            kind,
            text,
            children: Box::default(),
            space: false,
            glued: false,
            width: text.len(),
            broken: false,
        }
    }

    /// A group; `is_path` says that it is the list of an import, which is the one use of braces that fits on a line.
    pub(super) fn group(delimiter: Delimiter, children: Vec<Node<'a>>, is_path: bool) -> Self {
        let is_body = delimiter == Delimiter::Brace && !is_path && !children.is_empty();
        let attributed = children.iter().any(Node::begins_attribute);
        Self {
            kind: Kind::Group(delimiter),
            text: "",
            space: false,
            glued: false,
            width: 2 + width(&children),
            broken: is_body || attributed || children.iter().any(|child| child.broken),
            children: children.into(),
        }
    }

    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    /// Whether it is the first node of an attribute, which stands on lines of its own.
    pub(super) fn begins_attribute(&self) -> bool {
        self.kind == Kind::Documentation || self.is("#")
    }

    pub(super) fn is_group(&self, delimiter: Delimiter) -> bool {
        self.kind == Kind::Group(delimiter)
    }
}

/// Characters that nodes take on one line, without a blank before the first.
pub(super) fn width(nodes: &[Node<'_>]) -> usize {
    let blanks = nodes.iter().skip(1).filter(|node| node.space).count();
    nodes.iter().map(|node| node.width).sum::<usize>() + blanks
}
