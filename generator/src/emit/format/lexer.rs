//! Text of tokens → trees of nodes that borrow from it.

use super::node::{Delimiter, Kind, Node};
use super::spacing;

/// Groups deeper than this are not formatted: no emitter writes them, and they must not exhaust the stack.
const DEEPEST: usize = 400;

/// The trees of a text of tokens; `None` if its brackets are not in pairs.
pub(super) fn read(text: &str) -> Option<Vec<Node<'_>>> {
    let mut reader = Reader::default();
    let mut rest = text.trim_ascii_start();
    while let Some(first) = rest.chars().next() {
        let (token, after) = rest.split_at_checked(length(rest, first)?)?;
        reader.token(first, token)?;
        rest = after.trim_ascii_start();
    }
    reader.end_comparisons();
    reader.open.is_empty().then_some(reader.nodes)
}

/// What is read of a text.
#[derive(Default)]
struct Reader<'a> {
    /// The nodes of all groups that are open, those of the outermost first.
    nodes: Vec<Node<'a>>,
    open: Vec<Group>,
    /// Whether the parameters of a closure are being read, in the innermost group.
    in_closure: bool,
}

/// A group that is being read.
struct Group {
    delimiter: Delimiter,
    /// Where its nodes begin.
    start: usize,
    /// Whether it stands among the parameters of a closure.
    in_closure: bool,
}

impl<'a> Reader<'a> {
    fn token(&mut self, first: char, token: &'a str) -> Option<()> {
        match first {
            '<' if token == "<" => self.open(Delimiter::Angle)?,
            '>' if token == ">" && self.is_in(Delimiter::Angle) => self.close(Delimiter::Angle)?,
            _ => match (Delimiter::of_opening(first), Delimiter::of_closing(first)) {
                (Some(delimiter), _) => self.open(delimiter)?,
                (_, Some(delimiter)) => {
                    self.end_comparisons();
                    self.close(delimiter)?;
                }
                _ => {
                    // No list of type arguments holds a whole statement.
                    if first == ';' {
                        self.end_comparisons();
                    }
                    self.push(Node::token(kind(first, token), token));
                }
            },
        }
        Some(())
    }

    fn is_in(&self, delimiter: Delimiter) -> bool {
        let innermost = self.open.last();
        innermost.is_some_and(|group| group.delimiter == delimiter)
    }

    fn open(&mut self, delimiter: Delimiter) -> Option<()> {
        self.open.push(Group {
            delimiter,
            start: self.nodes.len(),
            in_closure: std::mem::take(&mut self.in_closure),
        });
        (self.open.len() < DEEPEST).then_some(())
    }

    /// Adds a node to the innermost group.
    fn push(&mut self, mut node: Node<'a>) {
        let start = self.open.last().map_or(0, |group| group.start);
        let before = self.nodes.get(start..).unwrap_or_default();
        spacing::settle(before, &mut node, &mut self.in_closure);
        self.nodes.push(node);
    }

    /// Ends the innermost group.
    fn close(&mut self, delimiter: Delimiter) -> Option<()> {
        let group = self.open.pop()?;
        if group.delimiter != delimiter {
            return None;
        }
        let mut children = self.nodes.split_off(group.start);
        self.in_closure = group.in_closure;
        let start = self.open.last().map_or(0, |group| group.start);
        let previous = self.nodes.get(start..).and_then(<[_]>::last);
        let is_path = previous.is_some_and(|node| node.is("::"));
        let is_tuple =
            delimiter == Delimiter::Parenthesis && !previous.is_some_and(spacing::operand);
        // Where a last comma means nothing, it is for the printer to set.
        if delimiter != Delimiter::Brace
            && !is_tuple
            && children.last().is_some_and(|last| last.is(","))
        {
            children.pop();
        }
        self.push(Node::group(delimiter, children, is_path));
        Some(())
    }

    /// Takes each `<` that opened the innermost groups for the comparison that it is, as no `>` closes it.
    fn end_comparisons(&mut self) {
        while self.is_in(Delimiter::Angle) {
            let Some(group) = self.open.pop() else {
                return;
            };
            if let Some(first) = self.nodes.get_mut(group.start) {
                first.space = true;
            }
            let mut sign = Node::token(Kind::Punctuation, "<");
            sign.space = true;
            self.nodes.insert(group.start, sign);
            self.in_closure = group.in_closure;
        }
    }
}

