//! Prose of a description as rustdoc: pure ASCII, and clean under `rustdoc -D warnings` whatever it says.

mod inline;
mod markdown;
mod text;

pub use inline::code;
pub use markdown::{lines, own_lines};

use std::cell::LazyCell;
use std::sync::Arc;

use proc_macro2::TokenStream;

use super::tokens;
use crate::api::names::case;
use crate::api::{Docs, Response};

/// Documentation for prose and notes of a field or parameter, without provenance; nothing where the description says
/// nothing but its name. `names` are its name and the names around it.
#[must_use]
pub fn of_member(docs: &Docs, names: &[&str]) -> TokenStream {
    let summary = docs
        .summary
        .as_deref()
        .filter(|text| says_more(text, names));
    let description = docs
        .description
        .as_deref()
        .filter(|text| says_more(text, names));
    to_tokens(&paragraphs(summary, description, docs, &[]))
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
        FILLERS.contains(&word.as_str()) || letters.contains(&word) && known.contains(&word)
    };
    !words(description).all(is_known)
}

/// The words of a text, in lower case and without the `s` of plurals.
fn words(text: &str) -> impl Iterator<Item = String> {
    let words = text.split(|character: char| !character.is_alphanumeric());
    let words = words.filter(|word| !word.is_empty()).map(str::to_lowercase);
    words.map(|mut word| {
        if word.ends_with('s') {
            word.pop();
        }
        word
    })
}

/// Documentation for prose, notes of the description, and provenance.
#[must_use]
pub fn of_item(docs: &Docs) -> TokenStream {
    let mut paragraphs = paragraphs(
        docs.summary.as_deref(),
        docs.description.as_deref(),
        docs,
        &[],
    );
    paragraphs.extend(sources(docs).map(|sources| own_lines(&sources)));
    to_tokens(&paragraphs)
}

/// Documentation for prose, paragraphs of ours, notes of the description, and lines of an example.
#[must_use]
pub fn of_method(docs: &Docs, notes: &[Arc<[String]>], example: &[String]) -> TokenStream {
    let (summary, description) = (docs.summary.as_deref(), docs.description.as_deref());
    let mut paragraphs = paragraphs(summary, description, docs, notes);
    paragraphs.push(example.into());
    to_tokens(&paragraphs)
}

/// Documentation for markdown of a description, or of ours.
#[must_use]
pub fn text(text: &str) -> TokenStream {
    to_tokens(&[lines(text)])
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
    docs: &Docs,
    notes: &[Arc<[String]>],
) -> Vec<Arc<[String]>> {
    let description = description.unwrap_or_default();
    let summary = summary.unwrap_or_default();
    // Many descriptions repeat the summary in their first line.
    let repeats =
        description.trim_start().lines().next().map(str::trim_end) == Some(summary.trim());
    let prose = [summary, description]
        .into_iter()
        .skip(usize::from(repeats));
    let facts = docs.deprecated.then_some("**Deprecated.**");
    let facts = facts
        .into_iter()
        .chain(docs.notes.iter().map(String::as_str));
    let facts: Vec<String> = facts.map(sentence).collect();
    let mut paragraphs: Vec<_> = prose.map(lines).collect();
    paragraphs.extend(notes.iter().cloned());
    paragraphs.push(lines(&facts.join(" ")));
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs
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

/// One attribute a line, with an empty one between paragraphs. Lists and code need none before them.
fn to_tokens(paragraphs: &[Arc<[String]>]) -> TokenStream {
    let begins_block = |line: &String| line.starts_with("- ") || line.starts_with("```");
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
    text(
        &match first_line(response.description.as_deref().unwrap_or_default()) {
            "" => code(&response.status.to_string()),
            meaning => format!("{}: {meaning}", code(&response.status.to_string())),
        },
    )
}

/// The first line of a description.
#[must_use]
pub fn first_line(text: &str) -> &str {
    text.trim().lines().next().unwrap_or_default().trim_end()
}

#[cfg(test)]
mod tests {
    use super::{own_lines, paragraphs, says_more};
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
            "Lists teams",
            "`GET /teams/`",
            "**Deprecated.** Default: `1`. Items are unique.",
        ];
        let (summary, description) = (docs.summary.as_deref(), docs.description.as_deref());
        assert_eq!(
            paragraphs(summary, description, &docs, &notes).concat(),
            expected
        );
    }
}
