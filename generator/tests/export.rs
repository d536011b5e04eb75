//! The effective API as OpenAPI 3.0, read by `openapiv3`: the same operations, parameters, bodies, responses and components.

#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that fails panics"
)]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use generator::description::diagnostic::Diagnostics;
use generator::description::document::{Document, Facet};
use generator::description::source::SourceMap;
use generator::export::{self, Exported};
use generator::pipeline::{self, Outcome};
use generator::project::Project;
use openapiv3::{OpenAPI, Parameter, ReferenceOr, StatusCode};

fn outcome(path: PathBuf) -> Option<Outcome> {
    let mut diagnostics = Diagnostics::default();
    let project = Project::of_files(&[path], Path::new("."), "api", &mut diagnostics);
    let outcome = pipeline::run(&project);
    outcome.files.is_some().then_some(outcome)
}

fn exported(outcome: &Outcome) -> (Exported, SourceMap) {
    let files = outcome.files.as_ref().unwrap();
    let text = String::from_utf8(files["openapi.yaml"].clone()).unwrap();
    let mut sources = SourceMap::default();
    sources.add("openapi.yaml", text);
    let exported = export::openapi_3_0(&sources, "openapi.yaml");
    (exported.unwrap_or_else(|error| panic!("{error}")), sources)
}

/// What an API has, a line for each fact.
type Facts = BTreeSet<String>;

/// What the effective API has.
fn ours(document: &Document) -> Facts {
    let mut facts = Facts::new();
    for operation in &document.operations {
        let name = format!("{} {}", operation.method.key(), operation.path);
        for parameter in &operation.parameters {
            let required = parameter.facts.flag(Facet::Required) == Some(true);
            let location = parameter.location.key();
            facts.insert(format!("{name} {location} {} {required}", parameter.name));
        }
        if operation.responses.is_empty() {
            // 3.0 demands a response.
            facts.insert(format!("{name} default"));
        }
        for status in operation.responses.keys() {
            facts.insert(format!("{name} {status}"));
        }
        for (status, response) in &operation.responses {
            for media_type in response.contents.keys() {
                facts.insert(format!("{name} {status} {media_type}"));
            }
        }
        for media_type in operation.body.iter().flat_map(|body| body.contents.keys()) {
            facts.insert(format!("{name} body {media_type}"));
        }
        facts.insert(name);
    }
    facts
}

/// What `openapiv3` reads.
fn theirs(api: &OpenAPI) -> Facts {
    let mut facts = Facts::new();
    for (path, method, operation) in api.operations() {
        let name = format!("{method} {path}");
        for parameter in &operation.parameters {
            let ReferenceOr::Item(parameter) = parameter else {
                panic!("{name}: a reference");
            };
            let location = match parameter {
                Parameter::Query { .. } => "query",
                Parameter::Header { .. } => "header",
                Parameter::Path { .. } => "path",
                Parameter::Cookie { .. } => "cookie",
            };
            let data = parameter.parameter_data_ref();
            facts.insert(format!("{name} {location} {} {}", data.name, data.required));
        }
        let responses = operation.responses.responses.iter();
        let responses = responses.map(|(status, response)| {
            let status = match status {
                StatusCode::Code(code) => code.to_string(),
                StatusCode::Range(hundred) => format!("{hundred}XX"),
            };
            (status, response)
        });
        let default = operation.responses.default.iter();
        let default = default.map(|response| ("default".to_owned(), response));
        for (status, response) in responses.chain(default) {
            let content = &response.as_item().unwrap().content;
            for media_type in content.keys() {
                facts.insert(format!("{name} {status} {media_type}"));
            }
            facts.insert(format!("{name} {status}"));
        }
        if let Some(body) = &operation.request_body {
            for media_type in body.as_item().unwrap().content.keys() {
                facts.insert(format!("{name} body {media_type}"));
            }
        }
        facts.insert(name);
    }
    facts
}

