//! Sentences of descriptions: where they end, which of them state a fact that a reader relies on, and how much a text
//! tells.

use std::collections::BTreeSet;

/// Words that tell nothing by themselves.
const FILLERS: [&str; 43] = [
    "belong",
    "within",
    "a",
    "all",
    "an",
    "and",
    "any",
    "are",
    "as",
    "associated",
    "at",
    "be",
    "been",
    "by",
    "can",
    "do",
    "doe",
    "for",
    "from",
    "given",
    "ha",
    "have",
    "in",
    "individual",
    "is",
    "it",
    "of",
    "on",
    "one",
    "or",
    "specific",
    "that",
    "the",
    "their",
    "them",
    "there",
    "thi",
    "to",
    "used",
    "which",
    "will",
    "with",
    "your",
];

/// Words with which a description states a limit, a default, a scope or the allowed values. Each group is one statement,
/// however it is worded.
const STATEMENTS: [&[&str]; 21] = [
    &["default"],
    &["maximum", "max", "most"],
    &["minimum", "min", "least"],
    &[
        "limit",
        "limited",
        "limitation",
        "restricted",
        "restriction",
    ],
    &["only"],
    &["must", "require", "required", "mandatory"],
    &["optional", "optionally", "omit", "omitted"],
    &["cannot", "can't", "mustn't", "unsupported"],
    &[
        "allowed",
        "valid",
        "possible",
        "available",
        "accepted",
        "supported",
    ],
    &["unique"],
    &["scope", "permission"],
    &["caution", "warning"],
    &["deprecated"],
    &["irreversible", "permanently"],
    &["asynchronously", "immediate"],
    &["exactly"],
    &["inclusive", "exclusive"],
    &["rounded"],
    &["empty", "null", "absent"],
    &["unless", "otherwise"],
    &["notice"],
];

/// Imperative verbs with which summaries of operations begin, and their third person.
const VERBS: [(&str, &str); 57] = [
    ("add", "adds"),
    ("archive", "archives"),
    ("assign", "assigns"),
    ("associate", "associates"),
    ("attach", "attaches"),
    ("cancel", "cancels"),
    ("change", "changes"),
    ("check", "checks"),
    ("clear", "clears"),
    ("close", "closes"),
    ("confirm", "confirms"),
    ("copy", "copies"),
    ("count", "counts"),
    ("create", "creates"),
    ("delete", "deletes"),
    ("disable", "disables"),
    ("download", "downloads"),
    ("enable", "enables"),
    ("execute", "executes"),
    ("export", "exports"),
    ("fetch", "fetches"),
    ("find", "finds"),
    ("generate", "generates"),
    ("get", "gets"),
    ("import", "imports"),
    ("invite", "invites"),
    ("list", "lists"),
    ("lock", "locks"),
    ("look", "looks"),
    ("mark", "marks"),
    ("merge", "merges"),
    ("modify", "modifies"),
    ("move", "moves"),
    ("mutate", "mutates"),
    ("provision", "provisions"),
    ("publish", "publishes"),
    ("query", "queries"),
    ("register", "registers"),
    ("remove", "removes"),
    ("rename", "renames"),
    ("replace", "replaces"),
    ("resolve", "resolves"),
    ("restore", "restores"),
    ("retrieve", "retrieves"),
    ("return", "returns"),
    ("revoke", "revokes"),
    ("schedule", "schedules"),
    ("search", "searches"),
    ("send", "sends"),
    ("set", "sets"),
    ("show", "shows"),
    ("start", "starts"),
    ("stop", "stops"),
    ("submit", "submits"),
    ("unlock", "unlocks"),
    ("update", "updates"),
    ("upload", "uploads"),
];

/// The verb that a phrase such as `List teams` or `Lists teams` begins with, in the third person.
#[must_use]
pub fn verb(text: &str) -> Option<&'static str> {
    let first = text.split_whitespace().next().unwrap_or_default();
    let is_first = |(verb, third): &&(&str, &str)| {
        first.eq_ignore_ascii_case(verb) || first.eq_ignore_ascii_case(third)
    };
    VERBS.iter().find(is_first).map(|(_, third)| *third)
}

