//! Unifies the base path: the part of a URL's path that belongs to the server.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::description::diagnostic::{Diagnostic, Diagnostics};
use crate::description::document::{Document, Operation, Server, WebhookOwner};
use crate::description::source::Span;
use crate::http::HttpMethod;
use crate::path_template::{path_shape, url_origin, url_path};

use super::Source;

/// The code of the diagnostic that documents have the same operations below different base paths.
pub const BASE_PATHS_DIFFER: &str = "base-paths-differ";

/// Rewrites the paths and servers of several documents relative to one base path. That is `wanted`, or else the path
/// of the servers if it is the same in all documents, or else the empty path. Returns a warning if documents without a `wanted`
/// base path have the same operations below different ones.
pub(super) fn unify(
    documents: &mut [Document],
    sources: &[Source],
    wanted: Option<&str>,
    diagnostics: &mut Diagnostics,
) -> Option<Diagnostic> {
    if documents.len() < 2 && wanted.is_none() {
        return None;
    }
    // A supplement without servers says nothing of its own about them.
    let is_silent = |(document, source): &(&Document, &Source)| {
        source.is_supplement && document.servers.is_empty()
    };
    let described = || documents.iter().zip(sources);
    let mut stating = described()
        .filter(|it| !is_silent(it))
        .map(|it| server_path(it.0));
    let common = match stating.next() {
        Some(first) if stating.all(|other| other == first) => first,
        _ => "",
    };
    let base = wanted.unwrap_or(common).trim_end_matches('/').to_owned();
    let base = base.as_str();
    let own: Vec<String> = described()
        .map(|it| {
            if is_silent(&it) {
                base
            } else {
                server_path(it.0)
            }
        })
        .map(str::to_owned)
        .collect();
    for (document, own) in documents.iter_mut().zip(&own) {
        let mut outside = Vec::new();
        for operation in &mut document.operations {
            let full = format!("{own}{}", operation.path);
            match full.strip_prefix(base) {
                Some(path) if path.starts_with('/') => operation.path = path.to_owned(),
                _ => outside.push((full, operation.provenance.first().at)),
            }
        }
        if let Some(error) = outside_base_path(base, &outside) {
            diagnostics.push(error);
        }
        for webhook in &mut document.webhooks {
            if let WebhookOwner::Operation { path, .. } = &mut webhook.owner {
                let full = format!("{own}{path}");
                // A path outside the base path is reported for the operation itself.
                *path = full.strip_prefix(base).unwrap_or(&full).to_owned();
            }
        }
    }
    let differing = match wanted {
        None => differing(documents, sources, &own),
        Some(_) => None,
    };
    let servers = documents.iter_mut().flat_map(|it| &mut it.servers);
    servers.for_each(|server| rebase(server, base));
    differing
}

/// The error about the operations of a document that are not below the base path.
fn outside_base_path(base: &str, outside: &[(String, Span)]) -> Option<Diagnostic> {
    let ((full, at), others) = outside.split_first()?;
    let others = match others.len() {
        0 => String::new(),
        1 => ", nor is 1 more path of this source".to_owned(),
        count => format!(", nor are {count} more paths of this source"),
    };
    let message = format!("`{full}` is not below the base path `{base}`{others}");
    let error = Diagnostic::error("outside-base-path", message).at(*at, "this operation");
    Some(
        error.help("correct `base_path` in the manifest, or the server or the paths in an overlay"),
    )
}

/// A warning if documents have the same operations below different base paths.
fn differing(documents: &[Document], sources: &[Source], own: &[String]) -> Option<Diagnostic> {
    let mut bases: BTreeMap<usize, String> = BTreeMap::new();
    for (later, document) in documents.iter().enumerate() {
        for (earlier, other) in documents.iter().enumerate().take(later) {
            let servers = own.get(earlier)?.as_str() != own.get(later)?;
            if let Some((one, two)) = different_bases(other, document, servers) {
                bases.entry(earlier).or_insert(one);
                bases.entry(later).or_insert(two);
            }
        }
    }
    if bases.is_empty() {
        return None;
    }
    let message = "sources have the same operations below different base paths, so that these count as different operations";
    let mut warning = Diagnostic::warning(BASE_PATHS_DIFFER, message);
    for (index, base) in &bases {
        let (document, source) = (documents.get(*index)?, sources.get(*index)?);
        let server = document.servers.first().map(|server| &server.provenance);
        let operation = document.operations.first();
        let place = server.or_else(|| operation.map(|operation| &operation.provenance))?;
        let base = if base.is_empty() { "/" } else { base };
        warning = warning.at(place.first().at, format!("`{}` has `{base}`", source.id));
    }
    Some(warning.help(
        "if they are the same operations, give the sources one base path: an overlay with `- target: $.servers[0]`, `update: {url: /the/path}` \
         (for a source without servers, `- target: $`, `update: {servers: [{url: /the/path}]}`); if they are not, write `base_path = \"/\"` into the manifest",
    ))
}

/// The base paths of two documents, whose operations have their full paths, if these have most operations in common without
/// their base paths, and none with them. `servers` tells whether their servers have different paths.
fn different_bases(one: &Document, other: &Document, servers: bool) -> Option<(String, String)> {
    let mut rests: HashMap<(HttpMethod, String), Vec<String>> = HashMap::new();
    for (base, rest, method) in other.operations.iter().flat_map(splits) {
        rests.entry((method, rest)).or_default().push(base);
    }
    let mut votes: BTreeMap<(String, String), usize> = BTreeMap::new();
    for (base, rest, method) in one.operations.iter().flat_map(splits) {
        for others in rests.get(&(method, rest)).into_iter().flatten() {
            if *others == base {
                return None;
            }
            *votes.entry((base.clone(), others.clone())).or_default() += 1;
        }
    }
    let (bases, count) = votes
        .into_iter()
        .max_by_key(|((one, other), count)| (*count, Reverse(one.len() + other.len())))?;
    let least = if servers { 1 } else { 3 };
    let smaller = one.operations.len().min(other.operations.len());
    (count >= least && count * 2 >= smaller).then_some(bases)
}

/// The ways to split the path of an operation after literal segments: the part before, and the shape of the rest.
fn splits(operation: &Operation) -> Vec<(String, String, HttpMethod)> {
    let path = operation.path.as_str();
    let starts = path.match_indices('/').map(|(at, _)| at);
    let literal = starts.take_while(|at| !path[..*at].contains('{'));
    let splits = literal.filter_map(|at| {
        let (base, rest) = path.split_at(at);
        // `/{id}` alone is below everything.
        let mut segments = rest.split('/').filter(|segment| !segment.is_empty());
        let is_named = segments.any(|segment| !segment.contains('{'));
        is_named.then(|| (base.to_owned(), path_shape(rest), operation.method))
    });
    splits.collect()
}

/// The path of the first server.
fn server_path(document: &Document) -> &str {
    document
        .servers
        .first()
        .map_or("", |server| url_path(&server.url))
}

fn rebase(server: &mut Server, base: &str) {
    server.url = format!("{}{base}", url_origin(&server.url));
    if server.url.is_empty() {
        server.url.push('/');
    }
}
