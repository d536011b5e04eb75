//! The first page, and the page of differences.

use serde::Serialize;

use super::claims::Facet;
use super::words::file_name;
use super::{Builder, markdown, webhooks};
use crate::api::Operation;
use crate::reconcile::merge::rules::Verdict;

#[derive(Serialize)]
pub(super) struct Overview {
    version: String,
    description: String,
    operations: usize,
    types: usize,
    webhooks: usize,
    package: String,
    servers: Vec<ServerLine>,
    sources: Vec<SourceLine>,
    coverage: Vec<CoverageLine>,
    verdicts: Vec<VerdictLine>,
    scores: Vec<Scores>,
    least_known: Vec<Known>,
    latest: Option<String>,
}

#[derive(Serialize)]
struct ServerLine {
    url: String,
    description: String,
}

#[derive(Serialize)]
struct SourceLine {
    id: String,
    title: String,
    operations: usize,
    is_supplement: bool,
}

/// A group of operations, and how many of them each source describes.
#[derive(Serialize)]
struct CoverageLine {
    tag: String,
    id: String,
    operations: usize,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    count: usize,
    /// In percent.
    share: usize,
}

#[derive(Serialize)]
struct VerdictLine {
    verdict: &'static str,
    page: String,
    meaning: &'static str,
    count: usize,
    /// In tenths of a percent, at least 1 where there are any.
    share: usize,
}

/// How many operations have a score of a range.
#[derive(Serialize)]
struct Scores {
    range: String,
    count: usize,
    /// In percent of the most.
    share: usize,
}

#[derive(Serialize)]
struct Known {
    name: String,
    /// The name of its page, without folder and extension.
    file: String,
    score: u8,
}

/// The facets with one verdict.
#[derive(Serialize)]
pub(super) struct Differences {
    verdicts: Vec<VerdictLine>,
    verdict: &'static str,
    meaning: &'static str,
    /// Whether each has one claim, so that a line suffices.
    is_short: bool,
    facets: Vec<Facet>,
}

/// The page of a verdict.
pub(super) fn page_of(verdict: Verdict) -> String {
    match verdict {
        Verdict::Contradictory => "differences.html".to_owned(),
        other => format!("differences-{}.html", other.name()),
    }
}

impl Builder<'_> {
    pub(super) fn overview(&self) -> Overview {
        let (api, merged) = (self.api, self.site.merged);
        Overview {
            version: api.version.clone(),
            description: markdown::to_html(api.description.as_deref().unwrap_or_default()),
            operations: api.operations.len(),
            types: api.types.len(),
            webhooks: api.webhooks.as_ref().map_or(0, |it| it.operations.len()),
            package: self.site.project.package.name.clone(),
            servers: api
                .servers
                .iter()
                .map(|server| ServerLine {
                    url: server.url.clone(),
                    description: markdown::to_inline_html(
                        server.description.as_deref().unwrap_or_default(),
                    ),
                })
                .collect(),
            sources: merged
                .sources
                .iter()
                .map(|source| SourceLine {
                    id: source.declared.id.clone(),
                    title: source.declared.title.clone(),
                    operations: source.operations,
                    is_supplement: source.declared.is_supplement,
                })
                .collect(),
            coverage: self.coverage(),
            verdicts: self.verdicts(),
            scores: self.scores(),
            least_known: self.least_known(),
            latest: self.site.history.first().map(|it| it.date.clone()),
        }
    }

    /// How many operations of each group each source describes, and how many webhooks.
    fn coverage(&self) -> Vec<CoverageLine> {
        let lines = self.api.tags.iter().map(|tag| {
            let operations = self.api.operations_of(tag).collect();
            self.coverage_of(&tag.name, tag.module.plain(), operations)
        });
        let webhooks = self.webhooks().map(|it| it.operation).collect();
        let webhooks = self.coverage_of(webhooks::HEADING, webhooks::ANCHOR, webhooks);
        let lines = lines.chain([webhooks]);
        lines.filter(|line| line.operations > 0).collect()
    }

    fn coverage_of(&self, group: &str, id: &str, operations: Vec<&Operation>) -> CoverageLine {
        let cells = self.api.sources.iter().map(|source| {
            let has = |it: &&&Operation| {
                let mut provenance = it.docs.provenance.iter();
                provenance.any(|it| it.source == source.id)
            };
            let count = operations.iter().filter(has).count();
            let share = (count * 100).checked_div(operations.len()).unwrap_or(0);
            Cell { count, share }
        });
        CoverageLine {
            tag: group.to_owned(),
            id: id.to_owned(),
            cells: cells.collect(),
            operations: operations.len(),
        }
    }

    fn verdicts(&self) -> Vec<VerdictLine> {
        let counts = self.site.merged.counts();
        let all: usize = counts.values().sum();
        let line = |verdict: Verdict| {
            let count = counts.get(&verdict).copied().unwrap_or(0);
            let share = (count * 1000).checked_div(all).unwrap_or(0);
            VerdictLine {
                verdict: verdict.name(),
                page: page_of(verdict),
                meaning: verdict.meaning(),
                count,
                share: share.max(usize::from(count > 0)),
            }
        };
        Verdict::ALL.into_iter().map(line).collect()
    }

    fn scores(&self) -> Vec<Scores> {
        let mut counts = [0_usize; 10];
        for known in &self.known {
            if let Some(count) = counts.get_mut(usize::from(known.score / 10).min(9)) {
                *count += 1;
            }
        }
        let most = counts.into_iter().max().unwrap_or(0);
        let ranges = counts.into_iter().enumerate().map(|(tens, count)| Scores {
            range: match tens {
                9 => "90 to 100".to_owned(),
                _ => format!("{}0 to {tens}9", tens),
            },
            count,
            share: (count * 100).checked_div(most).unwrap_or(0),
        });
        let ranges: Vec<Scores> = ranges.collect();
        let first = ranges.iter().position(|it| it.count > 0).unwrap_or(0);
        ranges.into_iter().skip(first).collect()
    }

    fn least_known(&self) -> Vec<Known> {
        let pinned = &self.site.lowered.lock.operations;
        let known = self.known.iter().filter_map(|it| {
            let name = pinned.get(&it.operation)?.clone();
            Some(Known {
                file: file_name(name.clone()),
                name,
                score: it.score,
            })
        });
        let mut known: Vec<Known> = known.collect();
        known.sort_by(|one, other| (one.score, &one.name).cmp(&(other.score, &other.name)));
        known.truncate(8);
        known
    }

    pub(super) fn differences(&self, verdict: Verdict) -> Differences {
        let mut verdicts = self.verdicts();
        verdicts.retain(|line| line.verdict != Verdict::Identical.name());
        Differences {
            verdicts,
            verdict: verdict.name(),
            meaning: verdict.meaning(),
            is_short: verdict == Verdict::Single,
            facets: self.claims.with(verdict),
        }
    }
}