/// Verbs that say the same of an operation.
const ALIKE: [&[&str]; 4] = [
    &[
        "fetches",
        "finds",
        "gets",
        "lists",
        "queries",
        "retrieves",
        "returns",
        "shows",
    ],
    &["adds", "creates", "registers"],
    &["deletes", "removes"],
    &["changes", "modifies", "mutates", "updates"],
];

/// Whether a sentence begins with a verb that means the same as the verb of a summary. A summary without words has any.
#[must_use]
pub fn begins_alike(summary: &str, sentence: &str) -> bool {
    let Some(own) = verb(subject_removed(sentence)) else {
        return false;
    };
    let is_alike = |verb: &str| {
        let same = ALIKE.iter().find(|alike| alike.contains(&own));
        verb == own || same.is_some_and(|alike| alike.contains(&verb))
    };
    summary.is_empty() || verb(summary).is_some_and(is_alike)
}

/// `Returns the issue` of `This endpoint returns the issue`, with its first letter as it is.
fn subject_removed(text: &str) -> &str {
    let subjects = ["This endpoint ", "This operation ", "This "];
    let rests = subjects
        .iter()
        .filter_map(|subject| text.strip_prefix(subject));
    let is_verb = |rest: &&str| {
        let first = rest.split_whitespace().next().unwrap_or_default();
        VERBS.iter().any(|(_, third)| *third == first)
    };
    rests.into_iter().find(is_verb).unwrap_or(text)
}

/// Whether a text is a phrase that begins with a verb.
#[must_use]
pub fn begins_with_verb(text: &str) -> bool {
    verb(text).is_some()
}

/// The summary of an operation as documentation of its method: a sentence in the third person. `List teams` becomes
/// `Lists teams.`
#[must_use]
pub fn summary_sentence(summary: &str) -> String {
    let mut text = third_person(summary.trim());
    for longer in ["Returns a list of ", "Retrieves a list of "] {
        if let Some(rest) = text.strip_prefix(longer) {
            text = format!("Lists {rest}");
        }
    }
    // A summary is one phrase; what has several lines or ends in a sign is left as it is.
    if begins_with_verb(&text) && !text.contains('\n') && text.ends_with(char::is_alphanumeric) {
        text.push('.');
    }
    text
}

