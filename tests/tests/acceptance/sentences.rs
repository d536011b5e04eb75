//! What became of each sentence of the five descriptions that speaks of an operation, a parameter, a body, a response or a
//! schema: it stands in the effective API, or `explain` shows it as another description, or an overlay mends its words, or it
//! is left out with a reason.
//! What a sentence that gave way states of limits, defaults and values stands in the effective API nevertheless.

use std::collections::{BTreeMap, BTreeSet};

use generator::description::document::Facet;
use serde_yaml::Value;

use super::reading::{resolved, shape};
use crate::workspace;

const DOCUMENTS: [&str; 5] = [
    "specs/projects.yaml",
    "specs/error-monitoring.yaml",
    "specs/transcribed/reference.yaml",
    "specs/transcribed/project-guide.yaml",
    "specs/transcribed/teams-reference.yaml",
];

/// Sentences that are left out, and why. The subject is that of the sentence, the text a part of it.
const LEFT_OUT: [(&str, &str, &str); 5] = [
    (
        "PUT /projects/{}/{}/filters/{}/ 200",
        "Filter updated.",
        "it is decided that the update of a filter answers 204",
    ),
    (
        "GET /organizations/{}/monitors/{}/checkins/ path checkin_id",
        "The id of the check-in",
        "the path has no such parameter, which an overlay removes",
    ),
    (
        "Event.groupId",
        "Parent issue ID",
        "an overlay removes the property: it is spelt `groupID`, which says the same",
    ),
    (
        "GET /organizations/{}/scim/v2/Users/{}",
        "fields `firstName` and `lastName`",
        "an overlay mends the names: they are `givenName` and `familyName`",
    ),
    (
        "GET /projects/{}/{}/issues/",
        "All parameters are supplied as query string parameters.",
        "an overlay removes it: each parameter says where it is",
    ),
];

/// The overlays that mend the words of a document: each of their actions gives an operation or parameter a new description.
const WORDS: [&str; 2] = [
    "specs/overlays/words-of-reference.yaml",
    "specs/overlays/words-of-teams-reference.yaml",
];

/// A sentence of a description.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Sentence {
    /// `GET /issues/{}/ query cursor` or `Issue.id`.
    subject: String,
    text: String,
}

/// All sentences of a document.
fn sentences(text: &str) -> BTreeSet<Sentence> {
    let root: Value = serde_yaml::from_str(text).expect("the document is YAML");
    let mut found = BTreeSet::new();
    for (path, item) in root["paths"].as_mapping().expect("there are paths") {
        let path = shape(path.as_str().expect("paths are strings"));
        for method in ["get", "put", "post", "patch", "delete"] {
            if let Some(operation) = item.get(method) {
                let subject = format!("{} {path}", method.to_uppercase());
                of_parameters(&root, item, &subject, &mut found);
                of_operation(&root, operation, &subject, &mut found);
            }
        }
    }
    let schemas = root["components"]["schemas"].as_mapping();
    for (name, schema) in schemas.into_iter().flatten() {
        of_schema(schema, name.as_str().unwrap_or_default(), &mut found);
    }
    found
}

fn of_operation(root: &Value, operation: &Value, subject: &str, found: &mut BTreeSet<Sentence>) {
    add(operation, "summary", subject, found);
    add(operation, "description", subject, found);
    of_parameters(root, operation, subject, found);
    if let Some(body) = operation.get("requestBody") {
        let subject = format!("{subject} body");
        of_contents(resolved(root, body), &subject, found);
    }
    let responses = operation.get("responses").and_then(Value::as_mapping);
    for (status, response) in responses.into_iter().flatten() {
        let status = match status {
            Value::Number(number) => number.to_string(),
            status => status.as_str().unwrap_or_default().to_owned(),
        };
        let subject = format!("{subject} {status}");
        of_contents(resolved(root, response), &subject, found);
    }
}

fn of_parameters(root: &Value, owner: &Value, subject: &str, found: &mut BTreeSet<Sentence>) {
    let parameters = owner.get("parameters").and_then(Value::as_sequence);
    for parameter in parameters.into_iter().flatten() {
        let parameter = resolved(root, parameter);
        let text = |key: &str| parameter[key].as_str().unwrap_or_default();
        let subject = format!("{subject} {} {}", text("in"), text("name").trim());
        add(parameter, "description", &subject, found);
        if let Some(schema) = parameter.get("schema") {
            of_schema(schema, &subject, found);
        }
    }
}