/// The schemas and their required properties in the effective description.
fn schemas(text: &[u8]) -> Facts {
    let root: serde_json::Value = serde_yaml::from_slice(text).unwrap();
    let mut facts = Facts::new();
    let schemas = root["components"]["schemas"].as_object();
    for (name, schema) in schemas.into_iter().flatten() {
        facts.insert(name.clone());
        let required = schema["required"].as_array().into_iter().flatten();
        facts.extend(required.map(|it| format!("{name} requires {it}")));
    }
    facts
}

/// Compares the export with the effective API. Returns the number of facts.
fn check(outcome: &Outcome) -> usize {
    let (exported, sources) = exported(outcome);
    // What is written is read again.
    let text = exported.to_yaml().unwrap();
    let again: OpenAPI = serde_yaml::from_str(&text).unwrap();
    assert_eq!(again, exported.api);
    assert!(text.starts_with("openapi: 3.0.3\n"));
    let document = &outcome.merged.as_ref().unwrap().document;
    let (ours, theirs) = (ours(document), theirs(&again));
    let differences: Vec<&String> = ours.symmetric_difference(&theirs).collect();
    assert!(differences.is_empty(), "{differences:#?}");
    let effective = &outcome.files.as_ref().unwrap()["openapi.yaml"];
    let differences: Vec<String> = schemas(effective)
        .symmetric_difference(&schemas(text.as_bytes()))
        .cloned()
        .collect();
    assert!(differences.is_empty(), "{differences:#?}");
    for note in exported.notes.items() {
        let at = note.labels[0].at;
        assert_eq!(sources.path(at.file), "openapi.yaml");
        assert!(at.line > 0, "{note:?}");
    }
    ours.len()
}

#[test]
fn the_api_of_the_wire_tests_is_the_same_in_3_0() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/wire/openapi.yaml");
    assert!(check(&outcome(path).unwrap()) > 40);
}

/// All documents of `DOCUMENTS`.
#[test]
fn the_documents_of_a_folder_are_the_same_in_3_0() {
    let Some(folder) = std::env::var_os("DOCUMENTS") else {
        eprintln!("skipped: DOCUMENTS is not set");
        return;
    };
    let mut count = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        // Without optimizations, a large document takes a minute.
        let is_small = path.metadata().unwrap().len() < 150_000;
        let is_document = path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "json");
        if is_small
            && is_document
            && let Some(outcome) = outcome(path.clone())
        {
            eprintln!("{}", path.display());
            count += check(&outcome);
        }
    }
    assert!(count > 0, "the folder has no document");
}

fn of_schema(schema: &str) -> (serde_json::Value, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("api.yaml");
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: Pets, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    Other: {{type: string}}\n    Pet: {schema}\n"
    );
    let mut sources = SourceMap::default();
    sources.add("api.yaml", text.as_str());
    std::fs::write(path, text).unwrap();
    let exported = export::openapi_3_0(&sources, "api.yaml").unwrap();
    let json = serde_json::to_value(&exported.api).unwrap();
    let notes = exported.notes.items().iter();
    let notes = notes.map(|it| it.message.clone()).collect();
    (json["components"]["schemas"]["Pet"].clone(), notes)
}

