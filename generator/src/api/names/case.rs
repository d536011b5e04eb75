//! Turns words of a description into Rust names, with `heck`. Characters outside of ASCII are spelled out before, and a
//! result that is not an identifier is changed into one.

use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};

use crate::api::Name;

/// Snake case, for fields, parameters, methods and modules. `fallback` is used for a text without letters or digits.
#[must_use]
pub fn snake(text: &str, fallback: &str) -> Name {
    if is_snake(text) {
        return checked(text, fallback, "_");
    }
    checked(&ascii_words(text).to_snake_case(), fallback, "_")
}

/// Whether a text is snake case already, so that it has only to be checked. Most names of properties are.
fn is_snake(text: &str) -> bool {
    let is_word = |word: &str| {
        let is_part = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        !word.is_empty() && word.bytes().all(is_part)
    };
    text.split('_').all(is_word)
}

/// Screaming snake case, for constants. `fallback` is used for a text without letters or digits.
#[must_use]
pub fn screaming(text: &str, fallback: &str) -> Name {
    let snake = snake(text, fallback);
    Name::new(&snake.plain().to_ascii_uppercase()).unwrap_or(snake)
}

/// Pascal case, for types and variants. `fallback` is used for a text without letters or digits.
#[must_use]
pub fn pascal(text: &str, fallback: &str) -> Name {
    let clean = ascii_words(text).to_upper_camel_case();
    checked(&clean, fallback, fallback)
}

/// Pascal case in which signs are spelled out, for texts that differ only in signs: `+1` becomes `Plus1`.
#[must_use]
pub fn pascal_with_signs(text: &str, fallback: &str) -> Name {
    let mut spelled = String::new();
    for character in text.chars() {
        match sign(character) {
            Some(word) => {
                spelled.push(' ');
                spelled.push_str(word);
                spelled.push(' ');
            }
            None => spelled.push(character),
        }
    }
    pascal(&spelled, fallback)
}

/// The text as ASCII words, separated by spaces. A letter outside of ASCII becomes its code point, such as `ue9`.
fn ascii_words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => words.push(character),
            // An apostrophe does not end a word: "Organization's".
            '\'' | '\u{2019}' => {}
            character if character.is_ascii() => words.push(' '),
            character if character.is_alphanumeric() => {
                // Writing to a string cannot fail.
                let _ = write!(words, " u{:x} ", u32::from(character));
            }
            _ => words.push(' '),
        }
    }
    words
}

/// The word for a sign.
fn sign(character: char) -> Option<&'static str> {
    Some(match character {
        '+' => "plus",
        '-' => "minus",
        '*' => "star",
        '/' => "slash",
        '\\' => "backslash",
        '.' => "dot",
        ',' => "comma",
        ':' => "colon",
        ';' => "semicolon",
        '=' => "equal",
        '<' => "less",
        '>' => "greater",
        '!' => "not",
        '?' => "question",
        '&' => "and",
        '|' => "or",
        '%' => "percent",
        '#' => "hash",
        '@' => "at",
        '$' => "dollar",
        '^' => "caret",
        '~' => "tilde",
        '_' => "underscore",
        ' ' => "blank",
        '"' => "quote",
        '\'' => "apostrophe",
        '`' => "backtick",
        '(' | ')' => "parenthesis",
        '[' | ']' => "bracket",
        '{' | '}' => "brace",
        _ => return None,
    })
}

/// The most characters of a name. A file name can have 255, and some names become file names with a suffix.
const MAX_LENGTH: usize = 100;

/// Makes an identifier of a text in any case: adds `prefix` before a digit, and `_` after a word such as `self`.
fn checked(clean: &str, fallback: &str, prefix: &str) -> Name {
    let clean = clean
        .get(..MAX_LENGTH)
        .unwrap_or(clean)
        .trim_end_matches('_');
    let text = match clean.chars().next() {
        None => fallback.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{prefix}{clean}"),
        Some(_) => clean.to_owned(),
    };
    Name::new(&text)
        .or_else(|_| Name::new(&format!("{text}_")))
        .unwrap_or_else(|_| Name::placeholder())
}

/// The singular of an English plural: `issues` → `issue`, `hashes` → `hash`, `queries` → `query`. Any other word is
/// returned as it is.
#[must_use]
pub fn singular(word: &str) -> String {
    let lower = word.to_ascii_lowercase();
    let cut = |count: usize| word.get(..word.len() - count).unwrap_or(word).to_owned();
    if lower.len() < 4 || lower.ends_with("ss") || lower.ends_with("us") || lower.ends_with("is") {
        return word.to_owned();
    }
    if [
        "status",
        "series",
        "news",
        "species",
        "analytics",
        "settings",
    ]
    .contains(&lower.as_str())
    {
        return word.to_owned();
    }
    if lower.ends_with("ies") {
        return format!("{}y", cut(3));
    }
    for ending in ["sses", "shes", "ches", "xes", "zes", "uses"] {
        if lower.ends_with(ending) {
            return if ending == "uses" && !lower.ends_with("statuses") {
                cut(1)
            } else {
                cut(2)
            };
        }
    }
    if lower.ends_with('s') {
        cut(1)
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{pascal, pascal_with_signs, singular, snake};

    #[test]
    fn words_become_identifiers_of_the_right_case() {
        assert_eq!(snake("statsPeriod", "x").as_str(), "stats_period");
        assert_eq!(snake("type", "x").as_str(), "r#type");
        assert_eq!(snake("self", "x").as_str(), "self_");
        assert_eq!(snake("24h", "x").as_str(), "_24h");
        assert_eq!(snake("***", "field").as_str(), "field");
        assert_eq!(snake("na\u{ef}ve", "x").as_str(), "na_uef_ve");
        assert_eq!(
            pascal("List an Organization's Teams", "X").as_str(),
            "ListAnOrganizationsTeams"
        );
        assert_eq!(pascal("Self", "X").as_str(), "Self_");
        assert_eq!(pascal("10s", "Value").as_str(), "Value10s");
        assert_eq!(pascal_with_signs("+1", "Value").as_str(), "Plus1");
        for (text, expected) in [
            ("HTTPServer2Go", "http_server2_go"),
            ("XMLHttpRequest", "xml_http_request"),
            ("aBC", "a_bc"),
            ("ABc1D", "a_bc1_d"),
            ("1A", "_1a"),
            ("A1b", "a1b"),
            ("AB1Cd", "ab1_cd"),
            ("utf8String", "utf8_string"),
            ("__a--B__", "a_b"),
            ("a_b1_2c", "a_b1_2c"),
            ("a__b_", "a_b"),
        ] {
            assert_eq!(snake(text, "x").as_str(), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_become_short_names() {
        assert_eq!(snake(&"ab ".repeat(1000), "x").as_str().len(), 100);
        assert_eq!(pascal(&"ab ".repeat(1000), "X").as_str().len(), 100);
    }

    #[test]
    fn plurals_become_singular() {
        for (plural, expected) in [
            ("issues", "issue"),
            ("hashes", "hash"),
            ("queries", "query"),
            ("values", "value"),
            ("status", "status"),
            ("statuses", "status"),
            ("class", "class"),
            ("dsyms", "dsym"),
            ("boxes", "box"),
            ("databases", "database"),
            ("uses", "use"),
        ] {
            assert_eq!(singular(plural), expected, "{plural}");
        }
    }
}
