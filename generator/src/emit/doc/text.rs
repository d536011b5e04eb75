//! Text of a description as markdown that means that text and nothing else, in pure ASCII.

use std::borrow::Cow;

/// Stands for a blank at which no line may be broken, until lines are broken. No text keeps this character.
pub(super) const UNBROKEN_BLANK: char = '\0';

/// What a character becomes in ASCII; `None` when it has no ASCII spelling.
fn ascii(character: char) -> Option<&'static str> {
    Some(match character {
        '\u{2018}' | '\u{2019}' | '\u{201a}' | '\u{201b}' | '\u{2032}' => "'",
        '\u{201c}' | '\u{201d}' | '\u{201e}' | '\u{201f}' | '\u{2033}' => "\"",
        '\u{2010}' | '\u{2011}' | '\u{2212}' => "-",
        '\u{2012}' | '\u{2013}' => "--",
        '\u{2014}' | '\u{2015}' => "---",
        '\u{2026}' => "...",
        '\u{2190}' => "<-",
        '\u{2192}' => "->",
        '\u{21d2}' => "=>",
        '\u{2264}' => "<=",
        '\u{2265}' => ">=",
        '\u{2260}' => "!=",
        '\t'
        | '\u{a0}'
        | '\u{1680}'
        | '\u{2000}'..='\u{200a}'
        | '\u{202f}'
        | '\u{205f}'
        | '\u{3000}'
        | '\u{2028}'
        | '\u{2029}'
        | '\u{85}' => " ",
        // Invisible ones, and those that turn the direction of writing: they could make the source say something
        // other than it shows.
        '\u{ad}'
        | '\u{61c}'
        | '\u{180e}'
        | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}'
        | '\u{feff}'
        | '\u{fff9}'..='\u{fffb}'
        | '\u{e0000}'..='\u{e007f}'
        | '\u{fe00}'..='\u{fe0f}' => "",
        other if other.is_control() && other != '\n' => "",
        _ => return None,
    })
}

/// Spells typographic characters in ASCII and drops invisible ones; what has no ASCII spelling stays.
pub(super) fn to_ascii(text: &str) -> Cow<'_, str> {
    let is_kept = |byte| matches!(byte, b' '..=b'~' | b'\n');
    if text.bytes().all(is_kept) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match ascii(character) {
            Some(spelling) => out.push_str(spelling),
            None => out.push(character),
        }
    }
    Cow::Owned(out)
}

/// Whether the text after an `&` makes a character reference of it.
fn is_reference(after: &str) -> bool {
    let length = after
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '#')
        .unwrap_or(after.len());
    length > 0 && after[length..].starts_with(';')
}

/// Writes text so that markdown shows exactly it; bare URLs become links where `link_urls` says so.
pub(super) fn escape(text: &str, link_urls: bool) -> String {
    let text = to_ascii(text);
    let mut out = String::with_capacity(text.len() + 8);
    let mut rest = &*text;
    let mut previous = ' ';
    loop {
        let plain = rest.bytes().position(|byte| !is_plain(byte));
        let (plain, others) = rest
            .split_at_checked(plain.unwrap_or(rest.len()))
            .unwrap_or_default();
        out.push_str(plain);
        previous = plain.chars().next_back().unwrap_or(previous);
        rest = others;
        let Some(character) = rest.chars().next() else {
            return out;
        };
        if link_urls && let Some(url) = url_at(rest) {
            out.push('<');
            out.push_str(&encode_url(url));
            out.push('>');
            rest = rest.get(url.len()..).unwrap_or_default();
            previous = '>';
            continue;
        }
        let after = rest.get(character.len_utf8()..).unwrap_or_default();
        escape_character(&mut out, previous, character, after);
        previous = character;
        rest = after;
    }
}

/// Whether a byte is a character that means itself wherever it stands, and begins no URL.
fn is_plain(byte: u8) -> bool {
    let may_mean_more = matches!(
        byte,
        b'\\' | b'`' | b'*' | b'[' | b']' | b'<' | b'~' | b'|' | b'_' | b'&' | b'h'
    );
    byte.is_ascii() && !may_mean_more
}

/// Whether a text is one line of words and of code without blanks, so that markdown makes nothing else of it than what it
/// says. Most descriptions are, and all that is said in words of ours.
pub(super) fn is_sentence(text: &str) -> bool {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '`');
    let is_line = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    let has_pairs = text.matches('`').count().is_multiple_of(2) && !text.contains("``");
    let is_word = |byte| is_plain(byte) || byte == b'h';
    let mut parts = text.split('`').enumerate();
    begins
        && is_line
        && has_pairs
        && !text.contains("://")
        && parts.all(|(index, part)| match index % 2 {
            0 => part.bytes().all(is_word),
            _ => !part.contains(' '),
        })
}

