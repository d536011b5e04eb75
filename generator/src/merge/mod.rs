//! Several descriptions of one API → one effective API that remembers who said what.
//!
//! The steps: one base path, one name for each security scheme, the same place for the same input (`location`), the same
//! model for the same schema (`classes`), then every facet of every item by the rules of [`rules`].

mod base;
mod classes;
mod ledger;
mod location;
mod operation;
mod resolution;
pub mod rules;
mod schema;
mod security;
mod shadow;
mod shape;
mod subject;
mod webhook;

pub use ledger::{Claim, Finding, Source, Yields};
pub use resolution::{Resolution, Resolutions, span_at, toml_error};
pub use shape::{identity, operation_subject, shape};
pub(crate) use subject::Subject;

use std::collections::BTreeMap;

use serde_json::json;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::document::{Document, Facet, Operation, Schema, SchemaKey, SourceId};
use crate::ir::HttpMethod;

use classes::{Classes, content_schema};
use ledger::Ledger;
use rules::Direction;
use schema::SchemaMerger;

/// The effective API and how it came about.
#[derive(Debug)]
pub struct Merged {
    /// The effective API: facts are said by all who agree.
    pub document: Document,
    /// Every facet of which more than one source speaks, sorted by subject and facet.
    pub findings: Vec<Finding>,
    /// The names that the sources give each component: canonical key → (source, key) in order of authority.
    pub schema_names: BTreeMap<SchemaKey, Vec<(SourceId, SchemaKey)>>,
    /// The sources in order of authority.
    pub sources: Vec<Source>,
    /// Of each source the number of facets of which no other speaks.
    pub single: Vec<usize>,
    /// Number of operations that each source describes.
    pub described: Vec<usize>,
}

impl Merged {
    /// The id of a source.
    #[must_use]
    pub fn source(&self, id: SourceId) -> &str {
        let source = self.sources.get(usize::from(id.0));
        source.map_or("?", |source| source.id.as_str())
    }

    /// Whether a source gives way where others contradict it.
    #[must_use]
    pub fn yields(&self, id: SourceId) -> bool {
        let source = self.sources.get(usize::from(id.0));
        source.is_some_and(|source| source.yields.is_some())
    }
}

/// Merges normalised documents, given with their sources in order of authority.
///
/// What goes wrong is reported; the result is then fit for looking at, not for emitting.
pub fn merge(
    sources: Vec<Source>,
    mut documents: Vec<Document>,
    base_path: Option<&str>,
    resolutions: &Resolutions,
    diagnostics: &mut Diagnostics,
) -> Merged {
    base::unify(&mut documents, base_path, diagnostics);
    let ids: Vec<String> = sources.iter().map(|source| source.id.clone()).collect();
    security::unify(&mut documents, &ids);
    let described: Vec<usize> = documents
        .iter()
        .map(|document| document.operations.len())
        .collect();
    let skipped = shadow::mark(&mut documents, diagnostics);
    let mut ledger = Ledger::new(resolutions, &sources);
    for ((shape, method), places) in groups(&documents) {
        let subject = format!("{method} {shape}");
        location::settle(&subject, &places, &mut documents, &mut ledger);
    }
    let groups = groups(&documents);
    let uses = uses(&documents, &groups);
    let classes = Classes::align(&documents, &uses);
    let mut merger = SchemaMerger {
        classes: &classes,
        ledger: &mut ledger,
    };
    let mut document = Document {
        operations_found: groups.len() + skipped.len(),
        skipped,
        ..Document::default()
    };
    for (key, members, direction) in classes.all() {
        if let Some(schema) = merger.merge(&Subject::Item(&key), &members, direction) {
            document.schemas.insert(key, schema);
        }
    }
    let paths = canonical_paths(&documents, &groups);
    for ((shape, method), places) in &groups {
        let operations: Vec<&Operation> = operations(&documents, places).collect();
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
    merge_root(&documents, &mut document, &mut ledger);
    ledger.report(diagnostics);
    let (findings, single) = ledger.into_findings();
    Merged {
        document,
        findings,
        schema_names: classes.names(),
        sources,
        single,
        described,
    }
}

/// (identity of the path, method) → the (document, operation) positions of its descriptions, in order of authority.
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
    places: &'d [(usize, usize)],
) -> impl Iterator<Item = &'d Operation> {
    places
        .iter()
        .filter_map(|(document, position)| documents.get(*document)?.operations.get(*position))
}

/// The path of each shape as the highest authority writes it.
fn canonical_paths(documents: &[Document], groups: &Groups) -> BTreeMap<String, String> {
    let mut paths: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for ((shape, _), places) in groups {
        for (document, operation) in places
            .iter()
            .map(|place| place.0)
            .zip(operations(documents, places))
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

/// The schemas that stand in the same place of the same operation.
fn uses<'d>(documents: &'d [Document], groups: &Groups) -> Vec<Vec<&'d Schema>> {
    let mut uses: Vec<Vec<&'d Schema>> = Vec::new();
    for places in groups.values().filter(|places| places.len() > 1) {
        let mut by_place: BTreeMap<String, Vec<&'d Schema>> = BTreeMap::new();
        for (document, position) in places {
            let operation = documents
                .get(*document)
                .and_then(|document| document.operations.get(*position));
            let Some(operation) = operation else { continue };
            for (media_type, content) in operation.body.iter().flat_map(|body| &body.contents) {
                let place = by_place.entry(format!("body {media_type}")).or_default();
                place.extend(content_schema(content));
            }
            for (status, response) in &operation.responses {
                for (media_type, content) in &response.contents {
                    let place = by_place
                        .entry(format!("{status} {media_type}"))
                        .or_default();
                    place.extend(content_schema(content));
                }
            }
            for parameter in &operation.parameters {
                let key = format!("{:?} {}", parameter.location, parameter.name);
                by_place.entry(key).or_default().push(&parameter.schema);
            }
        }
        uses.extend(by_place.into_values().filter(|group| group.len() > 1));
    }
    uses
}

/// Title, servers, tags and security schemes of the whole API.
fn merge_root(documents: &[Document], document: &mut Document, ledger: &mut Ledger<'_>) {
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
                said: first.said.first(),
            });
        }
    }
    let settled = ledger.settle(&"the API", Facet::Servers, Direction::Response, claims);
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

/// Reports operations that are left out.
pub fn report_skipped(document: &Document, diagnostics: &mut Diagnostics) {
    for skipped in &document.skipped {
        diagnostics.push(
            Diagnostic::warning(
                "skipped-operation",
                format!("`{}` is left out: {}", skipped.item, skipped.reason),
            )
            .at(skipped.said.at, "this operation")
            .help("correct the document, or mend it by an overlay"),
        );
    }
}
