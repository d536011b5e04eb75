//! Mends the markdown of texts: what the tools that rendered them left behind.
//!
//! - Lines of backticks that underlined a title, and code between pairs of backticks.
//! - Lists that a table has put on one line, blanks that are missing after a full stop, and blanks that are no blanks.
//! - A colon that introduces nothing.
//! - Links relative to the site of the page, if the manifest names the site.
//! - The name of the API in front of a summary, and a warning in the place of a summary, which goes to the description.

use serde_json::json;

use super::for_each_schema;
use crate::description::document::{Document, Facet, Fact, Facts};

/// Mends all texts of a document. `site` is the address that its links are relative to.
pub(super) fn mend(document: &mut Document, site: Option<&str>) {
    let vendor = document
        .facts
        .text(Facet::Title)
        .and_then(|title| title.split_whitespace().next())
        .map(str::to_owned);
    for_each_schema(document, &mut |schema| mend_facts(&mut schema.facts, site));
    let webhooks = document.webhooks.iter_mut();
    let webhooks = webhooks.map(|webhook| &mut webhook.operation);
    for operation in document.operations.iter_mut().chain(webhooks) {
        mend_summary(&mut operation.facts, vendor.as_deref());
        mend_facts(&mut operation.facts, site);
        for parameter in &mut operation.parameters {
            mend_facts(&mut parameter.facts, site);
        }
        if let Some(body) = &mut operation.body {
            mend_facts(&mut body.facts, site);
        }
        for response in operation.responses.values_mut() {
            mend_facts(&mut response.facts, site);
            for header in response.headers.values_mut() {
                mend_facts(&mut header.facts, site);
            }
        }
    }
    mend_facts(&mut document.facts, site);
    for text in document.tags.values_mut().flatten() {
        if let Some(mended) = mended(text, site) {
            *text = mended;
        }
    }
}

fn mend_facts(facts: &mut Facts, site: Option<&str>) {
    let mended = facts
        .get(Facet::Description)
        .and_then(|fact| Some((mended(fact.value.as_str()?, site)?, fact.provenance.clone())));
    if let Some((text, provenance)) = mended {
        facts.set(Facet::Description, Fact::new(json!(text), provenance));
    }
}

/// Removes the vendor's name in front of a summary, as in `Acme List pets`, and moves a warning to the description.
fn mend_summary(facts: &mut Facts, vendor: Option<&str>) {
    let Some(summary) = facts.take(Facet::Summary) else {
        return;
    };
    let text = summary.value.as_str().unwrap_or_default();
    if let Some(warning) = warning(text) {
        let description = match facts.text(Facet::Description) {
            Some(description) => format!("{}\n\n{warning}", description.trim_end()),
            None => warning,
        };
        let provenance = facts
            .get(Facet::Description)
            .map_or(&summary, |fact| fact)
            .provenance
            .clone();
        facts.set(
            Facet::Description,
            Fact::new(json!(description), provenance),
        );
        return;
    }
    let after_vendor = vendor
        .and_then(|vendor| text.strip_prefix(vendor)?.strip_prefix(' '))
        .filter(|rest| rest.starts_with(char::is_uppercase));
    let fact = match after_vendor {
        Some(rest) => Fact::new(json!(rest), summary.provenance),
        None => summary,
    };
    facts.set(Facet::Summary, fact);
}

/// The sentence of a warning: `Caution` on a line of its own becomes `Caution:`.
fn warning(text: &str) -> Option<String> {
    let words = ["Caution", "Warning", "Danger", "Note", "Deprecated", "Beta"];
    let word = words.into_iter().find(|word| text.starts_with(word))?;
    let rest = text.strip_prefix(word)?;
    let body = rest.trim_start_matches([':', '!', ' ', '\n']);
    let is_warning = rest.starts_with([':', '!', '\n']) && !body.is_empty();
    is_warning.then(|| {
        let body: Vec<&str> = body.split_whitespace().collect();
        format!("{word}: {}", lower_first(&body.join(" ")))
    })
}

fn lower_first(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_lowercase().chain(characters).collect())
        .unwrap_or_default()
}

/// The mended text, or `None` if it needs no mending.
fn mended(text: &str, site: Option<&str>) -> Option<String> {
    if !may_need_mending(text) {
        return None;
    }
    let listed = listed(text);
    let mut mended = String::with_capacity(text.len());
    for run in runs(listed.as_deref().unwrap_or(text)) {
        match run {
            Run::Text(text) => mended.push_str(&plain(text, site)),
            Run::Code { fence: 2, code } if !code.contains(['`', '\n']) => {
                mended.push_str(&format!("`{}`", code.trim()));
            }
            Run::Code { fence, code } => {
                let fence = "`".repeat(fence);
                mended.push_str(&[&fence, code, &fence].concat());
            }
            Run::Underline => {}
        }
    }
    let mended = with_full_stops(&mended).unwrap_or(mended);
    (mended != text).then_some(mended)
}

