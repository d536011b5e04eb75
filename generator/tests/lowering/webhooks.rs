//! What the API calls at its user's.

use insta::assert_snapshot;

use crate::run::api;
use crate::text::{types, webhooks};

#[test]
fn webhooks_and_callbacks_are_operations_of_a_group_of_their_own() {
    let api = api(
        "paths: {/pets: {post: {operationId: createPet, responses: {'201': {description: Done}}, callbacks: {onReady: {'{$request.body#/url}': {post: {requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {'200': {description: OK}}}}}}}}}
webhooks: {petCreated: {post: {requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/Event'}}}}, responses: {'204': {description: Done}}}}}
components: {schemas: {Event: {type: object, required: [at], properties: {at: {type: string, format: date-time}}}}}",
    );
    assert_snapshot!(webhooks(&api), @"
    POST /on_ready -> webhooks::on_ready, The callback `onReady` of `POST /pets`: `POST {$request.body#/url}`.
        optional body: json String (application/json)
        200 Ok
    POST /pet_created -> webhooks::pet_created, The webhook `petCreated`.
        body: json Event (application/json)
        204 NoContent
    ");
    assert_snapshot!(types(&api), @"
    struct Event (response) {
        at: Option<Timestamp>, promised
    }
    ");
}
