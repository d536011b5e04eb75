//! The test of the emitted client against the emitted server, and the values that it sends.

use generator::emit::rust::{left_out, sample};
use insta::assert_snapshot;
use serde_json::{Value, json};

use crate::run::{Emitted, emitted, operations, requested, responded};

const PET: &str = "content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}";

fn pets() -> Emitted {
    operations(&format!(
        "/pets/{{id}} put {{operationId: putPet, parameters: [{{name: id, in: path, required: true, schema: {{type: integer}}}}], requestBody: {{required: true, {PET}}}, responses: {{'200': {{description: OK, {PET}}}}}}}
         /pets get {{operationId: listPets, parameters: [{{name: full, in: query, schema: {{type: boolean}}}}], responses: {{'204': {{description: OK}}, '404': {{description: None}}, 5XX: {{description: Ours}}}}}}"
    ))
}

#[test]
fn every_operation_has_a_test() {
    let pets = pets();
    assert_eq!(left_out(&pets.api), [""; 0]);
    let tests = pets
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("tests/loopback/"));
    let tests: usize = tests
        .map(|(_, file)| file.matches("#[tokio::test]").count())
        .sum();
    assert_eq!(tests, pets.api.operations.len());
}

#[test]
fn a_test_sends_a_request_and_expects_every_documented_response() {
    assert_snapshot!(pets().item("tests/loopback/tag_pets.rs", "async fn list_pets"), @r#"
    #[tokio::test]
    async fn list_pets() {
        let loopback = harness::Loopback::start().await;
        let call = |client: &crate::api::client::Client| {
            client.list_pets().full(harness::of("true")).send()
        };
        loopback.not_implemented("listPets", call(&loopback.nothing).await);
        loopback.faked("listPets", call(&loopback.fake).await);
        loopback.select(0);
        loopback.success(204, call(&loopback.everything).await, ());
        loopback.select(1);
        loopback.empty(404, call(&loopback.everything).await);
        loopback.select(2);
        loopback.empty(599, call(&loopback.everything).await);
    }
    "#);
}

#[test]
fn an_operation_that_http_does_not_tell_from_another_is_left_out() {
    let pets = operations(
        "/pets/{a}#x get {operationId: one, parameters: [{name: a, in: path, required: true, schema: {type: string}}], responses: {'204': {description: OK}}}
         /pets/{b}#y get {operationId: two, parameters: [{name: b, in: path, required: true, schema: {type: string}}], responses: {'204': {description: OK}}}",
    );
    assert_eq!(left_out(&pets.api), ["one", "two"]);
    assert!(pets.file("tests/loopback/main.rs").contains("Left out"));
}

#[test]
fn the_library_is_named_once() {
    let pets = pets();
    let naming = pets
        .files
        .iter()
        .filter(|(path, file)| path.starts_with("tests/loopback/") && file.contains("pets_api"));
    let naming: Vec<&str> = naming.map(|(path, _)| path.as_str()).collect();
    assert_eq!(naming, ["tests/loopback/main.rs"]);
}

/// A value of the type called `Root`.
fn sampled(schemas: &str) -> Value {
    let api = responded(schemas).api;
    let content = &api.operations[0].responses[0].contents[0];
    sample(&api, &content.ty)
}

#[test]
fn samples_have_every_property_of_its_type() {
    let value = sampled(
        "Root: {type: object, properties: {at: {type: string, format: date-time}, level: {type: string, enum: [error, info]}, tree: {$ref: '#/components/schemas/Tree'}, either: {oneOf: [{type: integer}, {type: string}]}, map: {type: object, additionalProperties: {type: number}}}}
         Tree: {type: object, required: [name], properties: {name: {type: string}, parent: {$ref: '#/components/schemas/Tree'}}}",
    );
    assert_eq!(value["at"], json!("2024-01-02T03:04:05Z"));
    assert_eq!(value["level"], json!("error"));
    assert_eq!(value["either"], json!(1));
    assert_eq!(value["map"], json!({"key": 1.5}));
    assert_eq!(value["tree"]["name"], json!("text"));
}

#[test]
fn a_sample_of_a_union_has_the_tag_of_its_alternative() {
    let value = sampled(
        "Root: {oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: kind, mapping: {cat: Cat, dog: Dog}}}
         Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
         Dog: {type: object, required: [kind], properties: {kind: {type: string}}}",
    );
    assert_eq!(value["kind"], json!("cat"));
}

#[test]
fn samples_end_where_types_do_not() {
    let root = "{$ref: '#/components/schemas/Root'}";
    let _ends = sampled(&format!(
        "Root: {{type: object, required: [next, other], properties: {{next: {root}, other: {root}}}}}"
    ));
    let _ends = sampled(&format!(
        "Root: {{type: object, required: [many], properties: {{many: {{type: array, minItems: 1, items: {{oneOf: [{root}, {{type: string}}]}}}}}}}}"
    ));
}

#[test]
fn a_synthetic_value_has_a_value_of_an_enum_only_if_its_type_has_it() {
    let pets = responded(
        "Root: {type: object, properties: {level: {type: string, enum: [none, 1]}, ratio: {type: string, enum: [969], maxLength: 1}, size: {type: number, enum: [2]}}}",
    );
    assert_snapshot!(pets.samples, @r#"
    {"type":"Root","sample":{"level":"none","ratio":"t","size":2}}
    {"type":"Root","sample":{}}
    {"type":"Root","sample":{"level":"none"}}
    {"type":"Root","sample":{"size":2}}
    "#);
}

#[test]
fn a_synthetic_value_has_a_tag_only_if_the_type_of_the_property_has_it() {
    let pets = responded(
        "Root: {anyOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}], discriminator: {propertyName: status}}
         Cat: {type: object, required: [status], properties: {status: {type: integer, enum: [7]}}}
         Dog: {type: object, required: [status], properties: {status: {type: string}}}",
    );
    assert_snapshot!(pets.samples, @r#"
    {"type":"Cat","sample":{"status":7}}
    {"type":"Dog","sample":{"status":"teéxt \"\\/"}}
    {"type":"Dog","sample":{"status":""}}
    {"type":"Root","sample":{"status":7}}
    {"type":"Root","sample":{"status":"Dog"}}
    "#);
}

#[test]
fn a_synthetic_value_of_what_no_operation_has_is_neither_of_requests_nor_of_responses() {
    let pets = requested(
        "Root: {type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
         Roots: {type: object, properties: {all: {type: array, items: {$ref: '#/components/schemas/Root'}}}}",
    );
    assert_snapshot!(pets.samples, @r#"
    {"type":"Root","sample":{"name":"teéxt \"\\/"}}
    {"type":"Root","sample":{}}
    {"type":"Roots","sample":{"all":[{"name":"teéxt \"\\/"}]}}
    {"type":"Roots","sample":{}}
    "#);
}

#[test]
fn documented_headers_are_sent_by_the_server_and_read_by_the_client() {
    let pets = operations(
        "/pets get {operationId: listPets, responses: {'204': {description: OK, headers: {X-Total: {schema: {type: integer}}, Content-Type: {schema: {type: string}}}}}}",
    );
    let tests = pets
        .files
        .iter()
        .filter(|(path, _)| path.starts_with("tests/loopback/tag_"));
    let text: String = tests.map(|(_, text)| text.as_str()).collect();
    assert_eq!(text.matches("headers::X_TOTAL").count(), 2, "{text}");
    assert!(text.contains("IntoReply::with("), "{text}");
    assert!(text.contains(".header("), "{text}");
    assert!(!text.contains("headers::CONTENT_TYPE"), "{text}");
}

#[test]
fn there_is_no_test_of_samples_without_a_component() {
    let pets = emitted(
        "paths: {/pets: {get: {operationId: listPets, responses: {'204': {description: OK}}}}}",
    );
    let mut paths = pets.files.keys();
    assert!(
        !paths.any(|path| path.starts_with("tests/samples/")),
        "{paths:?}"
    );
    assert_eq!(pets.samples, "");
}
