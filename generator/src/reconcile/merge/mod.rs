//! Merges several descriptions of one API to one effective API, with the provenance of every fact.
//!
//! The steps: one base path (`base_path`), one name for each security scheme (`security`), one location for each input
//! (`location`), one model for equivalent schemas (`classes`), then every facet of every item by [`rules`].

mod alternatives;
mod base_path;
mod claims;
mod classes;
mod location;
mod operation;
mod resolution;
pub mod rules;
mod schema;
mod security;
mod shadow;
mod subject;
mod texts;
mod webhook;

pub use claims::{Claim, Finding, Proposal, Remark, Source, Yields};
pub use resolution::{NO_RESOLUTIONS, Resolution, Resolutions};
pub(crate) use subject::Subject;
pub use subject::{identity, item, operation_subject};

use std::collections::BTreeMap;

use serde_json::json;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{
    Correction, Document, Facet, Operation, Origin, Provenance, Schema, SchemaKey, SourceId, key,
};
use crate::http::HttpMethod;
use crate::parallel;

use claims::{ClaimJudge, Item, Record};
use classes::{Classes, content_schema};
use rules::{Direction, Judgement, Verdict};
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
    /// The corrections that overlays have made to each source, in the order of application.
    pub corrections: Vec<(SourceId, Correction)>,
    /// The names of each component: canonical key → (source, key) in order of authority.
    pub schema_names: BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>>,
    /// The sources in order of authority.
    pub sources: Vec<Source>,
    /// For each source, the number of facets that no other source claims.
    pub single: Vec<usize>,
    /// For each source, the number of operations that it describes.
    pub described: Vec<usize>,
    /// A decision for each contradiction without a resolution, sorted by subject and facet.
    pub proposals: Vec<Proposal>,
}

impl Merged {
    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        let source = self.sources.get(usize::from(id.0));
        source.map_or("?", |source| source.id.as_str())
    }

    /// Whether the maintainers of this project wrote a source.
    #[must_use]
    pub fn is_supplement(&self, id: SourceId) -> bool {
        let source = self.sources.get(usize::from(id.0));
        source.is_some_and(|source| source.is_supplement)
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
        let source = self.sources.get(usize::from(id.0));
        source.is_some_and(|source| source.yields.is_some())
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
    security::unify(&mut documents, &ids);
    let described: Vec<usize> = documents
        .iter()
        .map(|document| document.operations.len())
        .collect();
    let corrections = take_corrections(&mut documents);
    let skipped = shadow::mark(&mut documents, diagnostics);
    let mut judge = ClaimJudge::new(resolutions, &sources);
    for ((shape, method), positions) in groups(&documents) {
        let subject = format!("{method} {shape}");
        location::unify(&subject, &positions, &mut documents, &mut judge);
    }
    let groups = groups(&documents);
    let schemas_by_use = schemas_by_use(&documents, &groups);
    let classes = Classes::unite(&documents, &schemas_by_use);
    let mut document = Document {
        operations_found: groups.len() + skipped.len(),
        skipped,
        ..Document::default()
    };
    let with_schemas: Vec<SourceId> = source_ids(&documents, |document| {
        document.schemas.keys().any(|key| key::is_component(key))
    });
    let all = classes.all();
    let schemas = merge_each(&all, &classes, &mut judge, |merger, class| {
        let (key, schemas, direction) = class;
        let schema = merger.merge(&Subject::Item(key), schemas, *direction)?;
        if key::is_component(key) {
            let owners = with_schemas.iter().copied();
            let provenance = &schema.provenance;
            merger
                .judge
                .record_presence(key, "schema", owners, provenance);
        }
        Some(schema)
    });
    for ((key, ..), schema) in all.into_iter().zip(schemas) {
        document.schemas.extend(schema.map(|schema| (key, schema)));
    }
    let paths = canonical_paths(&documents, &groups);
    let with_operations: Vec<SourceId> =
        source_ids(&documents, |document| !document.operations.is_empty());
    record_trailing_slashes(&documents, &groups, &mut judge);
    let schema_names = classes.names();
    record_component_names(&documents, &schema_names, &mut judge);
    let grouped: Vec<_> = groups.iter().collect();
    let merged = merge_each(&grouped, &classes, &mut judge, |merger, group| {
        let ((shape, method), positions) = group;
        let operations: Vec<&Operation> = operations(&documents, positions).collect();
        let path = paths.get(shape).map_or(shape.as_str(), String::as_str);
        let subject = format!("{method} {shape}");
        let operation = merger.operation(&subject, path, &operations)?;
        let owners = with_operations.iter().copied();
        let provenance = &operation.provenance;
        merger
            .judge
            .record_presence(&subject, "operation", owners, provenance);
        Some(operation)
    });
    document.operations.extend(merged.into_iter().flatten());
    document
        .operations
        .sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    let mut merger = SchemaMerger {
        classes: &classes,
        judge: &mut judge,
    };
    webhook::merge(&documents, &mut document, &mut merger);
    merge_root(&documents, &mut document, &mut judge);
    judge.report(differing_bases, diagnostics);
    let Record {
        findings,
        remarks,
        single,
        proposals,
    } = judge.into_record();
    Merged {
        document,
        findings,
        remarks,
        corrections,
        schema_names,
        sources,
        single,
        described,
        proposals,
    }
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

fn take_corrections(documents: &mut [Document]) -> Vec<(SourceId, Correction)> {
    let mut all = Vec::new();
    for (document, index) in documents.iter_mut().zip(0..) {
        let corrections = std::mem::take(&mut document.corrections).into_iter();
        all.extend(corrections.map(|correction| (SourceId(index), correction)));
    }
    all
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
    for ((shape, method), without_slash) in groups {
        let Some(with_slash) = groups.get(&(format!("{shape}/"), *method)) else {
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

/// (path shape, method) → the (document, operation) indices of the descriptions, in order of authority.
type Groups = BTreeMap<(String, HttpMethod), Vec<(usize, usize)>>;

fn groups(documents: &[Document]) -> Groups {
    let mut groups = Groups::new();
    for (document, described) in documents.iter().enumerate() {
        for (position, operation) in described.operations.iter().enumerate() {
            let key = (identity(operation), operation.method);
            groups.entry(key).or_default().push((document, position));
        }
    }
    groups
}

fn operations<'d>(
    documents: &'d [Document],
    positions: &'d [(usize, usize)],
) -> impl Iterator<Item = &'d Operation> {
    positions
        .iter()
        .filter_map(|(document, position)| documents.get(*document)?.operations.get(*position))
}

/// For each path shape, the path as the highest authority writes it.
fn canonical_paths(documents: &[Document], groups: &Groups) -> BTreeMap<String, String> {
    let mut paths: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for ((shape, _), positions) in groups {
        for (document, operation) in positions
            .iter()
            .map(|position| position.0)
            .zip(operations(documents, positions))
        {
            let candidate = (document, operation.path.clone());
            match paths.get_mut(shape) {
                Some(best) if candidate < *best => *best = candidate,
                Some(_) => {}
                None => {
                    paths.insert(shape.clone(), candidate);
                }
            }
        }
    }
    paths
        .into_iter()
        .map(|(shape, (_, path))| (shape, path))
        .collect()
}

/// Groups of schemas that different sources have at the same position of the same operation.
fn schemas_by_use<'d>(documents: &'d [Document], groups: &Groups) -> Vec<Vec<&'d Schema>> {
    let mut schemas_by_use: Vec<Vec<&'d Schema>> = Vec::new();
    for positions in groups.values().filter(|positions| positions.len() > 1) {
        let mut by_position: BTreeMap<String, Vec<&'d Schema>> = BTreeMap::new();
        for (document, position) in positions {
            let operation = documents
                .get(*document)
                .and_then(|document| document.operations.get(*position));
            let Some(operation) = operation else { continue };
            for (media_type, content) in operation.body.iter().flat_map(|body| &body.contents) {
                let schemas = by_position.entry(format!("body {media_type}")).or_default();
                schemas.extend(content_schema(content));
            }
            for (status, response) in &operation.responses {
                for (media_type, content) in &response.contents {
                    let schemas = by_position
                        .entry(format!("{status} {media_type}"))
                        .or_default();
                    schemas.extend(content_schema(content));
                }
            }
            for parameter in &operation.parameters {
                let key = format!("{:?} {}", parameter.location, parameter.name);
                by_position.entry(key).or_default().push(&parameter.schema);
            }
        }
        schemas_by_use.extend(by_position.into_values().filter(|group| group.len() > 1));
    }
    schemas_by_use
}

