//! Changes as text, as Markdown for a pull request, and as entries of a change log.

use indexmap::IndexMap;

use super::{Change, Claim, Diff, Severity, Undecided};
use crate::description::source::NamedPosition;
use crate::emit::doc::code_span;

/// The severities with their headings, the most severe first.
const SECTIONS: [(Severity, &str); 3] = [
    (Severity::Major, "Breaking changes"),
    (Severity::Minor, "Additions"),
    (Severity::Patch, "Documentation and wire format"),
];

/// The longest value that text shows, in characters.
const LONGEST: usize = 100;

/// The heading of the contradictions that are not decided.
const UNDECIDED: &str = "Undecided contradictions, of which the proposed decision is compared";

/// `specs/pets.yaml:12:3: type of `Pet.age` (earlier version)`
fn of_undecided(undecided: &Undecided) -> String {
    let Undecided { side, message, at } = undecided;
    let at = shown(at.as_ref());
    format!("{at}: {message} ({} version)", side.as_str())
}

fn shown(at: Option<&NamedPosition>) -> String {
    at.map(ToString::to_string).unwrap_or_default()
}

/// The changes as text: a line for the change, and one for its effect and its place.
#[must_use]
pub fn render(diff: &Diff) -> String {
    let mut text = String::new();
    if !diff.undecided.is_empty() {
        text.push_str(&format!("{UNDECIDED}\n"));
    }
    for undecided in &diff.undecided {
        text.push_str(&format!("  {}\n", of_undecided(undecided)));
    }
    for (severity, heading) in SECTIONS {
        let mut changes = diff.of(severity).peekable();
        if changes.peek().is_some() {
            text.push_str(&format!("{heading}\n"));
        }
        for change in changes {
            text.push_str(&format!(
                "  {}: {}{}\n",
                change.kind,
                change.item,
                values(change)
            ));
            text.push_str(&format!("    {}\n", change.effect));
            if let Some(reason) = &change.acknowledged {
                text.push_str(&format!("    acknowledged: {}\n", one_line(reason)));
            }
            for claim in &change.claims {
                let Claim { source, at } = claim;
                text.push_str(&format!("    {at}{} ({source})\n", change.side.mark()));
            }
        }
    }
    text.push_str(&format!("verdict: {}\n", diff.verdict_name()));
    text
}

/// The changes under the operation, type or other item that they are a part of, with their effects. At most `most` changes
/// are shown.
#[must_use]
pub fn grouped(diff: &Diff, most: usize) -> String {
    let mut groups: IndexMap<&str, Vec<&Change>> = IndexMap::new();
    for change in diff.changes.iter().take(most) {
        groups.entry(whole(&change.item)).or_default().push(change);
    }
    let mut text = String::new();
    for (item, changes) in groups {
        text.push_str(&format!("{item}\n"));
        for change in changes {
            let severity = change.severity.as_str();
            text.push_str(&format!(
                "  {severity}: {}: {}\n",
                change.kind, change.effect
            ));
        }
    }
    let more = diff.changes.len().saturating_sub(most);
    if more > 0 {
        text.push_str(&format!("... {more} more changes\n"));
    }
    text
}

/// The operation, type or other item that an item is a part of: `GET /pets` of `GET /pets query tag`, `webhook newPet` of
/// `webhook newPet body`, `Pet` of `Pet.name`.
fn whole(item: &str) -> &str {
    let end = if ["server ", "security scheme ", "tag ", "the "]
        .iter()
        .any(|kind| item.starts_with(kind))
    {
        None
    } else {
        match item.split_once(' ') {
            Some((first, rest))
                if first == "webhook" || first.chars().all(|c| c.is_ascii_uppercase()) =>
            {
                rest.find(' ').map(|end| first.len() + 1 + end)
            }
            _ => item.find([' ', '.']),
        }
    };
    end.map_or(item, |end| &item[..end])
}

/// ` (before → after)`, where both are short.
fn values(change: &Change) -> String {
    let short = |value: &Option<String>| {
        value
            .as_deref()
            .filter(|value| value.chars().count() <= LONGEST && !value.contains('\n'))
            .map(str::to_owned)
    };
    match (short(&change.before), short(&change.after)) {
        (Some(before), Some(after)) => {
            format!(" ({} \u{2192} {})", quoted(&before), quoted(&after))
        }
        _ => String::new(),
    }
}

fn quoted(value: &str) -> &str {
    if value.is_empty() { "nothing" } else { value }
}

/// The changes as Markdown for a pull request: a table for each severity.
#[must_use]
pub fn markdown(diff: &Diff) -> String {
    let mut text = format!("**Verdict: {}**\n", diff.verdict_name());
    if !diff.undecided.is_empty() {
        text.push_str(&format!("\n### {UNDECIDED}\n\n"));
    }
    for undecided in &diff.undecided {
        text.push_str(&format!("- {}\n", of_undecided(undecided)));
    }
    for (severity, heading) in SECTIONS {
        let mut changes = diff.of(severity).peekable();
        if changes.peek().is_some() {
            text.push_str(&format!("\n### {heading}\n\n"));
            text.push_str("| Change | Item | Effect | Where |\n|---|---|---|---|\n");
        }
        for change in changes {
            let known = change.acknowledged.as_ref();
            let known = known.map(|reason| format!("; acknowledged: {reason}"));
            text.push_str(&format!(
                "| {} | {} | {}{} | {}{} |\n",
                change.kind,
                cell(&code_span(&change.item)),
                cell(&change.effect),
                cell(&known.unwrap_or_default()),
                cell(&shown(change.at.as_ref())),
                change.side.mark(),
            ));
        }
    }
    text
}

/// A text as a cell of a table.
fn cell(text: &str) -> String {
    one_line(text).replace('|', "\\|")
}

fn one_line(text: &str) -> String {
    text.replace('\n', " ")
}

/// A reason as a sentence behind another one.
fn sentence(reason: &str) -> String {
    let reason = one_line(reason.trim());
    let end = if reason.ends_with(['.', '!', '?']) {
        ""
    } else {
        "."
    };
    format!(" {reason}{end}")
}

/// The changes as entries of a change log, by the headings of "Keep a Changelog". Changes of documentation are left out.
#[must_use]
pub fn changelog(diff: &Diff) -> String {
    let mut text = String::new();
    let is_of = |change: &Change, heading: &str| {
        let ends = |end: &str| change.kind.ends_with(end);
        let is_set = |value: &Option<String>| value.as_ref().is_some_and(|it| !it.is_empty());
        let of_change = match () {
            () if ends("-added") => "Added",
            () if ends("-removed") => "Removed",
            () if ends("-deprecated-changed") && is_set(&change.after) => "Deprecated",
            () => "Changed",
        };
        of_change == heading && !ends("-documentation-changed")
    };
    for heading in ["Added", "Changed", "Deprecated", "Removed"] {
        let changes = diff.changes.iter().filter(|change| is_of(change, heading));
        let mut changes = changes.peekable();
        if changes.peek().is_some() {
            text.push_str(&format!("### {heading}\n\n"));
        }
        let mut is_any = false;
        for change in changes {
            let breaking = if change.severity == Severity::Major {
                "**Breaking:** "
            } else {
                ""
            };
            let (item, effect) = (code_span(&change.item), &change.effect);
            let reason = change.acknowledged.as_deref().map(sentence);
            let reason = reason.unwrap_or_default();
            text.push_str(&format!("- {breaking}{item}: {effect}.{reason}\n"));
            is_any = true;
        }
        if is_any {
            text.push('\n');
        }
    }
    text
}
