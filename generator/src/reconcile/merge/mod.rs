//! Merges several descriptions of one API to one effective API, with the provenance of every fact.
//!
//! The steps: one base path (`base_path`), one name for each security scheme (`security`), one location for each input
//! (`location`), one model for equivalent schemas (`classes`), then every facet of every item by [`rules`].

mod alternatives;
mod base_path;
mod claims;
mod classes;
mod groups;
mod location;
mod media_types;
mod operation;
mod resolution;
mod root;
pub mod rules;
mod schema;
mod security;
mod shadow;
mod subject;
mod texts;
mod webhook;

pub use base_path::BASE_PATHS_DIFFER;
pub use claims::{Claim, Finding, Proposal, Remark, Source, Yields, is_undecided};
pub(crate) use claims::{NEEDLESS_CHOICE, NEEDLESS_RESOLUTION};
pub(crate) use operation::encoding_value;
pub use resolution::{NO_RESOLUTIONS, Resolution, Resolutions};
pub(crate) use subject::Subject;
pub use subject::{THE_API, identity, item, operation_subject, security_scheme_subject};

use std::collections::BTreeMap;

use indexmap::IndexMap;
use serde_json::json;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{
    Correction, Document, Facet, Operation, Schema, SchemaKey, SourceId, key,
};
use crate::parallel;

use claims::{ClaimJudge, Record};
use classes::Classes;
use groups::{Groups, operations};
use rules::{Judgement, Verdict};
use schema::SchemaMerger;

/// The effective API, and how it was merged.
#[derive(Debug)]
pub struct Merged {
    /// The effective API. The provenance of a fact is that of the claims that agree with it.
    pub document: Document,
    /// How the sources agree and differ, sorted by subject and facet. Empty if there is one source.
    pub findings: Vec<Finding>,
    /// The reasons that sources give, and what they say is refuted, sorted by subject.
    pub remarks: Vec<Remark>,
    /// The names of each component: canonical key → (source, key) in order of authority.
    pub schema_names: BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>>,
    /// The sources in order of authority.
    pub sources: Vec<MergedSource>,
    /// A decision for each contradiction without a resolution, sorted by subject and facet.
    pub proposals: Vec<Proposal>,
    /// Texts of the API that the manifest states. They replace those of the sources.
    pub own_texts: BTreeMap<Facet, String>,
}

/// A source, and its part in the effective API.
#[derive(Debug)]
pub struct MergedSource {
    /// What the manifest declares.
    pub declared: Source,
    /// The number of operations that it describes.
    pub operations: usize,
    /// The number of facets that no other source claims.
    pub single: usize,
    /// The corrections that overlays have made to it, in the order of application.
    pub corrections: Vec<Correction>,
}

impl Merged {
    /// The title, version or description of the API.
    #[must_use]
    pub fn text(&self, facet: Facet) -> Option<&str> {
        let own = self.own_texts.get(&facet).map(String::as_str);
        own.or_else(|| self.document.facts.text(facet))
    }

    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        self.declared(id).map_or("?", |source| source.id.as_str())
    }

    /// Whether the maintainers of this project wrote a source.
    #[must_use]
    pub fn is_supplement(&self, id: SourceId) -> bool {
        self.declared(id).is_some_and(|source| source.is_supplement)
    }

    /// The number of findings of each verdict.
    #[must_use]
    pub fn counts(&self) -> BTreeMap<Verdict, usize> {
        let mut counts = BTreeMap::new();
        for finding in &self.findings {
            *counts.entry(finding.judgement.verdict).or_default() += 1;
        }
        counts
    }

    /// Whether the claims of a source yield to claims that contradict them.
    #[must_use]
    pub fn yields(&self, id: SourceId) -> bool {
        self.declared(id)
            .is_some_and(|source| source.yields.is_some())
    }

    fn declared(&self, id: SourceId) -> Option<&Source> {
        let source = self.sources.get(usize::from(id.0))?;
        Some(&source.declared)
    }
}