/// Merges title, servers, tags and security schemes of the whole API.
fn merge_root(documents: &[Document], document: &mut Document, judge: &mut ClaimJudge<'_>) {
    document.title = documents.iter().find_map(|document| document.title.clone());
    document.version = documents
        .iter()
        .find_map(|document| document.version.clone());
    document.description = documents
        .iter()
        .find_map(|document| document.description.clone());
    let mut claims = Vec::new();
    for described in documents
        .iter()
        .filter(|document| !document.servers.is_empty())
    {
        let urls: Vec<&str> = described
            .servers
            .iter()
            .map(|server| server.url.as_str())
            .collect();
        if let Some(first) = described.servers.first() {
            claims.push(Claim {
                value: json!(urls).into(),
                origin: first.provenance.first(),
            });
        }
    }
    let item = Item {
        subject: &"the API",
        direction: Direction::Response,
        provenance: None,
    };
    let settled = judge.settle(item, Facet::Servers, claims);
    if let Some(decided) = settled {
        let stated = |document: &&Document| {
            let urls: Vec<&str> = document
                .servers
                .iter()
                .map(|server| server.url.as_str())
                .collect();
            json!(urls) == *decided.value
        };
        document.servers = documents
            .iter()
            .find(stated)
            .map(|document| document.servers.clone())
            .unwrap_or_default();
    }
    for described in documents {
        for (name, description) in &described.tags {
            let known = document
                .tags
                .entry(name.clone())
                .or_insert_with(|| description.clone());
            if known.is_none() {
                known.clone_from(description);
            }
        }
        for (name, scheme) in &described.security_schemes {
            document
                .security_schemes
                .entry(name.clone())
                .or_insert_with(|| scheme.clone());
        }
    }
    document.tags.sort_unstable_keys();
    document.security_schemes.sort_unstable_keys();
    record_security_schemes(documents, judge);
}

/// Records security schemes that only some of the sources declare.
fn record_security_schemes(documents: &[Document], judge: &mut ClaimJudge<'_>) {
    let owners = source_ids(documents, |document| !document.security_schemes.is_empty());
    let mut origins: BTreeMap<&str, Vec<Origin>> = BTreeMap::new();
    for (name, scheme) in documents
        .iter()
        .flat_map(|document| &document.security_schemes)
    {
        let origins = origins.entry(name).or_default();
        origins.extend(scheme.provenance.iter());
    }
    for (name, origins) in origins {
        if let Some(provenance) = Provenance::from_all(origins) {
            let owners = owners.iter().copied();
            let kind = "security scheme";
            judge.record_presence(&format_args!("{kind} {name}"), kind, owners, &provenance);
        }
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
