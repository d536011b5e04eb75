//! Names, groups, security and paging of operations.

use insta::assert_snapshot;

use crate::run::{api, operation};
use crate::text::operations;

#[test]
fn operations_are_named_after_their_id_or_else_their_path() {
    assert_snapshot!(operations(&api(
        "paths: {/pets: {get: {operationId: findAllPets, responses: {}}, post: {responses: {}}}, '/pets/{id}': {get: {responses: {}}, put: {responses: {}}, delete: {responses: {}}}, '/pets/{id}/toys': {get: {responses: {}}}}"
    )), @"
    GET /pets -> pets::find_all_pets
    POST /pets -> pets::create_pet
    GET /pets/{id} -> pets::retrieve_pet
        path id: String as simple
    PUT /pets/{id} -> pets::update_pet
        path id: String as simple
    DELETE /pets/{id} -> pets::delete_pet
        path id: String as simple
    GET /pets/{id}/toys -> pets::list_pet_toys
        path id: String as simple
    ");
}

#[test]
fn the_first_tag_is_the_group() {
    assert_snapshot!(operations(&api(
        "paths: {/a: {get: {operationId: one, tags: [Lost Pets, other], responses: {}}}, /b/c: {get: {operationId: two, responses: {}}}}"
    )), @"
    GET /a -> lost_pets::one
    GET /b/c -> b::two
    ");
}

#[test]
fn security_is_alternatives_of_what_is_needed_together() {
    assert_snapshot!(operations(&api(
        "security: [{token: []}]
paths: {/a: {get: {operationId: inherits, responses: {}}, put: {operationId: open, security: [], responses: {}}, post: {operationId: chooses, security: [{token: [], key: []}, {oauth: [read, write]}, {}], responses: {}}}}
components: {securitySchemes: {token: {type: http, scheme: bearer}, key: {type: apiKey, in: header, name: X-Key}, oauth: {type: oauth2, flows: {}}}}"
    )), @r#"
    GET /a -> a::inherits
        secured by [token]
    PUT /a -> a::open
        secured by []
    POST /a -> a::chooses
        secured by [key and token or oauth ["read", "write"] or nothing]
    "#);
}

#[test]
fn a_cursor_and_a_link_header_make_pages_of_a_list() {
    assert_snapshot!(operations(&operation("/pets", "get",
        "{operationId: listPets, parameters: [{name: cursor, in: query, schema: {type: string}}], responses: {'200': {description: OK, headers: {Link: {schema: {type: string}}}, content: {application/json: {schema: {type: array, items: {type: string}}}}}}}"
    )), @r#"
    GET /pets -> pets::list_pets
        query cursor: Option<String> as form exploded
        200 Ok: json Vec<String> (application/json); optional header link "Link": String
        pages of String by cursor
    "#);
}

#[test]
fn a_list_without_a_cursor_or_link_is_not_paged() {
    assert_snapshot!(operations(&operation("/pets", "get",
        "{operationId: listPets, parameters: [{name: page, in: query, schema: {type: integer}}], responses: {'200': {description: OK, content: {application/json: {schema: {type: array, items: {type: string}}}}}}}"
    )), @"
    GET /pets -> pets::list_pets
        query page: Option<i64> as form exploded
        200 Ok: json Vec<String> (application/json)
    ");
}

#[test]
fn a_deprecated_operation_and_its_own_server_are_kept() {
    assert_snapshot!(operations(&operation("/a", "get",
        "{operationId: get, deprecated: true, servers: [{url: 'https://other.example'}], responses: {}}"
    )), @"
    GET /a -> a::get, deprecated
        server https://other.example
    ");
}

#[test]
fn documentation_begins_with_a_verb_and_does_not_repeat_it() {
    let documented = |texts: &str| {
        let api = operation("/pets", "get", &format!("{{{texts}, responses: {{}}}}"));
        let docs = &api.operations[0].docs;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        format!("{} | {}", text(&docs.summary), text(&docs.description))
    };
    for (texts, expected) in [
        (
            "summary: List pets, description: This endpoint lists pets. It is slow.",
            "Lists pets. | It is slow.",
        ),
        (
            "summary: Create a pet, description: Create a new pet of an owner. Its name is unique.",
            "Creates a new pet of an owner. | Its name is unique.",
        ),
        (
            "summary: Retrieve a pet, description: Return a pet with its toys.",
            "Returns a pet with its toys. | ",
        ),
        (
            "summary: List your pets, description: This returns a list of pets of an owner. It is slow.",
            "Lists pets of an owner. | It is slow.",
        ),
        // With its subject, the sentence is too long for a summary.
        (
            "summary: List a pet's toys, description: \"This endpoint lists a pet's toys, which are the things that it was seen to play with in the last weeks.\"",
            "Lists a pet's toys, which are the things that it was seen to play with in the last weeks. | ",
        ),
        (
            "summary: Delete several pets, description: Permanently remove the pets. This is slow.",
            "Deletes several pets. | Permanently removes the pets. This is slow.",
        ),
        (
            "description: Delete a pet. Or two.",
            "Deletes a pet. | Or two.",
        ),
        (
            "summary: \"Caution\\nIt may change.\", description: List pets.",
            "Lists pets. | Caution: it may change.",
        ),
        ("summary: Pets List all, description: All.", "Lists all. | "),
    ] {
        assert_eq!(documented(texts), expected, "{texts}");
    }
}
