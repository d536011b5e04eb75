//! `allOf`.

use insta::assert_snapshot;

use crate::run::{requested, responded};
use crate::text::types;

#[test]
fn all_parts_together_are_one_struct() {
    assert_snapshot!(types(&requested(
        "Root: {allOf: [{$ref: '#/components/schemas/Base'}, {type: object, required: [b, a], properties: {b: {type: integer}}}]}
         Base: {type: object, properties: {a: {type: string}}}"
    )), @"
    struct Base (unused) {
        a: Option<String>
    }
    struct Root (request) {
        a: String
        b: i64
    }
    ");
}

#[test]
fn a_lone_part_is_what_it_refers_to() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, properties: {owner: {description: Who has it., allOf: [{$ref: '#/components/schemas/User'}]}}}
         User: {type: object, properties: {name: {type: string}}}"
    )), @"
    struct Root (response) {
        owner: Option<User>
    }
    struct User (response) {
        name: Option<String>
    }
    ");
}

#[test]
fn a_part_narrows_the_property_of_another_part() {
    assert_snapshot!(types(&responded(
        "Root: {allOf: [{type: object, properties: {at: {type: string}}}, {type: object, properties: {at: {type: string, format: date-time}}}]}"
    )), @"
    struct Root (response) {
        at: Option<Timestamp>
    }
    ");
}

#[test]
fn properties_beside_alternatives_belong_to_each_alternative() {
    assert_snapshot!(types(&responded(
        "Root: {type: object, required: [id], properties: {id: {type: string}}, oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]}
         Cat: {type: object, required: [purrs], properties: {purrs: {type: boolean}}}
         Dog: {type: object, required: [barks], properties: {barks: {type: boolean}}}"
    )), @r#"
    struct Cat (unused) {
        purrs: Option<bool>, promised
    }
    struct Dog (unused) {
        barks: Option<bool>, promised
    }
    union Root (response) {
        Cat(RootCat) with ["id", "purrs"]
        Dog(RootDog) with ["barks", "id"]
    }
    struct RootCat (response) {
        id: Option<String>, promised
        purrs: Option<bool>, promised
    }
    struct RootDog (response) {
        barks: Option<bool>, promised
        id: Option<String>, promised
    }
    "#);
}
