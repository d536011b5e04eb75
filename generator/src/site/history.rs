//! The page of changes.

use serde::Serialize;

use super::{Builder, Revision, markdown};
use crate::diff::{Change, Severity};

#[derive(Serialize)]
pub(super) struct Changes<'a> {
    revisions: Vec<Shown<'a>>,
}

#[derive(Serialize)]
struct Shown<'a> {
    name: &'a str,
    date: &'a str,
    summary: String,
    is_read: bool,
    groups: Vec<Group<'a>>,
}

#[derive(Serialize)]
struct Group<'a> {
    severity: &'static str,
    changes: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    kind: &'a str,
    item: &'a str,
    before: Option<&'a str>,
    after: Option<&'a str>,
    effect: String,
    at: Option<String>,
}

impl Builder<'_> {
    pub(super) fn changes(&self) -> Changes<'_> {
        Changes {
            revisions: self.site.history.iter().map(shown).collect(),
        }
    }
}

fn shown(revision: &Revision) -> Shown<'_> {
    let group = |severity: Severity| {
        let changes = revision.diff.iter().flat_map(|diff| diff.of(severity));
        Group {
            severity: severity.as_str(),
            changes: changes.map(line).collect(),
        }
    };
    let groups = [Severity::Major, Severity::Minor, Severity::Patch].map(group);
    let groups = groups.into_iter().filter(|group| !group.changes.is_empty());
    Shown {
        name: &revision.name,
        date: &revision.date,
        summary: markdown::to_inline_html(&revision.summary),
        is_read: revision.diff.is_some(),
        groups: groups.collect(),
    }
}

fn line(change: &Change) -> Line<'_> {
    let at = change.at.as_ref();
    Line {
        kind: &change.kind,
        item: &change.item,
        before: change.before.as_deref(),
        after: change.after.as_deref(),
        effect: markdown::to_html(&change.effect),
        at: at.map(|at| format!("{at}{}", change.side.mark())),
    }
}