/// Whether a text has anything that a pass looks for. Most texts have not.
fn may_need_mending(text: &str) -> bool {
    let signs = ["``", "](/", "  ", "- ", ":\n", "\u{a0}"];
    let is_glued = |pair: &[u8]| matches!(pair, [b'.', next] if next.is_ascii_uppercase());
    text.ends_with(':')
        || signs.iter().any(|sign| text.contains(sign))
        || text.as_bytes().windows(2).any(is_glued)
}

/// A part of a text.
enum Run<'t> {
    Text(&'t str),
    /// Code between two runs of `fence` backticks.
    Code {
        fence: usize,
        code: &'t str,
    },
    /// A line of backticks below a line of text.
    Underline,
}

/// The parts of a text.
fn runs(text: &str) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('`') {
        let (before, from) = rest.split_at(start);
        let fence = from.len() - from.trim_start_matches('`').len();
        let (backticks, after) = from.split_at(fence);
        match closing(after, fence) {
            Some(end) => {
                let (code, behind) = after.split_at(end);
                runs.push(Run::Text(before));
                runs.push(Run::Code { fence, code });
                rest = behind.get(fence..).unwrap_or_default();
            }
            None if fence > 3 && before.trim_end_matches(' ').ends_with('\n') => {
                runs.push(Run::Text(before));
                runs.push(Run::Underline);
                rest = after;
            }
            None => {
                runs.push(Run::Text(before));
                runs.push(Run::Text(backticks));
                rest = after;
            }
        }
    }
    runs.push(Run::Text(rest));
    runs
}

/// The position of the next run of exactly `fence` backticks.
fn closing(text: &str, fence: usize) -> Option<usize> {
    let mut at = 0;
    while let Some(found) = text.get(at..)?.find('`') {
        let start = at + found;
        let run = text.get(start..)?;
        let length = run.len() - run.trim_start_matches('`').len();
        if length == fence {
            return Some(start);
        }
        at = start + length;
    }
    None
}

/// Text outside of code: blanks and links.
fn plain(text: &str, site: Option<&str>) -> String {
    let mut mended = single_blanks(&text.replace('\u{a0}', " "));
    if let Some(site) = site {
        let site = site.trim_end_matches('/');
        // `//host/path` is no path of the site.
        let mut parts = mended.split("](/");
        let mut linked = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let base = if part.starts_with('/') { "" } else { site };
            linked.push_str(&format!("]({base}/{part}"));
        }
        mended = linked;
    }
    // Words with which a sentence begins, but no name in code such as `java.lang.Object`.
    for word in [
        "Also", "For", "If", "It", "Note", "The", "This", "Use", "You",
    ] {
        let glued = format!(".{word} ");
        let mut parts = mended.split(&glued);
        let mut divided = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let follows_word = divided.ends_with(char::is_lowercase);
            let between = if follows_word { ". " } else { "." };
            divided.push_str(&format!("{between}{word} {part}"));
        }
        mended = divided;
    }
    mended
}

/// Text with one blank between words. Blanks at the start and the end of a line are markdown, and stay.
fn single_blanks(text: &str) -> String {
    let mut single = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("  ") {
        let (before, from) = rest.split_at(at);
        let after = from.trim_start_matches(' ');
        let is_between = !before.is_empty()
            && !before.ends_with('\n')
            && !after.is_empty()
            && !after.starts_with('\n');
        let blanks = if is_between {
            " "
        } else {
            from.get(..from.len() - after.len()).unwrap_or_default()
        };
        single.push_str(before);
        single.push_str(blanks);
        rest = after;
    }
    single.push_str(rest);
    single
}

/// Puts the items of a list on lines of their own, if the text is one line in which each item begins with ` - `. `None` if
/// it is not.
fn listed(text: &str) -> Option<String> {
    if text.contains('\n') || !text.contains("- ") {
        return None;
    }
    let markers = markers(text);
    let ((first, indent), others) = markers.split_first()?;
    let intro = text.get(..*first)?.trim_end();
    let begins_list = intro.ends_with(':') || (*indent > 2 && !intro.is_empty());
    if !begins_list || others.is_empty() {
        return None;
    }
    let mut lines = format!("{intro}\n");
    let ends = others.iter().map(|(at, _)| *at).chain([text.len()]);
    for ((at, own), end) in markers.iter().zip(ends) {
        let item = text.get(*at..end)?.trim_start().strip_prefix("- ")?;
        let depth = if *own > *indent + 2 { "  " } else { "" };
        // A sentence after two blanks does not belong to the last item.
        let (item, behind) = match item.split_once("  ") {
            Some((item, behind))
                if end == text.len() && behind.trim_start().starts_with(char::is_uppercase) =>
            {
                (item, Some(behind.trim()))
            }
            _ => (item, None),
        };
        lines.push_str(&format!("\n{depth}- {}", item.trim_end()));
        if let Some(behind) = behind {
            lines.push_str(&format!("\n\n{behind}"));
        }
    }
    Some(lines)
}