fn escape_character(out: &mut String, previous: char, character: char, after: &str) {
    let inside_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match character {
        '\\' | '`' | '*' | '[' | ']' | '<' | '~' | '|' => out.push('\\'),
        '_' if !(inside_word(Some(previous)) && inside_word(after.chars().next())) => {
            out.push('\\')
        }
        '&' if is_reference(after) => out.push('\\'),
        _ => {}
    }
    if character.is_ascii() {
        out.push(character);
    } else {
        out.push_str(&reference(character));
    }
}

/// A numeric character reference.
fn reference(character: char) -> String {
    format!("&#x{:x};", u32::from(character))
}

/// Text as the content of an HTML element.
pub(super) fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in to_ascii(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            ascii if ascii.is_ascii() => out.push(ascii),
            other => out.push_str(&reference(other)),
        }
    }
    out
}

/// The URL that the text starts with, without the punctuation of the sentence around it.
fn url_at(text: &str) -> Option<&str> {
    let after_scheme = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))?;
    let scheme = text.len() - after_scheme.len();
    let end = text
        .find(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`'))
        .unwrap_or(text.len());
    let mut url = text.get(..end)?;
    let [has_parenthesis, has_bracket, has_brace] = ['(', '[', '{'].map(|open| url.contains(open));
    while let Some(last) = url.chars().next_back() {
        let belongs_to_the_sentence = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '|' => true,
            ')' => !has_parenthesis,
            ']' => !has_bracket,
            '}' => !has_brace,
            _ => false,
        };
        if !belongs_to_the_sentence {
            break;
        }
        url = &url[..url.len() - last.len_utf8()];
    }
    (url.len() > scheme).then_some(url)
}

/// A URL with everything percent-encoded that could end it, or is not ASCII.
pub(super) fn encode_url(url: &str) -> String {
    let mut out = String::with_capacity(url.len());
    for byte in url.bytes() {
        match byte {
            b'<' | b'>' | b'\\' | b'`' | b'|' | b'"' => out.push_str(&format!("%{byte:02X}")),
            b'!'..=b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The target of a link that leads somewhere from wherever the docs are read; `None` for all others.
pub(super) fn absolute(target: &str) -> Option<String> {
    let known = ["https://", "http://", "mailto:"];
    known
        .iter()
        .any(|scheme| target.starts_with(scheme))
        .then(|| encode_url(target).replace('&', "&amp;"))
}

/// Breaks text into lines at blanks. A line that would begin a block of markdown is escaped.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for hard_line in text.split('\n') {
        let mut line = String::with_capacity(hard_line.len().min(width));
        for word in hard_line.split(' ').filter(|word| !word.is_empty()) {
            if !line.is_empty() && line.len() + 1 + word.len() > width {
                lines.push(std::mem::take(&mut line));
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            lines.push(line);
        }
    }
    for line in &mut lines {
        if line.contains(UNBROKEN_BLANK) {
            *line = line.replace(UNBROKEN_BLANK, " ");
        }
        guard_start(line);
    }
    lines
}

/// Escapes what would make a heading, list, quote, table or rule of a line of text.
fn guard_start(line: &mut String) {
    if line.starts_with(['#', '+', '-', '=', '>']) || line.starts_with(":-") {
        line.insert(0, '\\');
        return;
    }
    let after = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = line.len() - after.len();
    if digits > 0 && after.starts_with(['.', ')']) {
        line.insert(digits, '\\');
    }
}

#[cfg(test)]
mod tests {
    use super::{escape, wrap};

    #[test]
    fn urls_become_links_without_the_punctuation_around_them() {
        assert_eq!(
            escape("See https://a.io/x_y?q=1, (http://b.io/caf\u{e9}).", true),
            "See <https://a.io/x_y?q=1>, (<http://b.io/caf%C3%A9>)."
        );
        assert_eq!(escape("https:// alone", true), "https:// alone");
    }

    #[test]
    fn lines_never_start_a_block() {
        let text = "a - # 1. > = + :- 2) x";
        let lines = wrap(text, 1);
        assert_eq!(
            lines,
            [
                "a", "\\-", "\\#", "1\\.", "\\>", "\\=", "\\+", "\\:-", "2\\)", "x"
            ]
        );
    }
}