/// A text with the verb that it begins with, if it does, in the third person and without a subject: `Returns the issue` of
/// `Return the issue` and of `This returns the issue`. An adverb may come before the verb.
#[must_use]
pub fn third_person(text: &str) -> String {
    let whole = text;
    let text = subject_removed(text);
    if text.len() < whole.len() {
        return capitalised(text);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    if first.ends_with("ly") || first == "Bulk" {
        let (verb, behind) = rest.trim_start().split_once(' ').unwrap_or_default();
        let known = VERBS.iter().find(|(known, _)| *known == verb);
        return known.map_or_else(
            || text.to_owned(),
            |(_, third)| format!("{first} {third} {behind}"),
        );
    }
    let known = VERBS
        .iter()
        .find(|(verb, _)| first.eq_ignore_ascii_case(verb));
    let Some((_, third)) = known else {
        return text.to_owned();
    };
    // `Submit and send it` has a second verb.
    let second = rest.strip_prefix(" and ").and_then(|rest| {
        let (word, behind) = rest.split_once(' ')?;
        let (_, third) = VERBS.iter().find(|(verb, _)| word == *verb)?;
        Some(format!(" and {third} {behind}"))
    });
    capitalised(third) + second.as_deref().unwrap_or(rest)
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters
        .next()
        .map(|first| first.to_uppercase().chain(characters).collect())
        .unwrap_or_default()
}

/// The first sentence of a description that says that the item is deprecated, as plain text without the targets of links and
/// without `Deprecated:` in front; and the description without that sentence, if it is the last one, or the only one, and
/// plain.
#[must_use]
pub fn deprecation(description: &str) -> Option<(String, &str)> {
    let mut sentences = sentences(description).into_iter();
    let sentence = sentences.find(|sentence| {
        let text = sentence.to_lowercase();
        let says_only_that = text.trim_end_matches('.') == "deprecated";
        !sentence.starts_with("```") && text.contains("deprecat") && !says_only_that
    })?;
    let mut plain = String::new();
    let mut rest = sentence.as_str();
    while let Some((before, target)) = rest.split_once("](") {
        let (before, name) = before.rsplit_once('[').unwrap_or((before, ""));
        plain.push_str(before);
        plain.push_str(name);
        rest = target.split_once(')').map_or("", |(_, rest)| rest);
    }
    plain.push_str(rest);
    let plain = plain.replace("**", "");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let before = description.trim_end().strip_suffix(&plain);
    let label = |text: &str| {
        text.get(..11)
            .is_some_and(|start| start.eq_ignore_ascii_case("deprecated:"))
    };
    let reason = if label(&plain) {
        plain.get(11..).unwrap_or_default().trim()
    } else {
        &plain
    };
    Some((
        capitalised(reason),
        before.map_or(description, str::trim_end),
    ))
}

/// The sentences of a text in markdown, in order. An item of a list is a sentence, and so is a block of code.
#[must_use]
pub fn sentences(text: &str) -> Vec<String> {
    let mut sentences = Vec::new();
    let mut paragraph = String::new();
    let mut fence: Option<String> = None;
    for line in text.lines() {
        let trimmed = line.trim();
        if let Some(code) = &mut fence {
            code.push('\n');
            code.push_str(line);
            if trimmed.starts_with("```") {
                sentences.extend(fence.take());
            }
            continue;
        }
        if trimmed.starts_with("```") {
            split(&std::mem::take(&mut paragraph), &mut sentences);
            fence = Some(trimmed.to_owned());
            continue;
        }
        if trimmed.is_empty() || list_item(trimmed).is_some() {
            split(&std::mem::take(&mut paragraph), &mut sentences);
        }
        if !paragraph.is_empty() {
            paragraph.push(' ');
        }
        paragraph.push_str(list_item(trimmed).unwrap_or(trimmed));
    }
    sentences.extend(fence);
    split(&paragraph, &mut sentences);
    sentences
}

/// The text of an item of a list, without its marker.
fn list_item(line: &str) -> Option<&str> {
    let bullet = ["- ", "* ", "+ "]
        .iter()
        .find_map(|marker| line.strip_prefix(marker));
    bullet.or_else(|| {
        let rest = line.trim_start_matches(|character: char| character.is_ascii_digit());
        let is_numbered = rest.len() < line.len();
        is_numbered.then(|| rest.strip_prefix(". ")).flatten()
    })
}

/// Splits a paragraph after each full stop, question or exclamation mark that is followed by a blank and by what can begin
/// a sentence. None in a code span ends a sentence.
fn split(paragraph: &str, sentences: &mut Vec<String>) {
    const ABBREVIATIONS: [&str; 5] = ["e.g.", "i.e.", "etc.", "vs.", "approx."];
    let mut start = 0;
    let mut in_code = false;
    for (at, character) in paragraph.char_indices() {
        if character == '`' {
            in_code = !in_code;
        }
        if in_code || !matches!(character, '.' | '!' | '?') {
            continue;
        }
        let end = at + character.len_utf8();
        let rest = paragraph.get(end..).unwrap_or_default();
        let next = rest.trim_start();
        let begins = next.chars().next().is_some_and(|first| {
            first.is_uppercase() || matches!(first, '`' | '"' | '[' | '(' | '*')
        });
        let sentence = paragraph.get(start..end).unwrap_or_default();
        let is_abbreviation = ABBREVIATIONS.iter().any(|known| sentence.ends_with(known));
        if rest.starts_with(char::is_whitespace) && begins && !is_abbreviation {
            sentences.push(sentence.trim().to_owned());
            start = end;
        }
    }
    let last = paragraph.get(start..).unwrap_or_default().trim();
    if !last.is_empty() {
        sentences.push(last.to_owned());
    }
}

/// A text after its first sentence, which is one of [`sentences`].
#[must_use]
pub fn after_first<'t>(text: &'t str, sentence: &str) -> &'t str {
    let mut rest = text.trim_start();
    for character in sentence
        .chars()
        .filter(|character| !character.is_whitespace())
    {
        match rest.trim_start().strip_prefix(character) {
            Some(after) => rest = after,
            None => return text,
        }
    }
    rest.trim_start()
}

