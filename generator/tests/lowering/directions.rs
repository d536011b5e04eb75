//! Types that travel both ways.

use insta::assert_snapshot;

use crate::run::{exchanged, requested, responded};
use crate::text::{all, types};

#[test]
fn a_schema_that_is_the_same_both_ways_is_one_type() {
    assert_snapshot!(types(&exchanged("Root: {type: object, properties: {a: {type: string}}}")), @"
    struct Root (both) {
        a: Option<String>
    }
    ");
}

#[test]
fn a_required_property_makes_a_type_for_requests() {
    assert_snapshot!(all(&exchanged("Root: {type: object, required: [a], properties: {a: {type: string}}}")), @"
    PUT /root -> root::update_root
        optional body: json RootInput (application/json)
        200 Ok: json Root (application/json)
    struct Root (response) {
        a: Option<String>, promised
    }
    struct RootInput (request) {
        a: String
    }
    ");
}

#[test]
fn what_has_a_split_type_is_split_and_the_rest_is_not() {
    assert_snapshot!(types(&exchanged(
        "Root: {type: object, properties: {one: {$ref: '#/components/schemas/One'}, two: {$ref: '#/components/schemas/Two'}}}
         One: {type: object, required: [a], properties: {a: {type: string}}}
         Two: {type: object, properties: {a: {type: string}}}"
    )), @"
    struct One (response) {
        a: Option<String>, promised
    }
    struct OneInput (request) {
        a: String
    }
    struct Root (response) {
        one: Option<One>
        two: Option<Two>
    }
    struct RootInput (request) {
        one: Option<OneInput>
        two: Option<Two>
    }
    struct Two (both) {
        a: Option<String>
    }
    ");
}

#[test]
fn what_is_read_only_is_not_sent() {
    assert_snapshot!(types(&exchanged(
        "Root: {type: object, properties: {id: {type: string, readOnly: true}, name: {type: string}, password: {type: string, writeOnly: true}}}"
    )), @"
    struct Root (response) {
        id: Option<String>
        name: Option<String>
    }
    struct RootInput (request) {
        name: Option<String>
        password: Option<String>
    }
    ");
}

#[test]
fn a_request_alone_has_no_fields_that_are_read_only() {
    assert_snapshot!(types(&requested("Root: {type: object, required: [id], properties: {id: {type: string, readOnly: true}, name: {type: string}}}")), @"
    struct Root (request) {
        name: Option<String>
    }
    ");
}

#[test]
fn a_response_alone_has_no_fields_that_are_write_only() {
    assert_snapshot!(types(&responded("Root: {type: object, properties: {secret: {type: string, writeOnly: true}, name: {type: string}}}")), @"
    struct Root (response) {
        name: Option<String>
    }
    ");
}