/// Each construct that 3.1 alone has, what becomes of it, and what is lost.
#[test]
fn each_construct_of_3_1_has_a_form_in_3_0_or_a_note() {
    for (schema, expected, lost) in [
        (
            "{type: [string, 'null']}",
            r#"{"nullable":true,"type":"string"}"#,
            0,
        ),
        (
            "{type: [string, integer]}",
            r#"{"anyOf":[{"type":"string"},{"type":"integer"}]}"#,
            0,
        ),
        ("{const: a}", r#"{"enum":["a"]}"#, 0),
        (
            "{type: string, examples: [a]}",
            r#"{"example":"a","type":"string"}"#,
            0,
        ),
        (
            "{type: string, examples: [a, b]}",
            r#"{"example":"a","type":"string"}"#,
            1,
        ),
        (
            "{type: integer, exclusiveMinimum: 1}",
            r#"{"exclusiveMinimum":true,"minimum":1,"type":"integer"}"#,
            0,
        ),
        (
            "{type: string, contentEncoding: base64}",
            r#"{"format":"byte","type":"string"}"#,
            0,
        ),
        (
            "{type: array, prefixItems: [{type: string}]}",
            r#"{"items":{"type":"string"},"type":"array"}"#,
            1,
        ),
        ("{type: array}", r#"{"items":{},"type":"array"}"#, 0),
        (
            "{$ref: '#/components/schemas/Other', description: A pet.}",
            r##"{"allOf":[{"$ref":"#/components/schemas/Other"}],"description":"A pet."}"##,
            0,
        ),
        (
            "{anyOf: [{$ref: '#/components/schemas/Other'}, {type: 'null'}]}",
            r##"{"allOf":[{"$ref":"#/components/schemas/Other"}],"nullable":true}"##,
            0,
        ),
        (
            "{type: object, patternProperties: {'^x': {type: string}}}",
            r#"{"additionalProperties":{"type":"string"},"type":"object"}"#,
            1,
        ),
        (
            "{type: object, if: {}, propertyNames: {}}",
            r#"{"type":"object"}"#,
            2,
        ),
    ] {
        let (json, notes) = of_schema(schema);
        let expected: serde_json::Value = serde_json::from_str(expected).unwrap();
        assert_eq!(json, expected, "{schema}");
        assert_eq!(notes.len(), lost, "{schema}: {notes:?}");
    }
}

#[test]
fn a_webhook_and_a_security_scheme_that_3_0_does_not_know_are_noted() {
    let mut sources = SourceMap::default();
    sources.add(
        "api.yaml",
        "openapi: 3.1.0
info: {title: Pets, version: '1'}
security: [{mutual: []}, {key: []}]
webhooks:
  born: {post: {responses: {'204': {description: Done.}}}}
components:
  securitySchemes:
    mutual: {type: mutualTLS}
    key: {type: apiKey, name: key, in: header}
",
    );
    let exported = export::openapi_3_0(&sources, "api.yaml").unwrap();
    let lines: Vec<u32> = exported
        .notes
        .items()
        .iter()
        .map(|it| it.labels[0].at.line)
        .collect();
    assert_eq!(lines, [8, 3, 5]);
    let json = serde_json::to_value(&exported.api).unwrap();
    assert_eq!(json["security"], serde_json::json!([{"key": []}]));
    assert!(
        json["components"]["securitySchemes"]
            .get("mutual")
            .is_none()
    );
}

#[test]
fn nothing_that_is_absent_is_written_as_null() {
    let mut sources = SourceMap::default();
    sources.add(
        "api.yaml",
        "openapi: 3.1.0
info: {title: Pets, version: '1'}
servers: [{url: 'https://{region}.pets.example', variables: {region: {default: eu}}}]
paths:
  /pets:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema: {type: object, properties: {a: {type: string}}, example: {a: null}}
            encoding: {a: {style: form}}
      responses: {'204': {description: Done.}}
",
    );
    let exported = export::openapi_3_0(&sources, "api.yaml").unwrap();
    let json: serde_json::Value = serde_json::from_str(&exported.to_json()).unwrap();
    let variable = &json["servers"][0]["variables"]["region"];
    assert_eq!(*variable, serde_json::json!({"default": "eu"}));
    let body = &json["paths"]["/pets"]["post"]["requestBody"]["content"]["multipart/form-data"];
    assert_eq!(body["encoding"]["a"], serde_json::json!({"style": "form"}));
    // A null of the document stays.
    assert_eq!(body["schema"]["example"], serde_json::json!({"a": null}));
    let yaml: serde_json::Value = serde_yaml::from_str(&exported.to_yaml().unwrap()).unwrap();
    assert_eq!(yaml, json);
}
