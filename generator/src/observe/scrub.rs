//! Nothing of a recording is printed that may be a secret. One rule holds for bodies, queries and paths: names are printed, and
//! values are not, however short they are. The exceptions are values of enums that are no secrets by their names and looks. A
//! segment of a path that stands where the descriptions have a parameter is a value; where they have nothing, it is a name if
//! it has letters alone. What of a query has no `=` may be a value. No name is printed that looks like a credential, an
//! identifier or an address.

/// What stands for a text that is not printed.
pub(super) const SCRUBBED: &str = "<scrubbed>";

/// Parts of names whose values are never printed.
const SENSITIVE: [&str; 12] = [
    "auth",
    "cookie",
    "credential",
    "csrf",
    "dsn",
    "email",
    "key",
    "passw",
    "secret",
    "session",
    "signature",
    "token",
];

/// How well-known credentials begin.
const PREFIXES: [&str; 12] = [
    "basic ",
    "bearer ",
    "eyj",
    "gho_",
    "ghp_",
    "github_pat_",
    "glpat-",
    "sk-",
    "sk_",
    "sntry",
    "xox",
    "akia",
];

/// A value of an enum that may be printed, of a property with this name.
pub(super) fn value(name: &str, value: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let is_plain = value.chars().count() <= 40
        && value
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-.:/ ".contains(c));
    let is_sensitive = SENSITIVE.iter().any(|part| name.contains(part));
    (is_plain && !is_sensitive && !looks_secret(value)).then(|| value.to_owned())
}

/// A name that may be printed: of a property, a parameter, or a segment of a path.
pub(super) fn name(name: &str) -> &str {
    if name.chars().count() > 64 || looks_secret(name) {
        SCRUBBED
    } else {
        name
    }
}

/// A JSON pointer whose tokens may be printed.
pub(super) fn pointer(pointer: &str) -> String {
    let tokens = pointer.split('/').map(name);
    tokens.collect::<Vec<_>>().join("/")
}

/// Whether a text looks like a credential, an identifier, or an address of a person.
pub(super) fn looks_secret(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let letters = text.chars().filter(char::is_ascii_alphabetic).count();
    let is_mixed = text.len() >= 16 && digits >= 3 && letters >= 3 && !text.contains(' ');
    let is_long = text.len() >= 32 && !text.contains([' ', '_', '-', '.', '/']);
    text.contains('@')
        || digits >= 9
        || is_mixed
        || is_long
        || PREFIXES.iter().any(|prefix| lower.starts_with(prefix))
}

/// Whether a segment of a path of which the descriptions say nothing is a name: a word, or a version such as `v2`.
pub(super) fn is_name(segment: &str) -> bool {
    let is_version = segment
        .strip_prefix('v')
        .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
    let mut letters = segment.chars();
    let is_word = letters.all(|c| c.is_ascii_alphabetic() || "-_.".contains(c));
    (is_word || is_version) && !is_value(segment)
}

/// A key or a segment of a path that stands for a value: a number, an identifier, or what must not be printed.
pub(super) fn is_value(segment: &str) -> bool {
    let is_hexadecimal = segment.len() >= 8
        && segment.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && segment.contains(|c: char| c.is_ascii_digit());
    let is_number = !segment.is_empty() && segment.chars().all(|c| c.is_ascii_digit());
    is_number
        || is_hexadecimal
        || segment.contains('%')
        || segment.len() > 40
        || looks_secret(segment)
}

#[cfg(test)]
mod tests {
    use super::{is_name, is_value, looks_secret, value};

    #[test]
    fn credentials_are_recognised_and_words_are_not() {
        for secret in [
            "sntrys_eyJpYXQiOjE3",
            "eyJhbGciOiJIUzI1NiJ9.e30.x",
            "0123456789abcdef0123456789abcdef",
            "tom@example.com",
            "4111111111111111",
            "ghp_16C7e42F292c6912E7710c838347Ae178B4a",
        ] {
            assert!(looks_secret(secret), "{secret}");
        }
        for word in [
            "resolved",
            "is_unresolved",
            "first_release-2",
            "organization_id_or_slug",
        ] {
            assert!(!looks_secret(word), "{word}");
        }
        assert_eq!(value("status", "muted").as_deref(), Some("muted"));
        assert_eq!(value("apiToken", "muted"), None);
        assert_eq!(value("status", "Tom's pet"), None);
        assert!(is_value("42") && is_value("9f86d081884c7d65") && !is_value("projects"));
        assert!(is_name("alert-rules") && is_name("v2") && !is_name("m1") && !is_name("s3cret"));
    }
}
