//! Rust that is being written: text, made of templates, checked identifiers and literals, and of nothing else.
//!
//! That is how the text of a description is kept out of what is emitted: no function here takes a text and lets it stand
//! as code, but for the templates of [`quote!`](generator_quote::quote), which are constants of this program.

use std::fmt;

pub(crate) use generator_quote::quote;

use crate::ir::Name;

/// Rust tokens as text, separated by blanks where they would be taken for others.
#[derive(Debug, Clone, Default)]
pub struct Code(String);

impl Code {
    /// No tokens.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No tokens, with room for a text of so many bytes.
    #[must_use]
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Adds tokens of a template.
    pub fn text(&mut self, text: &'static str) {
        self.add(text);
    }

    /// Adds tokens.
    pub fn push(&mut self, more: impl ToCode) {
        more.write(self);
    }

    /// Adds a line of documentation of what follows: as a comment, or as an attribute where no comment can say it, since
    /// not all of its characters are printable ASCII.
    pub fn document(&mut self, line: &str) {
        let blank = if line.is_empty() { "" } else { " " };
        if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            self.0.reserve(line.len() + DOCUMENTATION);
            self.0.extend(["///", blank, line, "\n"]);
        } else {
            let line = Literal::string(&format!("{blank}{line}"));
            self.push(quote!(#[doc = #line]));
        }
    }

    /// Whether there are no tokens.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Adds tokens, behind a blank where the first would be taken for a part of the last one.
    fn add(&mut self, text: &str) {
        if let (Some(last), Some(first)) = (self.0.bytes().next_back(), text.bytes().next())
            && !are_apart(last, first)
        {
            self.0.push(' ');
        }
        self.0.push_str(text);
    }
}

/// Bytes of a line of documentation besides its text: slashes, a blank, and the end of the line.
pub(super) const DOCUMENTATION: usize = 5;

/// Whether a token that ends in the one byte and a token that begins with the other one are two without a blank.
fn are_apart(last: u8, first: u8) -> bool {
    let stands_alone = |byte: u8| {
        matches!(
            byte,
            b'(' | b')' | b'[' | b']' | b'{' | b'}' | b',' | b';' | b' ' | b'\n'
        )
    };
    let is_word = |byte: u8| byte == b'_' || byte.is_ascii_alphanumeric();
    // A word next to a quote or a `#` would be the prefix or suffix of a literal.
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'#');
    stands_alone(last)
        || stands_alone(first)
        || is_word(last) != is_word(first) && !is_quote(last) && !is_quote(first)
}

impl Extend<Code> for Code {
    fn extend<I: IntoIterator<Item = Code>>(&mut self, parts: I) {
        for part in parts {
            self.add(&part.0);
        }
    }
}

impl FromIterator<Code> for Code {
    fn from_iter<I: IntoIterator<Item = Code>>(parts: I) -> Self {
        let mut code = Self::new();
        code.extend(parts);
        code
    }
}

/// An identifier: letters, digits and underscores of ASCII, perhaps behind `r#`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ident(String);

impl Ident {
    /// The identifier that [`Name::new`] makes of a text of ours; a placeholder where it makes none.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self::from(&Name::new(text).unwrap_or_else(|_| Name::placeholder()))
    }
}

impl From<&Name> for Ident {
    fn from(name: &Name) -> Self {
        Self(name.as_str().to_owned())
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A literal.
#[derive(Debug, Clone)]
pub struct Literal(String);

impl Literal {
    /// A string in pure ASCII: everything else is written `\u{..}`.
    #[must_use]
    pub fn string(text: &str) -> Self {
        let mut literal = String::with_capacity(text.len() + 2);
        literal.push('"');
        let is_plain = |byte| matches!(byte, b' '..=b'~') && byte != b'"' && byte != b'\\';
        if text.bytes().all(is_plain) {
            literal.push_str(text);
            literal.push('"');
            return Self(literal);
        }
        for character in text.chars() {
            match character {
                '"' | '\\' => {
                    literal.push('\\');
                    literal.push(character);
                }
                ' '..='~' => literal.push(character),
                _ => literal.extend(character.escape_default()),
            }
        }
        literal.push('"');
        Self(literal)
    }

    /// An integer that takes its type from where it stands.
    #[must_use]
    pub fn integer(number: impl Number) -> Self {
        Self(number.to_string())
    }
}

impl fmt::Display for Literal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What can stand in a template.
pub trait ToCode {
    /// Adds the tokens of this value.
    fn write(&self, code: &mut Code);
}

impl ToCode for Code {
    fn write(&self, code: &mut Code) {
        code.add(&self.0);
    }
}

impl ToCode for Ident {
    fn write(&self, code: &mut Code) {
        code.add(&self.0);
    }
}

impl ToCode for Literal {
    fn write(&self, code: &mut Code) {
        code.add(&self.0);
    }
}

impl ToCode for bool {
    fn write(&self, code: &mut Code) {
        code.text(if *self { "true" } else { "false" });
    }
}

/// Numbers, with their type behind them.
macro_rules! number {
    ($($number:ident),*) => {$(
        impl ToCode for $number {
            fn write(&self, code: &mut Code) {
                code.add(&format!(concat!("{}", stringify!($number)), self));
            }
        }

        impl Number for $number {}
    )*};
}

number!(u16, i64, usize);

/// A type of numbers that literals are made of.
pub trait Number: fmt::Display {}

impl<T: ToCode> ToCode for Option<T> {
    fn write(&self, code: &mut Code) {
        if let Some(value) = self {
            value.write(code);
        }
    }
}

impl<T: ToCode + ?Sized> ToCode for &T {
    fn write(&self, code: &mut Code) {
        (*self).write(code);
    }
}

/// How a repetition in a template goes through its variables.
pub mod repetition {
    use super::ToCode;

    /// A variable that is an iterator.
    pub trait Items: Iterator + Sized {
        /// Its items.
        fn each(self) -> Self {
            self
        }
    }

    impl<I: Iterator> Items for I {}

    /// A variable that is a slice.
    pub trait Elements {
        /// What the slice holds.
        type Element;

        /// Its elements.
        fn each(&self) -> std::slice::Iter<'_, Self::Element>;
    }

    impl<T> Elements for [T] {
        type Element = T;

        fn each(&self) -> std::slice::Iter<'_, T> {
            self.iter()
        }
    }

    impl<T> Elements for Vec<T> {
        type Element = T;

        fn each(&self) -> std::slice::Iter<'_, T> {
            self.iter()
        }
    }

    /// A variable that is the same in every repetition.
    pub trait Same: ToCode {
        /// Itself, again and again.
        fn each(&self) -> std::iter::Repeat<&Self> {
            std::iter::repeat(self)
        }
    }

    impl<T: ToCode> Same for T {}
}
