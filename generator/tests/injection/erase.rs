//! The shape of Rust: its tokens without texts, and with one word for every identifier that is no keyword.

use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The shapes of the items of a Rust file, without imports: what is imported depends on names. All lists are sorted: what is
/// sorted by a name moves when it is renamed.
pub fn shapes(text: &str) -> Result<Vec<String>, String> {
    let stream = TokenStream::from_str(text).map_err(|error| error.to_string())?;
    let mut items = items(&tokens(stream));
    // Braces end an item; what ends the import that they stand in comes after.
    for item in &mut items {
        *item = item.trim_start_matches([';', ' ']).to_owned();
    }
    items.sort_unstable();
    items.retain(|item| !item.is_empty() && !is_import(item));
    Ok(items)
}

/// Whether an item is nothing but an import of names.
fn is_import(item: &str) -> bool {
    let of_paths = [
        "identifier",
        "crate",
        "super",
        "self",
        ":",
        "{",
        "}",
        ",",
        ";",
    ];
    let words = item.strip_prefix("use ").map(str::split_whitespace);
    words.is_some_and(|mut words| words.all(|word| of_paths.contains(&word)))
}

/// Crates that emitted code names.
const CRATES: [&str; 5] = ["axum", "bytes", "serde", "serde_json", "std"];

type Trees = std::iter::Peekable<proc_macro2::token_stream::IntoIter>;

/// Passes over `::name` as often as it follows, and tells whether it did.
fn skip_segments(trees: &mut Trees) -> bool {
    let is_sign = |tree: Option<&TokenTree>| matches!(tree, Some(TokenTree::Punct(sign)) if sign.as_char() == ':');
    let mut skipped = false;
    loop {
        let mut ahead = trees.clone();
        let has_signs = is_sign(ahead.next().as_ref()) && is_sign(ahead.next().as_ref());
        if !has_signs || !matches!(ahead.next(), Some(TokenTree::Ident(_))) {
            return skipped;
        }
        *trees = ahead;
        skipped = true;
    }
}

/// Whether the rest of a path from the root follows the first sign of it: `:std::option::Option`.
fn is_rooted(trees: &Trees) -> bool {
    let mut ahead = trees.clone();
    matches!(ahead.next(), Some(TokenTree::Punct(sign)) if sign.as_char() == ':')
        && matches!(ahead.next(), Some(TokenTree::Ident(name)) if CRATES.contains(&&*name.to_string()))
}

fn ends_with(tokens: &[Token], words: &[&str]) -> bool {
    let last = tokens
        .len()
        .checked_sub(words.len())
        .map(|from| &tokens[from..]);
    last.is_some_and(|last| {
        let mut pairs = last.iter().zip(words);
        pairs.all(|(token, expected)| matches!(token, Token::Word(word) if word == expected))
    })
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
            // A name that the specification has taken is spelled out: `::std::option::Option`, `crate::types::Date`.
            TokenTree::Punct(sign)
                if sign.as_char() == ':'
                    && is_rooted(&trees)
                    && !ends_with(&tokens, &["identifier"]) =>
            {
                trees.next();
                trees.next();
                skip_segments(&mut trees);
                tokens.push(Token::Word("identifier".to_owned()));
            }
            TokenTree::Ident(word) if word == "crate" && skip_segments(&mut trees) => {
                tokens.push(Token::Word("identifier".to_owned()));
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
            TokenTree::Literal(literal) => {
                tokens.push(Token::Word(erased(&literal.to_string())));
                skip_property(&mut tokens, trees.peek());
            }
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
                // A table has the name of a parameter only where that is not its name in Rust.
                trees.next_if(|tree| !is_keyword && matches!(tree, TokenTree::Literal(_)));
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
                // An expression that is broken since a name is long stands in braces.
                let is_arm = ends_with(&tokens, &["=", ">"]);
                let is_statement =
                    |token: &Token| matches!(token, Token::Word(word) if word == ";");
                let is_body = open == '{' && (is_arm || ends_with(&tokens, &["|"]));
                if !is_body || inside.is_empty() || inside.iter().any(is_statement) {
                    tokens.push(Token::Group(open, close, inside));
                    continue;
                }
                tokens.extend(inside);
                let has_comma =
                    matches!(trees.peek(), Some(TokenTree::Punct(sign)) if sign.as_char() == ',');
                if is_arm && !has_comma {
                    tokens.push(Token::Word(",".to_owned()));
                }
            }
        }
    }
    tokens
}

/// Drops the name of a property, `= "name"` or `= required "name"` in front of a comma: a property that is called like its
/// field has none.
fn skip_property(tokens: &mut Vec<Token>, next: Option<&TokenTree>) {
    let is_last = matches!(next, Some(TokenTree::Punct(sign)) if sign.as_char() == ',');
    if is_last && ends_with(tokens, &["=", "text"]) {
        tokens.truncate(tokens.len() - 2);
    } else if is_last && ends_with(tokens, &["=", "identifier", "text"]) {
        tokens.pop();
    }
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
    items(tokens).join("\n")
}

fn items(tokens: &[Token]) -> Vec<String> {
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
    items
}
