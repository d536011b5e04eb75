//! The effective description beside the API: what was lowered is found by what it is, not by where it stands.

use generator::api::Status;
use generator::emit::pages::openapi;
use generator::emit::pages::package::PackageOptions;
use serde_json::Value;

use crate::run;

const DOCUMENT: &str = "
openapi: 3.1.0
info: {title: Pets, version: '1'}
paths:
  /owners:
    get: {operationId: listOwners, responses: {'204': {description: Done.}}}
  /pets:
    get:
      operationId: getPet
      responses:
        '200': {description: A pet., content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}}
        '404': {description: None., content: {application/json: {schema: {$ref: '#/components/schemas/Problem'}}}}
webhooks:
  adopted: {post: {operationId: adopted, responses: {'204': {description: Done.}}}}
  born: {post: {operationId: born, responses: {'204': {description: Done.}}}}
components:
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
    Problem: {type: object, properties: {detail: {type: string}}}
";

#[test]
fn what_was_not_lowered_does_not_move_what_was() {
    let mut outcome = run::text(DOCUMENT).outcome;
    let api = &mut outcome.lowered.as_mut().unwrap().api;
    api.operations
        .retain(|operation| operation.id != "listOwners");
    for operation in &mut api.operations {
        let responses = &mut operation.responses;
        responses.retain(|response| response.status != Status::Code(200));
    }
    let webhooks = api.webhooks.as_mut().unwrap();
    webhooks
        .operations
        .retain(|webhook| webhook.id != "adopted");
    let library = PackageOptions::new("pets", "0.1.0").library().unwrap();
    let merged = outcome.merged.as_ref().unwrap();
    let page = openapi::generate(api, merged, &library).unwrap();
    let page: Value = serde_yaml::from_slice(&page).unwrap();
    let owners = &page["paths"]["/owners"]["get"];
    assert!(owners["responses"]["204"].is_object() && owners.get("operationId").is_none());
    let pets = &page["paths"]["/pets"]["get"];
    assert_eq!(pets["operationId"], "getPet");
    let content = |status: &str| &pets["responses"][status]["content"]["application/json"];
    assert_eq!(content("200")["schema"]["$ref"], "#/components/schemas/Pet");
    assert!(content("200").get("x-rust-type").is_none());
    assert_eq!(content("404")["x-rust-type"], "pets::models::Problem");
    assert!(
        page["webhooks"]["adopted"]["post"]
            .get("operationId")
            .is_none()
    );
    assert_eq!(page["webhooks"]["born"]["post"]["operationId"], "born");
}
