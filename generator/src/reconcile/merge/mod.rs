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

pub use claims::{Claim, Finding, Source, Yields};
pub use resolution::{Resolution, Resolutions};
pub(crate) use subject::Subject;
pub use subject::{identity, operation_subject};

use std::collections::BTreeMap;

use serde_json::json;

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Facet, Operation, Schema, SchemaKey, SourceId};
use crate::http::HttpMethod;

use claims::ClaimJudge;
use classes::{Classes, content_schema};
use rules::Direction;
use schema::SchemaMerger;

/// The effective API, and how it was merged.
#[derive(Debug)]
pub struct Merged {
    /// The effective API. The provenance of a fact is that of the claims that agree with it.
    pub document: Document,
    /// Every facet that several sources claim, sorted by subject and facet.
    pub findings: Vec<Finding>,
    /// The names of each component: canonical key → (source, key) in order of authority.
    pub schema_names: BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>>,
    /// The sources in order of authority.
    pub sources: Vec<Source>,
    /// For each source, the number of facets that no other source claims.
    pub single: Vec<usize>,
    /// For each source, the number of operations that it describes.
    pub described: Vec<usize>,
}

impl Merged {
    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        let source = self.sources.get(usize::from(id.0));
        source.map_or("?", |source| source.id.as_str())
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
    base_path::unify(&mut documents, base_path, diagnostics);
    let ids: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    security::unify(&mut documents, &ids);
    let described: Vec<usize> = documents
        .iter()
        .map(|document| document.operations.len())
        .collect();
    let skipped = shadow::mark(&mut documents, diagnostics);
    let mut judge = ClaimJudge::new(resolutions, &sources);
    for ((shape, method), positions) in groups(&documents) {
        let subject = format!("{method} {shape}");
        location::unify(&subject, &positions, &mut documents, &mut judge);
    }
    let groups = groups(&documents);
    let schemas_by_use = schemas_by_use(&documents, &groups);
    let classes = Classes::unite(&documents, &schemas_by_use);
    let mut merger = SchemaMerger {
        classes: &classes,
        judge: &mut judge,
    };
    let mut document = Document {
        operations_found: groups.len() + skipped.len(),
        skipped,
        ..Document::default()
    };
    for (key, schemas, direction) in classes.all() {
        if let Some(schema) = merger.merge(&Subject::Item(&key), &schemas, direction) {
            document.schemas.insert(key, schema);
        }
    }
    let paths = canonical_paths(&documents, &groups);
    for ((shape, method), positions) in &groups {
        let operations: Vec<&Operation> = operations(&documents, positions).collect();
        let path = paths.get(shape).map_or(shape.as_str(), String::as_str);
        document.operations.extend(merger.operation(
            &format!("{method} {shape}"),
            path,
            &operations,
        ));
    }
    document
        .operations
        .sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    webhook::merge(&documents, &mut document, &mut merger);
    merge_root(&documents, &mut document, &mut judge);
    judge.report(diagnostics);
    let (findings, single) = judge.into_findings();
    Merged {
        document,
        findings,
        schema_names: classes.names(),
        sources,
        single,
        described,
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
    let settled = judge.settle(&"the API", Facet::Servers, Direction::Response, claims);
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
