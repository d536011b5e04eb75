//! Settles texts: the one that tells most is used, whatever the authority of its source, and no statement of another one is
//! lost.

use serde_json::{Value as Json, json};

use crate::description::document::Facet;
use crate::prose;

/// Whether the claims on a facet are texts of which the one that tells most is used.
pub(super) fn is_text(facet: Facet) -> bool {
    matches!(facet, Facet::Summary | Facet::Description)
}

/// Settles which of different texts is used, in order of authority. Returns the rule and the resulting text. `chosen` is the
/// index of the text that a source chooses by `x-chosen`.
///
/// A summary that begins with a verb is used before one that does not. The sentences of other descriptions that state a
/// limit, a default, a scope or allowed values that the used one does not state are added to it.
pub(super) fn settle(
    facet: Facet,
    claims: &[&Json],
    chosen: Option<usize>,
) -> Option<(&'static str, Json)> {
    let texts: Vec<&str> = claims
        .iter()
        .map(|claim| claim.as_str().unwrap_or_default())
        .collect();
    let used = chosen.or_else(|| most_telling(facet, &texts))?;
    let text = *texts.get(used)?;
    let others = texts.iter().enumerate().filter(|(index, _)| *index != used);
    let others = others.map(|(_, other)| *other);
    let whole = match facet {
        Facet::Description => with_statements(text, others),
        _ => text.to_owned(),
    };
    let rule = match (chosen.is_some(), whole == text) {
        (false, true) => "the text that tells most is used",
        (false, false) => "the text that tells most is used, with what only others state",
        (true, true) => "the chosen text is used",
        (true, false) => "the chosen text is used, with what only others state",
    };
    Some((rule, json!(whole)))
}

/// The index of the text that tells most; of equal ones, that of the highest authority.
fn most_telling(facet: Facet, texts: &[&str]) -> Option<usize> {
    let measure = |text: &str| {
        let is_phrase = facet == Facet::Summary && prose::begins_with_verb(text);
        (is_phrase, prose::telling(text))
    };
    let mut best: Option<(usize, (bool, usize))> = None;
    for (index, text) in texts.iter().enumerate() {
        let measured = measure(text);
        if best.is_none_or(|(_, most)| measured > most) {
            best = Some((index, measured));
        }
    }
    best.map(|(index, _)| index)
}

/// The text with the sentences of others that state what it does not.
fn with_statements<'t>(text: &str, others: impl Iterator<Item = &'t str>) -> String {
    let separator = if text.contains('\n') { "\n\n" } else { " " };
    let mut whole = text.to_owned();
    let mut is_changed = false;
    for sentence in others.flat_map(prose::sentences) {
        if !prose::states_a_fact(&sentence) || prose::covers(&whole, &sentence) {
            continue;
        }
        if whole.ends_with(|last: char| last.is_alphanumeric() || matches!(last, '`' | ')' | '"')) {
            whole.push('.');
        }
        whole.push_str(if is_changed { " " } else { separator });
        whole.push_str(&sentence);
        is_changed = true;
    }
    whole
}

#[cfg(test)]
mod tests {
    use serde_json::{Value as Json, json};

    use super::settle;
    use crate::description::document::Facet;

    #[track_caller]
    fn check(facet: Facet, texts: &[&str], chosen: Option<usize>, rule: &str, expected: &str) {
        let claims: Vec<Json> = texts.iter().map(|text| json!(text)).collect();
        let claims: Vec<&Json> = claims.iter().collect();
        let settled = settle(facet, &claims, chosen).unwrap();
        assert_eq!(settled, (rule, json!(expected)));
    }

    #[test]
    fn the_text_that_tells_most_is_used() {
        check(
            Facet::Description,
            &[
                "The event.",
                "The event with its tags and the release that sent it.",
            ],
            None,
            "the text that tells most is used",
            "The event with its tags and the release that sent it.",
        );
        check(
            Facet::Description,
            &["The team.", "A team."],
            None,
            "the text that tells most is used",
            "The team.",
        );
    }

    #[test]
    fn limits_defaults_scopes_and_values_of_other_texts_are_added() {
        check(
            Facet::Description,
            &[
                "The stat, \"received\" or \"rejected\".",
                "The type of stat. Defaults to received.",
            ],
            None,
            "the text that tells most is used, with what only others state",
            "The stat, \"received\" or \"rejected\". Defaults to received.",
        );
        check(
            Facet::Description,
            &[
                "Retrieves a project with its settings, teams, members, plugins, keys and latest release",
                "Returns a project. Required scope: project:read",
                "The project. Required scope: project:read",
            ],
            None,
            "the text that tells most is used, with what only others state",
            "Retrieves a project with its settings, teams, members, plugins, keys and latest release. Required scope: project:read",
        );
    }

    #[test]
    fn a_choice_outdoes_the_measure_and_loses_no_statement() {
        check(
            Facet::Description,
            &[
                "The rows of a page.",
                "Limits the number of rows in the result. Default and maximum are 100.",
            ],
            Some(0),
            "the chosen text is used, with what only others state",
            "The rows of a page. Limits the number of rows in the result. Default and maximum are 100.",
        );
    }

    #[test]
    fn a_summary_with_a_verb_is_used_before_a_longer_one() {
        check(
            Facet::Summary,
            &["Project keys of a DSN", "List keys"],
            None,
            "the text that tells most is used",
            "List keys",
        );
    }
}