/// Merges normalised documents. Documents and sources are in order of authority.
///
/// Problems are added to `diagnostics`. With errors, the result can be inspected, but must not be emitted.
pub fn merge(
    sources: Vec<Source>,
    mut documents: Vec<Document>,
    base_path: Option<&str>,
    resolutions: &Resolutions,
    diagnostics: &mut Diagnostics,
) -> Merged {
    let differing_bases = base_path::unify(&mut documents, &sources, base_path, diagnostics);
    let ids: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    security::unify(&mut documents, &ids, diagnostics);
    let described = documents.iter_mut().map(|document| {
        let corrections = std::mem::take(&mut document.corrections);
        (document.operations.len(), corrections)
    });
    let described: Vec<(usize, Vec<Correction>)> = described.collect();
    let skipped = shadow::mark(&mut documents, diagnostics);
    let mut judge = ClaimJudge::new(resolutions, &sources);
    let groups = Groups::of(&documents);
    for (subject, positions) in groups.iter() {
        location::unify(&subject, positions, &mut documents, &mut judge);
    }
    let classes = Classes::unite(&documents, &groups.schemas_by_use(&documents));
    let schema_names = classes.names();
    let mut document = Document {
        operations_found: groups.len() + skipped.len(),
        skipped,
        schemas: merge_schemas(&documents, &classes, &mut judge),
        ..Document::default()
    };
    record_trailing_slashes(&documents, &groups, &mut judge);
    record_component_names(&documents, &schema_names, &mut judge);
    document.operations = merge_operations(&documents, &groups, &classes, &mut judge);
    let mut merger = SchemaMerger {
        classes: &classes,
        judge: &mut judge,
    };
    webhook::merge(&documents, &mut document, &mut merger);
    root::merge(&documents, &mut document, &mut judge);
    let schemes = document.security_schemes.keys().map(String::as_str);
    let schemes: Vec<&str> = schemes.collect();
    judge.report(&schemes, differing_bases, diagnostics);
    let Record {
        findings,
        remarks,
        single,
        proposals,
    } = judge.into_record();
    let sources = sources.into_iter().zip(described).zip(single);
    let sources = sources.map(
        |((declared, (operations, corrections)), single)| MergedSource {
            declared,
            operations,
            single,
            corrections,
        },
    );
    Merged {
        document,
        findings,
        remarks,
        schema_names,
        sources: sources.collect(),
        proposals,
        own_texts: BTreeMap::new(),
    }
}

/// The schema of each class, by its key.
fn merge_schemas(
    documents: &[Document],
    classes: &Classes<'_>,
    judge: &mut ClaimJudge<'_>,
) -> IndexMap<SchemaKey, Schema> {
    let owners = source_ids(documents, |document| {
        document.schemas.keys().any(|key| key::is_component(key))
    });
    let all = classes.all();
    let schemas = merge_each(&all, classes, judge, |merger, (key, schemas, direction)| {
        let schema = merger.merge(&Subject::Item(key), schemas, *direction)?;
        if key::is_component(key) {
            let owners = owners.iter().copied();
            let judge = &mut merger.judge;
            judge.record_presence(key, "schema", owners, &schema.provenance);
        }
        Some(schema)
    });
    let keys = all.into_iter().map(|(key, ..)| key);
    let schemas = keys.zip(schemas);
    schemas
        .filter_map(|(key, schema)| Some((key, schema?)))
        .collect()
}

/// The operations, sorted by path and method.
fn merge_operations(
    documents: &[Document],
    groups: &Groups,
    classes: &Classes<'_>,
    judge: &mut ClaimJudge<'_>,
) -> Vec<Operation> {
    let owners = source_ids(documents, |document| !document.operations.is_empty());
    let paths = groups.canonical_paths(documents);
    let grouped: Vec<_> = groups.iter().zip(paths).collect();
    let merged = merge_each(&grouped, classes, judge, |merger, group| {
        let ((subject, positions), path) = group;
        let described: Vec<&Operation> = operations(documents, positions).collect();
        let operation = merger.operation(subject, path, &described)?;
        let owners = owners.iter().copied();
        let judge = &mut merger.judge;
        judge.record_presence(subject, "operation", owners, &operation.provenance);
        Some(operation)
    });
    let mut merged: Vec<Operation> = merged.into_iter().flatten().collect();
    merged.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    merged
}