/// The markers of list items outside of code: the position of the blanks before each, and their number.
fn markers(text: &str) -> Vec<(usize, usize)> {
    let mut markers = Vec::new();
    let mut offset = 0;
    for (index, part) in text.split('`').enumerate() {
        let is_text = index % 2 == 0;
        for (at, _) in part.match_indices("- ").filter(|_| is_text) {
            let before = part.get(..at).unwrap_or_default();
            let blanks = before.len() - before.trim_end_matches(' ').len();
            let after = part.get(at + 2..).unwrap_or_default();
            let begins = match after.chars().next() {
                Some(first) => {
                    first.is_uppercase()
                        || after.starts_with("example")
                        || after.starts_with("when ")
                }
                // Code follows.
                None => true,
            };
            if blanks > 0 && begins {
                markers.push((offset + at - blanks, blanks));
            }
        }
        offset += part.len() + 1;
    }
    markers
}

/// Replaces the colon of a paragraph that introduces nothing: because the text ends there, or because a sentence follows.
/// `None` if there is none.
fn with_full_stops(text: &str) -> Option<String> {
    if !text.contains(':') || text.contains("```") {
        return None;
    }
    let mut paragraphs: Vec<String> = text.split("\n\n").map(str::to_owned).collect();
    let mut is_changed = false;
    for index in 0..paragraphs.len() {
        let next = paragraphs
            .get(index + 1)
            .map(|next| next.trim_start_matches('\n'));
        let introduces = next.is_some_and(|next| {
            let is_sentence =
                next.starts_with(char::is_uppercase) && next.trim_end().ends_with('.');
            !is_sentence
        });
        let Some(paragraph) = paragraphs.get_mut(index) else {
            continue;
        };
        let end = paragraph.trim_end().len();
        if !introduces && paragraph.get(..end).is_some_and(|text| text.ends_with(':')) {
            paragraph.truncate(end - 1);
            paragraph.push('.');
            is_changed = true;
        }
    }
    is_changed.then(|| paragraphs.join("\n\n"))
}

#[cfg(test)]
mod tests {
    use super::{mended, warning};

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let site = Some("https://docs.example.com");
        assert_eq!(mended(text, site).as_deref().unwrap_or(text), expected);
    }

    #[test]
    fn underlines_of_titles_are_removed_and_pairs_of_backticks_are_one() {
        check("Title.\n`````````\nText.", "Title.\n\nText.");
        check("``a`` and ```` ` ````", "`a` and ```` ` ````");
        check("```json\n``a``\n```", "```json\n``a``\n```");
        check("a ``b", "a ``b");
    }

    #[test]
    fn links_of_the_site_become_absolute() {
        check(
            "[a](/b/c) `[a](/b)`",
            "[a](https://docs.example.com/b/c) `[a](/b)`",
        );
        check("[a](//b) [a](https://c)", "[a](//b) [a](https://c)");
        assert_eq!(mended("[a](/b)", None), None);
    }

    #[test]
    fn a_list_on_one_line_becomes_lines() {
        check(
            "One of: - `d` for days - `h` for hours  For example `24h`.",
            "One of:\n\n- `d` for days\n- `h` for hours\n\nFor example `24h`.",
        );
        check(
            "Types: - A key     - example: `a - b` - A tag",
            "Types:\n\n- A key\n  - example: `a - b`\n- A tag",
        );
        check("From A - B to C - D", "From A - B to C - D");
        check("One: - A", "One: - A");
    }

    #[test]
    fn a_colon_that_introduces_nothing_is_a_full_stop() {
        check(
            "The fields are:\n\nIf not, nothing happens.",
            "The fields are.\n\nIf not, nothing happens.",
        );
        check("The fields are:", "The fields are.");
        check("The fields are:\n\n- a.", "The fields are:\n\n- a.");
    }

    #[test]
    fn blanks_are_blanks_and_follow_a_full_stop() {
        check(
            "in seconds.Use\u{a0}it  or not",
            "in seconds. Use it or not",
        );
        check("- a\n  - b  \nc", "- a\n  - b  \nc");
        check("a java.lang.Object b", "a java.lang.Object b");
        check(
            "in A.If so, stop.If not, go",
            "in A.If so, stop. If not, go",
        );
    }

    #[test]
    fn a_warning_is_a_sentence() {
        let expected = Some("Caution: this may change without notice.".to_owned());
        assert_eq!(
            warning("Caution\nThis may change  without notice."),
            expected
        );
        assert_eq!(
            warning("Caution: this may change without notice."),
            expected
        );
        assert_eq!(warning("Notes of a project"), None);
    }
}
