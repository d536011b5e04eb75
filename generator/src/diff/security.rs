//! Changes of the security requirements of the whole API.

use indexmap::IndexMap;

use super::{Change, Side, effect};

/// The changes, those of security requirements that operations have from the whole API as one: they are stated in one place.
pub(super) fn with_security_of_the_api_once(changes: Vec<Change>) -> Vec<Change> {
    let is_security = |change: &Change| {
        let kinds = ["operation-security-changed", "operation-scopes-changed"];
        kinds.contains(&change.kind.as_str()) && !change.claims.is_empty()
    };
    let (security, mut others): (Vec<Change>, Vec<Change>) =
        changes.into_iter().partition(is_security);
    let mut groups: IndexMap<_, Vec<Change>> = IndexMap::new();
    for change in security {
        let at = (change.side == Side::Before, change.at.clone());
        let key = (
            change.kind.clone(),
            change.before.clone(),
            change.after.clone(),
            at,
        );
        groups.entry(key).or_default().push(change);
    }
    let mut of_the_api: IndexMap<String, Vec<(usize, Change)>> = IndexMap::new();
    for mut group in groups.into_values() {
        let count = group.len();
        match group.pop() {
            Some(change) if group.is_empty() => others.push(change),
            Some(change) => {
                let changes = of_the_api.entry(change.kind.clone()).or_default();
                changes.push((count, change));
            }
            None => {}
        }
    }
    others.extend(of_the_api.into_values().filter_map(of_the_api_once));
    others
}

/// One change for groups of operations, each with the number of its operations and the change of one of them.
fn of_the_api_once(mut groups: Vec<(usize, Change)>) -> Option<Change> {
    // The largest group says what most operations need.
    groups.sort_by_key(|(count, _)| std::cmp::Reverse(*count));
    let needs: Vec<String> = groups
        .iter()
        .map(|(count, change)| {
            let value = |it: &Option<String>| it.clone().unwrap_or_default();
            let (before, after) = (value(&change.before), value(&change.after));
            let needs = effect::needs(change.kind.contains("scopes"), &before, &after);
            (count, needs)
        })
        .map(|(count, needs)| match groups.len() {
            1 => needs,
            _ => format!("{count} of them {needs}"),
        })
        .collect();
    let all: usize = groups.iter().map(|(count, _)| count).sum();
    let severity = groups.iter().map(|(_, change)| change.severity).max()?;
    let mut groups = groups.into_iter().map(|(_, change)| change);
    let mut one = groups.next()?;
    for other in groups {
        let claims = other.claims.into_iter();
        if other.side == one.side {
            let new: Vec<_> = claims.filter(|it| !one.claims.contains(it)).collect();
            one.claims.extend(new);
        }
    }
    Some(Change {
        severity,
        kind: one.kind.replace("operation-", "api-"),
        item: "the API".to_owned(),
        rust: "Client".to_owned(),
        effect: format!(
            "all {all} operations that have no requirements of their own need: {}",
            needs.join(", ")
        ),
        ..one
    })
}