/// The descriptions of a body or response, and of its schemas.
fn of_contents(owner: &Value, subject: &str, found: &mut BTreeSet<Sentence>) {
    add(owner, "description", subject, found);
    let contents = owner.get("content").and_then(Value::as_mapping);
    for (_, content) in contents.into_iter().flatten() {
        if let Some(schema) = content.get("schema") {
            of_schema(schema, subject, found);
        }
    }
}

/// The descriptions of a schema; those of components that it refers to are read as components.
fn of_schema(schema: &Value, subject: &str, found: &mut BTreeSet<Sentence>) {
    add(schema, "description", subject, found);
    for (name, property) in schema
        .get("properties")
        .and_then(Value::as_mapping)
        .into_iter()
        .flatten()
    {
        let name = name.as_str().unwrap_or_default();
        of_schema(property, &format!("{subject}.{name}"), found);
    }
    if let Some(items) = schema.get("items") {
        of_schema(items, &format!("{subject}[]"), found);
    }
    for key in ["oneOf", "anyOf", "allOf"] {
        for alternative in schema
            .get(key)
            .and_then(Value::as_sequence)
            .into_iter()
            .flatten()
        {
            of_schema(alternative, subject, found);
        }
    }
}

fn add(owner: &Value, key: &str, subject: &str, found: &mut BTreeSet<Sentence>) {
    for text in split(owner.get(key).and_then(Value::as_str).unwrap_or_default()) {
        let subject = subject.to_owned();
        found.insert(Sentence { subject, text });
    }
}

/// Splits a text where a full stop, a question mark or an exclamation mark is followed by a blank and a capital letter, and
/// where a paragraph or an item of a list begins. Code blocks are whole.
fn split(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut is_code = false;
    let mut previous = ' ';
    let mut ends = false;
    for line in text.lines() {
        let trimmed = line.trim();
        let is_fence = trimmed.starts_with("```") && !trimmed.chars().all(|sign| sign == '`')
            || trimmed == "```";
        let begins = !is_code
            && (trimmed.is_empty() || trimmed.starts_with("- ") || trimmed.starts_with("* "));
        if begins || (is_fence && !is_code) {
            parts.push(String::new());
        }
        is_code ^= is_fence;
        for character in trimmed.chars().chain(['\n']) {
            let is_new = ends && previous.is_whitespace() && character.is_uppercase() && !is_code;
            if is_new {
                parts.push(String::new());
            }
            ends = matches!(character, '.' | '!' | '?') || (ends && character.is_whitespace());
            previous = character;
            if let Some(part) = parts.last_mut() {
                part.push(character);
            }
        }
    }
    let trimmed = parts.iter().map(|part| part.trim().to_owned());
    trimmed.filter(|part| !plain(part).is_empty()).collect()
}

/// The letters and digits of a text in lower case, words apart by one blank. Targets of links and lines of backticks are
/// no words.
fn plain(text: &str) -> String {
    let mut words = String::new();
    let mut rest = text;
    while let Some((before, target)) = rest.split_once("](") {
        words.push_str(before);
        words.push(' ');
        rest = target.split_once(')').map_or("", |(_, rest)| rest);
    }
    words.push_str(rest);
    let signs = words.replace('\u{2019}', "'");
    let parts = signs.split(|sign: char| !sign.is_alphanumeric());
    let parts: Vec<String> = parts
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect();
    parts.join(" ")
}

/// The numbers of a text, and what stands in code or quotation marks.
fn values(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for sign in ['`', '"'] {
        let quoted = text.split(sign).skip(1).step_by(2).map(plain);
        found.extend(quoted.filter(|value| !value.is_empty()));
    }
    let words = plain(text);
    let has_digit = |word: &&str| word.contains(|sign: char| sign.is_ascii_digit());
    found.extend(words.split(' ').filter(has_digit).map(str::to_owned));
    found
}

/// The texts of the effective API.
struct Effective {
    /// For each operation, all that is said of it, security included.
    operations: BTreeMap<String, String>,
    /// All that is said of components.
    components: String,
}

impl Effective {
    fn read() -> Self {
        let root: Value = serde_yaml::from_str(&workspace::text("generated/openapi.yaml"))
            .expect("the effective API is YAML");
        let mut operations = BTreeMap::new();
        for (path, item) in root["paths"].as_mapping().expect("there are paths") {
            let path = shape(path.as_str().expect("paths are strings"));
            for method in ["get", "put", "post", "patch", "delete"] {
                if let Some(operation) = item.get(method) {
                    let mut texts = String::new();
                    collect(operation, &mut texts);
                    operations.insert(format!("{} {path}", method.to_uppercase()), texts);
                }
            }
        }
        let mut components = String::new();
        collect(&root["components"], &mut components);
        Self {
            operations,
            components,
        }
    }

