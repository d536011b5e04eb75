//! Prose of a description as rustdoc: pure ASCII, and clean under `rustdoc -D warnings` whatever it says.

mod inline;
mod markdown;
mod text;

pub use inline::code;
pub(crate) use inline::code_span;
pub use markdown::{lines, own_lines};

use std::cell::LazyCell;
use std::sync::Arc;

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens;
use crate::api::names::case;
use crate::api::{Docs, Response};

/// Documentation for prose and notes of a field or parameter, without provenance; nothing where the description says
/// nothing but its name. `names` are its name and the names around it.
#[must_use]
pub fn of_member(docs: &Docs, names: &[&str]) -> TokenStream {
    member(docs, names, true)
}

fn member(docs: &Docs, names: &[&str], tells_deprecation: bool) -> TokenStream {
    let telling = |text: &Option<String>| text.clone().filter(|text| says_more(text, names));
    let (summary, description) = (telling(&docs.summary), telling(&docs.description));
    let facts = facts(docs, tells_deprecation);
    let paragraphs = paragraphs(summary.as_deref(), description.as_deref(), &facts, &[]);
    to_tokens(&paragraphs)
}

/// Documentation of a field for a parameter: its description, and whether it is deprecated.
#[must_use]
pub fn of_parameter(docs: &Docs, name: &str) -> TokenStream {
    let description = docs.description.as_deref();
    let description = description.filter(|text| says_more(text, &[name]));
    let deprecation = deprecation(docs).unwrap_or_default();
    paragraphs_of(&[description.unwrap_or_default(), &deprecation])
}

/// Documentation of a method, for the prose and notes of its parameter: as [`of_member`], and the attribute if it is
/// deprecated.
#[must_use]
pub fn of_setter(docs: &Docs, name: &str) -> TokenStream {
    let mut tokens = member(docs, &[name], false);
    tokens.extend(deprecated(docs));
    tokens
}