fn kind(first: char, token: &str) -> Kind {
    match first {
        '"' => Kind::Literal,
        '\'' if token.ends_with('\'') && token.len() > 1 => Kind::Literal,
        '\'' => Kind::Lifetime,
        '0'..='9' => Kind::Literal,
        '/' if token.len() > 1 => Kind::Documentation,
        _ if token.ends_with('"') || token.ends_with('#') && token.len() > 1 => Kind::Literal,
        _ if is_word(first) => Kind::Word,
        _ => Kind::Punctuation,
    }
}

/// Bytes of the first token.
fn length(text: &str, first: char) -> Option<usize> {
    match first {
        '/' if text.starts_with("///") => Some(text.find('\n').unwrap_or(text.len())),
        '"' => quoted(text, b'"'),
        '\'' => match text.chars().nth(2) {
            Some('\'') => Some(1 + text.chars().nth(1)?.len_utf8() + 1),
            _ if text.starts_with("'\\") => quoted(text, b'\''),
            _ => Some(1 + word(text.get(1..)?)),
        },
        '0'..='9' => Some(number(text)),
        _ if is_word(first) => {
            let word = word(text);
            let (prefix, rest) = text.split_at_checked(word)?;
            match prefix {
                "b" | "c" if rest.starts_with('"') => Some(word + quoted(rest, b'"')?),
                "b" if rest.starts_with('\'') => Some(word + quoted(rest, b'\'')?),
                "r" | "br" | "cr" if rest.starts_with(['"', '#']) => raw(text, word),
                _ => Some(word),
            }
        }
        _ => Some(operator(text).unwrap_or(first.len_utf8())),
    }
}

/// Bytes of an operator of several characters. `<<` and `>>` are none: in what is emitted they are brackets of types.
fn operator(text: &str) -> Option<usize> {
    Some(match text.as_bytes() {
        [b'.', b'.', b'=' | b'.', ..] => 3,
        [b':', b':', ..]
        | [b'-', b'>', ..]
        | [b'=', b'>' | b'=', ..]
        | [b'!' | b'<' | b'+', b'=', ..]
        | [b'&', b'&', ..]
        | [b'|', b'|', ..]
        | [b'.', b'.', ..] => 2,
        _ => return None,
    })
}

/// Bytes of the word that a text begins with.
fn word(text: &str) -> usize {
    text.find(|c: char| !is_word(c)).unwrap_or(text.len())
}

fn is_word(character: char) -> bool {
    character == '_'
        || character.is_ascii_alphanumeric()
        || !character.is_ascii() && character.is_alphanumeric()
}

/// Bytes of a literal with a quote before and behind it.
fn quoted(text: &str, quote: u8) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut index = 1;
    loop {
        match *bytes.get(index)? {
            b'\\' => index += 2,
            byte if byte == quote => return Some(index + 1),
            _ => index += 1,
        }
    }
}

/// Bytes of a raw string or of a raw identifier, whose prefix has `prefix` bytes.
fn raw(text: &str, prefix: usize) -> Option<usize> {
    let rest = text.get(prefix..)?;
    let hashes = rest.bytes().take_while(|byte| *byte == b'#').count();
    let inner = rest.get(hashes..)?;
    if !inner.starts_with('"') {
        return Some(prefix + hashes + word(inner));
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let length = inner.get(1..)?.find(&end)?;
    Some(prefix + hashes + 1 + length + end.len())
}

fn number(text: &str) -> usize {
    let mut before = ' ';
    let mut characters = text.char_indices().peekable();
    let is_decimal = !text.starts_with("0x");
    while let Some((index, character)) = characters.next() {
        let continues = match character {
            '.' => characters
                .peek()
                .is_some_and(|(_, next)| next.is_ascii_digit()),
            '+' | '-' => is_decimal && matches!(before, 'e' | 'E'),
            _ => is_word(character),
        };
        if !continues {
            return index;
        }
        before = character;
    }
    text.len()
}