    /// Whether the API says a text of a subject.
    fn says(&self, subject: &str, text: &str) -> bool {
        let text = format!(" {text} ");
        let of_operation = self.operations.get(operation_of(subject));
        of_operation.is_some_and(|all| all.contains(&text)) || self.components.contains(&text)
    }
}

/// Appends all strings of a value, in plain words.
fn collect(value: &Value, texts: &mut String) {
    match value {
        Value::String(text) => texts.push_str(&format!(" {} |", plain(text))),
        Value::Sequence(items) => items.iter().for_each(|item| collect(item, texts)),
        Value::Mapping(entries) => entries.iter().for_each(|(_, value)| collect(value, texts)),
        Value::Number(number) => texts.push_str(&format!(" {number} |")),
        _ => {}
    }
}

/// `GET /issues/{}/` of `GET /issues/{}/ query cursor`.
fn operation_of(subject: &str) -> &str {
    let end = subject
        .match_indices(' ')
        .nth(1)
        .map_or(subject.len(), |(at, _)| at);
    &subject[..end]
}

/// The texts that `explain` shows beside the one that is used: of each operation, and of all components.
fn other_texts() -> BTreeMap<String, String> {
    let merged = workspace::outcome()
        .merged
        .as_ref()
        .expect("there were no errors");
    let mut texts: BTreeMap<String, String> = BTreeMap::new();
    for finding in &merged.findings {
        if !matches!(finding.facet, Facet::Summary | Facet::Description) {
            continue;
        }
        let owner = if finding.subject.contains(" /") {
            operation_of(&finding.subject)
        } else {
            "components"
        };
        let all = texts.entry(owner.to_owned()).or_default();
        for claim in &finding.claims {
            all.push_str(&format!(
                " {} |",
                plain(claim.value.as_str().unwrap_or_default())
            ));
        }
    }
    texts
}

/// The descriptions that overlays mend, by the document and the subject; that of a parameter is without its location.
struct Mended(BTreeMap<(String, String), String>);

impl Mended {
    fn read() -> Self {
        let mut texts = BTreeMap::new();
        for overlay in WORDS {
            let root: Value =
                serde_yaml::from_str(&workspace::text(overlay)).expect("the overlay is YAML");
            let document = root["extends"].as_str().expect("it extends a document");
            let document = document.replace("../", "specs/");
            for action in root["actions"].as_sequence().expect("there are actions") {
                let target = action["target"].as_str().expect("an action has a target");
                let rest = target
                    .strip_prefix("$.paths['")
                    .expect("it is an operation");
                let (path, rest) = rest.split_once("'].").expect("it has a method");
                let (method, parameter) = rest.split_once('.').unwrap_or((rest, ""));
                let name = parameter.split('\'').nth(1).unwrap_or_default();
                let subject = format!("{} {} {name}", method.to_uppercase(), shape(path));
                let text = action["update"]["description"]
                    .as_str()
                    .expect("it has a text");
                texts.insert((document.clone(), subject.trim().to_owned()), plain(text));
            }
        }
        Self(texts)
    }

    /// Whether the new description has all values of a sentence and at least two fifths of its words.
    fn says(&self, document: &str, sentence: &Sentence) -> bool {
        let parts: Vec<&str> = sentence.subject.split(' ').collect();
        let subject = match parts.as_slice() {
            [method, path, _, name] => format!("{method} {path} {name}"),
            parts => parts.join(" "),
        };
        let text = self.0.get(&(document.to_owned(), subject));
        text.is_some_and(|text| {
            let known: BTreeSet<&str> = text.split(' ').collect();
            let words = plain(&sentence.text);
            let words: Vec<&str> = words.split(' ').collect();
            let kept = words.iter().filter(|word| known.contains(*word)).count();
            let has_values = values(&without_heading(&sentence.text))
                .iter()
                .all(|value| text.contains(value.as_str()));
            5 * kept >= 2 * words.len() && has_values
        })
    }
}

/// A text without the lines of backticks that mark the line before as a heading.
fn without_heading(text: &str) -> String {
    let is_mark = |line: &&str| line.len() > 3 && line.chars().all(|sign| sign == '`');
    let lines: Vec<&str> = text.lines().filter(|line| !is_mark(line)).collect();
    lines.join("\n")
}

