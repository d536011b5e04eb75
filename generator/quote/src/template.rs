//! Tokens of a template → its parts.

use std::iter::Peekable;

use proc_macro::{Delimiter, Ident, Spacing, TokenStream, TokenTree, token_stream};

/// A part of a template.
pub(crate) enum Part {
    /// Rust as it stands.
    Text(String),
    /// The value of a variable.
    Variable(Ident),
    /// A part that is repeated, with what stands between its repetitions.
    Repetition { parts: Vec<Part>, separator: String },
    /// A mistake in the template.
    Mistake(&'static str),
}

/// Characters of an operator.
const LONGEST_OPERATOR: usize = 3;

/// Reads a template.
pub(crate) fn read(input: TokenStream) -> Vec<Part> {
    let mut reader = Reader::default();
    reader.tokens(input);
    reader.finish()
}

#[derive(Default)]
struct Reader {
    parts: Vec<Part>,
    text: String,
    /// Whether the last token goes on with the next one, as the first half of an operator does.
    joint: bool,
}

impl Reader {
    fn finish(mut self) -> Vec<Part> {
        self.flush();
        self.parts
    }

    fn flush(&mut self) {
        self.joint = false;
        if !self.text.is_empty() {
            let text = std::mem::take(&mut self.text);
            self.parts.push(Part::Text(text));
        }
    }

    fn tokens(&mut self, input: TokenStream) {
        let mut tokens = input.into_iter().peekable();
        while let Some(token) = tokens.next() {
            match (&token, tokens.peek()) {
                (TokenTree::Punct(hash), Some(TokenTree::Ident(_))) if hash.as_char() == '#' => {
                    self.flush();
                    if let Some(TokenTree::Ident(name)) = tokens.next() {
                        self.parts.push(Part::Variable(name));
                    }
                }
                (TokenTree::Punct(hash), Some(TokenTree::Group(group)))
                    if hash.as_char() == '#' && group.delimiter() == Delimiter::Parenthesis =>
                {
                    let parts = read(group.stream());
                    tokens.next();
                    self.flush();
                    self.parts.push(match separator(&mut tokens) {
                        Some(separator) => Part::Repetition { parts, separator },
                        None => {
                            Part::Mistake("a repetition ends in `*`, behind an operator or nothing")
                        }
                    });
                }
                _ => self.token(token),
            }
        }
    }

    fn token(&mut self, token: TokenTree) {
        match token {
            TokenTree::Group(group) => {
                let (opening, closing) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                self.write(opening, false);
                self.tokens(group.stream());
                self.write(closing, false);
            }
            TokenTree::Punct(sign) => {
                let joint = sign.spacing() == Spacing::Joint;
                self.write(&sign.as_char().to_string(), joint);
            }
            TokenTree::Ident(name) => self.write(&name.to_string(), false),
            TokenTree::Literal(literal) => self.write(&literal.to_string(), false),
        }
    }

    /// Adds a token, with a blank before it where the two could be taken for one: of a literal and what follows it, too,
    /// which could be its suffix.
    fn write(&mut self, token: &str, joint: bool) {
        let stands_alone = |c: char| "()[]{},;".contains(c);
        let before = self.text.chars().next_back();
        let first = token.chars().next();
        let apart = before.is_none_or(stands_alone)
            || first.is_none_or(stands_alone)
            || before.is_some_and(is_word) != first.is_some_and(is_word)
                && first != Some('"')
                && !before.is_some_and(|before| "\"'#".contains(before));
        if !apart && !self.joint {
            self.text.push(' ');
        }
        self.text.push_str(token);
        self.joint = joint;
    }
}

fn is_word(character: char) -> bool {
    character == '_' || character.is_alphanumeric()
}

/// What stands between a repetition and its `*`: an operator or nothing. `None` without a `*`.
fn separator(tokens: &mut Peekable<token_stream::IntoIter>) -> Option<String> {
    let mut operator = String::new();
    for token in tokens.take(1 + LONGEST_OPERATOR) {
        match token {
            TokenTree::Punct(sign) if sign.as_char() == '*' => return Some(operator),
            TokenTree::Punct(sign) => operator.push(sign.as_char()),
            _ => return None,
        }
    }
    None
}