/// `#[deprecated]`, with the reason if it is known.
fn deprecated(docs: &Docs) -> Option<TokenStream> {
    let reason = docs.deprecation.as_deref().map(one_line);
    docs.deprecated.then(|| match reason {
        Some(reason) => {
            let reason = tokens::string(&reason);
            quote!(#[deprecated(note = #reason)])
        }
        None => quote!(#[deprecated]),
    })
}

/// Whether a description says more than a name does: `The slug of the team.` says nothing of the field `slug` of `Team`.
#[must_use]
pub fn says_more(description: &str, names: &[&str]) -> bool {
    const FILLERS: [&str; 24] = [
        "a",
        "an",
        "and",
        "associated",
        "belong",
        "delete",
        "edit",
        "for",
        "get",
        "look",
        "resource",
        "retrieve",
        "set",
        "up",
        "update",
        "in",
        "is",
        "its",
        "of",
        "or",
        "that",
        "the",
        "this",
        "to",
    ];
    let known = LazyCell::new(|| -> Vec<String> {
        let spelled = names
            .iter()
            .map(|name| case::snake(name, "x").plain().replace('_', " "));
        spelled
            .flat_map(|name| words(&name).collect::<Vec<_>>())
            .collect()
    });
    // Most words occur in no name, however it is divided into words.
    let letters = LazyCell::new(|| names.concat().replace('_', "").to_ascii_lowercase());
    let is_known = |word: String| {
        let stem = singular(&word);
        FILLERS.contains(&word.as_str())
            || FILLERS.contains(&stem)
            || letters.contains(stem) && known.iter().any(|known| singular(known) == stem)
    };
    !words(description).all(is_known)
}

/// The words of a text, in lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_lowercase)
}

/// A word without the `s` of plurals.
fn singular(word: &str) -> &str {
    word.strip_suffix('s').unwrap_or(word)
}

/// Documentation for prose, notes of the description, and provenance. A title says something only if it says more than the
/// name of the item, or if there is no description.
#[must_use]
pub fn of_item(docs: &Docs, name: &str) -> TokenStream {
    let description = docs.description.as_deref();
    let title = docs.summary.as_deref();
    let title = title.filter(|title| description.is_none() || says_more(title, &[name]));
    let mut paragraphs = paragraphs(title, description, &facts(docs, true), &[]);
    paragraphs.extend(sources(docs).map(|sources| own_lines(&sources)));
    to_tokens(&paragraphs)
}

/// Documentation for prose, paragraphs of ours, notes of the description, and lines of an example, and the attribute if the
/// operation is deprecated.
#[must_use]
pub fn of_method(docs: &Docs, notes: &[Arc<[String]>], example: &[String]) -> TokenStream {
    let (summary, description) = (docs.summary.as_deref(), docs.description.as_deref());
    let mut paragraphs = paragraphs(summary, description, &facts(docs, false), notes);
    if !example.is_empty() {
        paragraphs.push(example.into());
    }
    let mut tokens = to_tokens(&paragraphs);
    tokens.extend(deprecated(docs));
    tokens
}

/// Documentation for markdown of a description, or of ours.
#[must_use]
pub fn text(text: &str) -> TokenStream {
    to_tokens(&[lines(text)])
}

/// Documentation for several paragraphs of markdown, without those that are empty.
#[must_use]
pub fn paragraphs_of(texts: &[&str]) -> TokenStream {
    let mut paragraphs: Vec<_> = texts.iter().map(|text| prose_lines(text)).collect();
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    to_tokens(&paragraphs)
}

/// Documentation for a description alone.
#[must_use]
pub fn prose(description: Option<&str>) -> TokenStream {
    to_tokens(&[prose_lines(description.unwrap_or_default())])
}

/// Documentation of ours (markdown), in which text of a description stands only as code spans.
#[must_use]
pub fn own(text: &str) -> TokenStream {
    to_tokens(&[own_lines(text)])
}

/// A line of documentation of ours, as it stands.
#[must_use]
pub fn line(text: &str) -> TokenStream {
    tokens::doc([text])
}

/// Plain text on one line, as markdown that shows it: for titles and names, which are not markdown themselves.
#[must_use]
pub fn plain(text: &str) -> String {
    text::escape(&one_line(text), true)
}

/// Plain text on one line, without control characters and without what turns the direction of writing. Not ASCII
/// where the text is not.
#[must_use]
pub fn one_line(text: &str) -> String {
    let is_clean = |text: &str| {
        let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
        is_plain && !text.starts_with(' ') && !text.ends_with(' ') && !text.contains("  ")
    };
    if is_clean(text) {
        return text.to_owned();
    }
    let text = text.replace(char::is_control, " ");
    let text = text::to_ascii(&text);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The paragraphs of an item's rustdoc: prose, notes of ours, notes of the description in one paragraph.
fn paragraphs(
    summary: Option<&str>,
    description: Option<&str>,
    facts: &str,
    notes: &[Arc<[String]>],
) -> Vec<Arc<[String]>> {
    let description = description.unwrap_or_default();
    let summary = summary.unwrap_or_default();
    // Many descriptions repeat the summary in their first line.
    let repeats =
        description.trim_start().lines().next().map(str::trim_end) == Some(summary.trim());
    let mut paragraphs = Vec::new();
    if !repeats {
        paragraphs.push(lines(summary));
    }
    paragraphs.push(prose_lines(description));
    paragraphs.extend(notes.iter().cloned());
    paragraphs.push(lines(facts));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
}

/// Whether the item is deprecated, if that is to be told here, and the notes of its description.
fn facts(docs: &Docs, tells_deprecation: bool) -> String {
    let deprecated = tells_deprecation.then(|| deprecation(docs)).flatten();
    let notes = docs.notes.iter().map(|note| sentence(note));
    let facts = deprecated.into_iter().chain(notes);
    facts.collect::<Vec<_>>().join(" ")
}

/// The sentence that tells of a deprecation.
fn deprecation(docs: &Docs) -> Option<String> {
    let note = match &docs.deprecation {
        Some(reason) => sentence(&format!("**Deprecated**: {reason}")),
        None => "**Deprecated.**".to_owned(),
    };
    docs.deprecated.then_some(note)
}

/// The lines of a description. Its last paragraph ends with a full stop, if it is a sentence and has no sign at its end.
fn prose_lines(description: &str) -> Arc<[String]> {
    let lines = lines(description);
    let begin = lines
        .iter()
        .rposition(String::is_empty)
        .map_or(0, |at| at + 1);
    let paragraph = lines.get(begin..).unwrap_or_default();
    let is_block = |line: &String| {
        let is_number = |character: char| character.is_ascii_digit();
        line.starts_with(['-', '*', '+', '#', '|', '>', ' '])
            || line.starts_with("```")
            || line.trim_start_matches(is_number).starts_with(". ")
    };
    let ends = |line: &String| {
        line.ends_with(|last: char| {
            last.is_alphanumeric() || matches!(last, '`' | ')' | '"' | '\'')
        })
    };
    if paragraph.iter().any(is_block) || !paragraph.last().is_some_and(ends) {
        return lines;
    }
    let mut ended = lines.to_vec();
    if let Some(last) = ended.last_mut() {
        last.push('.');
    }
    ended.into()
}

/// A note with a full stop.
fn sentence(note: &str) -> String {
    let ends = note.ends_with(['.', '!', '?', ':']) || note.ends_with(".**");
    if ends {
        note.to_owned()
    } else {
        format!("{note}.")
    }
}

/// `Sources: ...`, each source once and in the order given, where the API has several: markdown of ours.
#[must_use]
pub fn sources(docs: &Docs) -> Option<String> {
    if !docs.names_sources {
        return None;
    }
    let mut sources: Vec<&str> = Vec::new();
    for provenance in &docs.provenance {
        if !sources.contains(&&*provenance.source) {
            sources.push(&provenance.source);
        }
    }
    let sources: Vec<String> = sources.into_iter().map(plain).collect();
    (!sources.is_empty()).then(|| format!("Sources: {}.", sources.join(", ")))
}

/// One attribute a line, with an empty one between paragraphs. Code needs none before it.
fn to_tokens(paragraphs: &[Arc<[String]>]) -> TokenStream {
    let begins_block = |line: &String| line.starts_with("```");
    let mut all: Vec<&str> = Vec::new();
    for (index, paragraph) in paragraphs.iter().enumerate() {
        if index > 0 && !paragraph.first().is_some_and(begins_block) {
            all.push("");
        }
        all.extend(paragraph.iter().map(String::as_str));
    }
    tokens::doc(all)
}

/// The docs of a response by its status: `404`: the issue was not found.
#[must_use]
pub fn of_status(response: &Response) -> TokenStream {
    let status = code(&response.status.to_string());
    match first_line(response.description.as_deref().unwrap_or_default()) {
        "" => text(&status),
        meaning => prose(Some(&format!("{status}: {meaning}"))),
    }
}

/// Whether all that a description says of a response is that it is a success.
#[must_use]
pub fn is_success(response: &Response) -> bool {
    let said = letters(response.description.as_deref().unwrap_or_default());
    response.status.is_success() && matches!(said.as_str(), "ok" | "success")
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> String {
    let letters = text.chars().filter(char::is_ascii_alphanumeric);
    letters.map(|letter| letter.to_ascii_lowercase()).collect()
}

/// The first line of a description.
#[must_use]
pub fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::{facts, own_lines, paragraphs, prose_lines, says_more};
    use crate::api::Docs;

    #[test]
    fn a_description_that_repeats_the_name_says_nothing() {
        assert!(!says_more("The slug of the team.", &["slug", "Team"]));
        assert!(!says_more(
            "The id or the slug of the organization.",
            &["organization_id_or_slug"]
        ));
        assert!(says_more(
            "The slug of the team, unique in it.",
            &["slug", "Team"]
        ));
        assert!(says_more("Whether the team is new.", &["isNew", "Team"]));
    }

    #[test]
    fn prose_comes_before_notes_and_a_repeated_summary_stands_once() {
        let docs = Docs {
            summary: Some("Lists teams".to_owned()),
            description: Some("Lists teams".to_owned()),
            deprecated: true,
            notes: vec!["Default: `1`".to_owned(), "Items are unique.".to_owned()],
            ..Docs::default()
        };
        let notes = [own_lines("`GET /teams/`")];
        let expected = [
            "Lists teams.",
            "`GET /teams/`",
            "**Deprecated.** Default: `1`. Items are unique.",
        ];
        let (summary, description) = (docs.summary.as_deref(), docs.description.as_deref());
        let facts = facts(&docs, true);
        assert_eq!(
            paragraphs(summary, description, &facts, &notes).concat(),
            expected
        );
    }

    #[test]
    fn a_description_ends_with_a_full_stop_unless_its_end_is_no_sentence() {
        for (text, expected) in [
            ("All of `x`", "All of `x`."),
            ("The first\n\nThe (second)", "The (second)."),
            ("It is.", "It is."),
            ("One of:\n\n- a\n- b", "- b"),
            ("Like so:\n\n```text\nx\n```", "```"),
            ("1. one", "1. one"),
            ("", ""),
        ] {
            let lines = prose_lines(text);
            assert_eq!(lines.last().map_or("", String::as_str), expected, "{text}");
        }
    }
}
