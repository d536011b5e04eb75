//! The shape of Rust: its tokens without texts, and with one word for every identifier that is no keyword.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The shape of a Rust file. All lists are sorted: what is sorted by a name moves when it is renamed.
pub fn shape(text: &str) -> Result<String, String> {
    let stream = TokenStream::from_str(text).map_err(|error| error.to_string())?;
    Ok(write(&tokens(stream)))
}

enum Token {
    Word(String),
    Group(char, char, Vec<Token>),
}

fn tokens(stream: TokenStream) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        match tree {
            TokenTree::Punct(sign) if sign.as_char() == '#' => {
                let inner =
                    matches!(trees.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == '!');
                if inner {
                    trees.next();
                }
                // A text that has more lines has more attributes of documentation.
                if matches!(trees.peek(), Some(TokenTree::Group(group)) if is_documentation(group.stream()) || is_rename(group.stream()))
                {
                    trees.next();
                } else {
                    tokens.push(Token::Word(if inner { "#!" } else { "#" }.to_owned()));
                }
            }
            TokenTree::Punct(sign) => {
                // A line that is broken since a name is long has a comma at its end.
                if sign.as_char() == '>'
                    && matches!(tokens.last(), Some(Token::Word(word)) if word == ",")
                {
                    tokens.pop();
                }
                tokens.push(Token::Word(sign.as_char().to_string()));
            }
            TokenTree::Literal(literal) => tokens.push(Token::Word(erased(&literal.to_string()))),
            // A member has an attribute for its name on the wire only where that is not its name in Rust.
            TokenTree::Ident(word)
                if word == "rename"
                    && matches!(trees.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == '=') =>
            {
                trees.next();
                trees.next();
                trees.next_if(
                    |tree| matches!(tree, TokenTree::Punct(sign) if sign.as_char() == ','),
                );
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let is_keyword = syn::parse_str::<syn::Ident>(&word).is_err();
                tokens.push(Token::Word(if is_keyword {
                    word
                } else {
                    "identifier".to_owned()
                }));
            }
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ('{', '}'),
                    Delimiter::Bracket => ('[', ']'),
                    Delimiter::Parenthesis | Delimiter::None => ('(', ')'),
                };
                let mut inside = self::tokens(group.stream());
                if matches!(inside.last(), Some(Token::Word(word)) if word == ",") {
                    inside.pop();
                }
                tokens.push(Token::Group(open, close, inside));
            }
        }
    }
    tokens
}

/// Whether an attribute is `doc = "..."` with a literal.
fn is_documentation(attribute: TokenStream) -> bool {
    let mut trees = attribute.into_iter();
    matches!(trees.next(), Some(TokenTree::Ident(word)) if word == "doc")
        && matches!(trees.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == '=')
        && matches!(trees.next(), Some(TokenTree::Literal(_)))
        && trees.next().is_none()
}

/// Whether an attribute only says what a member is called on the wire.
fn is_rename(attribute: TokenStream) -> bool {
    let mut trees = attribute.into_iter();
    matches!(trees.next(), Some(TokenTree::Ident(word)) if word == "serde")
        && matches!(trees.next(), Some(TokenTree::Group(group)) if tokens(group.stream()).is_empty())
}

/// The kind of a literal.
fn erased(literal: &str) -> String {
    match literal
        .trim_start_matches(['b', 'c', 'r', '#'])
        .chars()
        .next()
    {
        Some('"') => "text",
        Some('\'') => "character",
        _ => "number",
    }
    .to_owned()
}

fn write(tokens: &[Token]) -> String {
    let mut items = vec![String::new()];
    for token in tokens {
        let ends = match token {
            Token::Word(word) => {
                if let Some(item) = items.last_mut() {
                    item.push_str(word);
                    item.push(' ');
                }
                word == ";" || word == ","
            }
            Token::Group(open, close, inside) => {
                if let Some(item) = items.last_mut() {
                    item.push_str(&format!("{open} {} {close} ", write(inside)));
                }
                *open == '{'
            }
        };
        if ends {
            items.push(String::new());
        }
    }
    // The last of a list may come without its comma.
    for item in &mut items {
        item.truncate(item.trim_end_matches([' ', ',']).len());
    }
    items.sort_unstable();
    items.join("\n")
}