/// The words of a text, in lower case and without the `s` of plurals. `project:read` and `1.5` are one word each.
fn words(text: &str) -> impl Iterator<Item = String> {
    let is_in_word = |character: char| {
        character.is_alphanumeric() || matches!(character, '\'' | ':' | '.' | '_')
    };
    let words = text.split(move |character| !is_in_word(character));
    words.filter_map(|word| {
        let word = word.trim_matches(|character: char| !character.is_alphanumeric());
        let word = word.to_lowercase();
        let word = word.strip_suffix("'s").unwrap_or(&word);
        let word = match word.strip_suffix('s') {
            Some(stem) if !stem.ends_with('s') => stem.to_owned(),
            _ => word.to_owned(),
        };
        (!word.is_empty()).then_some(word)
    })
}

/// The words that tell something.
fn telling_words(text: &str) -> BTreeSet<String> {
    words(text)
        .filter(|word| !FILLERS.contains(&word.as_str()))
        .collect()
}

/// What a text states that a reader relies on: numbers, values in quotation marks or code, and words of [`STATEMENTS`],
/// each by the first word of its group.
fn statements(text: &str) -> BTreeSet<String> {
    let mut found: BTreeSet<String> = values(text);
    for word in words(text) {
        if word.contains(|character: char| character.is_ascii_digit()) {
            found.insert(word);
            continue;
        }
        let group = STATEMENTS
            .iter()
            .find(|group| group.contains(&word.as_str()));
        found.extend(
            group
                .and_then(|group| group.first())
                .map(|&first| first.to_owned()),
        );
    }
    if text.to_lowercase().contains("one of") {
        found.insert("allowed".to_owned());
    }
    found
}

/// The words of what stands in code or in quotation marks.
fn values(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for sign in ['`', '"'] {
        let quoted = text.split(sign).skip(1).step_by(2);
        found.extend(quoted.flat_map(words));
    }
    found
}

/// A sentence up to its examples, which state nothing.
fn before_examples(sentence: &str) -> &str {
    let examples = ["such as", "e.g.", "or example", "xample:"];
    let ends = examples.iter().filter_map(|marker| sentence.find(marker));
    sentence
        .get(..ends.min().unwrap_or(sentence.len()))
        .unwrap_or(sentence)
}

/// Whether a sentence states a limit, a default, a scope, allowed values or a warning.
#[must_use]
pub fn states_a_fact(sentence: &str) -> bool {
    !statements(before_examples(sentence)).is_empty()
}

/// Whether a text states everything that a sentence states. It need not do so in the same words.
#[must_use]
pub fn covers(text: &str, sentence: &str) -> bool {
    let sentence = before_examples(sentence);
    let known: BTreeSet<String> = words(text).chain(statements(text)).collect();
    statements(sentence).is_subset(&known) || telling_words(sentence).is_subset(&known)
}

/// How much a text tells: its telling words, and what it states counts twice more.
#[must_use]
pub fn telling(text: &str) -> usize {
    telling_words(text).len() + 2 * statements(before_examples(text)).len()
}

/// Whether a sentence says anything that `known` does not say. Verbs that say only that there is a request do not count.
#[must_use]
pub fn says_more(sentence: &str, known: &str) -> bool {
    const OF_REQUESTS: [&str; 9] = [
        "item",
        "attribute",
        "bound",
        "detail",
        "endpoint",
        "information",
        "new",
        "resource",
        "various",
    ];
    let known = telling_words(known);
    let is_new = |word: &String| {
        let is_known = known.contains(word)
            || OF_REQUESTS.contains(&word.as_str())
            || VERBS.iter().any(|(verb, _)| verb == word);
        let stem = word.trim_end_matches(['d', 'e']);
        let is_inflected = known
            .iter()
            .any(|other| other.len() > 3 && other.trim_end_matches(['d', 'e']) == stem);
        !is_known && !is_inflected
    };
    !covers(known_text(&known).as_str(), sentence) || telling_words(sentence).iter().any(is_new)
}