/// Merges items that do not depend on each other at the same time. The findings have the order of the items.
fn merge_each<T: Sync, R: Send>(
    items: &[T],
    classes: &Classes<'_>,
    judge: &mut ClaimJudge<'_>,
    merge: impl Fn(&mut SchemaMerger<'_, '_, '_>, &T) -> R + Sync,
) -> Vec<R> {
    /// How many items one judge has.
    const LENGTH: usize = 64;
    let groups: Vec<&[T]> = items.chunks(LENGTH).collect();
    let merged = parallel::map(&groups, |items| {
        let mut judge = judge.without_findings();
        let mut merger = SchemaMerger {
            classes,
            judge: &mut judge,
        };
        let merged = items.iter().map(|item| merge(&mut merger, item));
        (merged.collect::<Vec<R>>(), judge)
    });
    let merged = merged.into_iter().flat_map(|(merged, found)| {
        judge.add(found);
        merged
    });
    merged.collect()
}

/// The sources of the documents that a condition holds for.
fn source_ids(documents: &[Document], holds: impl Fn(&Document) -> bool) -> Vec<SourceId> {
    let documents = documents.iter().enumerate();
    let holding = documents.filter(|(_, document)| holds(document));
    holding
        .filter_map(|(index, _)| u16::try_from(index).ok().map(SourceId))
        .collect()
}

/// Records the names of components that sources call otherwise than the effective API.
fn record_component_names(
    documents: &[Document],
    names: &BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>>,
    judge: &mut ClaimJudge<'_>,
) {
    for (key, names) in names {
        if names
            .iter()
            .all(|(_, name)| name == key || !key::is_component(name))
        {
            continue;
        }
        let claim = |(source, name): &(SourceId, SchemaKey)| {
            let document = documents.get(usize::from(source.0))?;
            Some(Claim {
                value: json!(name).into(),
                origin: document.schemas.get(name)?.provenance.first(),
            })
        };
        let named = names.iter().filter(|(_, name)| key::is_component(name));
        let claims = named.filter_map(claim).collect();
        judge.record(key, Facet::Name, claims, Judgement::of_names(json!(key)));
    }
}

/// Records operations whose paths differ only in a trailing slash, if no source has both.
fn record_trailing_slashes(documents: &[Document], groups: &Groups, judge: &mut ClaimJudge<'_>) {
    for (shape, method, without_slash) in groups.by_shape() {
        let Some(with_slash) = groups.get(&format!("{shape}/"), method) else {
            continue;
        };
        let in_both = |(document, _): &(usize, usize)| {
            without_slash.iter().any(|(other, _)| document == other)
        };
        if with_slash.iter().any(in_both) {
            continue;
        }
        let described =
            operations(documents, without_slash).chain(operations(documents, with_slash));
        let mut claims: Vec<Claim> = described
            .map(|operation| Claim {
                value: json!(operation.path).into(),
                origin: operation.provenance.first(),
            })
            .collect();
        claims.sort_by_key(|claim| claim.origin.source);
        let paths = json!([shape, format!("{shape}/")]);
        judge.record(
            &format_args!("{method} {shape}"),
            Facet::TrailingSlash,
            claims,
            Judgement::of_trailing_slash(paths),
        );
    }
}

/// Reports the operations that are left out.
pub fn report_skipped(document: &Document, diagnostics: &mut Diagnostics) {
    for skipped in &document.skipped {
        diagnostics.push(
            Diagnostic::warning(
                "skipped-operation",
                format!("`{}` is left out: {}", skipped.item, skipped.reason),
            )
            .at(skipped.origin.at, "this operation")
            .help("correct the document, or fix it in an overlay"),
        );
    }
}
