//! From the words of a description to the case of Rust.

use std::fmt::Write as _;

use crate::ir::Name;

/// Snake case, as fields, parameters, methods and modules have it. `fallback` stands in for a text without letters or digits.
#[must_use]
pub fn snake(text: &str, fallback: &str) -> Name {
    let mut clean = String::with_capacity(text.len() + 8);
    for_each_word(&words(text), |word| {
        if !clean.is_empty() {
            clean.push('_');
        }
        clean.extend(word.chars().map(|letter| letter.to_ascii_lowercase()));
    });
    checked(&clean, fallback, "_")
}

/// Pascal case, as types and variants have it. `fallback` stands in for a text without letters or digits.
#[must_use]
pub fn pascal(text: &str, fallback: &str) -> Name {
    let mut clean = String::with_capacity(text.len());
    for_each_word(&words(text), |word| {
        let mut letters = word.chars();
        clean.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        clean.extend(letters.map(|letter| letter.to_ascii_lowercase()));
    });
    checked(&clean, fallback, fallback)
}

/// Pascal case in which signs have words, for texts that are told apart by nothing else: `+1` is `Plus1`.
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

/// The text in ASCII letters, digits and blanks; what is not ASCII is spelled by its code point.
fn words(text: &str) -> String {
    let mut words = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => words.push(character),
            // An apostrophe does not part a word: "Organization's".
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

/// Takes the words of a text in ASCII letters, digits and blanks, one after another. A capital begins a word behind a small
/// letter, and so does the last one of several before a small letter: `HTTPServer2Go` is `HTTP`, `Server2`, `Go`.
fn for_each_word<'t>(text: &'t str, mut take: impl FnMut(&'t str)) {
    for run in text.split(' ').filter(|run| !run.is_empty()) {
        let bytes = run.as_bytes();
        let mut start = 0;
        // Whether the last letter of the word so far is a capital.
        let mut is_capital = None;
        for (at, pair) in bytes.windows(2).enumerate() {
            let &[letter, next] = pair else { continue };
            let (before, now) = (is_capital, case_of(letter).or(is_capital));
            let end = if now == Some(false) && next.is_ascii_uppercase() {
                at + 1
            } else if before == Some(true)
                && letter.is_ascii_uppercase()
                && next.is_ascii_lowercase()
            {
                at
            } else {
                is_capital = now;
                continue;
            };
            take(run.get(start..end).unwrap_or_default());
            start = end;
            is_capital = None;
        }
        take(run.get(start..).unwrap_or_default());
    }
}

/// Whether a letter is a capital; nothing of a digit.
fn case_of(letter: u8) -> Option<bool> {
    letter
        .is_ascii_alphabetic()
        .then(|| letter.is_ascii_uppercase())
}

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

/// Characters of a name: file systems take 255 in the name of a file, which may have a suffix and more underscores.
const LONGEST: usize = 100;

/// An identifier in any case: `prefix` goes before a digit, `_` after what cannot be an identifier even when raw.
fn checked(clean: &str, fallback: &str, prefix: &str) -> Name {
    let clean = clean.get(..LONGEST).unwrap_or(clean).trim_end_matches('_');
    let text = match clean.chars().next() {
        None => fallback.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{prefix}{clean}"),
        Some(_) => clean.to_owned(),
    };
    Name::new(&text)
        .or_else(|_| Name::new(&format!("{text}_")))
        .unwrap_or_else(|_| Name::placeholder())
}

/// The singular of an English plural: `issues` → `issue`, `hashes` → `hash`, `queries` → `query`. Anything else stays.
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
        ] {
            assert_eq!(snake(text, "x").as_str(), expected, "{text}");
        }
    }

    #[test]
    fn long_texts_become_names_that_file_systems_take() {
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