#[test]
fn every_sentence_is_emitted_or_explained_or_mended_or_left_out_with_a_reason() {
    let effective = Effective::read();
    let others = other_texts();
    let mended = Mended::read();
    let mut lost = String::new();
    let mut unused: Vec<(&str, &str, &str)> = LEFT_OUT.to_vec();
    let mut counts = BTreeMap::new();
    for document in DOCUMENTS {
        let (mut emitted, mut explained, mut reworded, mut left_out) = (0, 0, 0, 0);
        for sentence in sentences(&workspace::text(document)) {
            let is_mended = mended.says(document, &sentence);
            let Sentence { subject, text } = sentence;
            let words = plain(&text);
            // The name of the vendor in front of a summary is no part of it, and a required scope is a requirement.
            let words = words.strip_prefix("sentry ").unwrap_or(&words);
            let words = words.strip_prefix("required scope ").unwrap_or(words);
            let is_reasoned =
                |(about, part, _): &(&str, &str, &str)| *about == subject && text.contains(part);
            if effective.says(&subject, words) || effective.says(&subject, &plain(&text)) {
                emitted += 1;
            } else if let Some(reason) = LEFT_OUT.iter().find(|entry| is_reasoned(entry)) {
                left_out += 1;
                unused.retain(|other| other != reason);
            } else {
                let is_explained = [operation_of(&subject), "components"].iter().any(|owner| {
                    others
                        .get(*owner)
                        .is_some_and(|all| all.contains(&format!(" {words} ")))
                });
                let missing: Vec<String> = values(&text)
                    .into_iter()
                    .filter(|value| !effective.says(&subject, value))
                    .collect();
                if is_explained && missing.is_empty() {
                    explained += 1;
                } else if is_mended {
                    reworded += 1;
                } else {
                    lost.push_str(&format!(
                        "{document}: {subject}: {text:?} (explained: {is_explained}, missing: {missing:?})\n"
                    ));
                }
            }
        }
        counts.insert(document, (emitted, explained, reworded, left_out));
    }
    assert!(
        lost.is_empty(),
        "these sentences have gone without a record:\n{lost}\n{counts:?}"
    );
    assert!(unused.is_empty(), "these need not be left out: {unused:?}");
    println!("emitted, explained, mended, left out: {counts:?}");
}

#[test]
fn every_operation_has_a_summary_that_is_a_sentence_with_a_verb() {
    for operation in &workspace::api().operations {
        let summary = operation.docs.summary.as_deref().unwrap_or_default();
        let verb = summary.split(' ').next().unwrap_or_default();
        let is_verb = verb.starts_with(char::is_uppercase) && verb.ends_with('s');
        assert!(
            is_verb && summary.ends_with('.') && summary.split(' ').count() > 1,
            "{}: {summary:?}",
            operation.id
        );
        for word in ["Sentry ", "Caution", "Warning"] {
            assert!(!summary.contains(word), "{}: {summary:?}", operation.id);
        }
    }
}

#[test]
fn the_documentation_of_an_operation_has_all_values_of_its_description() {
    let merged = workspace::outcome()
        .merged
        .as_ref()
        .expect("there were no errors");
    for (effective, operation) in merged
        .document
        .operations
        .iter()
        .zip(&workspace::api().operations)
    {
        let docs = &operation.docs;
        let texts = [&docs.summary, &docs.description].map(|text| text.clone().unwrap_or_default());
        let said = format!(" {} ", plain(&texts.join(" ")));
        for value in values(effective.facts.text(Facet::Description).unwrap_or_default()) {
            assert!(
                said.contains(&format!(" {value} ")),
                "{}: {value:?}",
                operation.id
            );
        }
    }
}

#[test]
fn the_scope_of_the_guide_is_required_and_documented() {
    let effective: Value = serde_yaml::from_str(&workspace::text("generated/openapi.yaml"))
        .expect("the effective API is YAML");
    let project = "/projects/{organization_id_or_slug}/{project_id_or_slug}/";
    for (path, method) in [
        (project.to_owned(), "retrieve_project"),
        (format!("{project}keys/"), "list_project_client_keys"),
        (format!("{project}stats/"), "retrieve_project_stats"),
    ] {
        let mut stated = String::new();
        collect(
            &effective["paths"][path.as_str()]["get"]["security"],
            &mut stated,
        );
        assert!(stated.contains(" project read |"), "{path}: {stated}");
        let mut operations = workspace::api().operations.iter();
        let operation = operations
            .find(|operation| operation.name.as_str() == method)
            .expect("it exists");
        let mut scopes = operation
            .security
            .iter()
            .flatten()
            .flat_map(|requirement| requirement.values())
            .flatten();
        assert!(scopes.any(|scope| scope == "project:read"), "{method}");
    }
}
