//! Hoisting and naming.

use insta::assert_snapshot;

use crate::run::{operation, responded};
use crate::text::{all, types};

#[test]
fn an_object_in_a_property_is_hoisted_and_named_after_where_it_stands() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {owner: {type: object, properties: {home: {type: object, properties: {city: {type: string}}}}}}}"
    )), @"
    struct Root (response) {
        owner: Option<RootOwner>
    }
    struct RootOwner (response) {
        home: Option<RootOwnerHome>
    }
    struct RootOwnerHome (response) {
        city: Option<String>
    }
    ");
}

#[test]
fn the_same_object_in_two_places_is_one_type() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {from: {type: object, description: One., properties: {x: {type: number}}}, to: {type: object, description: Other., properties: {x: {type: number}}}}}"
    )), @"
    struct Root (response) {
        from: Option<RootTo>
        to: Option<RootTo>
    }
    struct RootTo (response) {
        x: Option<f64>
    }
    ");
}

#[test]
fn bodies_without_a_component_are_named_after_their_operation() {
    assert_snapshot!(all(&operation("/pets", "post",
        "{operationId: createPet, requestBody: {content: {application/json: {schema: {type: object, properties: {name: {type: string}}}}}}, responses: {'201': {description: Done, content: {application/json: {schema: {type: object, properties: {id: {type: integer}}}}}}}}"
    )), @"
    POST /pets -> pets::create_pet
        optional body: json CreatePetBody (application/json)
        201 Created: json CreatePetResponse (application/json)
    struct CreatePetBody (request) {
        name: Option<String>
    }
    struct CreatePetResponse (response) {
        id: Option<i64>
    }
    ");
}

#[test]
fn keywords_and_awkward_properties_have_rust_names() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {type: {type: string}, self: {type: string}, '@id': {type: string}, 'a-b': {type: string}, a_b: {type: string}, '9x': {type: string}, URLPath: {type: string}}}"
    )), @r#"
    struct Root (response) {
        _9x "9x": Option<String>
        id "@id": Option<String>
        url_path "URLPath": Option<String>
        a_b "a-b": Option<String>
        a_b2 "a_b": Option<String>
        self_ "self": Option<String>
        type: Option<String>
    }
    "#);
}

#[test]
fn schemas_whose_names_collide_are_told_apart() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {a: {$ref: '#/components/schemas/pet_name'}, b: {$ref: '#/components/schemas/PetName'}}}
         pet_name: {type: object, properties: {x: {type: string}}}
         PetName: {type: object, properties: {y: {type: string}}}"
    )), @"
    struct PetName (response) {
        y: Option<String>
    }
    struct PetName2 (response) {
        x: Option<String>
    }
    struct Root (response) {
        a: Option<PetName2>
        b: Option<PetName>
    }
    ");
}