fn known_text(words: &BTreeSet<String>) -> String {
    words
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Whether one of the sentences of a text stands in another text.
#[must_use]
pub fn shares_a_sentence(text: &str, other: &str) -> bool {
    let others = sentences(other);
    sentences(text)
        .iter()
        .any(|sentence| others.contains(sentence))
}

#[cfg(test)]
mod tests {
    use super::{
        after_first, begins_with_verb, covers, deprecation, says_more, sentences, states_a_fact,
        summary_sentence, telling, third_person,
    };

    #[test]
    fn sentences_end_at_full_stops_list_items_and_code() {
        let text = "One of `a. B`, e.g. The first. Version 1.5 is\nold!\n\n- an item\n- another. One\n```\nx. Y\n```\nEnd";
        let expected = [
            "One of `a. B`, e.g. The first.",
            "Version 1.5 is old!",
            "an item",
            "another.",
            "One",
            "```\nx. Y\n```",
            "End",
        ];
        assert_eq!(sentences(text), expected);
    }

    #[test]
    fn facts_are_limits_defaults_scopes_values_and_warnings() {
        for fact in [
            "At most 20 fields.",
            "Defaults to received.",
            "Required scope: project:read",
            "One of a, b or c.",
            "See `x`.",
            "Caution: this endpoint may change in the future without notice.",
            "The `x` of the y, such as a.",
        ] {
            assert!(states_a_fact(fact), "{fact}");
        }
        for prose in [
            "The slug of the team.",
            "Return details on an event.",
            "A period of time, such as `14d`.",
        ] {
            assert!(!states_a_fact(prose), "{prose}");
        }
    }

    #[test]
    fn a_text_covers_what_it_states_in_other_words() {
        let text = "An explicit resolution (one of `10s`, `1h`, and `1d`), 100 at most.";
        assert!(covers(text, "The time resolution. One of 10s, 1h, or 1d."));
        assert!(covers(text, "The maximum is 100."));
        let values = "The stat, \"received\" or \"rejected\".";
        assert!(covers(values, "One of received or rejected."));
        assert!(!covers(text, "The maximum is 200."));
        assert!(!covers(text, "Defaults to 1h."));
    }

    #[test]
    fn what_states_more_tells_more() {
        assert!(telling("Whether the team is new.") > telling("The team."));
        assert!(telling("Defaults to 10.") > telling("The number of results."));
    }

    #[test]
    fn a_text_goes_on_after_its_first_sentence() {
        let text = "Returns a\nteam. It is new.\n\n- x";
        assert_eq!(after_first(text, "Returns a team."), "It is new.\n\n- x");
        assert_eq!(after_first(text, "Something else."), text);
    }

    #[test]
    fn the_reason_of_a_deprecation_is_the_sentence_that_speaks_of_it() {
        let told = |text: &'static str| deprecation(text);
        assert_eq!(
            told("Lists. Deprecated: use it."),
            Some(("Use it.".to_owned(), "Lists."))
        );
        let linked = "**Note**: it is deprecated for [V2](/v2).\n\nLists.";
        let reason = "Note: it is deprecated for V2.".to_owned();
        assert_eq!(told(linked), Some((reason, linked)));
        assert_eq!(told("Lists."), None);
        assert_eq!(told("Deprecated. Lists."), None);
    }

    #[test]
    fn a_summary_is_a_sentence_in_the_third_person() {
        assert_eq!(
            summary_sentence("List a team's projects"),
            "Lists a team's projects."
        );
        assert_eq!(summary_sentence("query"), "Queries.");
        assert_eq!(summary_sentence("Project statistics"), "Project statistics");
        assert_eq!(summary_sentence("Lists teams."), "Lists teams.");
        assert_eq!(third_person("Create it.\n\nNow"), "Creates it.\n\nNow");
        assert_eq!(third_person("This endpoint lists it."), "Lists it.");
        assert_eq!(third_person("This is it."), "This is it.");
        assert_eq!(
            third_person("Permanently remove it."),
            "Permanently removes it."
        );
        assert_eq!(third_person("Only it."), "Only it.");
        assert_eq!(summary_sentence("Return a list of teams"), "Lists teams.");
        assert_eq!(
            third_person("Submit and associate it."),
            "Submits and associates it."
        );
        assert!(begins_with_verb("Deletes a team") && begins_with_verb("delete a team"));
        assert!(!begins_with_verb("Team deletion"));
    }

    #[test]
    fn a_repetition_of_the_summary_says_no_more() {
        let summary = "Lists an issue's events.";
        assert!(!says_more(
            "This endpoint lists an issue's events.",
            summary
        ));
        assert!(!says_more(
            "Return a list of events bound to an issue.",
            "List the events of an issue"
        ));
        assert!(says_more("Lists an issue's events, 100 at most.", summary));
        assert!(says_more(
            "Lists an issue's events with their tags.",
            summary
        ));
    }
}
