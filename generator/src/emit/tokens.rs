//! The only way for text to become Rust: an identifier from a checked [`Name`], a literal, a line of documentation.
//!
//! Every other token of the emitted crate stands in a `quote!` of this program. Clippy's `disallowed-methods` hold that,
//! and the injection harness proves it.

#![allow(
    clippy::disallowed_methods,
    reason = "here, and nowhere else, text becomes tokens"
)]

use std::str::FromStr;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::{ToTokens, TokenStreamExt as _, quote};

use crate::api::{Name, Operation, OperationType};

/// The identifier of a checked name.
#[must_use]
pub fn ident(name: &Name) -> Ident {
    match name.as_str().strip_prefix("r#") {
        Some(raw) => Ident::new_raw(raw, Span::call_site()),
        None => Ident::new(name.as_str(), Span::call_site()),
    }
}

/// The identifier of a name of ours: a constant of this program, or one with a checked name in it. What is no identifier
/// becomes a placeholder.
#[must_use]
pub fn own_ident(text: &str) -> Ident {
    ident(&Name::new(text).unwrap_or_else(|_| Name::placeholder()))
}

/// The name of an operation's type: `ListIssueHashesResponse`.
#[must_use]
pub fn operation_type(operation: &Operation, ty: OperationType) -> Ident {
    own_ident(&operation.name_of(ty))
}

/// A path of ours: `::std::option::Option`.
#[must_use]
pub fn path(path: &'static str) -> TokenStream {
    let mut tokens = TokenStream::new();
    for (index, segment) in path.split("::").enumerate() {
        if index > 0 {
            quote!(::).to_tokens(&mut tokens);
        }
        match segment {
            "" => {}
            "crate" => quote!(crate).to_tokens(&mut tokens),
            segment => tokens.append(own_ident(segment)),
        }
    }
    tokens
}

/// A string literal in pure ASCII: everything else is written `\u{..}`, so that no literal spans lines.
#[must_use]
pub fn string(text: &str) -> Literal {
    let is_plain = |byte| matches!(byte, b' '..=b'~');
    if text.bytes().all(is_plain) {
        return Literal::string(text);
    }
    let mut literal = String::with_capacity(text.len() + 2);
    literal.push('"');
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            ' '..='~' => literal.push(character),
            _ => literal.extend(character.escape_default()),
        }
    }
    literal.push('"');
    // It is a literal by construction.
    Literal::from_str(&literal).unwrap_or_else(|_| Literal::string(""))
}

/// An integer literal without a suffix.
#[must_use]
pub fn integer(number: i64) -> TokenStream {
    let digits = Literal::u64_unsuffixed(number.unsigned_abs());
    let sign = (number < 0).then(|| quote!(-));
    quote!(#sign #digits)
}

/// Ends a line of documentation inside of an attribute. No text has this character, because control characters become
/// blanks.
pub(super) const DOC_LINE_END: char = '\u{1f}';

/// Lines of documentation of the item that follows, as one attribute, which [`Items`] writes line by line. A character
/// that could end a line becomes a blank.
///
/// [`Items`]: crate::emit::rust::source_file::Items
#[must_use]
pub fn doc<Line: AsRef<str>>(lines: impl IntoIterator<Item = Line>) -> TokenStream {
    let mut lines = lines.into_iter();
    let Some(first) = lines.next() else {
        return TokenStream::new();
    };
    let mut text = String::new();
    push_doc_text(&mut text, first.as_ref());
    for line in lines {
        text.push(DOC_LINE_END);
        push_doc_text(&mut text, line.as_ref());
    }
    let text = doc_literal(&text);
    quote!(#[doc = #text])
}

/// Lines of documentation of the module that they stand in.
#[must_use]
pub fn inner_doc<Line: AsRef<str>>(lines: impl IntoIterator<Item = Line>) -> TokenStream {
    let mut attributes = TokenStream::new();
    for line in lines {
        let mut text = String::new();
        push_doc_text(&mut text, line.as_ref());
        let text = doc_literal(&text);
        quote!(#![doc = #text]).to_tokens(&mut attributes);
    }
    attributes
}

fn push_doc_text(text: &mut String, line: &str) {
    if line.is_empty() {
        return;
    }
    text.push(' ');
    if line.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        text.push_str(line);
    } else {
        text.push_str(&line.replace(char::is_control, " "));
    }
}

/// The literal of a documentation. Its value alone counts, because it is written as a comment.
fn doc_literal(text: &str) -> Literal {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    // It is a literal by construction.
    Literal::from_str(&format!("\"{text}\"")).unwrap_or_else(|_| Literal::string(""))
}

#[cfg(test)]
mod tests {
    use super::{doc, integer, own_ident, path, string};

    #[test]
    fn a_string_is_ascii_on_one_line_and_means_the_same() {
        for text in ["", "a\"b\\c", "two\nlines\r\t", "caf\u{e9} \u{202e}\0"] {
            let literal = string(text).to_string();
            assert!(
                literal.bytes().all(|byte| matches!(byte, b' '..=b'~')),
                "{literal}"
            );
            assert_eq!(
                syn::parse_str::<syn::LitStr>(&literal).unwrap().value(),
                text
            );
        }
    }

    #[test]
    fn text_that_is_no_identifier_is_a_placeholder() {
        assert_eq!(own_ident("type").to_string(), "r#type");
        assert_eq!(own_ident("a; fn b").to_string(), "unnamed");
        assert_eq!(
            path("::std::option::Option").to_string(),
            ":: std :: option :: Option"
        );
        assert_eq!(integer(-3).to_string(), "- 3");
    }

    #[test]
    fn documentation_stays_on_its_line() {
        let tokens = doc(["a */ \" \\ \n#[x]"]).to_string();
        assert_eq!(tokens, r##"# [doc = " a */ \" \\  #[x]"]"##);
    }
}
