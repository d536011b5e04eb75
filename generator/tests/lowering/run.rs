//! From small descriptions to the frozen API, without an emitter.

use generator::api::Api;
use generator::api::lower::{self, Lowered};
use generator::api::names::Lock;
use generator::description::diagnostic::Diagnostics;
use generator::description::document::{SourceId, read};
use generator::description::source::SourceMap;
use generator::description::{load, normalize};
use generator::reconcile::merge::{Resolutions, Source, merge};

/// The API of a description, which is given without its head.
pub(crate) fn api(description: &str) -> Api {
    api_of(&[description])
}

/// The API of several descriptions, which are called `a`, `b`, … in the order of their authority.
pub(crate) fn api_of(descriptions: &[&str]) -> Api {
    lowered(descriptions, &Lock::default()).api
}

/// The same with names that are pinned, and with those that are to be pinned.
pub(crate) fn lowered(descriptions: &[&str], lock: &Lock) -> Lowered {
    let mut sources = SourceMap::default();
    let mut diagnostics = Diagnostics::default();
    let (mut documents, mut ids) = (Vec::new(), Vec::new());
    for (letter, description) in ('a'..).zip(descriptions) {
        let source = SourceId(u16::try_from(ids.len()).unwrap());
        let text = format!("openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\n{description}");
        let file = sources.add(format!("{letter}.yaml"), text);
        let tree = load::parse(&sources, file, &mut diagnostics)
            .unwrap_or_else(|| panic!("{}", diagnostics.render(&sources)));
        let mut document = read::document(&tree, source, false, &mut diagnostics).unwrap();
        normalize::normalize(&mut document, None, &mut diagnostics);
        documents.push(document);
        ids.push(Source {
            id: letter.to_string(),
            title: letter.to_string(),
            is_supplement: false,
            yields: None,
        });
    }
    let resolutions = Resolutions::default();
    let merged = merge(ids, documents, None, &resolutions, &mut diagnostics);
    assert!(
        !diagnostics.has_errors(),
        "{}",
        diagnostics.render(&sources)
    );
    lower::lower(&merged, lock)
}

/// The types of component schemas, a line each, of which a response has the one called `Root`.
pub(crate) fn responded(schemas: &str) -> Api {
    api(&responding(schemas))
}

/// The description for that.
pub(crate) fn responding(schemas: &str) -> String {
    let response = "{'200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}}";
    with_schemas(&format!("get: {{responses: {response}}}"), schemas)
}

/// The types of component schemas, a line each, of which a request has the one called `Root`.
pub(crate) fn requested(schemas: &str) -> Api {
    let body = "{required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}}";
    let operation =
        format!("put: {{requestBody: {body}, responses: {{'204': {{description: Done}}}}}}");
    api(&with_schemas(&operation, schemas))
}

/// The types of component schemas, a line each, of which a request and a response have the one called `Root`.
pub(crate) fn exchanged(schemas: &str) -> Api {
    let content = "content: {application/json: {schema: {$ref: '#/components/schemas/Root'}}}";
    let operation = format!(
        "put: {{requestBody: {{{content}}}, responses: {{'200': {{description: OK, {content}}}}}}}"
    );
    api(&with_schemas(&operation, schemas))
}

fn with_schemas(operation: &str, schemas: &str) -> String {
    let schemas: Vec<String> = schemas
        .lines()
        .map(|line| format!("    {}", line.trim()))
        .collect();
    format!(
        "paths:\n  /root:\n    {operation}\ncomponents:\n  schemas:\n{}",
        schemas.join("\n")
    )
}

/// The API of one operation, which is given as the flow style of YAML below its path and method.
pub(crate) fn operation(path: &str, method: &str, operation: &str) -> Api {
    api(&format!("paths:\n  {path}:\n    {method}: {operation}\n"))
}
